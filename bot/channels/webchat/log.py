"""What the web chat keeps and asks of storage: the log of each chat, its links and its sessions.

A channel does not know storage; `bot.weblog` is the real `ChatLog`. Its log is the truth of what a page shows:
entries are only ever appended, and a page that has seen entry 17 asks for those after 17.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Literal, Protocol

import msgspec

from bot.access.policy import Role
from bot.channels.messages import Attachment, Message

NAME = "webchat"


class Said(msgspec.Struct, frozen=True, tag="said", tag_field="is"):
    """We said something. `ref` is the message's id in this channel."""

    ref: str
    message: Message


class Edited(msgspec.Struct, frozen=True, tag="edited", tag_field="is"):
    """The message `ref` now reads like this."""

    ref: str
    message: Message


class Heard(msgspec.Struct, frozen=True, tag="heard", tag_field="is", omit_defaults=True):
    """The person wrote or sent something. `ident` is their page's own id of it; `quiet` texts are not shown."""

    ident: str
    text: str
    reply_to: str | None = None
    shortened: bool = False
    quiet: bool = False
    attachments: tuple[Attachment, ...] = ()


class Chosen(msgspec.Struct, frozen=True, tag="chosen", tag_field="is"):
    """The person pressed the button `press` below the message `ref`."""

    ident: str
    ref: str
    press: str


Body = Said | Edited | Heard | Chosen


class Entry(msgspec.Struct, frozen=True):
    """One entry of a chat's log, in order of `id`. `at` in ms of business time."""

    id: int
    at: int
    body: Body


class Peeked(msgspec.Struct, frozen=True):
    """A link that may be opened: what for, in which language, and whether its chat has begun already."""

    purpose: str
    language: str | None
    begun: bool


class Opened(msgspec.Struct, frozen=True):
    """The chat of a link, open to a new session. `returning`: it is one that was begun before, by another link."""

    chat: str
    language: str | None
    returning: bool = False


class LinkRefused(msgspec.Struct, frozen=True):
    """A link that opens nothing: never given out, too old, used for another chat, or of a place not in use any more."""

    why: Literal["unknown", "expired", "used", "retired"]


class Visitor(msgspec.Struct, frozen=True):
    """Whose session it is: a chat, what its person is to us, and the language they have chosen."""

    chat: str
    roles: frozenset[Role]
    language: str | None
    name: str = ""
    customer_id: int | None = None
    staff_member_id: int | None = None

    @property
    def of_staff(self) -> bool:
        return self.staff_member_id is not None


class NoSuchChat(Exception):
    """There is no chat of this id: nothing can be shown in it, now or later."""

    def __init__(self, chat: str) -> None:
        super().__init__(f"no web chat {chat}")
        self.chat = chat


class ChatLog(Protocol):
    """Every method raises `bot.channels.updates.Unavailable` when the database takes nothing now."""

    async def append(self, chat: str, body: Body, *, outbox_id: int | None, dedupe_key: str) -> int | None:
        """Append to a chat's log and return the entry's id; None when that key is in the log already.

        Raises `NoSuchChat`.
        """
        ...

    async def after(self, chat: str, entry_id: int, limit: int) -> Sequence[Entry]:
        """Return up to `limit` entries after `entry_id`, oldest first."""
        ...

    async def before_newest(self, chat: str, keep: int) -> int:
        """Return the id after which only the newest `keep` entries follow; 0 when there are no more than that."""
        ...

    async def peek(self, token: str) -> Peeked | LinkRefused:
        """Look at a link without spending it."""
        ...

    async def open(self, token: str, session_digest: str) -> Opened | LinkRefused:
        """Claim a link for its chat, or open the chat it was claimed for, with a session: all or nothing.

        The code of a place opens a new chat each time.
        """
        ...

    async def visitor(self, chat: str, session_digest: str) -> Visitor | None:
        """Return whose session it is; None when it is none of this chat, ended or too old."""
        ...


def chat_of(token: str) -> str:
    """Return the chat that a personal link opens: the same on every device."""
    return "w" + sha256(f"chat:{token}".encode()).hexdigest()[:24]
