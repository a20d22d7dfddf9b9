"""A working calendar as it is read: the next days in words, whether people are at work now, and who works by it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import msgspec
from babel.dates import format_date, get_day_names
from babel.numbers import format_decimal

from bot.calendars import Day, days_ahead
from bot.console.wording import words
from bot.phrases import babel_locale
from bot.wall_clock import wall_moment, wall_time
from recovery.calendars import DAY, Calendar, Hours, opens_at
from storage.staff import StaffMember
from storage.teams import Team
from storage.unit import Unit

AHEAD: Final = 14
"""Days that are shown."""

_NEAR: Final = 6 * 86_400_000  # for so long, in ms, a weekday says which day is meant


class DayLine(NamedTuple):
    """One of the next days: its name, its stretches of work, and why it is not as usual."""

    day: str
    hours: tuple[str, ...]
    why: str


class Users(msgspec.Struct, frozen=True):
    """Who works by a calendar: people by one of their own, and teams."""

    people: tuple[StaffMember, ...] = ()
    teams: tuple[Team, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anybody does."""
        return bool(self.people or self.teams)


def users_of(unit: Unit, brand: int, key: str) -> Users:
    """Return who works by a calendar."""
    people = tuple(member for member in unit.staff.listing(brand) if member.calendar == key)
    return Users(people, tuple(team for team in unit.teams.listing(brand) if team.calendar == key))


def next_days(calendar: Calendar, now: int, language: str) -> tuple[DayLine, ...]:
    """Return the next two weeks, day by day."""
    return tuple(_day_lines(calendar, now, language))


def _day_lines(calendar: Calendar, now: int, language: str) -> Iterator[DayLine]:
    for each in days_ahead(calendar, now, AHEAD):
        why = words(f"why_{each.why}", language) if each.why else ""
        yield DayLine(day_name(each, language), tuple(stretch(hours, language) for hours in each.shifts), why)


def day_name(each: Day, language: str) -> str:
    """Return a day with its weekday, as short as can be."""
    pattern = "M月d日 EEE" if language.startswith("zh") else "EEE d MMM"
    return str(format_date(each.day, pattern, locale=babel_locale(language)))


def stretch(hours: Hours, language: str) -> str:
    """Return one stretch of a day in words."""
    if hours == Hours(0, DAY):
        return words("whole_day", language)
    places = {"opens": _clock(hours.opens), "closes": _clock(hours.closes)}
    return words("until_next_day" if hours.closes > DAY else "stretch", language, **places)


def _clock(minute: int) -> str:
    return "24:00" if minute == DAY else f"{minute % DAY // 60:02}:{minute % 60:02}"


def week_words(calendar: Calendar, language: str) -> str:
    """Return how many hours an ordinary week has."""
    minutes = sum(hours.closes - hours.opens for shifts in calendar.week for hours in shifts)
    return words("week_has", language, hours=str(format_decimal(minutes / 60, "0.##", locale=babel_locale(language))))


def now_words(calendar: Calendar, now: int, language: str) -> str:
    """Return whether people are at work at this moment, else from when on."""
    opens = opens_at(calendar, now)
    if opens == now:
        return words("works_now", language)
    if opens is None:
        return words("never_works", language)
    told = wall_time if opens - now < _NEAR else wall_moment
    return words("works_from", language, when=told(opens, calendar.zone, language))


def day_names(language: str) -> tuple[str, ...]:
    """Return the names of the weekdays, Monday first."""
    names = get_day_names("wide", locale=babel_locale(language))
    return tuple(str(names[day]) for day in range(7))
