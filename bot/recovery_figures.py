"""What recovery took and what came of it, read from the cases of a period: for the command line, the chat and pages.

The cases themselves are read each time, and nothing is kept besides: they are few, and each figure here needs the
whole list of them. Working time is that of the case's team now, else the hours in which we are awake.
"""

from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec

from bot import clockwork
from bot.candidates import calendar_of
from bot.case_effect import scale_of
from bot.house import House
from conversations.surveys import Texts
from recovery import calendars
from recovery.calendars import Calendar
from reports import recoveries
from reports.periods import Period, date_of, start_of
from reports.recoveries import Band, ClosedCase, Paired, Recovered, Spell, Times
from reports.scores import Figure
from storage.recoveries import ClosedCase as Row
from storage.unit import Unit

By = Literal["touchpoint", "team"]

FORMAT: Final = 1
PAGE: Final = 2000
_MS: Final = 1000


class RecoveryReport(msgspec.Struct, frozen=True):
    """The figures of recovery over the cases that closed in a period: by touchpoint or team, and in all.

    `typed_calls` are customers who never answered and whose rating a staff member typed: content ones and unhappy
    ones, counted nowhere else. `names` are those of the teams, `titles` those of the touchpoints.
    """

    zone: str
    currency: str
    period: Period
    by: By
    fewest: int
    lines: tuple[Recovered, ...]
    total: Recovered
    typed_calls: int
    missed_calls: int
    titles: dict[str, Texts] = {}


def read(unit: Unit, house: House, period: Period, by: By = "touchpoint") -> RecoveryReport:
    """Return the figures of the cases that closed in a period, by the business's calendar."""
    return gather(unit, house, period, by)()


def gather(unit: Unit, house: House, period: Period, by: By = "touchpoint") -> Callable[[], RecoveryReport]:
    """Read all that the figures need, and return how to reckon them: that takes longer, and needs no database."""
    since, until = start_of(period.first, house.zone), start_of(period.last + 1, house.zone)
    reading = _Reading(unit, house, by)
    rows: list[Row] = []
    after = (0, 0)
    while page := unit.recoveries.closed(house.brand, since, until, after, PAGE):
        rows += page
        after = (page[-1].closed_at, page[-1].id)
    for row in rows:
        reading.look_up(row)
    reached, missed = _calls(unit, house, since, until)
    titles = _titles(unit, house) if by == "touchpoint" else {}

    def reckon() -> RecoveryReport:
        cases = [reading.case(row) for row in rows]
        return RecoveryReport(
            zone=house.zone,
            currency=house.currency,
            period=period,
            by=by,
            fewest=house.fewest,
            lines=tuple(recoveries.by_key(cases, house.fewest)),
            total=recoveries.of("", cases, house.fewest),
            typed_calls=reached,
            missed_calls=missed,
            titles=titles,
        )

    return reckon


def _calls(unit: Unit, house: House, since: int, until: int) -> tuple[int, int]:
    """Return how many calls reached somebody in the period, and how many did not."""
    reached = missed = after = 0
    while page := unit.phone_calls.between(house.brand, since, until, after, PAGE):
        after = page[-1].id
        reached += sum(call.outcome == "reached" for call in page)
        missed += sum(call.outcome != "reached" for call in page)
    return reached, missed


def _titles(unit: Unit, house: House) -> dict[str, Texts]:
    surveys = (house.shelf.version(unit, stored.id) for stored in unit.surveys.newest(house.brand))
    return {survey.touchpoint: survey.title for survey in surveys if survey.title}


class _Reading:
    """One reading: the calendars of the teams and the scales of the surveys, each looked up once."""

    def __init__(self, unit: Unit, house: House, by: By) -> None:
        self._unit = unit
        self._house = house
        self._by = by
        self._teams = {team.id: team for team in unit.teams.listing(house.brand)}
        self._calendars: dict[int | None, Calendar] = {}
        self._scales: dict[tuple[int | None, str | None], str] = {}

    def look_up(self, row: Row) -> None:
        """Read what a case's figures need besides its row; what was read for another is known."""
        self._calendar(row.team_id)
        self._scale(row.survey_version_id, row.rating_question)

    def case(self, row: Row) -> ClosedCase:
        """Return a case as the reports see it. Its row was looked up."""
        calendar = self._calendar(row.team_id)
        return ClosedCase(
            key=self._key(row),
            opened_at=row.opened_at,
            outcome=row.outcome or "",
            told_by=row.told_by or "",
            first_contact_at=row.first_contact_at,
            resolved_at=row.resolved_at,
            first_contact_worked=_worked(calendar, row.opened_at, row.first_contact_at),
            resolved_worked=_worked(calendar, row.opened_at, row.resolved_at),
            contacts=row.contacts,
            reopened=row.reopened,
            on_the_spot=None if row.on_the_spot is None else bool(row.on_the_spot),
            rated_on=self._scale(row.survey_version_id, row.rating_question),
            rating=row.rating,
            rated_after_on=row.rating_after_on or "",
            rating_after=row.rating_after,
            spent=row.spent,
        )

    def _key(self, row: Row) -> str:
        if self._by == "touchpoint":
            return row.touchpoint or ""
        team = self._teams.get(row.team_id or 0)
        return "" if team is None else team.name

    def _calendar(self, team_id: int | None) -> Calendar:
        if team_id not in self._calendars:
            team = self._teams.get(team_id or 0)
            key = None if team is None else team.calendar
            stored = None if key is None else self._unit.calendars.by_key(self._house.brand, key)
            known = clockwork.waking_hours(self._house) if stored is None else calendar_of(stored.written)
            self._calendars[team_id] = known
        return self._calendars[team_id]

    def _scale(self, version_id: int | None, key: str | None) -> str:
        asked = (version_id, key)
        if asked not in self._scales:
            question = None
            if version_id is not None and key is not None:
                survey = self._house.shelf.version(self._unit, version_id)
                question = next((one for one in survey.questions if one.key == key), None)
            self._scales[asked] = "" if question is None else scale_of(question)
        return self._scales[asked]


def _worked(calendar: Calendar, since: int, until: int | None) -> int | None:
    if until is None:
        return None
    return int(calendars.time_between(calendar, since, until).total_seconds() * _MS)


# --- as JSON ---------------------------------------------------------------------------------------------------------


def as_json(report: RecoveryReport, made_at: str, iso: Callable[[int], str | None]) -> dict[str, Any]:
    """Return a report for other programs: shares from 0 to 1, spans in seconds, money in minor units."""
    first, last = report.period.first, report.period.last
    return {
        "format": FORMAT,
        "made_at": made_at,
        "zone": report.zone,
        "since": str(date_of(first)),
        "until": str(date_of(last)),
        "from": iso(start_of(first, report.zone)),
        "to": iso(start_of(last + 1, report.zone)),
        "by": report.by,
        "fewest": report.fewest,
        "currency": report.currency or None,
        "calls": {"reached": report.typed_calls, "missed": report.missed_calls},
        "lines": [{report.by: line.key, **_line(line)} for line in report.lines],
        "total": _line(report.total),
    }


def _line(line: Recovered) -> dict[str, Any]:
    return {
        "cases": line.cases,
        "enough": line.enough,
        "outcomes": {name: _figure(figure) for name, figure in line.outcomes.items()},
        "recovery_rate": _figure(line.recovery),
        "typed_by_staff": line.typed,
        "first_contact": _times(line.first_contact),
        "resolution": _times(line.resolution),
        "on_the_spot": _figure(line.on_the_spot),
        "reopened": _figure(line.reopened),
        "contacts": {"count": line.contacts.count, "median": line.contacts.median, "p90": line.contacts.ninetieth},
        "ratings": [_paired(paired) for paired in line.ratings],
        "ratings_not_comparable": line.unpaired,
        "spent": line.spent,
        "spent_per_recovered": line.spent_per_recovered,
        "by_first_contact": [_band(band) for band in line.bands],
    }


def _times(times: Times) -> dict[str, Any]:
    return {"calendar": _spell(times.wall), "working": _spell(times.worked), "without": times.without}


def _spell(spell: Spell) -> dict[str, Any]:
    def seconds(value: int | None) -> float | None:
        return None if value is None else value / _MS

    return {
        "count": spell.count,
        "median": seconds(spell.median),
        "p90": seconds(spell.ninetieth),
        "enough": spell.enough,
    }


def _paired(paired: Paired) -> dict[str, Any]:
    kind, low, high = paired.rated_on.split()
    return {
        "kind": kind,
        "scale": [int(low), int(high)],
        "count": paired.count,
        "before": paired.before,
        "after": paired.after,
        "better": paired.better,
        "same": paired.same,
        "worse": paired.worse,
        "better_less_worse": _figure(paired.change),
    }


def _band(band: Band) -> dict[str, Any]:
    return {
        "upto": None if band.upto is None else band.upto / _MS,
        "cases": band.cases,
        "recovery_rate": _figure(band.recovered),
        "compensated": _figure(band.compensated),
        "spent": band.spent,
        "spent_per_case": band.spent_each,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    around = figure.around
    return {
        "value": figure.value,
        "low": None if around is None else around.low,
        "high": None if around is None else around.high,
        "count": figure.count,
        "enough": figure.enough,
    }
