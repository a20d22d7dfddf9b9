"""A survey as whoever edits it sees it: its tables as they are written, with whatever is wrong at its place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import msgspec

from bot.editing.checked import checked
from conversations import conditions, toml
from conversations.problems import ConditionRefused, KeyPath, Problem
from conversations.reading import draft as read_draft
from conversations.surveys import Question, Survey
from storage.drafts import DraftRow
from storage.surveys import SurveyVersion
from storage.unit import Unit

LABELLED: Final = {"choice": "options", "choices": "options", "ranking": "options", "matrix": "rows"}
"""What the list of a kind is called that has one."""

SAID: Final = {"options": "label", "rows": "text"}
"""What the words of one of its entries are called."""

QUICK: Final = 12_000
"""Characters of a survey that is looked at in full with every screen, in a tenth of a second at most: customers' turns
wait for that. A longer one is, before it is published."""

OWN: Final = ("title", "apology", "thanks")
"""The texts of the survey itself."""

_SHOWN: Final = re.compile(r"\{\{\s*(?:\w+\.)?(\w+)[^}]*\}\}")
_OTHERWISE: Final = re.compile(r"\{%-?\s*else\b[^%]*%\}.*?(?=\{%-?\s*endif)", re.DOTALL)
_HIDDEN: Final = re.compile(r"\{%[^%]*%\}|\{#.*?#\}", re.DOTALL)


class Sheet(msgspec.Struct, frozen=True):
    """One survey: its draft, else its newest version. `revision` is the draft's, 0 when none is being written.

    `table` is the file as it is written, empty when it is no TOML; `survey` what it says as far as that can be read.
    """

    key: str
    source: str
    table: Mapping[str, Any]
    survey: Survey | None
    problems: tuple[Problem, ...]
    draft: DraftRow | None
    newest: SurveyVersion | None

    @property
    def revision(self) -> int:
        """Return the revision of the draft, 0 without one."""
        return self.draft.revision if self.draft is not None else 0

    @property
    def published(self) -> SurveyVersion | None:
        """Return the version that customers are asked with now, None when there is none."""
        return self.newest if self.newest is not None and self.newest.retired_at is None else None

    @property
    def questions(self) -> list[Mapping[str, Any]]:
        """Return the tables of its questions, in order."""
        return tables(self.table, "question")

    @property
    def languages(self) -> tuple[str, ...]:
        """Return its languages, the default first."""
        written = self.table.get("languages")
        return tuple(tag for tag in written if isinstance(tag, str)) if isinstance(written, list) else ()

    @property
    def default(self) -> str:
        """Return the default language."""
        return next(iter(self.languages), "en")

    @property
    def title(self) -> dict[str, str]:
        """Return what it is called."""
        return texts(self.table, "title")

    @property
    def looked_through(self) -> bool:
        """Say whether everything was looked at, and not only what reading it finds."""
        return len(self.source) <= QUICK

    def wrong_at(self, *path: str | int) -> tuple[Problem, ...]:
        """Return what is wrong at a place or below it."""
        return tuple(problem for problem in self.problems if problem.path[: len(path)] == path)

    def to_say(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return what is worth saying here: what is not there yet is shown as missing anyway, each where it is."""
        gaps = {place for path, tag in missing(self) for place in (path, (*path, tag))}
        nothing = ("question",) if not self.questions else None
        return [problem for problem in problems if problem.path not in gaps and problem.path != nothing]

    def number_of(self, key: str) -> int | None:
        """Return where a question stands, from 0; a row of a matrix stands where its matrix does."""
        for n, question in enumerate(self.questions):
            rows = tables(question, "rows")
            if key in (question.get("key"), *(f"{question.get('key')}_{row.get('key')}" for row in rows)):
                return n
        return None

    def asked(self, upto: int | None = None) -> tuple[Question, ...]:
        """Return the questions as they are asked, rows one by one; up to that number of the file, itself too."""
        if self.survey is None:
            return ()
        return tuple(
            question
            for question in self.survey.questions
            if upto is None or (number := self.number_of(question.key)) is None or number <= upto
        )


def loaded(unit: Unit, brand: int, key: str) -> Sheet | None:
    """Return a survey by its key; None when nobody wrote one."""
    row = unit.drafts.newest(brand, key)
    newest = next(iter(unit.surveys.versions(brand, key)), None)
    if row is None and newest is None:
        return None
    source = row.source if row is not None else newest.source if newest is not None else ""
    found = read_draft(source, f"{key}.toml")
    problems = problems_of(source, key) if len(source) <= QUICK else found.problems
    return Sheet(key, source, _table(source), found.survey, problems, row, newest)


def problems_of(source: str, key: str) -> tuple[Problem, ...]:
    """Return everything that is wrong with a survey; what was looked at is remembered, since each tap looks again."""
    return checked(source, f"{key}.toml").problems


def _table(source: str) -> Mapping[str, Any]:
    try:
        return toml.loads(source.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return {}


# --- what is written, whatever it is --------------------------------------------------------------------------------


def tables(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return a list of tables; an empty one where something else stands."""
    written = holder.get(name)
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        return []
    return written


def texts(holder: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return one text in its languages, as far as it is one."""
    written = holder.get(name)
    if not isinstance(written, dict):
        return {}
    return {tag: said for tag, said in written.items() if isinstance(said, str)}


def word(holder: Mapping[str, Any], name: str, otherwise: str = "") -> str:
    """Return a text of the file that has no languages."""
    written = holder.get(name, otherwise)
    return written if isinstance(written, str) else otherwise


def asked_about(when: str) -> frozenset[str]:
    """Return the keys that a condition asks about, as far as it can be read."""
    try:
        return conditions.mentions(when) if when else frozenset()
    except ConditionRefused:
        return frozenset()


def said(written: Mapping[str, str], language: str, default: str) -> str:
    """Return a text for whoever edits: in their language, else in the survey's own, else whatever there is."""
    return written.get(language) or written.get(default) or next(iter(written.values()), "")


def plain(text: str, longest: int = 0) -> str:
    """Return a text on one line with its templates read out: `Hello ‹name›!`; cut when `longest` is given."""
    line = " ".join(_SHOWN.sub(r"‹\1›", _HIDDEN.sub("", _OTHERWISE.sub("", text))).split())
    return line if not longest or len(line) <= longest else line[: longest - 1].rstrip() + "…"


def all_texts(sheet: Sheet) -> Iterator[tuple[KeyPath, dict[str, str]]]:
    """Yield each text that customers read, with its place, in the order of the file."""
    for name in OWN:
        if name in sheet.table:
            yield (name,), texts(sheet.table, name)
    for n, question in enumerate(sheet.questions):
        yield ("question", n, "text"), texts(question, "text")
        for name in ("low", "high"):
            if name in question:
                yield ("question", n, name), texts(question, name)
        for name, said_as in SAID.items():
            for m, entry in enumerate(tables(question, name)):
                yield ("question", n, name, m, said_as), texts(entry, said_as)


def missing(sheet: Sheet, language: str | None = None) -> list[tuple[KeyPath, str]]:
    """Return the places of texts that are not there in a language of the survey, with that language."""
    wanted = sheet.languages if language is None else (language,)
    return [(path, tag) for tag in wanted for path, written in all_texts(sheet) if not written.get(tag, "").strip()]
