"""Scores: what the ratings of many customers come to, always with their count and how sure it is.

    csat, stars   the share of the two best steps (4 and 5 of 5)          from 0 to 1, high is good
    nps           promoters (9, 10) less detractors (0 to 6), of all      from -100 to 100, high is good
    ces           the share who found it easy (1 to 3 of 7, 1 and 2 of 5) from 0 to 1, high is good
                  and the mean effort, where a HIGH number is HARD
    matrix        the mean of one row

Sources: the share of satisfied answers ("top two box") for CSAT; Reichheld, "The one number you need to grow", Harvard
Business Review 81 (2003) 46–54, for NPS; Dixon, Freeman and Toman, "Stop trying to delight your customers", ibid. 88
(2010) 116–122, for CES, whose question is how much effort it took, so that a high number is bad.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from reports import intervals
from reports.intervals import Interval

FEWEST: Final = 10
"""Answers under which a figure says little; what is fewer is shown, and called too few."""

PROMOTERS_FROM: Final = 9
DETRACTORS_TO: Final = 6

Unit = Literal["share", "points", "mean"]


class Figure(msgspec.Struct, frozen=True):
    """A value, what it stands on, and how sure it is.

    `unit` is share (0 to 1), points (-100 to 100) or mean (a number of the scale). `count` is the number of answers,
    invitations or cases below the line; with none there is no value. `enough` says whether they are enough to go by.
    """

    unit: Unit
    value: float | None
    around: Interval | None
    count: int
    enough: bool


class Score(msgspec.Struct, frozen=True):
    """The ratings of one question. `mean` is on its scale; for CES high is hard. `counts` are by rating, best known."""

    kind: str
    headline: Figure
    mean: Figure
    counts: dict[int, int]
    low: int
    high: int


class Change(msgspec.Struct, frozen=True):
    """How much a figure moved against an earlier one; `clear` when that is more than chance would do (95 %)."""

    value: float
    around: Interval
    clear: bool


def share_of(part: int, whole: int, fewest: int = FEWEST) -> Figure:
    """Return a share as a figure; without a value when there is nothing to share."""
    if not whole:
        return Figure("share", None, None, 0, enough=False)
    return Figure("share", part / whole, intervals.share(part, whole), whole, enough=whole >= fewest)


def score(kind: str, counts: Mapping[int, int], low: int, high: int, fewest: int = FEWEST) -> Score:
    """Return what the ratings of a question of that kind come to. Ratings off the scale are left out."""
    counts = {rating: counts[rating] for rating in sorted(counts) if low <= rating <= high and counts[rating] > 0}
    mean = _mean(counts, low, high, fewest)
    match kind:
        case "nps":
            headline = net_promoter(counts, fewest)
        case "ces":
            headline = _easy(counts, low, high, fewest)
        case "matrix":
            headline = mean
        case _:
            headline = _satisfied(counts, high, fewest)
    return Score(kind, headline, mean, counts, low, high)


def _satisfied(counts: Mapping[int, int], high: int, fewest: int) -> Figure:
    return share_of(sum(counts.get(rating, 0) for rating in (high, high - 1)), sum(counts.values()), fewest)


def _easy(counts: Mapping[int, int], low: int, high: int, fewest: int) -> Figure:
    """Return the share below the middle of the scale, where it was easy."""
    easy = sum(count for rating, count in counts.items() if 2 * rating < low + high)
    return share_of(easy, sum(counts.values()), fewest)


def net_promoter(counts: Mapping[int, int], fewest: int = FEWEST) -> Figure:
    """Return the net promoter score of answers from 0 to 10, from -100 to 100."""
    whole = sum(counts.values())
    if not whole:
        return Figure("points", None, None, 0, enough=False)
    promoters = sum(count for rating, count in counts.items() if rating >= PROMOTERS_FROM)
    detractors = sum(count for rating, count in counts.items() if rating <= DETRACTORS_TO)
    around = intervals.difference(promoters, detractors, whole)
    points = Interval(100 * around.low, 100 * around.high)
    return Figure("points", 100 * (promoters - detractors) / whole, points, whole, enough=whole >= fewest)


def _mean(counts: Mapping[int, int], low: int, high: int, fewest: int) -> Figure:
    whole = sum(counts.values())
    if not whole:
        return Figure("mean", None, None, 0, enough=False)
    total = sum(rating * count for rating, count in counts.items())
    around = intervals.mean(total, whole, low, high)
    return Figure("mean", total / whole, around, whole, enough=whole >= fewest)


def change(now: Figure, before: Figure) -> Change | None:
    """Return how a figure moved since the period before; None unless both have enough to go by."""
    if now.value is None or now.around is None or before.value is None or before.around is None:
        return None
    if not (now.enough and before.enough):
        return None
    around = intervals.change(now.value, now.around, before.value, before.around)
    return Change(now.value - before.value, around, clear=not around.low <= 0 <= around.high)
