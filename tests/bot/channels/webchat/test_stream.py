"""The log of a chat, as its pages see it: everything once, in order, whatever happens to the connection."""

import asyncio
import random
from collections.abc import Iterable
from contextlib import aclosing
from typing import Any

import pytest

from bot.access.secrets import digest
from bot.channels.messages import NotDelivered
from bot.channels.webchat.log import Visitor
from bot.channels.webchat.stream import follow
from bot.channels.webchat.streams import TABS, Notice, Streams
from tests.waiting import LIMIT


def texts(entries: Iterable[dict[str, Any]]) -> list[str]:
    return [entry["body"].get("text") or entry["body"]["message"]["text"] for entry in entries]


async def test_a_page_sees_what_was_said_and_heard_in_order(world, page):
    """The page shows nothing but the log, so the log must read like the conversation."""
    await world.say(page.chat, "How was it?")
    await page.say("fine")
    await world.say(page.chat, "Thank you!")

    assert texts(await page.entries()) == ["How was it?", "fine", "Thank you!"]


async def test_a_page_that_comes_back_sees_only_what_is_new(world, page):
    """A reload on a train must not repeat the conversation, nor lose its end."""
    await world.say(page.chat, "one")
    [first] = await page.entries()
    await world.say(page.chat, "two")

    assert texts(await page.entries(after=first["id"])) == ["two"]


async def test_the_browsers_own_resume_counts_as_well(world, page):
    """EventSource reconnects by itself and tells only Last-Event-ID; its address still says where it began."""
    await world.say(page.chat, "one")
    [first] = await page.entries()
    await world.say(page.chat, "two")

    resumed = await page.until("caught-up", first["id"], header=True)

    assert texts(entry for _, entry in resumed) == ["two"]


async def test_an_open_page_is_told_at_once(world, page):
    """Nobody waits for a heartbeat to read an apology."""
    async with aclosing(page.events()) as events, asyncio.timeout(LIMIT):
        assert await anext(events) == ("caught-up", None)
        await world.say(page.chat, "We are sorry.")
        event, entry = await anext(events)

    assert (event, entry["body"]["message"]["text"]) == ("entry", "We are sorry.")


async def test_every_tab_sees_everything(world, page):
    """A person has the chat open on the telephone and on the desk."""
    async with aclosing(page.events()) as one, aclosing(page.events()) as other, asyncio.timeout(LIMIT):
        await anext(one)
        await anext(other)
        await page.say("hello")

        assert texts([(await anext(one))[1]]) == texts([(await anext(other))[1]]) == ["hello"]


@pytest.mark.parametrize("seed", range(2))
async def test_no_entry_is_lost_or_repeated_over_lost_connections(world, page, seed):
    """The law of the web chat: 60 messages, a page that is cut off at random, each seen exactly once."""
    chance = random.Random(seed)
    seen: list[int] = []
    said = []

    async def talk() -> None:
        for number in range(60):
            said.append(await world.say(page.chat, str(number)))
            await asyncio.sleep(chance.random() * 0.004)

    talking = asyncio.create_task(talk())
    async with asyncio.timeout(LIMIT):
        while len(seen) < 60:
            patience = chance.randrange(1, 12)
            async with aclosing(page.events(after=seen[-1] if seen else 0)) as events:
                async for event, entry in events:
                    if event == "entry":
                        seen.append(entry["id"])
                        patience -= 1
                    if patience <= 0 or len(seen) == 60:
                        break
        await talking

    assert seen == sorted(set(seen))
    assert texts(await page.entries()) == [str(number) for number in range(60)]


async def test_saying_twice_shows_once(world, page):
    """Delivery may send again what it is not sure of; here it is never seen twice, and has one id."""
    sending = world.sending(page.chat, "Only once")
    refs = {await world.channel.send(sending), await world.channel.send(sending)}

    assert refs == {str(sending.outbox_id)}
    assert texts(await page.entries()) == ["Only once"]


async def test_an_edit_names_the_message_it_changes(world, page):
    """After a tap the question shows the choice and loses its buttons."""
    ref = await world.say(page.chat, "1 to 5?")
    await world.edit(page.chat, ref, "1 to 5? ✓ 4")

    [_, edited] = await page.entries()

    assert edited["body"] == {"is": "edited", "ref": ref, "message": {"text": "1 to 5? ✓ 4"}}


async def test_a_chat_that_does_not_exist_is_unreachable(world):
    """Delivery must not try for ever to reach a page that nobody can open."""
    with pytest.raises(NotDelivered) as refused:
        await world.say("w" + "0" * 24, "Anybody?")

    assert refused.value.reason == "UNREACHABLE"


async def test_a_closed_database_means_not_sent(world, page):
    """Nothing reached the chat, and delivery may know it."""
    await world.database.close()

    with pytest.raises(NotDelivered) as refused:
        await world.say(page.chat, "Later")

    assert refused.value.reason == "NOT_SENT"


async def test_a_notice_is_shown_in_passing_and_kept_nowhere(world, page):
    """The answer to a tap is for who looks now; after a reload it would be a riddle."""
    async with aclosing(page.events()) as events, asyncio.timeout(LIMIT):
        await anext(events)
        await world.channel.notice(page.chat, "tap-1", "This was answered already.")

        assert await anext(events) == ("notice", {"query": "tap-1", "text": "This was answered already."})
    assert await page.entries() == []


async def test_a_session_that_ends_ends_its_open_streams(world, page):
    """A removed colleague must not go on reading."""
    async with aclosing(page.events()) as events, asyncio.timeout(LIMIT):
        await anext(events)
        await world.database.run(lambda unit: unit.execute("UPDATE session SET ended_at = 1"))
        world.streams.wake(page.chat)

        assert [event async for event, _ in events] == ["ended"]


async def test_a_page_hears_that_its_chat_has_another_language(world, page):
    """The page's own words follow what was chosen in the chat."""
    async with aclosing(page.events()) as events, asyncio.timeout(LIMIT):
        await anext(events)
        await world.database.run(lambda unit: unit.execute("UPDATE address SET language = 'zh-Hant'"))
        await world.say(page.chat, "好的。")

        assert [event async for event, _ in events] == ["language"]


async def test_a_quiet_stream_shows_that_it_lives(world, page):
    """Proxies cut what is silent, and the page takes silence for a lost connection."""
    visitor: Visitor = await world.log.visitor(page.chat, digest(page.cookie.partition("=")[2]))

    async def still() -> Visitor | None:
        return visitor

    async with aclosing(follow(world.log, world.streams, visitor, 0, still, heartbeat=0.01)) as events:
        assert [(await anext(events))["event"] for _ in range(3)] == ["caught-up", "beat", "beat"]


def test_the_oldest_of_too_many_streams_ends():
    """It is a connection that got lost; nobody has so many tabs."""
    streams = Streams()
    contexts = [streams.joined("w1") for _ in range(TABS + 1)]
    opened = [context.__enter__() for context in contexts]

    assert [stream.ended for stream in opened] == [True] + [False] * TABS


def test_a_stream_keeps_only_the_newest_notices():
    """A page that does not read costs little memory."""
    streams = Streams()
    with streams.joined("w1") as stream:
        for number in range(100):
            streams.wake("w1", Notice(str(number), None))

        assert [notice.query for notice in stream.notices()] == [str(number) for number in range(84, 100)]


async def test_what_was_taken_back_is_not_sent_to_a_page_that_opens_later(world, page):
    """Its words would stand in the page's source, for whoever looks there."""
    ref = await world.say(page.chat, "Meant for somebody else")
    await world.edit(page.chat, ref, "Bo took this message back.", gone=True)

    entries = await page.entries()
    assert "Meant for somebody else" not in str(entries)
    assert [entry["body"]["message"]["text"] for entry in entries] == ["Bo took this message back."] * 2
