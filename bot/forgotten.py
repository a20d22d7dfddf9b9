"""Looking through all open cases for customers who were forgotten: `makegood check` and `makegood verify` say how many.

The rule is `recovery.forgotten`; here are the rows that it is asked about. Nobody is the only number that will do.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from conversations.phrases import Phrase, phrase
from recovery import cases, forgotten
from recovery.forgotten import Known, Reason, Running
from storage.recoveries import Due
from storage.unit import Unit

PAGE: Final = 1000
FOLLOW_UP: Final = "follow_up:"

REASONS: Final[dict[Reason, Phrase]] = {
    "no_outcome": phrase("closed, and nobody knows how it ended"),
    "no_cause": phrase("over, and nobody will be asked why it went wrong"),
    "nobody_asks": phrase("put right, and nobody asks the customer"),
    "nobody_looks": phrase("open, and nothing brings it up again"),
}


class Looked(msgspec.Struct, frozen=True):
    """What was found: how many cases are open, the numbers of the forgotten with the reason, and of the late.

    A late case is one whose clock has run out: people were told. `unknown` counts the closed ones without an outcome.
    """

    open: int
    forgotten: tuple[tuple[int, Reason], ...]
    late: tuple[tuple[int, tuple[str, ...]], ...]
    unknown: int

    @property
    def count(self) -> int:
        """Return how many customers are forgotten."""
        return len(self.forgotten) + self.unknown


def look(unit: Unit, brand: int, now: int) -> Looked:
    """Return who is forgotten and who waits beyond their time. Reads every open case and pending due row."""
    planned: dict[int, list[Due]] = {}
    for due in unit.recoveries.planned(brand):
        planned.setdefault(due.case_id, []).append(due)
    clocks: dict[int, list[Running]] = {}
    for clock in unit.recoveries.clocks(brand):
        clocks.setdefault(clock.case_id, []).append(Running(clock.owed, clock.standing, clock.due_at))
    count, after = 0, 0
    lost: list[tuple[int, Reason]] = []
    late: list[tuple[int, tuple[str, ...]]] = []
    while page := unit.recoveries.unfinished(brand, after, PAGE):
        count, after = count + len(page), page[-1].id
        for case in page:
            state = cases.load(case.state)
            known = Known(
                clocks=tuple(clocks.get(case.id, ())),
                planned=tuple(due.due_at for due in planned.get(case.id, ()) if _stands(due, case.id, state)),
                asked=bool(case.asked),
                calls=case.calls,
            )
            reason = forgotten.forgotten(state, known)
            if reason is not None:
                lost.append((case.number, reason))
            if owed := forgotten.late(state, known, now):
                late.append((case.number, owed))
    return Looked(count, tuple(lost), tuple(late), unit.recoveries.without_outcome(brand))


def _stands(due: Due, case_id: int, state: cases.Case) -> bool:
    """Say whether a due row still does something: a follow-up that was planned anew since does not."""
    return not due.dedupe_key.startswith(FOLLOW_UP) or due.dedupe_key == f"{FOLLOW_UP}{case_id}:{state.follow_up_at}"


def in_words(looked: Looked, most: int) -> Iterator[Phrase]:
    """Yield what was found: how many are forgotten, and of the first `most` of them why."""
    yield phrase("Cases: {open} are open, {count} customers forgotten.", open=looked.open, count=looked.count)
    for number, reason in looked.forgotten[:most]:
        yield phrase("Case {number}: {why}", number=number, why=REASONS[reason])
    if looked.unknown:
        yield phrase("Cases: {count}, {why}", count=looked.unknown, why=REASONS["no_outcome"])
    if looked.late:
        yield phrase("Beyond their time, and people were told: {count}.", count=len(looked.late))
