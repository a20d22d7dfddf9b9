"""Files in the console: what a customer showed in a case, for whoever may see the case; and what staff send along.

POST /console/files?name=NAME   the content as it is   201 with the file's id, once it is on the disk
"""

import asyncio

import msgspec
from fastapi import Request
from starlette.responses import FileResponse, Response

from bot.access.csrf import carries_token, from_our_page
from bot.channels.webchat.files import INLINE, KEPT_BY_BROWSERS, POLICY, STATUS, FileRefused
from bot.console.cases import sees
from bot.console.desk import Desk, nothing_here, number_of, reader_of, visit_of
from bot.filetypes import name_for
from bot.rest.counter import stored
from bot.web.problems import Problem
from storage.media import MediaFile
from storage.unit import Unit


class FilesPage:
    """The routes of files."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def take(self, request: Request) -> Response:
        """Keep a file until the words that it goes with are sent."""
        visit = visit_of(request)
        if not from_our_page(request.headers) or not carries_token(request.headers, visit.token):
            raise Problem(403, "This did not come from our page. Load it again.")
        if self._desk.files is None:
            nothing_here()
        name = request.query_params.get("name", "").encode("utf-8", "ignore").decode().replace("\0", "")
        try:
            kept = await self._desk.files.keep(f"console:{visit.member.id}", name, request.stream())
        except FileRefused as refused:
            raise Problem(STATUS[refused.why], refused.why)
        return Response(msgspec.json.encode(kept), status_code=201, media_type="application/json")

    async def show(self, media_id: str, request: Request) -> Response:
        """Show a file of a case; pictures, sound and film in the page, all else as something to be saved."""
        wanted, reader, brand = number_of(media_id), reader_of(visit_of(request)), self._desk.counter.house.brand
        folder = self._desk.folder

        def work(unit: Unit) -> MediaFile | None:
            row = unit.media.get(wanted)
            message = unit.case_messages.get(row.case_message_id) if row is not None and row.case_message_id else None
            case = unit.cases.get(message.case_id) if message is not None else None
            if row is None or case is None or row.brand_id != brand or case.brand_id != brand:
                return None
            team = sees(reader)
            return row if team is None or case.team_id in (None, team) else None

        row = await stored(self._desk.counter.database.read(work))
        if row is None or folder is None or row.path is None or row.mime is None or row.state != "kept":
            nothing_here()
        place = folder.place(row.path)
        if not await asyncio.to_thread(place.is_file):
            nothing_here()
        return FileResponse(
            place,
            media_type=row.mime,
            filename=name_for(row.name, row.mime, row.kind),
            content_disposition_type="inline" if row.mime.startswith(INLINE) else "attachment",
            headers={"Cache-Control": KEPT_BY_BROWSERS, "Content-Security-Policy": POLICY},
        )
