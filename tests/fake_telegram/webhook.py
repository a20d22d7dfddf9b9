"""Pushing updates to a webhook, with Telegram's patience (reliability.md §0.1).

A 2xx is delivered and forgotten; anything else is tried again after 1, 2, 4 … seconds, up to a random 60 to 120,
or what `Retry-After` asks for, until the update expires. Each queue is head-of-line: the next update of a chat
goes only after the earlier one was taken. Taps have a queue of their own, by user.
"""

import asyncio
import contextlib
import json
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import msgspec

from tests.fake_telegram.parameters import Json, decode
from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.updates import Pending, Updates
from tests.fake_telegram.wire import Request
from tests.fake_telegram.world import Bell, Clock

ANSWER_PATIENCE = 60.0
LONGEST_RETRY_AFTER = 3600.0
GONE_REMOVES_AFTER = 23 * 3600.0


class Push(msgspec.Struct, frozen=True):
    """One POST to the webhook. Status 0: no answer came."""

    update_id: int
    status: int
    attempt: int


class Webhook:
    """One webhook that was set. Times it waits are real seconds, times `pace` (below 1 for an impatient test)."""

    def __init__(
        self,
        url: str,
        secret: str,
        connections: int,
        updates: Updates,
        clock: Clock,
        execute: Callable[[str, Json], None],
        pace: float,
        on_gone: Callable[[], None],
    ) -> None:
        self.url = url
        self.connections = connections
        self.pushes: list[Push] = []
        self.pushed = Bell()
        self.last_error = ""
        self.last_error_at = 0
        self._secret = secret
        self._updates = updates
        self._clock = clock
        self._execute = execute
        self._pace = pace
        self._on_gone = on_gone
        self._gone_since: float | None = None
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def feed(self) -> None:
        """Start a lane for every queue that has something to push."""
        for pending in self._updates.waiting():
            if pending.lane not in self._lanes:
                self._lanes[pending.lane] = asyncio.create_task(self._drain(pending.lane))

    async def close(self) -> None:
        lanes, self._lanes = list(self._lanes.values()), {}
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def _drain(self, lane: str) -> None:
        try:
            while pending := next((each for each in self._updates.waiting() if each.lane == lane), None):
                await self._deliver(pending)
        finally:
            self._lanes.pop(lane, None)

    async def _deliver(self, pending: Pending) -> None:
        """Push one update until it is taken or expires."""
        delay, attempt = 1.0, 0
        while self._updates.holds(pending):
            attempt += 1
            copies, pending.copies = pending.copies, 1
            tried = await asyncio.gather(*(self._post(pending, attempt) for _ in range(copies)))
            if any(status // 100 == 2 for status, _ in tried):
                self._updates.forget(pending)
                self.pushed.ring()
                return
            status, asked = tried[0]
            self._note_gone(status)
            self.pushed.ring()
            await asyncio.sleep(self._pace * (asked or delay))
            delay = min(delay * 2, random.uniform(60, 120))

    async def _post(self, pending: Pending, attempt: int) -> tuple[int, float]:
        """Return the status (0: none came) and the seconds that Retry-After asked for."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        try:
            async with self._client().post(self.url, json=pending.json(), headers=headers) as response:
                body = await response.read()
                status = response.status
                asked = _seconds(response.headers.get("Retry-After"))
                kind = response.content_type
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(f"Connection failed: {type(error).__name__}")
            self.pushes.append(Push(pending.update_id, 0, attempt))
            return 0, 0.0
        self.pushes.append(Push(pending.update_id, status, attempt))
        if status // 100 == 2:
            self._obey(kind, body)
        else:
            self._failed(f"Wrong response from the webhook: {status} {response.reason}")
        return status, asked

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self.connections)
            timeout = aiohttp.ClientTimeout(total=ANSWER_PATIENCE)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout)
        return self._session

    def _obey(self, kind: str, body: bytes) -> None:
        """An answer that names a method is carried out as a call, whose result nobody hears."""
        asked = _asked(kind, body)
        if isinstance(asked, dict) and "method" in asked:
            self._execute(str(asked.pop("method")), asked)

    def _failed(self, why: str) -> None:
        self.last_error, self.last_error_at = why, int(self._clock.now())

    def _note_gone(self, status: int) -> None:
        """410 for 23 hours removes the webhook altogether."""
        if status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self._clock.now()
        elif self._clock.now() - self._gone_since > GONE_REMOVES_AFTER:
            self._on_gone()


class Webhooks:
    """Setting a webhook, deleting it, telling of it. `current` is the one that is set."""

    def __init__(
        self,
        updates: Updates,
        clock: Clock,
        execute: Callable[[str, Json], None],
        pace: float,
        later: Callable[[Awaitable[None]], None],
    ) -> None:
        self.current: Webhook | None = None
        self._updates = updates
        self._clock = clock
        self._execute = execute
        self._pace = pace
        self._later = later

    def put(self, params: Json) -> bool:
        """setWebhook; an empty address deletes it."""
        url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
        if not url:
            return self.delete(params)
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Refused(400, "Bad Request: secret token contains unallowed characters")
        if not re.match(r"(https://|http://(127\.0\.0\.1|localhost)[:/])", url):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        if "allowed_updates" in params:
            self._updates.allowed = tuple(params["allowed_updates"] or ())
        self.delete(params)
        connections = min(max(int(params.get("max_connections") or 40), 1), 100)
        self.current = Webhook(
            url, secret, connections, self._updates, self._clock, self._execute, self._pace, self._remove
        )
        self.current.feed()
        return True

    def delete(self, params: Json) -> bool:
        self._remove()
        if params.get("drop_pending_updates"):
            self._updates.drop_all()
        return True

    def told(self) -> Json:
        """getWebhookInfo."""
        told: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self._updates)}
        if self._updates.allowed:
            told["allowed_updates"] = list(self._updates.allowed)
        if self.current is None:
            return told
        told |= {"url": self.current.url, "max_connections": self.current.connections, "ip_address": "127.0.0.1"}
        if self.current.last_error:
            told |= {"last_error_date": self.current.last_error_at, "last_error_message": self.current.last_error}
        return told

    def _remove(self) -> None:
        if self.current is not None:
            self._later(self.current.close())
            self.current = None


def _asked(kind: str, body: bytes) -> Any:
    if kind == "application/json":
        with contextlib.suppress(ValueError):
            return json.loads(body)
        return None
    return decode(Request("POST", "", "", kind, body))


def _seconds(retry_after: str | None) -> float:
    if retry_after is None or not retry_after.isascii() or not retry_after.isdigit():
        return 0.0
    return min(float(retry_after), LONGEST_RETRY_AFTER)
