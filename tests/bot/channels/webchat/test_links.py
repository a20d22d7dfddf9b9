"""Personal links: looking is free, opening is once, and the same link leads back to the same chat."""

import asyncio

from bot.access.secrets import digest, new_token
from bot.channels.webchat.log import chat_of
from bot.channels.webchat.routes import GUESSES
from bot.channels.webchat.wording import words
from bot.links import link_back
from storage.links import Link
from tests.bot.channels.webchat.world import DAY, World


async def look(world: World, token: str, **headers: str) -> tuple[int, str]:
    async with world.http.get(f"{world.base}/c/{token}", headers={"Accept": "text/html", **headers}) as answer:
        return answer.status, await answer.text()


async def link_row(world: World, token: str) -> Link:
    link = await world.database.read(lambda unit: unit.links.look(1, digest(token)))
    assert link
    return link


async def test_looking_at_a_link_spends_nothing(world):
    """Messengers and mail scanners open every link to show a preview of it."""
    token = await world.customer_link()
    for _ in range(5):
        assert (await look(world, token))[0] == 200

    assert (await link_row(world, token)).claimed_at is None
    assert await world.inbox() == []


async def test_the_front_says_who_asks_and_names_nobody(world):
    """A preview is seen by whoever sees the message; the customer's name is not theirs to see."""
    status, text = await look(world, await world.customer_link("Ana Chen"))

    assert (status, "Lotus House" in text, "Ana" in text) == (200, True, False)


async def test_start_claims_the_link_and_tells_the_bot_once(world):
    """Two presses, one beginning."""
    token = await world.customer_link()
    await world.opened(token)
    await world.opened(token)

    assert (await link_row(world, token)).claimed_by == f"webchat:{chat_of(token)}"
    assert [update["text"] for update in await world.inbox()] == [f"/start {token}"]


async def test_the_same_link_opens_the_same_chat_on_another_device(world):
    """The conversation begun on the telephone goes on at the desk."""
    token = await world.customer_link()
    telephone = await world.page(token)
    await world.say(telephone.chat, "How was it?")
    desk = await world.page(token)

    assert desk.cookie != telephone.cookie
    assert await desk.entries() == await telephone.entries() != []


async def test_thirty_at_once_open_one_chat(world):
    """A shared link must not make thirty customers of one (30-way race)."""
    token = await world.customer_link()
    answers = await asyncio.gather(*(world.opened(token) for _ in range(20)))
    addresses = await world.database.read(lambda unit: unit.all("SELECT chat FROM address"))

    assert {answer.status for answer in answers} == {303}
    assert addresses == [(chat_of(token),)]
    assert len(await world.inbox()) == 1


async def test_a_link_used_elsewhere_is_refused_kindly(world):
    """It is another person's chat now; this one is told what to do."""
    token = await world.customer_link()
    await world.database.run(lambda unit: unit.links.claim(1, digest(token), "telegram:77", world.clock.now()))

    assert (await world.opened(token)).status == 410
    status, text = await look(world, token)
    assert (status, words("en", "Lotus House")["used_title"] in text) == (410, True)


async def test_an_expired_link_opens_nothing(world):
    """An old mail in the wrong hands is worth nothing."""
    token = await world.customer_link(lasts=-1)

    assert (await world.opened(token)).status == 410
    assert (await link_row(world, token)).claimed_at is None


async def test_a_claimed_link_leads_back_for_ninety_days(world):
    """Long enough for any case, and not for ever: the link lies in a mailbox."""
    token = await world.customer_link()
    await world.opened(token)
    await _claimed(world, days_ago=89)
    assert (await world.opened(token)).status == 303
    await _claimed(world, days_ago=91)
    assert (await world.opened(token)).status == 410


async def test_a_sign_in_link_is_no_chat(world):
    """A link opens what it was made for and nothing else."""
    token, now = new_token(), world.clock.now()
    await world.database.run(lambda unit: unit.links.add(1, digest(token), "sign-in", now, now + DAY))

    assert (await world.opened(token)).status == 404


async def test_guessing_ends_after_a_few_and_good_links_still_open(world):
    """128 bits cannot be guessed; who tries is not helped, and who shares their address not harmed."""
    bad = [(await world.opened(new_token())).status for _ in range(GUESSES + 2)]

    assert bad == [404] * GUESSES + [429] * 2
    assert (await world.opened(await world.customer_link())).status == 303


async def test_odd_tokens_are_unknown_links(world):
    """Nothing of an address is shown again or taken for more than it is."""
    odd = ["x", "..%2f..%2fetc", "a" * 300, "%00", "<script>alert(1)</script>"]
    answers = [await look(world, token) for token in odd]

    assert {status for status, _ in answers} == {404}
    assert "alert" not in "".join(text for _, text in answers)


async def test_a_full_disk_asks_to_come_again_and_the_link_still_opens(world):
    """The link is claimed but the bot has not heard of it: the next press must tell it."""
    token = await world.customer_link()
    world.intake.full = True
    refused = await world.opened(token)
    world.intake.full = False

    assert (refused.status, refused.headers["Retry-After"]) == (503, "7")
    assert (await world.opened(token)).status == 303
    assert len(await world.inbox()) == 1


async def test_a_staff_invitation_opens_a_staff_chat(world):
    """Staff work in the same page; only there each message can be answered by itself."""
    page = await world.page(await world.staff_link("Mei", "staff,supervisor"))
    async with world.http.get(f"{world.base}/chat/{page.chat}", headers={"Cookie": page.cookie}) as answer:
        text = await answer.text()

    assert "data-staff" in text
    assert "Mei" in text


async def test_a_removed_colleague_is_out_at_once(world):
    """Also before any session is swept."""
    page = await world.page(await world.staff_link("Mei"))
    await world.database.run(lambda unit: unit.execute("UPDATE staff_member SET removed_at = 1"))

    assert (await page.say("hello")).status == 404


async def test_the_front_speaks_the_readers_language(world):
    """What was chosen wins, then what we know of the customer, then what the browser says."""

    async def shown(asked: str, header: str, known: str | None) -> str:
        token = await world.customer_link(f"speaks {known}", known)
        return (await look(world, f"{token}{asked}", **{"Accept-Language": header}))[1]

    assert "開始" in await shown("", "fr, zh-TW;q=0.8, en;q=0.5", None)
    assert "开始" in await shown("", "en", "zh-Hans")
    assert "開始" in await shown("?lang=zh-Hant", "en", "zh-Hans")
    assert "Start" in await shown("", "fr", None)


async def _claimed(world: World, days_ago: int) -> None:
    at = world.clock.now() - days_ago * DAY
    await world.database.run(lambda unit: unit.execute("UPDATE link SET claimed_at = :at", {"at": at}))


async def test_a_link_back_opens_the_chat_that_is_there_and_begins_nothing(world):
    """It came by mail, because a message waits: the same log, on any device, as often as it is opened."""
    token = await world.customer_link()
    before = await world.page(token)
    await world.say(before.chat, "We bring you a new one")

    def back(unit):
        address = unit.addresses.at(1, "webchat", before.chat)
        return link_back(unit, address, address.customer_id, world.clock.now())

    made = await world.database.run(back)
    status, text = await look(world, made.token)
    assert (status, words("en", "")["resume"] in text) == (200, True)
    for _ in range(2):
        answer = await world.opened(made.token)
        assert answer.status == 303
        assert answer.headers["Location"].partition("?")[0] == f"/chat/{before.chat}"
    assert [update["text"] for update in await world.inbox()] == [f"/start {token}"]


async def test_a_page_that_showed_a_message_is_known_to_have(world):
    """So nobody gets an e-mail for what is on their screen."""
    token = await world.customer_link()
    page = await world.page(token)
    await world.say(page.chat, "How was it?")
    assert world.streams.shown(page.chat) == 0
    entries = await page.entries()

    assert world.streams.shown(page.chat) == entries[-1]["id"]
