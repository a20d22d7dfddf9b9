"""Claims about looking for the forgotten: the real turns leave none behind, and one that was lost is found."""

import pytest

from bot import forgotten
from bot.channels.updates import Left
from bot.forgotten import Looked
from bot.phrases import say
from tests.bot.turning import DAY, World

ANA, BO = "1", "99"


@pytest.fixture
async def world(tmp_path):
    """A customer with an open case, and Bo."""
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    yield world
    await world.close()


async def look(world: World) -> Looked:
    return await world.run(lambda unit: forgotten.look(unit, 1, world.clock.now()))


async def days_pass(world: World, days: int) -> None:
    """Let days pass, each with what is due in it, and look every evening that nobody is forgotten."""
    for _ in range(days):
        world.clock.pass_by(DAY / 1000)
        await world.fire_due()
        found = await look(world)
        assert found.count == 0, found


async def test_a_case_that_nobody_ever_touches_is_never_forgotten(world):
    """It climbs, it is late, it is said so: but it comes up again, for weeks."""
    await days_pass(world, 21)
    found = await look(world)

    assert (found.open, len(found.late)) == (1, 1)


async def test_a_case_whose_customer_never_answers_is_never_forgotten(world):
    """From the resolution over the follow-up and its reminder to the call that nobody makes."""
    await world.receive(world.pressed(BO, "1:k1:resolved"))
    await days_pass(world, 14)

    assert await world.count("SELECT COUNT(*) FROM task WHERE kind = 'telephone' AND done_at IS NULL") == 1


@pytest.mark.parametrize("resolved_first", [True, False])
async def test_a_customer_who_blocked_us_is_never_forgotten(world, resolved_first):
    """No question can reach them: a person rings, after the second resolution as after the first."""
    if resolved_first:
        await world.receive(world.pressed(BO, "1:k1:resolved"))
    await world.receive(Left(channel="telegram", ident="left", chat=ANA, sent_at=0))
    await days_pass(world, 3)
    [task] = await world.run(lambda unit: unit.all("SELECT id FROM task WHERE done_at IS NULL AND kind = 'telephone'"))
    await world.receive(world.pressed(BO, f"1:call:{task[0]}:said:no:-"))
    await days_pass(world, 3)
    await world.receive(world.pressed(BO, "1:k1:resolved"))
    await days_pass(world, 3)

    assert await world.count("SELECT COUNT(*) FROM task WHERE done_at IS NULL AND kind = 'telephone'") == 1


async def test_a_case_that_lost_what_was_planned_is_found(world):
    """As by a hand in the database: the check must ring, or it is none."""
    await world.run(lambda unit: unit.all("DELETE FROM due"))
    found = await look(world)

    assert found.forgotten == ((1, "nobody_looks"),)
    assert "customers forgotten" in "\n".join(say(words, "en") for words in forgotten.in_words(found, 10))


async def test_an_ending_without_an_outcome_is_found(world):
    """Closed is not the same as cared for."""
    await world.run(lambda unit: unit.all("UPDATE recovery_case SET stage = 'closed', closed_at = 1"))

    assert (await look(world)).count == 1
