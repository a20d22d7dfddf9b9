"""The pages about surveys around the editor in a real Chromium: by keyboard, saved by themselves, without a script."""

from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from bot import tallying
from bot.editing import drafts, versions
from tests.bot.console.office import Office, opened
from tests.bot.console.test_survey_pages import VISIT, drafted
from tests.browser.test_console import DESK, JUMPS, SMALL, TELEPHONE, TOO_SMALL, UNNAMED, fits, signed_in
from tests.browser.test_webchat import CONTRAST
from tests.experiments import SURVEY as TRIED

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

LIST = "/console/surveys"
PAGE = "/console/surveys/visit"
PAGES = (
    LIST,
    f"{LIST}/bring-in",
    PAGE,
    f"{PAGE}?from=1&to=draft",
    f"{PAGE}/settings",
    f"{PAGE}/translations",
    f"{PAGE}/translations?to=fr&only=missing",
    f"{LIST}/after_visit/variants",
)
SPEAKING = VISIT.replace('["en"]', '["en", "zh-Hans", "fr"]').replace(
    'text.en = "How was it?"', 'text.en = "How was it, {{ customer.name }}?"\ntext.zh-Hans = "怎么样？"'
)


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path):
    async with opened(tmp_path) as office:
        await tallying.prepare(office.world.database, office.world.house)
        yield office


async def written(office: Office) -> None:
    """A survey with two versions and a draft in three languages."""
    now = office.world.clock.now()
    for words in ("One?", "Two?"):
        revision = await drafted(office, VISIT.replace("How was it?", words))
        await office.world.run(
            partial(versions.published, brand=1, key="visit", revision=revision, actor="operator", now=now)
        )
    await drafted(office, SPEAKING)
    await drafted(office, TRIED, "after_visit")


async def source(office: Office, key: str = "visit") -> str:
    text: str = await office.world.run(lambda unit: drafts.at_hand(unit, 1, key).source)
    return text


def a_save(answer: Any) -> bool:
    """Say whether an answer of the server is one to a save."""
    return bool(answer.url.endswith("/draft") and answer.request.method == "POST")


async def saved(page: Any) -> None:
    """Wait until the page says so."""
    await page.locator("#saving[data-now=saved]").wait_for()


async def test_a_survey_is_begun_with_the_keyboard_and_its_key_is_shown(browser, office):
    """As its name is typed; then the editor is open."""
    async with signed_in(browser, office) as page:
        await page.goto(office.base + LIST)
        await page.locator("#new summary").focus()
        await page.keyboard.press("Enter")
        await page.get_by_label("Name").focus()
        await page.keyboard.type("After the 2nd Visit")
        key = await page.locator("input[name=key]").get_attribute("placeholder")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/after_the_2nd_visit/edit")

        assert key == "after_the_2nd_visit"


async def test_settings_save_themselves_and_say_what_is_wrong_at_their_field(browser, office):
    """A span, who is unhappy, a sentence of ours; a value out of bounds is told where it stands."""
    await written(office)
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}{PAGE}/settings")
        await saved(page)
        await page.locator("#delay").fill("3")
        await page.locator("[name=delay_u]").select_option("h")
        await page.locator("[name=unhappy_2]").select_option("satisfaction >= 5")
        await page.locator("#thanks-en").locator("xpath=..").locator("summary").click()
        await page.get_by_role("button", name="Take this one").first.click()
        async with page.expect_response(a_save):
            await page.locator("#expires").fill("9999")
            await page.locator("#expires").blur()
        await page.locator("[data-wrong=expires] li").wait_for()
        wrong = await page.locator("[data-wrong=expires]").inner_text()
        await saved(page)
        text = await source(office)
        await page.reload()

        assert 'delay = "3h"' in text
        assert 'unhappy = "satisfaction <= 2 or satisfaction >= 5"' in text
        assert "thanks.en = " in text
        assert "90d" in wrong
        assert await page.locator("#delay").input_value() == "3"


async def test_what_a_colleague_set_meanwhile_shows_and_stays(browser, office):
    """Two pages of one survey: each keeps what was changed there, and shows the other's."""
    await written(office)
    async with signed_in(browser, office, "Mei") as mei, signed_in(browser, office, "Bo", refusals=("409",)) as bo:
        for page in (mei, bo):
            await page.goto(f"{office.base}{PAGE}/settings")
            await saved(page)
        async with mei.expect_response(a_save):
            await mei.locator("#share").fill("50")
            await mei.locator("#share").blur()
        await bo.wait_for_function("() => document.querySelector('#share').value === '50'")
        async with bo.expect_response(a_save):
            await bo.locator("#touchpoint").fill("till")
            await bo.locator("#touchpoint").blur()
        text = await source(office)

        assert ("share = 0.5" in text, 'touchpoint = "till"' in text) == (True, True)


async def test_the_next_missing_translation_is_a_key_away(browser, office):
    """Typed, saved, counted; what the original mentions and the translation does not is marked at once."""
    await written(office)
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}{PAGE}/translations")
        await saved(page)
        await page.keyboard.press("Alt+ArrowDown")
        focused = await page.evaluate("document.activeElement.lang")
        await page.keyboard.type("Alors ?")
        await page.get_by_text("The original also mentions: customer.name").nth(1).wait_for()
        await page.keyboard.type(" {{ customer.name }}")
        await page.locator("[data-count=fr]", has_text="✓").wait_for()
        await page.keyboard.press("Tab")
        await saved(page)

        assert focused == "fr"
        assert 'text.fr = "Alors ? {{ customer.name }}"' in await source(office)
        assert await page.locator(".lost-variables:visible").count() == 1


async def test_a_file_is_looked_at_and_becomes_a_draft(browser, office, tmp_path):
    """Chosen, read, its report, the draft."""
    file = tmp_path / "visit.toml"
    file.write_text(VISIT, encoding="utf-8")
    async with signed_in(browser, office) as page:
        await page.goto(office.base + LIST)
        await page.get_by_role("link", name="Bring one from elsewhere").click()
        await page.locator("input[type=file]").set_input_files(file)
        await page.get_by_role("button", name="Look at it first").click()
        await page.get_by_text("It is a survey of makegood and is taken as it is.").wait_for()
        await page.get_by_role("button", name="Begin the draft").click()
        await page.get_by_text("The draft visit is begun with it.").wait_for()

        assert await source(office) == VISIT


async def test_everything_is_done_without_a_script(browser, office):
    """Published, gone back to, taken back, a setting, a translation, thrown away and brought back."""
    await written(office)
    member = await office.hire("Mei", "editor")
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    page.set_default_timeout(8000)
    await page.goto(f"{office.base}/console/sign-in/{await office.link(member)}")
    await page.get_by_role("button").first.click()
    await page.goto(f"{office.base}{PAGE}/translations?to=fr")
    await page.locator("textarea[name=said_fr]").fill("Alors, {{ customer.name }} ?")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("It is saved in the draft.").wait_for()
    await page.goto(f"{office.base}{PAGE}/settings")
    await page.locator("#follow_up").fill("2")
    await page.locator("[name=follow_up_u]").select_option("d")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("It is saved in the draft.").wait_for()
    await page.goto(office.base + PAGE)
    await page.get_by_text("Throw the draft away").click()
    await page.get_by_role("button", name="Throw it away").click()
    await page.get_by_text("The draft is thrown away.").wait_for()
    await page.get_by_role("button", name="Bring it back").first.click()
    await page.get_by_role("button", name="Publish").click()
    await page.get_by_text("Version 3 is published").wait_for()
    await page.get_by_role("button", name="Roll back to 1").click()
    await page.get_by_text("Customers are asked with what version 1 said").wait_for()
    await page.get_by_role("button", name="Take that back").click()
    await page.get_by_text("Customers are asked with what version 3 said").wait_for()
    text = await source(office)
    await context.close()

    assert 'follow_up = "2d"' in text
    assert "Alors, {{ customer.name }} ?" in text


async def test_an_experiment_is_written_by_keyboard_on_a_telephone(browser, office):
    """Begun, with other words and another order, until it can be published; all of it by plain forms."""
    head, questions = TRIED.partition("experiment.")[0], TRIED[TRIED.index("[[question]]") : TRIED.index("[[variant]]")]
    await drafted(office, head + questions, "after_visit")
    async with signed_in(browser, office, size=TELEPHONE) as page:
        await page.goto(f"{office.base}{LIST}/after_visit/settings")
        await page.get_by_role("link", name="Write what is tried").press("Enter")
        await page.get_by_role("button", name="Begin an experiment").press("Enter")
        variant = page.locator("#variant-0")
        for summary in await variant.locator(".settings summary").all():
            await summary.press("Enter")
        assert await fits(page)
        assert await page.evaluate(TOO_SMALL) == []
        await page.locator("#variant-0-question-satisfaction-text-en").fill("And today?")
        await page.locator("#variant-0-question-satisfaction-text-zh-Hans").fill("今天呢？")
        await variant.get_by_role("spinbutton", name="Place of: How likely").fill("1")
        await variant.get_by_role("button", name="Save").press("Enter")
        await page.get_by_text("It is saved in the draft.").wait_for()
        assert await page.locator(".at-field .wrong").count() == 0
        await page.get_by_role("link", name="After visit").or_(page.locator(".way a")).first.press("Enter")
        await page.locator("#publish:enabled").wait_for()

    assert 'order = ["recommend", "satisfaction"]' in await source(office, "after_visit")


@pytest.mark.parametrize("size", [SMALL, TELEPHONE, DESK], ids=["small", "telephone", "desk"])
async def test_everything_fits_and_can_be_hit(browser, office, size):
    """No sideways scrolling, and nothing smaller than a fingertip; every button and field has a name."""
    await written(office)
    async with signed_in(browser, office, size=size) as page:
        for path in PAGES:
            await page.goto(office.base + path)
            assert await fits(page), path
            assert await page.evaluate(TOO_SMALL) == [], path
            assert await page.evaluate(UNNAMED) == [], path
            assert await page.evaluate(JUMPS) == [], path


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_everything_can_be_read(browser, office, dark):
    """Every text has enough contrast, in light and in dark; and the pages speak the reader's language."""
    await written(office)
    async with signed_in(browser, office, language="zh-Hant", dark=dark) as page:
        for path in PAGES:
            await page.goto(office.base + path)
            assert await page.evaluate(CONTRAST) == [], path
