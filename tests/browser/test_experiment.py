"""The page of an experiment in a real Chromium: read on a telephone and a desk, in both lights, ended by a press."""

import pytest
import pytest_asyncio

from bot import tallying
from bot.editing import drafts
from tests.bot.console.office import opened
from tests.bot.console.test_survey_experiment import KEY, PAGE, TRIED
from tests.bot.test_experiments import answers, publish
from tests.browser.test_console import DESK, JUMPS, SMALL, TELEPHONE, TOO_SMALL, UNNAMED, fits, signed_in
from tests.browser.test_webchat import CONTRAST
from tests.experiments import SURVEY

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path):
    """An office with an experiment to which a dozen customers answered."""
    async with opened(tmp_path) as office:
        world = office.world
        await tallying.prepare(world.database, world.house)
        await publish(world, SURVEY)
        await world.run(lambda unit: unit.places.add(1, "till", "Till", "visit", "p_till-000000000000", 1))
        for n in range(12):
            await world.receive(world.wrote(f"9{n}", "/start p_till-000000000000"))
            await answers(world, f"9{n}", "5")
        yield office


@pytest.mark.parametrize("size", [DESK, TELEPHONE, SMALL], ids=["desk", "telephone", "small"])
async def test_it_fits_every_screen(browser, office, size):
    """No sideways scrolling, nothing smaller than a fingertip, a name on every button."""
    async with signed_in(browser, office, size=size) as page:
        await page.goto(office.base + TRIED)
        assert await fits(page)
        assert await page.evaluate(TOO_SMALL) == []
        assert await page.evaluate(UNNAMED) == []
        assert await page.evaluate(JUMPS) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_it_can_be_read(browser, office, dark):
    """In light and in dark, in the reader's language."""
    async with signed_in(browser, office, language="zh-Hant", dark=dark) as page:
        await page.goto(office.base + TRIED)
        assert await page.evaluate(CONTRAST) == []
        assert "實驗" in await page.inner_text("h1")


async def test_it_is_found_read_and_ended_with_a_press(browser, office):
    """From the survey's page to the sides, and back with a draft that ends it once it is published."""
    async with signed_in(browser, office) as page:
        await page.goto(office.base + PAGE)
        await page.click(f'a[href="{TRIED}"]')
        assert await page.locator(".measure").count() == 3
        await page.click("text=Keep B")
        await page.wait_for_selector("text=This draft has side B as the survey.")
        await page.click("#publish")
        await page.wait_for_selector("text=published")

    found = await office.world.run(lambda unit: drafts.at_hand(unit, 1, KEY).source)
    assert "variant" not in found
