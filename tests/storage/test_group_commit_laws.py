"""Group commit, whatever comes together: the database holds what was told as kept, and nothing else."""

import asyncio
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import laid

FATES = st.sampled_from(["keep", "keep", "keep", "raise", "wrong SQL", "quit"])
WORKS = st.lists(st.tuples(FATES, st.sampled_from([None, "a", "b"]), st.booleans(), st.booleans()), max_size=80)


def work_of(number, fate, ran):
    """A work that notes its number, and then meets its fate."""

    def work(unit):
        ran.append(number)
        unit.facts.put(1, f"{number:03}", fate)
        if fate == "raise":
            raise ValueError(number)
        if fate == "wrong SQL":
            unit.execute("SELECT nothing FROM nowhere")
        if fate == "quit":
            raise SystemExit(number)
        return number

    return work


async def outcome(works):
    """Run the works at once; return what each caller heard, what is stored, and the order they ran in last."""
    ran: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        database = await laid.opened(Path(folder) / "makegood.db", synchronous="NORMAL")
        try:
            told = await asyncio.gather(
                *(
                    database.run(work_of(number, fate, ran), chat=chat, alone=alone, low=low)
                    for number, (fate, chat, alone, low) in enumerate(works)
                ),
                return_exceptions=True,
            )
            stored = await database.read(lambda unit: [int(row[0]) for row in unit.all("SELECT name FROM fact")])
        finally:
            await database.close()
    return told, sorted(stored), ran


@settings(max_examples=25)
@given(WORKS)
def test_what_is_told_as_kept_is_kept_and_nothing_else(works):
    """Whatever fails beside it, a caller hears the truth about its own work."""
    told, stored, _ = asyncio.run(outcome(works))

    assert stored == [answer for answer in told if isinstance(answer, int)]
    assert [isinstance(answer, int) for answer in told] == [fate == "keep" for fate, *_ in works]


@settings(max_examples=25)
@given(WORKS)
def test_the_works_of_a_chat_run_in_their_order(works):
    """Also when a batch is spoiled and its works run again one by one."""
    _, _, ran = asyncio.run(outcome(works))
    last = {number: place for place, number in enumerate(ran)}
    for chat in ("a", "b"):
        for low in (False, True):  # what is low comes after the rest, and keeps its own order
            numbers = [number for number, (_, its, _, is_low) in enumerate(works) if (its, is_low) == (chat, low)]

            assert sorted(numbers, key=last.__getitem__) == numbers
