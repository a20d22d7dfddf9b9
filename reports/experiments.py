"""What an experiment shows: each side's figures, how far they differ, and a verdict that may be looked at every day.

    rating question   its score on each side: share, points or mean, as everywhere else (`reports.scores`)
    completion rate   complete ÷ responses begun, of those that are over

    TOO_FEW     not a quarter of the planned answers: no difference that is likely could show yet
    NONE_YET    nothing shows so far; the plan is not fulfilled
    NONE        the plan is fulfilled, and nothing shows: a difference of the planned size would probably have
    HIGHER, LOWER   the variant's figure differs from that of the survey as it is written

A difference is said where there is none in at most one experiment out of twenty, whatever number of times, of measures
and of variants is looked at: the bound of `reports.looking` is for all looks, and over the measures stands the rule of
Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979) 65–70.
Intervals are as wide as that asks for all at once (Bonferroni), so they are not those of one figure alone. Answers
after the planned ones change nothing any more.

Each customer counts once in each measure, with their first response: who is asked often is still one person.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from itertools import takewhile
from math import sqrt
from typing import Final

import msgspec

from conversations.experiments import AS_WRITTEN, shares
from conversations.surveys import RATINGS, Question, Survey
from reports import intervals
from reports.intervals import Interval
from reports.looking import LEVEL, bound, chance, drift
from reports.scores import DETRACTORS_TO, FEWEST, PROMOTERS_FROM, Figure, Unit, score, share_of

COMPLETION: Final = ""
"""The measure that belongs to no question."""

TELLS_FROM: Final = 0.25
"""The share of the planned answers under which nothing is said but how many there are."""

_FARTHEST: Final = 40.0
_HALVINGS: Final = 30
_UNEVEN: Final = 4.5
"""Standard errors by which the sides may differ from their shares before something else must sort the customers."""

Seen = tuple[str, int]
"""One customer's side, and what they gave: a rating, or 1 for a response that came to its end and 0 for one that did
not. In the order in which it came."""


class Verdict(Enum):
    """What can be said of a difference; see above."""

    TOO_FEW = "too_few"
    NONE_YET = "none_yet"
    NONE = "none"
    HIGHER = "higher"
    LOWER = "lower"


class Comparison(msgspec.Struct, frozen=True):
    """A measure on two sides. `difference` is the variant's less the other's; None while one of them has none.

    `answers` are worth so many of each side: their harmonic mean, since the smaller side decides. `finds` is the
    difference that the planned number shows in 80 of 100 experiments. All are in the unit of the figures.
    """

    variant: str
    as_written: Figure
    varied: Figure
    difference: float | None
    around: Interval | None
    answers: int
    finds: float
    verdict: Verdict


class Measure(msgspec.Struct, frozen=True):
    """A rating question, or the completion rate, with what each variant does to it."""

    question: str
    kind: str
    comparisons: tuple[Comparison, ...]


class Result(msgspec.Struct, frozen=True):
    """What an experiment shows. `customers` are so many asked on each side, `uneven` when chance would not do that."""

    planned: int
    customers: dict[str, int]
    uneven: bool
    measures: tuple[Measure, ...]

    @property
    def fulfilled(self) -> bool:
        """Say whether every measure has the answers that were planned."""
        return all(one.answers >= self.planned for measure in self.measures for one in measure.comparisons)

    @property
    def differs(self) -> bool:
        """Say whether anything differs."""
        told = (one.verdict for measure in self.measures for one in measure.comparisons)
        return any(verdict in (Verdict.HIGHER, Verdict.LOWER) for verdict in told)


def compared(
    survey: Survey,
    ratings: Mapping[str, Sequence[Seen]],
    ended: Sequence[Seen],
    customers: Mapping[str, int],
    fewest: int = FEWEST,
) -> Result:
    """Return what the experiment of a survey shows, from what was seen by question, and of responses that are over.

    `customers` are so many asked on each side. Raises ValueError for a survey without an experiment.
    """
    if survey.experiment is None:
        raise ValueError(f"{survey.key} has no experiment")
    measured: list[_Measured] = [
        *(_Rated(question, ratings.get(question.key, ()), fewest) for question in rated(survey)),
        _Ended(ended, fewest),
    ]
    planned = survey.experiment.answers
    variants = [variant.key for variant in survey.experiment.variants]
    pairs = [[_Pair(measure, variant, planned) for variant in variants] for measure in measured]
    told = _holm([pair for line in pairs for pair in line])
    measures = (
        Measure(measure.question, measure.kind, tuple(told[pair] for pair in line))
        for measure, line in zip(measured, pairs, strict=True)
    )
    sides = {side: customers.get(side, 0) for side in shares(survey)}
    return Result(planned, sides, _uneven(sides, shares(survey)), tuple(measures))


def rated(survey: Survey) -> list[Question]:
    """Return the questions that an experiment compares."""
    return [question for question in survey.questions if question.kind in RATINGS and question.scale is not None]


# --- what is measured -----------------------------------------------------------------------------------------------


class _Measured(ABC):
    """A measure: what each customer adds to it, from which figure, mean and spread follow."""

    question = COMPLETION
    kind = "completion"
    unit: Unit = "share"
    lowest, highest = 0.0, 1.0

    def __init__(self, seen: Sequence[Seen], fewest: int) -> None:
        self.seen = seen
        self.fewest = fewest

    @abstractmethod
    def figure(self, given: Mapping[int, int]) -> Figure:
        """Return the figure of answers, counted by what was given."""

    @abstractmethod
    def worth(self, given: int) -> float:
        """Return what one answer adds to the mean."""


class _Ended(_Measured):
    """Whether a response that began came to its end."""

    def figure(self, given: Mapping[int, int]) -> Figure:
        return share_of(given.get(1, 0), sum(given.values()), self.fewest)

    def worth(self, given: int) -> float:
        return float(given)


class _Rated(_Measured):
    """The score of a question: a share (csat, stars, ces), points (nps) or a mean (a row of a matrix)."""

    def __init__(self, question: Question, seen: Sequence[Seen], fewest: int) -> None:
        low, high = (question.scale.low, question.scale.high) if question.scale else (0, 0)
        super().__init__([one for one in seen if low <= one[1] <= high], fewest)
        self.low, self.high = low, high
        self.question, self.kind = question.key, question.kind
        if question.kind == "nps":
            self.unit, self.lowest, self.highest = "points", -100.0, 100.0
        elif question.kind == "matrix":
            self.unit, self.lowest, self.highest = "mean", float(low), float(high)

    def figure(self, given: Mapping[int, int]) -> Figure:
        return score(self.kind, given, self.low, self.high, self.fewest).headline

    def worth(self, given: int) -> float:
        match self.kind:
            case "nps":
                return 100.0 * ((given >= PROMOTERS_FROM) - (given <= DETRACTORS_TO))
            case "ces":
                return float(2 * given < self.low + self.high)
            case "matrix":
                return float(given)
            case _:
                return float(given >= self.high - 1)


# --- two sides ------------------------------------------------------------------------------------------------------


class _Side:
    """What one side gave."""

    def __init__(self, measure: _Measured, given: Iterable[int]) -> None:
        self.counts: dict[int, int] = {}
        for one in given:
            self.counts[one] = self.counts.get(one, 0) + 1
        self.number = sum(self.counts.values())
        self.total = sum(measure.worth(one) * count for one, count in self.counts.items())
        self.mean = self.total / self.number if self.number else 0.0
        self.variance = self._variance(measure)

    def _variance(self, measure: _Measured) -> float:
        """Return the spread, as if one more customer had stood at each end of what is possible.

        So it is never nothing because a few agree: the rule of Agresti and Caffo, "Simple and effective confidence
        intervals for proportions and differences of proportions result from adding two successes and two failures",
        The American Statistician 54 (2000) 280–288, used for the spread alone.
        """
        values = [(measure.worth(one), count) for one, count in self.counts.items()]
        values += [(measure.lowest, 1), (measure.highest, 1)]
        number = self.number + 2
        mean = sum(value * count for value, count in values) / number
        return sum(count * (value - mean) ** 2 for value, count in values) / (number - 1)


class _Pair:
    """A measure on the side as written and on one variant's, with the answers up to the planned number."""

    def __init__(self, measure: _Measured, variant: str, planned: int) -> None:
        self.measure, self.variant, self.planned = measure, variant, planned
        kept = _planned([one for one in measure.seen if one[0] in (AS_WRITTEN, variant)], planned)
        self.a = _Side(measure, (given for side, given in kept if side == AS_WRITTEN))
        self.b = _Side(measure, (given for side, given in kept if side == variant))
        self.worth = _worth(self.a.number, self.b.number)
        self.fraction = min(1.0, self.worth / planned)
        self.chance = chance(self._errors(), self.fraction) if self.worth else 1.0

    def _errors(self) -> float:
        """Return by how many standard errors the sides differ: the interval of so many just reaches nothing."""
        if self.measure.unit != "share":
            return abs(self.b.mean - self.a.mean) / self._error()
        low, high = 0.0, _FARTHEST
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            around = self.around(middle)
            low, high = (low, middle) if around.low <= 0 <= around.high else (middle, high)
        return low

    def _error(self) -> float:
        return sqrt(self.a.variance / self.a.number + self.b.variance / self.b.number)

    def around(self, z: float) -> Interval:
        """Return the interval of the difference at z standard errors.

        Of shares it is the hybrid score interval: Newcombe, "Interval estimation for the difference between
        independent proportions", Statistics in Medicine 17 (1998) 873–890, method 10. Of points and means it stands
        on the spread on each side, as Welch, "The generalization of 'Student's' problem when several different
        population variances are involved", Biometrika 34 (1947) 28–35, with the normal quantile.
        """
        measure, difference = self.measure, self.b.mean - self.a.mean
        if measure.unit == "share":
            a = intervals.share(round(self.a.total), self.a.number, z)
            b = intervals.share(round(self.b.total), self.b.number, z)
            return intervals.change(self.b.mean, b, self.a.mean, a)
        reach, widest = z * self._error(), measure.highest - measure.lowest
        return Interval(max(-widest, difference - reach), min(widest, difference + reach))

    def finds(self, level: float) -> float:
        """Return the difference that the planned number shows with the planned power, at the spread seen so far."""
        widest = (self.measure.highest - self.measure.lowest) ** 2
        spread = self.a.variance + self.b.variance if self.worth else widest / 2
        return min(sqrt(widest), drift(level) * sqrt(spread / self.planned))

    def told(self, level: float, *, clear: bool) -> Comparison:
        """Return the comparison, with an interval for that level and the verdict."""
        around = self.around(bound(level) / sqrt(self.fraction)) if self.worth else None
        difference = self.b.mean - self.a.mean if self.worth else None
        if around is not None and difference is not None and clear:  # Holm knows on which side, where the rest does not
            around = Interval(max(0.0, around.low), around.high) if difference > 0 else around
            around = Interval(around.low, min(0.0, around.high)) if difference < 0 else around
        a, b = self.measure.figure(self.a.counts), self.measure.figure(self.b.counts)
        verdict = self._verdict(difference or 0.0, clear=clear)
        return Comparison(self.variant, a, b, difference, around, int(self.worth), self.finds(level), verdict)

    def _verdict(self, difference: float, *, clear: bool) -> Verdict:
        if clear:
            return Verdict.HIGHER if difference > 0 else Verdict.LOWER
        if self.fraction >= 1:
            return Verdict.NONE
        return Verdict.NONE_YET if self.fraction >= TELLS_FROM else Verdict.TOO_FEW


def _planned(seen: Sequence[Seen], planned: int) -> list[Seen]:
    """Return what was seen until the plan was fulfilled."""
    counts = {True: 0, False: 0}
    kept: list[Seen] = []
    for one in seen:
        if _worth(counts[True], counts[False]) >= planned:
            break
        kept.append(one)
        counts[one[0] == AS_WRITTEN] += 1
    return kept


def _worth(one: int, other: int) -> float:
    """Return how many of each side are worth as much as so many of one and of the other."""
    return 2 * one * other / (one + other) if one and other else 0.0


def _holm(pairs: Sequence[_Pair]) -> dict[_Pair, Comparison]:
    """Return what is said of each, the clearest first: each is asked for less once those before it are clear."""
    ordered = sorted(pairs, key=lambda pair: pair.chance)
    steps = enumerate(ordered)
    clear = {pair for _, pair in takewhile(lambda step: step[1].chance * (len(pairs) - step[0]) <= LEVEL, steps)}
    return {pair: pair.told(LEVEL / len(pairs), clear=pair in clear) for pair in pairs}


def _uneven(customers: Mapping[str, int], planned: Mapping[str, float]) -> bool:
    """Say whether the sides are so far from their shares that something else than chance sorts the customers."""
    whole = sum(customers.values())
    return any(
        abs(customers[side] - whole * share) > _UNEVEN * sqrt(whole * share * (1 - share))
        for side, share in planned.items()
        if whole
    )
