"""Styles, scripts and pictures of our pages, from memory, each under an address that changes with its content."""

import mimetypes
from hashlib import sha256
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.access.gate import require
from bot.access.policy import Act

FOLDER: Final = Path(__file__).parent / "static"

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"


class Assets:
    """The files of one flat folder. All carry one edition, so a script's relative imports match the script."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file()}
        self.edition = sha256(b"".join(self._files.values())).hexdigest()[:12]

    def address(self, name: str) -> str:
        """Return the address of an asset. Raises KeyError for one that does not exist."""
        self._files[name]
        return f"/static/{self.edition}/{name}"

    def response(self, edition: str, name: str) -> Response:
        """Return the asset; under an older edition's address it is still served, but not kept."""
        if name not in self._files:
            raise HTTPException(404)
        kept = _FOR_EVER if edition == self.edition else _ASK_AGAIN
        return Response(self._files[name], media_type=_media_type(name), headers={"Cache-Control": kept})

    def router(self) -> APIRouter:
        """Return the route that serves them."""
        router = APIRouter()

        @router.get("/static/{edition}/{name}", dependencies=[require(Act.SEE_FRONT)])
        async def asset(edition: str, name: str, request: Request) -> Response:
            return self.response(edition, name)

        return router


def _media_type(name: str) -> str:
    if name.endswith((".js", ".mjs")):
        return "text/javascript"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
