"""Migrations: all or nothing, beside a copy that works."""

import asyncio
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from storage import schema
from storage.database import Database
from storage.errors import MigrationFailed
from storage.migrations import migrate

NEWER = (*schema.VERSIONS, "0005")
FOLDER = Path(__file__).with_name("versions")


@pytest.fixture
async def filled(tmp_path):
    """A closed file of the released version with a customer in it."""
    path = tmp_path / "makegood.db"
    database = await Database.open(path)
    await database.run(lambda unit: unit.customers.ensure(1, "ana", 5, name="Ana"))
    await database.close()
    return path


def look(path):
    """The version of a file, its tables' shape, and what is wrong with it."""
    connection = sqlite3.connect(path)
    try:
        [version] = connection.execute(schema.READ_VERSION).fetchone()
        found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        shape = sorted(((kind, name, _plain(sql or "")) for kind, name, sql in found), key=str)
        return version, shape, connection.execute("PRAGMA quick_check").fetchone()[0]
    finally:
        connection.close()


def _plain(sql):
    """A table's statement without its layout: SQLite writes an added column in where it finds the end."""
    return re.sub(r"\s+(?=[,)])", "", re.sub(r"\s+", " ", sql))


def lay_0001(path):
    """Lay the first schema, as the first release left it."""
    connection = sqlite3.connect(path)
    connection.execute(schema.VERSION_TABLE)
    connection.execute("INSERT INTO alembic_version VALUES ('0001')")
    for statement in schema.sqlite_statements("migrations/0001.sql"):
        connection.execute(statement)
    return connection


async def test_a_chat_of_the_first_release_speaks_for_the_customer_it_had(tmp_path):
    """Whoever upgrades loses nobody: each customer is reached where they were."""
    path = tmp_path / "makegood.db"
    connection = lay_0001(path)
    connection.execute("INSERT INTO customer (brand_id, reference, created_at) VALUES (1, 'ana', 5)")
    connection.executemany(
        """
        INSERT INTO address (brand_id, channel, chat, kind, customer_id, created_at) VALUES (1, 'telegram', ?, ?, ?, 7)
        """,
        [("71", "customer", 1), ("72", "staff", None)],
    )
    connection.commit()
    connection.close()
    await migrate(path)
    database = await Database.open(path)
    held = await database.read(lambda unit: unit.all("SELECT address_id, customer_id, since_at FROM chat_customer"))
    found = await database.read(lambda unit: unit.customers.by_reference(1, "ana"))
    await database.close()

    assert held == [(1, 1, 7)]
    assert found is not None
    assert found.email is None


async def test_a_migrated_file_keeps_its_rows_and_has_a_copy_from_before_beside_it(filled):
    """The upgrade that nobody notices; and the way back is a file that opens with the program of before."""
    await migrate(filled, more=FOLDER)
    copy = filled.with_name(f"makegood.db.{schema.VERSIONS[-1]}.backup")
    new, old = await Database.open(filled, versions=NEWER), await Database.open(copy)
    rows = await new.read(lambda unit: unit.all("SELECT name, nickname FROM customer"))
    ana = await old.read(lambda unit: unit.customers.by_reference(1, "ana"))
    await new.close()
    await old.close()

    assert rows == [("Ana", "ana")]
    assert ana is not None
    assert ana.name == "Ana"
    assert copy.stat().st_mode & 0o077 == 0


async def test_a_failing_migration_changes_nothing_and_says_why(filled, tmp_path):
    """Its last statement is wrong; its first ones are undone."""
    folder = tmp_path / "wrong"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    wrong = folder / "0005_nickname.py"
    wrong.write_text(wrong.read_text().replace("ON former_name (customer_id)", "ON former_name (nothing)"))
    before = look(filled)
    with pytest.raises(MigrationFailed, match="nothing"):
        await migrate(filled, more=folder)

    assert look(filled) == before


async def test_a_migration_killed_at_any_statement_leaves_the_old_or_the_new(filled):
    """A machine that loses power half-way has a database that opens, and can be migrated again."""
    old = look(filled)
    run = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, Path(__file__).with_name("killed_migration.py"), filled, FOLDER],
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": str(Path(schema.__file__).parents[1])},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    lives = [json.loads(line) for line in run.stdout.splitlines()]
    *killed, finished = lives
    new = look(finished["path"])

    assert new[0] == "0005"
    assert len(killed) > 10
    assert {str(look(life["path"])) for life in lives} == {str(old), str(new)}
    await migrate(killed[-1]["path"], more=FOLDER)
    assert look(killed[-1]["path"]) == new


async def test_the_migrations_and_the_code_agree_on_the_versions():
    """`schema.VERSIONS` decides without Alembic what Alembic would find."""
    names = sorted(path.name for path in (Path(schema.__file__).parent / "migrations" / "versions").glob("0*.py"))

    assert tuple(name.split("_")[0] for name in names) == schema.VERSIONS


async def test_migrating_from_nothing_ends_in_the_schema_as_it_is_laid(filled, tmp_path):
    """Both ways to the newest version end in the same tables."""
    path = tmp_path / "led.db"
    connection = sqlite3.connect(path)
    connection.execute(schema.VERSION_TABLE)
    connection.commit()
    connection.close()
    await migrate(path)

    assert look(path) == look(filled)


@pytest.mark.postgres
async def test_postgres_is_migrated_by_the_same_files(postgres):
    """One set of migrations leads both databases."""
    from storage.postgres import connect

    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA led")
    url = f"{postgres}{'&' if '?' in postgres else '?'}options=-csearch_path%3Dled"
    await (await connect(url)).close()
    await migrate(url, more=FOLDER)
    database = await connect(url, versions=NEWER)
    found = await database.read(lambda unit: unit.all("SELECT nickname FROM customer"))
    await database.close()

    assert found == []
