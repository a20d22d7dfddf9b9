"""Claims about the weekly sample of those who never answered."""

from datetime import date
from functools import partial

import msgspec
import pytest

from bot import silent
from reports.periods import date_of
from storage.unit import Unit
from tests.bot.turning import DAY, World

MANY = 12


@pytest.fixture
async def world(tmp_path, monkeypatch):
    """A dozen customers who were asked and said nothing; chunks of five closings."""
    monkeypatch.setattr(silent, "CHUNK", 5)
    world = await World.open(tmp_path / "makegood.db", silent_sample=3)
    await world.staff("Bo", "99")
    await asked_in_vain(world, range(1, MANY + 1))
    yield world
    await world.close()


async def asked_in_vain(world: World, who: range) -> None:
    for number in who:
        await world.receive(world.wrote(str(number), "/start"))
        await world.run(partial(_known, number=number))
    await plan(world)
    world.clock.pass_by(4 * DAY / 1000)
    await world.fire_due()


def _known(unit: Unit, number: int) -> None:
    unit.customers.reached_by(number, f"+49 30 {number}", None)


async def plan(world: World) -> None:
    await world.run(lambda unit: silent.plan(unit, world.house, world.clock.now()))


async def week_passes(world: World) -> list[int]:
    """Let a week pass; return the invitations of whoever is to be rung up in all."""
    for _ in range(7):
        world.clock.pass_by(DAY / 1000)
        await world.fire_due()
    rows = await world.run(
        lambda unit: unit.all("SELECT invitation_id FROM task WHERE invitation_id IS NOT NULL ORDER BY invitation_id")
    )
    return [row[0] for row in rows]


async def test_a_few_of_the_silent_are_rung_up_once_a_week(world):
    """And the week after nobody of that week again."""
    first = await week_passes(world)

    assert len(first) == 3
    assert await week_passes(world) == first


async def test_chance_draws_the_same_people_however_often_it_is_counted(world):
    """After a crash, or read in other chunks, the sample is the same: nobody can choose it."""
    drawn = await week_passes(world)
    [monday] = await world.run(
        lambda unit: unit.all("SELECT subject FROM due WHERE kind = 'silent' AND state = 'fired' ORDER BY id")
    )
    week = date_of(monday[0])

    assert drawn == sorted(sorted(range(1, MANY + 1), key=lambda number: silent.chance(week, number))[:3])


async def test_starting_again_plans_nothing_twice(world):
    """However many restarts a week has."""
    for _ in range(3):
        await plan(world)

    assert await world.count("SELECT COUNT(*) FROM due WHERE kind = 'silent'") == 1


async def test_a_process_that_dies_between_two_chunks_goes_on(world):
    """The cursor and the few who are first lie in the database, and the row stays until the calls are made."""
    world.clock.pass_by(7 * DAY / 1000)
    await world.run(lambda unit: _one_chunk(unit, world))
    half = await world.count("SELECT COUNT(*) FROM task WHERE invitation_id IS NOT NULL")
    drawn = await week_passes(world)

    assert (half, len(drawn)) == (0, 3)


def _one_chunk(unit: Unit, world: World) -> None:
    [row] = unit.all("SELECT id FROM due WHERE kind = 'silent' AND state = 'pending'")
    due = unit.due.get(row[0])
    assert due is not None
    from bot import timers

    timers.fire(due, unit, world.house, world.clock.now())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE customer SET opted_out_at = 1",
        "UPDATE customer SET phone = NULL",
        "UPDATE conversation SET outcome = 'partial' WHERE closed_at IS NOT NULL",
        "UPDATE invitation SET state = 'cancelled'",
        (
            "INSERT INTO task (brand_id, kind, dedupe_key, created_at, done_at, customer_id)"
            " SELECT 1, 'telephone', 'old' || id, created_at, created_at, id FROM customer"
        ),
    ],
)
async def test_nobody_is_rung_who_need_not_or_may_not_be(world, sql):
    """Who wants no more, has no number, answered after all, was asked by mistake, or was rung up lately."""
    await world.run(lambda unit: unit.execute(sql, {}))

    assert await week_passes(world) == []


async def test_a_shop_that_wishes_none_rings_nobody(world):
    """And goes on to look every week, for when it does."""
    world.house = msgspec.structs.replace(world.house, silent_sample=0)

    assert await week_passes(world) == []
    assert await world.count("SELECT COUNT(*) FROM due WHERE kind = 'silent' AND state = 'pending'") == 1


async def test_an_unhappy_word_on_the_telephone_opens_a_case(world):
    """Like any other, with the moment it is about; and no answer is made up."""
    [first, *_] = await week_passes(world)
    answers = await world.count("SELECT COUNT(*) FROM answer")
    [task] = await world.run(lambda unit: unit.all("SELECT id FROM task WHERE invitation_id = :i", {"i": first}))
    await world.receive(world.pressed("99", f"1:call:{task[0]}:said:-:1"))
    [case] = await world.run(lambda unit: unit.all("SELECT cause, rating, touchpoint, customer_id FROM recovery_case"))

    assert case[:2] == ("unhappy", 1)
    assert case[3] == first
    assert await world.count("SELECT COUNT(*) FROM answer") == answers
    assert await world.count("SELECT COUNT(*) FROM phone_call WHERE case_id = 1") == 1


async def test_a_content_word_opens_none(world):
    """It is kept with the call, and that is all."""
    [first, *_] = await week_passes(world)
    [task] = await world.run(lambda unit: unit.all("SELECT id FROM task WHERE invitation_id = :i", {"i": first}))
    await world.receive(world.pressed("99", f"1:call:{task[0]}:said:-:5"))

    assert await world.count("SELECT COUNT(*) FROM recovery_case") == 0
    assert await world.count("SELECT COUNT(*) FROM phone_call WHERE rating = 5") == 1


def test_a_customer_is_drawn_once_a_week():
    """Who said nothing three times has not three chances to be rung up on one day."""
    drawn = [("c", 3, 7), ("a", 1, 7), ("b", 2, 8)]

    assert silent.chosen(drawn, 3) == (("a", 1, 7), ("b", 2, 8))


def test_each_week_draws_anew():
    """Whoever was spared once is not spared for ever."""
    weeks = [date(2026, 3, 2), date(2026, 3, 9)]
    first, second = ([silent.chance(week, number) for number in range(20)] for week in weeks)

    assert sorted(range(20), key=first.__getitem__) != sorted(range(20), key=second.__getitem__)
