"""Changing a survey file place by place: what every editor does, in chat and on the web.

A place is a path of keys and positions, the same that a problem names: ("question", 2, "text", "en"). What was
written beside it, comments and the order of keys, stays as it is. Nothing here says whether the survey is any good:
a draft may be wrong while it is being written, and `conversations.checking` says what is.
"""

import tomllib
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from conversations.phrases import Phrase, phrase
from conversations.problems import KeyPath, SurveyError
from conversations.tables import Table, read_table, tabled, written

DEEPEST: Final = 8
"""Parts of a path; a survey needs six."""


class Put(msgspec.Struct, frozen=True, tag="put", tag_field="edit"):
    """Let a value stand at a place, instead of what stood there; tables on the way to it are made."""

    path: KeyPath
    value: Any


class Drop(msgspec.Struct, frozen=True, tag="drop", tag_field="edit"):
    """Take away what stands at a place, and the table or list around it when nothing is left in it."""

    path: KeyPath


class Insert(msgspec.Struct, frozen=True, tag="insert", tag_field="edit"):
    """Let another element stand at a position of a list, from 0; the list is made when there is none."""

    path: KeyPath
    at: int
    value: Any


class Move(msgspec.Struct, frozen=True, tag="move", tag_field="edit"):
    """Let the element at one position of a list stand at another, from 0."""

    path: KeyPath
    at: int
    to: int


Edit = Put | Drop | Insert | Move


class CannotAmend(SurveyError):
    """An edit does not fit the file: nothing was changed. `path` is where, `said` why and what to do."""

    def __init__(self, path: KeyPath, said: Phrase) -> None:
        super().__init__(said.sentence)
        self.path = path
        self.said = said


def amended(source: str, edits: Sequence[Edit]) -> str:
    """Return the survey file after the edits, one after the other; the same file where nothing is other.

    Raises CannotAmend.
    """
    table = read(source)
    before = written(table)
    for edit in edits:
        _amend(table, edit)
    after = written(table)
    return source if after == before else after


def read(source: str) -> Table:
    """Return the tables of a survey file, whatever they say. Raises CannotAmend for what is no TOML."""
    try:
        return read_table(source)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        words = phrase("The draft is no TOML at the moment, so single places cannot be changed. Mend it as text first.")
        raise CannotAmend((), words) from error


def _amend(table: Table, edit: Edit) -> None:
    _fits(edit.path)
    match edit:
        case Put(path=path, value=value):
            _put(table, path, _writable(path, value))
        case Drop(path=path):
            _drop(table, path)
        case Insert(path=path, at=at, value=value):
            elements = _list(table, path, made=True)
            _within(path, at, len(elements))
            elements.insert(at, _writable(path, value))
        case Move(path=path, at=at, to=to):
            elements = _list(table, path)
            _within(path, at, len(elements) - 1)
            _within(path, to, len(elements) - 1)
            elements.insert(to, elements.pop(at))


def _fits(path: KeyPath) -> None:
    if not path or len(path) > DEEPEST or not isinstance(path[0], str):
        raise CannotAmend(path, _NO_PLACE)


_NO_PLACE: Final = phrase("The draft has no such place any more. Look at it anew.")


def _put(table: Table, path: KeyPath, value: Any) -> None:
    holder = _around(table, path, made=True)
    last = path[-1]
    if isinstance(holder, Table) and isinstance(last, str):
        if holder.get(last) != value or type(holder.get(last)) is not type(value):  # True is no 1
            holder[last] = value
    elif isinstance(holder, list) and isinstance(last, int) and 0 <= last < len(holder):
        holder[last] = value
    else:
        raise CannotAmend(path, _NO_PLACE)


def _drop(table: Table, path: KeyPath) -> None:
    holder = _around(table, path)
    try:
        if isinstance(path[-1], int) and path[-1] < 0:
            raise IndexError
        del holder[path[-1]]
    except (KeyError, IndexError, TypeError) as error:
        raise CannotAmend(path, _NO_PLACE) from error
    if not holder and len(path) > 1:
        _drop(table, path[:-1])


def _around(table: Table, path: KeyPath, *, made: bool = False) -> Any:
    """Return the table or list in which the last part of a path stands."""
    at: Any = table
    for part in path[:-1]:
        if made and isinstance(at, Table) and isinstance(part, str):
            at.setdefault(part, Table())
        try:
            if isinstance(part, int) and part < 0:
                raise IndexError
            at = at[part]
        except (KeyError, IndexError, TypeError) as error:
            raise CannotAmend(path, _NO_PLACE) from error
        if not isinstance(at, Table | list):
            raise CannotAmend(path, _NO_PLACE)
    return at


def _list(table: Table, path: KeyPath, *, made: bool = False) -> list[Any]:
    holder = _around(table, path)
    if made and isinstance(holder, Table) and isinstance(path[-1], str):
        holder.setdefault(path[-1], [])
    try:
        found = holder[path[-1]]
    except (KeyError, IndexError, TypeError) as error:
        raise CannotAmend(path, _NO_PLACE) from error
    if not isinstance(found, list):
        raise CannotAmend(path, _NO_PLACE)
    return found


def _within(path: KeyPath, at: int, last: int) -> None:
    if not 0 <= at <= last:
        raise CannotAmend(path, _NO_PLACE)


def _writable(path: KeyPath, value: Any) -> Any:
    """Return a value as it stands in a table. Raises CannotAmend for what no survey file can say."""
    if not _can_be_written(value, DEEPEST):
        raise CannotAmend(
            path, phrase("A survey file holds texts, numbers, yes or no, lists and tables, nothing else.")
        )
    return tabled(value)


def _can_be_written(value: Any, deep: int) -> bool:
    match value:
        case str() | bool() | int() | float():
            return True
        case list():
            return deep > 0 and all(_can_be_written(one, deep - 1) for one in value)
        case dict():
            inner = (_can_be_written(one, deep - 1) for one in value.values())
            return deep > 0 and all(isinstance(key, str) and key for key in value) and all(inner)
        case _:
            return False
