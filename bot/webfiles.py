"""Files of web chats, in the media folder: the real `bot.channels.webchat.files.ChatFiles`.

    coming ── wholly here, of a type that we keep ──> unsent ── its message came ──> kept, as long as all others
       └── refused, or the process ended ──> erased       └── never sent ──> erased within a day

A row comes before its file, so that no file ever lies in the folder of which no row knows.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from bot.channels.messages import Attachment, FileKind
from bot.channels.webchat.files import FileRefused, Kept, Shown
from bot.channels.webchat.log import NAME, ChatLog, Edited, Heard, Said
from bot.clock import Clock
from bot.enclosing import MAKERS, made_as
from bot.filetypes import name_for, type_of
from bot.media_folder import MediaFolder, TooLarge, new_path
from bot.storing import or_unavailable
from storage.database import Database
from storage.media import MediaFile
from storage.unit import Unit

UNSENT_LASTS: Final = timedelta(days=1) // timedelta(milliseconds=1)
DAY: Final = UNSENT_LASTS
MOST_A_DAY: Final = 60
MOST_BYTES_A_DAY: Final = 300_000_000
"""What one chat may send in a day: far more than anybody needs, far less than fills a disk."""

LONGEST_NAME: Final = 200
HERE: Final = ("kept", "unsent")
_SHOWN_AS: Final[dict[str, FileKind]] = {"image": "photo", "audio": "audio", "video": "video"}
_PHOTOS: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
"""What every browser and every channel can show; another picture goes as a document."""

T = TypeVar("T")


class _Written(NamedTuple):
    mime: str
    size: int
    digest: str


class WebFiles:
    """Implements `ChatFiles` for one brand. `largest` is the most bytes of a file."""

    def __init__(
        self, database: Database, log: ChatLog, folder: MediaFolder, clock: Clock, largest: int, brand: int = 1
    ) -> None:
        self._database = database
        self._log = log
        self._folder = folder
        self._clock = clock
        self._largest = largest
        self._brand = brand

    async def keep(self, chat: str, name: str, pieces: AsyncIterator[bytes]) -> Kept:
        path = new_path()
        media_id = await self._begin(chat, path)
        try:
            written = await self._written(path, pieces)
        except BaseException:
            await asyncio.shield(self._run(lambda unit: unit.media.give_up(media_id)))
            raise
        kind, short = _kind_of(written.mime), name[:LONGEST_NAME]
        await self._run(lambda unit: unit.media.arrived(media_id, kind, short or None, *written))
        return Kept(media_id, kind, name_for(short, written.mime, kind))

    async def own(self, chat: str, ids: Sequence[int]) -> Sequence[Kept]:
        def work(unit: Unit) -> list[Kept]:
            rows = unit.media.several(ids)
            return [_kept(row) for row in rows if _is_own(row, self._brand, chat)]

        return await self._read(work)

    async def shown(self, chat: str, entry_id: int, number: int) -> Shown | None:
        attachment = await self._attachment(chat, entry_id, number)
        if attachment is None:
            return None
        if attachment.made:
            content = await asyncio.to_thread(MAKERS[attachment.made], attachment.of)
            name, mime = made_as(attachment)
            return Shown(content, mime, name)
        return await self._from_folder(attachment)

    async def _from_folder(self, attachment: Attachment) -> Shown | None:
        row = await self._read(lambda unit: unit.media.get(attachment.media))
        if row is None or row.state not in HERE or row.path is None or row.mime is None:
            return None
        place: Path = self._folder.place(row.path)
        if not await asyncio.to_thread(place.is_file):
            return None
        return Shown(place, row.mime, attachment.name or name_for(row.name, row.mime, row.kind))

    async def _attachment(self, chat: str, entry_id: int, number: int) -> Attachment | None:
        for entry in await self._log.after(chat, entry_id - 1, 1):
            if entry.id == entry_id and 0 <= number < len(held := _attachments(entry.body)):
                return held[number]
        return None

    async def _begin(self, chat: str, path: str) -> int:
        now = self._clock.now()

        def work(unit: Unit) -> int | None:
            count, size = unit.media.came_since(NAME, chat, now - DAY)
            if count >= MOST_A_DAY or size >= MOST_BYTES_A_DAY:
                return None
            return unit.media.begin(self._brand, NAME, chat, path, now, now + UNSENT_LASTS)

        media_id = await self._run(work)
        if media_id is None:
            raise FileRefused("too_many")
        return media_id

    async def _written(self, path: str, pieces: AsyncIterator[bytes]) -> _Written:
        """Write a file to its place. Raises FileRefused; then nothing of it lies there."""
        with await asyncio.to_thread(self._folder.begin, path, self._largest) as draft:
            try:
                async for piece in pieces:
                    draft.write(piece)
            except TooLarge:
                raise FileRefused("too_large") from None
            mime = type_of(draft.head)
            if mime is None:
                raise FileRefused("type" if draft.size else "empty")
            return _Written(mime, draft.size, await asyncio.to_thread(draft.finish))

    async def _run(self, work: Callable[[Unit], T]) -> T:
        return await or_unavailable(self._database.run(work))

    async def _read(self, work: Callable[[Unit], T]) -> T:
        return await or_unavailable(self._database.read(work))


def _attachments(body: object) -> Sequence[Attachment]:
    if isinstance(body, Said | Edited):
        return body.message.attachments
    return body.attachments if isinstance(body, Heard) else ()


def _kind_of(mime: str) -> FileKind:
    if mime.startswith("image/") and mime not in _PHOTOS:
        return "document"
    return _SHOWN_AS.get(mime.partition("/")[0], "document")


def _is_own(row: MediaFile, brand: int, chat: str) -> bool:
    """Say whether a file came up in this chat; a message that is posted again names files that are sent already."""
    return (row.brand_id, row.channel, row.chat) == (brand, NAME, chat) and row.state in HERE


def _kept(row: MediaFile) -> Kept:
    kind = _kind_of(row.mime or "")
    return Kept(row.id, kind, name_for(row.name, row.mime, kind))
