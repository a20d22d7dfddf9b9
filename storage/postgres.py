"""PostgreSQL: the same works and the same queries, on two connections of psycopg with a thread each.

    database = await connect("postgresql://…")

An error inside a transaction spoils it there until the savepoint is gone back to, so a query that may meet a
conflict says ON CONFLICT and never counts on catching an IntegrityError and going on.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar, cast

import psycopg
from psycopg import pq

from storage import schema
from storage.batches import Batches
from storage.database import Database
from storage.errors import Unavailable, Why, WrongVersion
from storage.parameters import percent
from storage.rows import Parameters, Rows
from storage.unit import Unit

T = TypeVar("T")

_NOTHING: Final[Parameters] = {}
_IN_TRANSACTION = frozenset({pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR})
_TROUBLE: Final[dict[str, Why]] = {
    "08": "lost",  # connection exception
    "25006": "read-only",  # a server that follows another takes no writes
    "40": "locked",  # serialization failure, deadlock: the same work may succeed the next time
    "53": "full",  # insufficient resources: disk, memory, connections
    "55": "locked",  # 55P03: a lock was not to be had in time
    "57": "lost",  # the server is being shut down, or an operator ended the session
    "58": "io",
    "XX": "corrupt",
}


async def connect(
    url: str, *, monotonic: Callable[[], float] | None = None, versions: Sequence[str] = schema.VERSIONS
) -> Database:
    """Open a PostgreSQL database, laying the schema in an empty one. Raises as `Database.open` does."""
    writer, reader = PostgresEngine(url), PostgresReader(url)
    try:
        await writer.open(versions)
        await reader.open()
    except BaseException:
        await reader.close()
        await writer.close()
        raise
    return Database(Batches(writer, monotonic or asyncio.get_running_loop().time), writer, reader)


def trouble(error: BaseException) -> Why | None:
    """Return why PostgreSQL takes nothing, if that is what the error says."""
    if not isinstance(error, psycopg.Error) or isinstance(error, psycopg.IntegrityError):
        return None
    if error.sqlstate is None:
        return "lost" if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else None
    return _TROUBLE.get(error.sqlstate) or _TROUBLE.get(error.sqlstate[:2])


class _Session:
    """One connection, made again when it was lost, and its thread."""

    def __init__(self, url: str, read_only: bool) -> None:
        self._url = url
        self._read_only = read_only
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._known: dict[str, str] = {}
        self.thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="postgres")

    def execute(self, sql: str, parameters: Parameters = _NOTHING, /) -> Rows:
        try:
            text = self._known[sql]
        except KeyError:
            text = self._known[sql] = percent(sql)
        return cast(Rows, self.raw().execute(text.encode(), parameters))

    def insert(self, sql: str, parameters: Parameters, /) -> int | None:
        row = self.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def raw(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = psycopg.connect(self._url, autocommit=True)
            self._connection.execute("SET lock_timeout = '5s'")
            if self._read_only:
                self._connection.execute("SET default_transaction_read_only = on")
        return self._connection

    def in_transaction(self) -> bool:
        return self._connection is not None and self._connection.info.transaction_status in _IN_TRANSACTION

    def rollback(self) -> None:
        """Leave no transaction; a connection that cannot even do that is dropped."""
        connection = self._connection
        if connection is None:
            return
        try:
            if self.in_transaction():
                connection.execute("ROLLBACK")
        except psycopg.Error:
            connection.close()
        if connection.closed:
            self._connection = None

    async def in_thread(self, function: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.thread, function, *arguments)

    async def close(self) -> None:
        def leave() -> None:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

        await self.in_thread(leave)
        self.thread.shutdown(wait=False)


class PostgresEngine:
    """The writing connection, as group commit uses it."""

    def __init__(self, url: str) -> None:
        self._session = _Session(url, read_only=False)
        self._closed = False
        self.unit = Unit(self._session.execute, self._session.insert)

    async def open(self, versions: Sequence[str]) -> None:
        """Connect, and lay the schema in an empty database."""
        await self._session.in_thread(self._open, versions)

    async def close(self) -> None:
        """Close the connection and end the thread. Safe to repeat."""
        if not self._closed:
            self._closed = True
            await self._session.close()

    def post(self, function: Callable[[], None]) -> None:
        """Have the connection's thread call `function`."""
        self._session.thread.submit(function)

    def begin(self) -> None:
        """Begin a transaction, connecting again when the connection was lost."""
        self._session.raw().execute("BEGIN")

    def commit(self) -> bool:
        """Commit. A transaction that an error spoiled is rolled back by COMMIT, which must not look like success."""
        raw = self._session.raw()
        if raw.info.transaction_status != pq.TransactionStatus.INTRANS:
            raise psycopg.errors.InFailedSqlTransaction("the work went on after an error")
        raw.execute("COMMIT")
        return True

    def rollback(self) -> None:
        """Leave no transaction."""
        self._session.rollback()

    def mark(self) -> None:
        """Set the savepoint of one work."""
        self._session.raw().execute("SAVEPOINT work")

    def back(self) -> None:
        """Undo what was done since `mark`."""
        self._session.raw().execute("ROLLBACK TO SAVEPOINT work")
        self.release()

    def release(self) -> None:
        """Keep what was done since `mark`."""
        self._session.raw().execute("RELEASE SAVEPOINT work")

    def whole(self) -> bool:
        """Return whether the transaction still stands."""
        return self._session.in_transaction()

    def own(self, error: Exception) -> bool:
        """Return whether the error is the work's own: not psycopg's, or an integrity error."""
        return not isinstance(error, psycopg.Error) or isinstance(error, psycopg.IntegrityError)

    def trouble(self, error: Exception) -> Why | None:
        """Return why PostgreSQL takes nothing, if that is what the error says."""
        return trouble(error)

    def _open(self, versions: Sequence[str]) -> None:
        try:
            self._lay(versions)
        except psycopg.Error as error:
            why = trouble(error)
            if why is None:
                raise
            raise Unavailable(why, str(error)) from error

    def _lay(self, versions: Sequence[str]) -> None:
        raw = self._session.raw()
        with raw.transaction():
            raw.execute("SELECT pg_advisory_xact_lock(6234010)")  # two processes that start at once: one lays
            tables = {
                row[0] for row in raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
            }
            if not tables:
                for statement in (*schema.postgres_statements(), schema.VERSION_TABLE):
                    raw.execute(statement.encode())
                raw.execute("INSERT INTO alembic_version (version_num) VALUES (%s)", (versions[-1],))
                return
            row = raw.execute(schema.READ_VERSION).fetchone() if "alembic_version" in tables else None
        if row is None:
            raise WrongVersion("none", versions[-1])
        schema.check(row[0], versions)


class PostgresReader:
    """The connection that only reads."""

    def __init__(self, url: str) -> None:
        self._session = _Session(url, read_only=True)
        self._closed = False
        self._unit = Unit(self._session.execute, self._session.insert)

    async def open(self) -> None:
        """Connect."""
        await self._session.in_thread(self._session.raw)

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Return what the work returns; all it reads is of one moment."""
        return await self._session.in_thread(self._read, work)

    async def close(self) -> None:
        """Close the connection and end the thread. Safe to repeat."""
        if not self._closed:
            self._closed = True
            await self._session.close()

    def _read(self, work: Callable[[Unit], T]) -> T:
        try:
            self._session.raw().execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            return work(self._unit)
        except psycopg.Error as error:
            why = trouble(error)
            if why is None:
                raise
            raise Unavailable(why, str(error)) from error
        finally:
            self._session.rollback()
