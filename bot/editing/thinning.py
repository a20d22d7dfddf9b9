"""What is left of a long editing session after a day: the steps that can be undone, not every pause of the fingers.

A page saves whenever the fingers rest, and each save is the whole text. Pages that are open work from what stands or
from what stood a moment ago; after a day nobody does, and whoever does all the same is told what stands now.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final

from bot.editing.steps import KEPT, spare
from storage.unit import Unit

WHOLE_FOR: Final = timedelta(days=1) // timedelta(milliseconds=1)
"""How long every revision stays."""


def thin(unit: Unit, now: int, most: int) -> bool:
    """Delete revisions that nothing needs any more, about `most` of them; say whether there may be more."""
    before = now - WHOLE_FOR
    for draft in unit.drafts.crowded(before, KEPT):
        found = spare(unit.drafts.revisions(draft.brand_id, draft.key), before, most)
        for first, last in _runs(found):
            unit.drafts.forget(draft.brand_id, draft.key, first, last)
        if found:
            return True
    return unit.drafts.forget_ended(before, most) == most


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield numbers in order as the first and last of those that follow one another."""
    if not numbers:
        return
    first = numbers[0]
    for one, following in pairwise(numbers):
        if following != one + 1:
            yield first, one
            first = following
    yield first, numbers[-1]
