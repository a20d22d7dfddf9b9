"""Many people at once: a table of them as text, read line by line, with every mistake named where it stands.

The first line names the columns, of which only `name` is needed. Columns are parted by tabs, semicolons or commas,
whichever the first line has; several skills, areas, languages or rights in one field by spaces, `|` or `+`.
"""

import csv
import re
from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from bot.phrases import LANGUAGES
from bot.rest.staff import MOST_LOAD, ROLES
from conversations.phrases import Phrase, phrase

COLUMNS: Final = ("name", "roles", "team", "language", "skills", "areas", "speaks", "calendar", "load_limit")
LISTS: Final = ("skills", "areas", "speaks")
MOST: Final = 200
"""People in one table."""

EXAMPLE: Final = (
    "name;roles;team;language;skills;areas;speaks;calendar;load_limit\n"
    "Ana;staff;North;en;repair;berlin;en zh-Hans;early;20\n"
    "Bo;staff supervisor;North;zh-Hans;;;;;"
)
NAME: Final = re.compile(r"[^\x00-\x1f\x7f,/]{1,64}")
LISTED: Final = re.compile(r"[^\s,/\x00-\x1f\x7f]{1,32}")


class Known(msgspec.Struct, frozen=True):
    """What there is already: names in use, teams, calendars."""

    names: Collection[str]
    teams: Collection[str]
    calendars: Collection[str]


class Line(msgspec.Struct, frozen=True):
    """One person of the table: the number of their line, what it says, and what is wrong with it."""

    number: int
    said: dict[str, str]
    mistakes: tuple[Phrase, ...]

    @property
    def name(self) -> str:
        """Return the name, as it will be kept."""
        return self.said.get("name", "")


class Table(msgspec.Struct, frozen=True):
    """The table as read. `mistakes` are those of the table as a whole: then it has no lines."""

    lines: tuple[Line, ...] = ()
    mistakes: tuple[Phrase, ...] = ()

    @property
    def good(self) -> bool:
        """Return whether all of it can be taken in."""
        return bool(self.lines) and not self.mistakes and not any(line.mistakes for line in self.lines)


def read(text: str, known: Known) -> Table:
    """Return a table's people, with every mistake."""
    rows = list(csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=_parted_by(text)))
    if not rows or not any(rows[0]):
        return Table(mistakes=(phrase("There is nothing in it."),))
    columns = [cell.strip().lower().replace(" ", "_") for cell in rows[0]]
    wrong = tuple(_wrong_columns(columns))
    if wrong:
        return Table(mistakes=wrong)
    people = [(number, row) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]
    if len(people) > MOST:
        return Table(mistakes=(phrase("These are more than {most} people. Please take several tables.", most=MOST),))
    if not people:
        return Table(mistakes=(phrase("There is nobody below the first line."),))
    return Table(tuple(_lines(people, columns, known)))


def _parted_by(text: str) -> str:
    first = text.lstrip("\ufeff").partition("\n")[0]
    return max(("\t", ";", ","), key=first.count)


def _wrong_columns(columns: list[str]) -> Iterator[Phrase]:
    if "name" not in columns:
        yield phrase("The first line names the columns; one of them must be: name")
    for column in dict.fromkeys(columns):
        if column not in COLUMNS:
            known = ", ".join(COLUMNS)
            yield phrase("The column {column} is not known. There are: {known}", column=column[:40], known=known)
        elif columns.count(column) > 1:
            yield phrase("The column {column} stands there twice.", column=column)


def _lines(people: list[tuple[int, list[str]]], columns: list[str], known: Known) -> Iterator[Line]:
    seen: set[str] = set()
    for number, row in people:
        said = {column: " ".join(cell.split()) for column, cell in zip(columns, row, strict=False)}
        mistakes = [*_of_name(said.get("name", ""), known, seen), *_of_fields(said, known)]
        if len(row) > len(columns):
            mistakes.append(phrase("There are more fields than columns."))
        seen.add(said.get("name", "").casefold())
        yield Line(number, said, tuple(mistakes))


def _of_name(name: str, known: Known, seen: set[str]) -> Iterator[Phrase]:
    if not NAME.fullmatch(name):
        yield phrase("A name has 1 to 64 characters, no comma, no slash.")
    elif name in known.names:
        yield phrase("{name} works here already.", name=name)
    elif name.casefold() in seen:
        yield phrase("{name} stands there twice.", name=name)


def _of_fields(said: dict[str, str], known: Known) -> Iterator[Phrase]:
    for role in several(said.get("roles", "")):
        if role not in ROLES:
            yield phrase("{role} is no right. There are: {known}", role=role[:40], known=", ".join(ROLES))
    if (language := said.get("language", "")) and language not in LANGUAGES:
        yield phrase(
            "{language} is no language of ours. There are: {known}", language=language[:40], known=", ".join(LANGUAGES)
        )
    if (team := said.get("team", "")) and team not in known.teams:
        yield phrase("There is no team {team}. Make it first.", team=team[:64])
    if (calendar := said.get("calendar", "")) and calendar not in known.calendars:
        yield phrase("There is no calendar {calendar}. Make it first.", calendar=calendar[:64])
    for field in LISTS:
        if any(not LISTED.fullmatch(one) for one in several(said.get(field, ""))):
            yield phrase("{field}: short names without commas and slashes, parted by spaces.", field=field)
    limit = said.get("load_limit", "")
    if limit and not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= MOST_LOAD):
        yield phrase("load_limit is a whole number from 1 to {most}.", most=MOST_LOAD)


def several(field: str) -> list[str]:
    """Return the parts of a field that may have several."""
    return [part for part in re.split(r"[\s|+]+", field) if part]


def body_of(line: Line) -> dict[str, object]:
    """Return what a line says of somebody, in the form that a change of a staff member has."""
    body: dict[str, object] = {field: several(line.said[field]) for field in LISTS if line.said.get(field)}
    body |= {field: line.said[field] for field in ("team", "calendar") if line.said.get(field)}
    if limit := line.said.get("load_limit"):
        body["load_limit"] = int(limit)
    return body
