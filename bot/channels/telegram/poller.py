"""Long polling that loses nothing: a batch is confirmed only after it is committed.

    ask ── a batch ──> intake.receive(updates, the new offset), one commit ──> ask again, which confirms it
     ├── 409, other poller ── back off, say so      (never fight, never stop)
     ├── 409, webhook ─────── take the webhook away, keeping what waits
     ├── 401, 404 ─────────── say so, one try a minute
     └── anything else ────── back off, at most 30 s

Taps live 150 s on Telegram's side. After a longer gap some are lost for ever: `on_gap` is told once, after all that
waited has been received, so that nobody is asked again who has answered.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

import msgspec

from bot.channels.telegram import outcomes, parse
from bot.channels.telegram.http import BotApi, CallFailed
from bot.channels.updates import AnyUpdate, Intake, Unavailable
from bot.clock import Clock

log = logging.getLogger(__name__)

T = TypeVar("T")

OFFSET = "telegram.offset"
POLLED_AT = "telegram.polled_at"

LIMIT = 100
WAIT_SECONDS = 25
TAPS_LIVE = 150_000  # ms: Telegram keeps a tap no longer
LONGEST_PAUSE = 30.0
REFUSED_PAUSE = 60.0

State = Literal["starting", "polling", "no connection", "another poller", "refused", "no storage", "stopped"]


class Polling(msgspec.Struct, frozen=True):
    """How polling goes, for the health page: its state, since when, why, and when it last succeeded (ms)."""

    state: State
    since: int
    why: str = ""
    polled_at: int | None = None


class Poller:
    """Takes one bot's updates in, from `run` until `stop`.

    `offset` and `polled_at` (ms) are what was stored under the facts "telegram.offset" and "telegram.polled_at".
    `on_gap(ms)` is awaited after a gap in which taps were lost. `caught_up` is set when the first batches are in.
    """

    def __init__(
        self,
        api: BotApi,
        intake: Intake,
        clock: Clock,
        *,
        offset: int | None = None,
        polled_at: int | None = None,
        on_gap: Callable[[int], Awaitable[None]] | None = None,
        wait_seconds: int = WAIT_SECONDS,
    ) -> None:
        self._api = api
        self._intake = intake
        self._clock = clock
        self._offset = offset
        self._polled_at = polled_at
        self._on_gap = on_gap
        self._wait = wait_seconds
        self._gap = 0
        self._failures = 0
        self._rushed = True  # the first question after a failure asks without waiting
        self._interruptible = False
        self._stopping = False
        self._task: asyncio.Task[None] | None = None
        self.caught_up = asyncio.Event()
        self.ignored = 0
        self.polling = Polling("starting", clock.real(), polled_at=polled_at)

    async def run(self) -> None:
        """Poll until `stop`. Cancelling is safe at any moment as well: what is not committed comes again."""
        self._task = asyncio.current_task()
        try:
            while not self._stopping:
                await self._round()
        except asyncio.CancelledError:
            if not self._stopping:
                raise
        finally:
            self._tell("stopped")

    def stop(self) -> None:
        """End after what is being received now; a question that waits for updates is broken off."""
        self._stopping = True
        if self._interruptible and self._task is not None:
            self._task.cancel()

    async def _round(self) -> None:
        try:
            status, body = await self._interruptibly(self._ask())
        except CallFailed as failed:
            await self._pause("no connection", str(failed), self._backoff())
            return
        if status != 200:
            await self._refused(status, body)
            return
        try:
            taken = parse.batch(body, self._clock.now())
        except parse.Garbled as error:
            await self._pause("no connection", f"the answer could not be read: {error}", self._backoff())
            return
        await self._take(taken)

    def _ask(self) -> "Awaitable[tuple[int, bytes]]":
        wait = 0 if self._rushed else self._wait
        question: dict[str, object] = {"timeout": wait, "limit": LIMIT, "allowed_updates": parse.ALLOWED_UPDATES}
        if self._offset is not None:
            question["offset"] = self._offset
        return self._api.call("getUpdates", msgspec.json.encode(question), wait + 15.0)

    async def _take(self, taken: parse.Taken) -> None:
        """Commit a batch with its offset; only then the next question may confirm it."""
        now = self._clock.real()
        if self._polled_at is not None and now - self._polled_at > TAPS_LIVE:
            self._gap = max(self._gap, now - self._polled_at)
        stuck = taken.size > 0 and taken.offset in (None, self._offset)
        offset = self._offset if taken.offset is None else taken.offset
        # While a gap is untold its beginning stays stored: after a crash it is seen again.
        facts = {} if self._gap else {POLLED_AT: str(now)}
        if offset is not None:
            facts[OFFSET] = str(offset)
        await self._receive(taken.updates, facts)
        self._offset, self._polled_at = offset, now
        self.ignored += taken.ignored
        self._failures = self._failures + 1 if stuck else 0
        self._rushed = False
        self._tell("polling")
        if taken.size < LIMIT:
            await self._caught_up()
        if stuck:
            await self._pause("no connection", "telegram repeats updates that have no usable number", self._backoff())

    async def _receive(self, updates: list[AnyUpdate], facts: dict[str, str]) -> None:
        """Hand a batch in, as often as it takes: kept here, a tap outlives the 150 s that Telegram gives it."""
        while True:
            try:
                await self._intake.receive(updates, facts=facts)
            except Unavailable as error:
                self._tell("no storage", str(error))
                await self._interruptibly(asyncio.sleep(error.retry_after))
            else:
                return

    async def _caught_up(self) -> None:
        self.caught_up.set()
        if not self._gap:
            return
        log.warning("no updates were fetched for %d s; taps older than 150 s are lost", self._gap // 1000)
        try:
            if self._on_gap is not None:
                await self._on_gap(self._gap)
            self._gap = 0
        except Unavailable as error:
            self._tell("no storage", str(error))  # told again after the next batch

    async def _refused(self, status: int, body: bytes) -> None:
        refusal = outcomes.refusal(status, body)
        if status == 409 and "webhook is active" in refusal.detail:
            await self._take_webhook_away(refusal.detail)
        elif status == 409:
            await self._pause("another poller", refusal.detail, self._backoff())
        elif refusal.reason == "STOPPED":
            await self._pause("refused", refusal.detail, REFUSED_PAUSE)
        else:
            pause = self._backoff() if refusal.retry_after is None else refusal.retry_after
            await self._pause("no connection", refusal.detail, pause)

    async def _take_webhook_away(self, why: str) -> None:
        """Polling was configured, so the webhook is a left-over; the updates that wait are kept."""
        log.warning("telegram still has a webhook for this bot, and polling was asked for: taking it away")
        try:
            await self._interruptibly(self._api.call("deleteWebhook", b'{"drop_pending_updates":false}'))
        except CallFailed as failed:
            why = str(failed)
        await self._pause("another poller", why, self._backoff())

    async def _pause(self, state: State, why: str, seconds: float) -> None:
        self._tell(state, why)
        self._rushed = True
        await self._interruptibly(asyncio.sleep(seconds))

    def _backoff(self) -> float:
        """Return full jitter below 1, 2, 4 … 30 s, and never so little that the loop runs hot."""
        self._failures += 1
        return max(0.1, random.uniform(0, min(LONGEST_PAUSE, 2.0 ** min(self._failures - 1, 8))))  # noqa: S311 - no secret

    async def _interruptibly(self, waiting: "Awaitable[T]") -> "T":
        """Await something that `stop` may break off without loss."""
        self._interruptible = True
        try:
            if self._stopping:
                raise asyncio.CancelledError
            return await waiting
        finally:
            self._interruptible = False

    def _tell(self, state: State, why: str = "") -> None:
        """Keep the state for the health page, and log each change once."""
        changed = state != self.polling.state
        since = self._clock.real() if changed else self.polling.since
        self.polling = Polling(state, since, why, self._polled_at)
        if not changed:
            return
        if state == "refused":
            log.error("telegram refuses this bot's token, nothing is sent or received: %s", why)
        elif why:
            log.warning("telegram polling: %s (%s)", state, why)
        else:
            log.info("telegram polling: %s", state)
