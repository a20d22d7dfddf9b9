"""One webhook: a signed POST to one endpoint, as Standard Webhooks has it.

Every try resolves the host anew, looks at its addresses and connects to those; no redirect is followed, no proxy of
the environment is used, and what the receiver answers is not read. The headers carry a signature for each secret,
so that a receiver can change its secret without missing anything.
"""

import asyncio
from datetime import UTC, datetime
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx
import msgspec
from standardwebhooks.webhooks import Webhook as Signer

from bot.clock import Clock
from bot.notifying.guard import NotAllowed, Resolve, checked_addresses, resolve_by_system, unfit_url
from bot.notifying.retrying import Failed, Taken, Verdict
from bot.settings.webhooks import Endpoint
from storage.notifications import Notification

PATIENCE: Final = 15.0
"""Seconds for one try, from the name server's answer to the receiver's."""

CONNECTING: Final = 5.0
"""Seconds that one of a host's addresses has to take the connection, before the next is tried."""

EXCERPT: Final = 300
"""Bytes of an answer that `makegood webhooks test` shows; otherwise none is read."""


class Answer(msgspec.Struct, frozen=True):
    """What a receiver answered: its HTTP status, how long it asks us to wait, the beginning of its words."""

    status: int
    retry_after: float | None = None
    excerpt: str = ""

    @property
    def taken(self) -> bool:
        """Return whether the receiver says that it has it."""
        return 200 <= self.status < 300


class NoAnswer(Exception):
    """The endpoint could not be reached, or is none that we go to. `why` names no address."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class WebhookWay:
    """Sends to one endpoint. `resolve` asks for a host's addresses."""

    def __init__(self, endpoint: Endpoint, clock: Clock, resolve: Resolve = resolve_by_system) -> None:
        self._endpoint = endpoint
        self._clock = clock
        self._resolve = resolve
        self._signers = [Signer(secret) for secret in endpoint.secrets]
        self._tls = httpx.create_ssl_context()  # with SSL_CERT_FILE, where a company vouches for its own

    async def send(self, notification: Notification) -> Verdict:
        """Make one try."""
        try:
            answer = await self.post(notification.ident, notification.payload)
        except NoAnswer as error:
            return Failed(error.why)
        return Taken() if answer.taken else Failed(f"status {answer.status}", answer.retry_after)

    async def post(self, ident: str, body: str, *, excerpt: bool = False) -> Answer:
        """Post a body under an id, signed now; return what was answered. Raises NoAnswer."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._post(ident, body, excerpt=excerpt)
        except NotAllowed as error:
            raise NoAnswer(f"not allowed: {error.why}") from None
        except TimeoutError:
            raise NoAnswer(f"no answer within {PATIENCE:.0f} s") from None
        except (OSError, UnicodeError) as error:
            raise NoAnswer(f"not reached: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise NoAnswer(f"no answer: {type(error).__name__}") from None

    async def _post(self, ident: str, body: str, *, excerpt: bool) -> Answer:
        private = self._endpoint.allow_private
        if why := unfit_url(self._endpoint.url, allow_private=private):
            raise NotAllowed(why)
        parts = urlsplit(self._endpoint.url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        numbers = await checked_addresses(host, port, self._resolve, allow_private=private)
        headers = self._headers(ident, body, parts)
        async with httpx.AsyncClient(
            verify=self._tls,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(PATIENCE, connect=CONNECTING),
        ) as client:
            for number in numbers[:-1]:
                try:
                    return await _answer(client, _at(parts, number, port), host, headers, body, excerpt=excerpt)
                except (httpx.ConnectError, httpx.ConnectTimeout):  # surely not sent: the host's next address
                    continue
            return await _answer(client, _at(parts, numbers[-1], port), host, headers, body, excerpt=excerpt)

    def _headers(self, ident: str, body: str, parts: SplitResult) -> dict[str, str]:
        at = datetime.fromtimestamp(self._clock.real() // 1000, UTC)
        return {
            "host": parts.netloc,
            "content-type": "application/json",
            "user-agent": "makegood",
            "webhook-id": ident,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": " ".join(signer.sign(ident, at, body) for signer in self._signers),
        }


def _at(parts: SplitResult, number: str, port: int) -> str:
    """Return the endpoint's URL with an address that was looked at in the host's place."""
    place = f"[{number}]" if ":" in number else number
    return parts._replace(netloc=f"{place}:{port}").geturl()


async def _answer(
    client: httpx.AsyncClient, url: str, host: str, headers: dict[str, str], body: str, *, excerpt: bool
) -> Answer:
    async with client.stream(
        "POST", url, content=body.encode(), headers=headers, extensions={"sni_hostname": host}
    ) as response:
        words = b""
        if excerpt:
            async for part in response.aiter_raw(EXCERPT):
                words = part
                break
        return Answer(response.status_code, _seconds(response.headers.get("retry-after")), _readable(words))


def _seconds(header: str | None) -> float | None:
    """Return how long a receiver asks us to wait. Dates are not read: hardly anybody sends one, and clocks differ."""
    return float(header) if header is not None and header.isascii() and header.isdecimal() and len(header) < 8 else None


def _readable(words: bytes) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in words[:EXCERPT].decode("utf-8", "replace")).strip()
