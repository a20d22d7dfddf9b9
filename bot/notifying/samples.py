"""What `makegood webhooks test` sends: each type once, of a customer who is nobody, marked as a sample."""

from typing import Any, Final

import msgspec

from bot.audience import CASE_CLOSED, MESSAGE_WAITING, RESPONSE_COMPLETED
from bot.notifying.payloads import VERSION, CaseTold, EventTold, WaitingTold, envelope, stamp

NOBODY: Final = "sample"
DAY: Final = 86_400_000


def sample(type_: str, now: int, public_url: str) -> str:
    """Return the body of a webhook of that type; receivers that act on it should look for `sample` in its data."""
    return envelope(type_, now, {**_data(type_, now, public_url), "sample": True})


def _data(type_: str, now: int, public_url: str) -> dict[str, Any]:
    if type_ == RESPONSE_COMPLETED:
        return _response(now)
    if type_ == MESSAGE_WAITING:
        return _plain(_waiting(now, public_url))
    return _plain(_case(now, closed=type_ == CASE_CLOSED))


def _plain(told: CaseTold | WaitingTold) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(told)
    return found


def _response(now: int) -> dict[str, Any]:
    answer = {
        "question": "satisfaction",
        "role": "answer",
        "kind": "csat",
        "number": 5,
        "text": None,
        "raw": "5",
        "shortened": False,
        "skipped": False,
        "current": True,
        "at": stamp(now),
        "value": 5,
    }
    return {
        "version": VERSION,
        "conversation_id": 0,
        "outcome": "complete",
        "opened_at": stamp(now - DAY),
        "closed_at": stamp(now),
        "customer": NOBODY,
        "customer_name": "Ana",
        "channel": "webchat",
        "survey": "csat_reason",
        "survey_number": 1,
        "touchpoint": "service",
        "variant": None,
        "event": {"source": NOBODY, "id": NOBODY},
        "case": None,
        "answers": [answer],
    }


def _case(now: int, *, closed: bool) -> CaseTold:
    return CaseTold(
        number=0,
        stage="closed" if closed else "open",
        cause="unhappy",
        urgent=False,
        touchpoint="service",
        rating_question="satisfaction",
        rating=1,
        customer=NOBODY,
        customer_name="Ana",
        event=EventTold(NOBODY, NOBODY, NOBODY),
        conversation_id=0,
        opened_at=stamp(now - DAY),
        closed_at=stamp(now) if closed else None,
        outcome="recovered" if closed else None,
    )


def _waiting(now: int, public_url: str) -> WaitingTold:
    return WaitingTold(
        about="follow_up",
        customer=NOBODY,
        customer_name="Ana",
        language="en",
        email="ana@example.com",
        phone="+1 555 0100",
        link=f"{public_url}/c/{NOBODY}",
        expires_at=stamp(now + 30 * DAY),
        case=0,
    )
