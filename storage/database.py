"""The database: units of work in group commits, and reading beside them.

    database = await Database.open(path)
    try:
        number = await database.run(lambda unit: unit.inbox.add(…), chat="telegram:7")
        rows = await database.read(lambda unit: unit.outbox.trouble(50))
    finally:
        await database.close()

Close it on every way out: the threads of an open database keep the process alive.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from storage.batches import Batches
from storage.schema import VERSIONS
from storage.sqlite import SqliteEngine, SqliteReader, Synchronous
from storage.unit import Unit

T = TypeVar("T")

_BUSY_MS = 5_000


class _Reader(Protocol):
    async def read(self, work: Callable[[Unit], T]) -> T: ...

    async def close(self) -> None: ...


class _Writer(Protocol):
    async def close(self) -> None: ...


class Database:
    """One database, SQLite or PostgreSQL, whatever the tables' queries run on."""

    def __init__(self, batches: Batches, writer: _Writer, reader: _Reader) -> None:
        self._batches = batches
        self._writer = writer
        self._reader = reader

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        synchronous: Synchronous = "FULL",
        monotonic: Callable[[], float] | None = None,
        busy_ms: int = _BUSY_MS,
        versions: Sequence[str] = VERSIONS,
    ) -> "Database":
        """Open the SQLite file, made and laid out when there is none.

        `monotonic` gives seconds and bounds how long a batch may grow; the loop's own clock by default.
        `busy_ms` is how long somebody else's lock is waited for. Raises NeedsMigration for a file of an
        earlier version, WrongVersion for one that we do not know, Unavailable when it cannot be used.
        """
        writer = SqliteEngine(path, synchronous, busy_ms, versions)
        await writer.open()
        reader = SqliteReader(path, busy_ms)
        try:
            await reader.open()
        except BaseException:
            await writer.close()
            raise
        return cls(Batches(writer, monotonic or asyncio.get_running_loop().time), writer, reader)

    @property
    def healthy(self) -> bool:
        """Return whether the last attempt to write succeeded. It turns true again with a commit that wrote."""
        return self._batches.healthy

    async def run(
        self, work: Callable[[Unit], T], *, chat: str | None = None, alone: bool = False, low: bool = False
    ) -> T:
        """Run a unit of work and return its result once it is committed.

        Works run in the order they were given, up to 64 in one transaction. What a work raises, its caller gets,
        and nothing of the work was kept; later works of the same `chat` then wait for the next transaction.
        `alone` gives it a transaction of its own; `low` lets it wait until nothing else does (a due row, one chunk of
        long work). The work may be run again when its transaction failed, so it may change nothing but the database.
        A cancelled caller does not cancel its work. Raises Unavailable when nothing can be stored now.
        """
        return await self._batches.run(work, chat=chat, alone=alone, low=low)

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Run a work that only reads what is committed, beside the writing ones. Keep it under two seconds."""
        return await self._reader.read(work)

    async def close(self) -> None:
        """Take no more works, finish those that wait, and close. Safe to repeat."""
        try:
            await self._batches.drain()
        finally:
            try:
                await self._reader.close()
            finally:
                await self._writer.close()
