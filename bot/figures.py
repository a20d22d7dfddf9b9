"""The figures as chat, console and command line show them: read from the rollups, and nothing else."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal

import msgspec

from bot.house import House
from conversations.surveys import Survey, Texts
from reports.periods import Period, date_of, last_days, split, start_of
from reports.scores import Figure
from reports.summaries import Asked, Count, Summary, summary
from storage.rollups import RollupRow
from storage.unit import Unit

By = Literal["touchpoint", "survey", "day", "week", "month"]

FORMAT: Final = 1
"""Of the JSON: one more when a field goes or changes its meaning; fields may be added."""


class Line(msgspec.Struct, frozen=True):
    """One line of a report: a touchpoint, a survey or a part of the period.

    `key` is the touchpoint's or survey's, empty for a part of the period; `title` its name in the survey's languages.
    `before` is what it came to in the period before, when that is asked for.
    """

    key: str
    period: Period
    now: Summary
    before: Summary | None = None
    title: Texts = {}

    @property
    def headline(self) -> Asked | None:
        """Return the score that stands for the line."""
        return self.now.scores[0] if self.now.scores else None


class Report(msgspec.Struct, frozen=True):
    """All figures of a period. `whole` is false while they are still being counted: then none of them is final."""

    zone: str
    period: Period
    by: By
    fewest: int
    whole: bool
    lines: tuple[Line, ...]
    total: Line
    titles: dict[str, Texts] = {}  # of the surveys, by their keys


def last(unit: Unit, house: House, days: int, now: int) -> Report:
    """Return the figures of the last `days` days, today included, by touchpoint, beside those of as many before."""
    return read(unit, house, last_days(days, now, house.zone))


def read(unit: Unit, house: House, period: Period, by: By = "touchpoint") -> Report:
    """Return the figures of a period. By touchpoint or survey, the equally long period before it stands beside."""
    standing = unit.rollups.standing(house.brand)
    surveys = _surveys(unit, house)

    def come_to(counts: list[Count]) -> Summary:
        return summary(counts, surveys, house.fewest)

    if by in ("touchpoint", "survey"):
        now, before = _counts(unit, house, period), _counts(unit, house, period.before)
        lines = _by_key(now, before, by, period, surveys, house.fewest)
        total = Line("", period, come_to(now), come_to(before))
    else:
        pieces = [(piece, _counts(unit, house, piece)) for piece in split(period, _step(by))]
        lines = [Line("", piece, come_to(counts)) for piece, counts in pieces]
        total = Line("", period, come_to([count for _, counts in pieces for count in counts]))
    whole = standing is not None and standing.whole and standing.zone == house.zone
    titles = {key: survey.title for key, survey in surveys.items()}
    return Report(house.zone, period, by, house.fewest, whole, tuple(lines), total, titles)


def _counts(unit: Unit, house: House, days: Period) -> list[Count]:
    return [_count(row) for row in unit.rollups.summed(house.brand, days.first, days.last)]


def _step(by: By) -> Literal["day", "week", "month"]:
    return "day" if by == "day" else "week" if by == "week" else "month"


def _surveys(unit: Unit, house: House) -> dict[str, Survey]:
    return {stored.key: house.shelf.version(unit, stored.id) for stored in unit.surveys.newest(house.brand)}


def _count(row: RollupRow) -> Count:
    return Count(row.touchpoint, row.survey, row.question, row.measure, row.value, row.count)


def _by_key(
    now: list[Count], before: list[Count], by: By, period: Period, surveys: Mapping[str, Survey], fewest: int
) -> list[Line]:
    key_of: Callable[[Count], str] = (lambda c: c.touchpoint) if by == "touchpoint" else (lambda c: c.survey)
    then = _grouped(before, key_of)
    lines = []
    for key, counts in sorted(_grouped(now, key_of).items()):
        if key:
            earlier = summary(then.get(key, ()), surveys, fewest)
            lines.append(Line(key, period, summary(counts, surveys, fewest), earlier, _title(key, by, surveys)))
    return lines


def _grouped(counts: Iterable[Count], key_of: Callable[[Count], str]) -> dict[str, list[Count]]:
    groups: dict[str, list[Count]] = {}
    for count in counts:
        groups.setdefault(key_of(count), []).append(count)
    return groups


def _title(key: str, by: By, surveys: Mapping[str, Survey]) -> Texts:
    for survey in surveys.values():
        if key == (survey.touchpoint if by == "touchpoint" else survey.key) and survey.title:
            return survey.title
    return {}


# -- as JSON


def as_json(report: Report, made_at: str, iso: Callable[[int], str]) -> dict[str, Any]:
    """Return a report as it is written for other programs: docs/figures.md says what each field means."""
    first, last_ = report.period.first, report.period.last
    return {
        "format": FORMAT,
        "made_at": made_at,
        "zone": report.zone,
        "since": str(date_of(first)),
        "until": str(date_of(last_)),
        "from": iso(start_of(first, report.zone)),
        "to": iso(start_of(last_ + 1, report.zone)),
        "by": report.by,
        "fewest": report.fewest,
        "counted": report.whole,
        "lines": [_line(line, report.by) for line in report.lines],
        "total": _line(report.total, report.by),
    }


def _line(line: Line, by: By) -> dict[str, Any]:
    named: dict[str, Any] = {by: line.key} if line.key else {}
    dates = {"since": str(date_of(line.period.first)), "until": str(date_of(line.period.last))}
    before = {} if line.before is None else {"before": _summary(line.before)}
    return {**named, **dates, **_summary(line.now), **before}


def _summary(made: Summary) -> dict[str, Any]:
    return {
        "invited": made.invited,
        "responses": {
            "complete": made.complete,
            "partial": made.partial,
            "break_off": made.break_off,
            "none": made.none,
        },
        "response_rate": _figure(made.response),
        "completion_rate": _figure(made.completion),
        "cases": {"opened": made.cases_opened, "closed": made.cases_closed},
        "recovery_rate": _figure(made.recovery),
        "scores": [_asked(asked) for asked in made.scores],
    }


def _asked(asked: Asked) -> dict[str, Any]:
    score = asked.score
    return {
        "survey": asked.survey,
        "question": asked.question,
        **({"matrix": asked.matrix} if asked.matrix else {}),
        "kind": score.kind,
        "score": _figure(score.headline),
        "mean": _figure(score.mean),
        "scale": [score.low, score.high],
        "ratings": {str(rating): count for rating, count in score.counts.items()},
    }


def _figure(figure: Figure) -> dict[str, Any]:
    around = figure.around
    return {
        "value": figure.value,
        "low": None if around is None else around.low,
        "high": None if around is None else around.high,
        "count": figure.count,
        "enough": figure.enough,
        "unit": figure.unit,
    }
