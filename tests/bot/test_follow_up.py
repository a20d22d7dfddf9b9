"""Claims about asking whether it was put right, where several things happen in one chat."""

import pytest

from storage.unit import Unit
from tests.bot.turning import World

HOME, BO = "1", "99"
HOUR = 3_600


@pytest.fixture
async def world(tmp_path):
    """A family's telephone that speaks for two customers, each with a case that was put right."""
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    await world.receive(world.wrote(HOME, "/start"))
    await world.receive(world.pressed(HOME, "1:seed1.0:1"))
    yield world
    await world.close()


async def other_joins(world: World) -> None:
    """Let the chat speak for another customer too, who has a case of their own."""

    def work(unit: Unit) -> None:
        ben = unit.customers.ensure(1, "ben", world.clock.now(), "Ben")
        home = unit.addresses.at(1, "telegram", HOME)
        assert home is not None
        unit.chat_customers.join(home.id, ben.id, world.clock.now())
        unit.addresses.turn_to(home.id, ben.id)

    await world.receive(world.wrote(HOME, "The handle came off"))
    await world.run(work)
    await world.receive(world.wrote(HOME, "/start"))
    await world.receive(world.pressed(HOME, "1:seed2.0:1"))
    await world.receive(world.wrote(HOME, "So did mine"))


async def days_pass(world: World, days: int, step: int = 6) -> None:
    for _ in range(days * 24 // step):
        world.clock.pass_by(step * HOUR)
        await world.fire_due()


async def follow_ups(world: World) -> list[tuple[int, int | None]]:
    sql = "SELECT case_id, closed_at FROM conversation WHERE purpose = 'follow_up' ORDER BY id"
    return [(row[0], row[1]) for row in await world.run(lambda unit: unit.all(sql))]


async def test_the_second_of_a_family_is_asked_after_the_first(world):
    """The first one's question is not taken away unanswered, so that both are heard or rung up."""
    await other_joins(world)
    for number in (1, 2):
        await world.receive(world.pressed(BO, f"1:k{number}:resolved"))
    await days_pass(world, 2)
    first = await follow_ups(world)
    await days_pass(world, 8)
    rung = await world.count("SELECT COUNT(*) FROM task WHERE kind = 'telephone'")

    assert [(case, closed is None) for case, closed in first] == [(1, True)]
    assert sorted(case for case, _ in await follow_ups(world)) == [1, 2]
    assert rung == 2


async def test_nobody_is_reminded_of_what_was_opened_again(world):
    """*Was it put right?* would sound like mockery by then."""
    await world.receive(world.pressed(BO, "1:k1:resolved"))
    await days_pass(world, 1)
    await world.run(lambda unit: unit.all("UPDATE recovery_case SET stage = 'taken'"))
    before = len(await world.texts(HOME))
    await days_pass(world, 1)

    assert not any("gentle reminder" in text for text in (await world.texts(HOME))[before:])


async def test_who_is_to_be_asked_anew_is_not_rung_up_for_the_old_question(world):
    """It was opened again and put right again, while the first question was still open."""
    await world.receive(world.pressed(BO, "1:k1:resolved"))
    await days_pass(world, 1)
    world.clock.pass_by(70 * HOUR)
    await world.receive(world.wrote(HOME, "The handle came off again"))
    await world.receive(world.pressed(BO, "1:k1:resolved"))
    world.clock.pass_by(3 * HOUR)
    await world.fire_due()

    assert await world.count("SELECT COUNT(*) FROM task WHERE kind = 'telephone'") == 0
    await days_pass(world, 2)
    assert len(await follow_ups(world)) == 2
