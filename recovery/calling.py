"""Ringing a customer who does not answer in chat: what follows from a call, and when the next one is due.

    to ring ── reached ───────> told: they were asked, and what they said counts as what was typed
            ── nobody answered > to ring again on the next working day; after three calls given up
            ── wrong number ──> given up: nobody rings a stranger twice

A call that nobody sees to is brought up again every working day. Pure: the calendar and the moment are given.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from recovery import calendars
from recovery.calendars import Calendar

MOST_TRIES: Final = 3
"""A telephone that rang on three working days and was never picked up is not picked up by us either."""

CallOutcome = Literal["reached", "no_answer", "wrong_number"]

_MILLISECOND: Final = timedelta(milliseconds=1)


class Told(msgspec.Struct, frozen=True):
    """They were reached: nothing is left to ring about."""


class RingAgain(msgspec.Struct, frozen=True):
    """Offer the call again at that moment (ms)."""

    at: int


class GiveUp(msgspec.Struct, frozen=True):
    """Ring no more."""


def after(outcome: CallOutcome, tries: int, calendar: Calendar, now: int) -> Told | RingAgain | GiveUp:
    """Return what follows from a call. `tries` are the calls before this one that nobody answered."""
    match outcome:
        case "reached":
            return Told()
        case "no_answer" if tries + 1 < MOST_TRIES:
            return RingAgain(next_day(calendar, now))
        case _:
            return GiveUp()


def next_day(calendar: Calendar, now: int) -> int:
    """Return when people are at work again on a later day than today, by the calendar's wall; a day on if never."""
    place = ZoneInfo(calendar.zone)
    today = datetime.fromtimestamp(now / 1000, UTC).astimezone(place).date()
    midnight = datetime.combine(today + timedelta(days=1), time(), place)
    opens_at = calendars.opens_at(calendar, int(midnight.timestamp() * 1000))
    return now + timedelta(days=1) // _MILLISECOND if opens_at is None else opens_at
