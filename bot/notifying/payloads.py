"""What other systems are told, as JSON: `{"type", "timestamp", "data"}`, the way Standard Webhooks has it.

`data` has a version. Members are only ever added to a version; a receiver ignores those it does not know. No token
is ever in it, but for the personal link of `message.waiting`, which is what that one is for.
"""

from typing import Final

import msgspec

from bot.clock import moment
from storage.answers import Answer
from storage.cases import Case
from storage.conversations import Conversation
from storage.customers import Customer
from storage.events import ServiceEvent
from storage.surveys import SurveyVersion

VERSION: Final = 1
_CHOSEN: Final = frozenset({"choice", "choices", "ranking"})
"""Kinds whose answer is keys of options, joined by commas where it is kept."""


class CustomerTold(msgspec.Struct, frozen=True):
    """A customer, by the business's own id."""

    id: str


class EventTold(msgspec.Struct, frozen=True):
    """The service event that it is about, as its sender named it."""

    source: str
    id: str
    subject: str


class SurveyTold(msgspec.Struct, frozen=True):
    """The edition of the survey that was asked."""

    key: str
    number: int


class AnswerTold(msgspec.Struct, frozen=True):
    """What counts for one question: a number, the keys of options, or words. `role` is answer or comment."""

    question: str
    role: str
    kind: str
    number: int | None
    options: list[str] | None
    text: str | None
    skipped: bool
    at: str


class ResponseTold(msgspec.Struct, frozen=True):
    """A response that is closed: complete, or partial with enough to count."""

    id: int
    outcome: str
    survey: SurveyTold
    touchpoint: str
    customer: CustomerTold
    event: EventTold | None
    opened_at: str
    closed_at: str
    answers: list[AnswerTold]
    version: int = VERSION


class CaseTold(msgspec.Struct, frozen=True):
    """A case as it was opened or closed; `outcome` once it is closed."""

    number: int
    stage: str
    cause: str
    urgent: bool
    touchpoint: str | None
    rating_question: str | None
    rating: int | None
    customer: CustomerTold
    event: EventTold | None
    response: int | None
    opened_at: str
    closed_at: str | None
    outcome: str | None
    version: int = VERSION


class ReachableTold(msgspec.Struct, frozen=True):
    """A customer, with what is needed to reach them some other way."""

    id: str
    name: str | None
    language: str
    email: str | None
    phone: str | None


class WaitingTold(msgspec.Struct, frozen=True):
    """A message that waits in a closed web chat, and the personal link that opens it. `about` says what kind."""

    about: str
    customer: ReachableTold
    link: str
    expires_at: str
    case: int | None
    version: int = VERSION


Data = ResponseTold | CaseTold | WaitingTold


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
    return moment(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def response_told(
    conversation: Conversation,
    outcome: str,
    closed_at: int,
    version: SurveyVersion,
    customer: Customer,
    event: ServiceEvent | None,
    answers: list[Answer],
) -> ResponseTold:
    """Return a closed response with the answers that count."""
    return ResponseTold(
        id=conversation.id,
        outcome=outcome,
        survey=SurveyTold(version.key, version.number),
        touchpoint=version.touchpoint,
        customer=CustomerTold(customer.reference),
        event=_event_told(event),
        opened_at=stamp(conversation.opened_at),
        closed_at=stamp(closed_at),
        answers=[_answer_told(answer) for answer in answers if answer.current],
    )


def _answer_told(answer: Answer) -> AnswerTold:
    chosen = answer.kind in _CHOSEN and answer.role == "answer" and answer.text is not None
    return AnswerTold(
        question=answer.question,
        role=answer.role,
        kind=answer.kind,
        number=answer.number,
        options=[key for key in (answer.text or "").split(",") if key] if chosen else None,
        text=None if chosen else answer.text,
        skipped=bool(answer.skipped),
        at=stamp(answer.at),
    )


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
        customer=CustomerTold(customer.reference),
        event=_event_told(event),
        response=case.conversation_id,
        opened_at=stamp(case.opened_at),
        closed_at=None if case.closed_at is None else stamp(case.closed_at),
        outcome=case.outcome,
    )


def _event_told(event: ServiceEvent | None) -> EventTold | None:
    return None if event is None else EventTold(event.source, event.event_id, event.subject)
