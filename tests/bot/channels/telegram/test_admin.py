"""The rare calls, through python-telegram-bot over our own caller."""

import asyncio
import logging

import pytest
from telegram import Bot

from bot.channels.messages import NotDelivered
from bot.channels.telegram.admin import TelegramAdmin
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.http import BotApi
from bot.channels.telegram.poller import Poller
from bot.channels.telegram.request import ApiRequest
from bot.clock import Clock
from tests.bot.channels.telegram.conftest import Inbox, to
from tests.fake_telegram import FakeTelegram, faults

COMMANDS = [("start", "Begin"), ("stop", "No more messages")]
CHINESE = [("start", "开始"), ("stop", "不再接收消息")]


@pytest.fixture
def admin(fake: FakeTelegram, api: BotApi) -> TelegramAdmin:
    """The rare calls of the fake's bot."""
    return TelegramAdmin(api, fake.token)


async def test_it_knows_who_it_is(fake: FakeTelegram, admin: TelegramAdmin):
    """The name is needed for deep links, the id for the brand."""
    identity = await admin.identity()

    assert (identity.id, identity.username) == (123456, "makegood_bot")
    assert identity.deep_link("abc_-1") == "https://t.me/makegood_bot?start=abc_-1"


async def test_commands_are_registered_for_everybody_by_language_and_for_a_chat(
    fake: FakeTelegram, admin: TelegramAdmin
):
    """Telegram knows two letters only; the script of Chinese is chosen chat by chat."""
    await admin.register_commands(COMMANDS, {"zh": CHINESE})
    await admin.register_for_chat("5", CHINESE)

    calls = [call.params for call in fake.ledger.calls("setMyCommands")]
    assert [call.get("language_code") for call in calls] == [None, "zh", None]
    assert [call["scope"]["type"] for call in calls] == ["all_private_chats", "all_private_chats", "chat"]
    assert calls[1]["commands"][0] == {"command": "start", "description": "开始"}


async def test_a_language_of_more_than_two_letters_is_refused(admin: TelegramAdmin):
    """Telegram would show those commands to nobody."""
    with pytest.raises(ValueError, match="two letters"):
        await admin.register_commands(COMMANDS, {"zh-Hans": CHINESE})


async def test_it_leaves_a_group_that_is_none_of_ours(fake: FakeTelegram, admin: TelegramAdmin):
    """And is then told that it left."""
    group = fake.group("Somebody's", [fake.person("Eve")])
    await admin.leave(str(group.id))

    assert group.chat.bot == "left"


async def test_a_webhook_is_set_with_its_secret_and_taken_away(fake: FakeTelegram, admin: TelegramAdmin):
    """What waits is kept on both ways."""
    await admin.set_webhook("https://127.0.0.1:8443/telegram", "a-secret-of-our-own", max_connections=20)
    await admin.delete_webhook()

    [call] = fake.ledger.calls("setWebhook")
    assert call.params["secret_token"] == "a-secret-of-our-own"
    assert call.params["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert not call.params.get("drop_pending_updates")
    assert fake.webhook is None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faults.unauthorized(), "STOPPED"),
        (faults.TooMany(retry_after=7), "NOT_SENT"),
        (faults.kicked(), "UNREACHABLE"),
        (faults.chat_not_found(), "REJECTED"),
        (faults.migrated(-100777), "MOVED"),
        (faults.BadGateway(), "NOT_SENT"),
        (faults.Reset(), "NOT_SENT"),
        (faults.NotJson(), "NOT_SENT"),
    ],
    ids=str,
)
async def test_a_refused_question_is_the_same_error_as_everywhere(
    fake: FakeTelegram, admin: TelegramAdmin, fault: faults.AnyFault, reason: str
):
    """Callers know one error, not a library's nine."""
    fake.script("leaveChat", then=[fault])
    with pytest.raises(NotDelivered) as raised:
        await admin.leave("-55")

    assert raised.value.reason == reason


async def test_both_ways_show_the_same_message(fake: FakeTelegram, api: BotApi, channel: Telegram):
    """The library over our caller and our own short way must not drift apart."""
    ana = fake.person("Ana", started=True)
    request = ApiRequest(api)
    bot = Bot(fake.token, base_url=f"{fake.base}/bot", request=request, get_updates_request=request)
    await bot.send_message(ana.id, "您好 😀")
    await channel.send(to(ana.id, "您好 😀"))

    library, ours = fake.ledger.sent(ana.id)
    assert library.params["text"] == ours.params["text"]
    assert library.params["chat_id"] == ours.params["chat_id"]


async def test_files_go_up_and_come_down(fake: FakeTelegram, api: BotApi):
    """A report's picture goes as a form; what comes down is what is there."""
    ana = fake.person("Ana", started=True)
    request = ApiRequest(api)
    bot = Bot(
        fake.token,
        base_url=f"{fake.base}/bot",
        base_file_url=f"{fake.base}/file/bot",
        request=request,
        get_updates_request=request,
    )
    sent = await bot.send_document(ana.id, b"\x89PNG\r\n--not a boundary", filename='rep"ort.png', caption="满意度")
    photo = await ana.sends("photo")

    assert sent.caption == "满意度"
    assert len(fake.ledger.sent(ana.id)) == 1
    file = await bot.get_file(photo.raw["photo"][0]["file_id"])
    assert len(await file.download_as_bytearray()) == 40 * 90


async def test_the_token_is_in_no_log_and_in_no_error(
    fake: FakeTelegram, api: BotApi, admin: TelegramAdmin, channel: Telegram, caplog: pytest.LogCaptureFixture
):
    """Addresses hold it, and libraries like to log and to quote addresses (reliability.md G12)."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "telegram")
    caplog.set_level(logging.WARNING, "httpx")
    errors: list[str] = []
    await admin.identity()
    fake.script("*", then=[faults.Reset(), faults.NotJson(), faults.unauthorized(), faults.BadGateway()], times=3)
    for _ in range(4):
        for attempt in (channel.send(to(5)), admin.identity(), admin.leave("5")):
            with pytest.raises(NotDelivered) as raised:
                await attempt
            errors.append(f"{raised.getrepr(style='long', chain=True)}")
    fake.refuse()
    with pytest.raises(NotDelivered) as raised:
        await channel.send(to(5))
    errors.append(str(raised.value))
    poller = Poller(api, Inbox(), Clock())
    task = asyncio.create_task(poller.run())
    await asyncio.sleep(0.02)
    poller.stop()
    await task

    assert fake.token.partition(":")[2] not in caplog.text + poller.polling.why + "".join(errors)
