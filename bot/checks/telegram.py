"""What Telegram says of the bot, of its webhook, and of the staff group."""

from collections.abc import AsyncIterator, Iterator
from typing import Final

from bot.channels.messages import NotDelivered
from bot.channels.telegram.http import BotApi
from bot.channels.telegram.looking import ChatInfo, Looker, Me, Member, WebhookInfo
from bot.checks.findings import Finding, fault, note, ok
from bot.clock import Clock
from bot.config import Config
from bot.lock import holder
from conversations.phrases import Phrase, phrase
from storage.addresses import Address
from storage.errors import StorageError
from storage.sqlite import SqliteReader

RECENT_S: Final = 3600
MANY: Final = 100

ADD_AGAIN: Final = phrase(
    "Add the bot to it again and send {command} there, or send it in another group.", command="/group"
)
WRONG_TOKEN: Final = phrase("The token is wrong: copy it again from BotFather into telegram.token.")
NO_WAY: Final = phrase("See to the network, telegram.api_base and telegram.proxy.")


async def of_telegram(config: Config, clock: Clock) -> AsyncIterator[Finding]:
    """Yield who we are there, whether updates reach us, and whether the staff group still takes what we write."""
    settings = config.telegram
    if not settings.token:
        mend = phrase("Ask BotFather for a token and set telegram.token, or use the web chat alone.")
        yield note("telegram", phrase("There is no bot on Telegram."), mend)
        return
    api = BotApi(settings.token, settings.api_base, settings.proxy or None)
    try:
        looker = Looker(api)
        me = await looker.me()
        yield ok("telegram", phrase("Telegram knows the bot as @{username}.", username=me.username))
        for finding in _of_webhook(config, await looker.webhook(), clock):
            yield finding
        for finding in await _of_group(config, looker, me):
            yield finding
    except NotDelivered as error:
        told = phrase("Telegram does not answer as it should: {reason}.", reason=error.reason)
        yield fault("telegram", told, WRONG_TOKEN if error.reason in ("STOPPED", "REJECTED") else NO_WAY)
    finally:
        await api.close()


def _of_webhook(config: Config, info: WebhookInfo, clock: Clock) -> Iterator[Finding]:
    """Where updates go must be where we wait for them."""
    settings = config.telegram
    running = holder(config.folder) is not None
    if settings.mode == "polling" and info.url:
        told = phrase("Updates are pushed to {url}, and telegram.mode is polling: polling finds none.", url=info.url)
        if running:
            yield fault(
                "telegram.webhook", told, phrase("Another program uses this bot: stop it, or take a new token.")
            )
        else:
            yield note(
                "telegram.webhook",
                told,
                phrase("{command} takes the webhook away; stop what set it.", command="makegood run"),
            )
    if settings.mode == "webhook":
        wanted = settings.webhook_url or f"{config.public_url.rstrip('/')}/telegram/webhook"
        if info.url != wanted:
            told = phrase("Updates are pushed to {url}, and not to {wanted}.", url=info.url or "–", wanted=wanted)
            mend = phrase(
                "{command} sets it; while it runs, another program may have changed it.", command="makegood run"
            )
            yield (fault if running else note)("telegram.webhook", told, mend)
        if info.last_error_date and clock.real() / 1000 - info.last_error_date < RECENT_S:
            told = phrase("Telegram could not reach us lately: {why}", why=info.last_error_message)
            yield fault("telegram.webhook", told, phrase("See to the proxy, its certificate and web.public_url."))
    if info.pending_update_count > MANY:
        told = phrase("Updates that wait at Telegram: {count}.", count=info.pending_update_count)
        yield note("telegram.waiting", told, phrase("Is makegood running?"))


async def _of_group(config: Config, looker: Looker, me: Me) -> list[Finding]:
    group = await _registered(config)
    if group is None:
        return []
    try:
        chat = await looker.chat(group.chat)
        member = await looker.member(group.chat, me.id)
    except NotDelivered as error:
        if error.reason in ("NOT_SENT", "STOPPED"):
            raise
        return [fault("telegram.group", phrase("Telegram does not know the staff group any more."), ADD_AGAIN)]
    topics = _of_topics(chat, member) if config.telegram.topics else ()
    return [*_of_rights(chat, member), _of_privacy(chat, member, me), *topics]


def _of_rights(chat: ChatInfo, member: Member) -> Iterator[Finding]:
    title = chat.title
    if member.status in ("left", "kicked") or (member.status == "restricted" and not member.is_member):
        told = phrase('The bot is not in the staff group "{title}" any more.', title=title)
        yield fault("telegram.group", told, ADD_AGAIN)
    elif not _may_write(chat, member):
        told = phrase('The bot may not write in the staff group "{title}".', title=title)
        yield fault("telegram.group", told, phrase("Allow it to send messages there, or make it an administrator."))
    else:
        yield ok("telegram.group", phrase('The staff group is "{title}", and the bot may write there.', title=title))


def _of_topics(chat: ChatInfo, member: Member) -> Iterator[Finding]:
    """Each case gets a topic of its own only where there are topics, and we may open them."""
    if chat.is_forum and (member.status == "creator" or member.can_manage_topics):
        yield ok("telegram.topics", phrase("Each case gets a topic in the staff group."))
    else:
        told = phrase("telegram.topics is on, but no topic can be opened in the staff group: cases go on without.")
        mend = phrase("Switch topics on in the group's settings; make the bot an administrator who may manage them.")
        yield fault("telegram.topics", told, mend)


def _may_write(chat: ChatInfo, member: Member) -> bool:
    if member.status in ("creator", "administrator"):
        return True
    if member.status == "restricted":
        return member.can_send_messages
    return chat.permissions.can_send_messages


def _of_privacy(chat: ChatInfo, member: Member, me: Me) -> Finding:
    """Replies to our own messages reach us with privacy mode on; what else is said in the group does not."""
    if me.can_read_all_group_messages or member.status == "administrator":
        words: Phrase = phrase(
            "The bot sees everything that is written in the staff group; it needs only replies to it."
        )
        return note("telegram.privacy", words, phrase("If you want that less: BotFather, /setprivacy, Enable."))
    words = phrase(
        "Privacy mode is on, as it should be: in the staff group the bot sees commands, buttons and replies to its own"
        " messages, and nothing else. To write to a customer, reply to the bot's message."
    )
    return ok("telegram.privacy", words)


async def _registered(config: Config) -> Address | None:
    """Return the staff group that is registered, None also when the database cannot say: that is told elsewhere."""
    if not config.database.exists():
        return None
    reader = SqliteReader(config.database, 5000)
    try:
        await reader.open()
        group = await reader.read(lambda unit: unit.addresses.staff_group(1))
    except StorageError:
        return None
    finally:
        await reader.close()
    return group if group is not None and group.channel == "telegram" else None
