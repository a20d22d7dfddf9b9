"""Receivers for the tests: a real HTTP server that writes down what it gets, and answers as it is told."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from aiohttp import web
from standardwebhooks.webhooks import Webhook

from bot.settings.webhooks import Endpoint
from tests.waiting import LIMIT

SECRET = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
OTHER = "whsec_IB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE="


class Receiver:
    """An endpoint. `answers` are statuses to give, the last of them from then on; `hold` keeps answers back."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[str] = []
        self.answers: list[int] = [200]
        self.answer_headers: dict[str, str] = {}
        self.words = "thanks"
        self.hold = asyncio.Event()
        self.hold.set()
        self.under_way = self.most_under_way = 0
        self.port = 0
        self._came = asyncio.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def idents(self) -> list[str]:
        """The ids of what came, in order."""
        return [ident for ident, _ in self.got]

    def endpoint(self, name: str = "crm", **more: Any) -> Endpoint:
        """Return its setting."""
        return Endpoint(name=name, **{"url": self.url, "secrets": (SECRET,), "allow_private": True, **more})

    async def take(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.got.append((request.headers["webhook-id"], json.loads(body)))
        self.headers.append({key.lower(): value for key, value in request.headers.items()})
        self.bodies.append(body)
        async with self._came:
            self._came.notify_all()
        try:
            await self.hold.wait()
        finally:
            self.under_way -= 1
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=status, text=self.words, headers=self.answer_headers)

    async def has(self, count: int) -> Self:
        """Wait until so many came."""
        async with asyncio.timeout(LIMIT), self._came:
            await self._came.wait_for(lambda: len(self.got) >= count)
        return self

    def verified(self, number: int = 0, secret: str = SECRET) -> dict[str, Any]:
        """Return what came, verified as a receiver does it with the standard's own library. Raises when it is not."""
        told: dict[str, Any] = Webhook(secret).verify(self.bodies[number], self.headers[number])
        return told


@asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver while the block runs, behind TLS if it has a certificate."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield receiver
    finally:
        receiver.hold.set()
        await runner.cleanup()
