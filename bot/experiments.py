"""An experiment as it stands, read from the answers themselves: for the terminal, the console, the chat and the API.

What was asked by every version with the same experiment counts together. The rollups know nothing of sides: to them
both are one survey.
"""

from collections.abc import Callable, Iterable
from itertools import chain
from operator import attrgetter
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

from bot.house import House
from conversations.differences import Difference, differences
from conversations.experiments import as_asked, same_experiment, shares
from conversations.surveys import Survey
from reports.experiments import COMPLETION, Comparison, Result, Seen, compared
from reports.looking import LEVEL, POWER
from reports.scores import Figure
from storage.experiments import Ended, Rating
from storage.surveys import SurveyVersion
from storage.unit import Unit

FORMAT: Final = 1
"""Of the JSON: one more when a field goes or changes its meaning; fields may be added."""

Line = TypeVar("Line", Rating, Ended)


class Standing(msgspec.Struct, frozen=True):
    """An experiment: its survey as it is written, since when and by which versions it is asked, and what it shows.

    `running` while customers are being asked by it; `changed` says by side what is other than as written.
    """

    survey: Survey
    running: bool
    since: int
    versions: tuple[int, ...]
    changed: dict[str, tuple[Difference, ...]]
    result: Result

    @property
    def key(self) -> str:
        """Return the experiment's own key."""
        return self.survey.experiment.key if self.survey.experiment else ""


class NoExperiment(Exception):
    """No version of that survey was ever tried in two ways."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no version of {key!r} has an experiment")
        self.key = key


def read(unit: Unit, house: House, key: str) -> Standing:
    """Return the newest experiment of a survey, running or over. Raises NoExperiment."""
    versions = unit.surveys.versions(house.brand, key)
    surveys = {version.id: house.shelf.version(unit, version.id) for version in versions}
    newest = next((version for version in versions if surveys[version.id].experiment), None)
    if newest is None:
        raise NoExperiment(key)
    survey = surveys[newest.id]
    same = [version for version in versions if same_experiment(survey, surveys[version.id])]
    published = unit.surveys.by_key(house.brand, key)
    return Standing(
        survey,
        published is not None and published.id in {version.id for version in same},
        min(version.published_at for version in same),
        tuple(sorted(version.number for version in same)),
        {side: _changed(survey, side) for side in shares(survey)},
        _result(unit, house, survey, same),
    )


def running(unit: Unit, house: House, key: str) -> Survey | None:
    """Return the survey that is published under a key if it is tried in several ways, else None."""
    published = unit.surveys.by_key(house.brand, key)
    survey = house.shelf.version(unit, published.id) if published is not None else None
    return survey if survey is not None and survey.experiment is not None else None


def _changed(survey: Survey, side: str) -> tuple[Difference, ...]:
    return differences(replace(survey, experiment=None), replace(as_asked(survey, side), experiment=None))


def _result(unit: Unit, house: House, survey: Survey, versions: Iterable[SurveyVersion]) -> Result:
    ids = [version.id for version in versions]
    ratings: dict[str, list[Seen]] = {}
    given = sorted(chain.from_iterable(map(unit.experiments.ratings, ids)), key=attrgetter("answer_id"))
    for rating in _firsts(given, lambda one: (one.customer_id, one.question)):
        ratings.setdefault(rating.question, []).append((rating.variant, rating.number))
    over = sorted(chain.from_iterable(map(unit.experiments.ended, ids)), key=attrgetter("closing"))
    ended = [(one.variant, one.whole) for one in _firsts(over, lambda one: one.customer_id)]
    customers: dict[str, int] = {}
    for _, side in set(chain.from_iterable(map(unit.experiments.asked, ids))):
        customers[side] = customers.get(side, 0) + 1
    return compared(survey, ratings, ended, customers, house.fewest)


def _firsts(lines: Iterable[Line], of: Callable[[Line], object]) -> Iterable[Line]:
    """Yield the first line of each: who answered twice counts with what they said first."""
    seen: set[object] = set()
    for line in lines:
        if (whose := of(line)) not in seen:
            seen.add(whose)
            yield line


# --- as JSON ---------------------------------------------------------------------------------------------------------


def as_json(standing: Standing, iso: Callable[[int], str]) -> dict[str, Any]:
    """Return an experiment as it is written for other programs: docs/figures.md says what each field means."""
    survey, result = standing.survey, standing.result
    return {
        "format": FORMAT,
        "survey": survey.key,
        "experiment": standing.key,
        "running": standing.running,
        "since": iso(standing.since),
        "versions": list(standing.versions),
        "planned": result.planned,
        "fulfilled": result.fulfilled,
        "level": LEVEL,
        "power": POWER,
        "uneven": result.uneven,
        "sides": [
            {"variant": side, "share": share, "customers": result.customers[side]}
            for side, share in shares(survey).items()
        ],
        "measures": [
            {
                "measure": "completion_rate" if measure.question == COMPLETION else "score",
                "question": measure.question or None,
                "kind": measure.kind,
                "comparisons": [_comparison(one) for one in measure.comparisons],
            }
            for measure in result.measures
        ],
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    return {
        "variant": one.variant,
        "as_written": _figure(one.as_written),
        "varied": _figure(one.varied),
        "difference": one.difference,
        "low": None if one.around is None else one.around.low,
        "high": None if one.around is None else one.around.high,
        "unit": one.as_written.unit,
        "answers": one.answers,
        "finds": one.finds,
        "verdict": one.verdict.value,
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
