"""The translations of a survey on a page: row by row, what is missing, what was lost on the way, what is too long."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from bot.console.survey_saving import Wish
from bot.console.survey_words import Told, language_name, place_of, told
from bot.phrases import LANGUAGES, NAMES, say
from conversations.problems import KeyPath, Problem
from conversations.translating import Sent, Text, languages_of, lost, texts_of

LONGEST: Final = 8_000
"""Characters of one text, as a form takes it."""


class Cell(msgspec.Struct, frozen=True):
    """One text in one language. `lost` are the variables of the original that it does not mention."""

    tag: str
    place: str
    said: str
    missing: bool
    lost: tuple[str, ...]
    problems: tuple[Told, ...]


class Line(msgspec.Struct, frozen=True):
    """One text: what it is called, its original, and its translations."""

    ident: str
    path: KeyPath
    called: str
    question: str
    original: str
    cells: tuple[Cell, ...]

    @property
    def missing(self) -> bool:
        """Return whether a translation is missing."""
        return any(cell.missing for cell in self.cells)


class Column(msgspec.Struct, frozen=True):
    """A language of the survey: how many of its texts are missing, and how many it has."""

    tag: str
    name: str
    missing: int
    has: int


class TranslationsView(msgspec.Struct, frozen=True, kw_only=True):
    """The translations, ready to be shown. Without columns the draft is no TOML at the moment."""

    revision: int
    default: Column | None
    columns: tuple[Column, ...]
    shown: tuple[str, ...]
    only_missing: bool
    lines: tuple[Line, ...]
    hidden: int
    offered: tuple[tuple[str, str], ...]

    @property
    def missing(self) -> int:
        """Return how many translations are missing in the languages that are shown."""
        return sum(column.missing for column in self.columns if column.tag in self.shown)


def view(
    revision: int,
    table: Mapping[str, Any] | None,
    problems: tuple[Problem, ...],
    language: str,
    to: str = "",
    *,
    only_missing: bool = False,
) -> TranslationsView:
    """Return the translations of a draft; `to` is the one language that is shown, empty for all."""
    tags, texts = languages_of(table or {}), texts_of(table or {})
    columns = tuple(_column(tag, texts) for tag in tags)
    shown = (to,) if to in tags[1:] else tags[1:]
    lines = [_line(text, tags[0], shown, problems, language) for text in texts] if tags else []
    kept = [line for line in lines if line.missing] if only_missing else lines
    return TranslationsView(
        revision=revision,
        default=columns[0] if columns else None,
        columns=columns[1:],
        shown=shown,
        only_missing=only_missing,
        lines=tuple(kept),
        hidden=len(lines) - len(kept),
        offered=tuple((tag, NAMES[tag]) for tag in LANGUAGES if tag not in tags),
    )


def _column(tag: str, texts: tuple[Text, ...]) -> Column:
    missing = sum(text.missing(tag) for text in texts)
    return Column(tag, language_name(tag), missing, len(texts) - missing)


def _line(text: Text, default: str, shown: tuple[str, ...], problems: tuple[Problem, ...], language: str) -> Line:
    cells = tuple(
        Cell(
            tag,
            place_of((*text.path, tag)),
            text.said.get(tag, ""),
            text.missing(tag),
            lost(text, tag, default),
            () if text.missing(tag) else told((each for each in problems if each.path == (*text.path, tag)), language),
        )
        for tag in shown
    )
    return Line(
        text.ident, text.path, say(text.called, language), text.question or "", text.said.get(default, ""), cells
    )


def wishes(table: Mapping[str, Any], seen: Mapping[str, Any], ident: str, form: Mapping[str, str]) -> list[Wish]:
    """Return what a row's form wants otherwise than its page showed; nothing for a text that is gone."""
    now = {text.ident: text for text in texts_of(table)}.get(ident)
    then = {text.ident: text for text in texts_of(seen)}.get(ident)
    if now is None:
        return []
    was = then.said if then is not None else now.said
    found = []
    for tag in languages_of(table)[1:]:
        wanted = form.get(f"said_{tag}")
        if wanted is None:
            continue
        wanted = wanted.replace("\r\n", "\n").strip()[:LONGEST]
        if wanted != was.get(tag, ""):
            found.append(Wish((*now.path, tag), was.get(tag), wanted))
    return found


def sent_wishes(sent: Sent) -> list[Wish]:
    """Return what a translator's table changes."""
    return [Wish((*each.text.path, each.tag), each.text.said.get(each.tag), each.after) for each in sent.changes]
