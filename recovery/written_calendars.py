"""A working calendar as people write it, and as it is stored: days and hours in words.

    {"zone": "Europe/Berlin", "week": {"mon": "09:00-12:00, 13:00-17:00", "sat": "22:00-06:00"},
     "closed": ["2026-12-25"], "special": {"2026-12-24": "09:00-12:00", "2026-12-27": "10:00-16:00"}, "version": 1}

A day without hours is left out, or `closed`; `24h` is the whole day; hours that end before they begin end on the
next day. What cannot be read is told in full, each problem with its field and how to mend it.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from conversations.phrases import Phrase, phrase
from recovery.calendars import DAY, Calendar, Hours, Shifts

VERSION: Final = 1
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_STRETCH: Final = re.compile(r"(\d{1,2}):(\d\d)\s*[-–—~]\s*(\d{1,2}):(\d\d)")
_NONE: Final = ("", "closed", "-")
_WHOLE_DAY: Final = "24h"


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with one field, as `week.mon`, and how to mend it."""

    field: str
    what: Phrase
    mend: Phrase


class CalendarInvalid(Exception):
    """The written calendar cannot be used; `problems` holds all that is wrong with it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(f"{problem.field}: {problem.what.sentence}" for problem in problems))
        self.problems = problems


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fields of a written calendar."""

    zone: str
    week: dict[str, str] = {}
    closed: tuple[str, ...] = ()
    special: dict[str, str] = {}
    version: int = VERSION


def written(calendar: Calendar) -> Written:
    """Return a calendar in words, its days in order."""
    named = zip(WEEKDAYS, calendar.week, strict=True)
    return Written(
        zone=calendar.zone,
        week={name: in_words(shifts) for name, shifts in named if shifts},
        closed=tuple(day.isoformat() for day in sorted(calendar.closed)),
        special={day.isoformat(): in_words(shifts) for day, shifts in sorted(calendar.special.items())},
    )


def save(calendar: Calendar) -> str:
    """Return the calendar as it is stored; equal calendars are stored equally."""
    return msgspec.json.encode(written(calendar)).decode()


def load(stored: str) -> Calendar:
    """Return the calendar from what `save` made."""
    return read(msgspec.json.decode(stored))


def read(fields: dict[str, Any]) -> Calendar:
    """Return the calendar from its written fields. Raises CalendarInvalid with every problem that there is."""
    try:
        text = msgspec.convert(fields, Written)
    except msgspec.ValidationError as error:
        raise CalendarInvalid((_unreadable(str(error)),)) from error
    if problems := tuple(_problems(text)):
        raise CalendarInvalid(problems)
    return _calendar(text)


def shifts_in(words: str) -> Shifts | None:
    """Return the stretches of a day from its words, in order; None when they cannot be read."""
    plain = unicodedata.normalize("NFKC", words).strip().lower()
    if plain in _NONE:
        return ()
    if plain == _WHOLE_DAY:
        return (Hours(0, DAY),)
    found = [_hours(part.strip()) for part in re.split(r"[,;、]", plain)]
    return None if None in found else tuple(sorted(hours for hours in found if hours is not None))


def in_words(shifts: Shifts) -> str:
    """Return the stretches of a day as `shifts_in` reads them."""
    return ", ".join(f"{_clock(hours.opens)}-{_clock(hours.closes)}" for hours in shifts) or "closed"


def _clock(minute: int) -> str:
    return "24:00" if minute == DAY else f"{minute % DAY // 60:02}:{minute % 60:02}"


def _hours(part: str) -> Hours | None:
    match = _STRETCH.fullmatch(part)
    if match is None:
        return None
    opens_hour, opens_minute, closes_hour, closes_minute = map(int, match.groups())
    opens, closes = opens_hour * 60 + opens_minute, closes_hour * 60 + closes_minute
    if opens >= DAY or closes > DAY or max(opens_minute, closes_minute) > 59:
        return None
    return Hours(opens, closes if closes > opens else closes + DAY)


def _calendar(text: Written) -> Calendar:
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        shifts_in(text.week.get(name, "")) or () for name in WEEKDAYS
    )
    return Calendar(
        zone=text.zone,
        week=(monday, tuesday, wednesday, thursday, friday, saturday, sunday),
        closed=frozenset(date.fromisoformat(day) for day in text.closed),
        special={date.fromisoformat(day): shifts_in(words) or () for day, words in text.special.items()},
    )


# --- what can be wrong ----------------------------------------------------------------------------------------------

_WRITE_HOURS: Final = phrase("Write hours as 09:00-12:00, 13:00-17:00; or 24h for the whole day; or closed.")
_WRITE_DAY: Final = phrase("Write a day as 2026-12-24.")
_NEVER_OPENS: Final = Problem(
    "week", phrase("It never opens, so nothing would ever fall due."), phrase("Give at least one day hours.")
)


def _problems(text: Written) -> Iterator[Problem]:
    if text.version != VERSION:
        yield Problem(
            "version",
            phrase("This calendar was written by another version of makegood."),
            phrase("Write version {version}, or leave it out.", version=VERSION),
        )
    yield from _zone_problems(text.zone)
    for name, words in text.week.items():
        yield from _weekday_problems(name)
        yield from _hours_problems(f"week.{name}", words)
    for number, day in enumerate(text.closed):
        yield from _day_problems(f"closed[{number}]", day)
    for day, words in text.special.items():
        yield from _day_problems(f"special.{day}", day)
        yield from _hours_problems(f"special.{day}", words)
    if not any(shifts_in(words) != () for words in (*text.week.values(), *text.special.values())):
        yield _NEVER_OPENS


def _zone_problems(zone: str) -> Iterator[Problem]:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):  # unknown, malformed, a folder of zones
        what = phrase("There is no time zone {zone}.", zone=zone or "“”")
        yield Problem("zone", what, phrase("Use a name such as Europe/Berlin or Asia/Shanghai."))


def _weekday_problems(name: str) -> Iterator[Problem]:
    if name not in WEEKDAYS:
        what = phrase("There is no weekday {name}.", name=name)
        yield Problem(f"week.{name}", what, phrase("Use {names}.", names=", ".join(WEEKDAYS)))


def _hours_problems(field: str, words: str) -> Iterator[Problem]:
    shifts = shifts_in(words)
    if shifts is None:
        yield Problem(field, phrase("“{words}” cannot be read as hours.", words=words), _WRITE_HOURS)
        return
    for one, following in pairwise(shifts):
        if following.opens < one.closes:
            what = phrase("{one} and {other} overlap.", one=in_words((one,)), other=in_words((following,)))
            yield Problem(field, what, phrase("Let one end before the next begins."))


def _day_problems(field: str, day: str) -> Iterator[Problem]:
    try:
        readable = date.fromisoformat(day).isoformat() == day
    except ValueError:
        readable = False
    if not readable:
        yield Problem(field, phrase("“{day}” is no day.", day=day), _WRITE_DAY)


def _unreadable(reason: str) -> Problem:
    """Return the problem of a calendar whose fields are not of their kind, as the reader of its form put it."""
    place = re.search(r"`\$\.?([^`]*)`$", reason)
    what = phrase("This cannot be read: {reason}", reason=reason)
    return Problem(place[1] if place else "", what, phrase("A calendar has zone, week, closed and special."))
