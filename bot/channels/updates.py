"""What comes in from any channel, as the inbox keeps it.

A channel turns what it receives into one of these values and gives it to `Intake.receive`. `ident` makes an
update the same one however often and under whatever number it arrives: what it is, the chat, and the
message or tap it is about. Stored as tagged JSON; later formats add fields with defaults, never change one.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec


class Update(msgspec.Struct, frozen=True, tag_field="is", omit_defaults=True, kw_only=True):
    """What every update has. `sent_at` is the channel's own time of it, in ms; `chat` the channel's chat id."""

    channel: str
    ident: str
    chat: str
    sent_at: int
    update_id: int | None = None
    user: str = ""  # the channel's id of the person; in a private chat it equals `chat`
    name: str = ""  # what the person calls themselves there
    language: str = ""  # the channel's hint at their language, BCP 47
    group: bool = False  # the chat has several people in it
    anonymous: bool = False  # somebody speaks as the group or as a channel
    thread: str = ""  # the channel's id of the topic in which it was, "" for none


class Written(Update, frozen=True, tag="written", kw_only=True):
    """A text. `reply_to` is our message it answers; `edited` means it replaces an earlier text of that `ref`."""

    text: str
    ref: str
    reply_to: str | None = None
    edited: bool = False


class Pressed(Update, frozen=True, tag="pressed", kw_only=True):
    """A tap on a button: its callback data as it came, untrusted. `query` is what `Channel.notice` answers."""

    press: str
    ref: str
    query: str = ""


class Attached(Update, frozen=True, tag="attached", kw_only=True):
    """Something that is no text: a photo, a voice message, a sticker. `what` is the channel's word for it.

    `file` is the channel's own id of the file, if it is one that can be fetched; `size` its bytes as the channel
    says, 0 when it does not. Those of one `album` were sent as one act. `phone` is the number of a shared contact.
    `media` are our own ids, of an album that was gathered; `case_id` is the case that it was sent to when it came,
    `words_for` what it was for there.
    """

    what: str
    ref: str
    caption: str = ""
    reply_to: str | None = None
    file: str = ""
    file_name: str = ""
    mime: str = ""
    size: int = 0
    album: str = ""
    phone: str = ""
    media: tuple[int, ...] = ()
    case_id: int = 0
    words_for: str = ""


class Joined(Update, frozen=True, tag="joined", kw_only=True):
    """We can (again) write to this chat: unblocked, or added to a group. `by` is who did it."""

    by: str = ""


class Left(Update, frozen=True, tag="left", kw_only=True):
    """We can no longer write to this chat: blocked, removed."""


class Moved(Update, frozen=True, tag="moved", kw_only=True):
    """The chat has a new id."""

    to: str


class Unreadable(Update, frozen=True, tag="unreadable", kw_only=True):
    """Something the channel sent that we do not know: kept, counted, and never in the way of the next one."""

    raw: str


AnyUpdate = Written | Pressed | Attached | Joined | Left | Moved | Unreadable


_decoder: msgspec.json.Decoder[AnyUpdate] = msgspec.json.Decoder(AnyUpdate)
_encode = msgspec.json.Encoder().encode


def stored(update: AnyUpdate) -> str:
    """Return an update as the inbox keeps it."""
    return _encode(update).decode()


def read_stored(update_json: str) -> AnyUpdate:
    """Return an update from what `stored` made, of this or an earlier format."""
    return _decoder.decode(update_json)


class Intake(Protocol):
    """Where channels hand in what they received. `bot.intake` is the real one."""

    async def receive(self, updates: Sequence[AnyUpdate], *, facts: Mapping[str, str] | None = None) -> None:
        """Return when the updates, and the given facts (a poll offset), are committed; their turns follow.

        Raises `Unavailable` when the database takes nothing now: then do not acknowledge.
        """
        ...


class Unavailable(Exception):
    """Nothing can be stored now. Ask the sender to come again after `retry_after` seconds."""

    def __init__(self, why: str, retry_after: int = 5) -> None:
        super().__init__(why)
        self.retry_after = retry_after
