"""Group commit, on both databases: what callers may count on when their works share a transaction."""

import asyncio

import pytest

from storage.errors import Stale, Unavailable, WorkQuit


class Refused(Exception):
    """A work's own error."""


def note(name, value="1"):
    """A work that writes one fact and returns its name."""

    def work(unit):
        unit.facts.put(1, name, value)
        return name

    return work


def note_and_raise(name, error):
    """A work that writes one fact and fails."""

    def work(unit):
        unit.facts.put(1, name, "1")
        raise error

    return work


async def facts(database):
    """The names of all facts, as a reader sees them."""
    return [row[0] for row in await database.read(lambda unit: unit.all("SELECT name FROM fact ORDER BY name"))]


async def test_a_result_comes_after_the_commit(database):
    """Whoever hears of a work may acknowledge it: another connection sees what it wrote."""
    await database.run(note("seen"))

    assert await facts(database) == ["seen"]


async def test_works_run_in_the_order_they_were_given(database):
    """A chat's turns never overtake each other, also across batches."""
    ran = []
    await asyncio.gather(*(database.run(lambda unit, n=n: ran.append(n)) for n in range(200)))

    assert ran == list(range(200))


async def test_a_failing_work_leaves_no_trace_and_its_neighbours_stand(database):
    """Works share a transaction, not their fate."""
    results = await asyncio.gather(
        database.run(note("before")),
        database.run(note_and_raise("failed", Refused("no"))),
        database.run(note("after")),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [str, Refused, str]
    assert await facts(database) == ["after", "before"]


async def test_an_integrity_error_is_the_works_own(database):
    """A duplicate is one caller's affair; the batch goes on, and the database stays healthy."""

    def twice(unit):
        unit.execute("INSERT INTO fact (brand_id, name, value) VALUES (1, 'same', 'x')")

    results = await asyncio.gather(
        database.run(twice), database.run(twice), database.run(note("other")), return_exceptions=True
    )

    assert [type(result).__name__ for result in results] in (
        ["NoneType", "IntegrityError", "str"],
        ["NoneType", "UniqueViolation", "str"],
    )
    assert await facts(database) == ["other", "same"]
    assert database.healthy


async def test_a_failing_turn_holds_back_its_chat(database):
    """The chat's next turn must not run on a state that its failed one would have changed: it waits a batch."""
    ran = []

    def says(name):
        return lambda unit: ran.append(name)

    results = await asyncio.gather(
        database.run(note_and_raise("x", Refused("no")), chat="a"),
        database.run(says("a2"), chat="a"),
        database.run(says("b1"), chat="b"),
        database.run(says("a3"), chat="a"),
        database.run(says("c1")),
        return_exceptions=True,
    )

    assert ran == ["b1", "c1", "a2", "a3"]
    assert isinstance(results[0], Refused)


async def test_a_stale_turn_can_be_taken_again(database):
    """Stale is an answer, not a fault: the same caller reads again and succeeds."""
    with pytest.raises(Stale):
        await database.run(lambda unit: unit.conversations.save(1, 1, "{}", ""))

    assert await database.run(note("again")) == "again"


async def test_an_error_that_is_not_the_works_own_is_met_one_by_one(database):
    """Wrong SQL says nothing of the other works: nothing of the batch is kept, and each runs again by itself."""
    results = await asyncio.gather(
        database.run(note("before")),
        database.run(lambda unit: unit.execute("SELECT * FROM nothing_of_that_name")),
        database.run(note("after")),
        return_exceptions=True,
    )

    assert [isinstance(result, str) for result in results] == [True, False, True]
    assert await facts(database) == ["after", "before"]


async def test_a_cancelled_caller_does_not_cancel_its_work(database):
    """The update is stored, whoever still waits for it."""
    task = asyncio.ensure_future(database.run(note("kept")))
    await asyncio.sleep(0)
    task.cancel()
    await database.run(note("next"))

    assert task.cancelled()
    assert await facts(database) == ["kept", "next"]


async def test_closing_finishes_what_waits(database):
    """Shutdown loses no work that was taken, and takes none after."""
    waiting = [asyncio.ensure_future(database.run(note(f"{number:03}"))) for number in range(150)]
    await asyncio.sleep(0)
    await database.close()

    assert len(await asyncio.gather(*waiting)) == 150
    with pytest.raises(Unavailable) as refused:
        await database.run(note("late"))
    assert refused.value.why == "closed"


async def test_low_work_waits_for_the_rest(database):
    """A chunk of an import delays no turn that waits beside it."""
    ran = []
    await asyncio.gather(
        database.run(lambda unit: ran.append("chunk"), low=True),
        *(database.run(lambda unit: ran.append("turn")) for _ in range(100)),
    )

    assert ran == ["turn"] * 100 + ["chunk"]


async def test_a_work_that_quits_does_not_end_the_thread(database):
    """sys.exit inside a turn is a failed turn, not a database that hangs for ever."""
    results = await asyncio.gather(
        database.run(note_and_raise("quit", SystemExit(3))),
        database.run(note("beside")),
        database.run(note_and_raise("quit alone", SystemExit(3)), alone=True),
        return_exceptions=True,
    )

    assert [type(result) for result in results] == [WorkQuit, str, WorkQuit]
    assert await facts(database) == ["beside"]


async def test_a_reader_writes_nothing(database):
    """Pages cannot change a thing, whatever their query says."""
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        await database.read(lambda unit: unit.facts.put(1, "sneaked", "in"))

    assert await facts(database) == []
