"""A survey as its file: what `reading.read` reads back to the same survey.

Only what a reader would not assume is written: no scale that its kind has anyway, no ends that makegood brings. A
survey that came from a file is exported as that file; this writes surveys that were built, by an import or an editor.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Final

from conversations.particulars import TODAY
from conversations.questions import ENDS, SCALES
from conversations.surveys import Branch, Question, Row, Scale, Survey, Texts

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_SPELLED: Final = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_USUAL: Final = Survey(key="", touchpoint="", languages=(), questions=())


def toml(survey: Survey) -> str:
    """Return the survey as a file of `format` 1. Spans are written in minutes, hours or days: seconds are lost."""
    return "\n".join([*_head(survey), *(line for table in _tables(survey) for line in table), ""])


def _head(survey: Survey) -> Iterator[str]:
    yield f"format = {survey.format}"
    yield f"key = {_quoted(survey.key)}"
    yield f"touchpoint = {_quoted(survey.touchpoint)}"
    yield f"languages = [{', '.join(map(_quoted, survey.languages))}]"
    yield from _texts("title", survey.title)
    for name in ("delay", "expires", "follow_up"):
        span: timedelta = getattr(survey, name)
        if span != getattr(_USUAL, name):
            yield f"{name} = {_span(span)}"
    if survey.remind != tuple(span for span in _USUAL.remind if span < survey.expires):
        yield f"remind = [{', '.join(map(_span, survey.remind))}]"
    if survey.share != _USUAL.share:
        yield f"share = {survey.share!r}"
    if survey.consent != _USUAL.consent:
        yield f"consent = {_quoted(survey.consent)}"
    if survey.unhappy:
        yield f"unhappy = {_quoted(survey.unhappy)}"
    if survey.explain:
        yield f"explain = {_quoted(survey.explain)}"
    yield from _texts("apology", survey.apology)
    yield from _texts("thanks", survey.thanks)


def _tables(survey: Survey) -> Iterator[Iterator[str]]:
    matrices = {question.key: question.row.matrix for question in survey.questions if question.row}
    firsts = {question.row.keys[0]: question.row.matrix for question in survey.questions if question.row}
    for _, rows in groupby(survey.questions, key=lambda question: matrices.get(question.key, question.key)):
        yield _question(tuple(rows), survey.languages, firsts)


def _question(rows: tuple[Question, ...], languages: tuple[str, ...], firsts: Mapping[str, str]) -> Iterator[str]:
    """Yield the table of a question, or of all rows of a matrix."""
    question, row = rows[0], rows[0].row
    yield from ("", "[[question]]")
    yield f"key = {_quoted(row.matrix if row else question.key)}"
    yield f"kind = {_quoted(question.kind)}"
    if question.optional:
        yield "optional = true"
    if question.aspect and not row:
        yield f"aspect = {_quoted(question.aspect)}"
    if question.scale and question.scale != SCALES.get(question.kind):
        yield f"scale = {_scale(question.scale)}"
    if (question.low_end, question.high_end) != _own_ends(question, languages):
        yield from _texts("low", question.low_end or {})
        yield from _texts("high", question.high_end or {})
    yield from _particulars(question)
    yield from _texts("text", row.introduction if row else question.text)
    yield from _labelled("options", ((option.key, None, "label", option.label) for option in question.options))
    if row:
        yield from _labelled("rows", ((_own_key(one, row), one.aspect, "text", one.text) for one in rows))
    for branch in rows[-1].branches:
        yield from _branch(branch, firsts)


def _particulars(question: Question) -> Iterator[str]:
    if question.top:
        yield f"top = {question.top}"
    if question.kind == "contact" and question.wants:
        yield f"wants = [{', '.join(map(_quoted, question.wants))}]"
    if question.sense:
        yield f"sense = {_quoted(question.sense)}"
    for name, day in (("earliest", question.earliest), ("latest", question.latest)):
        if day:
            yield f"{name} = {_quoted(day) if day == TODAY else day}"


def _own_ends(question: Question, languages: tuple[str, ...]) -> tuple[Texts | None, Texts | None]:
    low, high = ENDS.get(question.kind, ({}, {}))
    brought = low and all(language in low for language in languages)
    return (low, high) if brought else (None, None)


def _own_key(question: Question, row: Row) -> str:
    return question.key.removeprefix(f"{row.matrix}_")


def _branch(branch: Branch, firsts: Mapping[str, str]) -> Iterator[str]:
    yield from ("", "[[question.branch]]")
    if branch.when != "true":
        yield f"when = {_quoted(branch.when)}"
    yield f"to = {_quoted(firsts.get(branch.to, branch.to))}"


def _labelled(name: str, entries: Iterable[tuple[str, str | None, str, Texts]]) -> Iterator[str]:
    lines = [
        ", ".join([f"key = {_quoted(key)}", *([f"aspect = {_quoted(aspect)}"] if aspect else []), *_texts(said, texts)])
        for key, aspect, said, texts in entries
    ]
    if lines:
        yield f"{name} = ["
        yield from (f"    {{ {line} }}," for line in lines)
        yield "]"


def _texts(name: str, texts: Texts) -> Iterator[str]:
    for tag, text in texts.items():
        yield f"{name}.{tag if _BARE.fullmatch(tag) else _quoted(tag)} = {_quoted(text)}"


def _scale(scale: Scale) -> str:
    return f"[{scale.low}, {scale.high}]"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    for size, unit in ((24 * 60, "d"), (60, "h")):
        if minutes and minutes % size == 0:
            return f'"{minutes // size}{unit}"'
    return f'"{minutes}m"'


def _quoted(text: str) -> str:
    """Return a text as TOML writes it on one line. What no file can hold, lone surrogates, becomes a question mark."""
    text = text.encode("utf-8", "replace").decode()
    return f'"{"".join(_SPELLED.get(one) or _plain(one) for one in text)}"'


def _plain(character: str) -> str:
    return f"\\u{ord(character):04x}" if ord(character) < 0x20 or ord(character) == 0x7F else character
