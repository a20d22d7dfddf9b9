"""A draft as the editor's page reads it, and the edits that a page sends: JSON on both sides.

What is slow here (reading, checking, changing a file: up to 0.3 s for fifty questions) is plain functions that a
route calls in a thread, never in a unit of work.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import msgspec

from bot.console.survey_words import differing
from bot.editing.checked import checked
from bot.editing.drafts import NOT_BEGUN
from bot.editing.steps import Steps
from bot.phrases import say
from bot.web.problems import Problem
from conversations import amending, toml
from conversations.amending import CannotAmend, Edit
from conversations.differences import differences
from conversations.languages import completed
from conversations.problems import KeyPath, SurveyInvalid
from conversations.problems import Problem as Mistake
from conversations.reading import LARGEST_FILE, read
from conversations.reading import draft as read_draft
from conversations.surveys import Survey
from storage.drafts import DraftRow

MOST_EDITS: Final = 1000
"""Of one save; to bring together what two did to a survey takes at most a few for each question."""

LONGEST_STEP: Final = 200
"""Characters that name a step."""

LONGEST_PART: Final = 64
"""Characters of a part of a path; a key has 32."""


class Held(msgspec.Struct, frozen=True):
    """A draft as it stands in the database. `published` are the texts of all versions there ever were."""

    row: DraftRow
    steps: Steps
    by: str
    published: tuple[str, ...]


class Looked(msgspec.Struct, frozen=True):
    """What a text says: its table (None where it is no TOML), its survey as far as there is one, what is wrong."""

    table: dict[str, Any] | None
    survey: Survey | None
    mistakes: tuple[Mistake, ...]


@lru_cache(maxsize=16)
def looked_at(source: str, name: str) -> Looked:
    """Return what a text says. Slow; the same text is looked at once."""
    try:
        table = toml.loads(source.removeprefix("\ufeff"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        table = None
    found = checked(source, name)
    return Looked(table, found.survey, found.problems)


def told(held: Held, language: str) -> dict[str, Any]:
    """Return a draft as its editors' pages have it, problems in the language of whoever looks. Slow."""
    from conversations.checking import expected_seconds

    row = held.row
    found = looked_at(row.source, f"{row.key}.toml")
    return {
        "revision": row.revision,
        "table": found.table,
        "source": row.source,
        "problems": [mistake(each, language) for each in found.mistakes],
        "can_undo": held.steps.can_undo,
        "can_redo": held.steps.can_redo,
        "languages": _languages(found),
        "expected_seconds": expected_seconds(found.survey) if found.survey is not None else 0,
        "fixed": sorted(_keys(held.published)),
        "by": held.by if row.revision != NOT_BEGUN else "",
    }


def mistake(each: Mistake, language: str) -> dict[str, Any]:
    """Return a problem with its place."""
    return {
        "path": each.path,
        "line": each.line,
        "message": say(each.said, language),
        "mend": say(each.to_mend, language),
        "severity": each.severity,
    }


def behind(held: Held, made_from: str | None, language: str) -> dict[str, Any]:
    """Return what somebody is told whose save came too late: the newest, and what the others changed. Slow."""
    newest = looked_at(held.row.source, f"{held.row.key}.toml").survey
    before = read_draft(made_from).survey if made_from is not None else None
    found = differences(before, newest) if before is not None and newest is not None else ()
    changed = [
        {"question": each.question, "what": each.what, "before": each.before, "after": each.after}
        for each in differing(found, language)
    ]
    return {"behind": told(held, language), "changed": changed}


def _languages(found: Looked) -> list[str]:
    if found.survey is not None:
        return list(found.survey.languages)
    written = (found.table or {}).get("languages")
    return [tag for tag in written if isinstance(tag, str)] if isinstance(written, list) else []


def _keys(published: Iterable[str]) -> set[str]:
    """Return the keys that answers are kept under: they never change again. Options are named after their question."""
    found: set[str] = set()
    for source in published:
        try:
            survey = read(source)
        except SurveyInvalid:  # what was accepted years ago may be refused by now
            continue
        for question in survey.questions:
            found |= {question.key, *(f"{question.key}.{option.key}" for option in question.options)}
            if question.row is not None:
                found.add(question.row.matrix)
    return found


# --- what a page sends ----------------------------------------------------------------------------------------------


class Asked(msgspec.Struct, frozen=True):
    """A save: of which revision, and either edits or a whole text."""

    base: int
    what: str
    edits: tuple[Edit, ...] = ()
    source: str | None = None


def asked(body: Mapping[str, Any]) -> Asked:
    """Return what a page wants saved. Raises Problem for what is no save."""
    base, what, source = base_of(body), body.get("what", ""), body.get("source")
    if not isinstance(what, str) or len(what) > LONGEST_STEP:
        raise _unfit("what: a text that names the step")
    if source is None:
        return Asked(base, _clean(what), tuple(_edit(each) for each in _listed(body.get("edits"))))
    if not isinstance(source, str):
        raise _unfit("source: the survey file as a text")
    return Asked(base, _clean(what), source=_within(_clean(source)))


def base_of(body: Mapping[str, Any]) -> int:
    """Return the revision that a request was made from. Raises Problem."""
    base = body.get("base")
    if type(base) is not int or not 0 <= base < 2**53:
        raise _unfit("base: the revision that this was made from")
    return base


def written(made_from: str, wanted: Asked, language: str) -> str:
    """Return the text that a save makes of another. Slow. Raises Problem when its edits do not fit, with why."""
    try:
        source = wanted.source if wanted.source is not None else amending.amended(made_from, wanted.edits)
    except CannotAmend as refused:
        raise _unfit(say(refused.said, language))
    return _within(completed(made_from, source))


def _within(source: str) -> str:
    if len(source.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
        raise Problem(413, f"The survey would be longer than {LARGEST_FILE // 1024} KB.")
    return source


def _listed(edits: Any) -> list[Any]:
    if not isinstance(edits, list) or not 0 < len(edits) <= MOST_EDITS:
        raise _unfit(f"edits: a list of 1 to {MOST_EDITS}")
    return edits


def _edit(written: Any) -> Edit:
    match written:
        case {"put": path, "value": value, **rest} if not rest:
            return amending.Put(_path(path), _clean(value))
        case {"drop": path, **rest} if not rest:
            return amending.Drop(_path(path))
        case {"insert": path, "at": at, "table": table, **rest} if not rest and type(at) is int:
            return amending.Insert(_path(path), at, _clean(table))
        case {"move": path, "at": at, "to": to, **rest} if not rest and type(at) is int and type(to) is int:
            return amending.Move(_path(path), at, to)
    raise _unfit("edits: each is one of put, drop, insert, move")


def _path(written: Any) -> KeyPath:
    if not isinstance(written, list) or not 0 < len(written) <= amending.DEEPEST:
        raise _unfit(f"a path is a list of 1 to {amending.DEEPEST} parts")
    for part in written:
        if type(part) is not int and not (isinstance(part, str) and 0 < len(part) <= LONGEST_PART):
            raise _unfit("a part of a path is a key or a position")
    return tuple(_clean(written))


def _clean(value: Any) -> Any:
    """Return a value without NUL, which one of our databases cannot hold and no text needs."""
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [_clean(one) for one in value]
        case dict():
            return {_clean(key): _clean(one) for key, one in value.items()}
    return value


def _unfit(detail: str) -> Problem:
    return Problem(422, detail, type="does-not-fit")
