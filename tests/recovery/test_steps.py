"""Claims about the five steps and the restatement: what stands, from all that happened."""

from hypothesis import given
from hypothesis import strategies as st

from bot.playbooks import playbook_of
from recovery import restatements, steps
from recovery.plans import STEPS
from recovery.restatements import Line, may_answer
from recovery.steps import Happened

SHORT = playbook_of(None).plans.get("short")
FULL = playbook_of(None).plans.get("full")


def stands(*happened: Happened):
    return {one.step: one for one in steps.standing(FULL, happened)}


def test_five_steps_stand_in_their_order():
    """Each builds on the one before, whatever came first in life."""
    assert tuple(one.step for one in steps.standing(SHORT, [])) == STEPS
    assert [one.step for one in steps.standing(SHORT, []) if one.waited_for] == ["apology", "repair", "follow_up"]


def test_a_step_that_was_not_needed_can_still_be_done():
    """One tap says not needed; the next day somebody does it all the same."""
    spared = Happened("atonement", "not_needed", "staff:1", 5)

    assert stands(spared)["atonement"].stage == "not_needed"
    assert stands(spared, Happened("atonement", "done", "staff:2", 9))["atonement"].stage == "done"


def test_the_customers_tap_stands_in_place_of_a_signature():
    """Yes after Not yet holds, and the other way round; what was done stays done."""
    done = Happened("repair", "done", "staff:1", 1, "a new battery")
    not_yet = Happened("repair", "corrected", "customer", 2)
    yes = Happened("repair", "confirmed", "customer", 3)

    assert stands(done, not_yet)["repair"].denied_at == 2
    assert stands(done, not_yet, yes)["repair"].confirmed_at == 3
    assert stands(done, not_yet, yes)["repair"].denied_at is None
    assert stands(done, not_yet)["repair"].stage == "done"
    assert stands(done)["repair"].evidence == ("a new battery",)


def test_the_next_step_is_the_first_open_one_that_the_plan_waits_for():
    """The short plan asks for no atonement."""
    told = [Happened("apology", "done", "makegood", 1), Happened("repair", "done", "staff:1", 2)]

    assert steps.next_of(steps.standing(SHORT, told)) == "follow_up"
    assert steps.next_of(steps.standing(FULL, told)) == "empathy"


happened = st.lists(
    st.builds(
        Happened,
        st.sampled_from([*STEPS, "note", "restatement"]),
        st.sampled_from(["done", "not_needed", "asked", "confirmed", "corrected"]),
        st.sampled_from(["customer", "staff:1", "makegood"]),
        st.integers(0, 9),
        st.sampled_from(["", "words"]),
    ),
    max_size=12,
)


@given(happened, happened)
def test_nothing_that_was_done_is_ever_undone(before, after):
    """The record is only added to."""
    earlier = steps.standing(FULL, before)
    later = steps.standing(FULL, [*before, *after])

    assert len(later) == 5
    for old, new in zip(earlier, later, strict=True):
        assert new.stage == "done" or old.stage != "done"
        assert new.evidence[: len(old.evidence)] == old.evidence


def line(row: int, how: str, *, words: bool = False) -> Line:
    return Line(row, "restatement", how, "staff:1" if how == "asked" else "customer", words)


def test_a_restatement_waits_for_the_tap_on_its_newest_asking():
    """Said back anew, the older question is void: its tap would confirm what was not meant."""
    twice = restatements.standing([line(1, "asked"), line(2, "asked")])

    assert may_answer(twice, 2)
    assert not may_answer(twice, 1)


def test_a_restatement_is_answered_once():
    """A double tap, and a Yes after Not quite, count for nothing."""
    for how in ("confirmed", "corrected"):
        assert not may_answer(restatements.standing([line(1, "asked"), line(2, how)]), 1)


def test_after_not_quite_the_next_words_are_the_correction():
    """Then it is over, and what is written later is written as ever."""
    correcting = restatements.standing([line(1, "asked"), line(2, "corrected")])
    corrected = restatements.standing([line(1, "asked"), line(2, "corrected"), line(3, "corrected", words=True)])

    assert (correcting.stage, corrected.stage) == ("correcting", "corrected")
    assert corrected.actor == "staff:1"
    assert restatements.standing([]).stage == "none"
