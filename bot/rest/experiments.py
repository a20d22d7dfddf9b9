"""GET /v1/surveys/{key}/experiment: what it shows; POST …/experiment/keep: a draft with one side as the survey."""

from typing import Any, Final

from fastapi import Request

from bot import experiments
from bot.access.gate import principal_of
from bot.clock import iso
from bot.editing.drafts import Behind, NothingPublished
from bot.editing.experiments import NoSuchSide, kept
from bot.rest.counter import Counter, body_of, stored, unfit
from bot.rest.fields import Fields
from bot.turn import Turned
from bot.web.problems import Problem

LONGEST_SIDE: Final = 32
SURVEYS: Final = "surveys"
"""The kind of thing that open pages of the console show anew."""


async def look(counter: Counter, key: str) -> dict[str, Any]:
    """Return how the newest experiment of a survey stands, running or over. Raises Problem 404."""
    house = counter.house
    try:
        standing = await stored(counter.database.read(lambda unit: experiments.read(unit, house, key)))
    except experiments.NoExperiment:
        raise Problem(404, "There is no experiment in any version of that survey.")
    return experiments.as_json(standing, lambda at: iso(at) or "")


async def keep(counter: Counter, key: str, request: Request) -> dict[str, Any]:
    """Begin a draft in which one side is the survey, with nothing tried any more. Raises Problem 404, 409, 422."""
    fields = Fields(await body_of(request), ("side",))
    side = fields.required("side", lambda given: given if isinstance(given, str) else None, "must be a side, as a or b")
    if side is None or fields.faults:
        raise unfit(fields.faults)
    who, now, brand = (await principal_of(request)).name, counter.clock.now(), counter.house.brand
    try:
        done = await stored(counter.database.run(lambda unit: kept(unit, brand, key, side, who, now)))
    except NothingPublished:
        raise Problem(404, "There is no survey of that key that is asked now.")
    except NoSuchSide as error:
        raise Problem(404, _sides(error))
    if isinstance(done, Behind):
        raise Problem(409, "A draft of that survey is being written: publish it, or throw it away, first.")
    counter.hand_on(Turned([], [], [], touched=frozenset({SURVEYS})))
    return {"survey": key, "side": side, "revision": done.row.revision}


def _sides(error: NoSuchSide) -> str:
    if not error.sides:
        return f"The survey {error.key} is not tried in several ways now."
    return f"The experiment has no side {error.side[:LONGEST_SIDE]!r}; it has {', '.join(error.sides)}."
