"""Reading a survey file: from TOML to a `Survey`, or everything that is wrong with it, by line.

`read` looks at what the file says: keys, types, limits, languages. Whether the survey makes sense (conditions,
texts, ways through it) is `conversations.checking`, which is slower and is asked before a survey is published.
"""

import re
import tomllib
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from conversations.positions import Positions, positions
from conversations.problems import Problem, SurveyInvalid
from conversations.questions import read_questions
from conversations.slots import Slots
from conversations.surveys import Branch, Question, Survey

FORMAT: Final = 1
"""The only format so far; a later one still reads this."""

LARGEST_FILE: Final = 256 * 1024
"""Bytes of a survey file."""

MOST_QUESTIONS: Final = 50

KEYS: Final = (
    "format",
    "key",
    "touchpoint",
    "title",
    "languages",
    "delay",
    "expires",
    "remind",
    "follow_up",
    "share",
    "consent",
    "unhappy",
    "explain",
    "apology",
    "thanks",
    "question",
)

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-(?:[A-Z]{2}|[0-9]{3}))?")


class Draft(msgspec.Struct, frozen=True):
    """What a file says, as far as it can be understood, with its problems and its places."""

    survey: Survey | None
    problems: tuple[Problem, ...]
    places: Positions


@lru_cache(maxsize=64)
def read(source: str, name: str = "survey.toml") -> Survey:
    """Return the survey that a file describes. `name` is how the problems call the file.

    What was read before is remembered: a start publishes the same texts that the first turns then ask for.
    Raises SurveyInvalid with all problems that reading finds.
    """
    found = draft(source, name)
    if found.problems or found.survey is None:
        raise SurveyInvalid(found.problems)
    return found.survey


def draft(source: str, name: str = "survey.toml") -> Draft:
    """Return as much of the survey as can be understood. Never raises."""
    source = source.removeprefix("\ufeff")
    if len(source.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
        return _unread(name, 1, f"The file is larger than {LARGEST_FILE // 1024} KB.", "Make the survey shorter.")
    try:
        table = tomllib.loads(source)
        places = positions(source)
    except tomllib.TOMLDecodeError as error:
        return _not_toml(name, source, str(error))
    except (RecursionError, ValueError):  # thousands of brackets; a figure of thousands of digits
        return _unread(name, 1, "The file is no TOML that can be read.", "Remove what is nested or long beyond reason.")
    slots = Slots(table, (), name, places, [])
    if (written := table.get("format")) != FORMAT or isinstance(written, bool):
        return _other_format(name, places, written)
    survey = _survey(slots)
    return Draft(survey, tuple(sorted(slots.problems, key=lambda problem: problem.line)), places)


def _unread(name: str, line: int, message: str, mend: str) -> Draft:
    return Draft(None, (Problem(name, line, message, mend),), Positions({}, {}))


def _other_format(name: str, places: Positions, written: object) -> Draft:
    if written is None:
        return _unread(name, 1, 'The file does not say its "format".', f"Write format = {FORMAT} on its first line.")
    message = f"The file has format {written!r}, and this makegood reads format {FORMAT}."
    newer = isinstance(written, int) and not isinstance(written, bool) and written > FORMAT
    mend = "Update makegood, or export the survey again in" if newer else "Write"
    return _unread(name, places.line(("format",)), message, f"{mend} format = {FORMAT}.")


# --- what is no TOML at all -----------------------------------------------------------------------------------------

_WHERE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_MENDS: Final = (
    ("Cannot overwrite", "The same key is there twice: keep one of the two."),
    ("Cannot declare", "The same table is there twice: keep one of the two."),
    ("Cannot mutate", "The same table is there twice: keep one of the two."),
    ("Duplicate", "The same key is there twice: keep one of the two."),
    ("Expected '='", 'Write KEY = VALUE; a key holds only letters, figures, "_" and "-".'),
    ("Unterminated", "Close the text with the same quotes that open it."),
    ("Illegal character", "A text ends on its line; put texts of several lines between three quotes."),
    ("backslash", 'Write "\\\\" for a backslash.'),
    ("Unescaped", 'Write "\\\\" for a backslash.'),
    ("Unclosed", 'Every "[" needs its "]".'),
    ("Expected ']", 'Every "[" needs its "]".'),
    ("Invalid value", 'Put texts between double quotes, and write "true" and "false" small.'),
    ("Expected newline", "One key a line; a text inside quotes cannot hold the same quotes."),
)


def _not_toml(name: str, source: str, said: str) -> Draft:
    where = _WHERE.search(said)
    line = int(where[1]) if where and where[1] else max(1, source.rstrip().count("\n") + 1)
    what = _WHERE.sub("", said)
    mend = next((mend for sign, mend in _MENDS if sign in what), "Compare the line with the example in docs/author.md.")
    return _unread(name, line, f"The file is no TOML: {what[:1].lower()}{what[1:]}.", mend)


# --- the survey -----------------------------------------------------------------------------------------------------


def _survey(slots: Slots) -> Survey:
    slots.only(KEYS, "a survey")
    slots.languages = _languages(slots)
    asked = _questions(slots)
    expires = slots.span("expires", "72h", "1h", "90d")
    remind = slots.spans("remind", ["24h"], most=3, within=expires)
    return Survey(
        key=slots.key("key"),
        touchpoint=slots.key("touchpoint"),
        languages=slots.languages,
        questions=asked,
        title=slots.texts("title", longest=200),
        unhappy=slots.text("unhappy", "").strip(),
        explain=slots.text("explain", "") or None,
        apology=slots.texts("apology"),
        thanks=slots.texts("thanks"),
        delay=slots.span("delay", "0m", "0m", "90d"),
        expires=expires,
        remind=remind,
        follow_up=slots.span("follow_up", "24h", "1m", "90d"),
        share=slots.share("share"),
        consent="step" if slots.one_of("consent", ("line", "step"), "line") == "step" else "line",
    )


def _languages(slots: Slots) -> tuple[str, ...]:
    written = slots.table.get("languages")
    if not isinstance(written, list) or not written or not all(isinstance(tag, str) for tag in written):
        slots.wrong(
            "languages", 'The survey does not list its "languages".', 'Write languages = ["en"], default first.'
        )
        return ()
    for tag in written:
        if not _LANGUAGE.fullmatch(tag):
            slots.wrong("languages", f'"{tag}" is no language tag.', 'Write tags such as "en", "zh-Hans", "pt-BR".')
    if len(set(written)) < len(written):
        slots.wrong("languages", "A language is listed twice.", "List each once, the default first.")
    return tuple(dict.fromkeys(written))


def _questions(slots: Slots) -> tuple[Question, ...]:
    written: Any = slots.table.get("question")
    if not isinstance(written, list) or not written or not all(isinstance(one, dict) for one in written):
        slots.wrong("question", "The survey has no question.", "Begin each question with [[question]].")
        return ()
    if len(written) > MOST_QUESTIONS:
        message = f"The survey has {len(written)} questions, and {MOST_QUESTIONS} is the most."
        slots.wrong("question", message, "Nobody answers so many: ask fewer.")
        return ()
    tables = [read_questions(slots.inside("question", n)) for n in range(len(written))]
    _each_once(slots, tables)
    _targets_exist(slots, tables)
    return _led(tuple(question for table in tables for question in table))


def _each_once(slots: Slots, tables: list[tuple[Question, ...]]) -> None:
    first: dict[str, int] = {}
    for n, table in enumerate(tables):
        place = slots.inside("question", n)
        for key, where, what in _named(place, table):
            if key and key in first:
                message = f'The key "{key}" is already that of the question on line {first[key]}.'
                where.wrong("key", message, f"Give this {what} another key.")
            elif key:
                first[key] = where.line


def _named(place: Slots, table: tuple[Question, ...]) -> list[tuple[str, Slots, str]]:
    """Return the keys that a table brings, where each stands and what it names: a matrix its own and its rows'."""
    row = table[0].row
    if row is None:
        return [(table[0].key, place, "question")]
    rows = [(question.key, place.inside("rows", n), "row") for n, question in enumerate(table)]
    return [(row.matrix, place, "question"), *rows]


def _targets_exist(slots: Slots, tables: list[tuple[Question, ...]]) -> None:
    keys = [key for n, table in enumerate(tables) for key, *_ in _named(slots.inside("question", n), table)]
    for n, table in enumerate(tables):
        for m, branch in enumerate(table[-1].branches):
            if branch.to and branch.to not in (*keys, "end"):
                place = slots.inside("question", n).inside("branch", m)
                place.unknown("to", branch.to, [*keys, "end"], "question", 'Write a question\'s key, or "end".')


def _led(asked: tuple[Question, ...]) -> tuple[Question, ...]:
    """Return the questions with branches to a matrix leading to its first row."""
    firsts = {question.row.matrix: question.key for question in asked if question.row and question.row.position == 1}
    if not firsts:
        return asked
    return tuple(
        replace(question, branches=tuple(_to(branch, firsts.get(branch.to, branch.to)) for branch in question.branches))
        for question in asked
    )


def _to(branch: Branch, to: str) -> Branch:
    return replace(branch, to=to)


__all__ = ["Draft", "SurveyInvalid", "draft", "read"]
