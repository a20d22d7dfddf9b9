"""Files in the web chat: what a person sends up, and what stands in their log as a picture, a sound, a document.

POST /chat/{chat}/files?name=NAME     the content as it is    201 with the file's id, once it is on the disk
GET  /chat/{chat}/files/{entry}/{n}   the n-th file, from 0, of an entry of this chat's log

A file goes up before the message it belongs to: so the page shows how far it is, and several go with one message.
Whoever may read the chat may see what stands in it, and nothing else: files have no address of their own.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final, Literal, Protocol
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from bot.access.gate import require
from bot.access.policy import Act
from bot.channels.messages import FileKind
from bot.channels.webchat.log import Visitor
from bot.web.problems import Problem

KEPT_BY_BROWSERS: Final = "private, max-age=86400"
"""A file never changes under its address, and a picture that is loaded at every look costs a telephone's owner."""

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox"
"""For a file that is opened by itself: nothing in it runs, whatever its type turns out to be."""

INLINE: Final = ("image/jpeg", "image/png", "image/gif", "image/webp", "audio/", "video/")

STATUS: Final = {"too_large": 413, "type": 415, "empty": 422, "too_many": 429}


class Kept(msgspec.Struct, frozen=True):
    """A file that came up in a chat and is here."""

    id: int
    kind: FileKind
    name: str


class Shown(msgspec.Struct, frozen=True):
    """A file to be shown: its bytes, or where they lie."""

    content: bytes | Path
    mime: str
    name: str


class FileRefused(Exception):
    """A file that is not kept, and why."""

    Why = Literal["too_large", "type", "empty", "too_many"]

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class ChatFiles(Protocol):
    """Where files of web chats are kept. `bot.webfiles` is the real one. Raises `Unavailable` as the log does."""

    async def keep(self, chat: str, name: str, pieces: AsyncIterator[bytes]) -> Kept:
        """Keep what comes in pieces, and return it once it is on the disk. Raises FileRefused."""
        ...

    async def own(self, chat: str, ids: Sequence[int]) -> Sequence[Kept]:
        """Return those of these files that came up in this chat and are here, in the order asked for."""
        ...

    async def shown(self, chat: str, entry_id: int, number: int) -> Shown | None:
        """Return a file of an entry; None when there is none, or it is kept no more."""
        ...


class FileRoutes:
    """The two routes. `admit` refuses what did not come from the chat's own page, or comes too often."""

    def __init__(
        self,
        files: ChatFiles,
        admit: Callable[[str, Request], Awaitable[Visitor]],
        words: Callable[[Request], dict[str, str]],
    ) -> None:
        self._files = files
        self._admit = admit
        self._words = words

    def add_to(self, router: APIRouter) -> None:
        """Add the routes."""
        own = [require(Act.CHAT_AS_SELF)]
        router.add_api_route("/chat/{chat}/files", self.take, methods=["POST"], dependencies=own)
        router.add_api_route("/chat/{chat}/files/{entry}/{number}", self.show, methods=["GET"], dependencies=own)

    async def take(self, chat: str, request: Request) -> Response:
        """Keep a file until its message is sent."""
        await self._admit(chat, request)
        name = request.query_params.get("name", "").encode("utf-8", "ignore").decode().replace("\0", "")
        try:
            kept = await self._files.keep(chat, name, request.stream())
        except FileRefused as refused:
            raise Problem(STATUS[refused.why], self._words(request)[f"file_{refused.why}"])
        return Response(msgspec.json.encode(kept), status_code=201, media_type="application/json")

    async def show(self, chat: str, entry: int, number: int) -> Response:
        """Show a file of the log; pictures, sound and film in the page, all else as something to be saved."""
        shown = await self._files.shown(chat, entry, number)
        if shown is None:
            raise Problem(410, "This file is kept no more.")
        headers = {"Cache-Control": KEPT_BY_BROWSERS, "Content-Security-Policy": POLICY}
        manner = "inline" if shown.mime.startswith(INLINE) else "attachment"
        if isinstance(shown.content, Path):
            return FileResponse(
                shown.content,
                media_type=shown.mime,
                filename=shown.name,
                content_disposition_type=manner,
                headers=headers,
            )
        headers["Content-Disposition"] = f"{manner}; filename*=UTF-8''{quote(shown.name, safe='')}"
        return Response(shown.content, media_type=shown.mime, headers=headers)
