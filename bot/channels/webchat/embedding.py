"""The chat inside somebody else's page: the script that puts it there, and the cookie that works there.

A frame of another site gets no cookie that is for our own pages only, so the session of an embedded chat has one of
its own: sent to frames, over https, and kept apart for each site that shows us (CHIPS). A second one at the link's
own address leads who comes back straight to their chat.
"""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.access.gate import require
from bot.access.policy import Act
from bot.web.pages import shared_assets

_BACK: Final = "__Secure-makegood_back"
SCRIPT: Final = "embed.js"
_KEPT: Final = "public, max-age=3600"  # its address never changes, so a new version has to arrive within the hour


def wanted(request: Request) -> bool:
    """Say whether the page is asked for by the script, to be shown in a frame."""
    return "embedded" in request.query_params


def cookies(name: str, session: str, age: int, chat: str, token: str) -> tuple[str, str]:
    """Return the two Set-Cookie of an embedded chat that was opened by a link."""
    return _cookie(name, session, age, f"/chat/{chat}"), _cookie(_BACK, f"{chat}.{session}", age, f"/c/{token}")


def came_back(request: Request) -> tuple[str, str] | None:
    """Return the chat and the session of who opened this link before, if it is asked for in a frame."""
    chat, dot, session = request.cookies.get(_BACK, "").partition(".")
    return (chat, session) if dot and wanted(request) else None


def _cookie(name: str, value: str, age: int, path: str) -> str:
    """Python's own cookies know `Partitioned` from 3.14 on only."""
    return f"{name}={value}; HttpOnly; Max-Age={age}; Partitioned; Path={path}; SameSite=none; Secure"


def add_script(router: APIRouter) -> None:
    """Add the route of the script, which pages of any site may load."""
    router.add_api_route("/embed.js", _script, methods=["GET"], dependencies=[require(Act.SEE_FRONT)])


async def _script() -> Response:
    assets = shared_assets()
    response = assets.response(assets.edition, SCRIPT)
    response.headers["Cache-Control"] = _KEPT
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
