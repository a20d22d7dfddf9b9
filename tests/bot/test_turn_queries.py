"""What a turn asks the database costs the same after years of answers: no statement of it reads a whole table."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.sqlite import SqliteEngine
from tests.bot.turning import World

GROW = (
    "address", "answer", "assignment", "case_clock", "case_message", "case_step", "conversation", "customer", "due",
    "history", "inbox", "invitation", "link", "media", "notification", "outbox", "recovery_case", "service_event",
    "task",
)  # fmt: skip
"""The tables that get longer as long as there are customers. The others have a few rows for each business."""


OURS = {f"SELECT * FROM outbox WHERE chat = '{chat}' ORDER BY id" for chat in "12"}
"""What the test itself asks, to find the buttons."""


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", "9")
    yield world
    await world.close()


async def survey(world: World, chat: str, rating: str) -> None:
    """Somebody comes, taps a rating, types why and comes back with one more word."""
    await world.receive(world.wrote(chat, "/start"))
    rows = [row for message in await world.messages(chat) for row in message.rows]
    await world.receive(world.pressed(chat, next(b.press for row in rows for b in row if b.label.startswith(rating))))
    await world.receive(world.wrote(chat, "The soup was cold"))
    await world.receive(world.wrote(chat, "And late"))


async def day_after(world: World) -> None:
    """A day passes, and all that was planned happens."""
    world.clock.pass_by(90_000)
    await world.fire_due()


async def heard(world: World, hear: Callable[[str], None] | None) -> None:
    """Let somebody hear every statement, as it is run with its values."""
    engine = world.database._writer
    assert isinstance(engine, SqliteEngine)
    await world.run(lambda _: engine._raw.set_trace_callback(hear))


def reading_all(path: Path, statements: set[str]) -> dict[str, str]:
    """Return each statement that reads the whole of a table that grows, and how it does so."""
    found = {}
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements - OURS:
            if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", statement):
                for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
                    scanned = re.fullmatch(r"(?:SCAN|SEARCH) (\w+)", step)  # by no index at all
                    newest = step.startswith("SEARCH") and "MAX(id)" in statement  # the end of the table itself
                    if scanned and scanned[1] in GROW and not newest:
                        found[" ".join(statement.split())] = step
    return found


async def test_no_statement_of_a_turn_reads_a_whole_table(world, tmp_path):
    """Customers happy and unhappy, the staff who help them, and what comes due."""
    statements: set[str] = set()
    await heard(world, statements.add)
    await survey(world, "1", "5")
    await survey(world, "2", "1")
    for press in ("1:k1:take", "1:k1:write", "1:k1:resolved"):
        await world.receive(world.pressed("9", press))
        await world.receive(world.wrote("9", "We will cook it anew"))
    await day_after(world)
    await survey(world, "2", "5")
    await day_after(world)
    await heard(world, None)

    assert len(statements) > 100
    assert reading_all(tmp_path / "makegood.db", statements) == {}
