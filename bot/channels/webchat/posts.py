"""What a page posts to us, made safe to keep: a text, files, a tap, each with the page's own id of it."""

import json
from collections.abc import Sequence
from typing import Annotated, Any, Final, TypedDict, TypeVar

import msgspec

from bot.channels.messages import Attachment
from bot.channels.updates import Attached, Pressed, Written
from bot.channels.webchat.files import Kept
from bot.channels.webchat.log import NAME, Chosen, Heard

TEXT_LIMIT: Final = 4000  # characters of one message that we keep
MOST_FILES: Final = 10  # that go with one message: as many as an album has elsewhere

Post = TypeVar("Post")

Ident = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Ref = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,19}$")]


class Say(msgspec.Struct, frozen=True):
    """A text, and the ids of files that go with it; one of the two may be missing.

    `quiet` ones come from the page's own controls and are not shown as something the person wrote.
    """

    text: str
    id: Ident
    reply_to: Ref | None = None
    quiet: bool = False
    files: Annotated[tuple[int, ...], msgspec.Meta(max_length=MOST_FILES)] = ()


class Press(msgspec.Struct, frozen=True):
    """A tap on the button `press` below the message `ref`."""

    press: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    ref: Ref
    id: Ident


class _Said(TypedDict):
    """What texts and files have in common."""

    channel: str
    ident: str
    chat: str
    user: str
    sent_at: int
    language: str
    name: str
    ref: str
    reply_to: str | None


class Malformed(Exception):
    """Not what a page of ours sends; the text says which field."""


def say(body: bytes) -> Say:
    """Read a posted text. Raises Malformed."""
    return _read(body, Say)


def press(body: bytes) -> Press:
    """Read a posted tap. Raises Malformed."""
    return _read(body, Press)


def heard(said: Say, files: Sequence[Kept] = ()) -> Heard:
    """Return the entry of a text, cut to what we keep, with its files."""
    shown = tuple(Attachment(file.kind, media=file.id, name=file.name, alt=file.name) for file in files)
    return Heard(said.id, said.text[:TEXT_LIMIT], said.reply_to, len(said.text) > TEXT_LIMIT, said.quiet, shown)


def written(chat: str, entry: Heard, *, at: int, language: str, name: str) -> Written:
    """Return the update of a text."""
    return Written(text=entry.text, **_said(chat, entry, at, language, name))


def attached(chat: str, entry: Heard, *, at: int, language: str, name: str) -> Attached:
    """Return the update of files that were sent with or without words: one act, however many they are."""
    return Attached(
        what=entry.attachments[0].kind,
        caption=entry.text,
        media=tuple(attachment.media for attachment in entry.attachments),
        **_said(chat, entry, at, language, name),
    )


def _said(chat: str, entry: Heard, at: int, language: str, name: str) -> _Said:
    return {
        "channel": NAME,
        "ident": f"written:{chat}:{entry.ident}",
        "chat": chat,
        "user": chat,
        "sent_at": at,
        "language": language,
        "name": name,
        "ref": entry.ident,
        "reply_to": entry.reply_to,
    }


def pressed(chat: str, tap: Chosen, *, at: int, language: str, name: str) -> Pressed:
    """Return the update of a tap."""
    return Pressed(
        channel=NAME,
        ident=f"pressed:{chat}:{tap.ident}",
        chat=chat,
        user=chat,
        sent_at=at,
        language=language,
        name=name,
        press=tap.press,
        ref=tap.ref,
        query=tap.ident,
    )


def started(chat: str, token: str, *, at: int, language: str, scan: str = "") -> Written:
    """Return the update of a link that was opened: the same one however often it is, but each `scan` of a place."""
    return Written(
        channel=NAME,
        ident=f"start:{chat}:{scan}" if scan else f"start:{chat}",
        chat=chat,
        user=chat,
        sent_at=at,
        language=language,
        text=f"/start {token}",
        ref="start",
    )


def _read(body: bytes, kind: type[Post]) -> Post:
    """Half of a surrogate pair and NUL are taken out first: a strict reader would refuse the whole message."""
    try:
        return msgspec.convert(_storable(json.loads(body)), kind)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        reason = str(error) if isinstance(error, msgspec.ValidationError) else "not JSON"
        raise Malformed(reason)


def _storable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _storable(each) for key, each in value.items()}
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode().replace("\0", "")
    return value
