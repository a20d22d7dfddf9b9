"""Each row of reliability.md §0.3, over real HTTP: what a failure proves about the message."""

import asyncio

import pytest

from bot.channels.messages import Link, NotDelivered
from bot.channels.telegram import outcomes
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.http import BotApi, CallFailed
from tests.bot.channels.telegram.conftest import to
from tests.fake_telegram import FakeTelegram, faults

ROWS: dict[str, tuple[faults.AnyFault, str]] = {
    "reset after the body": (faults.Reset(), "AMBIGUOUS"),
    "closed without an answer": (faults.HangUp(), "AMBIGUOUS"),
    "truncated 200": (faults.Truncate(), "AMBIGUOUS"),
    "200 that is not JSON": (faults.NotJson(), "AMBIGUOUS"),
    "200 that says ok: false": (faults.OkFalse(), "AMBIGUOUS"),
    "500": (faults.internal_error(), "AMBIGUOUS"),
    "500 although it was done": (faults.internal_error(accepted=True), "AMBIGUOUS"),
    "502 with a page": (faults.BadGateway(), "AMBIGUOUS"),
    "429": (faults.TooMany(retry_after=7), "NOT_SENT"),
    "403 blocked": (faults.blocked(), "UNREACHABLE"),
    "403 deactivated": (faults.deactivated(), "UNREACHABLE"),
    "403 kicked": (faults.kicked(), "UNREACHABLE"),
    "400 chat not found": (faults.chat_not_found(), "UNREACHABLE"),
    "400 else": (faults.Refuse(code=400, description="Bad Request: BUTTON_DATA_INVALID"), "REJECTED"),
    "migrated": (faults.migrated(-100777), "MOVED"),
    "401": (faults.unauthorized(), "STOPPED"),
    "404": (faults.not_found(), "STOPPED"),
    "409": (faults.conflict(), "NOT_SENT"),
}


@pytest.mark.parametrize("row", ROWS)
async def test_what_a_failed_send_proves(fake: FakeTelegram, channel: Telegram, row: str):
    """The reason decides whether a second copy is allowed; and the next send works again."""
    ana = fake.person("Ana", started=True)
    fault, reason = ROWS[row]
    fake.script("sendMessage", then=[fault])

    with pytest.raises(NotDelivered) as raised:
        await channel.send(to(ana.id))

    assert raised.value.reason == reason
    assert len(fake.ledger.calls("sendMessage")) == 1
    if reason != "NOT_SENT":
        assert await channel.send(to(ana.id, "again"))


async def test_a_429_says_how_long_to_wait(fake: FakeTelegram, channel: Telegram):
    """Guessing would be too early or too late."""
    ana = fake.person("Ana", started=True)
    fake.script("sendMessage", then=[faults.TooMany(retry_after=7)])

    with pytest.raises(NotDelivered) as raised:
        await channel.send(to(ana.id))

    assert raised.value.retry_after == 7


async def test_a_chat_that_moved_says_where_to(fake: FakeTelegram, channel: Telegram):
    """The row is addressed anew without asking anybody (reliability.md B8)."""
    ana = fake.person("Ana")
    group = fake.group("Desk", [ana])
    old = group.id
    new = await group.migrates("none")

    with pytest.raises(NotDelivered) as raised:
        await channel.send(to(old))

    assert (raised.value.reason, raised.value.moved_to) == ("MOVED", str(new))


async def test_a_refused_connection_proves_that_nothing_was_sent(fake: FakeTelegram, channel: Telegram):
    """So it may be tried again at once, without a second copy."""
    ana = fake.person("Ana", started=True)
    async with fake.refusing():
        with pytest.raises(NotDelivered) as raised:
            await channel.send(to(ana.id))

    assert raised.value.reason == "NOT_SENT"
    assert await channel.send(to(ana.id))


async def test_a_name_that_cannot_be_resolved_proves_that_nothing_was_sent():
    """`.invalid` is no name anywhere."""
    api = BotApi("123456:TEST", "http://telegram.invalid")
    with pytest.raises(NotDelivered) as raised:
        await Telegram(api).send(to(1))

    assert raised.value.reason == "NOT_SENT"


async def test_a_full_pool_proves_that_nothing_was_sent(fake: FakeTelegram):
    """The call never had a connection."""
    api = BotApi(fake.token, fake.base, connections=1)
    fake.script("getMe", then=[faults.Silence()])
    holding = asyncio.create_task(api.call("getMe", b"{}", 5.0))
    await fake.ledger.wait("getMe")

    with pytest.raises(CallFailed) as raised:
        await api.call("getMe", b"{}", 0.02)

    assert not raised.value.sent
    holding.cancel()
    await api.close()


async def test_an_answer_that_is_too_slow_proves_nothing(fake: FakeTelegram, api: BotApi):
    """Telegram has the message, and we shall never hear its id."""
    fake.script("getMe", then=[faults.Silence()])

    with pytest.raises(CallFailed) as raised:
        await api.call("getMe", b"{}", 0.5)

    assert outcomes.failure(raised.value).reason == "AMBIGUOUS"


async def test_refused_links_leave_the_text(fake: FakeTelegram, channel: Telegram):
    """Once, as plain text: the words matter more than what they lead to (reliability.md B7)."""
    ana = fake.person("Ana", started=True)
    fake.script("sendMessage", then=[faults.cannot_parse()])

    await channel.send(to(ana.id, "See our page", links=(Link(4, 8, "https://example.org"),)))

    assert fake.ledger.texts(ana.id) == ["See our page"]
    assert [("entities" in call.params) for call in fake.ledger.calls("sendMessage")] == [True, False]


async def test_refused_plain_text_is_not_sent_again(fake: FakeTelegram, channel: Telegram):
    """Without links there is nothing to take away."""
    ana = fake.person("Ana", started=True)
    fake.script("sendMessage", then=[faults.cannot_parse()])

    with pytest.raises(NotDelivered) as raised:
        await channel.send(to(ana.id))

    assert raised.value.reason == "REJECTED"
    assert len(fake.ledger.calls("sendMessage")) == 1


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (403, b"<html>forbidden</html>", "NOT_SENT"),
        (429, b"slow down", "NOT_SENT"),
        (302, b"", "NOT_SENT"),
        (404, b"<html>", "STOPPED"),
        (413, b"<html>", "REJECTED"),
        (503, b"<html>", "AMBIGUOUS"),
        (200, b'{"ok":true}', "AMBIGUOUS"),
        (200, b'{"ok":true,"result":true}', "AMBIGUOUS"),
        (200, b'{"ok":false,"error_code":403,"description":"Forbidden"}', "AMBIGUOUS"),
        (200, b"\xff", "AMBIGUOUS"),
        (204, b"", "AMBIGUOUS"),
        (500, b'{"ok":true,"result":{"message_id":5}}', "AMBIGUOUS"),
    ],
)
def test_what_somebody_in_between_says_is_not_taken_for_telegrams_word(status: int, body: bytes, reason: str):
    """A page from a proxy says nothing about a customer's chat."""
    with pytest.raises(NotDelivered) as raised:
        outcomes.sent_ref(status, body)

    assert raised.value.reason == reason


@pytest.mark.parametrize("fault", [faults.not_modified(), faults.edit_not_found()])
async def test_an_edit_that_has_nothing_to_do_is_done(fake: FakeTelegram, channel: Telegram, fault: faults.Refuse):
    """It already reads so, or nobody can read it any more (reliability.md B9)."""
    ana = fake.person("Ana", started=True)
    ref = await channel.send(to(ana.id))
    fake.script("editMessageText", then=[fault])

    sending = to(ana.id, "changed")
    await channel.edit(type(sending)(2, sending.chat, sending.message, kind="edit", edits_ref=ref))

    assert len(fake.ledger.calls("editMessageText")) == 1
