"""Days, weeks and months as the business counts them: by its own calendar, in its own zone.

A day is a number, days since 1970-01-01, so that it can be stored, compared and counted through. What happened at a
moment belongs to the day that it was then on the business's wall, daylight saving time and all.
"""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

EPOCH: Final = date(1970, 1, 1).toordinal()

Step = Literal["day", "week", "month"]


class Period(msgspec.Struct, frozen=True):
    """Days from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Return the number of days."""
        return self.last - self.first + 1

    @property
    def before(self) -> "Period":
        """Return the equally long period that ends on the day before this one begins."""
        return Period(self.first - self.length, self.first - 1)


def day_of(at: int, zone: str) -> int:
    """Return the day of a moment in ms, by the calendar of an IANA zone.

    Raises ZoneInfoNotFoundError when there is no such zone.
    """
    return datetime.fromtimestamp(at // 1000, _zone(zone)).toordinal() - EPOCH


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def date_of(day: int) -> date:
    """Return the date of a day."""
    return date.fromordinal(day + EPOCH)


def day_on(on: date) -> int:
    """Return the day of a date."""
    return on.toordinal() - EPOCH


def start_of(day: int, zone: str) -> int:
    """Return the first moment of a day there, in ms."""
    on = date_of(day)
    return int(datetime(on.year, on.month, on.day, tzinfo=_zone(zone)).timestamp()) * 1000


def last_days(count: int, now: int, zone: str) -> Period:
    """Return the last `count` days, today included."""
    today = day_of(now, zone)
    return Period(today - count + 1, today)


def split(period: Period, step: Step) -> list[Period]:
    """Return the days, weeks (from Monday on) or months of a period, in order; the outer ones as far as it goes."""
    pieces = []
    first = period.first
    while first <= period.last:
        last = min(period.last, _end(first, step))
        pieces.append(Period(first, last))
        first = last + 1
    return pieces


def _end(day: int, step: Step) -> int:
    on = date_of(day)
    match step:
        case "day":
            return day
        case "week":
            return day + 6 - on.weekday()
        case "month":
            return day_on((on.replace(day=1) + timedelta(days=32)).replace(day=1)) - 1
