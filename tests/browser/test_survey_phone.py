"""The telephone beside a survey in a real Chromium: answered, carried through time, played anew while one writes."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bot import tallying
from bot.editing import drafts
from storage.unit import Unit
from tests.bot.console.office import Office, opened
from tests.browser.test_console import SMALL, TELEPHONE, signed_in
from tests.browser.test_webchat import CONTRAST

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

TRY = "/console/surveys/after_delivery/try"
LAST = "#tele-log li:last-child"


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path):
    async with opened(tmp_path) as office:
        await tallying.prepare(office.world.database, office.world.house)
        yield office


async def edited(office: Office, before: str, after: str) -> int:
    """Change a text of the draft, as an editor beside the telephone does; return the new revision."""

    def work(unit: Unit) -> int:
        row = drafts.opened(unit, 1, "after_delivery", "staff:1", 0).row
        drafts.saved(unit, 1, "after_delivery", row.revision, row.source.replace(before, after), "staff:1", "", 1)
        return drafts.at_hand(unit, 1, "after_delivery").revision

    return await office.world.run(work)


async def answered(page, text: str) -> None:
    await page.locator("#tele-log").get_by_text(text, exact=False).last.wait_for()


async def test_a_whole_story_is_played_by_finger(browser, office):
    """Unhappy, a word, a day later the follow-up, and the end: all on one telephone, and nothing in the database."""
    async with signed_in(browser, office, size=TELEPHONE) as page:
        await page.goto(f"{office.base}{TRY}")
        await page.get_by_role("button", name="1 of 5").click()
        await answered(page, "The apology goes at once")
        await page.get_by_label("Write as the customer").fill("It was <b>late</b>")
        await page.get_by_role("button", name="Send", exact=True).click()
        await answered(page, "It was <b>late</b>")
        await page.get_by_role("button", name="Let 24 hours pass").click()
        await answered(page, "Was it put right?")
        await page.locator("#tele-log").get_by_role("button", name="Yes").click()
        await answered(page, "And how satisfied are you with us now?")
        await page.get_by_role("button", name="5 of 5").click()
        await answered(page, "The case is over: put right, the customer says.")

        assert "Nothing more comes of itself." in await page.locator("#tele-clock").inner_text()
        assert await office.world.count("SELECT count(*) FROM conversation") == 0


async def test_what_is_written_shows_at_once_with_the_same_steps(browser, office):
    """The steps stay, the changed words are marked, and a button that is gone is left out and said so."""
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}{TRY}")
        await page.get_by_role("button", name="3 of 5").click()
        await page.locator("#tele-log").get_by_role("button", name="It came late").click()
        await page.locator("#tele-log").get_by_role("button", name="✓ It came late").wait_for()
        revision = await edited(office, "What could have gone better?", "What was not right?")
        saved = "(revision) => document.dispatchEvent(new CustomEvent('draft-saved', { detail: { revision } }))"
        await page.evaluate(saved, revision)
        await page.locator("li.changed").get_by_text("What was not right?").wait_for()
        assert await page.locator("#tele-log").get_by_role("button", name="✓ It came late").count() == 1

        gone = await edited(office, 'key = "late", ', 'key = "later", ')
        await page.evaluate(saved, gone)
        await answered(page, "Left out: the button “It came late” is not there any more.")


async def test_back_again_and_another_language(browser, office):
    """One step back is one step, and the language of the customer changes the whole talk."""
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}{TRY}")
        await expect(page.get_by_role("button", name="Back one step")).to_be_disabled()
        await page.get_by_role("button", name="3 of 5").click()
        await answered(page, "What could have gone better?")
        await page.get_by_label("The customer's language").select_option("zh-Hant")
        await answered(page, "哪些地方可以做得更好？")
        await page.get_by_role("button", name="Back one step").click()
        await page.get_by_role("button", name="3 of 5").wait_for()

        assert await page.locator("#tele-log > li").count() == 1
        assert await page.locator("#tele-log").get_attribute("lang") == "zh-Hant"


async def test_the_sample_customer(browser, office):
    """Nothing known, a very long name, and whatever one types, as text."""
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}{TRY}")
        await page.locator("#tele-sample summary").click()
        await page.get_by_role("button", name="Nothing known").click()
        await answered(page, "How satisfied are you with the delivery?")
        await page.get_by_role("button", name="Very long name").click()
        await answered(page, "Wolfeschlegelsteinhausenbergerdorff")
        await page.get_by_label("Customer's name").fill("<img src=x onerror=alert(1)>")
        await answered(page, "Hello <img src=x onerror=alert(1)>!")

        assert await page.locator("#tele-log img").count() == 0


async def test_it_is_played_with_the_keyboard_alone(browser, office):
    """Tab and Enter reach every button, and the focus is never lost when a button is."""
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}{TRY}")
        await page.get_by_role("button", name="1 of 5").focus()
        await page.keyboard.press("Enter")
        await answered(page, "What happened?")
        assert await page.evaluate("document.activeElement !== document.body")
        await page.get_by_label("Write as the customer").focus()
        await page.keyboard.type("late")
        await page.keyboard.press("Enter")
        await answered(page, "Thank you for telling us.")

        assert await page.evaluate("document.activeElement.id") == "tele-text"
        assert await page.locator("#tele-log").get_attribute("role") == "log"


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("dark", [False, True])
async def test_it_fits_a_small_telephone_and_can_be_read(browser, office, language, dark):
    """Nothing to scroll sideways, and every word has contrast, by day and by night."""
    async with signed_in(browser, office, language=language, size=SMALL, dark=dark) as page:
        await page.goto(f"{office.base}{TRY}")
        await page.locator("#tele-log .rows button").first.click()
        await page.locator("#tele-log .about-case").wait_for()
        await page.locator("#tele-sample summary").click()
        await page.locator("svg.branches").wait_for()

        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.evaluate(CONTRAST) == []


async def test_without_a_script_it_says_so(browser, office):
    """The rest of the page is there, and the picture is an image."""
    member = await office.hire("Kim", "editor", "en")
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{office.base}/console/sign-in/{await office.link(member)}")
    await page.get_by_role("button", name="Sign in").click()
    await page.goto(f"{office.base}{TRY}")

    assert "please switch on JavaScript" in await page.locator("#telephone").inner_text()
    assert await page.locator("#branches img").count() == 1
    await context.close()


async def test_the_picture_follows_the_draft_and_leads_to_the_questions(browser, office):
    """Drawn into the page, drawn anew when a draft was saved, each box a way to its question."""
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}{TRY}")
        await page.locator("svg.branches").wait_for()
        revision = await edited(office, "What could have gone better?", "Quite other words?")
        await page.evaluate(
            "(revision) => document.dispatchEvent(new CustomEvent('draft-saved', { detail: { revision } }))", revision
        )
        await page.locator("svg.branches tspan").get_by_text("Quite other words?").wait_for()
        await page.locator('svg.branches a[href="#question-went_wrong"]').click()
        await page.wait_for_url("**/edit#question-went_wrong")


async def test_nothing_is_marked_as_changed_when_the_page_opens(browser, office):
    """Nobody has changed anything yet; the mark is for what an edit did."""
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}/console/surveys/after_delivery/edit")
        await page.locator("#tele-log li").first.wait_for()
        await page.locator("#cards > *").first.wait_for()

        assert await page.locator("#tele-log .changed").count() == 0


async def test_beside_the_editor_it_plays_what_is_typed(browser, office):
    """A word changed in a card stands on the telephone a moment later, below the answers given before."""
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}/console/surveys/after_delivery/edit")
        await page.locator("#tele-log").get_by_role("button", name="3 of 5").click()
        await answered(page, "What could have gone better?")
        await page.locator("#open-all").click()
        field = page.locator("#cards textarea:visible, #cards input[type=text]:visible")
        values = await field.evaluate_all("(all) => all.map((one) => one.value)")
        await field.nth(values.index("What could have gone better?")).fill("What was missing?")
        await page.locator("#tele-log li").get_by_text("What was missing?").wait_for()

        assert await page.locator("#tele-log").get_by_role("button", name="It came late").count() == 1
