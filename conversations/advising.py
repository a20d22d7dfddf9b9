"""What would serve a survey better: advice that refuses nothing.

What pulls answers to one side is in `biases`, what may break the promise of an anonymous survey in `anonymous_advice`.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

from conversations import anonymous_advice, biases, conditions
from conversations.answering_time import expected_seconds
from conversations.phrases import Phrase, phrase
from conversations.placing import all_texts, label_texts, scale_texts, tables
from conversations.problems import Advice, mend_or_write
from conversations.surveys import RATINGS, Survey

MANY_QUESTIONS: Final = 8
"""More than that and people stop half-way."""

MANY_ROWS: Final = 7
"""Rows of one matrix, each a tap; the two of SERVQUAL have five."""

WIDEST_LABEL: Final = 32
"""Columns that a button shows on a narrow telephone, where a Chinese character takes two; Telegram cuts the rest."""

_AT_MOST: Final = phrase(
    "Use at most {letters} letters, or {characters} Chinese characters.",
    letters=WIDEST_LABEL,
    characters=WIDEST_LABEL // 2,
)

SURELY_WRITTEN: Final = 12
"""Characters from which the same words in two languages are rather not yet translated than alike."""


def advice(survey: Survey) -> Iterator[Advice]:
    """Yield all advice about a survey."""
    yield from _length(survey)
    yield from _for_nobody(survey)
    yield from _scales(survey)
    yield from _buttons(survey)
    yield from _untranslated(survey)
    yield from biases.advice(survey)
    yield from anonymous_advice.advice(survey, all_texts(survey))


def _length(survey: Survey) -> Iterator[Advice]:
    asked = [place for place, question in tables(survey) if question.kind != "statement"]
    if len(asked) > MANY_QUESTIONS:
        said = phrase(
            "{count} questions are many: they take {time}, and people stop half-way.",
            count=len(asked),
            time=how_long(expected_seconds(survey)),
        )
        yield asked[MANY_QUESTIONS], said, phrase("Ask {most} at most.", most=MANY_QUESTIONS)
    for place, question in tables(survey):
        if question.row and len(question.row.keys) > MANY_ROWS:
            count = len(question.row.keys)
            said = phrase("{count} rows are many: they are asked one after the other.", count=count)
            yield (*place, "rows"), said, phrase("Write {most} at most, or two matrices.", most=MANY_ROWS)


def how_long(seconds: int) -> Phrase:
    """Return how long something takes, as one says it: a minute and a half is two minutes."""
    if seconds < 60:
        return phrase("{seconds} seconds", seconds=seconds)
    minutes = -(-seconds // 60)
    return phrase("about a minute") if seconds <= 70 else phrase("about {minutes} minutes", minutes=minutes)


_WHO_IS_UNHAPPY: Final = mend_or_write(phrase("Say which answers are unhappy ones."), 'unhappy = "…"')
_ODD: Final = phrase("Use an odd number of steps, such as 1 to 5.")


def _for_nobody(survey: Survey) -> Iterator[Advice]:
    for key, written in (("apology", survey.apology), ("explain", survey.explain)):
        if written and not survey.unhappy:
            said = phrase('"{key}" is for the unhappy, and nothing says who that is.', key=key)
            yield (key,), said, _WHO_IS_UNHAPPY
    if survey.unhappy and conditions.always(survey.unhappy, survey.questions):
        said = phrase("Everybody is unhappy, whatever they answer.")
        yield ("unhappy",), said, phrase("Let it hold for the bad end of a scale only.")


def _scales(survey: Survey) -> Iterator[Advice]:
    for place, question in tables(survey):
        scale = question.scale
        if question.kind not in RATINGS or scale is None:
            continue
        if question.kind in ("csat", "stars") and (scale.high - scale.low) % 2:
            said = phrase('The scale of "{key}" has no middle.', key=question.key)
            yield (*place, "scale"), said, mend_or_write(_ODD, "scale = [1, 5]")
        if question.kind != "stars" and not (question.low_end and question.high_end):
            said = phrase("Nobody sees what {low} and {high} mean.", low=scale.low, high=scale.high)
            language = survey.languages[0] if survey.languages else "en"
            example = f'low.{language} = "…", high.{language} = "…"'
            yield (*place, "low"), said, mend_or_write(phrase("Say what both ends mean."), example)


def _buttons(survey: Survey) -> Iterator[Advice]:
    for path, texts in label_texts(survey):
        for language, text in texts.items():
            if columns(text) > WIDEST_LABEL:
                said = phrase('A telephone cuts "{label}".', label=text)
                yield (*path, language), said, _AT_MOST


def columns(text: str) -> int:
    """Return how many columns a text takes; a Chinese character or an emoji takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _untranslated(survey: Survey) -> Iterator[Advice]:
    if not survey.languages:
        return
    first, *others = survey.languages
    for path, texts in (*all_texts(survey), *label_texts(survey), *scale_texts(survey)):
        written = texts.get(first, "")
        for language in others:
            if texts.get(language) == written and len(written) >= SURELY_WRITTEN and not _alike(first, language):
                said = phrase("The text in {language} is the same as in {first}.", language=language, first=first)
                yield (*path, language), said, phrase("Translate it, or leave {language} out.", language=language)


def _alike(one: str, other: str) -> bool:
    return one.partition("-")[0] == other.partition("-")[0]
