"""The picture of a report: which rows it has and what stands beside them; `bot.drawing` draws it."""

from collections.abc import Iterator
from typing import Final

from bot.drawing import Picture, Row
from bot.figure_words import (
    ANSWERS,
    ASKED,
    CLOSED,
    DRAWN,
    RECOVERY,
    RESPONSE,
    counted,
    days,
    earlier,
    name_of,
    number,
    score_name,
    span,
)
from bot.figures import Line, Report
from bot.phrases import say
from conversations.phrases import Phrase, phrase
from reports.bars import bar
from reports.scores import Figure

MOST: Final = 8
"""Rows of a picture: more cannot be read on a telephone. The text has them all."""


def of_report(report: Report, business: str, language: str) -> Picture | None:
    """Return the picture of a report by touchpoint; None when there is nothing to draw."""
    rows = list(_rows(report, language))
    if not rows:
        return None
    period = days(report.period, language)
    title = business or say(phrase("What customers say"), language)
    return Picture(language, title, period, say(DRAWN, language), tuple(rows[:MOST]))


def _rows(report: Report, language: str) -> Iterator[Row]:
    """Yield the scores of each touchpoint, and below them how many of all answered and were won back."""
    room = MOST - 2
    scores = [row for line in report.lines for row in _score_rows(line, report.fewest, language)]
    yield from scores[:room]
    now, before = report.total.now, report.total.before
    if now.invited:
        was = before.response if before else None
        yield _row(say(RESPONSE, language), now.response, ASKED, was, report.fewest, language)
    if now.recovery.count:
        was = before.recovery if before else None
        yield _row(say(RECOVERY, language), now.recovery, CLOSED, was, report.fewest, language)


def _score_rows(line: Line, fewest: int, language: str) -> Iterator[Row]:
    for asked in line.now.scores:
        if asked.matrix:
            continue
        name = score_name(asked, line.now)
        label = f"{name_of(line, language)} · {name if isinstance(name, str) else say(name, language)}"
        was = earlier(asked, line.before)
        before = was.score.headline if was else None
        yield _row(label, asked.score.headline, ANSWERS, before, fewest, language)


def _row(label: str, figure: Figure, of: Phrase, before: Figure | None, fewest: int, language: str) -> Row:
    stands = say(counted(figure, of, fewest), language)
    drawn = bar(figure, before)
    if drawn is None or figure.value is None:
        return Row(label, "–", stands)
    if not figure.enough:
        return Row(label, "?", stands, drawn.value, drawn.low, drawn.high, enough=False, zero=drawn.zero)
    note = " · ".join((span(figure, language), stands))
    if before is not None and before.value is not None and before.enough:
        was = phrase("before: {was}", was=number(before.value, before.unit))
        note = f"{note} · {say(was, language)}"
    return Row(
        label,
        number(figure.value, figure.unit),
        note,
        drawn.value,
        drawn.low,
        drawn.high,
        zero=drawn.zero,
        before=drawn.before,
    )
