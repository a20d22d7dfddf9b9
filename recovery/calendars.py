"""Working calendars: when people are at work, and how much working time lies between two moments.

A calendar is wall time in one IANA zone: for each weekday any number of stretches, whose gaps are the breaks; days
that are closed; and special days with hours of their own. A moment is ms UTC, a span of working time a `timedelta`.

    special day    comes before a closed day, which comes before the weekday
    past midnight  a stretch belongs to the day on which it begins, so a closed Saturday leaves Friday's night whole
    overlap        where two days reach into each other, the time counts once
    clock changes  a stretch begins and ends when the clock on the wall first shows that time or a later one: in the
                   night in which clocks go forward 01:00–04:00 has two hours, in that in which they go back four

Everything here reads one list, the stretches of working time from a moment on, and is as slow as the days it spans.
Who keeps a calendar in a file or a form finds its written form in `recovery.written_calendars`.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

LONGEST_CLOSED: Final = 366
"""Days in a row without working time, after which a calendar counts as one that never opens again."""

DAY: Final = 24 * 60
"""Minutes of a day, by the clock on the wall."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_DAY: Final = _EPOCH.toordinal()
_LAST_DAY: Final = date.max.toordinal() - 2
_MILLISECOND: Final = timedelta(milliseconds=1)
_MINUTE_MS: Final = 60_000
_DAY_MS: Final = DAY * _MINUTE_MS


class NeverOpens(Exception):
    """So much working time does not come any more: give the calendar hours, or open a day that is closed."""

    def __init__(self, calendar: "Calendar", after: int) -> None:
        day = _local_day(after, _place(calendar.zone))
        super().__init__(f"the calendar has no working time for {LONGEST_CLOSED} days after {date.fromordinal(day)}")
        self.calendar = calendar
        self.after = after


class Hours(msgspec.Struct, frozen=True, order=True):
    """One stretch of work, in minutes after the midnight with which its day begins; past 1440 on the next day."""

    opens: int
    closes: int


Shifts = tuple[Hours, ...]
"""The stretches that begin on one day, in order."""


class Calendar(msgspec.Struct, frozen=True):
    """When people are at work. `week` begins with Monday; raises ValueError where stretches of a day overlap."""

    zone: str
    week: tuple[Shifts, Shifts, Shifts, Shifts, Shifts, Shifts, Shifts]
    closed: frozenset[date] = frozenset()
    special: dict[date, Shifts] = {}

    def __post_init__(self) -> None:
        _place(self.zone)
        for shifts in (*self.week, *self.special.values()):
            _hold_in_order(shifts)

    def on(self, day: date) -> Shifts:
        """Return the stretches that begin on that day."""
        if (special := self.special.get(day)) is not None:
            return special
        return () if day in self.closed else self.week[day.weekday()]


def office(zone: str) -> Calendar:
    """Return Monday to Friday from 9 to 12 and 13 to 18: what holds until somebody says otherwise."""
    day = (Hours(9 * 60, 12 * 60), Hours(13 * 60, 18 * 60))
    return Calendar(zone, (day, day, day, day, day, (), ()))


def always(zone: str = "UTC") -> Calendar:
    """Return a calendar that never closes."""
    day = (Hours(0, DAY),)
    return Calendar(zone, (day, day, day, day, day, day, day))


def is_open(calendar: Calendar, at: int) -> bool:
    """Return whether people are at work at that moment; the end of a stretch is no longer part of it."""
    return opens_at(calendar, at) == at


def opens_at(calendar: Calendar, after: int) -> int | None:
    """Return the first moment, `after` or later, at which people are at work; None when that never comes."""
    return next((begins for begins, _ in _stretches(calendar, after)), None)


def time_between(calendar: Calendar, start: int, end: int) -> timedelta:
    """Return the working time from one moment to another; nothing when `end` is not after `start`."""
    before_the_end = takewhile(lambda stretch: stretch[0] < end, _stretches(calendar, start))
    return sum(min(ends, end) - begins for begins, ends in before_the_end) * _MILLISECOND


def add(calendar: Calendar, start: int, span: timedelta) -> int:
    """Return the first moment at which that much working time has passed since `start`.

    So eight hours from nine o'clock are over when the day closes at five, not when the next one begins. Parts of a
    millisecond are rounded up. Raises ValueError when the span is negative, NeverOpens when it never passes.
    """
    left = -(-span // _MILLISECOND)
    if left < 0:
        raise ValueError("working time only goes forwards")
    if left == 0:
        return start
    reached = start
    for begins, ends in _stretches(calendar, start):
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
        reached = ends
    raise NeverOpens(calendar, reached)


def _stretches(calendar: Calendar, since: int) -> Iterator[tuple[int, int]]:
    """Yield working time from a moment on, as moments at which it begins and ends, in order and without overlap.

    Ends when the calendar does not open any more.
    """
    day = _local_day(since, _place(calendar.zone)) - 1  # yesterday's last stretch may reach into today
    idle, reached = 0, since
    while idle <= LONGEST_CLOSED and day < _LAST_DAY:
        shifts = calendar.on(date.fromordinal(day))
        idle, day = idle + 1, day + 1
        for opens, closes in _moments(calendar.zone, day - 1, shifts) if shifts else ():
            if closes > reached:
                idle = 0
                yield max(opens, reached), closes
                reached = closes


@lru_cache(maxsize=8192)
def _moments(zone: str, day: int, shifts: Shifts) -> tuple[tuple[int, int], ...]:
    """Return when the stretches of that day begin and end. Zones hardly change, so a day is reckoned only once."""
    place, midnight = _place(zone), (day - _FIRST_DAY) * _DAY_MS
    edges = [
        (
            _first_shown(midnight + hours.opens * _MINUTE_MS, place),
            _first_shown(midnight + hours.closes * _MINUTE_MS, place),
        )
        for hours in shifts
    ]
    return tuple((opens, closes) for opens, closes in edges if opens < closes)


def _first_shown(wall: int, place: ZoneInfo) -> int:
    """Return the first moment at which the clock on the wall shows that time, or a later one."""
    before, after = _offset(wall, place, 0), _offset(wall, place, 1)
    if after <= before:  # shown once; or twice, of which this is the first time
        return wall - before
    skipped = range(wall - after, wall - before)  # never shown: the clock is set forward in between
    return skipped.start + bisect_left(skipped, True, key=lambda at: _local(at, place).utcoffset() != _ms(before))


def _offset(wall: int, place: ZoneInfo, fold: int) -> int:
    naive = (_EPOCH + _ms(wall)).replace(tzinfo=place, fold=fold)
    return (naive.utcoffset() or timedelta(0)) // _MILLISECOND


def _local_day(at: int, place: ZoneInfo) -> int:
    return _local(at, place).toordinal()


def _local(at: int, place: ZoneInfo) -> datetime:
    return (_EPOCH + _ms(at)).astimezone(place)


def _ms(count: int) -> timedelta:
    return timedelta(milliseconds=count)


def _place(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (LookupError, ValueError, OSError):  # unknown, malformed, a folder of zones
        raise ValueError(f"there is no time zone {zone!r}; use an IANA name such as Europe/Berlin") from None


def _hold_in_order(shifts: Shifts) -> None:
    ended = 0
    for hours in shifts:
        if not ended <= hours.opens < DAY or not hours.opens < hours.closes <= hours.opens + DAY:
            raise ValueError(f"stretches of a day come in order, without overlap, each at most a day long: {shifts}")
        ended = hours.closes
