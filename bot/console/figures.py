"""The first figures as Today shows them: each with its count, its interval as a bar, and a calm word where too few
answered to say anything.
"""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec
from babel.numbers import format_decimal, format_percent

from bot import figures
from bot.console.wording import FIGURES, words
from bot.figures import Line, Report
from bot.house import House
from bot.phrases import babel_locale, say
from conversations.surveys import said_in
from reports.scores import Figure, change
from reports.summaries import Asked
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
    bar: Bar | None
    count: int
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
    return FigureBlock(days, tuple(_Lines(report, days, language).lines()), report.whole)


class _Lines:
    """The lines of one report, in one language."""

    def __init__(self, report: Report, days: int, language: str) -> None:
        self._report = report
        self._days = days
        self._language = language
        self._locale = babel_locale(language)

    def lines(self) -> Iterator[FigureLine]:
        for line in self._report.lines[:SHOWN]:
            asked = line.headline
            if asked is not None:
                earlier = line.before.scores[0] if line.before is not None and line.before.scores else None
                yield self._scored(line, asked, earlier)
        total, before = self._report.total.now, self._report.total.before
        yield self._line(self._say("response_rate"), "", total.response, before.response if before else None)
        yield self._line(self._say("recovery_rate"), "", total.recovery, before.recovery if before else None)

    def _scored(self, line: Line, asked: Asked, earlier: Asked | None) -> FigureLine:
        name = said_in(line.title, self._language, next(iter(line.title))) if line.title else line.key.replace("_", " ")
        kind = say(FIGURES.get(asked.score.kind, FIGURES["csat"]), self._language)
        same = earlier is not None and (earlier.survey, earlier.question) == (asked.survey, asked.question)
        before = earlier.score.headline if same and earlier is not None else None
        return self._line(name, kind, asked.score.headline, before, (asked.score.low, asked.score.high))

    def _line(
        self, name: str, kind: str, now: Figure, before: Figure | None, scale: tuple[int, int] = (0, 1)
    ) -> FigureLine:
        if now.value is None or now.around is None or not now.enough:
            told = self._say("not_enough", count=now.count, fewest=self._report.fewest)
            return FigureLine(name=name, kind=kind, value="–", told=told, bar=None, count=now.count)
        low, high = self._number(now.around.low, now.unit), self._number(now.around.high, now.unit)
        return FigureLine(
            name=name,
            kind=kind,
            value=self._number(now.value, now.unit),
            told=self._say("interval", low=low, high=high, count=now.count),
            bar=_bar(now, scale),
            count=now.count,
            moved=self._moved(now, before),
        )

    def _moved(self, now: Figure, before: Figure | None) -> str:
        """Say that a figure moved more than chance would do; anything less is not worth a word."""
        moved = change(now, before) if before is not None else None
        if moved is None or not moved.clear:
            return ""
        return self._say("higher" if moved.value > 0 else "lower", days=self._days)

    def _number(self, value: float, unit: str) -> str:
        match unit:
            case "share":
                return str(format_percent(value, locale=self._locale))
            case "points":
                return str(format_decimal(round(value), format="+0;−0" if round(value) else "0", locale=self._locale))
            case _:
                return str(format_decimal(value, format="0.0", locale=self._locale))

    def _say(self, name: str, **places: str | int) -> str:
        return words(name, self._language, **places)


def _bar(figure: Figure, scale: tuple[int, int]) -> Bar | None:
    if figure.value is None or figure.around is None:
        return None
    begin, end = {"share": (0.0, 1.0), "points": (-100.0, 100.0)}.get(figure.unit, scale)

    def place(value: float) -> float:
        return round(WIDTH * min(1.0, max(0.0, (value - begin) / (end - begin))), 1)

    zero = place(0) if figure.unit == "points" else None
    return Bar(place(figure.value), place(figure.around.low), place(figure.around.high), zero)
