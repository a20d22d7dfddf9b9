"""The console in a real Chromium: signing in, today, a case taken, a task done, by finger and by keyboard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from bot import tallying
from storage.unit import Unit
from tests.bot.console.office import Office, opened
from tests.browser.test_webchat import CONTRAST

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

DESK = {"width": 1280, "height": 800}
TELEPHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 568}
PAGES = (
    "/console",
    "/console/me",
    "/console/cases",
    "/console/cases?stage=all&overdue=1",
    "/console/cases/3",
    "/console/customers",
    "/console/customers/15",
    "/console/team",
    "/console/team/people/2",
    "/console/team/people/2/remove",
    "/console/team/import",
)
"""Every page of the console that stands under an address."""

FROZEN = "() => { window.fetch = () => new Promise(() => {}); }"
"""For a page that shall stay as it is: what it asks for does not come."""

EVERYTHING = "staff,supervisor,manager,editor,admin"
SIGN_IN = {"en": "Sign in", "zh-Hans": "登录", "zh-Hant": "登入"}


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path):
    async with opened(tmp_path) as office:
        await tallying.prepare(office.world.database, office.world.house)
        yield office


@asynccontextmanager
async def signed_in(
    browser: Any,
    office: Office,
    name: str = "Mei",
    *,
    language: str = "en",
    size: Any = DESK,
    dark: bool = False,
    refusals: tuple[str, ...] = (),
) -> AsyncIterator[Any]:
    """A page on Today after the button was pressed; what the browser complains of is a failure.

    A browser names each answer that is a refusal; `refusals` are those that a page asks for and understands.
    """
    complaints: list[str] = []
    member = await office.hire(name, EVERYTHING, language)
    context = await browser.new_context(viewport=size, locale=language, color_scheme="dark" if dark else "light")
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
    page.set_default_timeout(8000)
    await page.goto(f"{office.base}/console/sign-in/{await office.link(member)}")
    await page.get_by_role("button", name=SIGN_IN[language]).click()
    await page.wait_for_url("**/console")
    yield page
    await context.close()
    known = ("401", *refusals)  # each page that asks to sign in is one
    assert [each for each in complaints if not any(refusal in each for refusal in known)] == []


async def busy(office: Office) -> None:
    """Three cases, one of them urgent, a call to make, something wrong, and enough answers for a figure."""
    for number in range(12):
        for text in ("/start", "5" if number % 4 else "4", "/skip"):
            await office.world.receive(office.world.wrote(f"{100 + number}", text))
    for chat, words in (("1", "It broke at once."), ("2", "Donaudampfschifffahrtsgesellschaft" * 4), ("3", "灯坏了。")):
        await office.unhappy(chat, words=words)
    now = office.world.clock.now()

    def work(unit: Unit) -> None:
        unit.execute("UPDATE recovery_case SET urgent = 1 WHERE number = 3")
        unit.staff.add(1, "Ivo Bandolieri-Vandermeulen", "staff,supervisor", "en", now)
        unit.teams.add(1, "North", now)
        unit.execute("UPDATE customer SET phone = '+49 30 1234567'")
        unit.tasks.add(1, "telephone", "t", now, case_id=2)
        unit.execute("UPDATE outbox SET state = 'dead', error = 'REJECTED: chat not found' WHERE id = 2")

    await office.world.run(work)


async def fits(page: Any) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
async def test_a_case_is_taken_and_a_task_done(browser, office, size):
    """The morning of a case worker: look, take what waits longest, ring, tick off."""
    await busy(office)
    async with signed_in(browser, office, size=size) as page:
        await page.get_by_role("button", name="Take it: Case 1").click()
        await page.get_by_text("It is yours. Thank you!").wait_for()
        assert await page.locator("#case-1").get_by_text("Yours").count() == 1
        assert await page.locator("#take-1").count() == 0

        assert await page.get_by_role("link", name="+49 30 1234567").get_attribute("href") == "tel:+49301234567"
        await page.get_by_role("button", name="No answer: Customer 2").click()
        await page.locator(".told.answer").wait_for()
        assert await page.locator("#tasks").get_by_text("Nothing to do by hand.").count() == 1


async def test_two_who_take_the_same_case_are_told_who_has_it(browser, office):
    """Both pages showed the button; one was first, and the other need not wonder."""
    await busy(office)
    async with signed_in(browser, office, "Mei") as mei, signed_in(browser, office, "Bo") as bo:
        await bo.evaluate(FROZEN)
        await mei.locator("#take-1").click()
        await mei.get_by_text("It is yours.").wait_for()
        await bo.locator("#take-1").click()

        await bo.get_by_text("Mei has it already.").wait_for()


async def test_a_service_is_recorded_and_its_code_can_be_scanned(browser, office):
    """Two taps and a name; the code stands on a white ground, also where the page is dark."""
    async with signed_in(browser, office, dark=True, size=TELEPHONE) as page:
        await page.get_by_text("Service done").click()
        await page.get_by_label("Name").fill("Ana")
        await page.get_by_role("button", name="Show the code").click()
        await page.get_by_role("img", name="QR code of the personal link of Ana").wait_for()
        box = await page.locator(".code svg").bounding_box()

        assert box["width"] >= 200
        assert await fits(page)


async def test_language_and_look_are_changed_and_stay(browser, office):
    """Chosen once, seen on every page from then on."""
    async with signed_in(browser, office) as page:
        await page.get_by_role("link", name="Mei").click()
        await page.get_by_label("繁體中文").check()
        await page.get_by_role("button", name="Save: Language").click()
        await page.get_by_role("heading", name="外觀").wait_for()
        await page.get_by_label("深色").check()
        await page.get_by_role("button", name="儲存: 外觀").click()
        await page.get_by_text("外觀已更改。").wait_for()
        await page.get_by_role("link", name="今天").click()
        await page.get_by_role("heading", name="等待處理").wait_for()

        assert await page.evaluate("document.documentElement.lang") == "zh-Hant"
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 23)"


async def test_signing_out_leads_nowhere_back(browser, office):
    """The next person at this computer sees nothing by going back."""
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}/console/me")
        await page.locator("#sign-out").click()
        await page.get_by_role("heading", name="You are signed out").wait_for()
        await page.go_back()

        assert await page.get_by_text("Where you are signed in").count() == 0


async def test_the_keyboard_alone_is_enough(browser, office):
    """Skip link, case, button, in the order of the page; after the act the focus is at what it did."""
    await busy(office)
    async with signed_in(browser, office) as page:
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        await page.keyboard.press("Enter")
        for _ in range(12):
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.id") == "take-3":
                break
        shown = "getComputedStyle(document.activeElement).outlineStyle"
        assert await page.evaluate(shown) == "solid"
        await page.keyboard.press("Enter")
        await page.get_by_text("It is yours.").wait_for()

        assert await page.evaluate("document.activeElement.textContent") == "It is yours. Thank you!"


async def test_the_page_brings_itself_up_to_date_and_leaves_the_focus(browser, office):
    """A new case appears by itself; whoever stands on a button or writes a name is not disturbed."""
    await busy(office)
    async with signed_in(browser, office) as page:
        await page.get_by_text("Service done").click()
        await page.get_by_label("Name").fill("An")
        await page.locator("#take-2").focus()
        await office.unhappy("4", words="And now this.")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        await page.get_by_text("And now this.").wait_for()

        assert await page.evaluate("document.activeElement.id") == "take-2"
        assert await page.get_by_label("Name").input_value() == "An"
        assert await page.locator("#news").inner_text() == "4 customers wait for a person."


async def test_a_session_that_ended_shows_how_to_come_back(browser, office):
    """The page that is open all day notices by itself that its person has left."""
    async with signed_in(browser, office) as page:
        await office.rows("UPDATE session SET ended_at = 1")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

        await page.get_by_text("You are not signed in here").wait_for()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_every_page_can_be_read_in_every_language(browser, office, language, dark):
    """A contrast of 4.5 everywhere, headings in order, landmarks, and a name on every button."""
    await busy(office)
    async with signed_in(browser, office, language=language, dark=dark) as page:
        for path in PAGES:
            await page.goto(office.base + path)
            assert await page.evaluate("document.documentElement.lang") == language
            assert await page.evaluate(CONTRAST) == []
            assert await page.locator("main").count() == 1
            assert await page.locator("h1").count() == 1
            assert await page.evaluate(UNNAMED) == []
            assert await page.evaluate(JUMPS) == []


@pytest.mark.parametrize("size", [SMALL, TELEPHONE, DESK], ids=["small", "telephone", "desk"])
async def test_everything_fits_and_can_be_hit(browser, office, size):
    """No sideways scrolling, whatever somebody is called, and nothing smaller than a fingertip."""
    await busy(office)
    async with signed_in(browser, office, "Maximiliane-Alexandra von Hohenlohe", size=size) as page:
        for path in PAGES:
            await page.goto(office.base + path)
            assert await fits(page)
            assert await page.evaluate(TOO_SMALL) == []


UNNAMED = """() => [...document.querySelectorAll('button, a, input:not([type=hidden])')]
    .filter(e => !(e.ariaLabel || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML)"""
JUMPS = """() => {
    const levels = [...document.querySelectorAll('h1, h2, h3')].map(h => Number(h.tagName[1]));
    return levels.filter((level, number) => number && level > levels[number - 1] + 1);
}"""
TOO_SMALL = """() => [...document.querySelectorAll('button, summary, nav a')].map(e => [e, e.getBoundingClientRect()])
    .filter(([e, r]) => r.height && (r.height < 44 || r.width < 44)).map(([e, r]) => `${e.id} ${r.width}`)"""
