"""What ratings come to, and when they are too few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import rates
from reports.scores import change, net_promoter, score

COUNTS = st.dictionaries(st.integers(0, 10), st.integers(0, 60), max_size=11)


def test_satisfied_is_a_four_or_a_five():
    """CSAT: two of three."""
    made = score("csat", {5: 1, 4: 1, 3: 1}, 1, 5)

    assert made.headline.value == pytest.approx(2 / 3)
    assert (made.headline.unit, made.headline.count, made.headline.enough) == ("share", 3, False)


def test_the_net_promoter_score_is_promoters_less_detractors():
    """Reichheld's example of the method: 7 and 8 count below the line only."""
    figure = net_promoter({10: 5, 9: 2, 8: 1, 7: 1, 6: 2, 0: 1})

    assert figure.value == pytest.approx(100 * (7 - 3) / 12)
    assert figure.unit == "points"


def test_effort_is_better_when_it_is_low():
    """Easy is what lies below the middle; the mean is of effort, and a high one is hard."""
    seven = score("ces", {1: 4, 3: 2, 4: 3, 7: 1}, 1, 7)
    five = score("ces", {2: 1, 3: 1}, 1, 5)

    assert seven.headline.value == pytest.approx(0.6)
    assert seven.mean.value == pytest.approx((4 + 6 + 12 + 7) / 10)
    assert five.headline.value == pytest.approx(0.5)


def test_a_row_of_a_matrix_is_told_by_its_mean():
    """Expected and perceived are compared on their scale."""
    made = score("matrix", {5: 3, 1: 1}, 1, 5)

    assert made.headline == made.mean
    assert made.headline.value == pytest.approx(4.0)


def test_nothing_answered_has_no_value():
    """Unknown is not zero."""
    for kind in ("csat", "nps", "ces", "stars", "matrix"):
        figure = score(kind, {}, 1, 5).headline

        assert (figure.value, figure.around, figure.count, figure.enough) == (None, None, 0, False)


def test_ten_answers_are_enough_unless_it_is_said_otherwise():
    """The number is a setting; below it a figure is shown as too few to go by."""
    assert not net_promoter({9: 9}).enough
    assert net_promoter({9: 10}).enough
    assert net_promoter({9: 3}, fewest=3).enough


def test_what_is_off_the_scale_is_left_out():
    """A question whose scale was another one in an earlier version."""
    assert score("csat", {10: 4, 5: 1}, 1, 5).headline.count == 1


@given(COUNTS)
def test_a_score_lies_in_its_interval(counts):
    """Whatever was answered."""
    for made in (score("csat", counts, 1, 5), score("nps", counts, 0, 10), score("ces", counts, 1, 7)):
        figure = made.headline
        if figure.value is not None and figure.around is not None:
            assert figure.around.low <= figure.value <= figure.around.high


def test_a_change_is_clear_when_chance_would_not_do_it():
    """Ten points up from a thousand answers is news, from twenty it is not."""
    many = change(score("csat", {5: 800, 1: 200}, 1, 5).headline, score("csat", {5: 700, 1: 300}, 1, 5).headline)
    few = change(score("csat", {5: 16, 1: 4}, 1, 5).headline, score("csat", {5: 14, 1: 6}, 1, 5).headline)

    assert many is not None
    assert few is not None
    assert many.value == pytest.approx(0.1)
    assert few.value == pytest.approx(0.1)
    assert (many.clear, few.clear) == (True, False)


def test_there_is_no_change_against_too_few():
    """Three answers of last month say nothing about this one."""
    assert change(score("csat", {5: 30}, 1, 5).headline, score("csat", {5: 3}, 1, 5).headline) is None


def test_the_response_rate_stands_on_all_who_were_asked():
    """RR2: partial responses count, break-offs and silence do not."""
    assert rates.response(6, 2, 20).value == pytest.approx(0.4)
    assert rates.completion(6, 2, 4).value == pytest.approx(0.5)


def test_who_could_not_be_asked_is_not_known_to_be_won_back():
    """Unreachable stays below the line; a slip and a case that goes on as another do not."""
    figure = rates.recovery({"recovered": 6, "not_recovered": 1, "unreachable": 3, "corrected": 5, "joined": 2})

    assert figure.value == pytest.approx(0.6)
    assert figure.count == 10


def test_more_answers_than_invitations_are_refused():
    """Then the counts are wrong, and a rate of them would hide it."""
    with pytest.raises(ValueError, match="no share"):
        rates.response(3, 1, 3)
