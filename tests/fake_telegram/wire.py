"""HTTP as lean as it gets: one class a connection, with every way an answer can go wrong.

A web framework would answer politely; a fake that plays a bad network must be able to break off in the middle
of a body, so it writes its bytes itself.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from urllib.parse import unquote

import httptools
import msgspec

REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 500: "Internal Server Error", 502: "Bad Gateway"}


class Request(msgspec.Struct, frozen=True):
    """A request whose body has come in whole."""

    verb: str
    path: str
    query: str
    content_type: str
    body: bytes


class Line(asyncio.Protocol):
    """One connection: it hands each request to `receive(request, line)`, which answers now, later or badly."""

    def __init__(self, receive: Callable[[Request, "Line"], None], lines: set["Line"]) -> None:
        self._receive = receive
        self._lines = lines
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._content_type = ""
        self._body = bytearray()
        self._complete: list[Request] = []
        self.on_lost: Callable[[], None] | None = None  # a long poll must hear of it

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._lines.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lines.discard(self)
        if self.on_lost is not None:
            self.on_lost()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.answer(400, b'{"ok":false,"error_code":400,"description":"Bad Request: not HTTP"}')
            self.hang_up()
        complete, self._complete = self._complete, []
        for request in complete:  # outside the parser, which would take an error here for bad HTTP
            self._receive(request, self)

    # What httptools calls while it reads.

    def on_message_begin(self) -> None:
        self._url, self._content_type = b"", ""
        self._body.clear()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if lower == b"content-type":
            self._content_type = value.decode("latin-1")
        elif lower == b"expect":
            self._write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        path, _, query = self._url.decode("latin-1").partition("?")
        verb = self._parser.get_method().decode()
        self._complete.append(Request(verb, unquote(path), query, self._content_type, bytes(self._body)))

    # The ways to end an exchange.

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def answer(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        self._write(_head(status, len(body), content_type) + body)

    def truncate(self, status: int, body: bytes) -> None:
        """Promise the whole body, give half of it, hang up."""
        self._write(_head(status, len(body), "application/json") + body[: len(body) // 2])
        self.hang_up()

    def hang_up(self) -> None:
        """Close in good order, whatever was or was not answered."""
        if self._transport is not None:
            self._transport.close()

    def reset(self) -> None:
        """Break off so that the client sees "connection reset by peer"."""
        if self._transport is None:
            return
        with contextlib.suppress(OSError):
            linger = struct.pack("ii", 1, 0)
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()

    def _write(self, octets: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(octets)


def _head(status: int, length: int, content_type: str) -> bytes:
    reason = REASONS.get(status, "Answer")
    return (f"HTTP/1.1 {status} {reason}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n").encode()


class Listener:
    """The listening socket, which can refuse connections for a while and then take them again on its port.

    While it refuses, the port stays bound: nobody else can get it, and a connection is refused at once.
    """

    def __init__(self, receive: Callable[[Request, Line], None]) -> None:
        self._receive = receive
        self._server: asyncio.Server | None = None
        self._placeholder: socket.socket | None = None
        self.lines: set[Line] = set()
        self.port = 0

    async def open(self, port: int) -> None:
        self._placeholder = _bound(port)
        self.port = int(self._placeholder.getsockname()[1])
        await self.accept()

    async def accept(self) -> None:
        """Take connections (again). Nothing happens when it does already."""
        if self._placeholder is None:
            return
        bound, self._placeholder = self._placeholder, None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Line(self._receive, self.lines), sock=bound, backlog=512)

    def refuse(self) -> None:
        """Refuse connections from now on, and break those that are open."""
        if self._server is None:
            return
        self.close()
        self._placeholder = _bound(self.port)

    def close(self) -> None:
        for line in list(self.lines):
            line.reset()
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._placeholder is not None:
            self._placeholder.close()
            self._placeholder = None


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound
