"""The sender: what was decided to be told goes out, each way for itself, at least once, under one id.

    committed turn, due row ──> queued ──mark, committed──> try ──> result, committed
                                  ^                                  │
                                  └──── later and later, three days ─┘──> parked, shown, and told where it matters

Beside delivery and like it, but simpler: there is one sender, receivers know repeats by the id, and no order is
promised. Every way has its own loop and at most a few tries under way, so one that is down or slow holds up nobody
else, and what piled up meanwhile comes back as a trickle.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final, Protocol

from bot.audience import MESSAGE_WAITING, name_of
from bot.clock import Clock
from bot.house import House
from bot.notifying import waiting
from bot.notifying.retrying import Failed, Refused, Taken, Verdict, wait_after
from bot.outgoing import Outgoing
from bot.scene import Scene
from bot.turn import NOTHING, Turned, turned
from storage.database import Database
from storage.errors import Unavailable
from storage.notifications import Notification
from storage.unit import Unit

log = logging.getLogger("makegood.notify")

AT_ONCE: Final = 4
"""Tries under way to one endpoint or mail server: a burst reaches it as so many at a time."""

HEARTBEAT: Final = 15.0
PAUSE: Final = 1.0
GOODBYE: Final = 20.0
"""Seconds that the tries under way get when the process ends: more than one of them may take."""

GONE: Final = "it is not in the settings any more"
_MILLISECOND: Final = timedelta(milliseconds=1)


class Way(Protocol):
    """How one kind of receiver is reached."""

    async def send(self, notification: Notification) -> Verdict:
        """Make one try and say what became of it."""
        ...


class Notifier:
    """Sends notifications. `ways` are those of the settings by name; `hand_on` takes messages to staff."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        house: House,
        ways: Mapping[str, Way],
        hand_on: Callable[[Turned], None],
        random: Random | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._house = house
        self._hand_on = hand_on
        self._random = random or Random()  # noqa: S311 - spreads retries, guards nothing
        self._lanes = [_Lane(name, way, self) for name, way in ways.items()]
        clock.when_shifted(lambda _span: self.wake())

    async def start(self) -> None:
        """Take over what the process before us left, give up what has no way any more, and begin.

        Raises Unavailable.
        """
        known = {lane.name for lane in self._lanes}

        def take_over(unit: Unit) -> None:
            unit.notifications.release()
            for way in unit.notifications.ways_waiting():
                if way not in known and (count := unit.notifications.park_way(way, GONE)):
                    log.warning("%d notifications for %s are given up: %s", count, name_of(way), GONE)

        await self._database.run(take_over)
        for lane in self._lanes:
            lane.begin()

    def wake(self) -> None:
        """Look at what is queued now."""
        for lane in self._lanes:
            lane.wake()

    def hear(self, done: Turned) -> None:
        """Hear of a committed turn: it may have queued something."""
        if done.notified:
            self.wake()

    async def stop(self) -> None:
        """Begin no new try, finish and record those under way. Safe to repeat."""
        await asyncio.gather(*(lane.stop() for lane in self._lanes))

    # -- one notification

    async def ready(self, way: str, limit: int) -> tuple[list[Notification], int | None]:
        """Return what may go now on one way, and else when to look again (business time)."""
        now = self._clock.now()

        def look(unit: Unit) -> tuple[list[Notification], int | None]:
            rows = unit.notifications.ready(way, now, limit) if limit else []
            return rows, None if rows else unit.notifications.next_at(way)

        return await self._database.read(look)

    def until(self, at: int | None) -> float:
        """Return how many seconds a lane may rest that has nothing before `at`."""
        return HEARTBEAT if at is None else min(HEARTBEAT, self._clock.until(at))

    async def deliver(self, way: Way, row: Notification) -> None:
        """Mark, try, record: each mark is committed before its try."""
        now = self._clock.now()
        if not await self._database.run(lambda unit: self._mark(unit, row, now)):
            return
        verdict = await _tried(way, row)
        wait = wait_after(row.attempts + 1, verdict, self._random) if isinstance(verdict, Failed) else None
        await self._record(row, verdict, wait)
        log.info("notification %d to %s: %s", row.id, name_of(row.way), _told(verdict, wait))

    def _mark(self, unit: Unit, row: Notification, now: int) -> bool:
        if row.type == MESSAGE_WAITING:
            why = waiting.unwanted(row.dedupe_key, Scene(unit, self._house, Outgoing(unit, now), now))
            if why is not None:
                unit.notifications.cancel(row.id, why)
                return False
        return unit.notifications.mark_sending(row.id)

    async def _record(self, row: Notification, verdict: Verdict, wait: timedelta | None) -> None:
        """Write down what became of a try, as long as that takes; if what follows from it fails, without that."""
        now, follows = self._clock.now(), True
        while True:
            try:
                done = await self._database.run(partial(self._write, row, verdict, wait, now, follows=follows))
            except Unavailable:
                await asyncio.sleep(PAUSE)
            except Exception as error:  # a fault in what follows must not leave the row in the air
                if not follows:
                    raise
                log.error("what follows from notification %d failed: %s", row.id, type(error).__name__, exc_info=error)
                follows = False
            else:
                self._hand_on(done)
                return

    def _write(
        self, row: Notification, verdict: Verdict, wait: timedelta | None, now: int, unit: Unit, *, follows: bool
    ) -> Turned:
        match verdict:
            case Taken():
                unit.notifications.sent(row.id, now, blank=row.type == MESSAGE_WAITING)
                return NOTHING
            case Failed(why=why) if wait is not None:
                unit.notifications.put_off(row.id, now + wait // _MILLISECOND, why)
                return NOTHING
            case Failed(why=why) | Refused(why=why):
                if not unit.notifications.park(row.id, why) or not follows:
                    return NOTHING
        out = Outgoing(unit, now)
        waiting.given_up(row.dedupe_key, row.way, Scene(unit, self._house, out, now))
        return turned(out)


async def _tried(way: Way, row: Notification) -> Verdict:
    try:
        return await way.send(row)
    except Exception as error:  # one odd notification must not end its way: it is tried again, then parked
        log.error("notification %d failed in a way of our own: %s", row.id, type(error).__name__, exc_info=error)
        return Failed(f"a fault of our own: {type(error).__name__}")


def _told(verdict: Verdict, wait: timedelta | None) -> str:
    match verdict:
        case Taken():
            return "taken"
        case Failed(why=why) if wait is not None:
            return f"{why}; again in {wait.total_seconds():.0f} s"
        case Failed(why=why) | Refused(why=why):
            return f"{why}; given up"


class _Lane:
    """One way's loop and its tries under way."""

    def __init__(self, name: str, way: Way, notifier: Notifier) -> None:
        self.name = name
        self._way = way
        self._notifier = notifier
        self._woken = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._flights: dict[int, asyncio.Task[None]] = {}

    def begin(self) -> None:
        """Begin to send."""
        self._loop = asyncio.create_task(self._run(), name=f"notify {self.name}")

    def wake(self) -> None:
        """Look at what is queued."""
        self._woken.set()

    async def stop(self) -> None:
        """End the loop, and wait for the tries under way."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait({self._loop})
        if self._flights:
            _, late = await asyncio.wait(set(self._flights.values()), timeout=GOODBYE)
            for task in late:
                task.cancel()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            rest = PAUSE
            try:
                rest = await self._round()
            except Unavailable as error:
                log.warning("notifications to %s wait: %s", name_of(self.name), error.why)
            except Exception as error:  # one fault must not end all telling
                log.error("notifying %s met a fault: %s", name_of(self.name), type(error).__name__, exc_info=error)
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._woken.wait()

    async def _round(self) -> float:
        """Begin the tries that may begin; return the seconds to rest."""
        free = AT_ONCE - len(self._flights)
        rows, next_at = await self._notifier.ready(self.name, AT_ONCE if free else 0)
        for row in [row for row in rows if row.id not in self._flights][:free]:
            task = asyncio.create_task(self._notifier.deliver(self._way, row))
            self._flights[row.id] = task
            task.add_done_callback(partial(self._landed, row.id))
        return HEARTBEAT if rows or not free else self._notifier.until(next_at)

    def _landed(self, row_id: int, done: asyncio.Task[None]) -> None:
        del self._flights[row_id]
        if not done.cancelled() and (fault := done.exception()) is not None:
            log.error("notification %d was not recorded: %s", row_id, type(fault).__name__)
        self._woken.set()
