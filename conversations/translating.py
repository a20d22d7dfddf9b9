"""The texts of a survey file side by side in its languages: what is missing, and a table for a translator.

A text is found by where it stands, so whatever of a survey speaks is here: titles, questions, ends of scales, choices,
rows, apology, thanks. Pure: nothing is changed here; callers make edits of what a translator sent back.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from conversations import toml
from conversations.phrases import Phrase, phrase
from conversations.problems import KeyPath

TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-(?:[A-Z]{2}|[0-9]{3}))?")
"""How a language is written: BCP 47 with at most a script and a region."""

ID: Final = "text"
"""The column that says which text a line of the table is; a translator leaves it alone."""

MOST_LINES: Final = 5_000

_PLACES: Final = re.compile(r"{[{%].*?[%}]}", re.DOTALL)
_VARIABLE: Final = re.compile(r"\b(?:customer|service|business|answers)\.[a-z_][a-z0-9_]*")
_NEVER: Final = "\t\r\n"

_CALLED: Final[dict[str, Phrase]] = {
    "title": phrase("Title, for staff"),
    "apology": phrase("Apology"),
    "thanks": phrase("Thanks"),
    "text": phrase("Text"),
    "low": phrase("Words for the low end"),
    "high": phrase("Words for the high end"),
    "options": phrase("Choice"),
    "rows": phrase("Row"),
}


class Text(msgspec.Struct, frozen=True):
    """One text: where it stands in the file, what it is called, and its words by language. `ident` names it for good.

    `question` is the key of the question that it belongs to, None for the survey's own.
    """

    path: KeyPath
    ident: str
    called: Phrase
    said: dict[str, str]
    question: str | None = None

    def missing(self, tag: str) -> bool:
        """Return whether it says nothing in a language."""
        return not self.said.get(tag, "").strip()


class Change(msgspec.Struct, frozen=True):
    """What a table says otherwise than the survey. `stale` says that its original is not that of today."""

    text: Text
    tag: str
    before: str
    after: str
    stale: bool = False


class Sent(msgspec.Struct, frozen=True):
    """A table as read: what would change, how many lines say nothing new, and what cannot be read of it."""

    changes: tuple[Change, ...] = ()
    same: int = 0
    mistakes: tuple[Phrase, ...] = ()


def languages_of(table: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the languages that a survey file lists, the default first."""
    written = table.get("languages")
    tags = written if isinstance(written, list) else []
    return tuple(dict.fromkeys(tag for tag in tags if isinstance(tag, str) and TAG.fullmatch(tag)))


def texts_of(table: Mapping[str, Any]) -> tuple[Text, ...]:
    """Return every text of a survey file, in its order."""
    return tuple(_texts(table, (), (), None))


def gaps(source: str) -> dict[str, int]:
    """Return how many texts are missing in each language of a file; nothing for one that is no TOML."""
    try:
        table = toml.loads(source.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return {}
    texts = texts_of(table)
    return {tag: sum(text.missing(tag) for text in texts) for tag in languages_of(table)}


def variables(text: str) -> frozenset[str]:
    """Return what a text takes from the customer, the service, the business or earlier answers."""
    return frozenset(name for place in _PLACES.findall(text) for name in _VARIABLE.findall(place))


def lost(text: Text, tag: str, default: str) -> tuple[str, ...]:
    """Return what the default language mentions and a translation does not; nothing where it says nothing yet."""
    if tag == default or text.missing(tag):
        return ()
    return tuple(sorted(variables(text.said.get(default, "")) - variables(text.said[tag])))


def _texts(value: Any, path: KeyPath, ident: tuple[str, ...], question: str | None) -> Iterator[Text]:
    if isinstance(value, Mapping):
        if _is_text(value, path):
            yield Text(path, ".".join(ident), _called(path), dict(value), question)
            return
        for key, inner in value.items():
            yield from _texts(inner, (*path, key), (*ident, key), question)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            if isinstance(inner, Mapping):
                name = inner.get("key")
                called = name if isinstance(name, str) and name else str(at + 1)
                of = called if path == ("question",) else question
                yield from _texts(inner, (*path, at), (*ident, called), of)


def _is_text(value: Mapping[str, Any], path: KeyPath) -> bool:
    """A table of words by language; one in a list is a thing with a key."""
    named = bool(path) and isinstance(path[-1], str)
    return named and bool(value) and all(TAG.fullmatch(k) and isinstance(v, str) for k, v in value.items())


def _called(path: KeyPath) -> Phrase:
    for part in reversed(path):
        if isinstance(part, str) and part in ("options", "rows"):
            return _CALLED[part]
        if isinstance(part, int):
            break
    inside = next((part for part in reversed(path[:-1]) if isinstance(part, str)), "")
    return _CALLED.get(inside if inside in ("options", "rows") else str(path[-1]), phrase("Words"))


# --- a table for a translator ---------------------------------------------------------------------------------------


def table_of(texts: tuple[Text, ...], languages: tuple[str, ...]) -> str:
    """Return the texts as CSV: which text it is, then a column a language, the default first.

    A cell that a spreadsheet would take for a formula begins with an apostrophe, which reading takes away again.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([ID, *languages])
    for text in texts:
        writer.writerow([text.ident, *(_guarded(text.said.get(tag, "")) for tag in languages)])
    return "\ufeff" + file.getvalue()  # spreadsheets take a file without this mark for the alphabet of their country


def read_table(content: str, texts: tuple[Text, ...], languages: tuple[str, ...]) -> Sent:
    """Return what a translator's table says otherwise; the default language and what a cell leaves empty stay."""
    try:
        rows = list(csv.reader(io.StringIO(content.lstrip("\ufeff"), newline=""), delimiter=_parted_by(content)))
    except csv.Error:
        return Sent(mistakes=(phrase("This is no table that can be read. Save it as CSV, in UTF-8."),))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows or ID not in (columns := [cell.strip() for cell in rows[0]]):
        return Sent(mistakes=(phrase("The first line names the columns; one of them must be: {column}", column=ID),))
    if len(rows) > MOST_LINES:
        return Sent(mistakes=(phrase("These are more than {most} lines.", most=MOST_LINES),))
    wrong = [
        phrase("The survey does not speak {language}; add it first, or leave the column out.", language=column[:40])
        for column in columns
        if column and column != ID and column not in languages
    ]
    known = {text.ident: text for text in texts}
    changes: list[Change] = []
    same = 0
    for row in rows[1:]:
        cells = dict(zip(columns, row, strict=False))
        text = known.get(cells.get(ID, "").strip())
        if text is None:
            name = cells.get(ID, "").strip()[:60] or "–"
            wrong.append(phrase("There is no text {name} in the survey (any more).", name=name))
            continue
        found = list(_changes(text, cells, languages))
        changes += found
        same += not found
    return Sent(tuple(changes), same, tuple(wrong))


def _changes(text: Text, cells: Mapping[str, str], languages: tuple[str, ...]) -> Iterator[Change]:
    default, *others = languages
    original = _plain(cells.get(default, ""))
    stale = bool(original) and original != text.said.get(default, "")
    for tag in others:
        before, after = text.said.get(tag, ""), _plain(cells.get(tag, ""))
        if after.strip() and after != before:
            yield Change(text, tag, before, after, stale)


def _parted_by(content: str) -> str:
    first = content.lstrip("\ufeff").partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "'", *_NEVER) else text


def _plain(cell: str) -> str:
    """Return what a cell says, with lines that end as ours do."""
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "'", *_NEVER) else cell
