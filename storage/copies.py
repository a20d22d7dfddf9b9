"""Copies of a whole SQLite database, made while it is in use, and what a copy proves of itself.

`copy` writes what is committed at one moment, without the room that deleted rows left; plain copying of the files
would miss the write-ahead log. `examine` opens a copy, reads every page, every key and every chain of answers, and
returns what is in it. Both take long on a large database: give them a thread or a process of their own.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import msgspec

from storage import schema
from storage.answers import Answer, chain_of
from storage.errors import Damaged, Unavailable, Why
from storage.sqlite import trouble

COUNTED: Final = ("answer", "conversation", "customer", "recovery_case", "staff_member", "service_event", "outbox")
"""Tables whose rows are counted, so that a copy can be told apart from a smaller one. Every version has them."""

SKIPPED: Final = 1_000_000
"""How many row numbers `skip_ids` leaves out: more than any installation gives out between two backups."""

_STEPS: Final = 200_000
"""Steps of SQLite between two words about how far it is."""

Told = Callable[[float], None]
"""Hears how much of the work is done, from 0 to 1."""


def nobody(_share: float) -> None:
    """Hear nothing."""


class KeptFile(msgspec.Struct, frozen=True):
    """A file that a database speaks of: its path below the media folder, bytes, hex SHA-256."""

    path: str
    size: int
    digest: str


class Contents(msgspec.Struct, frozen=True):
    """What is in a sound database. Moments in ms; None when there is no answer."""

    version: str
    counts: dict[str, int]
    newest_answer_at: int | None
    last_ids: dict[str, int]


def copy(source: Path, target: Path, told: Told = nobody) -> None:
    """Write what is committed in `source` to the new file `target`, on the disk when this returns.

    Needs no lock of the data folder and delays nobody's turn. Raises Unavailable when it cannot be done.
    """
    expected = max(1, source.stat().st_size)
    try:
        with closing(_reading(source)) as connection:
            connection.set_progress_handler(lambda: told(min(1.0, _size(target) / expected)), _STEPS)
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.DatabaseError as error:
        why: Why = trouble(error) or "io"
        raise Unavailable(why, str(error)) from error
    flush(target)


def last_ids(path: Path) -> dict[str, int]:
    """Return the highest row number that each table has given out: a later copy has none that is lower."""
    with closing(_reading(path)) as connection:
        return dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))


def examine(path: Path, told: Told = nobody) -> Contents:
    """Return what is in a database that nobody has open, after reading all of it.

    Raises Damaged for one that is broken, whose keys point nowhere, or whose answers are not as they were written.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            version = _version(connection, path)
            _sound(connection, path)
            contents = Contents(
                version,
                {table: _count(connection, table) for table in COUNTED},
                connection.execute("SELECT MAX(at) FROM answer").fetchone()[0],
                dict(connection.execute("SELECT name, seq FROM sqlite_sequence")),
            )
            broken = next(broken_chains(connection, contents.counts["answer"], told), None)
    except sqlite3.DatabaseError as error:
        raise Damaged(path, str(error)) from error
    if broken is not None:
        raise Damaged(path, f"the answers of conversation {broken} are not as they were written")
    return contents


def kept_files(path: Path) -> Iterator[KeptFile]:
    """Yield the files that a copy speaks of; none in a version that knew none."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'media'").fetchone() is None:
            return
        for row in connection.execute("SELECT path, size, digest FROM media WHERE state = 'kept' AND path IS NOT NULL"):
            yield KeptFile(*row)


def skip_ids(path: Path) -> None:
    """Let a restored database give out no row number again that was given out after its backup was made.

    Cursors of other systems and open pages of the web chat hold such numbers, and would miss what comes.
    """
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE sqlite_sequence SET seq = seq + :skipped", {"skipped": SKIPPED})
        connection.commit()


def settle_log(path: Path) -> None:
    """Bring what is in the write-ahead log of a closed database into its file, so that the file is all of it.

    Raises Unavailable when the file cannot be read.
    """
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError as error:
        why: Why = trouble(error) or "io"
        raise Unavailable(why, str(error)) from error


def flush(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _reading(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=5)
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _version(connection: sqlite3.Connection, path: Path) -> str:
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone() is None:
        raise Damaged(path, "it is no database of makegood")
    row = connection.execute(schema.READ_VERSION).fetchone()
    if row is None:
        raise Damaged(path, "it is no database of makegood")
    return str(row[0])


def _sound(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise Damaged(path, found)
    astray = connection.execute("PRAGMA foreign_key_check").fetchone()
    if astray is not None:
        raise Damaged(path, f"a row of {astray[0]} points at no {astray[2]}")


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - a name from COUNTED


def broken_chains(connection: sqlite3.Connection, answers: int, told: Told) -> Iterator[int]:
    """Yield the conversations whose answers are not as they were written, all of them and in order."""
    rows = connection.execute(
        """
        SELECT conversation.id, conversation.chain, answer.*
        FROM conversation LEFT JOIN answer ON answer.conversation_id = conversation.id
        ORDER BY conversation.id, answer.id
        """
    )
    read = 0
    for (conversation_id, chain), found in groupby(rows, key=itemgetter(0, 1)):
        given = [Answer(*row[2:]) for row in found if row[2] is not None]
        if chain_of(given) != chain:
            yield conversation_id
        read += len(given)
        if read % 1000 < len(given):
            told(read / max(1, answers))
