"""The first figures as Today shows them: each with its count, its interval as a bar, and a calm word where too few
answered to say anything. The words are those of `/report`.
"""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from bot import figures
from bot.figure_words import (
    ANSWERS,
    ASKED,
    CLOSED,
    RECOVERY,
    RESPONSE,
    counted,
    earlier,
    name_of,
    number,
    score_name,
    span,
)
from bot.figures import Line, Report
from bot.house import House
from bot.phrases import say
from conversations.phrases import Phrase, phrase
from reports.scores import Figure, change
from storage.unit import Unit

PERIODS: Final = (7, 30)
"""Days: this week, and what is usual."""

SHOWN: Final = 6
"""So many touchpoints on Today; all of them are in the report."""

WIDTH: Final = 200
"""Of a bar, in its own units."""


class Bar(msgspec.Struct, frozen=True):
    """Where a value and its interval lie on a bar from 0 to `WIDTH`; `zero` is where nought is when it is within."""

    at: float
    low: float
    high: float
    zero: float | None = None


class FigureLine(msgspec.Struct, frozen=True, kw_only=True):
    """One figure, ready to be shown; without a `bar` too few have answered."""

    name: str
    kind: str
    value: str
    told: str
    count: int
    bar: Bar | None
    moved: str = ""


class FigureBlock(msgspec.Struct, frozen=True):
    """The figures of one period. `whole` is false while they are still being counted."""

    days: int
    lines: tuple[FigureLine, ...]
    whole: bool

    @property
    def empty(self) -> bool:
        """Return whether nobody was asked and nothing closed."""
        return all(line.count == 0 for line in self.lines)

    @property
    def drawn(self) -> bool:
        """Return whether any figure has enough below it to be drawn."""
        return any(line.bar is not None for line in self.lines)


def figures_for(house: House, now: int, language: str) -> Callable[[Unit], tuple[FigureBlock, ...]]:
    """Return the work that reads the figures of each period."""

    def work(unit: Unit) -> tuple[FigureBlock, ...]:
        return tuple(_block(figures.last(unit, house, days, now), days, language) for days in PERIODS)

    return work


def _block(report: Report, days: int, language: str) -> FigureBlock:
    return FigureBlock(days, tuple(_lines(report, language)), report.whole)


def _lines(report: Report, language: str) -> Iterator[FigureLine]:
    for line in report.lines[:SHOWN]:
        if line.headline is not None:
            yield score_line(line, report.fewest, language)
    now, before = report.total.now, report.total.before
    response, recovery = (before.response, before.recovery) if before is not None else (None, None)
    yield _figure(say(RESPONSE, language), "", now.response, response, ASKED, report.fewest, language)
    yield _figure(say(RECOVERY, language), "", now.recovery, recovery, CLOSED, report.fewest, language)


def score_line(line: Line, fewest: int, language: str) -> FigureLine:
    """Return the score that stands for a line of a report. The line has one."""
    asked = line.now.scores[0]
    was = earlier(asked, line.before)
    called = score_name(asked, line.now)
    kind = called if isinstance(called, str) else say(called, language)
    scale = (asked.score.low, asked.score.high)
    headline, before = asked.score.headline, was.score.headline if was is not None else None
    return _figure(name_of(line, language), kind, headline, before, ANSWERS, fewest, language, scale)


def _figure(
    name: str,
    kind: str,
    now: Figure,
    before: Figure | None,
    of: Phrase,
    fewest: int,
    language: str,
    scale: tuple[int, int] = (0, 1),
) -> FigureLine:
    stands = say(counted(now, of, fewest), language)
    if now.value is None or not now.enough:
        return FigureLine(name=name, kind=kind, value="–", told=stands, count=now.count, bar=None)
    return FigureLine(
        name=name,
        kind=kind,
        value=number(now.value, now.unit),
        told=f"{span(now, language)} · {stands}",
        count=now.count,
        bar=bar_of(now, scale),
        moved=_moved(now, before, language),
    )


def _moved(now: Figure, before: Figure | None, language: str) -> str:
    """Say that a figure moved more than chance would do; anything less is not worth a word here."""
    moved = change(now, before) if before is not None else None
    if moved is None or not moved.clear or before is None or before.value is None:
        return ""
    was = number(before.value, before.unit)
    if moved.value > 0:
        return say(phrase("clearly up from {was}", was=was), language)
    return say(phrase("clearly down from {was}", was=was), language)


def bar_of(figure: Figure, scale: tuple[int, int]) -> Bar | None:
    """Return where a figure lies on its bar, None without one; a mean lies on the scale of its question."""
    if figure.value is None or figure.around is None:
        return None
    begin, end = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}.get(figure.unit, scale)

    def place(value: float) -> float:
        return round(WIDTH * min(1.0, max(0.0, (value - begin) / (end - begin))), 1)

    zero = place(0) if figure.unit == "points" else None
    return Bar(place(figure.value), place(figure.around.low), place(figure.around.high), zero)
