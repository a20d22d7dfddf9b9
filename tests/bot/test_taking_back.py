"""Claims about *Take back*: what was written to a customer is deleted, or was never sent, or stays and that is said."""

import pytest

from bot.channels.messages import NotDelivered
from tests.bot.turning import World

ANA, BO, CY = "1", "11", "12"
HOUR = 3_600  # seconds


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    await world.staff("Cy", CY)
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    yield world
    await world.close()


async def writes(world: World, text: str = "Meant for somebody else") -> str:
    """Let Bo write to Ana, and return the data of *Take back* below the ✓."""
    await world.receive(world.pressed(BO, "1:k1:write"))
    await world.receive(world.wrote(BO, text))
    said = (await world.messages(BO))[-1]
    [[button]] = said.rows
    assert button.label == "Take back"
    return button.press


async def sent(world: World) -> None:
    """Wait until all that is due now has gone out."""
    for _ in range(500):
        world.clock.pass_by(0.1)  # an edit waits a moment for a newer one
        if not await world.count("SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending')"):
            return
    raise AssertionError("something is still on its way")


async def state_of(world: World, purpose: str) -> list[str]:
    rows = await world.run(
        lambda unit: unit.all("SELECT state FROM outbox WHERE purpose = :purpose ORDER BY id", {"purpose": purpose})
    )
    return [row[0] for row in rows]


async def test_what_was_sent_is_deleted(world):
    """It leaves the customer's chat; the case keeps it for colleagues, marked."""
    press = await writes(world)
    await sent(world)
    await world.receive(world.pressed(BO, press))
    world.clock.pass_by(1)
    await sent(world)

    assert await state_of(world, "take_back") == ["sent"]
    assert "↩ Taken back. It disappears" in (await world.texts(BO))[-1]
    await world.receive(world.wrote(BO, "/case 1"))
    assert "Meant for somebody else (taken back)" in (await world.texts(BO))[-1]


async def test_only_who_wrote_it_takes_it_back(world):
    """A colleague's words are theirs; who leads may, because somebody must be able to."""
    press = await writes(world)
    await world.receive(world.pressed(CY, press))

    assert "Only who wrote it can take it back." in world.channel.notices
    assert await state_of(world, "take_back") == []


async def test_it_is_taken_back_once(world):
    """Two taps are one wish."""
    press = await writes(world)
    await sent(world)
    await world.receive(world.pressed(BO, press), world.pressed(BO, press))

    assert len(await state_of(world, "take_back")) == 1
    assert "It was taken back already." in world.channel.notices


async def test_after_48_hours_it_stays_and_that_is_said(world):
    """Telegram deletes no older message, and nobody may believe that it does."""
    press = await writes(world)
    await sent(world)
    world.clock.pass_by(48 * HOUR)
    await world.receive(world.pressed(BO, press))

    assert any("more than 48 hours ago" in (text or "") for text in world.channel.notices)
    assert await state_of(world, "take_back") == []


async def test_what_the_channel_refuses_to_delete_is_told(world):
    """Whoever wanted it back believes it gone, and would not write a word of explanation."""
    press = await writes(world)
    await sent(world)
    world.channel.always["Bo took this message back."] = NotDelivered("REJECTED", "message can't be deleted")
    await world.receive(world.pressed(BO, press))
    world.clock.pass_by(1)
    await sent(world)

    assert any("could not be taken back" in text for text in await world.texts(BO))
    assert await world.count("SELECT COUNT(*) FROM history WHERE what = 'NotTakenBack'") == 1


@pytest.mark.parametrize("more", ["", "1", "1:", "x:1-2", "1:2", "99:1-2", "1:1-99999"])
async def test_a_forged_button_takes_nothing_back(world, more):
    """Only what our own button named is deleted: never a question, an apology, or another case's words."""
    await writes(world)
    await sent(world)
    await world.receive(world.pressed(BO, f"1:k1:back:{more}"))

    assert await state_of(world, "take_back") == []


async def test_a_message_that_waits_for_the_morning_is_never_sent(tmp_path):
    """Nobody reads what was taken back before it went."""
    world = await World.open(tmp_path / "night.db")
    await world.staff("Bo", BO)
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    world.clock.pass_by(12 * HOUR)
    press = await writes(world)
    row = await world.count("SELECT not_before > 0 FROM outbox WHERE purpose = 'relay'")
    await world.receive(world.pressed(BO, press))

    assert row == 1
    assert await state_of(world, "relay") == ["cancelled"]
    assert "Taken back before it was sent." in (await world.texts(BO))[-1] or any(
        "Taken back before it was sent." in edit.payload for edit in await world.rows(BO)
    )
    await world.close()
