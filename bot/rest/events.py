"""POST /v1/events: a batch is checked as a whole before any of it is stored; then it is stored in chunks.

Nothing is lost by sending again: an event that is stored already is answered as a duplicate.
"""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import Request

from bot.rest import strict
from bot.rest.cloudevents import EventInvalid, Fault, read
from bot.rest.counter import Counter, iso, stored, unfit
from bot.services import NewServiceEvent, NoSurvey, Recorded, ServiceEventClash, record
from bot.web.problems import Problem
from storage.unit import Unit

CHUNK: Final = 200
MOST: Final = 2_000
"""Events in one batch."""

ONE: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
EITHER: Final = "application/json"


async def take_events(counter: Counter, request: Request) -> dict[str, Any]:
    """Store what was sent and say what became of each event. Raises Problem; then nothing of it was stored."""
    kind = _kind(request)
    found = strict.read(await request.body())
    several = isinstance(found, list)
    if kind == BATCH and not several:
        raise unfit([Fault("", "must be an array of events")])
    if kind == ONE and several:
        raise unfit([Fault("", f"must be one event; send a batch as {BATCH}")])
    events = _read(found if several else [found], counter, several=several)
    await _refuse_clashes(events, counter, several=several)
    recorded = [told for chunk in _chunks(events) for told in await _store(chunk, counter, several=several)]
    return {"events": recorded}


def _kind(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (ONE, BATCH, EITHER):
        raise Problem(415, f"Send events as {ONE}, a batch of them as {BATCH}; {EITHER} is taken for either.")
    return kind


def _read(found: list[Any], counter: Counter, *, several: bool) -> list[NewServiceEvent]:
    if len(found) > MOST:
        raise Problem(413, f"Send at most {MOST} events at once.")
    now, events, faults = counter.clock.now(), list[NewServiceEvent](), list[Fault]()
    for number, event in enumerate(found):
        try:
            events.append(read(event, counter.config.touchpoints, now, _pointer(number, several=several)))
        except EventInvalid as error:
            faults.extend(error.faults)
    if faults:
        raise unfit(faults, "The events do not fit; none of them was stored.")
    return events


def _pointer(number: int, *, several: bool) -> str:
    return f"/{number}" if several else ""


def _chunks(events: list[NewServiceEvent]) -> Iterator[list[tuple[int, NewServiceEvent]]]:
    numbered = list(enumerate(events))
    for start in range(0, len(numbered), CHUNK):
        yield numbered[start : start + CHUNK]


async def _refuse_clashes(events: list[NewServiceEvent], counter: Counter, *, several: bool) -> None:
    """Refuse, before anything is stored, ids that were used for another body and touchpoints without a survey."""
    house, seen, faults = counter.house, dict[tuple[str, str], str](), list[Fault]()

    def look(unit: Unit) -> tuple[list[str | None], set[str]]:
        known = [unit.service_events.of(house.brand, each.source, each.event_id) for each in events]
        touchpoints = {version.touchpoint for version in unit.surveys.published(house.brand)}
        return [None if each is None else each.digest for each in known], touchpoints

    digests, published = await stored(counter.database.read(look))
    for number, (event, digest) in enumerate(zip(events, digests, strict=True)):
        at = _pointer(number, several=several)
        if seen.setdefault((event.source, event.event_id), digest or event.digest) != event.digest:
            faults.append(_clash(at))
        elif digest is None and not event.cancelled and event.touchpoint not in published:
            faults.append(_no_survey(at, NoSurvey(event.touchpoint, tuple(sorted(published)))))
    if faults:
        raise unfit(faults, "The events do not fit; none of them was stored.")


async def _store(chunk: list[tuple[int, NewServiceEvent]], counter: Counter, *, several: bool) -> list[dict[str, Any]]:
    now = counter.clock.now()

    def work(unit: Unit) -> list[Recorded]:
        return [_recorded(event, number, unit) for number, event in chunk]

    def _recorded(event: NewServiceEvent, number: int, unit: Unit) -> Recorded:
        try:
            return record(event, unit, counter.house, now)
        except ServiceEventClash:
            raise unfit([_clash(_pointer(number, several=several))])
        except NoSurvey as error:
            raise unfit([_no_survey(_pointer(number, several=several), error)])

    recorded = await stored(counter.database.run(work, low=several))
    due = [each.due_at for each in recorded if each.due_at is not None]
    if due:
        counter.planned(min(due))
    return [_told(each) for each in recorded]


def _clash(at: str) -> Fault:
    return Fault(f"{at}/id", "was used before with another body; each event needs an id of its own")


def _no_survey(at: str, error: NoSurvey) -> Fault:
    known = ", ".join(error.known) or "none"
    return Fault(f"{at}/type", f"means {error.touchpoint!r}, for which no survey is published; published: {known}")


def _told(recorded: Recorded) -> dict[str, Any]:
    event, invitation = recorded.event, recorded.invitation
    told: dict[str, Any] = {"source": event.source, "id": event.event_id, "status": recorded.status}
    if invitation is not None:
        told["invitation"] = {"state": invitation.state, "planned_at": iso(invitation.planned_at)}
    return told
