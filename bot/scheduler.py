"""Due rows at their moment: one job, armed for the next of them, with a heartbeat beside it.

APScheduler holds that one job and nothing else: the rows are the truth, so a missed, late or repeated wake-up
loses nothing. When business time leaps ahead without being told to, nothing fires for a while: a wrong clock
must not send a week's messages at once.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.house import House
from bot.timers import fire
from bot.turn import Turned
from storage.database import Database
from storage.due import DueRow
from storage.errors import Unavailable

log = logging.getLogger("makegood.due")

CLAIM: Final = "claim"
HEARTBEAT: Final = "heartbeat"
HEARTBEAT_SECONDS: Final = 15
CHUNK: Final = 200
LEASE: Final = timedelta(minutes=5) // timedelta(milliseconds=1)
TRIES: Final = 3
PUT_OFF: Final = timedelta(minutes=1) // timedelta(milliseconds=1)
LEAP: Final = timedelta(hours=1) // timedelta(milliseconds=1)
CALM: Final = 600.0


class Scheduler:
    """Fires due rows. `hand_on` takes what each committed row decided.

    `begins` names kinds whose moment begins work outside the database: called after the row's commit.
    """

    def __init__(
        self,
        database: Database,
        house: House,
        clock: Clock,
        hand_on: Callable[[Turned], None],
        begins: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:
        self._database = database
        self._house = house
        self._clock = clock
        self._hand_on = hand_on
        self._begins = begins or {}
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._running = asyncio.Lock()
        self._begun: set[asyncio.Task[None]] = set()
        self._owns_claims = False
        self._armed_for: int | None = None
        self._heard: int | None = None
        self._asked = False
        self._guard = LeapGuard(clock)

    def start(self) -> None:
        """Begin to fire what is due."""
        self._scheduler.add_job(
            self._beat, "interval", seconds=HEARTBEAT_SECONDS, id=HEARTBEAT, coalesce=True, misfire_grace_time=None
        )
        self._scheduler.start()
        self._clock.when_shifted(lambda _span: self.wake())
        self.wake()

    async def stop(self) -> None:
        """Fire nothing more, and return when what was begun is through."""
        self._scheduler.shutdown(wait=False)
        if self._begun:
            await asyncio.wait(self._begun)

    async def catch_up(self) -> None:
        """Return when everything that is due by now was fired."""
        await self._claim()  # where somebody is at it already, they look once more
        async with self._running:
            return

    def wake(self) -> None:
        """Look at the due rows now."""
        if self._running.locked():
            self._asked = True
        else:
            self._arm(self._clock.now())

    def planned(self, done: Turned) -> None:
        """Hear of a turn: what it planned may come before what we are armed for."""
        if done.next_due is not None:
            self.planned_at(done.next_due)

    def planned_at(self, at: int) -> None:
        """Hear of a due row just planned for that moment. While rows fire, it is kept in mind: each may plan others."""
        if self._running.locked():
            self._heard = at if self._heard is None else min(at, self._heard)
        elif self._armed_for is None or at < self._armed_for:
            self._arm(at)

    def _arm(self, at: int) -> None:
        self._armed_for = at
        run_at = datetime.fromtimestamp(self._clock.real() / 1000 + self._clock.until(at), UTC)
        self._scheduler.add_job(
            self._begin,
            "date",
            run_date=run_at,
            id=CLAIM,
            replace_existing=True,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=4,
        )

    async def _beat(self) -> None:
        self._guard.look()
        await self._begin()

    async def _begin(self) -> None:
        """Claim in a task of our own: the library's are cancelled at its shutdown, in the middle of their work."""
        task = asyncio.create_task(self._claim())
        self._begun.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._begun.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("looking for due rows met a fault of its own; the heartbeat looks again", exc_info=error)

    async def _claim(self) -> None:
        """Fire everything that is due, oldest first, and arm for what is next.

        Called while it runs, it looks once more before it ends: a row planned meanwhile is not left to the heartbeat.
        """
        self._asked = True
        if self._running.locked():
            return
        async with self._running:
            following = await self._fire_all()
        if following is not None:
            self._arm(max(following, self._clock.now() + (1000 if self._guard.held() else 0)))

    async def _fire_all(self) -> int | None:
        """Fire until nothing is due; return when the next row is, None when nothing is planned."""
        following = self._armed_for = None
        while self._asked:
            self._asked = False
            try:
                while not self._guard.held() and await self._chunk():
                    pass
                self._heard = None  # what we heard of so far is committed, so it is among what is read now
                following = await self._database.read(lambda unit: unit.due.next_at())
            except Unavailable as error:
                log.warning("due rows wait: %s", error)
                return self._heard
        return min((at for at in (following, self._heard) if at is not None), default=None)

    async def _chunk(self) -> bool:
        now = self._clock.now()
        if not self._owns_claims:  # what the process before us claimed is ours: nobody waits for its lease
            await self._database.run(lambda unit: unit.due.release())
            self._owns_claims = True
        rows = await self._database.run(lambda unit: unit.due.claim(now, LEASE, CHUNK))
        await asyncio.gather(*(self._fire(row) for row in rows))
        return len(rows) == CHUNK

    async def _fire(self, row: DueRow) -> None:
        now, house = self._clock.now(), self._house
        try:
            done = await self._database.run(lambda unit: fire(row, unit, house, now), low=True)
        except Unavailable:
            return  # the claim runs out and the row comes again
        except Exception as error:  # noqa: BLE001 - one bad row must not stop the others: put off, then parked and shown
            await self._put_off(row, error)
            return
        self._hand_on(done)
        if row.kind in self._begins:
            self._begins[row.kind]()
        log.info("due %s:%d fired, messages:%d", row.kind, row.subject, len(done.rows))

    async def _put_off(self, row: DueRow, error: Exception) -> None:
        log.error("due %s:%d failed: %s", row.kind, row.subject, type(error).__name__, exc_info=error)
        later, why = self._clock.now() + PUT_OFF, type(error).__name__
        if row.attempts + 1 >= TRIES:
            await self._database.run(lambda unit: unit.due.park(row.id, why))
        else:
            await self._database.run(lambda unit: unit.due.put_off(row.id, later))


class LeapGuard:
    """Notices when business time leaps ahead of the time that passed, and holds the due rows for ten minutes.

    A shift on purpose is no leap. Time that goes back needs no guard: rows are due by their state, not by memory.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._now = clock.now()
        self._monotonic = clock.monotonic()
        self._until = 0.0
        clock.when_shifted(self._shifted)

    def _shifted(self, span: timedelta) -> None:
        self._now += span // timedelta(milliseconds=1)

    def look(self) -> None:
        """Compare how far both clocks went since the last look."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        passed = (monotonic - self._monotonic) * 1000 * self._clock.rate
        leap = now - self._now - passed
        self._now, self._monotonic = now, monotonic
        if leap > LEAP:
            self._until = monotonic + CALM
            log.error("the clock leapt ahead by %d s; nothing that was planned fires for ten minutes", leap // 1000)

    def held(self) -> bool:
        """Say whether due rows must wait."""
        self.look()
        return self._clock.monotonic() < self._until
