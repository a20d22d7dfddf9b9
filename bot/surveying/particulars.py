"""What only some kinds of question have, each with a button: places, details, bounds of a day, sides of the service.

Each is a place of the file. What is chosen with a tap or typed is kept at once, unless it would be wrong: then what,
and how to mend it, stands above the same screen. `where` is the number of a question, `3-1` the second row of a matrix.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bot.phrases import listed
from bot.surveying.changing import change, wrong_after
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import Sheet, tables, word
from bot.surveying.telling import in_rows, problem_lines, text_of
from bot.surveying.tree import show_tree
from conversations import dates
from conversations.amending import Drop, Edit, Put
from conversations.contact_details import WAYS
from conversations.importing import naming
from conversations.particulars import TODAY
from conversations.phrases import Phrase, phrase
from conversations.problems import KeyPath
from conversations.slots import LONGEST_KEY
from conversations.surveys import RATINGS

NO_BOUND: Final = phrase("no bound")
MOST_ASPECTS: Final = 12
"""Sides of the service that are offered; further ones are typed."""


class Particular(NamedTuple):
    """One of them: what it is called and for, which kinds have it, what is asked for when it can be typed."""

    called: Phrase
    what_for: Phrase
    kinds: frozenset[str]
    asks: Phrase | None = None


_SEND_DAY: Final = phrase("Or send me a day, such as {example}.", example="2026-11-22")

PARTICULARS: Final[Mapping[str, Particular]] = {
    "top": Particular(
        phrase("How many to put in order"),
        phrase("Customers tap what comes first, then the next. The fewer places, the less work it is for them."),
        frozenset({"ranking"}),
    ),
    "wants": Particular(
        phrase("What counts"),
        phrase("Which details are taken as an answer."),
        frozenset({"contact"}),
    ),
    "sense": Particular(
        phrase("Past or future"),
        phrase("A day that is typed without its year is read so."),
        frozenset({"date"}),
    ),
    "earliest": Particular(
        phrase("Earliest day"),
        phrase("A day before it is not taken; the customer is asked again."),
        frozenset({"date"}),
        _SEND_DAY,
    ),
    "latest": Particular(
        phrase("Latest day"),
        phrase("A day after it is not taken; the customer is asked again."),
        frozenset({"date"}),
        _SEND_DAY,
    ),
    "aspect": Particular(
        phrase("Side of the service"),
        phrase("So that reports can compare the sides: small letters, such as staff or room."),
        frozenset(RATINGS) - {"matrix"},
        phrase("Or send me another one."),
    ),
}

_WORDS: Final[Mapping[Any, Phrase]] = {
    "phone": phrase("Telephone number"),
    "email": phrase("E-mail"),
    "past": phrase("in the past"),
    "future": phrase("in the future"),
    TODAY: phrase("today"),
}
_WITHOUT: Final[Mapping[str, Phrase]] = {
    "top": phrase("all"),
    "sense": phrase("before or after today"),
    "earliest": NO_BOUND,
    "latest": NO_BOUND,
    "aspect": phrase("none"),
}
"""What holds when the file does not say."""


def of_kind(kind: str) -> list[str]:
    """Return the names of what questions of a kind have."""
    return [name for name, each in PARTICULARS.items() if kind in each.kinds]


def lines(room: Room, question: Mapping[str, Any]) -> list[str]:
    """Return what holds for a question, one a line; a side of the service only where it is named."""
    names = (name for name in of_kind(word(question, "kind")) if name != "aspect" or "aspect" in question)
    return [line(room, name, question) for name in names]


def buttons(room: Room, n: int, question: Mapping[str, Any]) -> list[list[Choice]]:
    """Return a button for each thing that the question has."""
    names = of_kind(word(question, "kind"))
    return in_rows([(room.say(PARTICULARS[name].called), f"f.{n}.{name}") for name in names], 2)


def of_row(room: Room, n: int, m: int) -> Choice:
    """Return the button for the side of the service that a row of a matrix is about."""
    return (room.say(PARTICULARS["aspect"].called), f"f.{n}-{m}.aspect")


def line(room: Room, name: str, holder: Mapping[str, Any]) -> str:
    """Return what holds for one of them."""
    return room.say(phrase("{name}: {value}", name=PARTICULARS[name].called, value=_now(room, name, holder)))


def _now(room: Room, name: str, holder: Mapping[str, Any]) -> str:
    written = holder.get(name, list(WAYS) if name == "wants" else "")
    return _shown(room, name, written)


def _shown(room: Room, name: str, value: Any) -> str:
    if isinstance(value, list):
        return listed((_shown(room, name, one) for one in value), room.language)
    if value == "":
        return room.say(_WITHOUT[name]) if name in _WITHOUT else "–"
    known = isinstance(value, str) and name != "aspect" and value in _WORDS
    return room.say(_WORDS[value]) if known else str(value)


# --- where it stands ------------------------------------------------------------------------------------------------


class _Place(NamedTuple):
    """One particular of one question, or of one row."""

    sheet: Sheet
    path: KeyPath
    holder: Mapping[str, Any]
    name: str
    where: str

    @property
    def number(self) -> int:
        """Return the number of its question, from 0."""
        return int(self.path[1])


def _found(room: Room, where: str, name: str) -> _Place | None:
    """Return where a particular stands; show the tree when there is no such place any more."""
    sheet, (number, dash, row) = room.sheet(), where.partition("-")
    if sheet is not None and number.isdecimal() and int(number) < len(sheet.questions):
        question = sheet.questions[int(number)]
        rows = tables(question, "rows")
        if dash and name == "aspect" and row.isdecimal() and int(row) < len(rows):
            return _Place(sheet, ("question", int(number), "rows", int(row), name), rows[int(row)], name, where)
        if not dash and name in of_kind(word(question, "kind")):
            return _Place(sheet, ("question", int(number), name), question, name, where)
    show_tree(room)
    return None


def _back(room: Room, place: _Place) -> None:
    from bot.surveying.adding import show_entry
    from bot.surveying.question import show_question

    if len(place.path) > 3:
        show_entry(room, str(place.number), str(place.path[3]))
    else:
        show_question(room, place.where)


def _way_back(room: Room, place: _Place) -> Choice:
    if len(place.path) > 3:
        return (room.say(phrase("‹ All of them")), f"p.{place.number}")
    return (room.say(phrase("‹ Question {number}", number=place.number + 1)), f"q.{place.where}")


# --- shown and changed ----------------------------------------------------------------------------------------------


def show(room: Room, where: str, name: str) -> None:
    """Show what a particular is for, what it is now, and what it can be."""
    place = _found(room, where, name)
    if place is None:
        return
    this = PARTICULARS[name]
    parts = [text_of(room, place.sheet, place.sheet.questions[place.number], 200), room.say(this.called)]
    parts += [room.say(this.what_for), room.say(phrase("Now: {value}", value=_now(room, name, place.holder)))]
    parts += problem_lines(room, place.sheet.wrong_at(*place.path))
    if this.asks is not None:
        parts.append(room.say(this.asks))
    choices = [(_shown(room, name, value), f"f.{where}.{name}.{n}") for n, value in enumerate(_offered(place))]
    rows = [*in_rows(choices, 5 if name == "top" else 3), [_way_back(room, place)]]
    room.show("\n\n".join(parts), rows, asks=f"f.{where}.{name}" if this.asks is not None else "")


def _offered(place: _Place) -> list[Any]:
    """Return what can be chosen with a tap, nothing said (`""`) with it; both details are nothing said, too."""
    match place.name:
        case "top":
            return ["", *range(1, len(tables(place.holder, "options")))]
        case "wants":
            return [list(WAYS), *([way] for way in WAYS)]
        case "sense":
            return ["", "past", "future"]
        case "aspect":
            return ["", *_aspects(place.sheet)[:MOST_ASPECTS]]
        case _:
            return ["", TODAY]


def _aspects(sheet: Sheet) -> list[str]:
    """Return the sides that questions of the survey are about already, in their order."""
    holders = [one for question in sheet.questions for one in (question, *tables(question, "rows"))]
    return [name for name in dict.fromkeys(word(one, "aspect") for one in holders) if name]


def choose(room: Room, where: str, name: str, which: str) -> None:
    """Set a particular to what was tapped."""
    place = _found(room, where, name)
    if place is None:
        return
    offered = _offered(place)
    if not which.isdecimal() or int(which) >= len(offered):
        show(room, where, name)
        return
    value = offered[int(which)]
    _keep(room, place, "" if value == list(WAYS) else value)


def take(room: Room, where: str, name: str, text: str) -> None:
    """Set a particular to what was typed; what it cannot be is said, and asked for again."""
    place = _found(room, where, name)
    if place is None:
        return
    value = naming.spelled(text)[:LONGEST_KEY] if name == "aspect" else _day(room, place, text)
    if not value:
        if name == "aspect":
            room.tell(phrase("A side of the service is named by small letters, such as staff or room."))
        else:
            room.tell(phrase("I cannot read that as one day. Write it like this: {example}", example="2026-11-22"))
        show(room, where, name)
        return
    _keep(room, place, value)


def _day(room: Room, place: _Place, text: str) -> str:
    """Return a day as the file writes it, nothing for what is none or may be two; *today* goes on with the days."""
    if re.fullmatch(r"\s*(?:today|今天|今日)\s*", text, re.IGNORECASE):
        return TODAY
    today = dates.today_in(room.talk.house.zone, room.talk.now)
    days = dates.meant(text.strip(), today, word(place.holder, "sense")).days
    return days[0].isoformat() if len(days) == 1 else ""


def _keep(room: Room, place: _Place, value: Any) -> None:
    """Keep it, unless it would be wrong: then say what, and how to mend it."""
    edit: Edit | None = Put(place.path, value)
    if value == "":
        edit = Drop(place.path) if place.name in place.holder else None
    wrong = wrong_after(room, [edit], place.path[:2]) if edit is not None else []
    if wrong:
        room.news += wrong
        show(room, place.where, place.name)
        return
    key = word(place.sheet.questions[place.number], "key")
    what = phrase("question {key}: {what}", key=key, what=PARTICULARS[place.name].called)
    if edit is None or change(room, [edit], what):
        room.tell(phrase("✓ Kept."))
        _back(room, place)
