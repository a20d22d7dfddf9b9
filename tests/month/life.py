"""One life of the process: the real bot from a moment on, until it is killed or the month is over.

    python -m tests.month.life FOLDER SEED EVENTS DAYS RESTARTS BEGINS_AT [DIES_AT]

Time stands still while anything is to be done, and leaps to what comes next when nothing is. At each moment turns, what
is due and messages follow one another, though the bot would do them side by side: the same month is played in the same
order, however busy the machine is.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import uvloop

from bot.app import App
from bot.running import calm_the_collector
from bot.services import NewServiceEvent, Served, record
from storage.unit import Unit
from tests.month import shop
from tests.month.clock import MonthClock
from tests.month.customers import Customers
from tests.month.people import CHANNEL, Intention, People
from tests.month.seeds import HOUR, MINUTE, Month, Service
from tests.month.workers import Workers

STRIDE: Final = 10 * MINUTE
"""What happens within it happens at its end."""

AT_ONCE: Final = 200
PATIENCE: Final = 120.0
"""Seconds after which what is still undone will never be done, and the month has found a fault."""

PAUSE: Final = 0.002
"""Seconds between two looks at whether everything is done."""

STANDING: Final = """
SELECT (SELECT COUNT(*) FROM inbox WHERE state = 'new'),
       (SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending') AND not_before <= :now),
       (SELECT COUNT(*) FROM due WHERE state = 'pending' AND due_at <= :now),
       (SELECT MIN(at) FROM (
            SELECT MIN(due_at) AS at FROM due WHERE state = 'pending'
            UNION ALL SELECT MIN(not_before) FROM outbox WHERE state IN ('queued', 'sending') AND not_before > :now
        ) AS moments)
"""
"""What is left to do at this moment, and the next moment at which there will be more."""


class Bot(App):
    """The bot, whose only channel is everybody's telephone."""

    def __init__(self, folder: Path, clock: MonthClock, people: People) -> None:
        super().__init__(shop.settings(folder), clock)
        self._people = people
        self._rested = asyncio.Event()
        self._may_send = asyncio.Event()

    def _make_channels(self) -> None:
        super()._make_channels()
        self.channels = {**self.channels, CHANNEL: self._people}

    async def start(self) -> None:
        """Begin, and from now on send and fire only when it is time to; notice when delivery has nothing to do."""
        await super().start()
        send, wait = self.delivery._round, self.delivery._wait

        async def send_in_time() -> None:
            await self._may_send.wait()
            await send()

        async def rest(span: float) -> None:
            self._rested.set()
            await wait(span)

        self.delivery._round = send_in_time  # type: ignore[method-assign]  # the month says when
        self.delivery._wait = rest  # type: ignore[method-assign]  # the month hears of its rest
        await self.scheduler._running.acquire()  # so that no heartbeat fires between two turns

    async def stop(self) -> None:
        """End; what is still to be sent may go."""
        self._may_send.set()
        await super().stop()

    async def at_rest(self) -> None:
        """Return when every turn is through, then all that is due was fired, then no message is on its way."""
        await self.turns.drain()
        self.scheduler._running.release()
        await self.scheduler.catch_up()
        await self.scheduler._running.acquire()
        self._may_send.set()
        self.delivery._wake()
        while self.delivery._woken or len(self.delivery._calls):
            self._rested.clear()
            await self._rested.wait()
        self._may_send.clear()


class Life:
    """A process that is born, works, and dies or sees the end."""

    def __init__(self, folder: Path, month: Month, begins_at: int, dies_at: int | None) -> None:
        self._month = month
        self._clock = MonthClock(begins_at)
        self._people = People(month, self._clock, folder / "people.jsonl", Customers(month), Workers(month), dies_at)
        self._bot = Bot(folder, self._clock, self._people)
        self._services = _by_stride(month, begins_at)
        self._next_services = next(self._services, None)
        self._planned: int | None = begins_at

    async def live(self) -> None:
        """Live to the end of the month; a life that is to be killed never returns."""
        await self._bot.start()
        calm_the_collector()  # as `makegood run` does
        self._bot.delivery.first_batch_taken(CHANNEL)
        try:
            await self._settle_in()
            await self._quiet()
            while self._clock.now() < self._month.over_at:
                await self._stride()
        finally:
            await self._bot.stop()

    async def _settle_in(self) -> None:
        """Let everybody be known, in the first life."""
        now, database = self._clock.now(), self._bot.database
        if await database.read(lambda unit: unit.staff.listing(1)):
            return
        await database.run(lambda unit: shop.take_on(unit, now))
        for numbers in shop.customers(self._month):
            await database.run(partial(shop.get_to_know, numbers=numbers, now=now))

    async def _stride(self) -> None:
        """Go to the next moment at which something happens, and let all of it happen."""
        self._clock.shift(timedelta(milliseconds=self._next_at() - self._clock.now()))
        now = self._clock.now()
        while self._next_services is not None and self._next_services[0] <= now:
            await self._serve(self._next_services[1])
            self._next_services = next(self._services, None)
        await self._quiet()
        while meant := self._people.due(now):
            await self._do(meant)
            await self._quiet()
        print(now, self._people.received, flush=True)

    def _next_at(self) -> int:
        now = self._clock.now()
        services = self._next_services[0] if self._next_services is not None else None
        moments = [at for at in (self._planned, services, self._people.next_at()) if at is not None]
        first = min(moments, default=self._month.over_at)
        return min(-(-max(first, now + 1) // STRIDE) * STRIDE, self._month.over_at)

    async def _serve(self, services: list[Service]) -> None:
        """Hear of services, as the business's system tells us."""
        bot, now = self._bot, self._clock.now()

        def work(unit: Unit) -> list[int | None]:
            return [record(_told(service, now), unit, bot.house, now).due_at for service in services]

        for at in await bot.database.run(work):
            if at is not None:
                bot.scheduler.planned_at(at)

    async def _do(self, meant: list[Intention]) -> None:
        """Hand in what people do; what was theirs and is not any more, or is over, they leave."""
        numbers = sorted({each.own for each in meant if each.own})
        seen = await self._bot.database.read(lambda unit: _seen(unit, numbers)) if numbers else {}
        updates = [each.update() for each in meant if each.own not in seen or seen[each.own].wants(each)]
        for first in range(0, len(updates), AT_ONCE):
            await self._bot.arrivals.receive(updates[first : first + AT_ONCE])

    async def _quiet(self) -> None:
        """Return when there is nothing left to do at this moment."""
        now, began = self._clock.now(), self._clock.monotonic()
        while True:
            async with asyncio.timeout(PATIENCE):
                await self._bot.at_rest()
            [[*left, planned]] = await self._bot.database.read(lambda unit: unit.all(STANDING, {"now": now}))
            if not any(left):
                self._planned = planned
                return
            if self._clock.monotonic() - began > PATIENCE:
                raise AssertionError(f"never done: {dict(zip(('inbox', 'outbox', 'due'), left, strict=True))}")
            await asyncio.sleep(PAUSE)


class Seen(NamedTuple):
    """What a card shows: who has the case, and how it stands."""

    chat: str | None
    stage: str

    def wants(self, meant: Intention) -> bool:
        """Return whether somebody who sees that still does what they meant to."""
        is_over = self.stage == "closed" or (meant.mends and self.stage not in ("open", "taken"))
        return self.chat in (None, meant.chat) and not is_over


def _seen(unit: Unit, numbers: list[int]) -> dict[int, Seen]:
    """Return what is seen of cases."""
    seen = {}
    for number in numbers:
        case = unit.cases.by_number(1, number)
        if case is not None:
            own = unit.addresses.of_staff(case.owner_id) if case.owner_id is not None else []
            seen[number] = Seen(own[0].chat if own else None, case.stage)
    return seen


def _by_stride(month: Month, begins_at: int) -> Iterator[tuple[int, list[Service]]]:
    """Yield the services from a moment on, those of one stride together; what was told in its last hour comes again."""
    services = sorted((month.service(number) for number in range(month.events)), key=lambda one: (one.at, one.number))
    later = (one for one in services if one.at > begins_at - HOUR)
    for at, together in groupby(later, key=lambda one: -(-one.at // STRIDE) * STRIDE):
        yield at, list(together)


def _told(service: Service, now: int) -> NewServiceEvent:
    ident = f"service-{service.number}"
    return NewServiceEvent(
        source="shop",
        event_id=ident,
        digest=ident,
        type="service.completed",
        touchpoint="service",
        cancelled=False,
        subject=ident,
        customer=Served(f"c{service.customer}"),
        service={},
        occurred_at=service.at,
    )


def main(words: Sequence[str]) -> None:
    """Live one life."""
    folder, *numbers = words
    seed, events, days, restarts, begins_at, *dies_at = (int(number) for number in numbers)
    month = Month(seed, events, days, restarts)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # its loop, too
        runner.run(Life(Path(folder), month, begins_at, dies_at[0] if dies_at else None).live())


if __name__ == "__main__":
    main(sys.argv[1:])
