"""How far a figure may be from what all customers would have said: intervals of 95 %.

A figure from some answers is an estimate. If we asked again and again in the same way, about 95 of 100 such intervals
would hold the true value. All three stay inside what is possible and behave at the ends, where the textbook interval
(Wald's) shrinks to nothing: five of five satisfied customers do not prove that everybody is.

    share        Wilson (1927)      a part of all, such as satisfied customers
    difference   Tango (1998)       one part less another of the same all, such as promoters less detractors
    mean         Bhatia–Davis       the mean of ratings on a scale
    change       Newcombe (1998)    how much a figure differs from another of other customers
"""

from collections.abc import Callable
from math import sqrt
from typing import Final

import msgspec

Z: Final = 1.959963984540054
"""The normal quantile of 97.5 %: two-sided intervals of 95 %."""

_HALVINGS: Final = 60


class Interval(msgspec.Struct, frozen=True):
    """From `low` to `high`, in the unit of its figure."""

    low: float
    high: float


def share(part: int, whole: int, z: float = Z) -> Interval:
    """Return the interval of a share, from 0 to 1; `z` says how sure it is to be, 95 % when it is not given.

    The score interval of Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
    the American Statistical Association 22 (1927) 209–212; recommended for small counts by Brown, Cai and DasGupta,
    "Interval estimation for a binomial proportion", Statistical Science 16 (2001) 101–133.
    Raises ValueError unless 0 <= part <= whole and there is anything at all.
    """
    if not 0 <= part <= whole or not whole:
        raise ValueError(f"{part} of {whole} is no share")
    middle, reach = _wilson(part / whole, whole, z)
    low = 0.0 if part == 0 else middle - reach
    return Interval(low, 1.0 if part == whole else middle + reach)


def _wilson(value: float, count: int, z: float = Z) -> tuple[float, float]:
    middle = (value + z * z / (2 * count)) / (1 + z * z / count)
    reach = z / (1 + z * z / count) * sqrt(value * (1 - value) / count + z * z / (4 * count * count))
    return middle, reach


def difference(more: int, less: int, whole: int) -> Interval:
    """Return the interval of (more - less) / whole, from -1 to 1, where both are counted in the same sample.

    Two shares of one multinomial sample are not independent: who is a promoter is no detractor. The same difference
    is that of a before and an after in matched pairs, and its score interval is Tango's, "Equivalence test and
    confidence interval for the difference in proportions for the paired-sample design", Statistics in Medicine 17
    (1998) 891–908. For the net promoter score Rocks, "Interval estimation for the 'Net Promoter Score'", The American
    Statistician 70 (2016) 365–372, finds the score interval and an adjusted Wald the best of six; the score interval
    needs no clipping at -1 and 1, and does not shrink to nothing when everybody is passive, as that of May and
    Johnson (Statistics in Medicine 16 (1997) 2127–2136) does.
    Raises ValueError unless both are parts of the whole and there is anything at all.
    """
    if more < 0 or less < 0 or more + less > whole or not whole:
        raise ValueError(f"{more} and {less} of {whole} are no shares")
    estimate = (more - less) / whole

    def above(value: float) -> float:
        return _tango(more, less, whole, value) - Z

    def below(value: float) -> float:
        return _tango(more, less, whole, value) + Z

    low = -1.0 if less == whole else _root(above, -1.0, estimate)
    return Interval(low, 1.0 if more == whole else _root(below, estimate, 1.0))


def _tango(more: int, less: int, whole: int, value: float) -> float:
    """Return by how many standard errors the sample differs from a true difference of `value`; it falls with it.

    The share of `less` is the one that explains the sample best among those with that difference.
    """
    linear = (2 * whole - more + less) * value - more - less
    constant = -less * value * (1 - value)
    likely = (sqrt(linear * linear - 8 * whole * constant) - linear) / (4 * whole)
    spread = whole * (2 * likely + value * (1 - value))
    return (more - less - whole * value) / sqrt(spread) if spread > 0 else 0.0


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function passes zero between two bounds."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if function(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def mean(total: int, count: int, low: int, high: int) -> Interval:
    """Return an interval for the mean of `count` ratings on a scale, which add up to `total`; on the safe side.

    No ratings between `low` and `high` with the mean m vary more than (high - m)(m - low): Bhatia and Davis, "A better
    bound on the variance", American Mathematical Monthly 107 (2000) 353–357. With that variance the score interval is
    Wilson's on a scale moved to 0 and 1. It is wider than Student's, and holds for the few and lopsided ratings of a
    shop, for which Student's does not.
    Raises ValueError when there are no ratings, or they cannot add up to that.
    """
    if not count or low >= high or not low * count <= total <= high * count:
        raise ValueError(f"{count} ratings from {low} to {high} do not add up to {total}")
    span = high - low
    middle, reach = _wilson((total / count - low) / span, count)
    return Interval(low + span * max(0.0, middle - reach), low + span * min(1.0, middle + reach))


def change(after: float, around_after: Interval, before: float, around_before: Interval) -> Interval:
    """Return the interval of after - before, two figures of different customers with their own intervals.

    The square-and-add rule: Newcombe, "Interval estimation for the difference between independent proportions",
    Statistics in Medicine 17 (1998) 873–890, for any two figures Zou and Donner, ibid. 27 (2008) 1693–1702.
    """
    below = sqrt((after - around_after.low) ** 2 + (around_before.high - before) ** 2)
    above = sqrt((around_after.high - after) ** 2 + (before - around_before.low) ** 2)
    return Interval(after - before - below, after - before + above)
