"""Copies of a database in use: of one moment, sound, and told apart from what is not."""

import sqlite3
from contextlib import closing

import pytest

from storage import copies
from storage.database import Database
from storage.errors import Damaged, Unavailable


@pytest.fixture
async def used(tmp_path):
    """A database that is open, with what was just committed still in its log."""
    database = await Database.open(tmp_path / "makegood.db")
    await database.run(lambda unit: [unit.customers.ensure(1, f"c-{number}", 5) for number in range(50)])
    yield tmp_path / "makegood.db"
    await database.close()


async def test_a_copy_has_what_is_committed_and_only_in_the_log_yet(used, tmp_path):
    """Copying the file alone would give an empty database: tried, reliability.md 0.4."""
    copies.copy(used, tmp_path / "copy.db")

    assert used.with_name("makegood.db-wal").stat().st_size > 0
    assert copies.examine(tmp_path / "copy.db").counts["customer"] == 50


async def test_looking_at_a_copy_leaves_it_as_it_is(used, tmp_path):
    """Its digest is written down; a log beside it would not be part of it."""
    path = tmp_path / "copy.db"
    copies.copy(used, path)
    before = path.read_bytes()
    copies.examine(path)

    assert path.read_bytes() == before
    assert list(tmp_path.glob("copy.db-*")) == []


async def test_nothing_is_written_over(used, tmp_path):
    """Not even by a mistake of ours."""
    (tmp_path / "there.db").write_text("somebody's")

    with pytest.raises(FileExistsError):
        copies.copy(used, tmp_path / "there.db")


async def test_what_is_no_database_of_ours_is_said_so(used, tmp_path):
    """An empty file and a foreign one open without complaint."""
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as foreign:
        foreign.execute("CREATE TABLE song (name TEXT)")
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    for name in ("foreign.db", "noise.db"):
        with pytest.raises(Damaged):
            copies.examine(tmp_path / name)
    with pytest.raises(Unavailable):
        copies.copy(tmp_path / "noise.db", tmp_path / "copy.db")


async def test_row_numbers_go_on_far_above(used, tmp_path):
    """Whoever holds a number from before must not find another row under it."""
    path = tmp_path / "copy.db"
    copies.copy(used, path)
    copies.skip_ids(path)
    database = await Database.open(path)
    new = await database.run(lambda unit: unit.customers.ensure(1, "new", 5))
    await database.close()

    assert new.id > copies.SKIPPED
