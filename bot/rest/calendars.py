"""GET, PUT and DELETE /v1/calendars: when people work.

A body is a written calendar (docs/calendars.md). What holds from now on is a new edition: the one before is kept, and
the clocks that ran by it go on by the new one from this moment.
"""

from functools import partial
from typing import Any

import msgspec
from fastapi import Request

from bot import calendars
from bot.clock import iso
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, stored, unfit
from bot.web.problems import Problem
from recovery import written_calendars
from recovery.calendars import Calendar
from recovery.written_calendars import CalendarInvalid
from storage.calendars import StoredCalendar
from storage.unit import Unit


async def listing(counter: Counter) -> dict[str, Any]:
    """Return the calendars that hold, with who works by each."""
    return {"calendars": await stored(counter.database.read(lambda unit: listed(unit, counter.house.brand)))}


def listed(unit: Unit, brand: int) -> list[dict[str, Any]]:
    """Return the calendars of a brand, by key."""
    return [{**told(one), "used_by": unit.calendars.users(brand, one.key)} for one in unit.calendars.listing(brand)]


async def keep(counter: Counter, key: str, request: Request) -> dict[str, Any]:
    """Let a calendar hold from now on."""
    now = counter.clock.now()
    calendar = _read(await body_of(request), now)
    work = partial(calendars.keep, house=counter.house, key=key, calendar=calendar, actor="operator", now=now)
    try:
        kept, done = await stored(counter.database.run(work))
    except calendars.KeyUnfit:
        raise Problem(422, "A calendar's key has small letters, figures, - and _, at most 64.", type="does-not-fit")
    counter.hand_on(done)
    return told(kept)


async def remove(counter: Counter, key: str) -> dict[str, Any]:
    """End a calendar that nobody works by."""
    work = partial(calendars.end, house=counter.house, key=key, actor="operator", now=counter.clock.now())
    try:
        done = await stored(counter.database.run(work))
    except calendars.InUse as error:
        raise Problem(409, f"{error}; give them another one first.")
    except calendars.NoSuchCalendar:
        raise Problem(404, f"There is no calendar of the key {key!r}.")
    counter.hand_on(done)
    return {"key": key, "removed": True}


def told(stored_one: StoredCalendar) -> dict[str, Any]:
    """Return a calendar as it is told: its key, since when it holds, and its written form."""
    fields = msgspec.json.decode(stored_one.written)
    return {"key": stored_one.key, "since": iso(stored_one.since_at), "calendar": fields}


def _read(body: dict[str, Any], now: int) -> Calendar:
    try:
        return calendars.checked(body, now)
    except CalendarInvalid as error:
        raise unfit([_fault(problem) for problem in error.problems])


def _fault(problem: written_calendars.Problem) -> Fault:
    said = (part.sentence.format_map(part.places) for part in (problem.what, problem.mend))
    return Fault("/" + problem.field.replace(".", "/"), " ".join(said))
