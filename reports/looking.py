"""Looking at an experiment as often as one likes, without fooling oneself.

Whoever looks every day, and stops on the day on which the difference is beyond what chance does in 95 of 100 cases,
finds a difference in one experiment out of four where there is none. Here the bound is set for all looks together:
what the answers add up to walks as chance lets it (Brownian motion), and only one walk in twenty ever leaves the
bound between the first answer and the planned last one. Early on the bound is far away; at the planned number it is
hardly wider than without looking, so that only one answer in seventeen more is needed.

    bound      c with P(sup |B(t)| ≥ c, 0 ≤ t ≤ 1) = level; a look at the share t of what is planned compares its
               number of standard errors with c / √t
    chance     how often a walk of chance ever gets as far as this one stands
    drift      how many standard errors, at the planned number, a difference must be to be found so often

Sources: O'Brien and Fleming, "A multiple testing procedure for clinical trials", Biometrics 35 (1979) 549–556, for a
bound that is even in what the answers add up to; Lan and DeMets, "Discrete sequential boundaries for clinical trials",
Biometrika 70 (1983) 659–663, for looking at any time by the supremum of Brownian motion; Jennison and Turnbull,
"Interim analyses: the repeated confidence interval approach", Journal of the Royal Statistical Society B 51 (1989)
305–361, for the intervals; Feller, "An Introduction to Probability Theory" II, X.5, for both distributions.
"""

from collections.abc import Callable
from functools import lru_cache
from math import erfc, exp, fsum, pi, sqrt
from typing import Final

LEVEL: Final = 0.05
"""How often a difference may be said where there is none, in all looks at all measures of one experiment."""

POWER: Final = 0.8
"""How often a difference of the planned size is to be found."""

_HALVINGS: Final = 60
_ODD: Final = tuple((2 * k + 1, 1 - 2 * (k % 2)) for k in range(60))
"""Odd numbers with the signs of their terms, plus and minus in turn."""

_FARTHEST: Final = 12.0


def beyond(z: float) -> float:
    """Return how often a normal figure is above z."""
    return erfc(z / sqrt(2)) / 2


def ever(far: float) -> float:
    """Return how often chance walks as far as `far` from where it began, to either side, until time 1."""
    if far <= 0:
        return 1.0
    if far < 1.5:  # each of the two series is quick where the other is slow
        return 1 - 4 / pi * fsum(exp(-((odd * pi / far) ** 2) / 8) / (odd * sign) for odd, sign in _ODD)
    return 4 * fsum(sign * beyond(odd * far) for odd, sign in _ODD)


@lru_cache(maxsize=256)
def bound(level: float = LEVEL) -> float:
    """Return the bound that chance leaves in that share of cases; 2.24 for 5 %."""
    return _root(lambda far: ever(far) - level, 0.0, _FARTHEST)


def chance(z: float, fraction: float) -> float:
    """Return how often chance would ever stand where this look stands: z standard errors at that share of the plan."""
    return ever(abs(z) * sqrt(fraction))


@lru_cache(maxsize=256)
def drift(level: float = LEVEL, power: float = POWER) -> float:
    """Return how many standard errors a true difference must be at the planned number to be found with that power."""
    far = bound(level)

    def missed(drift: float) -> float:
        return power - (beyond(far - drift) + exp(2 * drift * far) * beyond(far + drift))

    return _root(missed, 0.0, _FARTHEST)


def _root(falling: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if falling(middle) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2
