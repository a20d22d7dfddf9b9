"""The time that a business gives itself for a case, and who is told when it runs out.

A plan may name targets of its own; these hold where it does not. What is urgent has shorter ones and its own ladder.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, get_args

import msgspec
from msgspec.structs import replace

from recovery.clocks import Owed, Target
from recovery.ladders import GRAVE_LADDER, LADDER, Ladder, Rung, Who
from recovery.routing import URGENT


class Timing(msgspec.Struct, frozen=True):
    """Spans of working time. `waits` is how long a customer's silence may hold a clock still, by the clock on the wall.

    `unanswered` is how long a rung may be silent before the next one is told; `supervisor` and `manager` are how long
    after the breach those are told at the latest, whoever has answered.
    """

    first_contact: timedelta = timedelta(hours=1)
    put_right: timedelta = timedelta(hours=16)
    urgent_first_contact: timedelta = timedelta(minutes=15)
    urgent_put_right: timedelta = timedelta(hours=4)
    unanswered: timedelta = timedelta(minutes=15)
    supervisor: timedelta = timedelta(hours=1)
    manager: timedelta = timedelta(hours=4)
    urgent_unanswered: timedelta = timedelta(minutes=5)
    urgent_manager: timedelta = timedelta(minutes=30)
    waits: timedelta = timedelta(days=2)

    def target(self, owed: Owed, severity: int) -> Target:
        """Return our own target for one thing in a case of that severity.

        Somebody has to take it within half the time to contact; a step has all the time there is.
        """
        urgent = severity >= URGENT
        contact = self.urgent_first_contact if urgent else self.first_contact
        spans: dict[Owed, timedelta] = {"acknowledge": contact / 2, "first_contact": contact}
        return Target(owed, spans.get(owed, self.urgent_put_right if urgent else self.put_right))

    def targets(self, named: Iterable[Target], severity: int, *, around_the_clock: bool = False) -> tuple[Target, ...]:
        """Return all targets of a case: those named by its plan, and ours for what every case has a clock for.

        What is urgent has the shorter of the two, and `around_the_clock` counts for nothing else.
        """
        by_plan = {target.owed: target for target in named}
        owed = [each for each in get_args(Owed) if each in SHORT or each in by_plan]
        made = [self._stricter(by_plan.get(each), self.target(each, severity), severity) for each in owed]
        always = around_the_clock and severity >= URGENT
        return tuple(replace(target, around_the_clock=always) for target in made)

    def _stricter(self, named: Target | None, own: Target, severity: int) -> Target:
        if named is None or (severity >= URGENT and own.allowed < named.allowed):
            return own
        return named

    def ladder(self, owed: Owed, severity: int, *, alone: bool = False) -> Ladder:
        """Return who is told, in order, when that is owed in a case of that severity.

        `alone`: nobody else works here, so there is nobody to turn to before the time is over.
        """
        if alone:
            return _with(LADDER, ALONE, {"supervisor": self.supervisor, "manager": self.manager})
        if severity >= URGENT and owed != "resolve":
            return _with(GRAVE_LADDER, self.urgent_unanswered, {"manager": self.urgent_manager})
        if severity >= URGENT:
            later: dict[Who, timedelta] = {"supervisor": timedelta(0), "manager": self.urgent_manager}
            return _with(LADDER, self.urgent_unanswered, later)
        return _with(LADDER, self.unanswered, {"supervisor": self.supervisor, "manager": self.manager})


SHORT: Final[tuple[Owed, ...]] = ("first_contact", "resolve")
"""What the short plan has a clock for."""


ALONE: Final = timedelta(days=365)
"""Longer than any target: somebody's silence turns to nobody else."""


def _with(ladder: Ladder, patience: timedelta, later: dict[Who, timedelta]) -> Ladder:
    return Ladder(tuple(_rung(rung, patience, later) for rung in ladder.rungs))


def _rung(rung: Rung, patience: timedelta, later: dict[Who, timedelta]) -> Rung:
    return replace(rung, later=later.get(rung.who, rung.later), patience=patience)
