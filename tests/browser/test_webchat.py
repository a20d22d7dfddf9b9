"""The chat's page in a real Chromium: on a telephone and at a desk, by finger and by keyboard, in three languages."""

from contextlib import asynccontextmanager

import pytest

from bot.channels.messages import Button, Link

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

TELEPHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 568}
DESK = {"width": 1280, "height": 800}
FIGURES = tuple(str(figure) for figure in range(1, 6))
START = {"en": "Start", "zh-Hans": "开始", "zh-Hant": "開始"}
WRITE = {"en": "Write a message", "zh-Hans": "写点什么", "zh-Hant": "寫點什麼"}

SCROLLED_UP = """() => new Promise(done => {
    scroller.addEventListener('scroll', () => requestAnimationFrame(done), {once: true});
    scroller.scrollTop = 0;
})"""
"""Goes to the top and waits until the page has noticed."""


def rows(*labels: tuple[str, ...]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(Button(label, f"1:ab.1:{label}") for label in row) for row in labels)


@asynccontextmanager
async def chat_of(browser, world, token=None, *, size=TELEPHONE, language="en", dark=False):
    """A page in the chat of a link, after Start; what the browser complains of is a failure."""
    complaints: list[str] = []
    context = await browser.new_context(
        viewport=size,
        locale=language,
        color_scheme="dark" if dark else "light",
        has_touch=size is not DESK,
        timezone_id="Asia/Shanghai",
    )
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda told: complaints.append(told.text) if told.type in ("error", "warning") else None)
    page.set_default_timeout(5000)
    await page.goto(f"{world.base}/c/{token or await world.customer_link()}")
    await page.get_by_role("button", name=START[language]).click()
    await page.wait_for_url("**/chat/**")
    page.chat = page.url.partition("/chat/")[2].partition("?")[0]
    yield page
    await context.close()
    assert [each for each in complaints if "503" not in each and "415" not in each] == []


async def bubbles(page):
    return await page.locator(".bubble").all_inner_texts()


@pytest.mark.parametrize("size", [TELEPHONE, DESK], ids=["telephone", "desk"])
async def test_a_tap_shows_at_once_and_the_answer_replaces_it(browser, world, size):
    """Start, a question, one tap; the tap is seen before the server has said anything."""
    async with chat_of(browser, world, size=size) as page:
        ref = await world.say(page.chat, "How was it?", rows=rows(FIGURES))
        await page.get_by_role("button", name="4 of 5").click()

        assert await page.locator("button[aria-pressed=true]").inner_text() == "4"
        assert (await world.updates(2))[1]["press"] == "1:ab.1:4"

        await world.edit(page.chat, ref, "How was it?\n\n4")
        await page.locator(".rows").wait_for(state="detached")
        assert await bubbles(page) == ["How was it?\n\n4"]


async def test_two_quick_taps_are_one(browser, world):
    """A finger that trembles must not answer twice."""
    async with chat_of(browser, world) as page:
        await world.say(page.chat, "How was it?", rows=rows(FIGURES))
        await page.get_by_role("button", name="2 of 5").dblclick()
        await page.get_by_role("button", name="3 of 5").dispatch_event("click")
        await page.get_by_label("Write a message").fill("and now a word")
        await page.keyboard.press("Enter")

        assert [update.get("press") for update in await world.updates(3)] == [None, "1:ab.1:2", None]


async def test_a_reload_in_the_middle_changes_nothing(browser, world):
    """Everything is there again, once, and what is half written as well."""
    async with chat_of(browser, world) as page:
        await world.say(page.chat, "What happened?")
        await page.get_by_label("Write a message").fill("The door")
        await page.keyboard.press("Enter")
        await world.updates(2)
        await world.say(page.chat, "I am sorry to hear that.")
        await page.get_by_text("I am sorry").wait_for()
        before = await bubbles(page)
        await page.get_by_label("Write a message").fill("was scra")
        await page.reload()
        await page.get_by_text("I am sorry").wait_for()

        assert await bubbles(page) == before == ["What happened?", "The door", "I am sorry to hear that."]
        assert await page.get_by_label("Write a message").input_value() == "was scra"


async def test_what_could_not_be_sent_is_kept_over_a_reload_and_sent_once(browser, world):
    """The page says that it is not sent yet, keeps it, and needs no second thought of the person."""
    async with chat_of(browser, world) as page:
        world.intake.full = True
        await page.get_by_label("Write a message").fill("Please do not lose this")
        await page.keyboard.press("Enter")
        await page.get_by_text("Not sent yet").wait_for()
        await page.reload()
        await page.get_by_text("Not sent yet").wait_for()
        world.intake.full = False
        await page.evaluate("dispatchEvent(new Event('online'))")
        await world.updates(2)
        await page.get_by_text("Not sent yet").wait_for(state="detached", timeout=9000)

        assert [update["text"] for update in (await world.inbox())[1:]] == ["Please do not lose this"]
        assert await bubbles(page) == ["Please do not lose this"]


async def test_a_lost_connection_is_told_and_made_good(browser, world):
    """In a tunnel the page says so; afterwards it has everything, once."""
    async with chat_of(browser, world) as page:
        await world.say(page.chat, "one")
        await page.get_by_text("one").wait_for()
        await page.context.set_offline(True)
        world.streams._open[page.chat][0].end()
        await page.get_by_text("Connection lost").wait_for()
        await world.say(page.chat, "two")
        await page.context.set_offline(False)
        await page.get_by_text("two").wait_for(timeout=9000)

        assert await bubbles(page) == ["one", "two"]
        assert not await page.get_by_text("Connection lost").is_visible()


async def test_the_keyboard_alone_is_enough(browser, world):
    """Tab, Enter, Tab, Enter: after an answer the next Tab leads to the next question."""
    async with chat_of(browser, world, size=DESK) as page:
        first = await world.say(page.chat, "How was it?", rows=rows(FIGURES))
        await page.get_by_role("button", name="1 of 5").wait_for()
        await page.keyboard.press("Tab")  # the language
        for _ in range(3):
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await world.updates(2)
        await world.edit(page.chat, first, "How was it?\n\n3")
        await world.say(page.chat, "Would you come again?", rows=rows(("Yes", "No")))
        await page.get_by_role("button", name="Yes").wait_for()
        await page.get_by_text("How was it?\n\n3").wait_for()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Space")

        assert [update["press"] for update in (await world.updates(3))[1:]] == ["1:ab.1:3", "1:ab.1:Yes"]


async def test_a_screen_reader_finds_its_way(browser, world):
    """Names and roles of everything, who speaks, and new messages announced; the old ones are not read out again."""
    async with chat_of(browser, world) as page:
        await world.say(page.chat, "How was it?", rows=rows(FIGURES))
        await page.get_by_label("Write a message").fill("Fine")
        await page.get_by_role("button", name="Send").click()
        await page.get_by_text("Fine").wait_for()
        log = page.get_by_role("log", name="Conversation")

        assert await log.get_attribute("aria-live") == "polite"
        assert [await item.text_content() for item in await log.locator("li:not(.day) .unseen").all()] == [
            "Lotus House: ",
            "You: ",
        ]
        assert await page.get_by_role("button", name="5 of 5").count() == 1
        assert await page.get_by_role("button", name="Change language").count() == 1
        unnamed = "() => [...document.querySelectorAll('button')].filter(b => !(b.ariaLabel || b.textContent.trim()))"
        assert await page.evaluate(f"({unnamed})().length") == 0


async def test_an_address_in_a_text_leads_there(browser, world):
    """Staff paste where to book or to pay; without the dot that ends their sentence."""
    async with chat_of(browser, world) as page:
        await world.say(page.chat, "Please book at https://book.example.com/a?day=2. See you!")
        link = page.get_by_role("link", name="https://book.example.com/a?day=2", exact=True)
        await link.wait_for()

        assert await link.get_attribute("href") == "https://book.example.com/a?day=2"
        assert await link.get_attribute("rel") == "noopener noreferrer"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_it_speaks_the_readers_language_and_can_be_read(browser, world, language, dark):
    """The page's own words, the language named for the voice that reads it, and a contrast of 4.5 everywhere."""
    async with chat_of(browser, world, language=language, dark=dark) as page:
        text = "您好，这是说明。" if language != "en" else "Hello, see this."
        await world.say(page.chat, text, rows=rows(FIGURES, ("Skip",)), links=(Link(0, 2, "https://example.org"),))
        await page.get_by_label(WRITE[language]).fill("好 ok")
        await page.keyboard.press("Enter")
        await page.locator(".mine .bubble").wait_for()

        assert await page.evaluate("document.documentElement.lang") == language
        assert await page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("size", [SMALL, TELEPHONE, DESK], ids=["small", "telephone", "desk"])
async def test_everything_fits_and_can_be_hit(browser, world, size):
    """No sideways scrolling, eleven figures on the smallest telephone, and nothing smaller than a fingertip."""
    async with chat_of(browser, world, size=size) as page:
        figures = tuple(str(figure) for figure in range(11))
        long = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3
        await world.say(page.chat, long, rows=rows(figures[:6], figures[6:], ("Talk to a person now",)))
        await page.get_by_role("button", name="10 of 10").wait_for()

        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.evaluate("scroller.scrollWidth <= scroller.clientWidth")
        small = "[...document.querySelectorAll('button')].map(b => b.getBoundingClientRect())"
        assert await page.evaluate(f"{small}.filter(r => r.height && (r.height < 44 || r.width < 44)).length") == 0


async def test_what_people_write_is_never_code(browser, world):
    """G8: shown as typed, in both directions, and no link leads where it must not."""
    evil = "<img src=x onerror=\"document.title='owned'\"> {{7*7}} </script><script>alert(1)</script>"
    async with chat_of(browser, world) as page:
        await world.say(page.chat, evil, rows=rows((evil[:40],)), links=(Link(0, 4, "javascript:alert(1)"),))
        await page.get_by_label("Write a message").fill(evil)
        await page.keyboard.press("Enter")
        await page.locator(".mine .bubble").wait_for()

        assert await bubbles(page) == [evil, evil]
        assert await page.locator(".bubble a, .bubble img, #log script").count() == 0
        assert await page.title() == "Lotus House"


async def test_the_chats_language_changes_the_page(browser, world):
    """The button in the header asks the bot; when the bot has changed it, the page's words follow."""
    async with chat_of(browser, world) as page:
        await page.get_by_role("button", name="Change language").click()
        assert (await world.updates(2))[1]["text"] == "/language"
        await world.database.run(lambda unit: unit.execute("UPDATE address SET language = 'zh-Hant'"))
        await world.say(page.chat, "好的，我們用繁體中文。")
        await page.get_by_placeholder("寫點什麼").wait_for()

        assert await bubbles(page) == ["好的，我們用繁體中文。"]


async def test_staff_answer_a_message_by_itself(browser, world):
    """Among many cases a reply says which one; customers are not bothered with it."""
    async with chat_of(browser, world, await world.staff_link()) as page:
        ref = await world.say(page.chat, "Case 17: the heating never worked.")
        await world.say(page.chat, "Case 18: the door is scratched.")
        await page.get_by_role("button", name="Reply: Case 17").click()
        assert "Case 17" in await page.locator("#quote").inner_text()
        await page.keyboard.type("On our way")
        await page.keyboard.press("Enter")

        assert (await world.updates(2))[1]["reply_to"] == ref
        assert not await page.locator("#quote").is_visible()


async def test_an_invitation_to_reply_opens_the_field(browser, world):
    """ "Write to the customer" was pressed: the field is ready and says to whom it goes."""
    async with chat_of(browser, world, await world.staff_link()) as page:
        for number in range(20):
            await world.say(page.chat, f"Case {number}")
        ref = await world.say(page.chat, "To Ana Chen (case 17): your next message goes to her.", invites_reply=True)
        await page.locator("#quote").get_by_text("To Ana Chen").wait_for()
        await page.wait_for_function("scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 2")
        await page.keyboard.type("Dear Ana")
        await page.keyboard.press("Enter")

        assert (await world.updates(2))[1]["reply_to"] == ref


async def test_reading_further_up_is_not_disturbed(browser, world):
    """Who looks at an earlier message is told of the new one, and stays where they are."""
    async with chat_of(browser, world) as page:
        for number in range(30):
            await world.say(page.chat, f"Message {number}")
        await page.get_by_text("Message 29").wait_for()
        await page.evaluate(SCROLLED_UP)
        await world.say(page.chat, "The newest")
        await page.get_by_role("button", name="New message").click()

        await page.wait_for_function("scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 2")
        assert not await page.get_by_role("button", name="New message").is_visible()


async def test_customers_see_no_reply_button(browser, world):
    """They answer by writing."""
    async with chat_of(browser, world) as page:
        await world.say(page.chat, "How was it?")
        await page.get_by_text("How was it?").wait_for()

        assert await page.get_by_role("button", name="Reply").count() == 0


async def test_two_tabs_show_the_same(browser, world):
    """What was tapped in one is chosen in the other."""
    token = await world.customer_link()
    async with chat_of(browser, world, token) as one:
        other = await one.context.new_page()
        await other.goto(one.url)
        await world.say(one.chat, "How was it?", rows=rows(FIGURES))
        await one.get_by_role("button", name="2 of 5").click()
        await other.locator("button[aria-pressed=true]").wait_for(timeout=5000)

        assert await other.locator("button[aria-pressed=true]").inner_text() == "2"


# Every piece of text against the first ground behind it; large or disabled texts are not excused.
CONTRAST = """() => {
    const light = colour => {
        const [r, g, b] = colour.map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const parts = text => text.match(/[\\d.]+/g).map(Number);
    const ground = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = parts(getComputedStyle(at).backgroundColor);
            if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3);
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll('body *')]
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.checkVisibility())
        .filter(e => !e.matches('.unseen, script, noscript *'))
        .map(e => {
            const [one, other] = [light(parts(getComputedStyle(e).color).slice(0, 3)), light(ground(e))];
            return [e.className || e.tagName, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)];
        })
        .filter(([, contrast]) => contrast < 4.5);
}"""
