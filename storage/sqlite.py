"""SQLite: one connection that writes, one that only reads, each with a thread of aiosqlite.

Durable means durable: WAL with synchronous=FULL, so that a commit has reached the disk when it returns. Only the
writing connection writes or checkpoints; reading ones are opened `mode=ro`.

Built on protected names of aiosqlite, pinned in pyproject.toml and held by a test: `_tx`, its thread's queue, into
which a whole batch goes as one function, `_conn`, the connection as sqlite3 has it, `_execute` and `_thread`. For a
batch `_execute` would cost a task and a future, and when that task is cancelled, nobody would tell the callers.
"""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import aiosqlite

from storage import schema
from storage.errors import Unavailable, Why, WrongVersion
from storage.parameters import Values, positional
from storage.rows import Parameters, Rows
from storage.unit import Unit

T = TypeVar("T")

Synchronous = Literal["FULL", "NORMAL"]

# Not a word of these may be what a work could write: a text that is in the statement cache asks no authorizer.
_BEGIN = "BEGIN IMMEDIATE /* a batch */"
_COMMIT = "COMMIT /* a batch */"
_ROLLBACK = "ROLLBACK /* a batch */"
_MARK = "SAVEPOINT work /* a batch */"
_BACK = "ROLLBACK TO work /* a batch */"
_RELEASE = "RELEASE work /* a batch */"

_NOTHING: Final[Parameters] = {}

_TROUBLE: Final[dict[int, Why]] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "io",
    sqlite3.SQLITE_CANTOPEN: "io",
    sqlite3.SQLITE_NOMEM: "io",
    sqlite3.SQLITE_READONLY: "read-only",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
}


def trouble(error: BaseException) -> Why | None:
    """Return why SQLite takes nothing, if that is what the error says."""
    if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.IntegrityError):
        return None
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else _TROUBLE.get(code & 0xFF)


class SqliteEngine:
    """The writing connection, as group commit uses it."""

    unit: Unit

    def __init__(self, path: Path, synchronous: Synchronous, busy_ms: int, versions: Sequence[str]) -> None:
        self._connection = _Connection(lambda: _connect(path, synchronous, busy_ms, versions), 64)
        self._ours = False  # whether a statement on the transaction is being prepared for us
        self._changes = 0

    async def open(self) -> None:
        """Open the file, laying the schema in a fresh one."""
        connection = (await _opened(self._connection)).raw
        self._raw = connection
        self._execute = connection.execute
        await self._connection.call(connection.set_authorizer, self._authorize)
        self.unit = _unit(connection)

    async def close(self) -> None:
        """Finish what the thread was given, close the file and end the thread. Safe to repeat."""
        await self._connection.close()

    def post(self, function: Callable[[], None]) -> None:
        """Have the connection's thread call `function`."""
        self._connection.post(function)

    def begin(self) -> None:
        """Begin a writing transaction: later than here, a lock could not be waited for."""
        self._transact(_BEGIN)
        self._changes = self._raw.total_changes

    def commit(self) -> bool:
        """Commit; return whether that wrote anything."""
        self._transact(_COMMIT)
        return self._raw.total_changes != self._changes

    def rollback(self) -> None:
        """Leave no transaction. SQLite may have ended it itself, and a failing ROLLBACK ends it as well."""
        if self._raw.in_transaction:
            try:
                self._transact(_ROLLBACK)
            except sqlite3.Error:
                return

    def mark(self) -> None:
        """Set the savepoint of one work."""
        self._execute(_MARK)

    def back(self) -> None:
        """Undo what was done since `mark`."""
        self._execute(_BACK)
        self._execute(_RELEASE)

    def release(self) -> None:
        """Keep what was done since `mark`."""
        self._execute(_RELEASE)

    def whole(self) -> bool:
        """Return whether the transaction still stands: a full disk ends it as a whole."""
        return self._raw.in_transaction

    def own(self, error: Exception) -> bool:
        """Return whether the error is the work's own: not sqlite3's, or an integrity error."""
        return not isinstance(error, sqlite3.Error) or isinstance(error, sqlite3.IntegrityError)

    def trouble(self, error: Exception) -> Why | None:
        """Return why SQLite takes nothing, if that is what the error says."""
        return trouble(error)

    def _transact(self, statement: str) -> None:
        self._ours = True
        try:
            self._execute(statement)
        finally:
            self._ours = False

    def _authorize(self, action: int, _verb: str | None, savepoint: str | None, *_: object) -> int:
        """Refuse a work's own BEGIN, COMMIT or savepoint. Asked only when a statement is prepared."""
        if action == sqlite3.SQLITE_TRANSACTION and not self._ours:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_SAVEPOINT and savepoint != "work":
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK


class SqliteReader:
    """The connection that only reads, for pages and exports: it sees what is committed and delays no turn."""

    def __init__(self, path: Path, busy_ms: int) -> None:
        self._connection = _Connection(lambda: _connect_reading(path, busy_ms), 64)

    async def open(self) -> None:
        """Open the file, which must be there."""
        self._raw = (await _opened(self._connection)).raw
        self._unit = _unit(self._raw)

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Return what the work returns; all it reads is of one moment."""
        result: T = await self._connection.call(self._read, work)
        return result

    async def close(self) -> None:
        """Close the file and end the thread. Safe to repeat."""
        await self._connection.close()

    def _read(self, work: Callable[[Unit], T]) -> T:
        try:
            self._raw.execute("BEGIN")
            return work(self._unit)
        except sqlite3.DatabaseError as error:
            why = trouble(error)
            if why is None:
                raise
            raise Unavailable(why, str(error)) from error
        finally:
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")


def _unit(connection: sqlite3.Connection) -> Unit:
    """Return a unit on the connection; its closures are the hot path of every turn."""
    known: dict[str, tuple[str, Values]] = {}
    execute = connection.execute

    def execute_named(sql: str, parameters: Parameters = _NOTHING, /) -> Rows:
        try:
            text, values = known[sql]
        except KeyError:
            text, values = known[sql] = positional(sql)
        return execute(text, values(parameters))

    def insert(sql: str, parameters: Parameters, /) -> int | None:
        try:
            text, values = known[sql]
        except KeyError:
            text, values = known[sql] = positional(sql.replace("RETURNING id", ""))  # it costs a table of its own
        cursor = execute(text, values(parameters))
        return cursor.lastrowid if cursor.rowcount == 1 else None

    return Unit(execute_named, insert)


class _Connection(aiosqlite.Connection):
    @property
    def raw(self) -> sqlite3.Connection:
        return self._conn

    def post(self, function: Callable[[], None]) -> None:
        self._tx.put_nowait((None, function))

    def join(self) -> None:
        """Wait for the thread that a failed opening has told to end; it would outlive the loop and complain."""
        self._thread.join(timeout=5)

    async def call(self, function: Callable[..., Any], *arguments: object) -> Any:
        return await self._execute(function, *arguments)  # type: ignore[no-untyped-call]  # aiosqlite's


async def _opened(connection: _Connection) -> _Connection:
    try:
        await connection
    except BaseException as error:
        connection.join()
        why = trouble(error)
        if why is None:
            raise
        raise Unavailable(why, str(error)) from error
    return connection


def _connect(path: Path, synchronous: Synchronous, busy_ms: int, versions: Sequence[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=512, timeout=busy_ms / 1000)
    try:
        found = _version(connection)
        if found is not None:
            schema.check(found, versions)
        _settle_in(connection, synchronous)
        _lay(connection, versions[-1])
    except BaseException:
        connection.close()
        raise
    return connection


def _settle_in(connection: sqlite3.Connection, synchronous: Synchronous) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL" if synchronous == "NORMAL" else "PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is removed is overwritten
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -16384")  # KiB
    connection.execute("PRAGMA journal_size_limit = 67108864")  # bytes; a long reader may let the WAL grow past it


def _connect_reading(path: Path, busy_ms: int) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=busy_ms / 1000
    )
    connection.execute("PRAGMA query_only = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _version(connection: sqlite3.Connection) -> str | None:
    """Return the version the file has, None for a fresh one. Raises WrongVersion for somebody else's file."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables:
        return None
    row = connection.execute(schema.READ_VERSION).fetchone() if "alembic_version" in tables else None
    if row is None:
        raise WrongVersion("none", schema.VERSIONS[-1])
    version: str = row[0]
    return version


def _lay(connection: sqlite3.Connection, version: str) -> None:
    """Lay the schema in a fresh file; in any file, prove that it can be written."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) is None:
            for statement in (*schema.sqlite_statements(), schema.VERSION_TABLE):
                connection.execute(statement)
            connection.execute("INSERT INTO alembic_version (version_num) VALUES (?)", (version,))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
