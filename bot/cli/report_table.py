"""A report in the terminal: blocks for touchpoints and surveys, one table line for each day, week or month."""

from collections.abc import Iterator
from typing import Final
from unicodedata import east_asian_width

from bot.figure_words import (
    COUNTING,
    EXPLAINED,
    NOBODY,
    RECOVERY,
    RESPONSE,
    SCORES,
    days,
    name_of,
    number,
    rate_lines,
    span,
    summary_lines,
    titled,
)
from bot.figures import Line, Report
from bot.phrases import say
from conversations.phrases import phrase
from reports.scores import Figure
from reports.summaries import Asked

DAYS: Final = phrase("Days")
ASKED: Final = phrase("Asked")
TOTAL: Final = phrase("All together")
COUNTS: Final = phrase("Behind each figure: how many it stands on. In brackets alone: a count that is not enough yet.")


def printed(report: Report, language: str) -> Iterator[str]:
    """Yield the lines of a report."""
    yield f"{days(report.period, language)} ({report.zone})"
    if not report.whole:
        yield say(COUNTING, language)
    if not report.total.now.invited and not report.total.now.cases_opened and not report.total.now.cases_closed:
        yield say(NOBODY, language)
        return
    yield ""
    yield from _blocks(report, language) if report.by in ("touchpoint", "survey") else _table(report, language)
    yield say(EXPLAINED, language)


def _blocks(report: Report, language: str) -> Iterator[str]:
    for line in report.lines:
        yield name_of(line, language)
        yield from (f"  {each}" for each in summary_lines(line.now, line.before, report.fewest, language))
        yield ""
    if len(report.lines) > 1:
        yield say(TOTAL, language)
        total = rate_lines(report.total.now, report.total.before, report.fewest, language)
        yield from (f"  {each}" for each in total)
        yield ""


def _table(report: Report, language: str) -> Iterator[str]:
    """Yield a line for each part of the time, with the headline of every survey; the other scores are in --json."""
    headlines = {each.survey: each for each in reversed(report.total.now.scores) if not each.matrix}
    asked = [each for each in report.total.now.scores if headlines.get(each.survey) is each]
    heads = [say(each, language) for each in (DAYS, ASKED, RESPONSE)]
    heads += [titled(each.survey, report.titles.get(each.survey, {}), language) for each in asked]
    keys = [(each.survey, each.question) for each in asked]
    lines = [[*heads, say(RECOVERY, language)], [""] * 3 + [_kind(each, language) for each in asked] + [""]]
    yield from _aligned([*lines, *(_cells(line, keys, language) for line in (*report.lines, report.total))])
    yield ""
    yield say(COUNTS, language)


def _kind(asked: Asked, language: str) -> str:
    known = SCORES.get(asked.score.kind)
    return asked.question.replace("_", " ") if known is None else say(known, language)


def _cells(line: Line, asked: list[tuple[str, str]], language: str) -> list[str]:
    scores = {(each.survey, each.question): each.score.headline for each in line.now.scores}
    figures = [line.now.response, *(scores.get(key) for key in asked), line.now.recovery]
    return [days(line.period, language), str(line.now.invited), *(_cell(figure, language) for figure in figures)]


def _cell(figure: Figure | None, language: str) -> str:
    """Return a figure in short, with its count; with too few to go by the count alone."""
    if figure is None or figure.value is None:
        return "–"
    if not figure.enough:
        return f"({figure.count})"
    return f"{number(figure.value, figure.unit)} ({span(figure, language)}) {figure.count}"


def _aligned(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [cell + " " * (widths[place] - _width(cell)) for place, cell in enumerate(row)]
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Return how many columns a terminal gives a text: a Chinese character takes two."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
