"""Restatement: staff say back in their own words what they understood, and the customer confirms or corrects it.

    nothing ── said back ────────> waiting
    waiting ── Yes, that's it ───> confirmed
    waiting ── Not quite ────────> being corrected ── their next words ──> corrected
    waiting ── said back anew ───> waiting (for the newer one; a tap on the older one counts for nothing)

It holds nothing up: after a span without an answer whoever asked is told to go ahead. An answer that comes later is
told all the same.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from recovery.steps import RESTATEMENT

Stage = Literal["none", "waiting", "correcting", "confirmed", "corrected"]


class Line(msgspec.Struct, frozen=True):
    """One row of a restatement. `words` says whether the customer's own words stand with it."""

    id: int
    step: str
    how: str
    actor: str
    words: bool = False


class Restated(msgspec.Struct, frozen=True):
    """How the newest restatement of a case stands: the row that asked, and who did."""

    stage: Stage
    asked: int | None = None
    actor: str = ""


def standing(lines: Iterable[Line]) -> Restated:
    """Return how the newest restatement stands, from all rows of a case in order."""
    restated = Restated("none")
    for line in lines:
        if line.step != RESTATEMENT:
            continue
        if line.how == "asked":
            restated = Restated("waiting", line.id, line.actor)
        elif line.how == "confirmed":
            restated = Restated("confirmed", restated.asked, restated.actor)
        elif line.how == "corrected":
            restated = Restated("corrected" if line.words else "correcting", restated.asked, restated.actor)
    return restated


def may_answer(restated: Restated, asked: int) -> bool:
    """Return whether a tap on the restatement `asked` counts: it is the newest one, and nobody answered it yet."""
    return restated.asked == asked and restated.stage == "waiting"
