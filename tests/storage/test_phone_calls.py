"""Claims about calls and the tasks they belong to."""

import pytest

from storage.database import Database

NOON = 1_772_452_800_000
DAY = 86_400_000


@pytest.fixture
async def database(tmp_path):
    database = await Database.open(tmp_path / "makegood.db", synchronous="NORMAL")
    yield database
    await database.close()


def _task(unit, key="t", **more):
    ana = unit.customers.ensure(1, "ana", NOON)
    return ana.id, unit.tasks.add(1, "telephone", key, NOON, customer_id=ana.id, **more)


async def test_a_call_keeps_what_was_typed_and_what_is_added(database):
    """The words often come after the buttons; nothing that was typed first may be lost."""

    def work(unit):
        ana, task = _task(unit)
        bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
        call = unit.phone_calls.add(
            1,
            task,
            ana,
            bo.id,
            "reached",
            NOON,
            put_right=False,
            question="satisfaction",
            rated_on="csat 1 5",
            rating=2,
        )
        unit.phone_calls.say(call, "Cold")
        unit.phone_calls.say(call, "and late")
        return unit.phone_calls.at(ana, NOON)

    call = await database.run(work)

    assert (call.outcome, call.put_right, call.rated_on, call.rating) == ("reached", 0, "csat 1 5", 2)
    assert call.words == "Cold\nand late"


async def test_calls_of_a_period_come_page_by_page(database):
    """A report of a year reads them without holding the database for long."""

    def work(unit):
        ana, task = _task(unit)
        bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
        for n in range(3):
            unit.phone_calls.add(1, task, ana, bo.id, "no_answer", NOON + n * DAY)
        first = unit.phone_calls.between(1, NOON, NOON + 2 * DAY, limit=1)
        return first, unit.phone_calls.between(1, NOON, NOON + 2 * DAY, first[0].id)

    first, rest = await database.run(work)

    assert [call.at for call in (*first, *rest)] == [NOON, NOON + DAY]


async def test_a_try_that_failed_counts_until_the_task_is_done(database):
    """So that nobody is rung a fourth time."""

    def work(unit):
        _, task = _task(unit)
        unit.tasks.try_again(task, NOON + DAY)
        unit.tasks.done(task, NOON)
        unit.tasks.try_again(task, NOON + 2 * DAY)
        return unit.tasks.get(task)

    task = await database.run(work)

    assert (task.tries, task.not_before) == (1, NOON + DAY)


async def test_what_is_to_be_done_about_a_case_is_found_by_the_case(database):
    """A customer who answers after all makes the call needless."""

    def work(unit):
        ana = unit.customers.ensure(1, "ana", NOON)
        address = unit.addresses.add(1, "telegram", "1", "customer", NOON, customer_id=ana.id)
        case = unit.cases.open(1, ana.id, address.id, "unhappy", "{}", "open", NOON)
        first = unit.tasks.add(1, "telephone", "a", NOON, case_id=case.id)
        unit.tasks.add(1, "telephone", "b", NOON, case_id=case.id)
        unit.tasks.done(first, NOON)
        return [task.dedupe_key for task in unit.tasks.of_case(case.id)]

    assert await database.run(work) == ["b"]
