"""What we say on any channel: a message, ready to be sent as it is.

A message holds final text in the recipient's language, so that delivery renders nothing. It is stored in the
outbox as JSON with its format's version.
"""

from typing import Literal, Protocol

import msgspec

FileKind = Literal["photo", "voice", "audio", "video", "document"]
"""How a file is shown."""


class Button(msgspec.Struct, frozen=True, array_like=True):
    """A button below a message: what it reads, and the callback data a tap sends back (1 to 64 bytes)."""

    label: str
    press: str


class Link(msgspec.Struct, frozen=True, array_like=True):
    """A part of the text that leads somewhere: offset and length in UTF-16 units, as Telegram counts."""

    offset: int
    length: int
    url: str


class Attachment(msgspec.Struct, frozen=True, omit_defaults=True):
    """What goes with a message: a file that somebody sent, or a picture that is made when the message is sent.

    `kind` is how it is shown. `media` is the row that holds the file; 0 when it is made, then `made` says how and
    `of` from what, so that the outbox needs no picture and sending again makes the same one. `name` is a file's
    name for its reader, `alt` says in the reader's language what it shows.
    """

    kind: FileKind
    media: int = 0
    made: Literal["", "qr", "figures", "survey"] = ""
    of: str = ""
    name: str = ""
    alt: str = ""


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text with its rows of buttons and what goes with it; with attachments the text may be empty.

    `replies_to` is the channel's id of a message it answers; `invites_reply` asks the channel to open the
    reply field (staff writing to a customer). An edit that is `gone` takes the message away, files and all; where a
    chat keeps its place, the text stands there instead.

    `thread` is the topic of a group in which it stands: the channel's id of it, or `outbox:12` for the one that that
    row opens. With `topic` it is itself no message but a topic of that state, and the text is its name.
    """

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    links: tuple[Link, ...] = ()
    replies_to: str | None = None
    invites_reply: bool = False
    version: int = 1
    attachments: tuple[Attachment, ...] = ()
    gone: bool = False
    thread: str = ""
    topic: Literal["", "open", "closed"] = ""


class File(msgspec.Struct, frozen=True):
    """An attachment as a channel gets it: the bytes, or the channel's own id of them when it has them already."""

    kind: FileKind
    content: bytes
    channel_file: str = ""
    name: str = ""
    mime: str = "application/octet-stream"
    alt: str = ""
    media: int = 0


class Sending(msgspec.Struct, frozen=True):
    """One outbox row on its way: what delivery hands to a channel."""

    outbox_id: int
    chat: str
    message: Message
    copy: int = 1
    kind: Literal["message", "edit"] = "message"
    edits_ref: str | None = None
    thread: str = ""  # the channel's id of the topic it goes into, "" for none
    files: tuple[File, ...] = ()


class NotDelivered(Exception):
    """The channel could not deliver, and says what that proves.

    NOT_SENT     nothing reached the chat: try again (after `retry_after` seconds when given; with `ours` it is we
                 who are not ready, and the channel asked for no patience)
    AMBIGUOUS    it may or may not have reached the chat
    REJECTED     refused for this message: never try it again as it is
    UNREACHABLE  the chat takes nothing more from us (blocked, gone)
    MOVED        the chat has a new id, `moved_to`
    STOPPED      our own credentials are refused: stop everything, tell the operator
    """

    Reason = Literal["NOT_SENT", "AMBIGUOUS", "REJECTED", "UNREACHABLE", "MOVED", "STOPPED"]

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        retry_after: float | None = None,
        moved_to: str | None = None,
        ours: bool = False,
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        self.moved_to = moved_to
        self.ours = ours


class Channel(Protocol):
    """A way to talk. It raises `NotDelivered` and nothing else."""

    name: str

    async def send(self, sending: Sending) -> str:
        """Send a message and return the channel's own id of it."""
        ...

    async def edit(self, sending: Sending) -> None:
        """Change the message `sending.edits_ref` to `sending.message`, or take it away; already so is success."""
        ...

    async def notice(self, chat: str, query: str, text: str | None) -> None:
        """Answer a tap at once, best effort: stop its waiting sign and show `text` in passing."""
        ...
