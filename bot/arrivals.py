"""Where updates come in: committed first, acknowledged second. The turns follow on their own.

    receive ──one commit──> acknowledged ──> whoever `hear`s takes them in turn

Nothing here is slow to import: the first getUpdates goes out while the rest of the product is still loading, and
what arrives before anybody hears of it waits in the inbox.
"""

from collections.abc import Callable, Mapping, Sequence

from bot.channels.updates import AnyUpdate, Unavailable, Unreadable, stored
from bot.clock import Clock
from storage import errors
from storage.database import Database
from storage.unit import Unit

Arrived = list[tuple[int, AnyUpdate]]
"""Updates that are new, each with the id of its inbox row."""


class Arrivals:
    """The real `bot.channels.updates.Intake`. Rows up to `left_over` were stored by an earlier life of ours."""

    def __init__(self, database: Database, clock: Clock, left_over: int = 0, brand: int = 1) -> None:
        self.left_over = left_over
        self._database = database
        self._clock = clock
        self._brand = brand
        self._early: Arrived = []
        self._take_in: Callable[[Arrived], None] = self._early.extend

    @classmethod
    async def open(cls, database: Database, clock: Clock) -> "Arrivals":
        """Return the arrivals of a life that begins now; call it before any channel takes anything in."""
        return cls(database, clock, await database.read(lambda unit: unit.inbox.newest()))

    def hear(self, take_in: Callable[[Arrived], None]) -> None:
        """Have `take_in` called with what was stored in this life, and from now on with what will be."""
        early, self._early = self._early, []
        self._take_in = take_in
        take_in(early)

    async def receive(self, updates: Sequence[AnyUpdate], *, facts: Mapping[str, str] | None = None) -> None:
        """Store updates, and facts with them; return once that is committed."""
        now = self._clock.now()
        try:
            arrived = await self._database.run(lambda unit: self._store(unit, updates, facts or {}, now))
        except errors.Unavailable as error:
            raise Unavailable(str(error)) from error
        self._take_in(arrived)

    def _store(self, unit: Unit, updates: Sequence[AnyUpdate], facts: Mapping[str, str], now: int) -> Arrived:
        arrived: Arrived = []
        for update in updates:
            if isinstance(update, Unreadable):
                unit.inbox.add_dead(
                    self._brand, update.channel, update.ident, update.chat, update.raw, "unreadable", now
                )
                continue
            inbox_id = unit.inbox.add(
                self._brand, update.channel, update.ident, update.update_id, update.chat, stored(update), now
            )
            if inbox_id is not None:
                arrived.append((inbox_id, update))
        for name, value in facts.items():
            unit.facts.put(self._brand, name, value)
        return arrived
