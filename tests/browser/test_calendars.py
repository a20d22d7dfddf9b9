"""Teams and working calendars in a real Chromium: on every screen, in both lights, by keyboard, without a script."""

import pytest
import pytest_asyncio

from storage.unit import Unit
from tests.bot.console.office import opened
from tests.browser.test_console import DESK, EVERYTHING, JUMPS, SMALL, TOO_SMALL, UNNAMED, fits, signed_in
from tests.browser.test_webchat import CONTRAST

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CALENDARS = "/console/team/calendars"
PAGES = (
    CALENDARS,
    f"{CALENDARS}/shop",
    f"{CALENDARS}/shop/remove",
    "/console/team",
    "/console/team/teams",
    "/console/team/teams/1",
    "/console/team/teams/1/remove",
)
SHOP = (
    '{"zone": "Asia/Shanghai", "week": {"mon": "09:00-12:30, 13:30-18:00", "fri": "22:00-06:00"},'
    ' "closed": ["2026-05-01"], "special": {"2026-03-08": "10:00-14:00"}}'
)


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path):
    """An office that gives money, with a team of a long name that works by a calendar."""
    async with opened(tmp_path, currency="CNY") as office:
        now = office.world.clock.now()

        def work(unit: Unit) -> None:
            unit.teams.add(1, "Donaudampfschifffahrtsgesellschaftskapitäne", now)
            unit.calendars.put(1, "shop", SHOP, now)
            unit.execute("UPDATE team SET calendar = 'shop'")

        await office.world.run(work)
        yield office


@pytest.mark.parametrize(("size", "dark"), [(DESK, False), (SMALL, True)], ids=["desk, light", "small, dark"])
async def test_every_page_fits_and_can_be_read(browser, office, size, dark):
    """No sideways scrolling, nothing smaller than a fingertip, a name on every field, and words that stand out."""
    async with signed_in(browser, office, language="zh-Hant", size=size, dark=dark) as page:
        for path in PAGES:
            await page.goto(office.base + path)
            assert await fits(page), path
            for fault in (TOO_SMALL, UNNAMED, JUMPS, CONTRAST):
                assert await page.evaluate(fault) == [], path


async def test_a_calendar_is_made_by_keyboard_without_a_script(browser, office):
    """The return key shows what would hold, with the fault at its field; only the button lets it hold."""
    context = await browser.new_context(viewport=DESK, java_script_enabled=False)
    page = await context.new_page()
    page.set_default_timeout(8000)
    await page.goto(f"{office.base}/console/sign-in/{await office.link(await office.hire('Mei', EVERYTHING))}")
    await page.get_by_role("button", name="Sign in").click()
    await page.goto(office.base + CALENDARS)
    await page.get_by_label("Name: small letters").fill("late")
    await page.get_by_label("Monday", exact=True).fill("2 pm")
    await page.keyboard.press("Enter")
    fault = page.locator("#week_mon-wrong")
    assert "cannot be read as hours" in await fault.inner_text()

    await page.get_by_label("Monday", exact=True).fill("14:00-22:00")
    await page.keyboard.press("Enter")
    await page.get_by_text("It is not saved yet.").wait_for()
    assert await office.rows("SELECT key FROM calendar WHERE key = 'late'") == []
    await page.get_by_role("button", name="Save; it holds from now on").first.press("Enter")
    await page.get_by_text("It holds from now on.").wait_for()
    await context.close()

    assert await office.rows("SELECT key FROM calendar WHERE key = 'late'") == [("late",)]
