"""What is so of the working hours: public holidays that are known for too short a time ahead."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from bot import candidates
from bot.checks.findings import Finding, note
from bot.clock import moment
from conversations.phrases import phrase
from recovery.calendars import Calendar
from storage.unit import Unit

AHEAD: Final = timedelta(days=60)
"""Closed days should be known for longer: the next one is nowhere further away, and clocks run into it."""

SEVERAL: Final = 5
"""From so many closed days on they are public holidays, and not a shop's own few days off."""


def of_hours(unit: Unit, now: int) -> Iterator[Finding]:
    """Yield a finding for each calendar whose public holidays are soon over, or are over."""
    today = moment(now).date()
    for stored in unit.calendars.listing(1):
        last = last_closed(candidates.calendar_of(stored.written))
        if last is not None and last < today + AHEAD:
            command = f"makegood calendar set {stored.key} --hours … --holidays COUNTRY"
            told = phrase("The calendar {key} knows no holiday after {day}.", key=stored.key, day=last.isoformat())
            yield note("calendar", told, phrase("Look them up again: {command}", command=command))


def last_closed(calendar: Calendar) -> date | None:
    """Return the last of a calendar's public holidays; None when it has none."""
    return max(calendar.closed) if len(calendar.closed) >= SEVERAL else None
