"""Public holidays of the world, as days to close in a working calendar.

They come from the package `holidays`, whose rules change with the law: bring calendars up to date once a year, and
ask for the year after the next too, so that no clock runs into a year nobody asked for. Importing it takes most of
a second, so it is loaded at the first question.
"""

from collections.abc import Iterable
from datetime import date

import msgspec
from msgspec.structs import replace

from recovery.calendars import Calendar, Shifts


class PublicHolidays(msgspec.Struct, frozen=True):
    """Days off, and the days of a weekend that are worked instead, as China has them."""

    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


def public_holidays(country: str, subdivision: str | None, years: Iterable[int]) -> PublicHolidays:
    """Return the public holidays of a country (ISO 3166-1, as `DE`) or a part of it (ISO 3166-2, as `BY`).

    Raises ValueError naming the country or the part when it is not known.
    """
    import holidays  # 0.6 s, and only calendars need it

    wanted = frozenset(years)
    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=wanted)
    except NotImplementedError as error:
        raise ValueError(f"{error}; use codes such as DE, and BY for a part of it") from error
    worked = frozenset(day for day in found.weekend_workdays if day.year in wanted)
    return PublicHolidays(frozenset(day for day in found if day.year in wanted), worked)


def with_holidays(calendar: Calendar, found: PublicHolidays) -> Calendar:
    """Return the calendar with those days closed, and with hours on the days that are worked instead.

    A day worked instead has the hours of the first weekday that has any. Special days stay as they are.
    """
    usual: Shifts = next((shifts for shifts in calendar.week if shifts), ())
    instead = {day: usual for day in found.worked if not calendar.week[day.weekday()]}
    return replace(calendar, closed=calendar.closed | found.closed, special={**instead, **calendar.special})
