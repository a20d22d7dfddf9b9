"""The five steps of a recovery as they stand, each with its evidence: who did what, when, and what shows it.

    open ── done ────────────> done          somebody did it; what was said, or was done, stands with it
    open ── not needed ──────> not needed    one tap; done later, it is done
    done ── confirmed ───────> done          the customer tapped *Yes*: that stands in place of a signature
    done ── corrected ───────> done          the customer tapped *Not yet*: staff hear of it, nothing is undone

Nothing is ever taken back: what happened is appended, and how a step stands follows from all of it. Steps may be
taken in any order, because life does; they are told in theirs.
"""

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from recovery.plans import STEPS, Plan, Step

How = Literal["done", "not_needed", "asked", "confirmed", "corrected"]

RESTATEMENT: Final = "restatement"


class Happened(msgspec.Struct, frozen=True):
    """Something that became of a step. `actor` is `customer`, `staff:4` or `makegood`; `evidence` is in words."""

    step: str
    how: str
    actor: str
    at: int
    evidence: str = ""


class Standing(msgspec.Struct, frozen=True):
    """How a step stands. `waited_for`: its plan has it. `evidence` has all that was written down of it, in order."""

    step: Step
    stage: Literal["open", "done", "not_needed"]
    waited_for: bool
    actor: str = ""
    at: int | None = None
    evidence: tuple[str, ...] = ()
    confirmed_at: int | None = None
    denied_at: int | None = None


def standing(plan: Plan, happened: Iterable[Happened]) -> tuple[Standing, ...]:
    """Return how each of the five steps stands, in their order."""
    events = tuple(happened)
    return tuple(_standing(step, plan, [one for one in events if one.step == step]) for step in STEPS)


def _standing(step: Step, plan: Plan, events: list[Happened]) -> Standing:
    done = [one for one in events if one.how == "done"]
    spared = [one for one in events if one.how == "not_needed"]
    settled = done or spared[-1:]
    stage: Literal["open", "done", "not_needed"] = "done" if done else "not_needed" if spared else "open"
    said = [one for one in events if one.how in ("confirmed", "corrected")]
    last = said[-1] if said else None
    return Standing(
        step,
        stage,
        step in plan.steps,
        settled[0].actor if settled else "",
        settled[0].at if settled else None,
        tuple(one.evidence for one in events if one.evidence and one.how != "asked"),
        last.at if last is not None and last.how == "confirmed" else None,
        last.at if last is not None and last.how == "corrected" else None,
    )


def next_of(standings: Iterable[Standing]) -> Step | None:
    """Return the first step that is waited for and still open; None when there is none."""
    return next((one.step for one in standings if one.waited_for and one.stage == "open"), None)
