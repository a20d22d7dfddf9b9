"""Claims about turns taken at once, failing, or never finished."""

import asyncio
from typing import Any

import pytest

from bot.arrivals import Arrivals
from bot.channels.updates import Joined, Written, stored
from bot.house import Shelf
from bot.intake import SORRY
from storage.errors import Stale
from tests.bot.turning import World

ANA, BEN, BO, CY = "1", "2", "11", "12"
GROUP = "-100"


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    yield world
    await world.close()


async def test_thirty_taps_at_once_are_one_answer(world):
    """A nervous thumb, a slow network: the first counts, all others are told what is recorded."""
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(*(world.pressed(ANA, "1:seed1.0:5") for _ in range(30)))

    assert await world.count("SELECT COUNT(*) FROM answer") == 1
    assert world.channel.notices.count("Already recorded: 5") == 29


async def test_one_update_that_comes_fifty_times_is_taken_once(world):
    """Telegram sends again what was not acknowledged in time."""
    update = world.wrote(ANA, "/start")
    await world.receive(*(update for _ in range(50)))

    assert await world.count("SELECT COUNT(*) FROM inbox") == 1
    assert len(await world.messages(ANA)) == 1


async def test_of_two_who_take_a_case_at_once_one_has_it(world):
    """Two people who both believe that they have it are worse than none."""
    await world.staff("Bo", BO)
    await world.staff("Cy", CY)
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    await world.receive(world.pressed(BO, "1:k1:take"), world.pressed(CY, "1:k1:take"))

    assert await world.count("SELECT COUNT(*) FROM history WHERE what = 'Took'") == 1
    assert sorted(filter(None, world.channel.notices)) == ["Bo has it already.", "It is yours. Thank you!"]


async def test_each_chats_words_are_taken_in_their_order(world):
    """A reply belongs to the question that is open when its turn comes."""
    await world.receive(world.wrote(ANA, "/start"), world.wrote(BEN, "/start"))
    chats = [world.wrote(chat, text) for text in ("3", "the queue was long") for chat in (ANA, BEN)]
    await asyncio.gather(*(world.arrivals.receive([update]) for update in chats))
    await world.turns.drain()

    assert await world.count("SELECT COUNT(*) FROM conversation WHERE outcome = 'complete'") == 2


async def break_survey(world: World, key: str) -> None:
    """Make every turn fail that needs this survey, as a row that was damaged on the disk does."""
    await world.run(lambda unit: unit.execute("UPDATE survey_version SET source = 'no' WHERE key = :key", {"key": key}))


async def test_a_poison_update_is_buried_after_three_tries_and_its_chat_goes_on(world):
    """One bad row must not stop its chat, nor any other; who wrote it is told, once, and staff are, too."""
    await world.staff("Bo", BO)
    await break_survey(world, "csat_reason")
    await world.receive(world.wrote(ANA, "/start"), world.wrote(BEN, "hello"))
    await world.receive(world.wrote(ANA, "/help"))

    assert await world.run(lambda unit: [(row.chat, row.attempts) for row in unit.inbox.dead(9)]) == [(ANA, 3)]
    assert (await world.texts(ANA))[0] == SORRY.sentence
    assert len(await world.texts(ANA)) == 2
    assert len(await world.texts(BEN)) == 1
    assert "message from Ana" in (await world.texts(BO))[0]


async def test_a_row_that_killed_the_process_twice_is_buried(world):
    """Tried again for ever, it would take the whole bot down with it for ever."""

    def left_behind(unit):
        for chat, deaths in ((ANA, 2), (BEN, 1)):
            update = Written(channel="telegram", ident=chat, chat=chat, sent_at=0, text="/help", ref="1")
            inbox_id = unit.inbox.add(1, "telegram", chat, None, chat, stored(update), world.clock.now())
            for _ in range(deaths):
                unit.inbox.count_death(inbox_id)

    await world.run(left_behind)
    await world.turns.begin(await Arrivals.open(world.database, world.clock))

    assert await world.texts(ANA) == [SORRY.sentence]
    assert (await world.texts(BEN))[0].startswith("Just tap or type")
    assert await world.run(lambda unit: unit.inbox.unfinished(9)) == []


async def test_a_stale_turn_is_taken_again(world):
    """Somebody changed the row first: the whole turn is taken anew, and nobody notices."""
    refusals = [Stale("conversation", 1, 1)]

    def seed():
        if refusals:
            raise refusals.pop()
        return "seed"

    world.turns._house = world.made_house(seed=seed)
    await world.receive(world.wrote(ANA, "/start"))

    assert len(await world.messages(ANA)) == 1
    assert await world.run(lambda unit: unit.inbox.dead(9)) == []


async def test_conversations_keep_the_edition_they_began_with(world):
    """Nobody is asked the second question of another survey than the first."""
    survey = """
        format = 1
        key = "visit"
        touchpoint = "visit"
        languages = ["en"]
        question = [
            {{ key = "first", kind = "csat", text.en = "First of edition {0}?" }},
            {{ key = "second", kind = "csat", text.en = "Second of edition {0}?" }},
        ]
    """
    world.turns._house = world.house = world.made_house(start_survey="visit", shelf=Shelf())
    chats = [str(1000 + number) for number in range(200)]
    for edition in range(4):
        await world.publish(survey.format(edition), "visit")
        await world.receive(*(world.wrote(chat, "/start") for chat in chats[edition * 50 : edition * 50 + 50]))
        await world.receive(*(world.wrote(chat, "4") for chat in chats[: edition * 50 : 3]))
    await world.receive(*(world.wrote(chat, "5") for chat in chats))

    for number, chat in enumerate(chats):
        edition = number // 50
        texts = await world.texts(chat)
        assert texts[0].startswith(f"First of edition {edition}?")
        assert texts[1].startswith(f"Second of edition {edition}?")


async def test_five_bad_links_in_an_hour_and_we_fall_silent(world):
    """Somebody who guesses learns nothing from answers that do not come."""
    for number in range(7):
        await world.receive(world.wrote(ANA, f"/start guess{number}"))
    assert len(await world.messages(ANA)) == 5

    world.clock.pass_by(3601)
    await world.receive(world.wrote(ANA, "/start guess"))

    assert len(await world.messages(ANA)) == 6


async def test_a_link_opened_by_many_at_once_is_one_persons(world):
    """A link that is passed on in a group chat must not give a stranger somebody's conversation."""
    now = world.clock.now()

    def make(unit):
        customer = unit.customers.ensure(1, "ana", now, "Ana")
        from bot.access.secrets import digest

        unit.links.add(1, digest("token"), "customer", now, now + 1000, customer_id=customer.id)

    await world.run(make)
    await world.receive(*(world.wrote(str(100 + number), "/start token") for number in range(30)))

    assert (
        await world.count("SELECT COUNT(*) FROM address JOIN customer c ON c.id = customer_id AND reference = 'ana'")
        == 1
    )


@pytest.mark.parametrize(
    "press",
    [
        "1:seed1.0:9",
        "1:seed1.4:5",
        "1:seed1.-1:5",
        "1:seed1.٥:5",
        "1:other.0:5",
        "2:seed1.0:5",
        "1:seed1.0",
        ":",
        "\x00",
        "1::",
        "x" * 300,
    ],
)
async def test_a_forged_button_does_nothing(world, press):
    """Callback data is whatever somebody sends."""
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, press))

    assert await world.count("SELECT COUNT(*) FROM answer") == 0
    assert await world.run(lambda unit: unit.inbox.dead(9)) == []


async def test_a_button_of_another_chat_does_nothing(world):
    """Whoever learns a prompt still cannot answer for its customer."""
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(BEN, "1:seed1.0:1"))

    assert await world.count("SELECT COUNT(*) FROM answer") == 0


async def test_a_group_that_no_staff_member_brought_us_to_is_left(world):
    """Nothing of a customer may ever be shown there."""
    left = []
    world.turns.after_each(lambda done: left.extend(done.leaves))
    await world.staff("Bo", BO)
    about: dict[str, Any] = {"channel": "telegram", "sent_at": 0, "group": True}
    await world.receive(Joined(**about, ident="j1", chat=GROUP, user="99", by="99"))
    await world.receive(Joined(**about, ident="j2", chat="-200", user=BO, by=BO))

    assert left == [("telegram", GROUP)]


async def test_customers_cannot_talk_in_a_group(world):
    """Other people read there."""
    await world.receive(
        world.wrote(GROUP, "/start", user=ANA, group=True), world.wrote(GROUP, "5", user=ANA, group=True)
    )

    assert await world.messages(GROUP) == []
    assert await world.count("SELECT COUNT(*) FROM conversation") == 0


async def test_who_left_and_writes_again_is_heard_as_a_customer(world):
    """Their chat was a staff chat; now it is like anybody's, and nothing they write is buried."""
    await world.staff("Bo", BO)
    await world.run(lambda unit: unit.staff.remove(unit.staff.by_name(1, "Bo").id, world.clock.now()))
    await world.receive(world.wrote(BO, "hello, I only want to say something"))

    assert await world.count("SELECT COUNT(*) FROM inbox WHERE state = 'dead'") == 0
    assert len(await world.messages(BO)) == 1
    assert await world.count("SELECT COUNT(*) FROM address WHERE kind = 'customer' AND staff_member_id IS NULL") == 1
