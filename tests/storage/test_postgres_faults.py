"""When PostgreSQL goes away: nothing is told as kept that is not, and the next work connects again."""

import psycopg
import pytest

from storage.errors import Unavailable
from storage.postgres import connect
from tests.storage.test_units_of_work import facts, note

pytestmark = pytest.mark.postgres


@pytest.fixture
async def database(postgres_url):
    """An open database with nothing in it."""
    opened = await connect(postgres_url)
    await opened.run(lambda unit: unit.execute("DELETE FROM fact"))
    yield opened
    await opened.close()


def session_of(unit):
    """The server process that serves this unit."""
    return unit.one("SELECT pg_backend_pid()")[0]


async def test_a_session_that_was_ended_is_replaced(database, postgres_url):
    """The server restarts, an operator ends sessions: one work hears of it, the next is kept."""
    session = await database.run(session_of)
    with psycopg.connect(postgres_url, autocommit=True) as operator:
        operator.execute("SELECT pg_terminate_backend(%s, 5000)", (session,))
    with pytest.raises(Unavailable) as refused:
        await database.run(note("lost"))
    unwell = database.healthy
    await database.run(note("kept"))

    assert (refused.value.why, unwell, database.healthy) == ("lost", False, True)
    assert await facts(database) == ["kept"]


async def test_a_work_that_goes_on_after_an_error_is_not_kept(database):
    """PostgreSQL answers COMMIT with a rollback then: that must not look like success."""

    def swallows(unit):
        unit.facts.put(1, "half", "1")
        try:
            unit.execute("INSERT INTO fact (brand_id, name, value) VALUES (1, 'half', '2')")
        except psycopg.IntegrityError:
            return "fine"
        return "impossible"

    with pytest.raises(psycopg.Error, match="went on after an error"):
        await database.run(swallows)

    assert await facts(database) == []
