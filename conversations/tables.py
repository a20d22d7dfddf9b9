"""A survey file as tables that can be changed: read with its comments, written with them again.

tomllib gives the values and keeps neither comments nor blank lines; here each stands with what it was written above
or beside, goes where that goes, and is lost only with it. Written back, keys keep their order; lists of questions,
branches and variants are tables of their own, other lists of tables stand in brackets, line by line.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from conversations import toml
from conversations.positions import notes
from conversations.problems import KeyPath

HEADED: Final = frozenset({"question", "branch", "variant"})
"""Lists whose tables have a heading of their own, such as [[question]]."""

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SPELLED: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_CLOSING: Final = re.compile(r'"(?="|\Z)')
_WIDEST: Final = 120


class Table(dict[str, Any]):
    """A table with the lines above each of its keys and the comment beside it.

    `heading` is what stands above the table itself and beside its heading; `below` what ends it. Lines are comments
    with their sign, or empty.
    """

    def __init__(self, values: Mapping[str, Any] = {}) -> None:
        super().__init__({key: tabled(value) for key, value in values.items()})
        self.above: dict[str, list[str]] = {}
        self.beside: dict[str, str] = {}
        self.heading: tuple[list[str], str] = ([], "")
        self.below: list[str] = []

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        self.above.pop(key, None)
        self.beside.pop(key, None)


def tabled(value: Any) -> Any:
    """Return a value of JSON or TOML with tables that can be changed and hold comments."""
    if isinstance(value, Mapping):
        return Table(value)
    return [tabled(one) for one in value] if isinstance(value, list) else value


# --- read -----------------------------------------------------------------------------------------------------------


def read_table(source: str) -> Table:
    """Return the table of a TOML text. Raises tomllib.TOMLDecodeError, ValueError or RecursionError as tomllib does."""
    source = source.removeprefix("\ufeff").replace("\r\n", "\n")
    table = Table(toml.loads(source))
    found = notes(source)
    for path, lines in found.above.items():
        _stand_above(table, path, lines)
    for path, comment in found.beside.items():
        _stand_beside(table, path, comment)
    table.below = found.below
    return table


def _stand_above(table: Table, path: KeyPath, lines: list[str]) -> None:
    holder, key = _holder(table, path)
    if key is None:
        holder.heading = ([*holder.heading[0], *lines], holder.heading[1])
    else:
        holder.above.setdefault(key, []).extend(lines)


def _stand_beside(table: Table, path: KeyPath, comment: str) -> None:
    holder, key = _holder(table, path)
    if key is None and not holder.heading[1]:
        holder.heading = (holder.heading[0], comment)
    elif key is not None and key not in holder.beside:
        holder.beside[key] = comment
    else:
        _stand_above(table, path, [comment])


def _holder(table: Table, path: KeyPath) -> tuple[Table, str | None]:
    """Return the innermost table around a place and the key in it; no key where a list holds that table.

    What stands at a table of dotted keys stands at the first of them.
    """
    holder, key, at = table, None, table
    for part in path:
        try:
            at = at[part]  # type: ignore[index]  # a table by its key, a list by its position
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(part, str) and key is None:
            key = part
        if isinstance(at, Table) and (at or isinstance(part, int)):
            holder, key = at, None
    if key is None and path and isinstance(path[-1], str):
        key = next(iter(holder), None)
    return holder, key


# --- written --------------------------------------------------------------------------------------------------------


def written(table: Table) -> str:
    """Return the TOML text of a table, with its comments."""
    lines = [*_body(table, ()), *table.below]
    while lines and not lines[0]:
        del lines[0]
    return "\n".join([*lines, ""])


def _body(table: Table, around: tuple[str, ...]) -> Iterator[str]:
    headed = {key: value for key, value in table.items() if key in HEADED and _is_list_of_tables(value)}
    for key, value in table.items():
        if key not in headed:
            yield from _pair(table, (key,), value)
    for key, tables in headed.items():
        for one in tables:
            yield from _headed((*around, key), one)


def _headed(path: tuple[str, ...], table: Table) -> Iterator[str]:
    above, beside = table.heading
    if not above or above[0]:
        yield ""
    yield from above
    yield _line(f"[[{'.'.join(map(_key, path))}]]", beside)
    yield from _body(table, path)


def _pair(holder: Table, path: tuple[str, ...], value: Any) -> Iterator[str]:
    """Yield a key with its value; a table by dotted keys."""
    yield from holder.above.get(path[-1], ())
    if isinstance(value, Table) and value:
        for key, inner in value.items():
            yield from _pair(value, (*path, key), inner)
        return
    name = ".".join(map(_key, path))
    beside = holder.beside.get(path[-1], "")
    if isinstance(value, list) and (_is_list_of_tables(value) or len(_value(value)) + len(name) > _WIDEST):
        yield f"{name} = ["
        yield from (line for one in value for line in _element(one))
        yield _line("]", beside)
    else:
        yield _line(f"{name} = {_value(value)}", beside)


def _element(value: Any) -> Iterator[str]:
    """Yield one element of a list in brackets, a comment inside of it above it."""
    above, beside = value.heading if isinstance(value, Table) else ([], "")
    yield from (f"    {line}".rstrip() for line in (*above, *(_inside(value))))
    yield _line(f"    {_value(value)},", beside)


def _inside(value: Any) -> Iterator[str]:
    if isinstance(value, Table):
        for key, inner in value.items():
            yield from value.above.get(key, ())
            yield from filter(None, [value.beside.get(key)])
            yield from _inside(inner)
    elif isinstance(value, list):
        for one in value:
            yield from _inside(one)


def _line(text: str, beside: str) -> str:
    return f"{text}  {beside}" if beside else text


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Table) for one in value)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case datetime() | date() | time():
            return value.isoformat()
        case Table():
            return f"{{ {', '.join(_inner(value))} }}" if value else "{}"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return repr(value)


def _inner(table: Table, around: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the keys of a table in braces, those of tables inside of it dotted."""
    for key, value in table.items():
        path = (*around, key)
        if isinstance(value, Table) and value:
            yield from _inner(value, path)
        else:
            yield f"{'.'.join(map(_key, path))} = {_spelled(value) if isinstance(value, str) else _value(value)}"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _spelled(key)


def _text(text: str) -> str:
    """Return a text between quotes, one of several lines between three, as people write it."""
    if "\n" not in text.strip("\n") or not text.replace("\n", "").isprintable():
        return _spelled(text)
    quoted = _CLOSING.sub(r'\\"', text.replace("\\", "\\\\"))
    return f'"""\n{quoted}"""'


def _spelled(text: str) -> str:
    """Return a text on one line. What no file can hold, lone surrogates, becomes a question mark."""
    text = text.encode("utf-8", "replace").decode()
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return f'"{"".join(_SPELLED.get(one) or _plain(one) for one in text)}"'


def _plain(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) < 0x20 or ord(character) == 0x7F else character
