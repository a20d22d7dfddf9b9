"""The steps of a draft: what one undo takes back, and one redo brings again.

Each save stays a revision of its own, and each is a step; only what is typed into one field counts together, since a
page saves it whenever the fingers rest:

    a save joins the step before it when both say that they are typing into the same field (`typed:…`), by the same
    person, not more than `PAUSE` after each other, and nothing was saved, undone or redone between them.

Nothing is ever written over: whoever works from a revision in the middle of a step still finds it.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from storage.drafts import Revision

TYPED: Final = "typed:"
"""How `what` begins for a save of a field that somebody types into; the field follows."""

PAUSE: Final = 20_000
"""ms between two saves of a field, after which the next one is a step of its own."""


class Steps(NamedTuple):
    """Revisions: those that count, the last one standing now, and those undone, the next to be redone last."""

    done: list[int]
    undone: list[int]

    @property
    def can_undo(self) -> bool:
        """Say whether there is a step to go back to."""
        return len(self.done) > 1

    @property
    def can_redo(self) -> bool:
        """Say whether a step was taken back and nothing else done since."""
        return bool(self.undone)


def steps(revisions: Iterable[Revision]) -> Steps:
    """Return the steps of a draft from all its revisions, in order."""
    done: list[int] = []
    undone: list[int] = []
    before: Revision | None = None
    for one in revisions:
        if one.shows is None:
            if done and _joins(before, one):
                done.pop()
            done.append(one.revision)
            undone.clear()
        elif undone and undone[-1] == one.shows:
            done.append(undone.pop())
        else:
            undone.append(done.pop())
        before = one
    return Steps(done, undone)


def _joins(before: Revision | None, one: Revision) -> bool:
    if before is None or before.shows is not None or not one.what.startswith(TYPED):
        return False
    same = (before.what, before.actor) == (one.what, one.actor)
    return same and one.at - before.at <= PAUSE
