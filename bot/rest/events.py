"""POST /v1/events: a batch is checked as a whole before any of it is stored; then it is stored in chunks.

Nothing is lost by sending again: an event that is stored already is answered as a duplicate. With `?dry_run=true`
all of it is done and undone again: the answer says what would happen. GET /v1/events says what became of one.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from fastapi import Request

from bot.became import Undone, rehearse, story
from bot.clock import iso
from bot.rest import strict
from bot.rest.cloudevents import UNPRINTABLE, EventInvalid, Fault, read
from bot.rest.counter import Counter, parameters_of, stored, unfit, yes_or_no
from bot.services import NewServiceEvent, NoSurvey, Recorded, ServiceEventClash, record
from bot.web.problems import Problem
from storage.unit import Unit

CHUNK: Final = 200
MOST: Final = 2_000
"""Events in one batch."""

MOST_REHEARSED: Final = 100
"""Events in a dry run: it holds up whatever else is to be written."""

ONE: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
EITHER: Final = "application/json"


async def take_events(counter: Counter, request: Request) -> dict[str, Any]:
    """Store what was sent and say what became of each event. Raises Problem; then nothing of it was stored."""
    given = parameters_of(request, ("dry_run",))
    dry_run = given.read("dry_run", yes_or_no, "must be true or false")
    given.check()
    kind = _kind(request)
    found = strict.read(await request.body())
    several = isinstance(found, list)
    if kind == BATCH and not several:
        raise unfit([Fault("", "must be an array of events")])
    if kind == ONE and several:
        raise unfit([Fault("", f"must be one event; send a batch as {BATCH}")])
    events = _read(found if several else [found], counter, several=several)
    await _refuse_clashes(events, counter, several=several)
    if dry_run:
        return {"dry_run": True, "events": await _rehearsed(events, counter, several=several)}
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
        return [_recorded(event, _pointer(number, several=several), unit, counter, now) for number, event in chunk]

    recorded = await stored(counter.database.run(work, low=several))
    due = [each.due_at for each in recorded if each.due_at is not None]
    if due:
        counter.planned(min(due))
    return [_told(each) for each in recorded]


def _recorded(event: NewServiceEvent, at: str, unit: Unit, counter: Counter, now: int) -> Recorded:
    try:
        return record(event, unit, counter.house, now)
    except ServiceEventClash:
        raise unfit([_clash(at)])
    except NoSurvey as error:
        raise unfit([_no_survey(at, error)])


async def _rehearsed(events: list[NewServiceEvent], counter: Counter, *, several: bool) -> list[dict[str, Any]]:
    """Return what would become of the events; a transaction of its own does it all and is undone."""
    if len(events) > MOST_REHEARSED:
        raise Problem(413, f"Send at most {MOST_REHEARSED} events in a dry run.")
    now = counter.clock.now()

    def work(unit: Unit) -> None:
        numbered = enumerate(events)
        rehearse(
            (_recorded(event, _pointer(number, several=several), unit, counter, now) for number, event in numbered),
            unit,
            counter.house,
        )

    try:
        await stored(counter.database.run(work, alone=True, low=True))
    except Undone as undone:
        return undone.told
    return []


async def became_of(counter: Counter, request: Request) -> dict[str, Any]:
    """Return what became of the event that the address names, by `?source=…&id=…`. Raises Problem."""
    given = parameters_of(request, ("source", "id"))
    source = given.read("source", _named, "must be the source of an event")
    event_id = given.read("id", _named, "must be the id of an event")
    given.check()
    if source is None or event_id is None:
        raise Problem(422, "Say which event: ?source=SOURCE&id=ID, each percent-encoded.", type="does-not-fit")
    return await _told_of(source, event_id, counter)


async def became_of_path(counter: Counter, request: Request) -> dict[str, Any]:
    """Return what became of the event that the path names. Raises Problem.

    The path is read as it was sent: a source or id with a slash in it has that slash percent-encoded.
    """
    parts = request.scope["raw_path"].partition(b"/v1/events/")[2].split(b"/")
    try:
        named = [unquote(part.decode("ascii"), errors="strict") for part in parts]
    except UnicodeDecodeError:
        raise Problem(404, "There is no such event: the address is not percent-encoded UTF-8.")
    if len(named) != 2:
        raise Problem(
            404,
            "There is no such event: write /v1/events/SOURCE/ID with every slash inside them as %2F,"
            " or /v1/events?source=SOURCE&id=ID.",
        )
    return await _told_of(named[0], named[1], counter)


async def _told_of(source: str, event_id: str, counter: Counter) -> dict[str, Any]:
    def look(unit: Unit) -> dict[str, Any] | None:
        event = unit.service_events.of(counter.house.brand, source.strip(), event_id.strip())
        return None if event is None else story(event, unit, counter.house)

    told = None if UNPRINTABLE.search(source + event_id) else await stored(counter.database.read(look))
    if told is None:
        raise Problem(404, f"No event {event_id[:80]!r} came from {source[:80]!r}.")
    return told


def _named(written: str) -> str | None:
    return written or None


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
