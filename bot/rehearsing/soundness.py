"""What of a draft can be played: the rest is left out and said so, so that a half-written survey can be tried, too."""

from collections.abc import Iterator

from msgspec.structs import replace

from conversations import conditions
from conversations.branching import END
from conversations.facts import NOTHING_KNOWN
from conversations.phrases import Phrase, phrase
from conversations.problems import ConditionRefused
from conversations.questions import KINDS
from conversations.surveys import Branch, Option, Question, Survey, Texts

NOTHING_TO_ASK = phrase("There is nothing to ask yet: add a question first.")
NOT_SAID = "…"
"""Stands where a text is not written yet."""


def sound(survey: Survey) -> tuple[Survey | None, list[Phrase]]:
    """Return the survey as it can be played, None when there is nothing to ask, and what was left out of it."""
    left_out: list[Phrase] = []
    languages = survey.languages or _languages_of(survey)
    kept = list(_askable(survey, left_out))
    if not kept:
        return None, [*left_out, NOTHING_TO_ASK]
    keys = {question.key for question in kept}
    questions = tuple(_sound_question(question, keys, languages[0], left_out) for question in kept)
    unhappy = survey.unhappy
    if unhappy and not _readable(unhappy):
        left_out.append(phrase("Nobody counts as unhappy here: the condition for it cannot be read."))
        unhappy = ""
    explain = survey.explain
    if explain is not None and not any(one.key == explain and one.kind == "text" for one in questions):
        explain = None
    sounder = replace(
        survey,
        languages=languages,
        questions=questions,
        unhappy=unhappy,
        explain=explain,
        apology=survey.apology if languages[0] in survey.apology else {},
        thanks=survey.thanks if languages[0] in survey.thanks else {},
    )
    return sounder, left_out


def _languages_of(survey: Survey) -> tuple[str, ...]:
    written = dict.fromkeys(tag for question in survey.questions for tag in question.text)
    return tuple(written) or ("en",)


def _askable(survey: Survey, left_out: list[Phrase]) -> Iterator[Question]:
    seen: set[str] = set()
    for number, question in enumerate(survey.questions, 1):
        if not question.key or question.kind not in KINDS:
            left_out.append(phrase("Question {number} is left out: it has no key or no kind yet.", number=number))
        elif question.key in seen:
            left_out.append(phrase("Question {number} is left out: its key is there twice.", number=number))
        else:
            seen.add(question.key)
            yield question


def _sound_question(question: Question, keys: set[str], default: str, left_out: list[Phrase]) -> Question:
    row = question.row
    ends = (question.low_end or {}, question.high_end or {})
    worded = all(default in end for end in ends)
    return replace(
        question,
        text=_said(question.text, default),
        low_end=question.low_end if worded else None,
        high_end=question.high_end if worded else None,
        options=_labelled(question.options, default),
        branches=tuple(_sound_branches(question, keys, left_out)),
        row=None if row is None else replace(row, introduction=_said(row.introduction, default)),
    )


def _sound_branches(question: Question, keys: set[str], left_out: list[Phrase]) -> Iterator[Branch]:
    for branch in question.branches:
        if not _readable(branch.when):
            unread = phrase("A branch of {question} is left out: its condition cannot be read.", question=question.key)
            left_out.append(unread)
        elif branch.to != END and branch.to not in keys:
            nowhere = phrase("A branch of {question} is left out: it leads nowhere yet.", question=question.key)
            left_out.append(nowhere)
        else:
            yield branch


def _labelled(options: tuple[Option, ...], default: str) -> tuple[Option, ...]:
    if all(default in option.label and option.key for option in options):
        return options
    return tuple(
        replace(option, label=option.label if default in option.label else {**option.label, default: option.key})
        for option in options
        if option.key
    )


def _said(texts: Texts, default: str) -> Texts:
    return texts if default in texts else {**texts, default: NOT_SAID}


def _readable(condition: str) -> bool:
    try:
        conditions.holds(condition, {}, NOTHING_KNOWN)
    except ConditionRefused:
        return False
    return True
