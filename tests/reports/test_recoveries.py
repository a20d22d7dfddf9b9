"""Claims about what recovery takes and what comes of it."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import recoveries
from reports.recoveries import HOUR, ClosedCase

MINUTE = HOUR // 60


def case(**more: object) -> ClosedCase:
    fields = {"key": "delivery", "opened_at": 0, "outcome": "recovered", **more}
    return ClosedCase(**fields)  # type: ignore[arg-type]  # a test names fields freely


@pytest.mark.parametrize(
    ("values", "median", "ninetieth"),
    [([], None, None), ([7], 7, 7), ([1, 2], 1, 2), ([1, 2, 3], 2, 3), (list(range(1, 11)), 5, 9)],
)
def test_a_quantile_is_what_some_customer_had(values, median, ninetieth):
    """Of ten customers the ninth waited that long: nobody waited nine and a half."""
    made = recoveries.spell(values)

    assert (made.median, made.ninetieth) == (median, ninetieth)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=60), st.fractions(Fraction(1, 100), 1))
def test_at_least_that_share_did_not_wait_longer(values, share):
    """What a percentile says, for every share and every list."""
    value = recoveries.quantile(sorted(values), share)

    assert value in values
    assert sum(one <= value for one in values) >= share * len(values)
    assert sum(one < value for one in values) < share * len(values)


def test_both_times_are_told_and_who_never_heard_is_counted():
    """A night is twelve hours for the customer and none for us; a median over those who were rung hides the others."""
    made = recoveries.of(
        "",
        [
            case(first_contact_at=12 * HOUR, first_contact_worked=0),
            case(first_contact_at=2 * HOUR, first_contact_worked=HOUR),
            case(),
        ],
    )

    assert (made.first_contact.wall.count, made.first_contact.wall.median) == (2, 2 * HOUR)
    assert made.first_contact.worked.ninetieth == HOUR
    assert made.first_contact.without == 1


def test_ratings_are_compared_on_one_scale_only():
    """A 4 of 5 after a 6 of 10 says nothing."""
    made = recoveries.of(
        "",
        [
            case(rated_on="csat 1 5", rating=1, rated_after_on="csat 1 5", rating_after=5),
            case(rated_on="csat 1 5", rating=2, rated_after_on="csat 1 5", rating_after=2),
            case(rated_on="nps 0 10", rating=6, rated_after_on="csat 1 5", rating_after=4),
            case(rated_on="csat 1 5", rating=1),
        ],
    )
    [paired] = made.ratings

    assert (paired.count, paired.before, paired.after) == (2, 1.5, 3.5)
    assert (paired.better, paired.same, paired.worse, paired.change.value) == (1, 1, 0, 0.5)
    assert made.unpaired == 1


def test_less_effort_is_better():
    """On this scale alone a low number is good."""
    made = recoveries.of("", [case(rated_on="ces 1 7", rating=6, rated_after_on="ces 1 7", rating_after=2)])

    assert (made.ratings[0].better, made.ratings[0].worse) == (1, 0)


def test_who_heard_sooner_stands_apart():
    """The bound itself belongs to the sooner band; who never heard, to the last."""
    made = recoveries.of(
        "",
        [
            case(first_contact_at=15 * MINUTE, spent=0),
            case(first_contact_at=15 * MINUTE + 1, spent=500),
            case(first_contact_at=25 * HOUR, spent=2000, outcome="not_recovered"),
            case(spent=1000, outcome="unreachable"),
        ],
    )

    assert [band.cases for band in made.bands] == [1, 1, 0, 0, 2]
    assert [band.spent_each for band in made.bands] == [0, 500, None, None, 1500]
    assert made.bands[-1].recovered.value == 0


def test_spending_is_reckoned_on_those_who_were_won_back():
    """What went to the others was spent as well."""
    cases = [case(spent=1000), case(spent=500, outcome="unreachable")]

    assert recoveries.of("", cases).spent_per_recovered == 1500
    assert recoveries.of("", cases[1:]).spent_per_recovered is None


def test_a_few_cases_are_called_not_enough():
    """Nine of nine recovered is no ninety per cent of anything."""
    nine = recoveries.of("", [case(on_the_spot=True)] * 9)
    ten = recoveries.of("", [case(on_the_spot=True)] * 10)

    assert (nine.enough, nine.recovery.enough, nine.on_the_spot.enough) == (False, False, False)
    assert (ten.enough, ten.recovery.enough, ten.on_the_spot.enough) == (True, True, True)


def test_what_staff_typed_is_told_apart():
    """An outcome that rests on a colleague's word is not one that the customer tapped."""
    made = recoveries.of("", [case(told_by="staff"), case(told_by="customer")])

    assert made.typed == 1


def test_nothing_comes_of_nothing():
    """The first report of a new shop fails nobody."""
    made = recoveries.of("", [])

    assert (made.cases, made.first_contact.wall.median, made.recovery.value, made.ratings) == (0, None, None, ())


def test_each_key_has_a_line():
    """In the order of the keys, so that two reports can be laid side by side."""
    lines = recoveries.by_key([case(key="repair"), case(key="delivery"), case(key="repair")])

    assert [(line.key, line.cases) for line in lines] == [("delivery", 1), ("repair", 2)]
