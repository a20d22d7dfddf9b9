"""The steps of a draft: what one undo takes back, with what is typed into one field counting together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editing.steps import KEPT, PAUSE, TYPED, spare, steps
from storage.drafts import Revision

FIELD = f"{TYPED}question.visit.text.en"


def revision(number: int, shows: int | None = None, what: str = "", actor: str = "staff:1", at: int = 0) -> Revision:
    return Revision(number, shows, actor, what, at)


@given(st.lists(st.sampled_from(["save", "undo", "redo"]), max_size=25))
@settings(max_examples=60, deadline=None)
def test_undo_and_redo_are_two_stacks(taken: list[str]):
    """The oracle of every editor: saving forgets what was undone."""
    revisions = [revision(1)]
    done, undone = [1], list[int]()
    for number, step in enumerate(taken, 2):
        if step == "save":
            revisions.append(revision(number))
            done, undone = [*done, number], []
        elif step == "undo" and len(done) > 1:
            undone.append(done.pop())
            revisions.append(revision(number, done[-1]))
        elif step == "redo" and undone:
            done.append(undone.pop())
            revisions.append(revision(number, done[-1]))

        assert steps(revisions) == (done, undone)


def test_what_is_typed_into_a_field_is_one_step():
    """A page saves whenever the fingers rest; nobody wants to take back a sentence word by word."""
    typed = [revision(n, what=FIELD, at=n * PAUSE) for n in (2, 3, 4)]

    assert steps([revision(1), *typed]).done == [1, 4]


@pytest.mark.parametrize(
    "second",
    [
        revision(3, what=FIELD, at=PAUSE + 1),
        revision(3, what=f"{TYPED}question.visit.text.zh-Hans"),
        revision(3, what=FIELD, actor="staff:2"),
        revision(3, what=""),
    ],
    ids=["after a pause", "into another field", "by somebody else", "not typed"],
)
def test_anything_else_is_a_step_of_its_own(second: Revision):
    """One undo never takes back what was meant as two things, nor what somebody else did."""
    assert steps([revision(1), revision(2, what=FIELD), second]).done == [1, 2, 3]


def test_typing_on_after_an_undo_joins_nothing():
    """What was taken back stays taken back; what comes then is new."""
    assert steps([revision(1), revision(2, what=FIELD), revision(3, shows=1), revision(4, what=FIELD)]) == ([1, 4], [])


def test_a_step_that_was_typed_comes_back_whole():
    """Redo shows how the field stood at its end."""
    typed = [revision(2, what=FIELD), revision(3, what=FIELD)]

    assert steps([revision(1), *typed, revision(4, shows=1)]).undone == [3]
    assert steps([revision(1), *typed, revision(4, shows=1), revision(5, shows=3)]) == ([1, 3], [])


# --- what is left of them -------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["save", "type", "undo", "redo"]), max_size=400), st.integers(0, 400))
@settings(max_examples=60, deadline=None)
def test_without_what_can_be_spared_the_last_steps_are_the_same(taken: list[str], old: int):
    """Whatever was undone, redone and typed: nobody notices that the rest is gone."""
    revisions = [revision(1)]
    for number, step in enumerate(taken, 2):
        now = steps(revisions)
        shows = now.done[-2] if step == "undo" and now.can_undo else now.undone[-1] if now.undone else None
        shows = shows if step in ("undo", "redo") else None
        revisions.append(revision(number, shows, FIELD if step == "type" else "", at=number))
    gone = spare(revisions, old, 1_000)
    before, after = steps(revisions), steps([one for one in revisions if one.revision not in gone])

    assert all(number < old for number in gone)
    assert after.undone == before.undone
    assert after.done == before.done[len(before.done) - len(after.done) :]
    assert len(after.done) >= min(KEPT, len(before.done))


def test_of_a_long_session_as_many_go_as_are_asked_for():
    """One chunk a unit of work: what is left is looked at by the next."""
    revisions = [revision(number) for number in range(1, 1_001)]

    assert spare(revisions, 1, 500) == list(range(1, 501))


def test_the_steps_that_are_kept_are_not_taken_again():
    assert spare([revision(number) for number in range(1, KEPT + 1)], 1, 500) == []
