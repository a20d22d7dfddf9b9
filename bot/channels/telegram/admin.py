"""What is asked of Telegram now and then, through python-telegram-bot's `Bot` over our one caller.

Nothing here is on the way to the first getUpdates: `telegram` is imported at the first question but who we are,
in a thread.
Whatever goes wrong is `NotDelivered`, as everywhere in this channel.
"""

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import msgspec

from bot.channels.messages import NotDelivered
from bot.channels.telegram import outcomes, parse
from bot.channels.telegram.http import BotApi, CallFailed

if TYPE_CHECKING:
    from telegram import Bot, BotCommandScope

IDENTITY_SECONDS = 20.0

T = TypeVar("T")

Commands = Sequence[tuple[str, str]]  # a command without its slash, and what it is for


class Identity(msgspec.Struct, frozen=True):
    """Who we are on Telegram. `reads_groups`: the bot sees everything in a group, not only what is said to it."""

    id: int
    username: str
    name: str
    reads_groups: bool

    def deep_link(self, token: str) -> str:
        """Return the address that opens a private chat with us and starts it with this token."""
        return f"https://t.me/{self.username}?start={token}"


class _Me(msgspec.Struct, frozen=True):
    id: int
    username: str = ""
    first_name: str = ""
    can_read_all_group_messages: bool = False


class _MeAnswer(msgspec.Struct, frozen=True):
    result: _Me


_me = msgspec.json.Decoder(_MeAnswer)


class TelegramAdmin:
    """The rare calls of one bot."""

    def __init__(self, api: BotApi, token: str) -> None:
        self._api = api
        self._token = token
        self._bot: Bot | None = None

    async def identity(self) -> Identity:
        """Ask who we are; without the library, since links to hand out wait for it from the first second on."""
        try:
            status, body = await self._api.call("getMe", b"{}", IDENTITY_SECONDS)
        except CallFailed as failed:
            raise outcomes.failure(failed) from failed
        try:
            me = _me.decode(body).result if status == 200 else None
        except (msgspec.MsgspecError, UnicodeDecodeError):
            me = None
        if me is None:
            raise outcomes.refusal(status, body)
        return Identity(me.id, me.username, me.first_name, me.can_read_all_group_messages)

    async def register_commands(self, default: Commands, by_language: Mapping[str, Commands]) -> None:
        """Set the menu of commands of private chats; languages by the two letters that Telegram knows."""
        if any(len(language) != 2 for language in by_language):
            raise ValueError("Telegram knows languages of commands by two letters only")
        await self._ready()
        from telegram import BotCommandScopeAllPrivateChats

        scope = BotCommandScopeAllPrivateChats()
        await self._set_commands(default, scope, None)
        for language, commands in by_language.items():
            await self._set_commands(commands, scope, language)

    async def register_for_chat(self, chat: str, commands: Commands) -> None:
        """Set the menu of one chat, in the language that was chosen there."""
        await self._ready()
        from telegram import BotCommandScopeChat

        await self._set_commands(commands, BotCommandScopeChat(int(chat)), None)

    async def leave(self, chat: str) -> None:
        """Leave a group that is none of ours."""
        await self._ask(lambda bot: bot.leave_chat(int(chat)))

    async def set_webhook(self, url: str, secret: str, max_connections: int = 40) -> None:
        """Have updates pushed to `url`, which must be https on 443, 80, 88 or 8443; what waits is kept."""
        await self._ask(
            lambda bot: bot.set_webhook(
                url,
                secret_token=secret,
                max_connections=max_connections,
                allowed_updates=parse.ALLOWED_UPDATES,
                drop_pending_updates=False,
            )
        )

    async def delete_webhook(self) -> None:
        """Go back to polling; what waits is kept."""
        await self._ask(lambda bot: bot.delete_webhook(drop_pending_updates=False))

    async def _set_commands(self, commands: Commands, scope: "BotCommandScope", language: str | None) -> None:
        await self._ask(lambda bot: bot.set_my_commands(commands, scope=scope, language_code=language))

    async def _ask(self, question: "Callable[[Bot], Awaitable[T]]") -> T:
        bot = await self._ready()
        from telegram import error

        try:
            return await question(bot)
        except error.RetryAfter as refused:
            span = refused.retry_after
            seconds = float(span) if isinstance(span, int) else span.total_seconds()
            raise NotDelivered("NOT_SENT", str(refused), retry_after=seconds) from refused
        except error.InvalidToken as refused:
            raise NotDelivered("STOPPED", str(refused)) from refused
        except error.Forbidden as refused:
            raise NotDelivered("UNREACHABLE", str(refused)) from refused
        except error.ChatMigrated as refused:
            raise NotDelivered("MOVED", str(refused), moved_to=str(refused.new_chat_id)) from refused
        except error.BadRequest as refused:
            raise NotDelivered("REJECTED", str(refused)) from refused
        except error.TelegramError as refused:  # every question here may be asked twice
            raise NotDelivered("NOT_SENT", str(refused)) from refused

    async def _ready(self) -> "Bot":
        """Import the library in a thread: half a second in which turns go on."""
        if self._bot is not None:
            return self._bot
        await asyncio.to_thread(importlib.import_module, "bot.channels.telegram.request")
        from telegram import Bot

        from bot.channels.telegram.request import ApiRequest

        request = ApiRequest(self._api)
        self._bot = Bot(
            self._token,
            base_url=f"{self._api.base}/bot",
            base_file_url=f"{self._api.base}/file/bot",
            request=request,
            get_updates_request=request,
        )
        return self._bot
