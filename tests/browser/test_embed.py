"""The chat in another site's page, in a real Chromium: another origin, and a strict policy of that site's own."""

from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.channels.messages import Button
from tests.bot.channels.webchat.world import living

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

FIGURES = (tuple(Button(str(n), f"1:ab.1:{n}") for n in range(1, 6)),)
TELEPHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}


@asynccontextmanager
async def shop():
    """A site of its own: `localhost` and 127.0.0.1 are as foreign to each other as two companies' sites."""
    pages: dict[str, str] = {"policy": "", "body": ""}

    async def show(_request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": pages["policy"]}
        return web.Response(text=pages["body"], content_type="text/html", headers=headers)

    made = web.Application()
    made.router.add_get("/", show)
    runner = web.AppRunner(made)
    await runner.setup()
    listening = web.TCPSite(runner, "127.0.0.1", 0)
    await listening.start()
    pages["address"] = f"http://localhost:{runner.addresses[0][1]}"
    try:
        yield pages
    finally:
        await runner.cleanup()


def stock(pages, world, token, **more):
    """Put the tag in the shop's page, under a policy that allows our address and nothing inline."""
    attributes = " ".join(f'data-{name}="{value}"' for name, value in {"link": token, **more}.items())
    pages["policy"] = f"default-src 'none'; script-src {world.base}; frame-src {world.base}"
    pages["body"] = (
        f'<!doctype html><html lang="zh-TW"><meta charset="utf-8"><title>花店</title><body><h1>花店</h1>'
        f'<script src="{world.base}/embed.js" {attributes} async></script></body></html>'
    )


@asynccontextmanager
async def visiting(browser, pages, size=DESK):
    """A page at the shop; whatever its policy refuses is a failure."""
    complaints: list[str] = []
    context = await browser.new_context(viewport=size, locale="zh-TW")
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.set_default_timeout(5000)
    try:
        await page.goto(pages["address"])
        yield page
    finally:
        await context.close()
    assert [each for each in complaints if "favicon" not in each] == []


async def begun(page):
    """Open the chat by the button and press Start; return the frame."""
    await page.get_by_role("button", name="您覺得怎麼樣？").click()
    frame = page.frame_locator("iframe")
    await frame.get_by_role("button", name="開始").click()
    await frame.get_by_label("寫點什麼").wait_for()
    return frame


def chat_in(page):
    return next(frame.url for frame in page.frames if "/chat/" in frame.url).partition("/chat/")[2].partition("?")[0]


@pytest.mark.parametrize("size", [TELEPHONE, DESK], ids=["telephone", "desk"])
async def test_one_tag_puts_the_chat_on_another_sites_page(browser, tmp_path, size):
    """The whole exchange in a frame of another site, whose policy allows nothing inline."""
    async with shop() as pages, living(tmp_path, embedded_in=[pages["address"]]) as world:
        stock(pages, world, await world.customer_link())
        async with visiting(browser, pages, size) as page:
            frame = await begun(page)
            await world.say(chat_in(page), "How was it?", rows=FIGURES)
            await frame.get_by_role("button", name="4 / 5").or_(frame.get_by_text("4", exact=True)).first.click()

            assert (await world.updates(2))[1]["press"] == "1:ab.1:4"


async def test_who_comes_back_is_in_their_chat_without_asking_again(browser, tmp_path):
    """On the shop's next page the chat goes on where it was."""
    async with shop() as pages, living(tmp_path, embedded_in=[pages["address"]]) as world:
        stock(pages, world, await world.customer_link())
        async with visiting(browser, pages) as page:
            await begun(page)
            await world.say(chat_in(page), "Something new")
            await page.reload()
            await page.get_by_role("button", name="您覺得怎麼樣？").click()

            await page.frame_locator("iframe").get_by_text("Something new").wait_for()


async def test_news_shows_on_the_button_of_a_closed_chat_and_escape_closes_it(browser, tmp_path):
    """Who closed the chat sees that there is an answer, and a keyboard gets in and out."""
    async with shop() as pages, living(tmp_path, embedded_in=[pages["address"]]) as world:
        stock(pages, world, await world.customer_link())
        async with visiting(browser, pages) as page:
            frame = await begun(page)
            await frame.get_by_label("寫點什麼").press("Escape")
            button = page.get_by_role("button", name="您覺得怎麼樣？")
            await page.locator("iframe").wait_for(state="hidden")
            await world.say(chat_in(page), "An answer")

            await page.locator("button.news").wait_for()
            assert await button.get_attribute("aria-expanded") == "false"


async def test_a_site_that_was_not_named_shows_nothing(browser, tmp_path):
    """Nobody frames the chat of somebody else's customers to catch their taps."""
    async with shop() as pages, living(tmp_path, embedded_in=["https://another.example"]) as world:
        stock(pages, world, await world.customer_link())
        context = await browser.new_context(locale="zh-TW")
        page = await context.new_page()
        await page.goto(pages["address"])
        async with page.expect_console_message(lambda told: "frame-ancestors" in told.text):
            await page.get_by_role("button", name="您覺得怎麼樣？").click()
        shown = await page.frame_locator("iframe").get_by_role("button", name="開始").count()
        await context.close()

        assert shown == 0
