"""A newer makegood on the database of an older one: led on at its first start, with a way back beside it."""

import sqlite3
from contextlib import closing

from bot.app import open_database
from bot.config import Config
from bot.settings.sections import Storage
from storage import schema
from storage.copies import examine


def released(path, version: str) -> None:
    """A database as the release with that version laid it, with a customer in it."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in (*schema.sqlite_statements(f"migrations/{version}.sql"), schema.VERSION_TABLE):
            connection.execute(statement)
        connection.execute("INSERT INTO alembic_version VALUES (?)", (version,))
        connection.execute("INSERT INTO customer (brand_id, reference, created_at) VALUES (1, 'ana', 5)")
        connection.commit()


async def test_the_first_start_leads_the_database_on(tmp_path):
    """CHANGELOG.md says: stop, install, start. Nothing else."""
    config = Config(storage=Storage(folder=tmp_path))
    released(config.database, "0001")
    database = await open_database(config)
    ana = await database.read(lambda unit: unit.customers.by_reference(1, "ana"))
    await database.close()
    copy = config.database.with_name("makegood.db.0001.backup")

    assert ana is not None
    assert examine(config.database).version == schema.VERSIONS[-1]
    assert examine(copy).version == "0001"
    assert copy.stat().st_mode & 0o077 == 0


def test_a_command_beside_it_says_what_to_do(tmp_path, capsysbinary):
    """Before the first start the old database is nobody's to change by the way."""
    import pytest

    from bot.cli import main

    released(tmp_path / "makegood.db", "0001")
    with pytest.raises(SystemExit) as ended:
        main(["staff", "invite", "Ben", "--data", str(tmp_path)])

    assert ended.value.code == 2
    assert b"run: makegood migrate" in capsysbinary.readouterr().err
    assert examine(tmp_path / "makegood.db").version == "0001"
