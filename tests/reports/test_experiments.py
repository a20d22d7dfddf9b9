"""Claims about what an experiment shows: intervals by known examples, verdicts by a thousand experiments."""

import random
from collections.abc import Iterator

import pytest
from scipy import stats

from conversations.reading import read
from reports.experiments import Comparison, Result, Seen, Verdict, _Ended, _Pair, compared
from reports.looking import bound
from tests.experiments import SURVEY

SIMULATED = SURVEY.replace("answers = 200", "answers = 100")
A_DAY = 20
"""Customers who answer each day."""


def result(
    satisfied: list[Seen] | None = None, recommend: list[Seen] | None = None, ended: list[Seen] | None = None
) -> Result:
    seen = {"satisfaction": satisfied or [], "recommend": recommend or []}
    customers = {"a": len(satisfied or []) // 2, "b": len(satisfied or []) // 2}
    return compared(read(SURVEY), seen, ended or [], customers)


def happy(side: str, happy: int, others: int) -> list[Seen]:
    return [(side, 5)] * happy + [(side, 2)] * others


def mixed(*sides: list[Seen], seed: int = 1) -> list[Seen]:
    """All that the sides gave, in an order of chance."""
    seen = [one for side in sides for one in side]
    random.Random(seed).shuffle(seen)
    return seen


def first(told: Result) -> Comparison:
    return told.measures[0].comparisons[0]


# --- figures and intervals -------------------------------------------------------------------------------------------


def test_each_measure_has_both_sides_with_their_counts():
    """The same scores as everywhere else: two best of five, promoters less detractors, complete of begun."""
    told = result(
        mixed(happy("a", 60, 40), happy("b", 70, 30)),
        [("a", 10), ("a", 3), ("b", 9), ("b", 9)],
        [("a", 1), ("a", 0), ("b", 1)],
    )

    assert [(each.question, each.kind) for each in told.measures] == [
        ("satisfaction", "csat"),
        ("recommend", "nps"),
        ("", "completion"),
    ]
    sides = [(one.as_written, one.varied) for each in told.measures for one in each.comparisons]
    assert [(a.value, a.count, b.value, b.count) for a, b in sides] == [
        (0.6, 100, 0.7, 100),
        (0.0, 2, 100.0, 2),
        (0.5, 2, 1.0, 1),
    ]


def test_the_interval_of_two_shares_is_newcombes():
    """His own example: 56 of 70 against 48 of 80 gives 0.0524 to 0.3339 (method 10, 1998, table II a)."""
    seen = [("b", 1)] * 56 + [("b", 0)] * 14 + [("a", 1)] * 48 + [("a", 0)] * 32
    around = _Pair(_Ended(seen, 10), "b", 200).around(1.959964)

    assert (round(around.low, 4), round(around.high, 4)) == (0.0524, 0.3339)


def test_points_and_means_stand_on_the_spread_of_each_side():
    """With many answers it is Welch's interval, to the width that all looks and measures together ask for."""
    seen = [("ab"[n % 2], (n * 7 + n // 40) % 11) for n in range(400)]
    told = result([], seen)
    [one] = told.measures[1].comparisons

    sides = [[100 * ((rating >= 9) - (rating <= 6)) for of, rating in seen if of == side] for side in "ab"]
    error = sum(float(stats.tvar(numbers)) / 200 for numbers in sides) ** 0.5
    assert one.around is not None
    assert one.around.high - one.around.low == pytest.approx(2 * bound(0.05 / 3) * error, rel=0.02)


def test_a_few_who_agree_prove_nothing():
    """Three of three promoters against three of three detractors: the spread on both sides is nought, and no proof."""
    told = result([], [("a", 0)] * 3 + [("b", 10)] * 3)

    assert told.measures[1].comparisons[0].verdict is Verdict.TOO_FEW


def test_without_answers_there_is_nothing_to_compare():
    """On the first day, and when one side was never asked."""
    told = result([("a", 5)] * 50)

    assert (first(told).difference, first(told).around, first(told).answers) == (None, None, 0)
    assert first(told).verdict is Verdict.TOO_FEW
    assert first(told).finds > 0


# --- verdicts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "b", "verdict"),
    [
        (40, 0.7, Verdict.TOO_FEW),
        (100, 0.7, Verdict.NONE_YET),
        (200, 0.7, Verdict.NONE),
        (200, 0.9, Verdict.HIGHER),
        (200, 0.5, Verdict.LOWER),
        (60, 1.0, Verdict.NONE_YET),  # clear to one look; not to somebody who looks every day
        (100, 1.0, Verdict.HIGHER),
    ],
)
def test_a_verdict_says_what_the_answers_allow(answers, b, verdict):
    """Of 200 planned from each side, seven of ten satisfied as the survey is written."""
    a, b = (round(share * answers) for share in (0.7, b))
    told = result(mixed(happy("a", a, answers - a), happy("b", b, answers - b)))

    assert first(told).verdict is verdict


def test_answers_after_the_planned_ones_change_nothing():
    """Or whoever dislikes the verdict waits until it turns."""
    planned = mixed(happy("a", 140, 60), happy("b", 150, 50))
    told = first(result(planned))

    assert first(result(planned + happy("b", 300, 0) + happy("a", 0, 300))) == told
    assert told.answers == 200


def test_each_measure_more_asks_all_for_more():
    """The interval is as wide as three measures at once ask for, so that all of them hold together."""
    seen = mixed(happy("a", 140, 60), happy("b", 150, 50))
    alone = _Pair(_Ended([(side, int(given > 3)) for side, given in seen], 10), "b", 200)
    one = first(result(seen))

    assert one.around == alone.around(bound(0.05 / 3))
    assert one.around.low < alone.around(bound(0.05)).low


def test_sides_that_nobody_shared_out_so_are_named():
    """Two thirds of 600 customers on a side that is to have half: an import, a place, a fault; no chance."""
    seen: dict[str, list[Seen]] = {}

    assert compared(read(SURVEY), seen, [], {"a": 200, "b": 400}).uneven
    assert not compared(read(SURVEY), seen, [], {"a": 280, "b": 320}).uneven
    assert not compared(read(SURVEY), seen, [], {}).uneven


# --- a thousand experiments ------------------------------------------------------------------------------------------


def days(chance: random.Random, difference: float) -> Iterator[tuple[list[Seen], list[Seen]]]:
    """Yield all that was seen until each evening, until the plan is fulfilled: seven of ten are satisfied."""
    satisfied, ended = list[Seen](), list[Seen]()
    counts = {"a": 0, "b": 0}
    while 2 / sum(1 / max(0.5, count) for count in counts.values()) < 105:
        for _ in range(A_DAY):
            side = chance.choice("ab")
            counts[side] += 1
            likely = 0.7 + (difference if side == "b" else 0)
            satisfied.append((side, 5 if chance.random() < likely else 1))
            ended.append((side, int(chance.random() < 0.9)))
        yield satisfied, ended


def says(seed: int, difference: float) -> Verdict | None:
    """Whoever looks every evening and stops on the first difference sees this one."""
    survey = read(SIMULATED)
    for satisfied, ended in days(random.Random(seed), difference):
        told = compared(survey, {"satisfaction": satisfied}, ended, {})
        for measure in told.measures:
            for one in measure.comparisons:
                if one.verdict in (Verdict.HIGHER, Verdict.LOWER):
                    return one.verdict
    return None


def naive(seed: int) -> bool:
    """Whether whoever looks every evening at an ordinary interval of 95 % sees a difference some evening."""
    for satisfied, _ in days(random.Random(seed), 0):
        sides = [[number for of, number in satisfied if of == side] for side in "ab"]
        shares = [numbers.count(5) / len(numbers) for numbers in sides]
        error = sum(p * (1 - p) / len(n) for p, n in zip(shares, sides, strict=True)) ** 0.5
        if abs(shares[0] - shares[1]) > 1.96 * error:
            return True
    return False


def test_without_a_difference_five_experiments_of_a_hundred_say_one_at_most():
    """Each looked at every evening; the ordinary interval says one in more than fifteen of a hundred."""
    found = [says(seed, 0) for seed in range(1_000)]

    assert sum(verdict is not None for verdict in found) <= 50
    assert sum(naive(seed) for seed in range(1_000)) > 150


def test_a_difference_of_the_planned_size_is_said_in_eighty_of_a_hundred():
    """The report itself says which size that is, by the spread seen."""
    told = compared(read(SIMULATED), {"satisfaction": mixed(happy("a", 70, 30), happy("b", 88, 12))}, [], {})
    planned = first(told).finds

    found = [says(seed, planned) for seed in range(1_000, 1_300)]
    assert 0.15 < planned < 0.22
    assert sum(verdict is Verdict.HIGHER for verdict in found) >= 0.77 * 300
    assert Verdict.LOWER not in found
