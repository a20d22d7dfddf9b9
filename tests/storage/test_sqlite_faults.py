"""When SQLite takes nothing: no caller is told otherwise, and it recovers by itself."""

import asyncio
import json
import sqlite3
import subprocess
import sys

import pytest

from storage.database import Database
from storage.errors import Unavailable
from tests.storage.test_units_of_work import facts, note


@pytest.fixture
async def database(tmp_path):
    """A SQLite database that waits 50 ms for somebody else's lock."""
    opened = await Database.open(tmp_path / "makegood.db", busy_ms=50)
    yield opened
    await opened.close()


def limit_pages(more):
    """A work that lets the file grow by so many pages only, as a full disk does."""

    def work(unit):
        [[pages]] = unit.all("PRAGMA page_count")
        unit.all(f"PRAGMA max_page_count = {pages + more}")

    return work


async def test_a_full_disk_refuses_every_work_that_does_not_fit_and_keeps_the_others(database):
    """SQLite rolls the whole transaction back; run one by one, what fits is kept and only the rest is refused."""
    await database.run(limit_pages(2))
    results = await asyncio.gather(
        database.run(note("small")),
        database.run(note("large", "x" * 100_000)),
        database.run(note("small too")),
        return_exceptions=True,
    )

    assert [isinstance(result, Unavailable) for result in results] == [False, True, False]
    assert [result.why for result in results if isinstance(result, Unavailable)] == ["full"]
    assert await facts(database) == ["small", "small too"]


async def test_a_database_that_was_full_recovers_without_a_restart(database):
    """Space comes back, the next work is kept, and the database says so."""
    await database.run(limit_pages(0))
    with pytest.raises(Unavailable):
        await database.run(note("large", "x" * 100_000))
    unwell = database.healthy
    await database.run(limit_pages(1000))
    await database.run(note("large", "x" * 100_000))

    assert (unwell, database.healthy) == (False, True)


async def test_somebody_elses_lock_is_waited_for_once(database, tmp_path):
    """All who wait are told together; waiting the whole time for each would stop the bot for minutes."""
    other = sqlite3.connect(tmp_path / "makegood.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    before = asyncio.get_running_loop().time()
    results = await asyncio.gather(*(database.run(note(str(n))) for n in range(60)), return_exceptions=True)
    took = asyncio.get_running_loop().time() - before
    other.execute("ROLLBACK")
    other.close()

    assert {getattr(result, "why", result) for result in results} == {"locked"}
    assert took < 1
    assert await database.run(note("after")) == "after"


async def test_a_work_may_not_touch_the_transaction(database):
    """A work that commits would keep half of its neighbours."""

    def commits(unit):
        unit.facts.put(1, "half", "1")
        unit.execute("COMMIT")

    results = await asyncio.gather(
        database.run(note("before")), database.run(commits), database.run(note("after")), return_exceptions=True
    )

    assert "not authorized" in str(results[1])
    assert await facts(database) == ["after", "before"]


async def test_a_failing_disk_keeps_what_was_acknowledged(tmp_path):
    """A real limit of the operating system, in a process of its own: what was told as kept is there."""
    child = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", _FAILING_DISK, str(tmp_path / "makegood.db")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told = json.loads(child.stdout)
    database = await Database.open(tmp_path / "makegood.db")
    kept = await facts(database)
    [[check]] = await database.read(lambda unit: unit.all("PRAGMA quick_check"))
    await database.close()

    assert told["refused"] > 0
    assert set(told["kept"]) <= set(kept)
    assert check == "ok"


_FAILING_DISK = """
import asyncio, json, resource, signal, sys
from pathlib import Path
from storage.database import Database
from storage.errors import Unavailable

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

async def main():
    database = await Database.open(Path(sys.argv[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
    kept, refused = [], 0
    for number in range(60):
        name = f"{number:03}"
        try:
            await database.run(lambda unit: unit.facts.put(1, name, "x" * 20_000))
            kept.append(name)
        except Unavailable:
            refused += 1
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
    await database.close()
    print(json.dumps({"kept": kept, "refused": refused}))

asyncio.run(main())
"""
