"""The steps of a draft: what one undo takes back, with what is typed into one field counting together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editing.steps import PAUSE, TYPED, steps
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
