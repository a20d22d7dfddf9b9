"""What became of a service event, and what would become of one: in codes for programs, in words for people.

A rehearsal takes the event in and decides its invitation, as will be done when its time comes, and then undoes it
all: so what it tells is what would happen, as things stand now.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final, NoReturn

from bot import inviting
from bot.clock import iso
from bot.house import House
from bot.outgoing import Outgoing
from bot.scene import Scene
from bot.services import Recorded
from conversations.contact import Reason
from storage.conversations import Conversation
from storage.events import Invitation, ServiceEvent
from storage.unit import Unit

MOST_LOOKS: Final = 50
"""How often a rehearsed invitation is looked at again, for quiet hours and the like, before it counts as planned."""

_MILLISECOND: Final = timedelta(milliseconds=1)
_BEGUN: Final = frozenset({"complete", "partial", "break_off"})

WORDS: Final = {
    **{reason.value: reason.sentence for reason in Reason},
    "service_cancelled": "The service was cancelled before anybody was asked.",
    "superseded": "A newer event about the same service took its place.",
    "expired": "It could not be asked about within 7 days, and is not any more.",
    "newer_invitation": "The customer was asked about a newer service instead.",
}


class Undone(Exception):
    """The rehearsal is over: `told` is what it found, and nothing of it may be kept."""

    def __init__(self, told: list[dict[str, Any]]) -> None:
        super().__init__("a rehearsal is not kept")
        self.told = told


def rehearse(recorded_one_by_one: Iterable[Recorded], unit: Unit, house: House) -> NoReturn:
    """Decide the invitations of events just taken in, as if it were time, and raise Undone with what came of them."""
    told = []
    for recorded in recorded_one_by_one:
        if recorded.due_at is not None and recorded.invitation is not None:
            _decide(recorded.invitation, recorded.due_at, unit, house)
        told.append({**story(recorded.event, unit, house), "taken_as": recorded.status})
    raise Undone(told)


def _decide(invitation: Invitation, at: int, unit: Unit, house: House) -> None:
    for _ in range(MOST_LOOKS):
        again_at = inviting.decide(unit.invitations.get(invitation.id), Scene(unit, house, Outgoing(unit, at), at))
        if again_at is None:
            return
        at = again_at


def story(event: ServiceEvent, unit: Unit, house: House) -> dict[str, Any]:
    """Return what became of a service event: its `status`, and what belongs to that."""
    told = {
        "source": event.source,
        "id": event.event_id,
        "subject": event.subject,
        "touchpoint": event.touchpoint or None,
        "customer": unit.customers.get(event.customer_id).reference,
        "occurred_at": iso(event.occurred_at),
        "received_at": iso(event.received_at),
    }
    return {**told, **_fate(event, unit, house)}


def _fate(event: ServiceEvent, unit: Unit, house: House) -> dict[str, Any]:
    own = unit.invitations.of_event(event.id)
    if event.cancelled:
        return {"status": "cancelled", **_why("service_cancelled")}
    if event.superseded_at is not None and (own is None or own.state not in ("sent", "withheld")):
        newest = unit.service_events.newest_of(event.brand_id, event.source, event.subject)
        by = {"superseded_by": newest.event_id} if newest is not None and newest.id != event.id else {}
        return {"status": "superseded", **by, **_why("superseded")}
    invitation = own or _decided_before(event, unit)
    if invitation is None:  # taken in without one: an older fact than what was known
        return {"status": "superseded", **_why("superseded")}
    version = unit.surveys.get(invitation.survey_version_id)
    return {"survey": version.key, "survey_number": version.number, **_of(invitation, unit, house)}


def _decided_before(event: ServiceEvent, unit: Unit) -> Invitation | None:
    """Return the invitation of the same service that an earlier event led to: one service is asked about once."""
    others = unit.service_events.of_subject(event.brand_id, event.source, event.subject)
    found = [unit.invitations.of_event(other.id) for other in others]
    return next((each for each in reversed(found) if each is not None and each.state in ("sent", "withheld")), None)


def _of(invitation: Invitation, unit: Unit, house: House) -> dict[str, Any]:
    match invitation.state:
        case "planned":
            due = unit.due.by_key(invitation.brand_id, f"invite:{invitation.id}")
            return {"status": "planned", "planned_at": iso(due.due_at if due else invitation.planned_at)}
        case "waiting_for_link":
            return {"status": "waiting_for_link", "why": "The customer is asked as soon as they open their link."}
        case "withheld":
            return {
                "status": "withheld",
                "decided_at": iso(invitation.decided_at),
                **_why(invitation.reason or ""),
                **_until(invitation, unit, house),
            }
        case "cancelled":
            return {"status": "cancelled", "decided_at": iso(invitation.decided_at), **_why(invitation.reason or "")}
        case _:
            asked = {"status": "asked", "asked_at": iso(invitation.decided_at)}
            if invitation.conversation_id is None:
                return asked
            return {**asked, **_answered(unit.conversations.get(invitation.conversation_id), unit)}


def _answered(conversation: Conversation, unit: Unit) -> dict[str, Any]:
    case = {} if conversation.case_id is None else {"case": unit.cases.get(conversation.case_id).number}
    if conversation.closed_at is None or conversation.anonymous:  # whether it was answered, nobody knows
        return case
    status = "answered" if conversation.outcome in _BEGUN else "unanswered"
    return {"status": status, "outcome": conversation.outcome, "closed_at": iso(conversation.closed_at), **case}


def _why(reason: str) -> dict[str, str]:
    return {"reason": reason, "why": WORDS.get(reason, reason.replace("_", " "))}


def _until(invitation: Invitation, unit: Unit, house: House) -> dict[str, Any]:
    """Return until when the reason holds, where a moment says it: a case or an opt-out ends when somebody ends it."""
    asked_at = unit.customers.get(invitation.customer_id).last_asked_at
    if invitation.reason != Reason.COOLDOWN.value or asked_at is None:
        return {}
    return {"until": iso(asked_at + house.rules.cooldown // _MILLISECOND)}
