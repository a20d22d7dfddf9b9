"""POST /v1/feedback: a comment from elsewhere, once for each id of its sender."""

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import msgspec
from fastapi import Request

from bot.access.gate import principal_of
from bot.clock import iso
from bot.commenting import KINDS, CommentClash, NewComment, Taken, take
from bot.outgoing import Outgoing
from bot.rest.cloudevents import LONGEST_ID, LONGEST_SOURCE, Fault
from bot.rest.counter import Counter, body_of, stored, unfit
from bot.rest.fields import LONGEST_NAME, TOUCHPOINT, Fields, address_of, ident_of, matches
from bot.scene import Scene
from bot.services import LATEST
from bot.turn import Turned, turned
from storage.unit import Unit

KNOWN: Final = (
    "source",
    "id",
    "kind",
    "text",
    "occurred_at",
    "customer",
    "touchpoint",
    "author",
    "url",
    "open_case",
)
LONGEST_TEXT: Final = 4_000

_MILLISECOND: Final = timedelta(milliseconds=1)
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


async def take_feedback(counter: Counter, request: Request) -> tuple[int, dict[str, Any]]:
    """Store a comment and return 201, or 200 when it was stored before. Raises Problem."""
    now = counter.clock.now()
    new = _read(await body_of(request), now)
    who = (await principal_of(request)).name

    def work(unit: Unit) -> tuple[Taken, Turned]:
        out = Outgoing(unit, now)
        try:
            return take(new, Scene(unit, counter.house, out, now), who), turned(out)
        except CommentClash:
            raise unfit([Fault("/id", "was used before with another body; each comment needs an id of its own")])

    taken, done = await stored(counter.database.run(work))
    counter.hand_on(done)
    return (201 if taken.status == "stored" else 200), _told(taken)


def _told(taken: Taken) -> dict[str, Any]:
    comment = taken.comment
    return {
        "source": comment.source,
        "id": comment.feedback_id,
        "status": taken.status,
        "occurred_at": iso(comment.occurred_at),
        "case": taken.case.number if taken.case is not None else None,
        "task": "telephone" if taken.telephone else None,
    }


def _read(body: Mapping[str, Any], now: int) -> NewComment:
    fields = Fields(body, KNOWN)
    source = fields.ident("source", LONGEST_SOURCE)
    comment_id = fields.ident("id", LONGEST_ID)
    kind = fields.required("kind", lambda said: said if said in KINDS else None, f"must be one of {', '.join(KINDS)}")
    text = fields.required("text", _text, f"must be a text of 1 to {LONGEST_TEXT} characters")
    occurred_at = fields.moment("occurred_at")
    if occurred_at is not None and not 0 <= occurred_at <= now + LATEST // _MILLISECOND:
        fields.wrong("occurred_at", "must lie between 1970 and 10 minutes from now")
    customer = fields.read(
        "customer", lambda said: ident_of(said, LONGEST_ID), f"must be a customer's id of at most {LONGEST_ID} signs"
    )
    touchpoint = fields.read(
        "touchpoint", lambda said: said if isinstance(said, str) and matches(TOUCHPOINT, said) else None, _TOUCHPOINT
    )
    author = fields.text("author", LONGEST_NAME)
    url = fields.read("url", address_of, "must be an address that begins with https:// or http://")
    opens_case = fields.truth("open_case") or False
    if opens_case and not fields.given("customer"):
        fields.wrong("open_case", "needs a customer: a case belongs to somebody")
    if fields.faults or source is None or comment_id is None or kind is None or text is None:
        raise unfit(fields.faults)
    return NewComment(
        source=source,
        comment_id=comment_id,
        digest=hashlib.sha256(msgspec.json.encode(body, order="deterministic")).hexdigest(),
        kind=kind,
        text=text,
        occurred_at=now if occurred_at is None else occurred_at,
        customer=customer,
        touchpoint=touchpoint,
        author=author or None,
        url=url,
        opens_case=opens_case,
    )


_TOUCHPOINT: Final = "must be a touchpoint in small letters, such as delivery"


def _text(value: object) -> str | None:
    """Return a text as it is kept: lines stay lines, whatever else is unprintable becomes a blank."""
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return None
    return _CONTROL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n")).strip() or None
