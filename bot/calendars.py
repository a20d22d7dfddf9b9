"""Working calendars: read and checked, kept, renamed, ended, and given public holidays.

What REST, the command line and the console do with a calendar is here once. What holds from now on is a new edition:
the one before is kept, and the clocks that ran by it go on by the new one from that moment.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from bot import clockwork
from bot.clock import moment
from bot.house import House
from bot.outgoing import Outgoing
from bot.scene import Scene
from bot.turn import Turned, turned
from conversations.phrases import Phrase, phrase
from recovery import public_holidays, written_calendars
from recovery.calendars import LONGEST_CLOSED, Calendar, NeverOpens, Shifts, add
from recovery.written_calendars import CalendarInvalid, Problem
from storage.calendars import StoredCalendar
from storage.unit import Unit

KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""What a calendar may be called."""

ENOUGH: Final = timedelta(days=20)
"""Working time that a calendar must have ahead: no target is longer in practice."""

YEARS_AT_ONCE: Final = 10
"""Years of public holidays that may be asked for: whoever writes 2026-2206 meant something else."""

TOLD: Final = Turned([], [], [], touched=frozenset({"staff"}))
"""For pages that are open: something is different about the team. No message and no clock has to do with it."""

Why = Literal["special", "holiday", ""]

_REGION: Final = re.compile(r"([A-Za-z]{2})(?:-([A-Za-z0-9]{1,4}))?")
_YEARS: Final = re.compile(r"(2\d{3})(?:-(2\d{3}))?")


class Day(NamedTuple):
    """One day of a calendar: when people work, and why that is not as on any such day."""

    day: date
    shifts: Shifts
    why: Why


class CalendarError(Exception):
    """What was asked of a calendar cannot be done."""


class KeyUnfit(CalendarError):
    """No calendar can be called so: choose a key of small letters, figures, - and _."""


class KeyTaken(CalendarError):
    """Another calendar has that key: choose another one."""


class NoSuchCalendar(CalendarError):
    """No calendar of that key holds."""


class Overtaken(CalendarError):
    """Somebody else kept another edition in the meantime: look at it first. `standing` is that edition."""

    def __init__(self, standing: StoredCalendar) -> None:
        super().__init__(f"edition {standing.id} holds")
        self.standing = standing


class InUse(CalendarError):
    """People or teams work by it: give these another one first."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"{', '.join(names)} work by it")
        self.names = names


class NotUnderstood(CalendarError):
    """The country or the years of public holidays cannot be read. `said` says how to write them."""

    def __init__(self, field: Literal["country", "years"], said: Phrase) -> None:
        super().__init__(said.sentence)
        self.field = field
        self.said = said


def checked(fields: dict[str, Any], now: int) -> Calendar:
    """Return the calendar of its written fields.

    Raises CalendarInvalid with every problem that there is, also where no clock could run by it to its end.
    """
    calendar = written_calendars.read(fields)
    try:
        add(calendar, now, ENOUGH)
    except NeverOpens as error:
        raise CalendarInvalid((_too_little(error),)) from error
    return calendar


def _too_little(error: NeverOpens) -> Problem:
    day = moment(error.after).astimezone(ZoneInfo(error.calendar.zone)).date().isoformat()
    return Problem(
        "week",
        phrase("It has no working time for {days} days after {day}.", days=LONGEST_CLOSED, day=day),
        phrase("Give at least one weekday hours, so that every clock has an end."),
    )


def keep(unit: Unit, house: House, key: str, calendar: Calendar, actor: str, now: int) -> tuple[StoredCalendar, Turned]:
    """Let a calendar hold from now on, and the clocks that run hear of it. Raises KeyUnfit."""
    if not KEY.fullmatch(key):
        raise KeyUnfit(key)
    kept = unit.calendars.put(house.brand, key, written_calendars.save(calendar), now)
    unit.history.add(house.brand, f"calendar:{key}", actor, "CalendarKept", str(kept.id), now)
    return kept, hours_changed(unit, house, now)


def rename(unit: Unit, house: House, key: str, to: str, actor: str, now: int) -> None:
    """Call a calendar otherwise. Whoever works by it still does, and no clock notices: the edition is the same.

    Raises KeyUnfit, KeyTaken, NoSuchCalendar.
    """
    if not KEY.fullmatch(to):
        raise KeyUnfit(to)
    if unit.calendars.by_key(house.brand, to) is not None:
        raise KeyTaken(to)
    if unit.calendars.by_key(house.brand, key) is None:
        raise NoSuchCalendar(key)
    unit.calendars.rename(house.brand, key, to)
    unit.history.add(house.brand, f"calendar:{to}", actor, "CalendarRenamed", key, now)


def move(unit: Unit, house: House, key: str, to: str | None, actor: str, now: int) -> Turned:
    """Let whoever works by a calendar work by another one from now on; None: people by their team's, teams by ours.

    Raises NoSuchCalendar when the other one does not hold.
    """
    if to is not None and (to == key or unit.calendars.by_key(house.brand, to) is None):
        raise NoSuchCalendar(to)
    unit.calendars.move(house.brand, key, to)
    unit.history.add(house.brand, f"calendar:{key}", actor, "CalendarLeft", to or "", now)
    return hours_changed(unit, house, now)


def end(unit: Unit, house: House, key: str, actor: str, now: int) -> Turned:
    """End a calendar that nobody works by. Raises InUse, NoSuchCalendar."""
    if users := unit.calendars.users(house.brand, key):
        raise InUse(users)
    if not unit.calendars.end(house.brand, key, now):
        raise NoSuchCalendar(key)
    unit.history.add(house.brand, f"calendar:{key}", actor, "CalendarRemoved", "", now)
    return TOLD


def hours_changed(unit: Unit, house: House, now: int) -> Turned:
    """Let the clocks that run hear that other hours hold, and open pages of the team."""
    out = Outgoing(unit, now)
    out.touched |= TOLD.touched
    clockwork.calendars_changed(Scene(unit, house, out, now))
    return turned(out)


def days_ahead(calendar: Calendar, now: int, count: int) -> Iterator[Day]:
    """Yield the next days of a calendar from today on, by the clock on the wall there."""
    today = moment(now).astimezone(ZoneInfo(calendar.zone)).date()
    for day in (today + timedelta(days=passed) for passed in range(count)):
        yield Day(day, calendar.on(day), _why(calendar, day))


def _why(calendar: Calendar, day: date) -> Why:
    if day in calendar.special:
        return "special"
    return "holiday" if day in calendar.closed and calendar.week[day.weekday()] else ""


def with_holidays(calendar: Calendar, country: str, years: str, now: int) -> Calendar:
    """Return the calendar with the public holidays of `DE` or `DE-BY` closed, as the law has them today.

    `years` is as `2026` or `2026-2028`; empty: this year and the next. Raises NotUnderstood. The first call of a
    process takes most of a second.
    """
    region = _REGION.fullmatch(country.strip())
    if region is None:
        said = phrase("“{country}” is no country. Write its code: DE, or DE-BY for a part of it.", country=country)
        raise NotUnderstood("country", said)
    wanted = _years(years.strip(), now)
    try:
        found = public_holidays.public_holidays(region[1].upper(), region[2].upper() if region[2] else None, wanted)
    except ValueError:
        said = phrase(
            "The public holidays of {country} are not known. Write a code such as DE, or DE-BY.", country=country
        )
        raise NotUnderstood("country", said)
    return public_holidays.with_holidays(calendar, found)


def _years(written: str, now: int) -> range:
    if not written:
        this = moment(now).year
        return range(this, this + 2)
    match = _YEARS.fullmatch(written)
    if match is None or not 0 <= int(match[2] or match[1]) - int(match[1]) < YEARS_AT_ONCE:
        raise NotUnderstood("years", phrase("“{years}” are no years. Write 2026, or 2026-2028.", years=written))
    return range(int(match[1]), int(match[2] or match[1]) + 1)
