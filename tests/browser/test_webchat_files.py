"""Files in the chat's page, in a real Chromium: chosen, on their way, shown, refused."""

import pytest

from bot.channels.messages import Attachment
from tests.bot.channels.webchat.test_files import PNG
from tests.browser.test_webchat import DESK, SMALL, bubbles, chat_of

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CUP = {"name": "cup.png", "mimeType": "image/png", "buffer": PNG}
NOTE = {"name": "a note.txt", "mimeType": "text/plain", "buffer": "杯子碎了".encode()}
PAGE = {"name": "page.html", "mimeType": "text/html", "buffer": b"<!doctype html><script>alert(1)</script>"}


async def choose(page, *files):
    await page.get_by_label("Add a photo or a file").set_input_files(list(files))


@pytest.mark.parametrize("size", [SMALL, DESK], ids=["telephone", "desk"])
async def test_a_photo_and_a_document_go_with_one_message(browser, world, size):
    """Chosen, sent, seen: the photo in place, the document to be saved."""
    async with chat_of(browser, world, size=size) as page:
        await choose(page, CUP, NOTE)
        await page.get_by_label("Write a message").fill("It came broken")
        await page.get_by_role("button", name="Send").click()
        picture = page.get_by_role("img", name="cup.png")
        await picture.wait_for()
        [*_, update] = await world.updates(2)

        assert await picture.evaluate("picture => picture.naturalWidth") == 10
        assert await page.get_by_role("link", name="a note.txt").count() == 1
        assert await bubbles(page) == ["It came broken"]
        assert (update["caption"], len(update["media"])) == ("It came broken", 2)
        assert await page.locator("#files").is_hidden()


async def test_a_file_that_is_not_taken_says_why_and_holds_back_nothing_else(browser, world):
    """The words can go once the odd file is taken away."""
    async with chat_of(browser, world) as page:
        await choose(page, PAGE)
        trouble = page.locator("#files .trouble")
        await trouble.wait_for()

        assert "plain text" in await trouble.inner_text()

        await page.get_by_role("button", name="Remove page.html").click()
        await page.get_by_label("Write a message").fill("In words, then")
        await page.get_by_label("Write a message").press("Enter")
        await page.get_by_text("In words, then").wait_for()


async def test_a_code_shows_in_the_message_and_stays_when_the_words_change(browser, world):
    """What staff hold out to be scanned, on the screen that they have."""
    async with chat_of(browser, world, await world.staff_link()) as page:
        made = Attachment("photo", made="qr", of="https://ask.example.com/c/abc", alt="A code to scan")
        ref = await world.say(page.chat, "Show this to Ana", attachments=(made,))
        code = page.get_by_role("img", name="A code to scan")
        await code.wait_for()
        await world.edit(page.chat, ref, "Shown")
        await page.get_by_text("Shown", exact=True).wait_for()

        assert await code.evaluate("picture => picture.naturalWidth") > 100


async def test_what_was_taken_back_is_gone_with_its_files(browser, world):
    """Only our word for it stands there: neither the picture nor what was said with it."""
    async with chat_of(browser, world) as page:
        made = Attachment("photo", made="qr", of="https://ask.example.com/c/abc", alt="A code to scan")
        ref = await world.say(page.chat, "Meant for somebody else", attachments=(made,))
        code = page.get_by_role("img", name="A code to scan")
        await code.wait_for()
        await world.edit(page.chat, ref, "Bo took this message back.", attachments=(made,), gone=True)
        await page.get_by_text("Bo took this message back.").wait_for()

        assert await code.count() == 0
        assert await page.get_by_text("Meant for somebody else").count() == 0
