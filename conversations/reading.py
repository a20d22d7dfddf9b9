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

from conversations import toml
from conversations.phrases import Phrase, phrase
from conversations.positions import Positions, positions
from conversations.problems import Problem, SurveyInvalid, write
from conversations.questions import read_questions
from conversations.slots import Slots
from conversations.surveys import Branch, Question, Survey
from conversations.trying import read_experiment

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
    "anonymous",
    "unhappy",
    "explain",
    "apology",
    "thanks",
    "question",
    "experiment",
    "variant",
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
        said = phrase("The file is larger than {size}.", size=f"{LARGEST_FILE // 1024} KB")
        return _unread(name, 1, said, phrase("Make the survey shorter."))
    try:
        table = toml.loads(source)
        places = positions(source)
    except (toml.BeyondReason, RecursionError):  # what tomllib could just read may be too deep for the positions
        return _nested(name)
    except tomllib.TOMLDecodeError as error:
        return _not_toml(name, source, str(error))
    slots = Slots(table, (), name, places, [])
    if (written := table.get("format")) != FORMAT or isinstance(written, bool):
        return _other_format(name, places, written)
    survey = _survey(slots)
    return Draft(survey, tuple(sorted(slots.problems, key=lambda problem: problem.line)), places)


def _nested(name: str) -> Draft:
    mend = phrase("Remove what is nested or long beyond reason.")
    return _unread(name, 1, phrase("The file is no TOML that can be read."), mend)


def _unread(name: str, line: int, said: Phrase, mend: Phrase) -> Draft:
    return Draft(None, (Problem(name, line, said, mend),), Positions({}, {}))


def _other_format(name: str, places: Positions, written: object) -> Draft:
    ours = f"format = {FORMAT}"
    if written is None:
        mend = phrase("Write {example} on its first line.", example=ours)
        return _unread(name, 1, phrase('The file does not say its "format".'), mend)
    said = phrase(
        "The file has format {written}, and this makegood reads format {known}.", written=repr(written), known=FORMAT
    )
    newer = isinstance(written, int) and not isinstance(written, bool) and written > FORMAT
    mend = write(ours)
    if newer:
        mend = phrase("Update makegood, or export the survey again in {example}.", example=ours)
    return _unread(name, places.line(("format",)), said, mend)


# --- what is no TOML at all -----------------------------------------------------------------------------------------

_WHERE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_MENDS: Final = (
    ("Cannot overwrite", phrase("The same key is there twice: keep one of the two.")),
    ("Cannot declare", phrase("The same table is there twice: keep one of the two.")),
    ("Cannot mutate", phrase("The same table is there twice: keep one of the two.")),
    ("Duplicate", phrase("The same key is there twice: keep one of the two.")),
    ("Expected '='", phrase('Write KEY = VALUE; a key holds only letters, figures, "_" and "-".')),
    ("Unterminated", phrase("Close the text with the same quotes that open it.")),
    ("Illegal character", phrase("A text ends on its line; put texts of several lines between three quotes.")),
    ("backslash", phrase('Write "{sign}" for a backslash.', sign="\\\\")),
    ("Unescaped", phrase('Write "{sign}" for a backslash.', sign="\\\\")),
    ("Unclosed", phrase('Every "[" needs its "]".')),
    ("Expected ']", phrase('Every "[" needs its "]".')),
    ("Invalid value", phrase('Put texts between double quotes, and write "true" and "false" small.')),
    ("Expected newline", phrase("One key a line; a text inside quotes cannot hold the same quotes.")),
)
_COMPARE: Final = phrase("Compare the line with the example in {page}.", page="docs/author.md")


def _not_toml(name: str, source: str, said: str) -> Draft:
    where = _WHERE.search(said)
    line = int(where[1]) if where and where[1] else max(1, source.rstrip().count("\n") + 1)
    what = _WHERE.sub("", said)
    mend = next((mend for sign, mend in _MENDS if sign in what), _COMPARE)
    from conversations.parsers import of_toml  # only met when something is wrong

    return _unread(name, line, phrase("The file is no TOML: {reason}.", reason=of_toml(what)), mend)


# --- the survey -----------------------------------------------------------------------------------------------------


def _survey(slots: Slots) -> Survey:
    slots.only(KEYS, phrase("a survey"))
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
        anonymous=slots.yes("anonymous"),
        experiment=read_experiment(slots, asked),
    )


def _languages(slots: Slots) -> tuple[str, ...]:
    written = slots.table.get("languages")
    if not isinstance(written, list) or not written or not all(isinstance(tag, str) for tag in written):
        mend = phrase("Write {example}, default first.", example='languages = ["en"]')
        slots.wrong("languages", phrase('The survey does not list its "languages".'), mend)
        return ()
    for tag in written:
        if not _LANGUAGE.fullmatch(tag):
            said = phrase('"{tag}" is no language tag.', tag=tag)
            slots.wrong("languages", said, phrase('Write tags such as "en", "zh-Hans", "pt-BR".'))
    if len(set(written)) < len(written):
        mend = phrase("List each once, the default first.")
        slots.wrong("languages", phrase("A language is listed twice."), mend)
    return tuple(dict.fromkeys(written))


def _questions(slots: Slots) -> tuple[Question, ...]:
    written: Any = slots.table.get("question")
    if not isinstance(written, list) or not written or not all(isinstance(one, dict) for one in written):
        slots.wrong("question", phrase("The survey has no question."), phrase("Begin each question with [[question]]."))
        return ()
    if len(written) > MOST_QUESTIONS:
        said = phrase(
            "The survey has {count} questions, and {most} is the most.", count=len(written), most=MOST_QUESTIONS
        )
        slots.wrong("question", said, phrase("Nobody answers so many: ask fewer."))
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
                said = phrase(
                    'The key "{key}" is already that of the question on line {line}.', key=key, line=first[key]
                )
                where.wrong("key", said, phrase("Give this {what} another key.", what=what))
            elif key:
                first[key] = where.line


def _named(place: Slots, table: tuple[Question, ...]) -> list[tuple[str, Slots, Phrase]]:
    """Return the keys that a table brings, where each stands and what it names: a matrix its own and its rows'."""
    row = table[0].row
    if row is None:
        return [(table[0].key, place, phrase("question"))]
    rows = [(question.key, place.inside("rows", n), phrase("row")) for n, question in enumerate(table)]
    return [(row.matrix, place, phrase("question")), *rows]


def _targets_exist(slots: Slots, tables: list[tuple[Question, ...]]) -> None:
    keys = [key for n, table in enumerate(tables) for key, *_ in _named(slots.inside("question", n), table)]
    for n, table in enumerate(tables):
        for m, branch in enumerate(table[-1].branches):
            if branch.to and branch.to not in (*keys, "end"):
                place = slots.inside("question", n).inside("branch", m)
                said = phrase('There is no question "{key}".', key=branch.to)
                place.unknown("to", branch.to, [*keys, "end"], said, phrase('Write a question\'s key, or "end".'))


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
