"""Files read from the Bot API server piece by piece, over the same kept connections as every call."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.connection import LONGEST_ANSWER
from bot.channels.telegram.http import BotApi, CallFailed
from bot.media_folder import TooLarge

HEAD = b"HTTP/1.1 200 OK\r\n"


class Server:
    """Answers each connection's requests with bytes that a test has written, one entry a request."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.asked: list[str] = []
        self.connections = 0
        self.hangs_up = False

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while self.answers:
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked.append(head.decode().splitlines()[0])
                writer.write(self.answers.pop(0))
                await writer.drain()
                if self.hangs_up:
                    return
            await reader.read()
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


@pytest.fixture
async def server() -> AsyncIterator[tuple[Server, BotApi]]:
    """A server that says what it is told, and our caller on it."""
    played = Server()
    listening = await asyncio.start_server(played.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    api = BotApi("123:abc", f"http://127.0.0.1:{port}/base")
    yield played, api
    await api.close()
    listening.close()


def sized(body: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


async def test_a_file_comes_in_pieces_and_its_connection_is_kept(server: tuple[Server, BotApi]):
    """The next call goes out on the same one."""
    played, api = server
    content = bytes(range(256)) * 4096
    played.answers = [sized(content), sized(b'{"ok":true}')]
    pieces: list[bytes] = []

    assert await api.download("photos/file_1.jpg", pieces.append, 5) == 200
    assert await api.call("getMe", b"{}") == (200, b'{"ok":true}')
    assert b"".join(pieces) == content
    assert len(pieces) > 1
    assert played.asked[0] == "GET /base/file/bot123:abc/photos/file_1.jpg HTTP/1.1"
    assert played.connections == 1


async def test_a_file_without_a_length_may_come_in_chunks(server: tuple[Server, BotApi]):
    """As a proxy may pass it on."""
    played, api = server
    played.answers = [HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"]
    pieces: list[bytes] = []
    await api.download("x", pieces.append, 5)

    assert b"".join(pieces) == b"abcde"


async def test_no_content_is_taken_from_an_answer_that_says_no(server: tuple[Server, BotApi]):
    """An error page is no file."""
    played, api = server
    played.answers = [sized(b"<html>not here</html>", b"404 Not Found")]
    pieces: list[bytes] = []

    assert await api.download("x", pieces.append, 5) == 404
    assert pieces == []


async def test_what_the_taker_raises_ends_the_call(server: tuple[Server, BotApi]):
    """A server that never ends is left after the piece that was too much."""
    played, api = server
    played.answers = [HEAD + b"Content-Length: 999999999\r\n\r\n" + b"x" * 100_000]
    taken = 0

    def take(piece: bytes) -> None:
        nonlocal taken
        taken += len(piece)
        if taken > 50_000:
            raise TooLarge("enough")

    with pytest.raises(TooLarge):
        await api.download("x", take, 5)
    assert taken < 200_000


async def test_a_file_longer_than_any_answer_may_be_is_taken_by_who_wants_it(server: tuple[Server, BotApi]):
    """The bound on answers guards our memory, and pieces need none."""
    played, api = server
    played.answers = [sized(bytes(LONGEST_ANSWER + 1))]
    length = 0

    def take(piece: bytes) -> None:
        nonlocal length
        length += len(piece)

    await api.download("x", take, 20)
    assert length == LONGEST_ANSWER + 1


async def test_a_file_cut_short_is_no_file(server: tuple[Server, BotApi]):
    """Its length was promised."""
    played, api = server
    played.answers, played.hangs_up = [HEAD + b"Content-Length: 100\r\n\r\nhalf"], True

    with pytest.raises(CallFailed):
        await api.download("x", lambda piece: None, 5)


async def test_a_path_with_blanks_or_lines_never_leaves_us(server: tuple[Server, BotApi]):
    """It would be another request."""
    _, api = server
    with pytest.raises(ValueError, match="path"):
        await api.download("x HTTP/1.1\r\nHost: evil", lambda piece: None, 5)
