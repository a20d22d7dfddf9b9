"""Who and what there is on this Telegram: people, chats, and what each chat shows.

A chat keeps its messages as Telegram's own JSON, so that an answer, an update and a person's screen are one
truth. `happened` is the chat as a stream (written, edited, deleted), which people listen to.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from tests.fake_telegram import refusals
from tests.fake_telegram.parameters import Json
from tests.fake_telegram.refusals import Refused

Membership = Literal["member", "administrator", "kicked", "left", "absent"]

wall_clock = time.time  # noqa: TID251 - this stands for Telegram, which has a clock of its own


class Clock:
    """Telegram's clock, in seconds since 1970: what the wall clock says and what a test has added."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._shift = 0.0

    def now(self) -> float:
        return self._wall() + self._shift

    def advance(self, seconds: float) -> None:
        self._shift += seconds


class Bell:
    """Wakes everybody who waits for a change."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def wait(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)


class Button(msgspec.Struct, frozen=True):
    """A button as a person sees it. `press` is its callback data; a link has a `url` instead."""

    label: str
    press: str = ""
    url: str = ""


class Message(msgspec.Struct, frozen=True):
    """A message as a person saw it at one moment. `raw` is Telegram's JSON of that moment."""

    message_id: int
    chat_id: int
    text: str
    sender: str
    from_bot: bool
    rows: tuple[tuple[Button, ...], ...] = ()
    edited: bool = False
    reply_to: int | None = None
    raw: Json = {}

    @property
    def buttons(self) -> tuple[Button, ...]:
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    @property
    def links(self) -> list[str]:
        """The addresses behind linked parts of the text."""
        return [entity["url"] for entity in self.raw.get("entities", []) if "url" in entity]

    def button(self, label: str) -> Button | None:
        """The button that reads so; else the first that begins so; else the first that contains it."""
        tests: tuple[Callable[[str], bool], ...] = (
            lambda have: have == label,
            lambda have: have.startswith(label),
            lambda have: label in have,
        )
        for fits in tests:
            for button in self.buttons:
                if fits(button.label):
                    return button
        return None


class Happened(msgspec.Struct, frozen=True):
    """One thing that happened in a chat."""

    what: Literal["written", "edited", "deleted"]
    message: Message


@dataclass
class Chat:
    """A private chat (its id is the person's), a group, a supergroup or a channel."""

    id: int
    kind: Literal["private", "group", "supergroup", "channel"]
    title: str
    username: str = ""
    bot: Membership = "absent"  # what the bot is here; in a private chat "absent" until the person pressed Start
    deactivated: bool = False
    migrated_to: int | None = None
    forum: bool = False
    muted: bool = False  # only administrators may write
    refuses_files: str = ""  # in Telegram's words, where nobody may send files, or this person takes no voice messages
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    messages: dict[int, Json] = field(default_factory=dict)
    happened: list[Happened] = field(default_factory=list)

    def json(self) -> Json:
        """The chat as it stands in messages."""
        name = "first_name" if self.kind == "private" else "title"
        chat: Json = {"id": self.id, "type": self.kind, name: self.title}
        if self.username:
            chat["username"] = self.username
        if self.forum:
            chat["is_forum"] = True
        return chat

    def require_reachable(self) -> None:
        """Raise Refused when a bot cannot write here."""
        if self.migrated_to is not None:
            raise Refused(400, refusals.MIGRATED, migrate_to_chat_id=self.migrated_to)
        if self.deactivated:
            raise Refused(403, refusals.DEACTIVATED)
        if self.muted and self.bot == "member":
            raise Refused(400, refusals.NO_RIGHTS)
        if self.bot in ("member", "administrator"):
            return
        if self.bot == "absent":
            raise Refused(400, refusals.CHAT_NOT_FOUND)
        raise Refused(403, self._shut_out())

    def require_files(self, kind: str) -> None:
        """Raise Refused when files of this kind are not taken here."""
        if self.refuses_files and (kind == "voice" or "VOICE" not in self.refuses_files):
            raise Refused(400, self.refuses_files)

    def _shut_out(self) -> str:
        if self.kind == "private":
            return refusals.BLOCKED
        if self.kind == "group":
            return refusals.KICKED_FROM_GROUP
        return refusals.KICKED_FROM_SUPERGROUP if self.bot == "kicked" else refusals.NOT_A_MEMBER

    def seen(self, message: Json) -> Message:
        """A message as a person sees it now."""
        sender = message.get("sender_chat") or message.get("from") or {}
        reply = message.get("reply_to_message") or {}
        return Message(
            message_id=message["message_id"],
            chat_id=self.id,
            text=message.get("text") or message.get("caption") or "",
            sender=sender.get("first_name") or sender.get("title") or "",
            from_bot=bool(message.get("from", {}).get("is_bot")) and "sender_chat" not in message,
            rows=_rows(message.get("reply_markup") or {}),
            edited="edit_date" in message,
            reply_to=reply.get("message_id"),
            raw=msgspec.json.decode(msgspec.json.encode(message)),
        )


def _rows(markup: Json) -> tuple[tuple[Button, ...], ...]:
    return tuple(
        tuple(Button(button["text"], button.get("callback_data", ""), button.get("url", "")) for button in row)
        for row in markup.get("inline_keyboard", [])
    )


class World:
    """All chats and people, and the numbers that Telegram gives out."""

    def __init__(self, clock: Clock, bot_id: int, bot_name: str, username: str) -> None:
        self.clock = clock
        self.changed = Bell()
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": bot_name, "username": username}
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, Json] = {}
        self.files: dict[str, bytes] = {}
        self._message_ids = 0
        self._own_ids: dict[int, int] = {}  # a supergroup numbers its messages itself, so ids repeat across chats
        self._ids = 7_000_000_000

    def new_id(self) -> int:
        """An id for a person or a group, larger than 32 bits as many real ones are."""
        self._ids += 1
        return self._ids

    def new_file(self, kind: str, content: bytes) -> str:
        """Store a file and return its id."""
        file_id = f"{kind}-{len(self.files) + 1}"
        self.files[file_id] = content
        return file_id

    def chat(self, chat_id: object) -> Chat:
        """The chat by id or @username. Raises Refused (400)."""
        if chat_id is None or chat_id == "":
            raise Refused(400, "Bad Request: chat_id is empty")
        if isinstance(chat_id, int) and chat_id in self.chats:
            return self.chats[chat_id]
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            for chat in self.chats.values():
                if chat.username == chat_id[1:] and chat.kind in ("supergroup", "channel"):
                    return chat
        raise Refused(400, refusals.CHAT_NOT_FOUND)

    def new_message(self, chat: Chat, **content: object) -> Json:
        """Put a message into a chat and return its JSON; `content` has its sender under `from` or `sender_chat`."""
        message: Json = {
            "message_id": self._message_id(chat),
            "date": int(self.clock.now()),
            "chat": chat.json(),
            **{name: value for name, value in content.items() if value is not None},
        }
        chat.messages[message["message_id"]] = message
        self._note(chat, "written", message)
        return message

    def edit(self, chat: Chat, message: Json, **content: object) -> Json:
        """Replace these parts of a message; None takes a part away."""
        for name, value in content.items():
            if value is None:
                message.pop(name, None)
            else:
                message[name] = value
        message["edit_date"] = max(int(self.clock.now()), message["date"])
        self._note(chat, "edited", message)
        return message

    def delete(self, chat: Chat, message_id: int) -> None:
        self._note(chat, "deleted", chat.messages.pop(message_id))

    def _note(self, chat: Chat, what: Literal["written", "edited", "deleted"], message: Json) -> None:
        chat.happened.append(Happened(what, chat.seen(message)))
        self.changed.ring()

    def _message_id(self, chat: Chat) -> int:
        if chat.kind in ("supergroup", "channel"):
            self._own_ids[chat.id] = self._own_ids.get(chat.id, 0) + 1
            return self._own_ids[chat.id]
        self._message_ids += 1
        return self._message_ids
