"""The faults a test can script: what goes wrong, for which calls, how often.

Each row of reliability.md §0.3 has its fault here. Where a row leaves open whether Telegram did what it was asked
before the answer went astray, `accepted` says it: that is the difference the client cannot see.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from tests.fake_telegram import refusals
from tests.fake_telegram.parameters import Json
from tests.fake_telegram.refusals import Refused


class Fault(msgspec.Struct, frozen=True, tag_field="fault", kw_only=True):
    """Something that goes wrong with one call. `accepted`: Telegram did what it was asked all the same."""

    accepted: bool = True


class Fine(Fault, frozen=True, tag="fine"):
    """Nothing goes wrong: to let a call pass in the middle of a script."""


class Delay(Fault, frozen=True, tag="delay", kw_only=True):
    """It is done at once; the answer comes `seconds` later."""

    seconds: float


class Silence(Fault, frozen=True, tag="silence"):
    """No answer ever comes, and the connection stays open: the bot is killed meanwhile, or times out."""


class Reset(Fault, frozen=True, tag="reset"):
    """The connection is reset after the body was read."""


class HangUp(Fault, frozen=True, tag="hang_up"):
    """The connection is closed in good order without an answer."""


class Truncate(Fault, frozen=True, tag="truncate"):
    """A 200 whose body ends in the middle."""


class NotJson(Fault, frozen=True, tag="not_json"):
    """A 200 whose body is not JSON."""


class OkFalse(Fault, frozen=True, tag="ok_false"):
    """A 200 that says `{"ok":false}` and nothing else."""


class Refuse(Fault, frozen=True, tag="refuse", kw_only=True):
    """An error in Telegram's own form. With `accepted` it was done nevertheless (seen with 500)."""

    accepted: bool = False
    code: int
    description: str
    retry_after: int | None = None
    migrate_to_chat_id: int | None = None

    def error(self) -> Refused:
        return Refused(
            self.code, self.description, retry_after=self.retry_after, migrate_to_chat_id=self.migrate_to_chat_id
        )


class BadGateway(Fault, frozen=True, tag="bad_gateway"):
    """A 502 with an HTML page, from something in front of Telegram."""

    accepted: bool = False


class TooMany(Fault, frozen=True, tag="too_many", kw_only=True):
    """429 with retry_after, for this call and for every send to its chat until the time is over.

    With `everywhere` it holds for every chat. The ledger keeps the window: `ledger.inside_windows()`.
    """

    accepted: bool = False
    retry_after: int
    everywhere: bool = False


AnyFault = Fine | Delay | Silence | Reset | HangUp | Truncate | NotJson | OkFalse | Refuse | BadGateway | TooMany


def blocked() -> Refuse:
    return Refuse(code=403, description=refusals.BLOCKED)


def deactivated() -> Refuse:
    return Refuse(code=403, description=refusals.DEACTIVATED)


def kicked() -> Refuse:
    return Refuse(code=403, description=refusals.KICKED_FROM_GROUP)


def chat_not_found() -> Refuse:
    return Refuse(code=400, description=refusals.CHAT_NOT_FOUND)


def cannot_parse() -> Refuse:
    return Refuse(code=400, description=refusals.CANNOT_PARSE)


def not_modified() -> Refuse:
    return Refuse(code=400, description=refusals.NOT_MODIFIED)


def edit_not_found() -> Refuse:
    return Refuse(code=400, description=refusals.NOT_FOUND_TO_EDIT)


def query_too_old() -> Refuse:
    return Refuse(code=400, description=refusals.QUERY_TOO_OLD)


def migrated(to: int) -> Refuse:
    return Refuse(code=400, description=refusals.MIGRATED, migrate_to_chat_id=to)


def unauthorized() -> Refuse:
    return Refuse(code=401, description="Unauthorized")


def not_found() -> Refuse:
    return Refuse(code=404, description="Not Found")


def conflict() -> Refuse:
    return Refuse(code=409, description=refusals.OTHER_POLLER)


def internal_error(*, accepted: bool = False) -> Refuse:
    return Refuse(code=500, description="Internal Server Error: restart", accepted=accepted)


class Script:
    """Faults for the calls that fit, in order: `then` from its first to its last, `times` over (None: for ever)."""

    def __init__(
        self, method: str, chat: int | None, containing: str, then: Sequence[AnyFault], times: int | None
    ) -> None:
        self.method = method
        self.chat = chat
        self.containing = containing
        self.then = tuple(then)
        self.times = times
        self.applied = 0

    @property
    def spent(self) -> bool:
        return not self.then or (self.times is not None and self.applied >= self.times * len(self.then))

    def fits(self, method: str, params: Json) -> bool:
        return (
            self.method in ("*", method)
            and self.chat in (None, params.get("chat_id"))
            and (not self.containing or self.containing in str(params.get("text") or params.get("caption") or ""))
        )

    def cancel(self) -> None:
        """From now on nothing goes wrong by this script."""
        self.times = 0


class Scripts:
    """All scripts; the first that fits and is not spent has its way."""

    def __init__(self) -> None:
        self._scripts: list[Script] = []

    def add(self, script: Script) -> Script:
        self._scripts.append(script)
        return script

    def next(self, method: str, params: Json) -> AnyFault:
        for script in self._scripts:
            if not script.spent and script.fits(method, params):
                fault = script.then[script.applied % len(script.then)]
                script.applied += 1
                return fault
        return Fine()

    def clear(self) -> None:
        self._scripts.clear()


def tag(fault: AnyFault) -> str:
    """The name of a fault in the ledger; nothing for none."""
    return "" if isinstance(fault, Fine) else str(type(fault).__struct_config__.tag)


def from_json(fault: Any) -> AnyFault:
    """A fault as the control API takes it: `{"fault": "delay", "seconds": 2}`. Raises msgspec.ValidationError."""
    found: AnyFault = msgspec.convert(fault, AnyFault)
    return found
