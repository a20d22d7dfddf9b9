"""Our intervals against published tables, against scipy, and against what they promise."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from reports import intervals
from reports.intervals import Interval


@st.composite
def parts(draw: st.DrawFn) -> tuple[int, int, int]:
    """Two disjoint parts and their whole."""
    whole = draw(st.integers(1, 5000))
    more = draw(st.integers(0, whole))
    return more, draw(st.integers(0, whole - more)), whole


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_share_has_the_interval_that_newcombe_published(part, whole, low, high):
    """Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3: the score method of Wilson."""
    around = intervals.share(part, whole)

    assert (round(around.low, 4), round(around.high, 4)) == (low, high)


@given(parts())
def test_a_share_has_the_interval_of_scipy(some):
    """Somebody else wrote the same formula."""
    part, _, whole = some
    theirs = stats.binomtest(part, whole).proportion_ci(0.95, method="wilson")
    around = intervals.share(part, whole)

    assert around.low == pytest.approx(theirs.low, abs=1e-12)
    assert around.high == pytest.approx(theirs.high, abs=1e-12)


def test_a_difference_has_the_interval_that_was_published_for_pairs():
    """1 and 7 discordant of 21 pairs (Bentur et al. 2009), Tango's interval: Fagerland, Lydersen and Laake,
    Statistics in Medicine 33 (2014) 2850-2875."""
    around = intervals.difference(1, 7, 21)

    assert (round(around.low, 3), round(around.high, 3)) == (-0.517, -0.026)


def scored(more: int, less: int, whole: int) -> Interval:
    """Tango's interval by brute force: the likelihood is searched for its best, and the score for where it is 1.96."""

    def likely(less_share: float, value: float) -> float:
        shares = np.array([less_share + value, less_share, 1 - value - 2 * less_share])
        counts = np.array([more, less, whole - more - less])
        return -float(np.sum(counts * np.log(np.maximum(shares, 1e-300))))

    def score(value: float) -> float:
        bounds = (max(0.0, -value), (1 - value) / 2)
        found = optimize.minimize_scalar(
            likely, bounds=bounds, args=(value,), method="bounded", options={"xatol": 1e-13}
        )
        best = min((*bounds, float(found.x)), key=lambda share: likely(share, value))
        spread = whole * (2 * best + value - value * value)
        return float((more - less - whole * value) / np.sqrt(spread))

    estimate = (more - less) / whole
    edge = 1 - 1e-9
    low, high = -1.0, 1.0
    if less < whole:
        low = float(optimize.brentq(lambda value: score(value) - intervals.Z, -edge, estimate - 1e-9))
    if more < whole:
        high = float(optimize.brentq(lambda value: score(value) + intervals.Z, estimate + 1e-9, edge))
    return Interval(low, high)


@pytest.mark.parametrize(
    "counts",
    [(5, 3, 12), (0, 4, 9), (9, 0, 30), (0, 0, 15), (40, 40, 80), (7, 0, 7), (0, 6, 6), (612, 101, 1000), (1, 0, 2)],
)
def test_a_difference_has_the_interval_of_its_definition(counts):
    """Found by searching the likelihood instead of solving for it."""
    theirs, ours = scored(*counts), intervals.difference(*counts)

    assert ours.low == pytest.approx(theirs.low, abs=1e-5)
    assert ours.high == pytest.approx(theirs.high, abs=1e-5)


@given(parts())
def test_a_difference_lies_in_its_interval_and_that_within_what_is_possible(some):
    """No net promoter score is under -100 or over 100, and no sample makes us sure."""
    more, less, whole = some
    around = intervals.difference(more, less, whole)

    assert -1 <= around.low <= (more - less) / whole <= around.high <= 1
    assert around.high - around.low > 0


@given(parts())
def test_turning_the_sample_round_turns_the_interval_round(some):
    """Promoters and detractors are treated alike."""
    more, less, whole = some
    one, other = intervals.difference(more, less, whole), intervals.difference(less, more, whole)

    assert one.low == pytest.approx(-other.high, abs=1e-9)
    assert one.high == pytest.approx(-other.low, abs=1e-9)


TRUTHS = [(0.5, 0.2), (0.7, 0.05), (0.1, 0.1), (0.3, 0.6), (0.02, 0.0), (0.9, 0.1)]


def covered(whole: int, more: float, less: float) -> float:
    """How likely it is that the interval of a sample holds the true difference, over all samples there are."""
    chance = 0.0
    for ups in range(whole + 1):
        for downs in range(whole + 1 - ups):
            around = intervals.difference(ups, downs, whole)
            if around.low <= more - less <= around.high:
                ways = comb(whole, ups) * comb(whole - ups, downs)
                chance += ways * more**ups * less**downs * (1 - more - less) ** (whole - ups - downs)
    return chance


def test_nineteen_in_twenty_intervals_hold_the_truth():
    """Counted over every sample of 20 that can be drawn: on average what is promised, nowhere far from it."""
    chances = [covered(20, more, less) for more, less in TRUTHS]

    assert min(chances) > 0.90
    assert 0.94 < sum(chances) / len(chances) < 0.99


@given(st.integers(1, 400), st.data())
def test_a_mean_lies_in_its_interval_and_that_on_the_scale(count, data):
    """No mean effort is under 1 or over 7."""
    total = data.draw(st.integers(count, 7 * count))
    around = intervals.mean(total, count, 1, 7)

    assert 1 <= around.low <= total / count + 1e-12
    assert total / count - 1e-12 <= around.high <= 7
    assert around.high > around.low


@pytest.mark.parametrize("shares", [(0.9, 0.05, 0, 0, 0, 0, 0.05), (0, 0, 0, 0, 0.1, 0.2, 0.7), (1 / 7,) * 7])
def test_the_interval_of_a_mean_is_on_the_safe_side(shares):
    """Also for lopsided ratings, where Student's interval misses the truth more often than one time in ten."""
    scale, random = np.arange(1, 8), np.random.default_rng(3)
    truth = float(np.dot(scale, shares))
    totals = random.choice(scale, size=(2000, 12), p=np.array(shares) / sum(shares)).sum(axis=1)
    held = [around.low <= truth <= around.high for around in (intervals.mean(int(t), 12, 1, 7) for t in totals)]

    assert sum(held) / len(held) > 0.95


def test_a_change_has_the_interval_that_newcombe_published():
    """5 of 56 against 0 of 29: Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, example d, method 10."""
    around = intervals.change(5 / 56, intervals.share(5, 56), 0.0, intervals.share(0, 29))

    assert (round(around.low, 4), round(around.high, 4)) == (-0.0381, 0.1926)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: intervals.share(1, 0),
        lambda: intervals.share(3, 2),
        lambda: intervals.difference(2, 2, 3),
        lambda: intervals.difference(0, 0, 0),
        lambda: intervals.mean(0, 0, 1, 7),
        lambda: intervals.mean(80, 10, 1, 7),
    ],
)
def test_what_cannot_be_is_refused(impossible):
    """A wrong count must not become a figure."""
    with pytest.raises(ValueError, match=r"no share|no shares|add up"):
        impossible()
