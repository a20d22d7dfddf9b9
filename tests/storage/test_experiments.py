"""What the sides of an experiment gave, on both databases."""

import pytest

NOON = 1_772_452_800_000


@pytest.fixture
def survey(unit):
    """A published survey."""
    return unit.surveys.publish(1, "visit", "source", "d1", "visit", "editor", NOON)


def talk(unit, survey, name, variant, **how):
    """Open a conversation with somebody new on a side."""
    customer = unit.customers.ensure(1, name, NOON, name=name)
    address = unit.addresses.add(1, "telegram", name, "customer", NOON, customer_id=customer.id)
    return unit.conversations.open(
        1,
        address.id,
        customer.id,
        "survey",
        f"s{name}",
        "{}",
        NOON,
        survey_version_id=survey.id,
        variant=variant,
        **how,
    )


def rate(unit, talk, number, **how):
    """Give a rating."""
    return unit.answers.add(talk.id, "satisfaction", "answer", "csat", number, None, str(number), NOON, "", **how)


def end(unit, talk, outcome):
    """End a conversation."""
    unit.conversations.save(talk.id, talk.revision, "{}", "", outcome, NOON)


def test_ratings_come_in_the_order_in_which_they_were_given(unit, survey):
    """Each with its customer and side; one that was replaced counts no more, and none without a side."""
    ana, bo, cy = (talk(unit, survey, name, side) for name, side in (("1", "a"), ("2", "b"), ("3", None)))
    rate(unit, bo, 3)
    rate(unit, ana, 5)
    rate(unit, cy, 1)
    rate(unit, bo, 4, replaces=True)
    rate(unit, ana, None, skipped=True)

    found = unit.experiments.ratings(survey.id)
    assert [(one.customer_id, one.variant, one.question, one.number) for one in found] == [
        (ana.customer_id, "a", "satisfaction", 5),
        (bo.customer_id, "b", "satisfaction", 4),
    ]


@pytest.mark.parametrize(
    ("outcome", "answered", "whole"),
    [
        ("complete", True, [1]),
        ("partial", True, [0]),
        ("break_off", True, [0]),
        ("stopped", True, [0]),
        ("stopped", False, []),
        ("none", False, []),
        ("mistaken", True, []),
    ],
)
def test_what_was_begun_and_is_over_is_complete_or_not(unit, survey, outcome, answered, whole):
    """Who said nothing never began; what somebody else answered is nobody's."""
    ana = talk(unit, survey, "1", "b")
    if answered:
        rate(unit, ana, 5)
    end(unit, ana, outcome)

    assert [one.whole for one in unit.experiments.ended(survey.id)] == whole
    assert unit.experiments.asked(survey.id) == ([] if outcome == "mistaken" else [(ana.customer_id, "b")])
    assert bool(unit.experiments.ratings(survey.id)) == (answered and outcome != "mistaken")


def test_what_is_under_way_is_not_over(unit, survey):
    """It may still be finished."""
    rate(unit, talk(unit, survey, "1", "a"), 5)

    assert unit.experiments.ended(survey.id) == []


def test_each_version_is_asked_for_by_itself(unit, survey):
    """Another experiment may be in the next one."""
    later = unit.surveys.publish(1, "visit", "other source", "d2", "visit", "editor", NOON)
    ana = talk(unit, later, "1", "a")

    assert unit.experiments.asked(survey.id) == []
    assert unit.experiments.asked(later.id) == [(ana.customer_id, "a")]
