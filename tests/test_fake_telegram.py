"""The fake Telegram is held to what Telegram does: each claim names its row of the reliability page.

A real client, python-telegram-bot's Bot, is driven against it for what clients tell apart by their exceptions.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from tests.fake_telegram import Call, FakeTelegram, Person, faults, media, read_ledger
from tests.fake_telegram.kinds import KINDS
from tests.waiting import LIMIT, until_so

DAY = 86_400.0
ONE_TO_THREE = InlineKeyboardMarkup([[InlineKeyboardButton(str(n), callback_data=f"1:p1:{n}") for n in (1, 2, 3)]])
ASKED = {"inline_keyboard": [[{"text": str(n), "callback_data": f"1:p1:{n}"} for n in (1, 2, 3)]]}


class Client:
    """A bot's bare HTTP client: the JSON of each answer."""

    def __init__(self, telegram: FakeTelegram, session: aiohttp.ClientSession) -> None:
        self._telegram = telegram
        self._session = session

    async def call(self, method: str, **params: Any) -> Any:
        address = f"{self._telegram.base}/bot{self._telegram.token}/{method}"
        async with self._session.post(address, json=params) as response:
            return await response.json()

    async def result(self, method: str, **params: Any) -> Any:
        answer = await self.call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> tuple[int, str]:
        answer = await self.call(method, **params)
        assert not answer["ok"], answer
        return answer["error_code"], answer["description"]

    async def updates(self, offset: int = 0, **more: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = await self.result("getUpdates", offset=offset, **more)
        return found


@pytest.fixture
async def telegram(tmp_path: Path) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(ledger_file=tmp_path / "calls.jsonl", webhook_pace=0.01, conflict_hold=0.05) as server:
        yield server


@pytest.fixture
async def client(telegram: FakeTelegram) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(telegram, session)


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Bot]:
    plain = [HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2)]  # loopback: no certificates to load
    real = Bot(
        telegram.token,
        base_url=f"{telegram.base}/bot",
        base_file_url=f"{telegram.base}/file/bot",
        request=plain[0],
        get_updates_request=plain[1],
    )
    async with real:
        yield real


@pytest.fixture
def ana(telegram: FakeTelegram) -> Person:
    return telegram.person("Ana", started=True)


# A real client.


async def test_a_real_client_learns_who_it_is(telegram, bot):
    """PTB's first call is getMe; a fake that it cannot parse proves nothing."""
    assert (bot.id, bot.username) == (123456, "makegood_bot")


async def test_a_real_client_asks_and_changes_its_question(bot, ana):
    """Send, tap, edit: the path of every rating."""
    sent = await bot.send_message(ana.id, "How was it?", reply_markup=ONE_TO_THREE)
    question = await ana.hears()
    tap = await ana.taps("2")
    [update] = await bot.get_updates()
    await update.callback_query.answer("noted")
    await bot.edit_message_text("How was it? – 2", ana.id, sent.message_id)

    assert question.labels == ["1", "2", "3"]
    assert update.callback_query.data == "1:p1:2"
    assert (await tap.answered()).text == "noted"
    assert [(m.text, m.labels, m.edited) for m in ana.screen()] == [("How was it? – 2", [], True)]
    assert ana.conversation == ["bot: How was it? [1] [2] [3]", "bot edits: How was it? – 2"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.Reset(), NetworkError),
        (faults.HangUp(), NetworkError),
        (faults.Truncate(), NetworkError),
        (faults.NotJson(), TelegramError),
        (faults.OkFalse(), KeyError),
        (faults.internal_error(accepted=True), NetworkError),
        (faults.BadGateway(accepted=True), NetworkError),
        (faults.Silence(), TimedOut),
        (faults.Delay(seconds=0.5), TimedOut),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, faults.Fault) else value.__name__,
)
async def test_a_fault_after_the_body_leaves_the_client_in_doubt(telegram, bot, ana, fault, error):
    """§0.3: the client sees an error, and the message was delivered all the same."""
    telegram.script("sendMessage", then=[fault])
    with pytest.raises(error):
        await bot.send_message(ana.id, "How was it?", read_timeout=0.2)

    assert telegram.ledger.copies("How was it?", ana.id) == 1
    assert (await ana.hears()).text == "How was it?"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.blocked(), Forbidden),
        (faults.deactivated(), Forbidden),
        (faults.kicked(), Forbidden),
        (faults.chat_not_found(), BadRequest),
        (faults.cannot_parse(), BadRequest),
        (faults.migrated(-1001), ChatMigrated),
        (faults.unauthorized(), InvalidToken),
        (faults.not_found(), InvalidToken),
        (faults.conflict(), Conflict),
    ],
)
async def test_a_refusal_is_what_the_client_takes_it_for(telegram, bot, ana, fault, error):
    """§0.3: refused means that nothing was sent."""
    telegram.script("sendMessage", then=[fault])
    with pytest.raises(error):
        await bot.send_message(ana.id, "How was it?")

    assert telegram.ledger.sent() == []
    assert ana.screen() == []


async def test_too_many_requests_say_when_to_come_again(telegram, bot, ana, monkeypatch):
    """B1: the chat stays closed for the whole window, other chats do not, and the ledger tells who came early."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it PTB warns at every RetryAfter
    ben = telegram.person("Ben", started=True)
    telegram.script("sendMessage", chat=ana.id, then=[faults.TooMany(retry_after=5)])
    with pytest.raises(RetryAfter) as first:
        await bot.send_message(ana.id, "one")
    assert telegram.ledger.inside_windows() == []

    await bot.send_message(ben.id, "two")
    await asyncio.sleep(0.1)
    with pytest.raises(RetryAfter):
        await bot.send_message(ana.id, "three")

    assert first.value.retry_after == timedelta(seconds=5)
    assert [call.text for call in telegram.ledger.inside_windows()] == ["three"]
    assert telegram.ledger.texts() == ["two"]


async def test_a_person_who_blocks_the_bot_is_out_of_reach_until_they_come_back(bot, ana):
    """B5: blocked is 403, and my_chat_member tells of both changes."""
    await ana.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ana.id, "Hello?")
    await ana.unblocks()
    await bot.send_message(ana.id, "Welcome back")

    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [(c.old_chat_member.status, c.new_chat_member.status) for c in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]


async def test_a_group_that_became_a_supergroup_says_where_it_went(telegram, bot, ana):
    """B8: the error carries the new id, and both chats carry a service message."""
    staff = telegram.group("Staff", [ana])
    old_id = staff.id
    new_id = await staff.migrates()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old_id, "Case 1")
    await bot.send_message(new_id, "Case 1")

    assert moved.value.new_chat_id == new_id
    messages = [update.message for update in await bot.get_updates()]
    assert [(m.chat_id, m.migrate_to_chat_id, m.migrate_from_chat_id) for m in messages] == [
        (old_id, new_id, None),
        (new_id, None, old_id),
    ]


@pytest.mark.parametrize("first", ["to", "from"])
async def test_a_migration_may_be_announced_before_or_after_the_error(telegram, client, ana, first):
    """B8: either service message may come first, or only after a send was refused."""
    staff = telegram.group("Staff", [ana])
    old_id, new_id = staff.id, await staff.migrates(announced="none")
    answer = await client.call("sendMessage", chat_id=old_id, text="Case 1")
    await staff.announces_migration(first)
    [update] = await client.updates()

    assert answer["parameters"] == {"migrate_to_chat_id": new_id}
    assert f"migrate_{first}_chat_id" in update["message"]


async def test_every_kind_of_message_can_be_read_by_a_real_client(telegram, bot, ana):
    """E6: what is no text must at least be what Telegram would send."""
    assert len(KINDS) >= 25
    for kind in KINDS:
        await ana.sends(kind)

    updates = await bot.get_updates()
    assert len(updates) == len(KINDS)
    assert sum(update.message.effective_attachment is not None for update in updates) > 15
    assert all(not update.message.api_kwargs for update in updates)  # PTB knows every field


async def test_a_file_that_was_sent_can_be_fetched(bot, ana):
    """A complaint may be a photo; staff want to see it."""
    await ana.sends("voice")
    [update] = await bot.get_updates()
    file = await bot.get_file(update.message.voice.file_id)

    assert len(await file.download_as_bytearray()) == 2048


async def test_a_picture_comes_in_as_multipart(telegram, bot, ana):
    """A client uploads files in a form with parts, and structures in it as JSON strings."""
    await bot.send_photo(ana.id, media.png(), caption="Today", reply_markup=ONE_TO_THREE)

    assert (await ana.hears()).labels == ["1", "2", "3"]


async def test_commands_are_kept_by_scope_and_language(bot):
    """Telegram knows two-letter language codes only."""
    await bot.set_my_commands([("stop", "不再询问")], language_code="zh")

    assert [c.description for c in await bot.get_my_commands(language_code="zh")] == ["不再询问"]
    assert await bot.get_my_commands() == ()
    with pytest.raises(BadRequest):
        await bot.set_my_commands([("stop", "Stop")], language_code="zh-Hans")


# Polling, §0.1.


async def test_an_offset_confirms_what_lies_below_it(client, ana):
    """Until then everything is given again: that is what makes a crash harmless (A1, A2)."""
    await ana.says("one")
    await ana.says("two")
    first, second = await client.updates()

    assert await client.updates() == [first, second]
    assert await client.updates(second["update_id"]) == [second]
    assert await client.updates(second["update_id"] + 1) == []
    assert await client.updates() == []


async def test_a_negative_offset_forgets_all_but_the_last(client, ana):
    """§0.1: an easy way to lose answers, so nothing of ours may do it."""
    for text in ("one", "two", "three"):
        await ana.says(text)

    assert [u["message"]["text"] for u in await client.updates(-1)] == ["three"]
    assert [u["message"]["text"] for u in await client.updates()] == ["three"]


async def test_an_offset_that_the_queue_does_not_know_gives_everything(telegram, client, ana):
    """A10: after an idle week ids begin anywhere, and a bot that remembers its old offset must miss nothing."""
    telegram.next_update_id = 9_000_000
    await ana.says("before")
    [before] = await client.updates()
    telegram.next_update_id = 1_000
    await ana.says("after")
    [after] = await client.updates(before["update_id"] + 1)

    assert (before["update_id"], after["update_id"]) == (9_000_000, 1_000)


async def test_a_long_poll_ends_when_something_comes(client, ana):
    """Waiting costs nobody anything."""
    poll = asyncio.create_task(client.updates(timeout=20))
    await asyncio.sleep(0.02)
    await ana.says("here")

    assert [u["message"]["text"] for u in await asyncio.wait_for(poll, LIMIT)] == ["here"]


async def test_a_second_poller_ends_the_first_with_a_conflict(telegram, client, ana):
    """A14: two bots on one token."""
    first = asyncio.create_task(client.call("getUpdates", timeout=20))
    await telegram.until_listening()
    second = asyncio.create_task(client.call("getUpdates", timeout=20))

    assert (await first)["error_code"] == 409
    await ana.says("for the second")
    assert len((await second)["result"]) == 1


async def test_a_poller_that_was_killed_does_not_disturb_the_next(telegram, client):
    """A connection that is gone waits for nothing."""
    poll = asyncio.create_task(client.call("getUpdates", timeout=20))
    await telegram.until_listening()
    poll.cancel()
    after = await client.call("getUpdates", timeout=0)

    assert after == {"ok": True, "result": []}
    await until_so(lambda: not telegram.listening)


async def test_taps_live_for_150_seconds_and_messages_for_a_day(telegram, client, ana):
    """§0.1: after 2.5 minutes of downtime the taps are gone for ever and the typed answers are not."""
    await client.result("sendMessage", chat_id=ana.id, text="How was it?", reply_markup=ASKED)
    await ana.taps("1")
    await ana.says("two")
    telegram.advance(151)
    left = await client.updates()
    telegram.advance(DAY)

    assert [u["message"]["text"] for u in left] == ["two"]
    assert await client.updates() == []


async def test_kinds_that_were_not_asked_for_do_not_come(client, ana):
    """allowed_updates holds from the call that names it."""
    await client.updates(allowed_updates=["message"])
    await ana.blocks()
    await ana.unblocks()
    await ana.says("hello")

    assert [list(u) for u in await client.updates()] == [["update_id", "message"]]


async def test_a_duplicate_has_the_same_id_in_the_same_batch(telegram, client, ana):
    """A8."""
    telegram.duplicate_next(copies=3)
    await ana.says("once")

    assert len({json.dumps(u) for u in await client.updates()}) == 1
    assert len(await client.updates()) == 3


async def test_a_tap_can_overtake_an_earlier_text(telegram, client, ana):
    """A11: messages and taps travel in different queues."""
    await client.result("sendMessage", chat_id=ana.id, text="How was it?", reply_markup=ASKED)
    telegram.reorder(2)
    await ana.says("fine")
    await ana.taps("3")

    assert [list(u)[1] for u in await client.updates()] == ["callback_query", "message"]


async def test_the_same_id_may_come_with_other_content(telegram, client, ana):
    """A9: after ids begin anew, an id alone does not tell two updates apart."""
    await ana.says("first")
    [update] = await client.updates()
    other = {**update["message"], "message_id": 77, "text": "second"}
    telegram.push({"update_id": update["update_id"], "message": other})

    assert [(u["update_id"], u["message"]["text"]) for u in await client.updates()] == [
        (update["update_id"], "first"),
        (update["update_id"], "second"),
    ]


async def test_what_is_held_comes_in_the_order_a_test_wants(telegram, client, ana):
    """A11: ids follow the order of arrival, as they do at Telegram."""
    telegram.hold()
    for text in ("a", "b", "c"):
        await ana.says(text)
    nothing = await client.updates()
    telegram.release([2, 0, 1])
    found = await client.updates()

    assert nothing == []
    assert [u["message"]["text"] for u in found] == ["c", "a", "b"]
    assert [u["update_id"] for u in found] == sorted(u["update_id"] for u in found)


# What is refused.


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "1", "callback_data": ""}]]}}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "1", "callback_data": "五" * 22}]]}}, "BUTTON_DATA_INVALID"),
        ({"entities": [{"type": "bold", "offset": 3, "length": 9}]}, "ENTITY_BOUNDS_INVALID"),
        ({"text": "😀 ok", "entities": [{"type": "bold", "offset": 1, "length": 2}]}, "middle of a UTF-16 symbol"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"chat_id": 5}, "chat not found"),
    ],
)
async def test_a_message_that_telegram_would_not_take_is_refused(client, ana, wrong, told):
    """B11 and the limits of §0.1, counted in UTF-16 units and in bytes."""
    code, description = await client.refusal("sendMessage", **{"chat_id": ana.id, "text": "Hello", **wrong})

    assert code == 400
    assert told in description


async def test_the_longest_message_and_the_longest_callback_data_are_taken(client, ana):
    """The limits are inclusive."""
    keyboard = {"inline_keyboard": [[{"text": "1", "callback_data": "x" * 64}]]}
    await client.result("sendMessage", chat_id=ana.id, text="😀" * 2048, reply_markup=keyboard)

    assert len((await ana.hears()).text) == 2048


async def test_nobody_can_be_written_to_before_they_write(telegram, client):
    """A bot cannot begin with somebody who never pressed Start."""
    carl = telegram.person("Carl")
    code, description = await client.refusal("sendMessage", chat_id=carl.id, text="Hello")
    await carl.starts("token-1")

    assert (code, description) == (400, "Bad Request: chat not found")
    await client.result("sendMessage", chat_id=carl.id, text="Hello")
    [update] = await client.updates()
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_an_edit_must_change_something_that_is_there(client, ana):
    """B9."""
    sent = await client.result("sendMessage", chat_id=ana.id, text="How was it?", reply_markup=ASKED)
    message = {"chat_id": ana.id, "message_id": sent["message_id"]}
    same = await client.refusal("editMessageText", **message, text="How was it?", reply_markup=ASKED)
    await client.result("editMessageReplyMarkup", **message)
    again = await client.refusal("editMessageReplyMarkup", **message)
    await client.result("deleteMessage", **message)
    gone = await client.refusal("editMessageText", **message, text="Thanks")

    assert "message is not modified" in same[1]
    assert "message is not modified" in again[1]
    assert gone == (400, "Bad Request: message to edit not found")
    assert ana.screen() == []


async def test_a_tap_is_answered_once_and_not_after_150_seconds(telegram, client, ana):
    """B10."""
    await client.result("sendMessage", chat_id=ana.id, text="How was it?", reply_markup=ASKED)
    first, late = await ana.taps("1"), await ana.taps("2")
    await client.result("answerCallbackQuery", callback_query_id=first.id)
    twice = await client.refusal("answerCallbackQuery", callback_query_id=first.id)
    telegram.advance(150)
    old = await client.refusal("answerCallbackQuery", callback_query_id=late.id)

    assert "query is too old" in twice[1]
    assert "query is too old" in old[1]


async def test_a_button_that_is_gone_can_still_be_tapped(client, ana):
    """E9: a slow telephone shows what was there, and data may be forged (§0.1, G1)."""
    sent = await client.result("sendMessage", chat_id=ana.id, text="How was it?", reply_markup=ASKED)
    question = await ana.hears()
    await client.result("editMessageText", chat_id=ana.id, message_id=sent["message_id"], text="Thanks")
    with pytest.raises(AssertionError, match="sees no button"):
        await ana.taps("1")
    await ana.taps_again(question, "1")
    await ana.forges("1:other:9", question)

    assert [u["callback_query"]["data"] for u in await client.updates()] == ["1:p1:1", "1:other:9"]


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(telegram, client):
    """§0.1: 401 for a token that could be one, 404 for nonsense and for methods there are not."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{telegram.base}/bot1:WRONG/getMe") as wrong:
            assert wrong.status == 401
        async with session.get(f"{telegram.base}/botnonsense/getMe") as nonsense:
            assert nonsense.status == 404
    assert (await client.refusal("sendTelegram"))[0] == 404
    telegram.revoke_token()
    assert (await client.refusal("getMe"))[0] == 401


# People and groups.


async def test_an_edited_text_comes_as_such(client, ana):
    """E8."""
    said = await ana.says("5")
    await ana.edits(said, "3")
    written, edited = await client.updates()

    assert written["message"]["text"] == "5"
    assert edited["edited_message"]["text"] == "3"
    assert edited["edited_message"]["message_id"] == said.message_id


async def test_a_reply_carries_what_it_answers(client, ana):
    """Staff write to a customer by answering a message."""
    await client.result("sendMessage", chat_id=ana.id, text="Write here", reply_markup={"force_reply": True})
    asked = await ana.hears()
    await ana.replies(asked, "The heating")

    assert (await client.updates())[0]["message"]["reply_to_message"]["message_id"] == asked.message_id


async def test_a_bot_in_a_group_sees_what_is_meant_for_it(telegram, client, ana):
    """E10: Telegram's default hides ordinary talk, and commands for other bots, from bots."""
    staff = telegram.group("Staff", [ana], bot="absent")
    await staff.adds_bot(by=ana)
    sent = await client.result("sendMessage", chat_id=staff.id, text="Case 1")
    await ana.says("just talk", chat=staff)
    await ana.says("/take@other_bot", chat=staff)
    await ana.says("/take@makegood_bot 1", chat=staff)
    await ana.replies(await ana.hears(chat=staff), "on my way", chat=staff)
    await staff.says_anonymously("/take")

    joined, service, *spoken = await client.updates()
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert service["message"]["new_chat_members"][0]["id"] == 123456
    assert [u["message"]["text"] for u in spoken] == ["/take@makegood_bot 1", "on my way", "/take"]
    assert spoken[1]["message"]["reply_to_message"]["message_id"] == sent["message_id"]
    assert spoken[2]["message"]["sender_chat"]["id"] == staff.id


async def test_a_bot_that_was_removed_or_left_cannot_write(telegram, client, ana):
    """B5."""
    removed, left = telegram.group("One", [ana]), telegram.group("Two", [ana], supergroup=True)
    await removed.removes_bot(by=ana)
    await client.result("leaveChat", chat_id=left.id)

    assert await client.refusal("sendMessage", chat_id=removed.id, text="?") == (
        403,
        "Forbidden: bot was kicked from the group chat",
    )
    assert (await client.refusal("sendMessage", chat_id=left.id, text="?"))[0] == 403


async def test_message_ids_repeat_across_chats(telegram, client, ana):
    """§3.1: an id is unique only within its chat, so no table of ours may key on it alone."""
    ids = set()
    for group in (telegram.group("One", [ana], topics=True), telegram.group("Two", [ana], topics=True)):
        ids.add((await client.result("sendMessage", chat_id=group.id, text="Hello"))["message_id"])

    assert ids == {1}


async def test_a_topic_is_written_to_by_its_thread(telegram, client, ana):
    """A staff group may be a forum."""
    staff = telegram.group("Staff", [ana], topics=True)
    thread = staff.topic("Complaints")
    sent = await client.result("sendMessage", chat_id=staff.id, text="Case 1", message_thread_id=thread)

    assert sent["is_topic_message"]
    assert (await client.refusal("sendMessage", chat_id=staff.id, text="?", message_thread_id=77))[0] == 400


# Webhook, §0.1.


@asynccontextmanager
async def hook(answers: list[web.Response]) -> AsyncIterator[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """A bot's webhook that answers as told, then with 200; yields its address and what it got."""
    got: list[tuple[str, dict[str, Any]]] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), await request.json()))
        return answers.pop(0) if answers else web.Response()

    application = web.Application()
    application.router.add_post("/hook", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/hook", got
    finally:
        await runner.cleanup()


async def test_a_refused_update_holds_back_its_chat_only(telegram, client, ana):
    """Head-of-line: the next message waits for the first, another chat's does not; 503 is tried again."""
    ben = telegram.person("Ben", started=True)
    async with hook([web.Response(status=503)]) as (url, got):
        await client.result("setWebhook", url=url, secret_token="s3cret")
        await ana.says("one")
        await ana.says("two")
        await ben.says("three")
        await telegram.drained()

    texts = [update["message"]["text"] for _, update in got]
    assert [text for text in texts if text != "three"] == ["one", "one", "two"]
    assert texts.index("three") < len(texts) - 1
    assert {secret for secret, _ in got} == {"s3cret"}


async def test_a_webhook_that_asks_for_patience_is_given_it(telegram, client, ana):
    """Retry-After is honoured; without it the delay doubles from a second (here a hundredth of each)."""
    busy, broken = web.Response(status=503, headers={"Retry-After": "20"}), web.Response(status=500)
    async with hook([broken, busy]) as (url, _):
        await client.result("setWebhook", url=url)
        begun = asyncio.get_running_loop().time()
        await ana.says("one")
        await telegram.drained()

    assert asyncio.get_running_loop().time() - begun > 0.2
    assert [(push.status, push.attempt) for push in telegram.webhook.pushes] == [(500, 1), (503, 2), (200, 3)]


async def test_gone_for_a_day_removes_the_webhook(telegram, client, ana):
    """§0.1: never answer 410."""
    async with hook([web.Response(status=410), web.Response(status=410)]) as (url, got):
        await client.result("setWebhook", url=url)
        await ana.says("one")
        webhook = telegram.webhook
        while len(webhook.pushes) < 1:
            await asyncio.wait_for(webhook.pushed.wait(), LIMIT)
        telegram.advance(23.5 * 3600)
        while telegram.webhook is not None:
            await asyncio.wait_for(webhook.pushed.wait(), LIMIT)

    assert len(got) == 2


async def test_an_answer_that_names_a_method_is_carried_out(telegram, client, ana):
    """§0.1: and nobody hears the result, which is why we never do it."""
    said = json.dumps({"method": "sendMessage", "chat_id": ana.id, "text": "by return"})
    async with hook([web.Response(text=said, content_type="application/json")]) as (url, _):
        await client.result("setWebhook", url=url)
        await ana.says("hello")
        await telegram.drained()

    assert [call.via for call in telegram.ledger.sent(ana.id)] == ["webhook answer"]


async def test_fifty_copies_of_an_update_are_posted_at_once(telegram, client, ana):
    """A8: fifty times 200, one change."""
    async with hook([]) as (url, got):
        await client.result("setWebhook", url=url, max_connections=50)
        telegram.duplicate_next(copies=50)
        await ana.says("once")
        await telegram.drained()

    assert len(got) == 50
    assert {push.status for push in telegram.webhook.pushes} == {200}


async def test_polling_and_a_webhook_exclude_each_other(client):
    """409 until deleteWebhook."""
    async with hook([]) as (url, _):
        await client.result("setWebhook", url=url)
        code, told = await client.refusal("getUpdates")
        await client.result("deleteWebhook")

    assert code == 409
    assert "webhook is active" in told
    assert await client.updates() == []


# The ledger, the hooks, the network.


async def test_the_ledger_is_on_disk_before_the_answer_leaves(telegram, client, ana, tmp_path):
    """A6: a bot that is killed on receipt leaves its trace."""
    seen: list[int] = []
    telegram.on_call("sendMessage", lambda call: seen.append(len(read_ledger(tmp_path / "calls.jsonl"))))
    await client.result("sendMessage", chat_id=ana.id, text="How was it?", reply_markup=ASKED)

    assert seen == [1]
    assert telegram.ledger.copies_of_prompt("p1", ana.id) == 1
    assert telegram.ledger.prompts() == {"p1": 1}


async def test_a_bot_can_be_killed_between_the_deed_and_the_answer(telegram, client, ana):
    """A6: the hook runs when the message is in the chat and the client knows nothing yet."""
    calls: list[asyncio.Task[Any]] = []

    async def kill(call: Call) -> None:
        calls[0].cancel()
        await asyncio.sleep(0.01)

    telegram.on_call("sendMessage", kill, lambda call: call.chat == ana.id, once=True)
    calls.append(asyncio.create_task(client.call("sendMessage", chat_id=ana.id, text="How was it?")))
    with pytest.raises(asyncio.CancelledError):
        await calls[0]

    assert telegram.ledger.copies("How was it?", ana.id) == 1
    assert (await ana.hears()).text == "How was it?"


async def test_a_script_ends_and_lets_calls_between_pass(telegram, client, ana):
    """Two faults with a good call between them, then nothing more."""
    script = telegram.script(chat=ana.id, then=[faults.internal_error(), faults.Fine()], times=2)
    outcomes = [(await client.call("sendMessage", chat_id=ana.id, text=str(n)))["ok"] for n in range(5)]

    assert outcomes == [False, True, False, True, True]
    assert script.spent


async def test_while_connections_are_refused_nothing_arrives(telegram, client, ana):
    """B4: not sent is certain; afterwards the address is the same."""
    async with telegram.refusing():
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.call("sendMessage", chat_id=ana.id, text="lost")
    await client.result("sendMessage", chat_id=ana.id, text="found")

    assert telegram.ledger.texts() == ["found"]


async def test_the_ledger_knows_the_busiest_moment(telegram, client, ana):
    """N14: pace limits are proved by what arrived."""
    for n in range(3):
        await client.result("sendMessage", chat_id=ana.id, text=str(n))

    assert telegram.ledger.busiest(1.0, ana.id) == 3


async def test_waiting_in_vain_says_what_was_heard(client, ana):
    """A test that fails must show the conversation."""
    await client.result("sendMessage", chat_id=ana.id, text="How was it?")
    with pytest.raises(AssertionError, match=r"bot: How was it\?"):
        await ana.hears(0.05, containing="Thanks")


async def test_what_is_no_json_is_refused(telegram):
    """A client's mistake is answered, not raised."""
    async with aiohttp.ClientSession() as session:
        address = f"{telegram.base}/bot{telegram.token}/sendMessage"
        async with session.post(address, data=b"{", headers={"Content-Type": "application/json"}) as response:
            assert response.status == 400
        async with session.post(address, data={"chat_id": "5", "text": "form"}) as response:
            assert "chat not found" in (await response.json())["description"]


async def test_it_runs_as_a_process_and_is_told_what_to_play(tmp_path):
    """The crash suite may keep it in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.fake_telegram", "--ledger", str(tmp_path / "calls.jsonl")),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    base = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session:

        async def tell(verb: str, **asked: Any) -> Any:
            async with session.post(f"{base}/control/{verb}", json=asked) as response:
                answer = await response.json()
                assert answer["ok"], answer
                return answer["result"]

        ana = (await tell("person", name="Ana"))["id"]
        await tell("act", person=ana, does="says", text="/start")
        await tell("script", then=[{"fault": "refuse", "code": 500, "description": "restart"}])
        address = f"{base}/bot123456:TEST-TOKEN/sendMessage"
        for status in (500, 200):
            async with session.post(address, json={"chat_id": ana, "text": "Hello", "reply_markup": ASKED}) as answer:
                assert answer.status == status
        heard = await tell("hears", person=ana)
        await tell("act", person=ana, does="taps", label="2", message=heard["message_id"])
        assert await tell("pending") == {"updates": 2, "listening": False}
        assert await tell("conversation", person=ana) == ["ana: /start", "bot: Hello [1] [2] [3]"]
    process.send_signal(signal.SIGTERM)
    await process.wait()

    assert [call.outcome for call in read_ledger(tmp_path / "calls.jsonl")] == ["refused", "accepted"]
