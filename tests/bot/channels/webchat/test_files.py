"""Files in the web chat: up from its page, into the log, and to nobody who may not read it."""

import base64

import pytest

from bot.channels.messages import Attachment
from tests.bot.channels.webchat.world import DAY, LARGEST, living

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC"
)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
async def world(tmp_path):
    async with living(tmp_path) as world:
        yield world


async def up(page, content=PNG, name="cup.png", **headers):
    address = f"{page.world.base}/chat/{page.chat}/files"
    async with page.http.post(
        address, params={"name": name}, data=content, headers={**page.headers, "Accept": "application/json", **headers}
    ) as answer:
        return answer.status, await answer.json()


async def shown(page, entry, number=0, cookie=None):
    address = f"{page.world.base}/chat/{page.chat}/files/{entry}/{number}"
    async with page.http.get(address, headers={"Cookie": cookie or page.cookie}) as answer:
        return answer.status, answer.headers, await answer.read()


async def rows(world):
    return await world.database.read(lambda unit: unit.all("SELECT state, kind, path FROM media ORDER BY id"))


async def test_files_and_words_are_one_act(world):
    """Three photos of one broken cup are one complaint."""
    page = await world.page(await world.customer_link())
    ids = [(await up(page))[1]["id"] for _ in range(3)]
    answer = await page.say("It came broken", "sent-0001", files=ids)
    [*_, update] = await world.inbox()
    [entry] = await page.entries()

    assert answer.status == 204
    assert (update["is"], update["caption"], update["what"], update["media"]) == (
        "attached",
        "It came broken",
        "photo",
        ids,
    )
    assert entry["body"]["text"] == "It came broken"
    assert [attachment["media"] for attachment in entry["body"]["attachments"]] == ids


async def test_a_file_of_the_log_is_shown_as_it_came(world):
    """What the person sent is what they, and nobody in between, get to see."""
    page = await world.page(await world.customer_link())
    _, kept = await up(page)
    await page.say("", files=[kept["id"]])
    [entry] = await page.entries()
    status, headers, content = await shown(page, entry["id"])

    assert (status, content) == (200, PNG)
    assert headers["Content-Type"] == "image/png"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


async def test_a_document_is_saved_and_never_opened_in_the_page(world):
    """A document may hold anything; our address is no place to run it."""
    page = await world.page(await world.customer_link())
    _, kept = await up(page, PDF, "Rechnung.exe")
    await page.say("", files=[kept["id"]])
    [entry] = await page.entries()
    _, headers, _ = await shown(page, entry["id"])

    assert headers["Content-Disposition"] == 'attachment; filename="Rechnung.exe.pdf"'


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 415),
        (b"<!doctype html><script>alert(1)</script>", 415),
        (b"MZ\x90\x00" + bytes(200), 415),
        (PNG + bytes(LARGEST), 413),
    ],
    ids=["empty", "svg", "html", "program", "too large"],
)
async def test_what_we_do_not_keep_is_refused_kindly_and_leaves_nothing(world, content, status):
    """The person is told what we take instead; nothing of it stays on the disk."""
    page = await world.page(await world.customer_link())
    answered, problem = await up(page, content)
    [(state, _, path)] = await rows(world)

    assert answered == status
    assert problem["detail"].endswith(".")
    assert state == "erased"
    assert not world.folder.place(path).exists()


async def test_nobody_else_sees_a_file(world):
    """Another customer's cookie opens nothing here, and an entry of another chat shows nothing."""
    ana = await world.page(await world.customer_link("ana"))
    ben = await world.page(await world.customer_link("ben"))
    _, kept = await up(ana)
    await ana.say("", files=[kept["id"]])
    [entry] = await ana.entries()

    assert (await shown(ana, entry["id"], cookie=ben.cookie))[0] == 404
    assert (await shown(ben, entry["id"]))[0] == 410


async def test_another_chats_file_goes_with_no_message(world):
    """Ids are small numbers; guessing one gives nothing."""
    ana = await world.page(await world.customer_link("ana"))
    ben = await world.page(await world.customer_link("ben"))
    _, kept = await up(ana)

    assert (await ben.say("", files=[kept["id"]])).status == 422


async def test_a_post_that_is_repeated_says_the_same_once(world):
    """The page repeats it when the answer got lost; meanwhile the file was taken in."""
    page = await world.page(await world.customer_link())
    _, kept = await up(page)
    await page.say("", "sent-0001", files=[kept["id"]])
    await world.database.run(lambda unit: unit.media.sent([kept["id"]], None, DAY))
    again = await page.say("", "sent-0001", files=[kept["id"]])

    assert again.status == 204
    assert len(await page.entries()) == 1


async def test_a_file_needs_the_pages_own_token(world):
    """Another site's page could post a file with the person's cookie."""
    page = await world.page(await world.customer_link())
    status, _ = await up(page, **{"X-CSRF-Token": "wrong"})

    assert status == 403
    assert await rows(world) == []


async def test_a_chat_sends_so_much_a_day(world):
    """One page left to itself must not fill the disk."""
    page = await world.page(await world.customer_link())
    await world.database.run(
        lambda unit: [unit.media.begin(1, "webchat", page.chat, f"p{n}", world.clock.now(), DAY) for n in range(60)]
    )
    status, problem = await up(page)

    assert status == 429
    assert "tomorrow" in problem["detail"]


async def test_a_file_that_was_coming_when_the_process_ended_goes(world):
    """The row is older than the file, so nothing lies in the folder that no row knows."""
    await world.database.run(lambda unit: unit.media.begin(1, "webchat", "w1", "ab/cd", world.clock.now(), DAY))
    await world.database.run(lambda unit: unit.media.release())

    assert [state for state, _, _ in await rows(world)] == ["erased"]


async def test_a_code_is_drawn_when_it_is_looked_at(world):
    """Staff show a customer's link from the screen; the log holds the link, no picture."""
    page = await world.page(await world.staff_link())
    made = Attachment("photo", made="qr", of="https://ask.example.com/c/abc", alt="A code to scan")
    await world.say(page.chat, "Show this", attachments=(made,))
    [entry] = await page.entries()
    status, headers, content = await shown(page, entry["id"])

    assert status == 200
    assert headers["Content-Type"] == "image/png"
    assert content.startswith(b"\x89PNG")
