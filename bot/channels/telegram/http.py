"""The Bot API's caller: JSON POSTs over kept connections, and whether they can have left us.

A call is one request on one connection. That takes a tenth of the time that a general HTTP client needs (measured
on a slow machine: 15 µs of CPU against 160 with aiohttp, whose import takes another half second), and it knows
exactly what a retry has to know: a call that fails before its first byte is written has not been sent.

The token is part of every URL: neither this module's errors nor its logging ever contain one.
"""

import asyncio
import re
import secrets
import ssl
from collections.abc import Callable, Mapping

from bot.channels.messages import File
from bot.channels.telegram.connection import CONNECT_SECONDS, CallFailed, Connection, Endpoint, address, connect

__all__ = ["BotApi", "CallFailed"]

TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


class BotApi:
    """One bot's door to the Bot API, with at most `connections` calls under way at once.

    `base` may carry a path and may be plain http (a Bot API server of one's own). `proxy` is an http:// proxy that
    allows CONNECT; its user and password stand in the address. Raises ValueError for what is neither.
    """

    def __init__(
        self,
        token: str,
        base: str = "https://api.telegram.org",
        proxy: str | None = None,
        connections: int = 256,
    ) -> None:
        if not TOKEN.fullmatch(token):
            raise ValueError("a bot's token reads like 123456:ABC-def")
        parts = address(base, ("https", "http"))
        self.bot_id = int(token.partition(":")[0])
        self.base = base.rstrip("/")
        self._prefix = f"{parts.path.rstrip('/')}/bot{token}/"
        self._files = f"{parts.path.rstrip('/')}/file/bot{token}/"
        self._host = parts.netloc.rpartition("@")[2]
        self._endpoint = Endpoint(
            host=parts.hostname or "",
            port=parts.port or (443 if parts.scheme == "https" else 80),
            tls=ssl.create_default_context() if parts.scheme == "https" else None,
            proxy=address(proxy, ("http",)) if proxy else None,
        )
        self._heads: dict[str, bytes] = {}
        self._slots = asyncio.Semaphore(connections)
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()

    async def call(self, method: str, body: bytes, seconds: float = 35.0) -> tuple[int, bytes]:
        """POST `body`, a JSON object, and return the answer's status and body, whatever they are.

        `seconds` covers all of it. Raises `CallFailed` when there is no whole answer.
        """
        head = self._heads.get(method)
        if head is None:
            head = self._heads[method] = self._head("POST", self._prefix + _method(method), "application/json")
        return await self._exchange(b"%b%d\r\n\r\n%b" % (head, len(body), body), seconds)

    async def request(self, verb: str, path: str, kind: str, body: bytes, seconds: float) -> tuple[int, bytes]:
        """Any other request to the same server: `path` begins with a slash, `kind` is the body's content type."""
        head = self._head(verb, path, kind)
        return await self._exchange(b"%b%d\r\n\r\n%b" % (head, len(body), body), seconds)

    async def upload(
        self, method: str, fields: Mapping[str, str], files: Mapping[str, File], seconds: float
    ) -> tuple[int, bytes]:
        """POST `fields` and the content of `files`, each under its name in the form, as `call` does a JSON object."""
        boundary = secrets.token_hex(16)
        parts = [_part(boundary, name, value.encode()) for name, value in fields.items()]
        parts += [_part(boundary, name, file.content, file) for name, file in files.items()]
        body = b"".join((*parts, f"--{boundary}--\r\n".encode()))
        path = self._prefix + _method(method)
        return await self.request("POST", path, f"multipart/form-data; boundary={boundary}", body, seconds)

    async def download(self, path: str, take: Callable[[bytes], None], seconds: float) -> int:
        """GET a file of the Bot API server and give its content to `take` piece by piece; return the status.

        Only the content of a 200 is given. What `take` raises ends the call and is raised. Raises `CallFailed` when
        the file did not come whole.
        """
        head = self._head("GET", self._files + path, "application/octet-stream")
        status, _ = await self._exchange(b"%b0\r\n\r\n" % head, seconds, take)
        return status

    async def close(self) -> None:
        """Close every connection; calls under way fail as ambiguous."""
        for connection in (*self._idle, *self._busy):
            connection.close()
        self._idle.clear()
        await asyncio.sleep(0)  # transports close in the loop's next round

    async def _exchange(
        self, request: bytes, seconds: float, take: Callable[[bytes], None] | None = None
    ) -> tuple[int, bytes]:
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        await self._slot(seconds)
        connection: Connection | None = None
        try:
            connection = self._kept(loop.time()) or await connect(self._endpoint, min(CONNECT_SECONDS, seconds))
            self._busy.add(connection)
            return await connection.exchange(request, ends, take)
        finally:
            self._slots.release()
            if connection is not None:
                self._busy.discard(connection)
                self._keep(connection, loop.time())

    async def _slot(self, seconds: float) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout(seconds):
                await self._slots.acquire()
        except TimeoutError:
            raise CallFailed("no connection became free in time", sent=False) from None

    def _kept(self, now: float) -> Connection | None:
        """Return the connection used last: the others may grow cold and go."""
        while self._idle:
            connection = self._idle.pop()
            if connection.usable(now):
                return connection
            connection.close()
        return None

    def _keep(self, connection: Connection, now: float) -> None:
        connection.idle_since = now
        if connection.usable(now):
            self._idle.append(connection)

    def _head(self, verb: str, path: str, kind: str) -> bytes:
        """Everything up to the body's length."""
        if any(character <= " " or character > "~" for character in f"{verb}{path}"):
            raise ValueError("a request's path may have no blanks and nothing beyond ASCII")
        return (
            f"{verb} {path} HTTP/1.1\r\nHost: {self._host}\r\nUser-Agent: makegood\r\n"
            f"Content-Type: {kind}\r\nContent-Length: "
        ).encode("ascii")


def _part(boundary: str, name: str, content: bytes, file: File | None = None) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'
    if file is not None:
        head += f'; filename="{_quoted(file.name or "file")}"\r\nContent-Type: {file.mime}'
    return b"%b\r\n\r\n%b\r\n" % (head.encode("utf-8", "replace"), content)


def _quoted(name: str) -> str:
    """Return a name that cannot end its header: a sender may call a file what they like."""
    return "".join(" " if character < " " or character == "\x7f" else character for character in name).replace('"', "'")


def _method(name: str) -> str:
    if not (name.isascii() and name.isalnum()):
        raise ValueError(f"no method of the Bot API: {name!r}")
    return name
