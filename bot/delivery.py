"""Delivery: sends what was committed, each chat in order, at its pace, and as often as the outcome allows.

    offer, backlog ──> queue ──> mark ──commit──> channel ──> result ──commit──> queue
                         ^                                                         │
                         └──── next of the chat; the same again; one more copy <───┘

One loop does everything but the calls themselves: each round gathers what is ready and what came back, and
writes it in one unit of work. What a failed try proves is decided in `bot.outcomes`, what is written in
`bot.recording`, who waits behind whom in `bot.queueing`. A row offered in memory carries the message; the
permission to send it is its mark, once that is committed.
"""

import asyncio
import logging
import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

import msgspec

from bot.calls import Calls, told
from bot.channels.messages import Channel
from bot.clock import Clock
from bot.delivery_health import ChannelHealth, DeliveryHealth
from bot.enclosing import Enclosing
from bot.lanes import Flight
from bot.outcomes import Repeat, after_doubt
from bot.pacer import UNLIMITED, Pace, Pacer
from bot.queueing import CHUNK, Queue
from bot.recording import LEASE, Consequences, Record
from bot.routes import Route
from storage.database import Database
from storage.errors import Unavailable
from storage.outbox import OutboxRow

log = logging.getLogger(__name__)

RETRY_STORING: Final = 1.0
LOOK_BACK: Final = timedelta(seconds=60)
LOOK_BACK_ROWS: Final = 2_000

_LEASE_MS: Final = LEASE // timedelta(milliseconds=1)
_LOOK_BACK_MS: Final = LOOK_BACK // timedelta(milliseconds=1)


class DeliverySettings(msgspec.Struct, frozen=True, kw_only=True):
    """What may be tuned. `edit_delay` and `patience` are seconds; `window` is rows in memory per priority."""

    edit_delay: float = 0.3
    in_flight: int = 256
    window: int = 2_000
    patience: float = 35.0


class Delivery:
    """Sends the outbox. Make it on the loop, `start` it before turns are taken, `stop` it before storage closes.

    `paces` gives the limits of channels by name; a channel without one is not paced. `enclosing` turns attachments
    into files; without it words go alone.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        clock: Clock,
        consequences: Consequences,
        *,
        paces: Mapping[str, Pace],
        enclosing: Enclosing | None = None,
        settings: DeliverySettings | None = None,
        random: Random | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._consequences = consequences
        self._settings = settings or DeliverySettings()
        self._random = random or Random()  # noqa: S311 - spreads retries, guards nothing
        now = clock.monotonic()
        self._routes = {
            name: Route(channel, Pacer(paces.get(name, UNLIMITED), now)) for name, channel in channels.items()
        }
        self._queue = Queue(self._routes, clock, window=self._settings.window, edit_delay=self._settings.edit_delay)
        self._calls = Calls(self._routes, clock, self._random, self._wake, enclosing)
        self._early: list[OutboxRow] | None = []
        self._loop: asyncio.Task[None] | None = None
        self._woken = False
        self._waiter: asyncio.Future[None] | None = None
        self._storing_at = -math.inf
        self._stopping = False
        clock.when_shifted(lambda _span: self._wake())

    async def start(self) -> None:
        """Own what the process before us left, load what waits, and begin to send.

        Before the channels take anything in. A message of class A or B that was being sent is looked at again
        only when `first_batch_taken` says that the taps made meanwhile are here. Raises Unavailable.
        """
        for row in await self._database.read(lambda unit: unit.outbox.left_sending()):
            await self._adopt(row)
        await self._remember_pace()
        last = 0
        while rows := await self._after(last):
            for row in rows:
                if row.state == "queued":
                    self._queue.admit(row)
            last = rows[-1].id
        early, self._early = self._early or [], None
        for row in early:
            if row.id > last:
                self._queue.admit(row)
        self._loop = asyncio.create_task(self._run(), name="delivery")

    def offer(self, rows: Iterable[OutboxRow]) -> None:
        """Take in rows that were just committed, in the order of their ids."""
        if self._early is not None:
            self._early.extend(rows)
            return
        for row in rows:
            self._queue.admit(row)
        self._wake()

    def evidence(self, prompt: str) -> None:
        """Note that an answer or a press carried this prompt, so its message arrived. Cheap: call it for each."""
        if self._queue.saw(prompt):
            self._wake()

    async def words_came(self, address_id: int) -> None:
        """Look whether words just taken in answered a question that may have arrived. Cheap where none is in doubt."""
        for row in self._queue.doubted(address_id):
            if row.prompt is not None and await self._database.read(partial(self._consequences.answered, row=row)):
                self.evidence(row.prompt)

    def first_batch_taken(self, channel: str) -> None:
        """Say that what came in while we were away is here: from now on silence means something."""
        route = self._routes.get(channel)
        if route is None or route.first_batch_taken:
            return
        route.first_batch_taken = True
        for flight in route.left:
            self._settle_left(flight)
        route.left.clear()
        self._queue.first_batch_taken(channel)
        self._wake()

    async def stop(self) -> None:
        """Begin no new try, wait up to `patience` seconds for those in the air, record them, and end."""
        self._stopping = True
        await self._calls.drain(self._settings.patience)
        self._wake()
        if self._loop is not None:
            _, late = await asyncio.wait({self._loop}, timeout=self._settings.patience)
            for task in late:
                task.cancel()

    async def health(self) -> DeliveryHealth:
        """Return how delivery stands, from the database and from memory. Raises Unavailable."""
        standing = await self._database.read(lambda unit: unit.outbox.standing())
        now, oldest = self._clock.monotonic(), standing.oldest_queued_at
        return DeliveryHealth(
            queued=standing.queued,
            oldest_queued_age=None if oldest is None else timedelta(milliseconds=max(0, self._clock.now() - oldest)),
            unknown=standing.unknown,
            dead=standing.dead,
            in_air=len(self._calls),
            storing=self._storing_at == -math.inf,
            channels=tuple(
                ChannelHealth(
                    name=name,
                    state=route.circuit.state,
                    why=route.circuit.why,
                    asked_to_wait=route.pacer.held_until(now) - now,
                )
                for name, route in self._routes.items()
            ),
        )

    async def _adopt(self, row: OutboxRow) -> None:
        route = self._routes.get(row.channel)
        if route is None:
            return
        flight = self._queue.adopt(row)
        prompt = row.prompt
        if prompt is not None:
            flight.seen = await self._database.read(lambda unit: unit.inbox.pressed(row.channel, prompt))
        if flight.seen or row.class_ not in "AB" or route.first_batch_taken:
            self._settle_left(flight)
        else:
            route.left.append(flight)

    def _settle_left(self, flight: Flight) -> None:
        ruling = after_doubt(self._calls.try_of(flight), self._random)
        if isinstance(ruling, Repeat):  # it has waited long enough while nobody was there
            ruling = Repeat(0.0)
        self._calls.settle(flight, ruling, "AMBIGUOUS", "cut off by the end of the process")

    async def _remember_pace(self) -> None:
        """Count what was sent in the last minute: the channel counts per bot, not per process."""
        now, now_ms, rate = self._clock.monotonic(), self._clock.now(), self._clock.rate
        since = now_ms - int(_LOOK_BACK_MS * rate)
        for channel, chat, sent_at in await self._database.read(
            lambda unit: unit.outbox.sent_since(since, LOOK_BACK_ROWS)
        ):
            if route := self._routes.get(channel):
                route.pacer.remember(chat, now - max(0, now_ms - sent_at) / 1000 / rate)

    async def _after(self, last: int) -> list[OutboxRow]:
        return await self._database.read(lambda unit: unit.outbox.unsent(CHUNK, last))

    # The loop

    async def _run(self) -> None:
        while not (self._stopping and not self._calls and not self._calls.results):
            await self._rest()
            try:
                await self._round()
            except Unavailable as error:
                log.warning("delivery cannot store now and waits: %s", error.why)
                self._storing_at = self._clock.monotonic() + RETRY_STORING
            except Exception as error:  # noqa: BLE001 - one fault must not end all sending
                log.error("delivery met a fault of its own and goes on: %s", told(error))
                self._storing_at = self._clock.monotonic() + RETRY_STORING

    def _wake(self) -> None:
        self._woken = True
        self._look_again()

    def _look_again(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def _rest(self) -> None:
        """Wait until something happened, or the next thing in time is due."""
        while True:
            now = self._clock.monotonic()
            until = now if self._woken else self._next_at()
            until = max(until, self._storing_at)
            if until <= now:
                break
            await self._wait(until - now)
        self._woken = False

    async def _wait(self, span: float) -> None:
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        timer = loop.call_later(span, self._look_again) if span < math.inf else None
        try:
            await self._waiter
        finally:
            self._waiter = None
            if timer is not None:
                timer.cancel()

    def _next_at(self) -> float:
        """Return the monotonic moment of the next thing to do."""
        if self._calls.results:
            return self._clock.monotonic()
        moment = self._calls.next_at()
        if self._stopping:
            return moment
        if len(self._calls) < self._settings.in_flight:
            moment = min(moment, *(route.opens_at() for route in self._routes.values()), math.inf)
        return min(moment, self._queue.next_at())

    async def _round(self) -> None:
        now = self._clock.monotonic()
        self._calls.give_up_late(now)
        record = Record(self._clock.now(), self._clock.real() + _LEASE_MS, self._clock.rate)
        if not self._stopping:
            self._queue.wake(now)
            await self._refill()
            self._gather(record, now)
        record.results, self._calls.results = self._calls.results, []
        if record:
            await self._commit(record)

    async def _refill(self) -> None:
        ids = self._queue.wanted()
        if not ids:
            return
        try:
            rows = await self._database.read(lambda unit: [unit.outbox.get(outbox_id) for outbox_id in ids])
        except BaseException:
            self._queue.give_back(ids)
            raise
        self._queue.fetched(rows)

    def _gather(self, record: Record, now: float) -> None:
        """Collect what is to be written, and send what needs no mark."""
        for flight in self._queue.take(record, now, self._settings.in_flight - len(self._calls)):
            self._calls.begin(flight)
        record.endings, self._queue.endings = record.endings + self._queue.endings, []
        record.proofs, self._queue.proofs = self._queue.proofs, []
        record.edits, self._queue.lookups = record.edits + self._queue.lookups, []

    async def _commit(self, record: Record) -> None:
        """Write a round; one failing entry is found by writing each alone, and holds up nothing else."""
        try:
            written = await self._database.run(lambda unit: record.write(unit, self._consequences))
        except Unavailable:
            self._put_back(record)
            raise
        except Exception as error:
            if record.muted:
                self._put_back(record)
                raise
            log.error("a round of delivery could not be written; now each part of it alone: %s", told(error))
            await self._commit_apart(record.parts())
            return
        self._storing_at = -math.inf
        for flight in self._queue.apply(record, written):
            flight.thread = written.threads.get(flight.row.id, "")
            self._calls.begin(flight, written.prefixes.get(flight.row.id, ""))
        if written.rows:
            self.offer(written.rows)

    async def _commit_apart(self, parts: list[Record]) -> None:
        fault: Exception | None = None
        for part in parts:
            if isinstance(fault, Unavailable):
                self._put_back(part)
                continue
            try:
                await self._commit(part)
            except Exception as error:  # noqa: BLE001 - raised below, when every part had its turn
                fault = error
        if fault is not None:
            raise fault

    def _put_back(self, record: Record) -> None:
        self._calls.results[:0] = record.results
        self._queue.put_back(record)
