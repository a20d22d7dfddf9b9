"""Cases, sign-in by code and live pages in a real Chromium: with the keyboard, with two people, without a script."""

import pytest
import pytest_asyncio

from bot import tallying
from tests.bot.console.office import opened
from tests.browser.test_console import FROZEN, TELEPHONE, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path):
    async with opened(tmp_path) as office:
        await tallying.prepare(office.world.database, office.world.house)
        yield office


async def test_a_computer_goes_in_by_itself_once_the_chat_said_yes(browser, office):
    """The figures are read from the screen, typed in the chat; nobody touches the computer again."""
    await office.world.staff("Mei", "77")
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{office.base}/console/sign-in")
    code = await page.get_by_label("The code").inner_text()
    await office.world.receive(office.world.wrote("77", code))
    asked = (await office.world.messages("77"))[-1]
    await office.world.receive(office.world.pressed("77", asked.rows[0][0].press))
    await page.wait_for_url("**/console", timeout=10_000)

    assert await page.get_by_role("link", name="Mei").count() == 1
    await context.close()


async def test_a_page_shows_what_happened_elsewhere_and_leaves_what_is_being_written(browser, office):
    """A customer writes, a colleague takes the case: both stand there a moment later, and the draft is untouched."""
    await office.unhappy("1")
    await office.world.staff("Bo", "88")
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}/console/cases/1")
        await page.get_by_label("Your message").fill("Dear Ana,")
        await office.world.receive(office.world.pressed("88", "1:k1:take"))
        await page.get_by_text("Taken by Bo.").wait_for()

        assert await page.get_by_label("Your message").input_value() == "Dear Ana,"


async def test_a_case_is_worked_with_the_keyboard_alone(browser, office):
    """From the list to the case, taken, written to: Tab, Enter, and the focus says where one is."""
    await office.unhappy("1")
    async with signed_in(browser, office, size=TELEPHONE) as page:
        await page.goto(f"{office.base}/console/cases")
        await page.get_by_role("link", name="Customer 1").focus()
        await page.keyboard.press("Enter")
        await page.locator("#act-1").focus()
        await page.keyboard.press("Enter")
        await page.get_by_text("It is yours. Thank you!").wait_for()
        assert await page.evaluate("document.activeElement.classList.contains('told')")
        await page.get_by_label("Your message").focus()
        await page.keyboard.type("I am on my way.")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.get_by_text("Passed on to Customer 1").wait_for()

        assert any("I am on my way." in text for text in await office.world.texts("1"))


async def test_two_who_take_a_case_on_its_page_are_told_who_has_it(browser, office):
    """Both looked at it; the second page says who was quicker."""
    await office.unhappy("1")
    async with signed_in(browser, office, "Mei") as mei, signed_in(browser, office, "Bo") as bo:
        for page in (mei, bo):
            await page.goto(f"{office.base}/console/cases/1")
        await bo.evaluate(FROZEN)
        await mei.get_by_role("button", name="Take it").click()
        await mei.get_by_text("It is yours.").wait_for()
        await bo.get_by_role("button", name="Take it").click()

        await bo.get_by_text("Mei has it already.").wait_for()


async def test_a_case_is_worked_without_a_script(browser, office):
    """Where scripts are off every button and every field still does what it says."""
    await office.unhappy("1")
    member = await office.hire("Mei")
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{office.base}/console/sign-in/{await office.link(member)}")
    await page.get_by_role("button", name="Sign in").click()
    await page.goto(f"{office.base}/console/cases/1")
    await page.get_by_role("button", name="Take it").click()
    await page.get_by_text("It is yours.").wait_for()
    await page.get_by_label("Your message").fill("Hello")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_text("Passed on to").wait_for()
    await context.close()


async def test_a_picture_goes_along(browser, office):
    """Chosen, shown by its name, sent with the words, and seen in the story."""
    from tests.browser.test_webchat_files import CUP

    await office.unhappy("1")
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}/console/cases/1")
        await page.locator("input[type=file]").set_input_files(CUP)
        await page.get_by_text("cup.png", exact=True).wait_for()
        await page.get_by_label("Your message").fill("Like this?")
        await page.get_by_role("button", name="Send").click()
        await page.get_by_text("Passed on to").wait_for()

        [sent] = [m for m in await office.world.messages("1") if "Like this?" in m.text]
        assert len(sent.attachments) == 1
