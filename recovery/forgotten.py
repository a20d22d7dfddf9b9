"""Is a customer forgotten? What must hold of every case, said once, so that it can be looked for and counted.

A case that is closed has an outcome. One that is open will come up again by itself: a person has it inside its clock,
or something is planned that brings it back to somebody. Which of them depends on where it stands:

    resolved        the follow-up is planned, or under way, or a person is to ring
    settled         somebody will be asked once more why it went wrong
    open, taken     a clock runs, or a candid word to the customer is planned, or a person is to ring

`forgotten` names what is missing: then nothing would ever bring the customer to anybody's mind, and that is a fault of
ours. `late` is less: people know of it, and the time that we set ourselves is over.
"""

from typing import Literal

import msgspec

from recovery.cases import Case

Reason = Literal["no_outcome", "no_cause", "nobody_asks", "nobody_looks"]


class Running(msgspec.Struct, frozen=True):
    """A clock of the case: how it stands, and when it will be breached if it runs on (None: it does not run)."""

    owed: str
    standing: str
    due_at: int | None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a case besides its own state: all that may bring it back to somebody.

    `planned` are the moments of its pending due rows (follow-up, clock, what else there is); `asked` says that a
    follow-up conversation is open, `calls` how many calls about it are still to be made.
    """

    clocks: tuple[Running, ...] = ()
    planned: tuple[int, ...] = ()
    asked: bool = False
    calls: int = 0


def forgotten(case: Case, known: Known) -> Reason | None:
    """Return why nobody would ever come back to this customer; None when somebody will.

    What is planned and overdue happens as soon as we run: that is late, and not forgotten.
    """
    if case.stage == "closed":
        return None if case.outcome is not None else "no_outcome"
    if known.asked or known.calls or known.planned:
        return None
    match case.stage:
        case "resolved":
            return "nobody_asks"
        case "settled":
            return "no_cause"
        case _:
            return "nobody_looks"


def late(case: Case, known: Known, now: int) -> tuple[str, ...]:
    """Return what is owed to the customer beyond its time: people know of it, and did not keep it."""
    if case.stage == "closed":
        return ()
    return tuple(sorted(clock.owed for clock in known.clocks if _over(clock, now)))


def _over(clock: Running, now: int) -> bool:
    return clock.standing == "breached" or (clock.due_at is not None and clock.due_at < now)
