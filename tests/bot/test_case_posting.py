"""Claims about digests: where too much happens in one chat, changes are folded together and none is lost."""

import pytest

from bot.config import load
from bot.outgoing import message_of
from bot.settings.houses import house_of
from tests.bot.turning import World

BO = "11"


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    yield world
    await world.close()


async def unhappy(world: World, people: int, first: int = 100) -> None:
    for number in range(people):
        chat = str(first + number)
        await world.receive(world.wrote(chat, "/start"))
        await world.receive(world.pressed(chat, f"1:seed{world.seeds}.0:1"))


async def digests(world: World):
    return [message_of(row) for row in await world.rows(BO) if row.purpose == "digest"]


async def told_of(world: World) -> set[int]:
    """The cases of which a message of their own, or a button of a digest, was written."""
    alone = {row.case_id for row in await world.rows(BO) if row.purpose == "escalation"}
    folded = {
        int(button.press.split(":")[1][1:]) for each in await digests(world) for row in each.rows for button in row
    }
    return {number for number in alone if number is not None} | folded


async def test_ten_changes_a_minute_are_messages_and_the_rest_is_one(world):
    """The eleventh ring of a telephone in a minute is not heard any more."""
    await unhappy(world, 14)

    assert len([row for row in await world.rows(BO) if row.purpose == "escalation"]) == 10
    [digest] = await digests(world)
    assert digest.text.startswith("Cases changed: 4\n• Case 11 · Ana")
    assert [button.press for row in digest.rows for button in row] == [f"1:k{n}:open" for n in (11, 12, 13, 14)]


async def test_how_many_come_singly_is_the_business_own_choice(tmp_path):
    """Five at a desk with a telephone each read less than a call centre does, and more than one in a shop."""
    most = house_of(load(environ={}, settings=["staff.most_messages=3"])).most_messages
    world = await World.open(tmp_path / "makegood.db", most_messages=most)
    await world.staff("Bo", BO)
    await unhappy(world, 5)

    assert len([row for row in await world.rows(BO) if row.purpose == "escalation"]) == 3
    assert await told_of(world) == {1, 2, 3, 4, 5}
    await world.close()


async def test_every_case_is_told_of_however_many_there_are(world):
    """What no longer fits into one digest begins the next."""
    await unhappy(world, 60)

    assert await told_of(world) == set(range(1, 61))
    assert all(len(each.text) <= 4096 for each in await digests(world))


async def test_a_digest_outlives_the_process(world):
    """It is a row like any message: whoever begins anew sends it when its time has come."""
    await unhappy(world, 12)
    await world.turns.drain()
    await world.delivery.stop()
    await world.begin()
    for _ in range(400):
        world.clock.pass_by(0.2)
        await world.count("SELECT COUNT(*) FROM outbox")

    assert [row.state for row in await world.rows(BO) if row.purpose == "digest"] == ["sent"]
    assert any(text.startswith("Cases changed: 2") for text in world.channel.texts)


async def test_after_a_quiet_minute_each_change_is_a_message_again(world):
    """A digest is for the rush only."""
    await unhappy(world, 12)
    for _ in range(100):
        world.clock.pass_by(1)
        await world.count("SELECT COUNT(*) FROM outbox")
    await unhappy(world, 1, first=300)

    assert (await world.rows(BO))[-1].purpose == "escalation"


async def test_a_case_in_a_digest_opens_with_its_buttons(world):
    """One tap, and it can be taken as from its own message."""
    await unhappy(world, 11)
    await world.receive(world.pressed(BO, "1:k11:open"))
    shown = (await world.messages(BO))[-1]

    assert "1:k11:take" in [button.press for row in shown.rows for button in row]
