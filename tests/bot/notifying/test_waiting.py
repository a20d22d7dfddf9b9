"""Claims about a message in a closed web chat: its customer hears of it another way, or a person sees to it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.webchat.log import LinkRefused
from bot.house import FOLLOW_UP_SURVEY
from bot.links import link_back
from conversations.contact import Rules
from tests.bot.notifying.world import EVERYBODY, MAIL, NOBODY, POSTMAN, SITE, ChatWorld
from tests.bot.turning import World

BO = "11"
HOUR = 3600.0
DAY = 24 * HOUR
ALWAYS_AWAKE = Rules(cooldown=timedelta(0), quiet_from=Rules().quiet_from, quiet_until=Rules().quiet_from)


async def world_of(tmp_path, audience, rules=ALWAYS_AWAKE) -> ChatWorld:
    world = await ChatWorld.open(tmp_path / "makegood.db", audience=audience, rules=rules)
    await world.staff("Bo", BO)
    return world


@pytest.fixture(params=[EVERYBODY], ids=["webhook"])
async def world(request, tmp_path):
    world = await world_of(tmp_path, request.param)
    yield world
    await world.close()


@pytest.fixture
async def alone(tmp_path):
    """An installation that can tell nobody anything outside its own chats."""
    world = await world_of(tmp_path, NOBODY)
    yield world
    await world.close()


async def unhappy(world: ChatWorld, **about: Any) -> str:
    """Have a customer who complained in the web chat and left it; return the chat."""
    chat = await world.opens_chat(await world.customer(**about))
    await world.writes(chat, "/complain")
    await world.writes(chat, "The lamp came broken and I am very angry")
    await world.looks(chat, 1)
    return chat


async def relayed(world: ChatWorld, words: str = "We bring you a new one") -> None:
    """Let staff write to the customer of the case."""
    await world.receive(world.pressed(BO, "1:k1:write"))
    await world.receive(world.wrote(BO, words))
    await world.settled()


async def resolved(world: ChatWorld) -> None:
    await world.receive(world.pressed(BO, "1:k1:resolved"))
    await world.settled()


async def announced(world: ChatWorld) -> list[dict[str, Any]]:
    return [json.loads(row.payload) for row in await world.notifications() if row.type == "message.waiting"]


# --- announced ------------------------------------------------------------------------------------------------------


async def test_a_closed_chat_is_announced_after_a_minute(world):
    """Not at once: who is just coming back to the page needs no e-mail."""
    chat = await unhappy(world, email="ana@example.com", phone="+49 30 1")
    await relayed(world)
    await world.pass_by(59)
    assert await announced(world) == []
    await world.pass_by(2)
    [told] = await announced(world)

    link = told["data"].pop("link")
    assert told["data"] == {
        "about": "relay",
        "customer": "c-1",
        "customer_name": "Ana",
        "language": "en",
        "email": "ana@example.com",
        "phone": "+49 30 1",
        "expires_at": "2026-04-01T12:01:01.000Z",
        "case": 1,
        "version": 1,
    }
    assert await world.opens(link.removeprefix(f"{SITE}/c/")) == chat


async def test_the_link_leads_back_into_the_same_log_on_any_device_again_and_again(world):
    """It is in an e-mail: opened on the telephone in the morning, on the computer at night."""
    chat = await unhappy(world)
    await relayed(world)
    await world.pass_by(61)
    [told] = await announced(world)
    token = told["data"]["link"].removeprefix(f"{SITE}/c/")

    assert [await world.opens(token) for _ in range(3)] == [chat] * 3
    assert "We bring you a new one" in "\n".join(await world.said(chat))
    opened = await world.weblog.open(token, "another session")
    assert not isinstance(opened, LinkRefused)
    assert opened.returning


async def test_the_link_ends_and_is_nobody_elses(world):
    """A chat that is not the customer's any more is not opened by their old mail."""
    chat = await unhappy(world)
    now = world.clock.now()
    address = await world.run(lambda unit: unit.addresses.at(1, "webchat", chat))
    made = await world.run(lambda unit: link_back(unit, address, address.customer_id, now))
    await world.run(lambda unit: unit.chat_customers.leave(address.id, address.customer_id))
    assert await world.weblog.open(made.token, "session") == LinkRefused("used")

    await world.run(lambda unit: unit.chat_customers.join(address.id, address.customer_id, now))
    world.clock.pass_by(31 * DAY)
    assert await world.weblog.open(made.token, "session") == LinkRefused("expired")


async def test_nobody_hears_of_a_message_to_whoever_had_the_chat_before(world):
    """Somebody had opened a link that was not theirs: what was written there is told to neither of them."""
    chat = await unhappy(world)
    await relayed(world)
    other = await world.customer("c-2", email="other@example.com")
    now = world.clock.now()

    def another_has_it(unit):
        address = unit.addresses.at(1, "webchat", chat)
        unit.chat_customers.leave(address.id, address.customer_id)
        unit.addresses.bind_customer(address.id, other.id, now)

    await world.run(another_has_it)
    await world.pass_by(61)

    assert await announced(world) == []


async def test_a_page_that_shows_it_needs_no_announcement(world):
    """It was seen: on the screen, at least."""
    chat = await unhappy(world)
    await relayed(world)
    await world.looks(chat, 3)
    await world.pass_by(DAY)

    assert await announced(world) == []


async def test_who_wrote_since_has_seen_it(world):
    """Also where this process began after the page had shown it."""
    chat = await unhappy(world)
    await relayed(world)
    await world.writes(chat, "Good, I will be at home")
    await world.pass_by(61)

    assert await announced(world) == []


async def test_an_answer_to_who_is_talking_is_not_announced(world):
    """Only what we begin, or a person writes: nobody gets an e-mail for every question of a survey."""
    await unhappy(world)
    await world.pass_by(HOUR)

    assert await announced(world) == []


async def test_one_chat_is_announced_once_a_day_and_nothing_is_lost(world):
    """Five messages are one e-mail; what is still unread when the day is over is announced then."""
    chat = await unhappy(world)
    await relayed(world, "First")
    await world.pass_by(61)
    await relayed(world, "Second")
    await relayed(world, "Third")
    await world.pass_by(HOUR)
    assert len(await announced(world)) == 1

    await world.pass_by(DAY)
    assert len(await announced(world)) == 2
    await world.looks(chat, 5)
    await world.pass_by(2 * DAY)
    assert len([told for told in await announced(world) if told["data"]["about"] == "relay"]) == 2


async def test_nobody_is_woken_at_night(tmp_path):
    """What was written late is announced when the customer's day begins."""
    world = await world_of(tmp_path, EVERYBODY, Rules(cooldown=timedelta(0)))
    await unhappy(world)
    world.clock.pass_by(8 * HOUR + 3590)  # 20:59:50 there: still day, but no more a minute later
    await relayed(world)
    await world.pass_by(HOUR)
    assert await announced(world) == []
    await world.pass_by(11 * HOUR + 30)
    found = await announced(world)
    await world.close()

    assert [told["timestamp"][:16] for told in found] == ["2026-03-03T09:00"]


async def test_a_mail_goes_to_who_has_a_mailbox(tmp_path):
    """In the customer's language, with the link and not a word of what was said."""
    world = await world_of(tmp_path, POSTMAN)
    await unhappy(world, email="ana@example.com", language="zh-Hans")
    await relayed(world)
    await world.pass_by(61)
    [row] = await world.notifications()
    await world.close()

    assert (row.way, row.target, row.type) == (MAIL, "ana@example.com", "message.waiting")
    assert json.loads(row.payload)["language"] == "zh-Hans"
    assert "new one" not in row.payload


async def test_staff_see_that_the_customer_was_told(world):
    """In the case's own message and its history: nobody wonders whether the customer knows."""
    await unhappy(world)
    await relayed(world)
    await world.pass_by(61)
    lines = await world.run(lambda unit: unit.history.of("case:1"))
    edits = [row for row in await world.rows(BO) if row.edits is not None]

    assert [line.detail for line in lines if line.what == "Announced"] == ["crm"]
    assert "asked to tell the customer that a message waits" in edits[-1].payload


async def test_a_customer_of_telegram_is_never_announced_to(world):
    """There the messenger rings."""
    await world.receive(World.wrote(world, "77", "/complain"))
    await world.receive(World.wrote(world, "77", "The lamp came broken and I am very angry"))
    await relayed(world)
    await world.pass_by(61)

    assert await announced(world) == []


async def test_a_follow_up_nobody_is_there_to_read_is_announced(world):
    """The one message that must not be missed."""
    await unhappy(world)
    await resolved(world)
    await world.pass_by(DAY + 61)
    await world.pass_by(61)

    assert [told["data"]["about"] for told in await announced(world)] == ["follow_up"]
    assert await world.tasks() == []


# --- no way ---------------------------------------------------------------------------------------------------------


async def test_a_follow_up_that_nobody_can_be_told_of_is_a_telephone_task(alone):
    """Never silence: a person rings, with the number at hand."""
    await unhappy(alone, phone="+49 30 1234")
    await resolved(alone)
    alone.clock.pass_by(DAY + HOUR)
    await alone.fire_due()
    await alone.pass_by(61)
    [task] = await alone.tasks()

    customer = await alone.run(lambda unit: unit.customers.by_reference(1, "c-1"))
    assert (task.kind, task.case_id, task.customer_id) == ("telephone", 1, customer.id)
    last = (await alone.texts(BO))[-1]
    assert "has not opened the chat page" in last
    assert "+49 30 1234" in last
    talks = await alone.run(lambda unit: unit.conversations.of_customer(customer.id, 5))
    assert talks[0].purpose == FOLLOW_UP_SURVEY


async def test_one_who_came_lately_gets_a_day_to_come_again(alone):
    """They are likely to look again; ringing them up at once would be hasty."""
    chat = await unhappy(alone)
    await relayed(alone)
    await alone.pass_by(61)
    assert await alone.tasks() == []
    await alone.looks(chat, 3)
    await alone.pass_by(2 * HOUR)
    await relayed(alone, "And another word")
    await alone.pass_by(DAY - HOUR)
    assert await alone.tasks() == []
    await alone.pass_by(2 * HOUR)

    assert [task.kind for task in await alone.tasks()] == ["telephone"]


async def test_staff_hear_that_the_customer_reads_it_only_in_the_page(alone):
    """Whoever wrote “we come at three” must know that nothing tells the customer so; once a day is enough."""
    await unhappy(alone)
    for words in ("We come at three", "Or at four"):
        await relayed(alone, words)
        await alone.pass_by(61)

    assert len([text for text in await alone.texts(BO) if "only when they open it again" in text]) == 1


async def test_an_invitation_that_nobody_can_be_told_of_waits(alone):
    """Nobody is owed an answer to a question; nobody rings up for one."""
    customer = await alone.customer()
    chat = await alone.opens_chat(customer)
    await alone.writes(chat, "5")
    await alone.invites(customer)
    before = len(await alone.said(chat))
    await alone.pass_by(DAY + HOUR)
    await alone.pass_by(DAY)

    assert len(await alone.said(chat)) > before
    assert await alone.tasks() == []


async def test_a_mailbox_is_a_way_only_where_there_is_one(tmp_path):
    """E-mail is set, and we know no address of this customer: a person rings."""
    world = await world_of(tmp_path, POSTMAN)
    await unhappy(world)
    await resolved(world)
    world.clock.pass_by(DAY + HOUR)
    await world.fire_due()
    await world.pass_by(61)
    tasks, rows = await world.tasks(), await world.notifications()
    await world.close()

    assert [task.kind for task in tasks] == ["telephone"]
    assert rows == []
