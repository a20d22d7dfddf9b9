"""Claims about the newer kinds of questions in whole turns: what is stored, and what the customer's record learns."""

import pytest

from tests.bot.turning import World

ANA = "1"
REACH = """
format = 1
key = "csat_reason"
touchpoint = "service"
languages = ["en"]

[[question]]
key = "reach"
kind = "contact"
optional = true
text.en = "How may we reach you?"

[[question]]
key = "visited"
kind = "date"
sense = "past"
text.en = "When were you here?"
"""


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    await world.publish(REACH, "csat_reason")
    await world.receive(world.wrote(ANA, "/start"))
    yield world
    await world.close()


async def known(world: World) -> tuple[str | None, str | None]:
    return await world.run(lambda unit: unit.all("SELECT phone, email FROM customer")[0][:2])


async def test_a_number_that_was_typed_goes_to_the_customers_record(world):
    """Whoever has to ring up finds it there, not in an export."""
    await world.receive(world.wrote(ANA, "+44 20 7946 0958, Ana@Example.org"))

    assert await known(world) == ("+442079460958", "Ana@example.org")
    assert await world.count("SELECT COUNT(*) FROM answer WHERE text = '+442079460958 Ana@example.org'") == 1


async def test_a_shared_contact_is_a_number(world):
    """One tap in Telegram, and no figure mistyped."""
    await world.receive(world.sent(ANA, "contact", phone="+442079460958"))

    assert await known(world) == ("+442079460958", None)


async def test_a_changed_number_replaces_the_first(world):
    """The newest is the one that rings."""
    await world.receive(world.wrote(ANA, "+442079460958"))
    await world.receive(world.wrote(ANA, "/back"))
    await world.receive(world.wrote(ANA, "+442079460000"))

    assert (await known(world))[0] == "+442079460000"


async def test_what_was_no_number_is_kept_as_words_only(world):
    """A comment is not dialled."""
    await world.receive(world.wrote(ANA, "12345"))

    assert await known(world) == (None, None)
    assert await world.count("SELECT COUNT(*) FROM answer WHERE role = 'comment'") == 1


async def test_a_contact_shared_out_of_the_blue_is_heard(world):
    """Nothing that a customer sends is dropped; without a question it is words like any other."""
    await world.receive(world.pressed(ANA, "1:seed1.0:_skip"))
    await world.receive(world.wrote(ANA, "today"))
    await world.receive(world.sent(ANA, "contact", phone="13800138000"))

    assert "What is it about?" in (await world.texts(ANA))[-1]


async def test_a_day_that_was_tapped_is_stored_as_that_day(world):
    """Also when the tap comes after midnight: the button says the date."""
    await world.receive(world.pressed(ANA, "1:seed1.0:_skip"))
    button = (await world.messages(ANA))[-1].rows[0][0]
    await world.receive(world.pressed(ANA, button.press))

    assert button.label.startswith("Today (")
    assert await world.count(
        "SELECT COUNT(*) FROM answer WHERE question = 'visited' AND text = :day", day=button.press.split(":")[-1]
    )
