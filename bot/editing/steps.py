"""The steps of a draft: what one undo takes back, and one redo brings again.

Each save stays a revision of its own, and each is a step; only what is typed into one field counts together, since a
page saves it whenever the fingers rest:

    a save joins the step before it when both say that they are typing into the same field (`typed:…`), by the same
    person, not more than `PAUSE` after each other, and nothing was saved, undone or redone between them.

Nothing is ever written over: whoever works from a revision in the middle of a step still finds it, for a day. Then
only the last `KEPT` steps stay, each with the text that it ended with (`spare`).
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from storage.drafts import Revision

TYPED: Final = "typed:"
"""How `what` begins for a save of a field that somebody types into; the field follows."""

PAUSE: Final = 20_000
"""ms between two saves of a field, after which the next one is a step of its own."""


KEPT: Final = 100
"""Steps that can still be undone after the nightly tidying. Nobody takes back more by hand; a version published before
brings back what is older, and a hundred texts of a long survey are a MB, where a day of typing leaves thousands."""


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
        elif done:
            undone.append(done.pop())
        before = one
    return Steps(done, undone)


def spare(revisions: Sequence[Revision], before: int, most: int) -> list[int]:
    """Return revisions, `most` and a few, from before a moment that no step needs any more, in order.

    Without them the steps are the same but for those before the last `KEPT`. Only the beginning is looked at, up to a
    save: what was undone since then may be needed to redo it.
    """
    old = _up_to_a_save([one for one in revisions if one.at < before][: KEPT + most])
    rest, whole = list(revisions[len(old) :]), steps(revisions)
    reached = steps(old).done
    kept = KEPT
    while True:
        needed = set(reached[-kept:])
        left = steps([*(one for one in old if one.revision in needed), *rest])
        fewer = left.done == whole.done[len(whole.done) - len(left.done) :] and left.undone == whole.undone
        if fewer and len(left.done) >= min(KEPT, len(whole.done)):
            return [one.revision for one in old if one.revision not in needed]
        if kept >= len(reached):
            return []
        kept *= 2


def _up_to_a_save(old: list[Revision]) -> list[Revision]:
    while old and old[-1].shows is not None:
        old = old[:-1]
    return old


def _joins(before: Revision | None, one: Revision) -> bool:
    if before is None or before.shows is not None or not one.what.startswith(TYPED):
        return False
    same = (before.what, before.actor) == (one.what, one.actor)
    return same and one.at - before.at <= PAUSE
