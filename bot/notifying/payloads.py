"""What other systems are told, as JSON: `{"type", "timestamp", "data"}`, the way Standard Webhooks has it.

`data` has a version. Members are only ever added to a version; a receiver ignores those it does not know. No token
is ever in it, but for the personal link of `message.waiting`, which is what that one is for.
"""

from typing import Any, Final

import msgspec

from bot import responses
from bot.clock import iso
from storage.answers import Answer
from storage.cases import Case
from storage.customers import Customer
from storage.events import ServiceEvent
from storage.responses import ResponseLine

VERSION: Final = 1


class EventTold(msgspec.Struct, frozen=True):
    """The service event that it is about, as its sender named it."""

    source: str
    id: str
    subject: str


class CaseTold(msgspec.Struct, frozen=True):
    """A case as it was opened or closed; `outcome` once it is closed. `customer` is the business's own id.

    `told_by` says who said how it ended: customer, staff (typed after a call), makegood.
    """

    number: int
    stage: str
    cause: str
    urgent: bool
    touchpoint: str | None
    rating_question: str | None
    rating: int | None
    customer: str
    customer_name: str | None
    event: EventTold | None
    conversation_id: int | None
    opened_at: str
    closed_at: str | None
    outcome: str | None
    told_by: str | None = None
    version: int = VERSION


class WaitingTold(msgspec.Struct, frozen=True):
    """A message that waits in a closed web chat, the personal link that opens it, and how else to reach its customer.

    `about` says what kind it is: invitation, reminder, follow_up, relay (a person wrote), offer, voucher or notice.
    """

    about: str
    customer: str
    customer_name: str | None
    language: str
    email: str | None
    phone: str | None
    link: str
    expires_at: str
    case: int | None
    version: int = VERSION


Data = CaseTold | WaitingTold | dict[str, Any]


class _Envelope(msgspec.Struct, frozen=True):
    type: str
    timestamp: str
    data: Data


_encode = msgspec.json.Encoder().encode


def envelope(type_: str, at: int, data: Data) -> str:
    """Return the body of a webhook."""
    return _encode(_Envelope(type_, stamp(at), data)).decode()


def stamp(at: int) -> str:
    """Return a moment as RFC 3339 in UTC."""
    return str(iso(at))


def response_told(line: ResponseLine, answers: list[Answer]) -> dict[str, Any]:
    """Return a closed response as `GET /v1/responses` shows it, so that one reader of it is enough."""
    return {"version": VERSION, **responses.response_told(line, answers)}


def case_told(case: Case, customer: Customer, event: ServiceEvent | None) -> CaseTold:
    """Return a case as it stands."""
    return CaseTold(
        number=case.number,
        stage=case.stage,
        cause=case.cause,
        urgent=bool(case.urgent),
        touchpoint=case.touchpoint,
        rating_question=case.rating_question,
        rating=case.rating,
        customer=customer.reference,
        customer_name=customer.name,
        event=_event_told(event),
        conversation_id=case.conversation_id,
        opened_at=stamp(case.opened_at),
        closed_at=None if case.closed_at is None else stamp(case.closed_at),
        outcome=case.outcome,
        told_by=case.told_by,
    )


def _event_told(event: ServiceEvent | None) -> EventTold | None:
    return None if event is None else EventTold(event.source, event.event_id, event.subject)
