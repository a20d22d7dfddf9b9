"""A survey as its file: what `reading.read` reads back to the same survey.

Only what a reader would not assume is written: no scale that its kind has anyway, no ends that makegood brings. A
survey that came from a file is exported as that file; this writes surveys that were built, by an import or an editor.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

from conversations.particulars import TODAY
from conversations.questions import ENDS, SCALES
from conversations.surveys import Branch, Option, Question, Row, Survey, Texts, Variant
from conversations.tables import Table, written
from conversations.trying import ANSWERS

_USUAL: Final = Survey(key="", touchpoint="", languages=(), questions=())


def toml(survey: Survey) -> str:
    """Return the survey as a file of `format` 1. Spans are written in minutes, hours or days: seconds are lost."""
    tables = {"question": list(_tables(survey)), **_variants(survey)}
    return written(Table({**_head(survey), **tables}))


def question_table(rows: tuple[Question, ...], languages: tuple[str, ...], firsts: Mapping[str, str]) -> dict[str, Any]:
    """Return the table of a question, or of all rows of a matrix; `firsts` are matrices by their first row."""
    question, row = rows[0], rows[0].row
    own = {
        "key": row.matrix if row else question.key,
        "kind": question.kind,
        "optional": question.optional,
        "aspect": None if row else question.aspect,
        "scale": _scale(question),
        **_ends(question, languages),
        **_particulars(question),
        "text": row.introduction if row else question.text,
        "options": [_option(option) for option in question.options],
        "rows": [_row(one, row) for one in rows] if row else [],
        "branch": [_branch(branch, firsts) for branch in rows[-1].branches],
    }
    return _said(own)


def span(length: timedelta) -> str:
    """Return a span as a file has it: "90m", "72h", "2d"."""
    minutes = int(length.total_seconds() // 60)
    for size, unit in ((24 * 60, "d"), (60, "h")):
        if minutes and minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _head(survey: Survey) -> dict[str, Any]:
    spans = {name: getattr(survey, name) for name in ("delay", "expires", "follow_up")}
    usual = tuple(length for length in _USUAL.remind if length < survey.expires)
    own = {
        "format": survey.format,
        "key": survey.key,
        "touchpoint": survey.touchpoint,
        "languages": list(survey.languages),
        "title": survey.title,
        **{name: span(length) for name, length in spans.items() if length != getattr(_USUAL, name)},
        "share": survey.share if survey.share != _USUAL.share else None,
        "consent": survey.consent if survey.consent != _USUAL.consent else None,
        "anonymous": survey.anonymous,
        "unhappy": survey.unhappy,
        "explain": survey.explain,
        "apology": survey.apology,
        "thanks": survey.thanks,
        "experiment": _experiment(survey),
    }
    written_ = _said(own)
    if survey.remind != usual:  # none at all is something to say
        written_["remind"] = [span(length) for length in survey.remind]
    return written_


def _experiment(survey: Survey) -> dict[str, Any] | None:
    if survey.experiment is None:
        return None
    planned = {} if survey.experiment.answers == ANSWERS else {"answers": survey.experiment.answers}
    return {"key": survey.experiment.key, **planned}


def _variants(survey: Survey) -> dict[str, list[dict[str, Any]]]:
    if survey.experiment is None:
        return {}
    return {"variant": [_variant(one) for one in survey.experiment.variants]}


def _variant(variant: Variant) -> dict[str, Any]:
    worded = {
        key: _said({"text": wording.text, "low": wording.low_end, "high": wording.high_end})
        for key, wording in variant.wordings.items()
    }
    return _said({"key": variant.key, "share": variant.share, "order": list(variant.order), "question": worded})


def _said(own: Mapping[str, Any]) -> dict[str, Any]:
    """Return what there is something to say of; 0 is something."""
    return {name: value for name, value in own.items() if value or (value == 0 and value is not False)}


def _tables(survey: Survey) -> Iterator[dict[str, Any]]:
    matrices = {question.key: question.row.matrix for question in survey.questions if question.row}
    firsts = {question.row.keys[0]: question.row.matrix for question in survey.questions if question.row}
    for _, rows in groupby(survey.questions, key=lambda question: matrices.get(question.key, question.key)):
        yield question_table(tuple(rows), survey.languages, firsts)


def _scale(question: Question) -> list[int] | None:
    scale = question.scale
    return [scale.low, scale.high] if scale and scale != SCALES.get(question.kind) else None


def _ends(question: Question, languages: tuple[str, ...]) -> dict[str, Texts]:
    low, high = ENDS.get(question.kind, ({}, {}))
    brought = low and all(language in low for language in languages)
    if (question.low_end, question.high_end) == ((low, high) if brought else (None, None)):
        return {}
    return {"low": question.low_end or {}, "high": question.high_end or {}}


def _particulars(question: Question) -> dict[str, Any]:
    days = {"earliest": question.earliest, "latest": question.latest}
    return {
        "top": question.top or None,
        "wants": list(question.wants) if question.kind == "contact" else None,
        "sense": question.sense,
        **{name: day if day == TODAY else date.fromisoformat(day) for name, day in days.items() if day},
    }


def _option(option: Option) -> dict[str, Any]:
    return {"key": option.key, "label": option.label}


def _row(question: Question, row: Row) -> dict[str, Any]:
    own = {"key": question.key.removeprefix(f"{row.matrix}_"), "aspect": question.aspect}
    return {**_said(own), "text": question.text}


def _branch(branch: Branch, firsts: Mapping[str, str]) -> dict[str, Any]:
    to = firsts.get(branch.to, branch.to)
    return {"to": to} if branch.when == "true" else {"when": branch.when, "to": to}
