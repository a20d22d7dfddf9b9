"""The migration itself. Imported in the child process only: it needs Alembic."""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from storage.schema import READ_VERSION

_HERE = Path(__file__).resolve().parent


def lead(target: Path | str, more: Sequence[Path] = ()) -> None:
    """Lead a database to the newest version, with the migrations in `more` following ours."""
    if isinstance(target, Path):
        _copy(target)
        engine = _sqlite(target)
    else:
        engine = create_engine(target.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, (_HERE / "versions", *more))))
    config.attributes["engine"] = engine
    command.upgrade(config, "head")


def _sqlite(path: Path) -> Engine:
    """Return an engine whose transactions begin by taking the write lock.

    Python's sqlite3 would otherwise begin none before DDL, and leave half a migration behind.
    """

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = OFF")  # a table may be built anew; all keys are checked at the end
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _copy(path: Path) -> None:
    """Copy the file as it is before the migration, and check the copy. Plain copying would miss the WAL."""
    source = sqlite3.connect(path)
    try:
        row = source.execute(READ_VERSION).fetchone()
        copy = path.with_name(f"{path.name}.{row[0] if row else 'empty'}.backup")
        unchecked = copy.with_name(copy.name + ".part")
        unchecked.unlink(missing_ok=True)
        source.execute("VACUUM INTO ?", (str(unchecked),))
    finally:
        source.close()
    _check(unchecked)
    unchecked.chmod(0o600)
    with unchecked.open("rb") as written:
        os.fsync(written.fileno())
    unchecked.replace(copy)


def _check(path: Path) -> None:
    copy = sqlite3.connect(path)
    try:
        found = copy.execute("PRAGMA quick_check").fetchone()[0]
    finally:
        copy.close()
    if found != "ok":
        raise SystemExit(f"the database is damaged, and was left as it is: {found}")
