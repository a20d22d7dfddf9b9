"""What a page posts: stored once, from our page only, from that chat only, and never more than we can bear."""

import asyncio
import logging

from bot.channels.webchat.flood import POSTS, Flood
from bot.channels.webchat.posts import TEXT_LIMIT


async def test_a_text_reaches_the_log_and_the_bot(world, page):
    """The page shows it from the log; the bot answers it from the inbox."""
    answer = await page.say("The door is scratched", "abcdefgh1")
    [entry] = await page.entries()

    assert answer.status == 204
    assert entry["body"] == {"is": "heard", "ident": "abcdefgh1", "text": "The door is scratched"}
    [_, update] = await world.inbox()
    assert (update["text"], update["ref"], update["chat"]) == ("The door is scratched", "abcdefgh1", page.chat)


async def test_a_repeated_post_says_it_once(world, page):
    """The page repeats what it has no answer to; the connection may have died after we had stored it."""
    for _ in range(3):
        assert (await page.say("once", "abcdefgh1")).status == 204

    assert len(await page.entries()) == 1
    assert len(await world.inbox()) == 2


async def test_a_tap_arrives_with_its_message_and_its_own_id(world, page):
    """The bot finds the prompt by the data, the message by its ref, and answers the tap by its id."""
    ref = await world.say(page.chat, "1 to 5?")
    await page.press(ref, "1:ab.1:4", "tap-0001")
    [_, update] = await world.inbox()

    assert {key: update[key] for key in ("is", "press", "ref", "query")} == {
        "is": "pressed",
        "press": "1:ab.1:4",
        "ref": ref,
        "query": "tap-0001",
    }


async def test_a_reply_names_the_message_it_answers(world, page):
    """Staff answer one case among many."""
    ref = await world.say(page.chat, "Case 17: what shall we do?")
    await page.say("Send a new one", reply_to=ref)

    assert (await world.inbox())[-1]["reply_to"] == ref


async def test_what_could_not_be_stored_is_asked_for_again_and_then_heard_once(world, page):
    """503 means that the page keeps it; nothing is acknowledged that is not committed."""
    world.intake.full = True
    refused = await page.say("please keep this", "abcdefgh1")
    world.intake.full = False
    await page.say("please keep this", "abcdefgh1")

    assert (refused.status, refused.headers["Retry-After"]) == (503, "7")
    assert [update["text"] for update in (await world.inbox())[1:]] == ["please keep this"]
    assert len(await page.entries()) == 1


async def test_a_long_text_is_kept_in_part_and_says_so(world, page):
    """E4: 4,000 characters are stored, and the person is told."""
    await page.say("好" * 5000)
    [entry] = await page.entries()

    assert (entry["body"]["text"], entry["body"]["shortened"]) == ("好" * TEXT_LIMIT, True)


async def test_a_text_is_stored_as_typed(world, page):
    """E5: whatever people write, they wrote it."""
    texts = ["😀👩‍👩‍👧", "شكرا جزيلا", "e\u0301" * 50, "a\u200bb", "line one\nline two", "<b>&amp;</b>"]
    for text in texts:
        await page.say(text)

    assert [entry["body"]["text"] for entry in await page.entries()] == texts


async def test_what_no_database_holds_is_taken_out(world, page):
    """E5: NUL and half of a surrogate pair would be refused by a store; the rest of the message is kept."""
    body = b'{"text": "a\\u0000b\\ud83dc", "id": "abcdefgh1"}'
    headers = {**page.headers, "Content-Type": "application/json"}
    async with world.http.post(f"{world.base}/chat/{page.chat}/say", data=body, headers=headers) as answer:
        assert answer.status == 204

    assert (await page.entries())[0]["body"]["text"] == "abc"


MALFORMED = [
    {},
    [],
    "x",
    {"text": "", "id": "abcdefgh1"},
    {"text": "  ", "id": "abcdefgh1"},
    {"text": 5, "id": "abcdefgh1"},
    {"text": "x", "id": "short"},
    {"text": "x", "id": "abc/defgh"},
    {"text": "x", "id": "abcdefgh1", "reply_to": "1 OR 1=1"},
]


async def test_a_malformed_post_is_refused_and_stores_nothing(world, page):
    """422 with the field, so that who writes another page finds the mistake."""
    answers = [await page.post("say", body) for body in MALFORMED]

    assert {(answer.status, answer.content_type) for answer in answers} == {(422, "application/problem+json")}
    assert await page.entries() == []


async def test_deep_json_is_refused(world, page):
    """A body of brackets must not take the process down."""
    headers = {**page.headers, "Content-Type": "application/json"}
    deep = b"[" * 30_000 + b"]" * 30_000
    async with world.http.post(f"{world.base}/chat/{page.chat}/say", data=deep, headers=headers) as answer:
        assert answer.status == 422


# --- Only from our page, only from this chat -----------------------------------------------------------------------


FOREIGN = [
    {"X-CSRF-Token": ""},
    {"X-CSRF-Token": "0" * 32},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


async def test_a_post_from_elsewhere_is_refused(world, page):
    """G10: another site can send the cookie, but neither our token nor our origin."""
    answers = [await page.post("say", {"text": "x", "id": "abcdefgh1"}, **headers) for headers in FOREIGN]

    assert [answer.status for answer in answers] == [403] * len(FOREIGN)
    assert await page.entries() == []


async def test_start_from_elsewhere_is_refused(world):
    """Else a page elsewhere could put its reader into a chat of its choosing."""
    token = await world.customer_link()
    async with world.http.post(f"{world.base}/c/{token}", headers={"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403


async def test_another_persons_chat_looks_like_one_that_is_not_there(world, page):
    """G9, G11: neither the content nor the existence of a chat is told to who is not in it."""
    other = await world.page(await world.customer_link("ben"))

    async def answers(chat: str) -> list[tuple[int, str]]:
        told = []
        for method, path in (("GET", ""), ("GET", "/stream"), ("POST", "/say"), ("POST", "/press")):
            address = f"{world.base}/chat/{chat}{path}"
            async with world.http.request(method, address, headers=page.headers, json={"text": "x"}) as answer:
                told.append((answer.status, await answer.text()))
        return told

    theirs = await answers(other.chat)

    assert theirs == await answers("w" + "0" * 24)
    assert {status for status, _ in theirs} == {404}


async def test_the_cookie_is_for_this_chat_and_no_script(world):
    """Two chats in one browser never see each other's session, and no script sees any."""
    token = await world.customer_link()
    answer = await world.opened(token)
    cookie = answer.headers["Set-Cookie"].lower()

    assert f"path={answer.headers['Location'].partition('?')[0].lower()};" in f"{cookie};"
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


async def test_every_start_gets_a_session_of_its_own(world):
    """G10: a session that somebody else knew before is never taken over."""
    token = await world.customer_link()
    cookies = {(await world.opened(token)).headers["Set-Cookie"] for _ in range(3)}

    assert len(cookies) == 3


# --- Not more than we can bear -------------------------------------------------------------------------------------


async def test_a_flood_is_slowed_with_a_kind_word(world, page):
    """One chat cannot keep the others waiting; the page sends the rest a little later."""
    answers = [await page.say("again") for _ in range(POSTS + 1)]

    assert [answer.status for answer in answers] == [204] * POSTS + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 10


def test_a_chat_may_send_again_when_the_span_has_passed():
    """The limit is over a sliding span, not for ever."""
    now = [0.0]
    flood = Flood(lambda: now[0], posts=2, span=10)
    assert [flood.wait("w1"), flood.wait("w1"), flood.wait("w1")] == [0, 0, 10]
    now[0] = 10.5

    assert flood.wait("w1") == 0


async def test_no_word_and_no_token_is_in_the_logs(world, caplog):
    """G12: logs are kept longer and read by more people than chats."""
    caplog.set_level(logging.DEBUG)
    token = await world.customer_link()
    page = await world.page(token)
    await page.say("my secret address is Canary Street 5")
    await world.say(page.chat, "canary answer")
    await page.entries()
    await asyncio.sleep(0)
    written = "\n".join(record.getMessage() for record in caplog.records)

    assert [word for word in ("anary", token, page.csrf, page.cookie.partition("=")[2]) if word in written] == []
