"""One HTTP/1.1 connection to the Bot API: open it, exchange a request for an answer, again and again.

It carries one exchange at a time and nothing beside it. Whatever goes wrong in an exchange closes it: an answer
that comes late must never be taken for the next one's. A failure before the first byte is written proves that
nothing was sent; after that nobody knows.
"""

import asyncio
import base64
import ssl
from collections.abc import Callable
from typing import cast
from urllib.parse import SplitResult, unquote, urlsplit

import httptools
import msgspec

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 15.0  # servers close idle connections; a write into one that is closing would be ambiguous
LONGEST_ANSWER = 32 * 1024 * 1024
LONGEST_PROXY_ANSWER = 16 * 1024


class CallFailed(Exception):
    """No answer. `sent` says whether the request can have left us: then nobody knows if it was carried out."""

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


class Endpoint(msgspec.Struct, frozen=True):
    """Where to connect, and how: TLS when `tls` is given, through `proxy` (an http:// address) when that is."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    proxy: SplitResult | None = None


class Connection(asyncio.Protocol):
    """A connection that takes one request at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._take: Callable[[bytes], None] | None = None
        self._begin()
        self.idle_since = 0.0

    async def exchange(
        self, request: bytes, ends: float, take: Callable[[bytes], None] | None = None
    ) -> tuple[int, bytes]:
        """Write `request` and return its answer's status and body, at the latest when the loop's clock reads `ends`.

        With `take` the body of a 200 goes there piece by piece, however long it is, and the one returned is empty.
        Raises `CallFailed`, and what `take` raises. Cancelling closes the connection.
        """
        if self._transport is None or self._transport.is_closing():
            raise CallFailed("the connection is closed", sent=False)
        answer: asyncio.Future[tuple[int, bytes]] = self._loop.create_future()
        self._answer = answer
        self._take = take
        alarm = self._loop.call_at(ends, self._lose, "no answer in time")
        whole = False
        try:
            self._transport.write(request)
            answered = await answer
            whole = True
            return answered
        finally:
            alarm.cancel()
            self._answer = self._take = None
            if not whole:
                self.close()

    def usable(self, now: float) -> bool:
        """True when it is open and was used within the last seconds."""
        return self._transport is not None and not self._transport.is_closing() and now - self.idle_since < IDLE_SECONDS

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._answer is None:  # nobody asked: a time-out notice of the server, say
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._lose("the answer is not HTTP")

    def eof_received(self) -> None:
        """A body without a length ends with the connection; any other is cut short."""
        if self._headed and not self._sized and self._answer is not None:
            self._complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._lose(f"the connection broke ({type(exc).__name__})" if exc else "the connection was closed")

    # What the parser calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        lower = name.lower()
        if lower == b"content-length" or (lower == b"transfer-encoding" and b"chunked" in value.lower()):
            self._sized = True

    def on_headers_complete(self) -> None:
        self._headed = self._parser.get_status_code() >= 200

    def on_body(self, body: bytes) -> None:
        if self._take is not None and self._parser.get_status_code() == 200:
            self._give(self._take, body)
            return
        self._parts.append(body)
        self._length += len(body)
        if self._length > LONGEST_ANSWER:
            self._lose("the answer is too long")

    def _give(self, take: Callable[[bytes], None], body: bytes) -> None:
        if self._answer is None or self._answer.done():
            return
        try:
            take(body)
        except Exception as error:  # noqa: BLE001 - the taker's own: it is raised to whoever asked
            self._answer.set_exception(error)
            self.close()

    def on_message_complete(self) -> None:
        if self._headed:  # else it was a 100 Continue, and the answer follows
            self._complete()

    def _complete(self) -> None:
        status = self._parser.get_status_code()
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        keep = self._parser.should_keep_alive() and self._sized
        self._begin()
        expected = self._answer is not None and not self._answer.done()
        if self._answer is not None and expected:
            self._answer.set_result((status, body))
        if not keep or not expected:
            self.close()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._length = 0
        self._headed = self._sized = False

    def _lose(self, why: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(CallFailed(why, sent=True))


async def connect(endpoint: Endpoint, seconds: float) -> Connection:
    """Open a connection within `seconds`. Raises `CallFailed`, which proves that nothing was sent."""
    try:
        async with asyncio.timeout(seconds):
            return await (_through_proxy(endpoint, endpoint.proxy) if endpoint.proxy else _directly(endpoint))
    except TimeoutError:
        raise CallFailed("no connection in time", sent=False) from None
    except OSError as error:
        raise CallFailed(f"no connection ({type(error).__name__}: {error})", sent=False) from error


async def _directly(endpoint: Endpoint) -> Connection:
    """Try the host's addresses one after the other, IPv4 first: a dead IPv6 route must not cost every call 10 s."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(endpoint.host, endpoint.port, type=1)  # 1: SOCK_STREAM
    addresses = [entry[4][0] for entry in sorted(found, key=lambda entry: entry[0])]
    server_hostname = endpoint.host if endpoint.tls else None
    for position, address in enumerate(addresses, 1):
        try:
            async with asyncio.timeout(None if position == len(addresses) else CONNECT_SECONDS / 3):
                _, connection = await loop.create_connection(
                    Connection, str(address), endpoint.port, ssl=endpoint.tls, server_hostname=server_hostname
                )
                return connection
        except (OSError, TimeoutError):
            if position == len(addresses):
                raise
    raise OSError("the host has no address")


class _Tunnel(asyncio.Protocol):
    """Waits for the proxy's answer to CONNECT; after that the transport is somebody else's."""

    def __init__(self) -> None:
        self._told = b""
        self.status: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        self._told += data
        if b"\r\n\r\n" in self._told and not self.status.done():
            self.status.set_result(self._told.split(b"\r\n", 1)[0])
        elif len(self._told) > LONGEST_PROXY_ANSWER and not self.status.done():
            self.status.set_exception(ConnectionError("the proxy does not speak HTTP"))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.status.done():
            self.status.set_exception(ConnectionError("the proxy hung up"))


async def _through_proxy(endpoint: Endpoint, proxy: SplitResult) -> Connection:
    """Have the proxy open a tunnel, then speak (TLS) through it as if it were not there."""
    loop = asyncio.get_running_loop()
    transport, tunnel = await loop.create_connection(_Tunnel, proxy.hostname or "", proxy.port or 8080)
    try:
        transport.write(_tunnel_request(endpoint, proxy))
        status = (await tunnel.status).split(b" ")
        if status[1:2] != [b"200"]:
            raise ConnectionError(f"the proxy answered {b' '.join(status[1:]).decode('latin-1')[:80]}")
        connection = Connection()
        transport.set_protocol(connection)
        if endpoint.tls is None:
            connection.connection_made(transport)
            return connection
        secure = await loop.start_tls(transport, connection, endpoint.tls, server_hostname=endpoint.host)
        connection.connection_made(cast("asyncio.BaseTransport", secure))
        return connection
    except BaseException:
        transport.abort()
        raise


def _tunnel_request(endpoint: Endpoint, proxy: SplitResult) -> bytes:
    target = f"{endpoint.host}:{endpoint.port}"
    request = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"
    if proxy.username:
        secret = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}".encode()
        request += f"Proxy-Authorization: Basic {base64.b64encode(secret).decode('ascii')}\r\n"
    return f"{request}\r\n".encode("ascii")


def address(text: str, schemes: tuple[str, ...]) -> SplitResult:
    """Return the parts of a URL. Raises ValueError when it is none, or not of these schemes."""
    parts = urlsplit(text)
    if parts.scheme not in schemes or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"an address beginning with {' or '.join(f'{scheme}://' for scheme in schemes)} is wanted")
    return parts
