"""Claims about the bound that holds however often one looks, by other ways of reckoning the same."""

import numpy as np
import pytest
from scipy import stats

from reports.looking import bound, chance, drift, ever


@pytest.mark.parametrize(("level", "known"), [(0.05, 2.2414), (0.025, 2.4977), (0.01, 2.8070)])
def test_the_bound_is_that_of_brownian_motion(level, known):
    """The quantiles of sup |B| on [0, 1] stand in tables; for small levels they are normal ones of a quarter."""
    assert bound(level) == pytest.approx(known, abs=1e-4)
    assert bound(level) == pytest.approx(stats.norm.isf(level / 4), abs=2e-3)


def test_both_series_say_the_same():
    """One is quick near nothing, the other far out; where they meet there is no step."""
    assert ever(1.5 - 1e-9) == pytest.approx(ever(1.5), abs=1e-8)
    assert ever(0) == 1.0
    assert ever(0.2) == pytest.approx(1.0)


def test_walks_of_chance_leave_the_bound_as_often_as_it_says():
    """A thousand steps each; what a walk does between two steps is missed, so a little less often."""
    steps = np.random.default_rng(5).standard_normal((4_000, 1_000))
    farthest = np.abs(np.cumsum(steps, axis=1) / np.sqrt(1_000)).max(axis=1)

    assert 0.035 < float((farthest > bound(0.05)).mean()) < 0.055


@pytest.mark.parametrize(("level", "power"), [(0.05, 0.8), (0.01, 0.8), (0.05, 0.9)])
def test_a_drift_is_found_as_often_as_it_is_said_to_be(level, power):
    """The first moment at which a walk with a drift comes to a bound has the inverse Gaussian distribution."""
    theta, far = drift(level, power), bound(level)

    assert stats.invgauss.cdf(1, mu=1 / (theta * far), scale=far**2) == pytest.approx(power, abs=1e-9)


def test_looking_costs_one_answer_in_seventeen():
    """What the documentation says to whoever wonders."""
    without = stats.norm.isf(0.025) + stats.norm.isf(0.2)

    assert (drift() / without) ** 2 == pytest.approx(1.057, abs=0.001)


def test_an_early_look_must_see_more():
    """Four standard errors at a tenth of the plan are less sure than two and a half at its end."""
    assert chance(4.0, 0.1) > chance(2.5, 1.0)
    assert chance(-2.5, 1.0) == chance(2.5, 1.0)
