"""What the tests of turns stand on: the real inbox, turns and delivery, and people who write and tap at once."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from bot import publishing, tallying, timers
from bot.access.secrets import digest
from bot.arrivals import Arrivals
from bot.channels.messages import Message
from bot.channels.updates import AnyUpdate, Attached, Pressed, Written
from bot.channels.webchat.streams import Streams
from bot.consequences import Fates
from bot.delivery import Delivery
from bot.house import House, Shelf
from bot.intake import Turns
from bot.outgoing import message_of
from conversations.contact import Rules
from storage.database import Database
from storage.due import DueRow
from storage.outbox import OutboxRow
from storage.unit import Unit
from tests import laid
from tests.bot.delivering import HandClock, RecordingChannel

T = TypeVar("T")

DAY = 86_400_000


class Telephone(RecordingChannel):
    """A channel that also remembers what was shown in passing."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock)
        self.notices: list[str | None] = []

    async def notice(self, chat: str, query: str, text: str | None) -> None:
        self.notices.append(text)


class World:
    """An installation without a network: what is received is taken in, turned and delivered by the real parts."""

    folder = Path()
    """Where files lie, for whoever looks at them."""

    streams: Streams
    """Open pages, for whoever serves some."""

    def __init__(self, database: Database, **house: Any) -> None:
        self.database = database
        self.clock = HandClock()
        self.channel = Telephone(self.clock)
        self.seeds = 0
        self.streams = Streams()
        self.house = self.made_house(**house)
        self._count = 0

    @classmethod
    async def open(cls, path: Path, **house: Any) -> Self:
        world = cls(await laid.opened(path, synchronous="NORMAL"), **house)
        await world.run(lambda unit: publishing.publish(unit, 1, publishing.library(), world.clock.now()))
        await world.begin()
        return world

    def made_house(self, **changed: Any) -> House:
        settings: dict[str, Any] = {
            "brand": 1,
            "business": {"name": "Corner Shop"},
            "language": "en",
            "zone": "UTC",
            "rules": Rules(cooldown=timedelta(0)),
            "privacy_url": "",
            "start_survey": "csat_reason",
            "shelf": Shelf(),
            "seed": self.seed,
        }
        return House(**{**settings, **changed})

    def seed(self) -> str:
        self.seeds += 1
        return f"seed{self.seeds}"

    async def begin(self) -> None:
        """Start the parts, as a process does that begins its life on this database."""
        if not await tallying.prepare(self.database, self.house):
            await tallying.count(self.database, self.house)
        self.delivery = Delivery(
            self.database, {"telegram": self.channel}, self.clock, Fates(self.house, self.clock), paces={}
        )
        await self.delivery.start()
        self.delivery.first_batch_taken("telegram")
        self.turns = Turns(self.database, self.clock, self.house, self.delivery, {"telegram": self.channel})
        self.arrivals = await Arrivals.open(self.database, self.clock)
        await self.turns.begin(self.arrivals)

    async def close(self) -> None:
        await self.turns.drain()
        await self.delivery.stop()
        await self.database.close()

    # -- what comes in

    async def receive(self, *updates: AnyUpdate) -> None:
        """Hand updates in all at once, each by itself, and wait until their turns are through."""
        await asyncio.gather(*(self.arrivals.receive([update]) for update in updates))
        await self.turns.drain()

    def wrote(self, chat: str, text: str, **more: Any) -> Written:
        return Written(**self._about(chat, more), text=text, ref=f"m{self._count}")

    def sent(self, chat: str, what: str, **more: Any) -> Attached:
        """A file, by default; with `file=""` something that is none."""
        about = self._about(chat, more)
        return Attached(**{"file": f"{what}-{self._count}", "ref": f"m{self._count}", **about}, what=what)

    def pressed(self, chat: str, press: str, **more: Any) -> Pressed:
        about = self._about(chat, more)
        return Pressed(**about, press=press, ref="0", query=about["ident"])

    def _about(self, chat: str, more: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        about = {"channel": "telegram", "chat": chat, "user": chat, "ident": f"u{self._count}", "name": "Ana"}
        return {**about, "sent_at": self.clock.now(), **more}

    # -- what became of it

    async def run(self, work: Callable[[Unit], T]) -> T:
        return await self.database.run(work)

    async def count(self, sql: str, **parameters: Any) -> int:
        [[number]] = await self.run(lambda unit: unit.all(sql, parameters))
        return int(number)

    async def messages(self, chat: str) -> list[Message]:
        """All messages written for a chat, in order, without the edits of them."""
        rows = await self.rows(chat)
        return [message_of(row) for row in rows if row.edits is None]

    async def texts(self, chat: str) -> list[str]:
        return [message.text for message in await self.messages(chat)]

    async def rows(self, chat: str) -> list[OutboxRow]:
        sql = "SELECT * FROM outbox WHERE chat = :chat ORDER BY id"
        return [OutboxRow(*row) for row in await self.run(lambda unit: unit.all(sql, {"chat": chat}))]

    async def fire_due(self) -> int:
        """Fire all that is due now, as a process does that was away; return how many rows that were."""
        fired = 0
        while rows := await self.run(lambda unit: unit.due.claim(self.clock.now(), DAY, 500)):
            for row in rows:
                await self.run(partial(self._fire, row=row))
            fired += len(rows)
        return fired

    def _fire(self, unit: Unit, row: DueRow) -> None:
        timers.fire(row, unit, self.house, self.clock.now())

    async def staff(self, name: str, chat: str, roles: str = "staff") -> None:
        def work(unit: Unit) -> None:
            member = unit.staff.add(1, name, roles, "en", self.clock.now())
            unit.addresses.add(1, "telegram", chat, "staff", self.clock.now(), staff_member_id=member.id)

        await self.run(work)

    async def publish(self, source: str, key: str) -> None:
        """Publish an edition of a survey while everything goes on."""
        now = self.clock.now()
        await self.run(lambda unit: unit.surveys.publish(1, key, source, digest(source), key, "folder", now))
        self.house.shelf.forget_published()
