"""The form of a working calendar: what stands in its fields, and what was typed there read as a calendar.

Hours stand as people write them, several stretches a day parted by commas. Days that are otherwise stand in lines: from
a day to a day, with hours of their own or closed. Each fault has the name of its field.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import takewhile
from typing import Final, NamedTuple

import msgspec

from bot import calendars
from conversations.phrases import Phrase, phrase
from recovery.calendars import Calendar
from recovery.written_calendars import WEEKDAYS, CalendarInvalid, in_words

MOST_LINES: Final = 400
"""Lines of days that are otherwise: those of twenty years."""

FIELDS: Final = 3 * MOST_LINES + 40
"""Of the form."""

EMPTY: Final = 3
"""Empty lines below those that say something."""

_LONGEST: Final = 366
_DAY: Final = timedelta(days=1)

Faults = Mapping[str, tuple[Phrase, ...]]


class Line(NamedTuple):
    """Days that are otherwise, as typed: the first and the last of them, and their hours; without any, closed."""

    first: str = ""
    last: str = ""
    hours: str = ""


class Form(msgspec.Struct, frozen=True):
    """The fields as they stand. `base` is the edition that they were made of, 0 for none."""

    key: str = ""
    zone: str = ""
    week: tuple[str, ...] = ("",) * 7
    lines: tuple[Line, ...] = ()
    country: str = ""
    years: str = ""
    base: int = 0


class Unfit(Exception):
    """What was typed is no calendar; `faults` says of each field what is wrong and how to mend it."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def of_calendar(key: str, calendar: Calendar, base: int) -> Form:
    """Return the form of a calendar that holds."""
    week = tuple(in_words(shifts) if shifts else "" for shifts in calendar.week)
    return Form(key, calendar.zone, week, tuple(lines_of(calendar)), base=base)


def lines_of(calendar: Calendar) -> Iterator[Line]:
    """Yield the days that are otherwise, in order; those that follow one another with the same hours are one line."""
    otherwise = dict.fromkeys(calendar.closed, "")
    otherwise |= {day: in_words(shifts) if shifts else "" for day, shifts in calendar.special.items()}
    first = last = None
    for day in sorted(otherwise):
        if first is not None and last is not None and (day - last != _DAY or otherwise[day] != otherwise[first]):
            yield _line(first, last, otherwise[first])
            first = None
        first, last = first or day, day
    if first is not None and last is not None:
        yield _line(first, last, otherwise[first])


def _line(first: date, last: date, hours: str) -> Line:
    return Line(first.isoformat(), "" if first == last else last.isoformat(), hours)


def typed(fields: Mapping[str, str]) -> Form:
    """Return a form as it was posted; empty lines are left out."""
    base = fields.get("base", "")
    lines = (
        Line(*(fields[f"day_{n}_{part}"].strip() for part in ("first", "last", "hours")))
        for n in range(MOST_LINES)
        if all(f"day_{n}_{part}" in fields for part in ("first", "last", "hours"))
    )
    return Form(
        key=fields.get("key", "").strip().lower(),
        zone=fields.get("zone", "").strip(),
        week=tuple(" ".join(fields.get(f"week_{day}", "").split()) for day in WEEKDAYS),
        lines=tuple(line for line in lines if any(line)),
        country=fields.get("country", "").strip(),
        years=fields.get("years", "").strip(),
        base=int(base) if base.isascii() and base.isdecimal() and len(base) < 19 else 0,
    )


def past(form: Form, today: date) -> int:
    """Return how many lines at the beginning are over: days of earlier years need not be in the way."""
    over = takewhile(lambda line: "" < (line.last or line.first) < today.isoformat(), form.lines)
    return sum(1 for _ in over)


def as_on_monday(form: Form, days: int) -> Form:
    """Return the form with the hours of Monday on the first `days` days of the week."""
    return msgspec.structs.replace(form, week=(form.week[0],) * days + form.week[days:])


def read(form: Form, now: int) -> Calendar:
    """Return the calendar that was typed. Raises Unfit with every fault."""
    faults: dict[str, list[Phrase]] = {}
    closed: list[str] = []
    special: dict[str, str] = {}
    places: dict[str, str] = {}
    for number, line in enumerate(form.lines):
        for day in _days(line, f"day_{number}", faults):
            if day in places:
                _note(faults, f"day_{number}", phrase("{day} stands in two lines. Leave it in one.", day=day))
            places[day] = f"day_{number}"
            if line.hours:
                special[day] = line.hours
            else:
                closed.append(day)
    places |= {f"special.{day}": places[day] for day in special}
    places |= {f"closed[{number}]": places[day] for number, day in enumerate(closed)}
    week = {day: words for day, words in zip(WEEKDAYS, form.week, strict=True) if words}
    calendar = _checked({"zone": form.zone, "week": week, "closed": closed, "special": special}, places, faults, now)
    if calendar is None or faults:
        raise Unfit({name: tuple(said) for name, said in faults.items()})
    return calendar


def _checked(
    fields: dict[str, object], places: Mapping[str, str], faults: dict[str, list[Phrase]], now: int
) -> Calendar | None:
    """Return the calendar of its written fields; what is wrong with them is noted at the fields of the form."""
    try:
        return calendars.checked(fields, now)
    except CalendarInvalid as error:
        for problem in error.problems:
            for said in (problem.what, problem.mend):
                _note(faults, places.get(problem.field, problem.field.replace(".", "_")), said)
        return None


def _days(line: Line, name: str, faults: dict[str, list[Phrase]]) -> Iterable[str]:
    """Return the days of a line; what cannot be read as one is left for whoever reads the calendar to tell."""
    if not line.first:
        _note(faults, name, phrase("Choose the day on which it begins."))
        return ()
    try:
        first, last = date.fromisoformat(line.first), date.fromisoformat(line.last or line.first)
    except ValueError:
        return dict.fromkeys(day for day in (line.first, line.last) if day)
    if last < first:
        _note(faults, name, phrase("The last day comes before the first. Change one of them."))
        return ()
    if (last - first).days >= _LONGEST:
        _note(faults, name, phrase("One line holds a year at most. Write the rest into another one."))
        return ()
    return [(first + passed * _DAY).isoformat() for passed in range((last - first).days + 1)]


def _note(faults: dict[str, list[Phrase]], name: str, said: Phrase) -> None:
    known = faults.setdefault(name, [])
    if said not in known:
        known.append(said)
