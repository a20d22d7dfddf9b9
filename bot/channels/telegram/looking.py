"""Questions to the Bot API that change nothing, for whoever sets makegood up and looks whether all is well.

Without the library, whose import takes most of a second: the few fields we need are read by hand.
"""

from typing import Any, TypeVar

import msgspec

from bot.channels.messages import NotDelivered
from bot.channels.telegram import outcomes
from bot.channels.telegram.connection import CallFailed
from bot.channels.telegram.http import BotApi

T = TypeVar("T")

SECONDS = 15.0


class Me(msgspec.Struct, frozen=True):
    """Who the bot is. `can_read_all_group_messages`: privacy mode is off."""

    id: int
    username: str = ""
    can_join_groups: bool = True
    can_read_all_group_messages: bool = False


class WebhookInfo(msgspec.Struct, frozen=True):
    """Where Telegram pushes updates, "" for nowhere, how many wait, and what went wrong last (seconds UTC)."""

    url: str = ""
    pending_update_count: int = 0
    last_error_date: int = 0
    last_error_message: str = ""


class Permissions(msgspec.Struct, frozen=True):
    """What members of a group may do."""

    can_send_messages: bool = True


class ChatInfo(msgspec.Struct, frozen=True):
    """A group: what kind, its title, and what its members may do."""

    type: str
    title: str = ""
    is_forum: bool = False
    permissions: Permissions = Permissions()


class Member(msgspec.Struct, frozen=True):
    """What somebody is in a group: creator, administrator, member, restricted, left or kicked."""

    status: str
    can_send_messages: bool = True
    is_member: bool = True
    can_manage_topics: bool = False


class _Answer(msgspec.Struct, frozen=True):
    result: msgspec.Raw


class Looker:
    """Asks as one bot. Every question raises NotDelivered when Telegram refuses it or cannot be reached."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    async def me(self) -> Me:
        """Return who we are."""
        return await self._ask("getMe", Me)

    async def webhook(self) -> WebhookInfo:
        """Return where updates are pushed."""
        return await self._ask("getWebhookInfo", WebhookInfo)

    async def chat(self, chat: str) -> ChatInfo:
        """Return what a chat is."""
        return await self._ask("getChat", ChatInfo, chat_id=int(chat))

    async def member(self, chat: str, user: int) -> Member:
        """Return what somebody is in a chat."""
        return await self._ask("getChatMember", Member, chat_id=int(chat), user_id=user)

    async def _ask(self, method: str, form: type[T], **asked: Any) -> T:
        try:
            status, body = await self._api.call(method, msgspec.json.encode(asked), SECONDS)
        except CallFailed as failed:
            raise NotDelivered("NOT_SENT", str(failed)) from failed
        if status != 200:
            raise outcomes.refusal(status, body)
        try:
            return msgspec.json.decode(msgspec.json.decode(body, type=_Answer).result, type=form)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise NotDelivered("NOT_SENT", "the answer could not be read")
