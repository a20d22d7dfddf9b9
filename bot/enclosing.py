"""Files for messages: what an attachment stands for, fetched or made just before its message is sent.

    known    a file goes by the channel's own id of it where there is one, else by its bytes
    bytes    every file by its bytes, because an id was refused
    without  the text alone, and it says what is missing

The ways stand in this order, each plainer than the one before. A refusal proves that nothing arrived, so the next
way may follow at once; whatever else a channel says ends the try.
"""

import asyncio
import io
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final, Literal, NamedTuple

import msgspec

from bot.channels.messages import Attachment, File, Message, NotDelivered
from bot.clock import Clock
from bot.filetypes import name_for
from bot.media_folder import MediaFolder, TooLarge
from bot.phrases import say
from conversations.phrases import Phrase, phrase
from storage.addresses import Address
from storage.database import Database
from storage.media import MediaFile
from storage.outbox import OutboxRow
from storage.unit import Unit

log = logging.getLogger("makegood.media")

Way = Literal["known", "bytes", "without"]

LARGEST: Final[Mapping[str, int]] = {"telegram": 50_000_000}
"""Bytes that a channel takes in one file; a channel that is not here takes all that we keep."""

SHOWS_FROM_FOLDER: Final = frozenset({"webchat"})
"""Channels of our own, which show a file from its row and need no bytes."""

AT_ONCE: Final = frozenset({"photo", "voice"})
"""What the channel itself has looked at and made over: it goes on there by its id before we have fetched it."""

LOOK_AGAIN: Final = 1.0  # seconds
PATIENCE: Final = timedelta(seconds=60) // timedelta(milliseconds=1)
"""How long a message waits for a file that is not fetched yet: its whole chat waits with it."""

WHAT: Final[Mapping[str, Phrase]] = {
    "photo": phrase("a picture"),
    "voice": phrase("a voice message"),
    "audio": phrase("a sound recording"),
    "video": phrase("a video"),
    "document": phrase("a document"),
}


class Enclosed(NamedTuple):
    """A message as it can be sent now. `plainer` is the way to try when it is refused, None when there is none."""

    message: Message
    files: tuple[File, ...]
    plainer: Way | None


class _Missing(Exception):
    """A file cannot go with its message."""


class _NotYet(Exception):
    """A file is still being fetched."""


class Enclosing:
    """Turns attachments into files. `largest` is the most bytes of a file that we keep."""

    def __init__(
        self, database: Database, folder: MediaFolder, clock: Clock, house_language: str, largest: int
    ) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self._language = house_language
        self._largest = largest

    async def enclose(self, row: OutboxRow, message: Message, way: Way = "known") -> Enclosed:
        """Return a message with its files. Raises `NotDelivered` (NOT_SENT) while one is still being fetched."""
        if way == "without":
            return Enclosed(await self._told(row, message, message.attachments), (), None)
        files: list[File] = []
        missing: list[Attachment] = []
        rows = await self._rows(message)
        for attachment in message.attachments:
            try:
                files.append(await self._file(row, attachment, rows.get(attachment.media), way))
            except _Missing as why:
                log.warning("outbox row %d goes without its %s: %s", row.id, attachment.kind, why)
                missing.append(attachment)
            except _NotYet:
                raise NotDelivered(
                    "NOT_SENT", "a file of it is still being fetched", retry_after=LOOK_AGAIN, ours=True
                ) from None
        by_id = any(file.channel_file for file in files)
        plainer: Way | None = "bytes" if by_id else "without" if files else None
        return Enclosed(await self._told(row, message, missing), tuple(files), plainer)

    async def _rows(self, message: Message) -> dict[int, MediaFile]:
        ids = [attachment.media for attachment in message.attachments if attachment.media]
        if not ids:
            return {}
        found = await self._database.read(lambda unit: unit.media.several(ids))
        return {row.id: row for row in found}

    async def _file(self, row: OutboxRow, attachment: Attachment, media: MediaFile | None, way: Way) -> File:
        if attachment.made:
            return await self._made(attachment)
        if media is None:
            raise _Missing("there is no such file")
        name = attachment.name or name_for(media.name, media.mime, media.kind)
        file = File(attachment.kind, b"", name=name, alt=attachment.alt, media=media.id)
        if media.mime and media.state == "kept":
            file = msgspec.structs.replace(file, mime=media.mime)
        if way == "known" and _goes_by_id(row, media):
            return msgspec.structs.replace(file, channel_file=media.channel_file or "")
        self._require_kept(media)
        if row.channel in SHOWS_FROM_FOLDER:
            return file
        if (media.size or 0) > LARGEST.get(row.channel, self._largest):
            raise _Missing("it is too large for the channel")
        return msgspec.structs.replace(file, content=await self._content(media))

    def _require_kept(self, media: MediaFile) -> None:
        if media.state == "kept":
            return
        if media.state == "wanted" and self._clock.now() - media.at < PATIENCE:
            raise _NotYet
        raise _Missing(f"it is {media.state}" + (f": {media.why}" if media.why else ""))

    async def _content(self, media: MediaFile) -> bytes:
        try:
            return await asyncio.to_thread(self._folder.read, media.path or "", max(media.size or 0, self._largest))
        except (OSError, ValueError, TooLarge) as error:
            raise _Missing(f"it is not in the media folder ({type(error).__name__})") from error

    async def _made(self, attachment: Attachment) -> File:
        make = MAKERS[attachment.made]
        try:
            content = await asyncio.to_thread(make, attachment.of)
        except Exception as error:  # a picture that cannot be drawn must not keep its words back
            log.error("the picture %s could not be made: %s", attachment.made, type(error).__name__, exc_info=error)
            raise _Missing("it could not be made") from error
        name, mime = made_as(attachment)
        return File(attachment.kind, content, name=name, mime=mime, alt=attachment.alt)

    async def _told(self, row: OutboxRow, message: Message, missing: Sequence[Attachment]) -> Message:
        """Return the message without its attachments; what is missing is said below its text, in its language."""
        if not missing:
            return message
        language = await self._database.read(
            lambda unit: reader_language(unit, unit.addresses.get(row.address_id), self._language)
        )
        left = tuple(attachment for attachment in message.attachments if attachment not in missing)
        lines = dict.fromkeys((message.text, *(_said_missing(attachment, language) for attachment in missing)))
        text = "\n".join(line for line in lines if line)
        return msgspec.structs.replace(message, text=text, attachments=left)


def reader_language(unit: Unit, address: Address, otherwise: str) -> str:
    """Return the language of whoever reads in a chat: a staff member's, the chat's, else the customer's."""
    if address.staff_member_id is not None:
        return unit.staff.get(address.staff_member_id).language
    if address.language is None and address.customer_id is not None:
        return unit.customers.get(address.customer_id).language or otherwise
    return address.language or otherwise


def _said_missing(attachment: Attachment, language: str) -> str:
    what = say(WHAT[attachment.kind], language)
    return say(phrase("(With this came {what}, which I could not pass on.)", what=what), language)


def _goes_by_id(row: OutboxRow, media: MediaFile) -> bool:
    """Say whether the channel can be told to send its own copy of a file on, and may be."""
    if not media.channel_file or (media.brand_id, media.channel) != (row.brand_id, row.channel):
        return False
    if row.channel in SHOWS_FROM_FOLDER:
        return False
    return media.state == "kept" or (media.state == "wanted" and media.kind in AT_ONCE)


def _qr_png(text: str) -> bytes:
    """Return a QR code of a text as a PNG, with the white border that cameras need."""
    import segno  # late: only whoever shows a code needs it

    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="png", scale=10, border=4)
    return picture.getvalue()


def _figures_png(of: str) -> bytes:
    """Return the figures of a report as a PNG."""
    from bot.pictures import figures_png  # late: it draws in a process of its own, and only reports need it

    return figures_png(of)


def made_as(attachment: Attachment) -> tuple[str, str]:
    """Return the name and the type of a file that is made."""
    ending, mime = ENDINGS.get(attachment.made, (".png", "image/png"))
    return attachment.name or f"{attachment.made}{ending}", mime


def put_pens_away() -> None:
    """End the process that draws figures, if any were drawn. The next picture starts another."""
    if (pictures := sys.modules.get("bot.pictures")) is not None:
        pictures.DRAWER.close()


MAKERS: Final[Mapping[str, Callable[[str], bytes]]] = {"qr": _qr_png, "figures": _figures_png, "survey": str.encode}
ENDINGS: Final[Mapping[str, tuple[str, str]]] = {"survey": (".toml", "application/toml")}
"""How the name of a made file ends and of which type it is, where it is no picture."""
