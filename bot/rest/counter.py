"""What every route of the API works with, and how it reads a body and writes a moment."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from fastapi import Request

from bot.access.keys import KeyRing
from bot.channels.updates import Unavailable
from bot.clock import Clock
from bot.config import Config
from bot.house import House
from bot.rest import strict
from bot.rest.cloudevents import Fault
from bot.turn import Turned
from bot.web.problems import Problem
from storage import errors
from storage.database import Database

T = TypeVar("T")

NOTHING_MORE: Final[Callable[[], Mapping[str, Any]]] = dict


def nobody_waits(_at: int) -> None:
    """Do nothing: there is no scheduler in this process."""


def nobody_delivers(_done: Turned) -> None:
    """Do nothing: the outbox is sent by the next process that runs."""


class Counter(msgspec.Struct, frozen=True):
    """Where the API is served from.

    `planned` is told the moment (ms) of a due row that was just planned, `hand_on` what a committed unit wants sent;
    `more_health` gives what only the running process knows of its health; `keys` is told when one was changed, None
    where nobody calls with one.
    """

    database: Database
    house: House
    clock: Clock
    config: Config
    planned: Callable[[int], None] = nobody_waits
    hand_on: Callable[[Turned], None] = nobody_delivers
    more_health: Callable[[], Mapping[str, Any]] = NOTHING_MORE
    keys: KeyRing | None = None


def unfit(faults: list[Fault] | tuple[Fault, ...], detail: str = "The request does not fit.") -> Problem:
    """Return the refusal of a body, naming each place that is wrong."""
    return Problem(422, detail, type="does-not-fit", errors=tuple(faults))


async def stored(work: Awaitable[T]) -> T:
    """Await a work of the database; what it cannot store now is answered 503."""
    try:
        return await work
    except errors.Unavailable as error:
        raise Unavailable(error.why)


async def body_of(request: Request) -> dict[str, Any]:
    """Return the JSON object of a body; an empty body is an empty object. Raises Problem."""
    body = await request.body()
    if not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, "Send the body as application/json.")
    found = strict.read(body)
    if not isinstance(found, dict):
        raise unfit([Fault("", "must be an object")])
    return found


class Wrong(msgspec.Struct, frozen=True):
    """A parameter of the address that does not fit: its name, and what is wanted there."""

    parameter: str
    detail: str


class Given:
    """The parameters of an address being read, and what is wrong with them."""

    def __init__(self, said: Mapping[str, str], wrong: list[Wrong]) -> None:
        self._said = said
        self._wrong = wrong

    def read(self, name: str, reading: Callable[[str], T | None], wanted: str) -> T | None:
        """Return what a parameter says, None when it is not given; that it does not fit is noted."""
        if name not in self._said:
            return None
        value = reading(self._said[name])
        if value is None:
            self._wrong.append(Wrong(name, wanted))
        return value

    def check(self) -> None:
        """Raise Problem with every parameter that does not fit."""
        if self._wrong:
            raise Problem(422, "The parameters do not fit.", type="does-not-fit", errors=tuple(self._wrong))


def parameters_of(request: Request, known: tuple[str, ...]) -> Given:
    """Return the parameters of a request's address; one that is not known, or comes twice, does not fit."""
    several = request.query_params.multi_items()
    names = [name for name, _ in several]
    wrong = [
        Wrong(name[:60], f"is not known; known are {', '.join(known)}" if name not in known else "is given twice")
        for name in dict.fromkeys(names)
        if name not in known or names.count(name) > 1
    ]
    return Given(dict(several), wrong)


def yes_or_no(written: str) -> bool | None:
    """Return what `true` or `false` means, None for anything else."""
    return {"true": True, "false": False}.get(written)


def only(body: Mapping[str, Any], known: tuple[str, ...]) -> list[Fault]:
    """Return a fault for each member that is not known here: a mistyped one would be ignored in silence."""
    return [Fault(f"/{key[:60]}", f"is not known; known are {', '.join(known)}") for key in body if key not in known]
