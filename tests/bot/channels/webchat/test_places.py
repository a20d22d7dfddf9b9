"""The code of a place in the browser: everybody gets a chat of their own, and comes back to it."""

from http.cookies import SimpleCookie

from bot.access.secrets import new_place_token
from bot.channels.webchat.wording import words
from tests.bot.channels.webchat.world import Page, World


async def made_place(world: World) -> str:
    token, now = new_place_token(), world.clock.now()
    await world.database.run(lambda unit: unit.places.add(1, "till", "At the till", "service", token, now))
    return token


async def scanned(world: World, token: str, cookie: str = "") -> tuple[str, str]:
    """Scan and press Start; return the chat one is led to, and the cookie that leads there again."""
    headers = {"Origin": world.base, **({"Cookie": cookie} if cookie else {})}
    async with world.http.post(f"{world.base}/c/{token}", headers=headers, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        kept: SimpleCookie = SimpleCookie()
        for line in answer.headers.getall("Set-Cookie"):
            kept.load(line)
        back = next(name for name in kept if "scanned" in name)
        assert kept[back]["path"] == f"/c/{token}"
        return answer.headers["Location"].partition("?")[0], f"{back}={kept[back].value}"


async def test_two_who_scan_have_two_chats(world):
    """It hangs there for everybody, so it opens nobody's chat."""
    token = await made_place(world)
    ana, ben = [(await scanned(world, token))[0] for _ in range(2)]

    assert ana != ben
    assert [update["text"] for update in await world.inbox()] == [f"/start {token}"] * 2


async def test_who_scans_again_goes_on_in_their_chat(world):
    """On the same telephone the same person: thanked, or led on, and not asked as a stranger once more."""
    token = await made_place(world)
    chat, cookie = await scanned(world, token)
    again, _ = await scanned(world, token, cookie)

    assert again == chat
    assert len({update["ident"] for update in await world.inbox()}) == 2
    assert await world.database.read(lambda unit: unit.one("SELECT COUNT(*) FROM address")) == (1,)


async def test_a_retired_place_says_so(world):
    """The paper outlives what is asked there."""
    token = await made_place(world)
    await world.database.run(lambda unit: unit.places.retire(1, world.clock.now()))
    async with world.http.get(f"{world.base}/c/{token}", headers={"Accept": "text/html"}) as answer:
        status, text = answer.status, await answer.text()

    assert (status, words("en", "Lotus House")["retired_title"] in text) == (410, True)


async def test_an_unknown_code_opens_nothing(world):
    """A torn code must not make chats."""
    headers = {"Origin": world.base}
    async with world.http.post(f"{world.base}/c/{new_place_token()}", headers=headers, allow_redirects=False) as answer:
        assert answer.status == 404

    assert await world.inbox() == []


async def opened(world: World, token: str) -> Page:
    """Open a link, and look at the chat one is led to."""
    answer = await world.opened(token)
    chat = answer.headers["Location"].partition("?")[0].removeprefix("/chat/")
    kept = SimpleCookie(answer.headers["Set-Cookie"])
    [(name, morsel)] = kept.items()
    return await world.loaded(chat, f"{name}={morsel.value}")


async def test_a_link_that_was_given_back_opens_another_chat(world):
    """What the wrong person read and wrote stays in their chat; the right one begins with an empty page."""
    token = await world.customer_link()
    wrong = await opened(world, token)
    await world.say(wrong.chat, "How was it?")
    await world.database.run(lambda unit: unit.links.free(1))
    right = await opened(world, token)

    assert right.chat != wrong.chat
    assert await right.entries() == []
    assert (await opened(world, token)).chat == right.chat
    assert await wrong.entries() != []
