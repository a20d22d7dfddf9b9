"""The caller, against servers that are slow, rude or far away, and against a proxy."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.http import BotApi, CallFailed
from tests.fake_telegram import FakeTelegram, faults

TOKEN = "123456:TEST-TOKEN"

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server on loopback that does with each connection what it is told; gives its port."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            await serve(reader, writer)
        writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def calling(port: int, **more: Any) -> AsyncIterator[BotApi]:
    api = BotApi(TOKEN, f"http://127.0.0.1:{port}", **more)
    try:
        yield api
    finally:
        await api.close()


async def request_from(reader: asyncio.StreamReader) -> bytes:
    """Read one request to its end and return its body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return await reader.readexactly(length)


def answering(answer: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await request_from(reader)
            writer.write(answer)
            await writer.drain()

    return serve


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", 200, b"{}"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}"),
        (b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n", 404, b""),
    ],
)
async def test_every_form_of_answer_is_read(answer: bytes, status: int, body: bytes):
    """Telegram's own server, and whatever stands in front of one's own; twice, as connections are kept."""
    async with serving(answering(answer)) as port, calling(port) as api:
        for _ in range(2):
            assert await api.call("getMe", b"{}") == (status, body)


async def test_a_body_without_a_length_ends_with_the_connection():
    """HTTP/1.0 servers answer so."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_from(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n{")
        await writer.drain()
        writer.write(b"}")

    async with serving(serve) as port, calling(port) as api:
        assert await api.call("getMe", b"{}") == (200, b"{}")


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", b"HTTP/1.1 200 OK\r\nContent-", b"SSH-2.0-OpenSSH\r\n", b""],
)
async def test_a_broken_answer_may_have_been_carried_out(answer: bytes):
    """The request was read; what became of it is not known."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_from(reader)
        writer.write(answer)

    async with serving(serve) as port, calling(port) as api:
        with pytest.raises(CallFailed) as raised:
            await api.call("sendMessage", b"{}", 2.0)

    assert raised.value.sent


async def test_connections_are_kept_and_used_again():
    """A new one costs two or three journeys to Telegram and back."""
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")(reader, writer)

    async with serving(serve) as port, calling(port) as api:
        for _ in range(5):
            await api.call("getMe", b"{}")
        await asyncio.gather(*[api.call("getMe", b"{}") for _ in range(3)])

    assert connections == 3


async def test_a_connection_that_the_server_closed_is_not_used_again():
    """A write into it would be ambiguous without need."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_from(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async with serving(serve) as port, calling(port) as api:
        for _ in range(3):
            assert await api.call("getMe", b"{}") == (200, b"{}")
            await asyncio.sleep(0.01)


async def test_a_late_answer_is_never_taken_for_the_next_ones(fake: FakeTelegram, api: BotApi):
    """Whatever was given up is closed: its id must not be written to another row."""
    ana = fake.person("Ana", started=True)
    fake.script("sendMessage", then=[faults.Delay(seconds=0.06), faults.Delay(seconds=0.1)])
    body = b'{"chat_id":%d,"text":"%b"}'
    with pytest.raises(CallFailed):
        await api.call("sendMessage", body % (ana.id, b"first"), 0.02)

    _, answer = await api.call("sendMessage", body % (ana.id, b"second"))  # the first's answer comes meanwhile

    assert b'"second"' in answer


async def test_cancelling_a_call_closes_its_connection(fake: FakeTelegram, api: BotApi):
    """Its answer belongs to nobody."""
    fake.script("getMe", then=[faults.Silence()])
    task = asyncio.create_task(api.call("getMe", b"{}"))
    await fake.ledger.wait("getMe")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert (await api.call("getMe", b"{}"))[0] == 200


async def test_no_more_connections_than_allowed_are_open():
    """A server of one's own may take only a few; the others wait their turn."""
    now = most = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        try:
            await answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")(reader, writer)
        finally:
            now -= 1

    async with serving(serve) as port, calling(port, connections=4) as api:
        answers = await asyncio.gather(*[api.call("getMe", b"{}") for _ in range(40)])

    assert len(answers) == 40
    assert most <= 4


async def proxying(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: list[bytes]) -> None:
    """What an HTTP proxy does with CONNECT."""
    head = await reader.readuntil(b"\r\n\r\n")
    asked.append(head)
    host, port = head.split(b" ")[1].decode().split(":")
    far_reader, far_writer = await asyncio.open_connection(host, int(port))
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

    async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while piece := await source.read(65_536):
                target.write(piece)
                await target.drain()
        target.close()

    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))


async def test_calls_go_through_a_proxy(fake: FakeTelegram):
    """Telegram is not reachable everywhere; the proxy's password is sent, and only to the proxy."""
    asked: list[bytes] = []
    async with serving(lambda reader, writer: proxying(reader, writer, asked)) as port:
        api = BotApi(fake.token, fake.base, proxy=f"http://me:pass%20word@127.0.0.1:{port}")
        assert (await api.call("getMe", b"{}"))[0] == 200
        await api.close()

    [head] = asked
    assert b"Proxy-Authorization: Basic bWU6cGFzcyB3b3Jk" in head
    assert fake.token.encode() not in head


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", b"", b"nonsense\r\n\r\n"])
async def test_a_proxy_that_refuses_proves_that_nothing_was_sent(answer: bytes):
    """Telegram was never reached."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)

    async with serving(serve) as port:
        api = BotApi(TOKEN, "http://127.0.0.1:9", proxy=f"http://127.0.0.1:{port}")
        with pytest.raises(CallFailed) as raised:
            await api.call("getMe", b"{}", 2.0)

    assert not raised.value.sent


@pytest.fixture
async def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost and its key, in one file, made now."""
    file = tmp_path / "localhost.pem"
    openssl = await asyncio.create_subprocess_exec(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
        *("-keyout", str(file), "-out", str(tmp_path / "certificate.pem")),
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await openssl.wait() == 0
    file.write_text(file.read_text() + (tmp_path / "certificate.pem").read_text())
    return file


@pytest.mark.parametrize("proxied", [False, True])
async def test_telegram_is_spoken_to_in_tls(certificate: Path, monkeypatch: pytest.MonkeyPatch, proxied: bool):
    """With a certificate that we trust, directly and through a proxy's tunnel."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    answer = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    tunnel: Serve = lambda reader, writer: proxying(reader, writer, [])  # noqa: E731 - a line is enough
    async with serving(answer, server) as port, serving(tunnel) as proxy:
        api = BotApi(TOKEN, f"https://localhost:{port}", f"http://127.0.0.1:{proxy}" if proxied else None)
        for _ in range(2):
            assert await api.call("getMe", b"{}", 5.0) == (200, b"{}")
        await api.close()
        await asyncio.sleep(0.02)


async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path):
    """The token would go to a stranger. Nothing was sent."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    async with serving(answering(b""), server) as port:
        with pytest.raises(CallFailed) as raised:
            await BotApi(TOKEN, f"https://localhost:{port}").call("getMe", b"{}", 5.0)

    assert not raised.value.sent


@pytest.mark.parametrize(
    ("token", "base", "proxy"),
    [
        ("no token", "https://api.telegram.org", None),
        ("1:a/../b", "https://api.telegram.org", None),
        ("1:a\r\nx: y", "https://api.telegram.org", None),
        (TOKEN, "api.telegram.org", None),
        (TOKEN, "ftp://api.telegram.org", None),
        (TOKEN, "https://api.telegram.org", "socks5://127.0.0.1:1080"),
    ],
)
def test_what_cannot_be_an_address_or_a_token_is_refused_at_once(token: str, base: str, proxy: str | None):
    """At the start, where the operator sees it; and the message does not repeat the token."""
    with pytest.raises(ValueError, match=r"wanted|reads like") as raised:
        BotApi(token, base, proxy)

    assert token not in str(raised.value)


async def test_a_base_address_may_have_a_path(fake: FakeTelegram):
    """A Bot API server behind a gateway of one's own."""
    lines: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(await reader.readline())
        await request_from(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    async with serving(serve) as port:
        api = BotApi(TOKEN, f"http://127.0.0.1:{port}/telegram/")
        await api.call("getMe", b"{}")
        await api.close()

    assert lines == [b"POST /telegram/bot123456:TEST-TOKEN/getMe HTTP/1.1\r\n"]
