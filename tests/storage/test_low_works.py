"""Low works, on both databases: they share their commits, and nobody waits for more than one of them."""

import asyncio
import threading
from pathlib import Path

import pytest

from storage.batches import Batches
from storage.errors import Unavailable
from tests import laid


class Refused(Exception):
    """A work's own error."""


def note(name, ran=None):
    """A work that writes one fact and returns its name."""

    def work(unit):
        if ran is not None:
            ran.append(name)
        unit.facts.put(1, name, "1")
        return name

    return work


async def facts(database):
    return [row[0] for row in await database.read(lambda unit: unit.all("SELECT name FROM fact ORDER BY name"))]


@pytest.fixture
def database(database):
    """One whose works take no time, so that a slow machine ends no batch early."""
    database._batches._monotonic = lambda: 0.0
    return database


@pytest.fixture
def rounds(monkeypatch):
    """How many works each round took to its end, in order."""
    counted = []
    real = Batches._round

    def count(batches):
        batch = real(batches)
        counted.append(len(batch.outcomes))
        return batch

    monkeypatch.setattr(Batches, "_round", count)
    return counted


async def test_low_works_share_a_commit(database, rounds):
    """A commit for each of a hundred due rows would be a hundred waits for the disk."""
    names = [f"{number:03}" for number in range(100)]

    assert await asyncio.gather(*(database.run(note(name), low=True) for name in names)) == names
    assert await facts(database) == names
    assert len(rounds) <= 4, rounds


async def test_a_low_batch_is_short(tmp_path, rounds):
    """Five milliseconds of work, by the clock that bounds it: each work here takes two."""
    passed = 0.0

    def monotonic():
        return passed

    def work(_):
        nonlocal passed
        passed += 0.002

    database = await laid.opened(tmp_path / "makegood.db", monotonic=monotonic)
    try:
        await asyncio.gather(*(database.run(work, low=True) for _ in range(9)))
    finally:
        await database.close()

    assert rounds == [3, 3, 3]


class Held:
    """A low work that, when it runs for the `nth` time, says so and goes on only when it is told to."""

    def __init__(self, error=None, nth=1):
        self._error = error
        self._left = nth
        self._begun = threading.Event()
        self._go = threading.Event()

    def __call__(self, unit):
        unit.facts.put(1, "held", "1")
        self._left -= 1
        if self._left <= 0:
            self._begun.set()
            assert self._go.wait(60)
        if self._error is not None:
            raise self._error

    async def begun(self):
        await asyncio.to_thread(self._begun.wait, 60)

    def go_on(self):
        self._go.set()


@pytest.mark.parametrize("error", [None, Refused("no")], ids=["all is well", "it fails"])
async def test_a_turn_waits_for_one_low_work_only(database, error):
    """It comes while the first of many low works runs, and goes before all the others."""
    ran: list[str] = []
    held = Held(error)
    low = [asyncio.ensure_future(database.run(held, low=True))]
    low += [asyncio.ensure_future(database.run(note(f"low {number}", ran), low=True)) for number in range(20)]
    await held.begun()
    turn = asyncio.ensure_future(database.run(note("turn", ran)))
    await asyncio.sleep(0)
    held.go_on()
    await asyncio.gather(turn, *low, return_exceptions=True)

    assert ran == ["turn", *(f"low {number}" for number in range(20))]
    assert low[0].exception() == error
    assert ("held" in await facts(database)) == (error is None)


async def test_a_turn_waits_for_one_low_work_only_when_they_run_one_by_one(database):
    """Wrong SQL spoils their transaction, twice; a turn that comes then goes before those that are still to run."""
    ran: list[str] = []
    held = Held(nth=3)
    works = (held, lambda unit: unit.execute("SELECT nothing FROM nowhere"), note("last", ran))
    low = [asyncio.ensure_future(database.run(work, low=True)) for work in works]
    await held.begun()
    ran.clear()
    turn = asyncio.ensure_future(database.run(note("turn", ran)))
    await asyncio.sleep(0)
    held.go_on()
    await asyncio.gather(turn, *low, return_exceptions=True)

    assert ran == ["turn", "last"]
    assert await facts(database) == ["held", "last", "turn"]


async def test_a_failing_low_work_neither_stops_nor_doubles_its_neighbours(database):
    """One of its kind is put off and parked; the others of its commit are kept, each once."""

    def counted(name):
        def work(unit):
            unit.execute("INSERT INTO fact (brand_id, name, value) VALUES (1, :name, '1')", {"name": name})
            return name

        return work

    def fails(unit):
        unit.facts.put(1, "failed", "1")
        raise Refused("no")

    works = [counted("a"), fails, counted("b"), fails, counted("c")]
    told = await asyncio.gather(*(database.run(work, low=True) for work in works), return_exceptions=True)

    assert [answer if isinstance(answer, str) else type(answer) for answer in told] == ["a", Refused, "b", Refused, "c"]
    assert await facts(database) == ["a", "b", "c"]


async def test_a_low_work_that_is_alone_shares_with_nobody(database, rounds):
    """A chunk of an import takes as long as it takes; no due row waits in its transaction."""
    works = [("a", False), ("chunk", True), ("b", False), ("c", False)]
    await asyncio.gather(*(database.run(note(name), alone=alone, low=True) for name, alone in works))

    assert rounds == [1, 1, 2]


async def test_a_disk_that_fills_in_a_shared_commit_keeps_what_it_told_and_nothing_else(tmp_path: Path):
    """Each caller hears the truth about its own work; when there is room again, the rest runs once."""
    database = await laid.opened(tmp_path / "makegood.db", synchronous="NORMAL")

    def fills(number):
        def work(unit):
            unit.execute(
                "INSERT INTO fact (brand_id, name, value) VALUES (1, :name, :value)",
                {"name": f"{number:02}", "value": "x" * 40_000},
            )
            return number

        return work

    async def room(pages):
        [[standing]] = await database.run(lambda unit: unit.all("PRAGMA page_count"))
        await database.run(lambda unit: unit.all(f"PRAGMA max_page_count = {standing + pages}"))

    try:
        await room(45)
        told = await asyncio.gather(*(database.run(fills(n), low=True) for n in range(12)), return_exceptions=True)
        kept = [answer for answer in told if isinstance(answer, int)]
        refused = [number for number, answer in enumerate(told) if not isinstance(answer, int)]

        assert kept
        assert refused
        assert [answer.why for answer in told if isinstance(answer, Unavailable)] == ["full"] * len(refused)
        assert await facts(database) == [f"{number:02}" for number in kept]
        assert not database.healthy

        await room(1000)
        await asyncio.gather(*(database.run(fills(number), low=True) for number in refused))

        assert await facts(database) == [f"{number:02}" for number in range(12)]
        assert database.healthy
    finally:
        await database.close()
