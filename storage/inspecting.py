"""A look at a SQLite file from outside, which changes nothing: for `makegood check`."""

import sqlite3
from pathlib import Path
from typing import Final

import msgspec

from storage import schema
from storage.errors import Unavailable, Why
from storage.sqlite import trouble

SAFE: Final = (3, 51, 3)
"""Before this SQLite, two connections that write at one moment could damage a database in WAL mode."""


class Inspection(msgspec.Struct, frozen=True):
    """What a database file says of itself. `damage` is empty when it is sound; `version` None for somebody else's."""

    version: str | None
    damage: tuple[str, ...]
    wal_bytes: int


def newest_version() -> str:
    """Return the version that this makegood needs."""
    return schema.VERSIONS[-1]


def sqlite_version() -> tuple[int, ...]:
    """Return the version of SQLite in use."""
    return sqlite3.sqlite_version_info


def inspect(path: Path) -> Inspection:
    """Return what can be told of the file. Raises Unavailable when it cannot be read at all."""
    wal = path.with_name(f"{path.name}-wal")
    wal_bytes = wal.stat().st_size if wal.exists() else 0
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            return Inspection(_version(connection), _damage(connection), wal_bytes)
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        why: Why = trouble(error) or "io"
        raise Unavailable(why, str(error)) from error


def _version(connection: sqlite3.Connection) -> str | None:
    try:
        row = connection.execute(schema.READ_VERSION).fetchone()
    except sqlite3.OperationalError:
        return None
    return None if row is None else str(row[0])


def _damage(connection: sqlite3.Connection) -> tuple[str, ...]:
    rows = [str(row[0]) for row in connection.execute("PRAGMA quick_check(10)")]
    return () if rows == ["ok"] else tuple(rows)
