"""GET, PUT and DELETE /v1/calendars: when people work.

A body is a written calendar (docs/calendars.md). What holds from now on is a new edition: the one before is kept, and
the clocks that ran by it go on by the new one from this moment.
"""

import re
from datetime import timedelta
from typing import Any, Final

import msgspec
from fastapi import Request

from bot.clock import iso
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, stored, unfit
from bot.rest.teams import hours_changed
from bot.turn import Turned
from bot.web.problems import Problem
from recovery import written_calendars
from recovery.calendars import Calendar, NeverOpens, add
from recovery.written_calendars import CalendarInvalid
from storage.calendars import StoredCalendar
from storage.unit import Unit

ENOUGH: Final = timedelta(days=20)
"""Working time that a calendar must have ahead: no target is longer in practice."""

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


async def listing(counter: Counter) -> dict[str, Any]:
    """Return the calendars that hold, with who works by each."""
    return {"calendars": await stored(counter.database.read(lambda unit: listed(unit, counter.house.brand)))}


def listed(unit: Unit, brand: int) -> list[dict[str, Any]]:
    """Return the calendars of a brand, by key."""
    return [{**told(one), "used_by": unit.calendars.users(brand, one.key)} for one in unit.calendars.listing(brand)]


async def keep(counter: Counter, key: str, request: Request) -> dict[str, Any]:
    """Let a calendar hold from now on."""
    if not _KEY.fullmatch(key):
        raise Problem(422, "A calendar's key has small letters, figures, - and _, at most 64.", type="does-not-fit")
    calendar = _read(await body_of(request))
    now, brand = counter.clock.now(), counter.house.brand
    _check_lasts(calendar, now)

    def work(unit: Unit) -> tuple[StoredCalendar, Turned]:
        kept = unit.calendars.put(brand, key, written_calendars.save(calendar), now)
        unit.history.add(brand, f"calendar:{key}", "operator", "CalendarKept", str(kept.id), now)
        return kept, hours_changed(unit, counter, now)

    kept, done = await stored(counter.database.run(work))
    counter.hand_on(done)
    return told(kept)


async def remove(counter: Counter, key: str) -> dict[str, Any]:
    """End a calendar that nobody works by."""
    now, brand = counter.clock.now(), counter.house.brand

    def work(unit: Unit) -> None:
        users = unit.calendars.users(brand, key)
        if users:
            raise Problem(409, f"{', '.join(users)} work by it; give them another one first.")
        if not unit.calendars.end(brand, key, now):
            raise Problem(404, f"There is no calendar of the key {key!r}.")
        unit.history.add(brand, f"calendar:{key}", "operator", "CalendarRemoved", "", now)

    await stored(counter.database.run(work))
    return {"key": key, "removed": True}


def told(stored_one: StoredCalendar) -> dict[str, Any]:
    """Return a calendar as it is told: its key, since when it holds, and its written form."""
    fields = msgspec.json.decode(stored_one.written)
    return {"key": stored_one.key, "since": iso(stored_one.since_at), "calendar": fields}


def _read(body: dict[str, Any]) -> Calendar:
    try:
        return written_calendars.read(body)
    except CalendarInvalid as error:
        raise unfit([_fault(problem) for problem in error.problems])


def _fault(problem: written_calendars.Problem) -> Fault:
    said = (part.sentence.format_map(part.places) for part in (problem.what, problem.mend))
    return Fault("/" + problem.field.replace(".", "/"), " ".join(said))


def _check_lasts(calendar: Calendar, now: int) -> None:
    try:
        add(calendar, now, ENOUGH)
    except NeverOpens as error:
        mend = "Give at least one weekday hours, so that every clock has an end."
        raise unfit([Fault("/week", f"{error}. {mend}")])
