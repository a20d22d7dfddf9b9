"""Claims about what follows from a message's fate: nobody waits in vain for what did not arrive."""

from typing import Literal

import pytest

from bot.channels.updates import Left
from bot.consequences import Fates
from tests.bot.turning import World

ANA, BO = "1", "11"


@pytest.fixture
async def world(tmp_path):
    """A customer with an open case, and a staff member who reads of it."""
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    yield world
    await world.close()


async def lost(world: World, purpose: str, state: Literal["unknown", "dead"]) -> list[str]:
    """What is written when the newest message of that purpose to the customer is lost."""
    fates = Fates(world.house, world.clock)
    row = [row for row in await world.rows(ANA) if row.purpose == purpose][-1]
    rows = await world.run(lambda unit: fates.on_lost(unit, row, state, "no answer"))
    return [row.chat for row in rows]


async def tasks(world: World) -> int:
    return await world.count("SELECT COUNT(*) FROM task")


async def follow_up(world: World) -> None:
    await world.receive(world.pressed(BO, "1:k1:resolved"))
    world.clock.pass_by(86_400)
    await world.fire_due()


@pytest.mark.parametrize("state", ["unknown", "dead"])
async def test_a_follow_up_that_may_not_have_arrived_becomes_a_task(world, state):
    """An unhappy customer who is never asked again is the one thing that may not happen."""
    await follow_up(world)

    assert await lost(world, "follow_up", state) == [BO]
    assert await tasks(world) == 1


async def test_the_same_loss_is_told_once(world):
    """Delivery may record a fate again after a crash."""
    await follow_up(world)
    await lost(world, "follow_up", "unknown")

    assert await lost(world, "follow_up", "unknown") == []
    assert await tasks(world) == 1


async def test_a_question_that_may_not_have_arrived_is_nobodys_task(world):
    """It was sent a second time already, and the customer can write at any moment."""
    assert await lost(world, "question", "unknown") == []
    assert await tasks(world) == 0


async def test_who_blocks_us_with_an_open_case_is_rung_up_once(world):
    """By whatever way we hear of it first: Telegram's own word, or a refused message."""
    await world.receive(Left(channel="telegram", ident="left", chat=ANA, sent_at=0))
    fates = Fates(world.house, world.clock)
    address = await world.run(lambda unit: unit.addresses.at(1, "telegram", ANA))

    assert await world.run(lambda unit: fates.on_unreachable(unit, address.id, "blocked")) == []
    assert await tasks(world) == 1
    assert "blocked this chat" in (await world.texts(BO))[-1]


async def test_who_can_still_be_reached_elsewhere_is_not_rung_up(world):
    """Blocked in one messenger, reading in another."""
    now = world.clock.now()
    await world.run(lambda unit: unit.addresses.add(1, "webchat", "w1", "customer", now, customer_id=1))
    await world.receive(Left(channel="telegram", ident="left", chat=ANA, sent_at=0))

    assert await tasks(world) == 0


async def test_a_question_of_a_talk_that_is_over_is_out_of_date(world):
    """Nobody is reminded of what they answered while the reminder waited."""
    fates = Fates(world.house, world.clock)
    [first, *_] = await world.rows(ANA)
    assert await world.run(lambda unit: fates.outdated(unit, first)) is None

    await world.receive(world.wrote(ANA, "It was wet"))

    assert await world.run(lambda unit: fates.outdated(unit, first)) == "the conversation is over"


@pytest.mark.parametrize(("kept", "told"), [(True, [BO]), (False, [])])
async def test_a_file_of_staff_that_a_chat_did_not_take_is_said_to_them(world, kept, told):
    """They read that it was passed on; one that we refused ourselves was said to them already."""
    await world.receive(world.pressed(BO, "1:k1:write"))
    await world.receive(world.sent(BO, "document", caption="Your refund"))
    await world.run(
        lambda unit: unit.media.kept(1, "application/pdf", 9, "d") if kept else unit.media.refuse(1, "type")
    )
    [row] = [row for row in await world.rows(ANA) if row.purpose == "relay"]
    rows = await world.run(lambda unit: Fates(world.house, world.clock).on_incomplete(unit, row))

    assert [row.chat for row in rows] == told
    assert all("did not take the file that you sent" in row.payload for row in rows)
