"""Pages that bring themselves up to date: told what kind of thing changed, to whoever is signed in, and no more."""

import asyncio
from contextlib import asynccontextmanager

from bot.turn import NOTHING


@asynccontextmanager
async def listening_to(browser):
    """The stream of a page: yields what gives its next event and data, heartbeats left out."""
    async with browser.http.stream("GET", "/console/events") as answer:
        lines = answer.aiter_lines()

        async def told() -> tuple[str, str]:
            event = ""
            async for line in lines:
                name, _, value = line.partition(":")
                if name == "event":
                    event = value.strip()
                elif name == "data" and event != "beat":
                    return event, value.strip()
            return "closed", ""

        yield told


async def test_a_case_that_opens_is_told_as_a_kind_of_thing(office):
    """What it is about stands in no stream: the page asks for what its person may see."""
    browser, _ = await office.at_work("Mei")
    async with listening_to(browser) as told:
        assert await told() == ("begun", "")
        await office.unhappy("7", words="It broke at once.")

        assert await told() == ("changed", "cases")


async def test_a_turn_that_touches_no_case_is_no_news(office):
    """A customer who answers happily makes no page of staff ask for anything."""
    browser, _ = await office.at_work("Mei")
    async with listening_to(browser) as told:
        await told()
        office.world.turns.hand_on(NOTHING)
        await office.world.receive(office.world.wrote("9", "/start"))
        await office.world.receive(office.world.wrote("9", "5"))
        await office.unhappy("7")

        assert await told() == ("changed", "cases")


async def test_the_stream_ends_with_the_session(office):
    """Who signed out elsewhere sees nothing more here, from the next thing that happens on."""
    browser, _ = await office.at_work("Mei")
    async with listening_to(browser) as told:
        await told()
        await office.rows("UPDATE session SET ended_at = 1")
        await office.unhappy("7")

        assert await told() == ("ended", "")


async def test_the_stream_is_for_whoever_is_signed_in(office):
    """Nobody learns from outside when something happens here."""
    assert (await office.browser().get("/console/events")).status_code == 401


async def test_a_stream_and_a_page_that_asks_by_itself_are_no_visits(office):
    """N: a session ends twelve hours after a person came, whatever stands open on the screen."""
    browser, _ = await office.at_work("Mei")
    before = await office.rows("SELECT expires_at FROM session")
    office.world.clock.pass_by(3600)
    await browser.get("/console", **{"X-Refresh": "1"})
    async with listening_to(browser) as told:
        await told()
    assert await office.rows("SELECT expires_at FROM session") == before
    await browser.get("/console")

    assert await office.rows("SELECT expires_at FROM session") > before


async def test_one_person_holds_only_so_many_streams(office):
    """Tabs that were lost with their connection make room for those that are looked at."""
    browser, _ = await office.at_work("Mei")
    streams = [listening_to(browser) for _ in range(13)]
    told = [await each.__aenter__() for each in streams]
    for each in told[:1]:
        assert await each() == ("begun", "")
    assert (await asyncio.wait_for(told[0](), 10))[0] == "closed"
    for each in streams:
        await each.__aexit__(None, None, None)
