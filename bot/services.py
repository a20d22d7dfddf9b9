"""Service events: what the business tells us of its services, and which invitation follows.

    record ── its id is known, same body ──> duplicate     (nothing changes)
           ── its id is known, other body ─> Clash         (nothing changes; tell the sender)
           ── older than what we know ─────> superseded    (stored, changes nothing)
           ── the service is cancelled ────> cancelled     (its undecided invitation, too)
           ── else ────────────────────────> accepted      (one invitation for each service)

Events come in any order. Of one service (source and subject) the newest counts: by the sender's version, else by
when it happened; at the same moment a cancellation wins, since asking about nothing is worse than not asking.
"""

from datetime import timedelta
from typing import Final, Literal

import msgspec

from bot.house import House
from storage.events import Clash, Duplicate, Invitation, ServiceEvent
from storage.unit import Unit

EARLIEST: Final = timedelta(days=7)
LATEST: Final = timedelta(minutes=10)
"""How old an event may be, and how far ahead the sender's clock; whatever is beyond, nobody should be asked about."""

KIND: Final = "invite"
_MILLISECOND: Final = timedelta(milliseconds=1)
_OPEN: Final = frozenset({"planned", "waiting_for_link"})

Status = Literal["accepted", "duplicate", "superseded", "cancelled"]


class Served(msgspec.Struct, frozen=True):
    """Who was served, as the sender knows them. None: not said, so what we know stays."""

    reference: str
    name: str | None = None
    language: str | None = None
    zone: str | None = None
    more: dict[str, str] | None = None


class NewServiceEvent(msgspec.Struct, frozen=True):
    """A service event that was read and checked, not yet stored. `digest` is of its canonical body.

    Who served is `staff_member_id` where it is known, else the staff member of the name in `service["staff"]`.
    """

    source: str
    event_id: str
    digest: str
    type: str
    touchpoint: str
    cancelled: bool
    subject: str
    customer: Served
    service: dict[str, str]
    occurred_at: int
    version: int | None = None
    staff_member_id: int | None = None


class Recorded(msgspec.Struct, frozen=True):
    """What became of a service event. `due_at` is when its invitation will be decided, None without one."""

    status: Status
    event: ServiceEvent
    invitation: Invitation | None = None
    due_at: int | None = None


class ServiceEventClash(Exception):
    """Another body came under an id that was used before. What is stored stands; the sender must use another id."""

    def __init__(self, source: str, event_id: str) -> None:
        super().__init__(f"the id {event_id!r} of {source!r} was used before, with another body")
        self.source = source
        self.event_id = event_id


class NoSurvey(Exception):
    """No survey is published for the touchpoint: nothing could follow from the event. `known` have one."""

    def __init__(self, touchpoint: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no survey is published for the touchpoint {touchpoint!r}")
        self.touchpoint = touchpoint
        self.known = known


def in_time(occurred_at: int, now: int) -> bool:
    """Return whether an event that happened then may still be taken in."""
    return now - EARLIEST // _MILLISECOND <= occurred_at <= now + LATEST // _MILLISECOND


def record(new: NewServiceEvent, unit: Unit, house: House, now: int) -> Recorded:
    """Store a service event and plan, keep or cancel what follows. Raises ServiceEventClash and NoSurvey."""
    known = unit.service_events.of(house.brand, new.source, new.event_id)
    if known is not None:
        return _again(known, new, unit)
    survey = None if new.cancelled else _survey_for(new.touchpoint, unit, house)
    others = unit.service_events.of_subject(house.brand, new.source, new.subject)
    newest = max(others, key=_age, default=None)
    stored = _store(new, unit, house, now, facts_count=newest is None or _age_of(new) > _age(newest))
    if newest is not None and _age(newest) > _age(stored):
        unit.service_events.supersede(stored.id, now)
        return Recorded("superseded", stored)
    if newest is not None:
        unit.service_events.supersede(newest.id, now)
    earlier = [each for other in others if (each := unit.invitations.of_event(other.id)) is not None]
    return _follow(stored, survey, earlier, unit, house, now)


def _again(known: ServiceEvent, new: NewServiceEvent, unit: Unit) -> Recorded:
    if known.digest != new.digest:
        raise ServiceEventClash(new.source, new.event_id)
    return Recorded("duplicate", known, unit.invitations.of_event(known.id))


def _survey_for(touchpoint: str, unit: Unit, house: House) -> tuple[int, timedelta]:
    found = house.shelf.for_touchpoint(unit, house.brand, touchpoint)
    if found is None:
        known = {version.touchpoint for version in unit.surveys.published(house.brand)}
        raise NoSurvey(touchpoint, tuple(sorted(known)))
    version_id, survey = found
    return version_id, survey.delay


Age = tuple[bool, int, int, int, str]


def _age(event: ServiceEvent) -> Age:
    """Return what orders the events of one service. The id comes last, so that no order of arrival matters."""
    return (event.version is not None, event.version or 0, event.occurred_at, event.cancelled, event.event_id)


def _age_of(new: NewServiceEvent) -> Age:
    return (new.version is not None, new.version or 0, new.occurred_at, int(new.cancelled), new.event_id)


def _store(new: NewServiceEvent, unit: Unit, house: House, now: int, *, facts_count: bool) -> ServiceEvent:
    """Store the event; an older one than we know of does not change what we know of its customer."""
    served = new.customer if facts_count else Served(new.customer.reference)
    more = None if served.more is None else _json(served.more)
    customer = unit.customers.ensure(
        house.brand, served.reference, now, served.name, served.language, served.zone, more
    )
    added = unit.service_events.add(
        house.brand,
        new.source,
        new.event_id,
        new.digest,
        new.type,
        new.touchpoint,
        new.subject,
        customer.id,
        _json(new.service),
        new.occurred_at,
        now,
        version=new.version,
        cancelled=new.cancelled,
        staff_member_id=_who_served(new, unit, house),
    )
    if isinstance(added, Clash | Duplicate):  # nobody comes between: the unit is alone in writing
        raise ServiceEventClash(new.source, new.event_id)
    return added.event


def _who_served(new: NewServiceEvent, unit: Unit, house: House) -> int | None:
    """Return the staff member who served; a name that nobody here bears, or not any more, is a fact for texts only."""
    if new.staff_member_id is not None or "staff" not in new.service:
        return new.staff_member_id
    member = unit.staff.by_name(house.brand, new.service["staff"])
    return member.id if member is not None and member.removed_at is None else None


def _follow(
    event: ServiceEvent,
    survey: tuple[int, timedelta] | None,
    earlier: list[Invitation],
    unit: Unit,
    house: House,
    now: int,
) -> Recorded:
    """Plan the one invitation of a service, or cancel it. What was sent or withheld before stays the last word."""
    why = "service_cancelled" if survey is None else "superseded"
    for invitation in earlier:
        if invitation.state in _OPEN:
            unit.invitations.decide(invitation.id, "cancelled", why, now)
    if survey is None:
        return Recorded("cancelled", event)
    decided = next((each for each in earlier if each.state in ("sent", "withheld")), None)
    if decided is not None:
        return Recorded("accepted", event, decided)
    return _plan(event, *survey, unit, house, now)


def _plan(event: ServiceEvent, version_id: int, delay: timedelta, unit: Unit, house: House, now: int) -> Recorded:
    due_at = now + delay // _MILLISECOND
    invitation = unit.invitations.add(
        house.brand, event.customer_id, event.id, version_id, event.touchpoint, "planned", due_at
    )
    if invitation is not None:
        unit.due.add(house.brand, KIND, invitation.id, f"{KIND}:{invitation.id}", due_at)
    return Recorded("accepted", event, invitation, due_at)


def _json(facts: dict[str, str]) -> str:
    return msgspec.json.encode(facts, order="sorted").decode()
