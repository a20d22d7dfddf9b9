"""What every request meets before any route, and every answer after: limits, hosts, headers, the last resort."""

import asyncio
import logging
import traceback
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.problems import answer

log = logging.getLogger(__name__)

BODY_LIMIT: Final = 64 * 1024
BODY_PATIENCE: Final = 15.0  # seconds for a whole body to arrive
SLOWEST: Final = 150_000  # bytes a second of a telephone on the road; a large body has as long as that needs

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'self'",
}
_HEADERS: Final = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_HSTS: Final = "max-age=31536000"
_NEVER_FRAMED: Final = "/console"
_FRAMED: Final = ("/c/", "/chat/")
"""Where the pages are that other sites may show in theirs, if they are named; no page of staff is among them."""


class Headers:
    """Sets the security headers on every answer; what a route has set itself stays.

    `embedded_in` are the sites that may frame the customer's web chat, and nothing else of ours.
    """

    def __init__(self, app: ASGIApp, *, https: bool, embedded_in: Sequence[str] = ()) -> None:
        self._app = app
        self._headers = {**_HEADERS, "Strict-Transport-Security": _HSTS} if https else _HEADERS
        self._alone = _never_framed(self._headers)
        self._framed = _framed(self._headers, embedded_in) if embedded_in else self._headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = self._for(str(scope.get("path", "")))

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ours.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, dressed)

    def _for(self, path: str) -> Mapping[str, str]:
        if path.startswith(_NEVER_FRAMED):
            return self._alone
        return self._framed if path.startswith(_FRAMED) else self._headers


def _never_framed(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of a page that nobody may frame, not even we: its buttons act in a staff member's name."""
    return {
        **headers,
        "Content-Security-Policy": _written({**_POLICY, "frame-src": "'none'", "frame-ancestors": "'none'"}),
        "X-Frame-Options": "DENY",
    }


def _written(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def _framed(headers: Mapping[str, str], sites: Sequence[str]) -> dict[str, str]:
    """Return the headers of a page that these sites may frame. X-Frame-Options knows no list, so it is left out."""
    policy = {**_POLICY, "frame-ancestors": " ".join(("'self'", *sites))}
    framed = {**headers, "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items())}
    del framed["X-Frame-Options"]
    return framed


class Hosts:
    """Refuses requests for a host that is not ours, so that no page elsewhere can borrow our address."""

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str]) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(Request(scope)):
            response = answer(Request(scope), 421, "This host name is not served here; the setting is `hosts`.")
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, request: Request) -> bool:
        return "*" in self._hosts or _without_port(request.headers.get("host", "")) in self._hosts


class BodyLimit:
    """Refuses a body that is too long before more of it is read, packed, or that dawdles.

    `limits` gives the bytes allowed for paths of a pattern (`/v1/events*`); elsewhere `BODY_LIMIT`.
    """

    def __init__(self, app: ASGIApp, *, limits: Mapping[str, int], patience: float = BODY_PATIENCE) -> None:
        self._app = app
        self._limits = limits
        self._patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        limit = next((each for where, each in self._limits.items() if fnmatchcase(scope["path"], where)), BODY_LIMIT)
        if (status := _refusal(request, limit)) is not None:
            response = answer(request, status)
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
            return
        patience = max(self._patience, limit / SLOWEST)
        await self._app(scope, _Body(receive, limit, patience).receive, send)


class _Body:
    def __init__(self, receive: Receive, limit: int, patience: float) -> None:
        self._receive = receive
        self._left = limit
        self._complete = False
        self._deadline = asyncio.get_running_loop().time() + patience

    async def receive(self) -> Message:
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"})
        self._left -= len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self._left < 0:
            raise HTTPException(413, headers={"Connection": "close"})
        return message


class LastResort:
    """Turns what no route expected into a 500 without telling anybody more, and logs where it came from.

    The log gets the kind of error and where in the code, never its message: that may hold a customer's words.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noticing(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noticing)
        except Exception as error:  # noqa: BLE001 - the loop of the web: log, count, answer
            log.error("web: %s in %s\n%s", type(error).__name__, _route(scope), _lines(error))
            if scope["type"] == "http" and not started:
                await answer(Request(scope), 500)(scope, receive, send)


def _refusal(request: Request, limit: int) -> int | None:
    if request.headers.get("content-encoding", "identity") != "identity":
        return 415
    length = request.headers.get("content-length", "0")
    if not length.isdecimal():
        return 400
    return 413 if int(length) > limit else None


def _without_port(host: str) -> str:
    name, colon, port = host.lower().rpartition(":")
    return name if colon and port.isdecimal() else host.lower()


def _route(scope: Mapping[str, Any]) -> str:
    return str(getattr(scope.get("route"), "path", "no route"))


def _lines(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__, limit=-8)
    return "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
