"""The webhook as a plain ASGI endpoint: stored first, answered second, and never in its own way.

Telegram holds a chat's later updates back until the earlier one is taken. So what we cannot read is kept as
`Unreadable` and answered 200; only a database that takes nothing now is a reason to be asked again (503). Nobody
who lacks the secret gets as far as a body. 410 is never answered: Telegram would remove the webhook.
"""

import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from bot.channels.telegram import parse
from bot.channels.updates import AnyUpdate, Intake, Unavailable
from bot.clock import Clock

LARGEST_BODY = 1024 * 1024
SECRET_HEADER = b"x-telegram-bot-api-secret-token"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Webhook:
    """Mount it at the path that `set_webhook` was told. `secret` has 16 to 256 of `[A-Za-z0-9_-]`."""

    def __init__(self, intake: Intake, clock: Clock, secret: str) -> None:
        if len(secret) < 16:
            raise ValueError("the webhook's secret needs at least 16 characters")
        self._intake = intake
        self._clock = clock
        self._secret = secret.encode("ascii")
        self.ignored = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one HTTP request."""
        if scope["method"] != "POST":
            await _answer(send, 405, [(b"allow", b"POST")])
        elif not hmac.compare_digest(_header(scope["headers"], SECRET_HEADER), self._secret):
            await _answer(send, 403)
        else:
            await self._take(receive, send)

    async def _take(self, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:  # they hung up, and will come again
            return
        update = self._parsed(body)
        try:
            if update is None:
                self.ignored += 1
            else:
                await self._intake.receive([update])
        except Unavailable as error:
            await _answer(send, 503, [(b"retry-after", str(error.retry_after).encode())])
        else:
            await _answer(send, 200)

    def _parsed(self, body: bytes) -> AnyUpdate | None:
        if len(body) > LARGEST_BODY:
            return parse.unreadable(body[:LARGEST_BODY], self._clock.now())
        return parse.single(body, self._clock.now())


def _header(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> bytes:
    return next((value for name, value in headers if name == wanted), b"")


async def _body(receive: Receive) -> bytes | None:
    """Return the body, at most a little more than we take; None when the sender hung up before its end."""
    chunks: list[bytes] = []
    length = 0
    while length <= LARGEST_BODY:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        chunk: bytes = event.get("body", b"")
        chunks.append(chunk)
        length += len(chunk)
        if not event.get("more_body", False):
            break
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _answer(send: Send, status: int, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    """An empty answer: a body could be read as a call of the Bot API, whose result nobody would see."""
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0"), *headers]})
    await send({"type": "http.response.body", "body": b""})
