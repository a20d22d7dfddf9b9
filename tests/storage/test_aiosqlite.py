"""The protected names of aiosqlite on which `storage.sqlite` stands: a new version must keep them, or fail here."""

import inspect
import sqlite3
import threading

import aiosqlite


async def test_a_function_in_the_queue_runs_on_the_connections_thread(tmp_path):
    """`_tx` takes (no future, function) and calls the function on the thread that owns `_conn`."""
    ran = threading.Event()
    where = []

    def function():
        where.append(threading.current_thread())
        ran.set()

    async with aiosqlite.connect(tmp_path / "x.db") as connection:
        connection._tx.put_nowait((None, function))
        await connection._execute(lambda: None)

        assert ran.is_set()
        assert where == [connection._thread]
        assert isinstance(connection._conn, sqlite3.Connection)


async def test_an_error_in_the_queue_does_not_end_the_thread(tmp_path):
    """Whatever a posted function raises, the next one is called."""

    def fails():
        raise RuntimeError

    async with aiosqlite.connect(tmp_path / "x.db") as connection:
        connection._tx.put_nowait((None, fails))

        assert await connection._execute(lambda: 7) == 7


def test_a_connection_is_made_of_a_connector_and_a_chunk_size():
    """We build our own subclass, so its signature matters."""
    assert list(inspect.signature(aiosqlite.Connection.__init__).parameters)[1:3] == ["connector", "iter_chunk_size"]
