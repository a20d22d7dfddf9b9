"""The demo as a newcomer plays it, in a real browser, by following its hints alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.demo.routes import demo_router, visitor_door
from bot.demo.world import World
from bot.serving import served, web_of
from tests.picture import answer_unhappily

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SIZES = {"desktop": (1280, 800), "telephone": (390, 844)}


@pytest_asyncio.fixture(loop_scope="module")
async def demo(tmp_path: Path, unused_tcp_port: int) -> AsyncIterator[str]:
    port = unused_tcp_port
    world = World(tmp_path, port)
    await world.app.start()
    try:
        web = web_of(world.app, routers=[demo_router(world, port)], doors=[visitor_door])
        async with served(world.app, web, port):
            yield f"http://127.0.0.1:{port}"
    finally:
        await world.app.stop()


@pytest_asyncio.fixture(params=SIZES, loop_scope="module")
async def page(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    width, height = SIZES[request.param]
    context = await browser.new_context(viewport={"width": width, "height": height})
    yield await context.new_page()
    await context.close()


async def test_following_the_hints_leads_to_an_answered_follow_up(demo: str, page: Page) -> None:
    """A newcomer reads nothing: what glows is what comes next, to the end of the loop."""
    customer, staff = page.frame_locator("iframe[name=customer]"), page.frame_locator("iframe[name=staff]")
    await page.goto(f"{demo}/?lang=en")

    await answer_unhappily(page)
    await customer.locator("#text").fill("The lamp arrived in pieces.")
    await customer.locator("#text").press("Enter")
    await staff.get_by_role("button", name="Take it").first.click()
    await page.locator("#steps li[data-step=taken].done").wait_for()
    await staff.get_by_role("button", name="Write to the customer").first.click()
    await staff.locator("#quote").wait_for(state="visible")
    await staff.locator("#text").fill("A new lamp comes tomorrow by nine.")
    await staff.locator("#text").press("Enter")
    await expect(customer.locator("#log")).to_contain_text("A new lamp comes tomorrow")
    await staff.get_by_role("button", name="Put right").first.click()
    await page.locator("#day.next").click()
    await customer.get_by_role("button", name="Yes").click()
    await customer.locator(".rows button", has_text="5").last.click()

    await expect(page.locator("#steps li.done")).to_have_count(8)
    await expect(staff.locator("#log")).to_contain_text("Recovered")


async def test_the_visitor_opens_the_console_as_the_staff_member(demo: str, page: Page) -> None:
    """The demo has the whole product: a case that came up on the telephone waits on Today as well."""
    await page.goto(f"{demo}/?lang=en")
    await answer_unhappily(page)
    async with page.context.expect_page() as opened:
        await page.get_by_role("button", name="Open the console as Bo").click()
    console = await opened.value
    await console.get_by_role("button", name="Sign in").click()
    await console.get_by_role("button", name="Take it: Case 1").click()
    await console.get_by_text("It is yours.").wait_for()

    await expect(page.frame_locator("iframe[name=staff]").locator("#log")).to_contain_text("Taken by Bo")


async def test_the_page_fits_its_window_and_says_nothing_to_the_console(demo: str, page: Page) -> None:
    """A page that scrolls sideways on a telephone is broken, and so is one that throws."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.goto(f"{demo}/?lang=zh-Hans")
    await page.locator("#deliver.next").wait_for()

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []
