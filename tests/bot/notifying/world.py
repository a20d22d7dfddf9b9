"""An installation whose customers are in the web chat: the real log, streams, turns, due rows and delivery."""

import itertools
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Self

import msgspec

from bot import publishing, tallying, timers
from bot.access.secrets import digest
from bot.arrivals import Arrivals
from bot.audience import MAIL, TYPES, Audience, webhook_way
from bot.channels.messages import Channel
from bot.channels.webchat import posts
from bot.channels.webchat.channel import WebChat
from bot.channels.webchat.log import Entry, LinkRefused, Said, Visitor
from bot.channels.webchat.stream import follow
from bot.channels.webchat.streams import Streams
from bot.consequences import Fates
from bot.delivery import Delivery
from bot.intake import Turns
from bot.links import make_link
from bot.turn import Turned
from bot.weblog import WebLog
from storage.customers import Customer
from storage.database import Database
from storage.due import DueRow
from storage.notifications import Notification
from storage.tasks import Task
from storage.unit import Unit
from tests import laid
from tests.bot.turning import DAY, World
from tests.waiting import until

EVERYBODY = Audience(webhooks={type_: (webhook_way("crm"),) for type_ in TYPES})
NOBODY = Audience()
POSTMAN = Audience(mail=True)
SITE = "https://ask.shop.example"

__all__ = ["EVERYBODY", "MAIL", "NOBODY", "POSTMAN", "SITE", "ChatWorld"]


class ChatWorld(World):
    """Staff are on Telegram, customers in the web chat. `audience` says who is told."""

    def __init__(self, database: Database, **house: Any) -> None:
        streams = Streams()
        self._sessions = itertools.count()
        super().__init__(database, **{"presence": streams, "public_url": SITE, **house})
        self.streams = streams
        self.weblog = WebLog(database, self.clock)

    @classmethod
    async def open(cls, path: Path, **house: Any) -> Self:
        world = cls(await laid.opened(path, synchronous="NORMAL"), **house)
        await world.run(lambda unit: publishing.publish(unit, 1, publishing.library(), world.clock.now()))
        await tallying.prepare(world.database, world.house)
        await world.begin()
        return world

    async def begin(self) -> None:
        channels: dict[str, Channel] = {"telegram": self.channel, "webchat": WebChat(self.weblog, self.streams)}
        self.delivery = Delivery(self.database, channels, self.clock, Fates(self.house, self.clock), paces={})
        await self.delivery.start()
        for name in channels:
            self.delivery.first_batch_taken(name)
        self.turns = Turns(self.database, self.clock, self.house, self.delivery, channels)
        self.arrivals = await Arrivals.open(self.database, self.clock)
        await self.turns.begin(self.arrivals)

    # -- customers

    async def customer(self, reference: str = "c-1", **about: str | None) -> Customer:
        """Take a customer in, with an e-mail address or a telephone if there is one."""

        def work(unit: Unit) -> Customer:
            known = unit.customers.ensure(1, reference, self.clock.now(), "Ana", "en")
            for column, value in about.items():
                unit.execute(f"UPDATE customer SET {column} = :value WHERE id = :id", {"value": value, "id": known.id})
            return unit.customers.get(known.id)

        return await self.run(work)

    async def opens_chat(self, customer: Customer) -> str:
        """Let the customer open their personal link; return the chat's id."""
        now = self.clock.now()
        made = await self.run(lambda unit: make_link(unit, 1, "customer", now, customer_id=customer.id))
        chat = await self.opens(made.token)
        await self.receive(posts.started(chat, made.token, at=now, language="en"))
        await self.settled()
        return chat

    async def invites(self, customer: Customer) -> None:
        """Plan to ask the customer about a service, now."""
        now = self.clock.now()

        def work(unit: Unit) -> None:
            version = unit.surveys.by_key(1, "csat_reason")
            assert version is not None
            made = unit.invitations.add(1, customer.id, None, version.id, "service", "planned", now)
            assert made is not None
            unit.due.add(1, "invite", made.id, f"invite:{made.id}", now)

        await self.run(work)

    async def opens(self, token: str) -> str:
        """Open a link in some browser; return the chat it leads to."""
        opened = await self.weblog.open(token, digest(f"session {next(self._sessions)}"))
        assert not isinstance(opened, LinkRefused), opened
        return opened.chat

    async def writes(self, chat: str, text: str) -> None:
        """Let the customer write in the web chat, as its page posts it."""
        self._count += 1
        entry = posts.heard(posts.Say(text=text, id=f"ident-{self._count:06}"))
        await self.weblog.append(chat, entry, outbox_id=None, dedupe_key=f"heard:{entry.ident}")
        await self.receive(posts.written(chat, entry, at=self.clock.now(), language="en", name=""))
        await self.settled()

    async def looks(self, chat: str, entries: int) -> list[Entry]:
        """Let a page of the chat show what is in its log, and close it again."""
        visitor = await self._visitor(chat)
        seen: list[Entry] = []
        async with AsyncExitStack() as stack:
            events = follow(self.weblog, self.streams, visitor, 0, lambda: self._visitor(chat), heartbeat=0.01)
            stack.push_async_callback(events.aclose)
            async for event in events:
                if event["event"] == "beat":
                    break
                if event["event"] == "entry":
                    seen.append(msgspec.json.decode(event["data"], type=Entry))
        assert len(seen) >= entries
        return seen

    async def _visitor(self, chat: str) -> Visitor:
        return Visitor(chat, frozenset(), "en")

    async def said(self, chat: str) -> list[str]:
        """Return what the chat's log has us say, in order."""
        return [
            entry.body.message.text for entry in await self.weblog.after(chat, 0, 500) if isinstance(entry.body, Said)
        ]

    # -- time

    async def settled(self) -> None:
        """Return when everything decided is sent."""
        unsent = (
            "SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending') AND not_before <= :now AND edits IS NULL"
        )

        async def all_sent() -> bool:
            return await self.count(unsent, now=self.clock.now()) == 0

        await until(all_sent)

    async def fire_due(self) -> int:
        """Fire all that is due now, and send what follows."""
        fired = 0
        while rows := await self.run(lambda unit: unit.due.claim(self.clock.now(), DAY, 500)):
            for row in rows:
                self.turns.hand_on(await self._fired(row))
            fired += len(rows)
            await self.settled()
        return fired

    async def _fired(self, row: DueRow) -> Turned:
        return await self.run(lambda unit: timers.fire(row, unit, self.house, self.clock.now()))

    async def pass_by(self, seconds: float) -> None:
        """Let time pass, and let everything happen that is due by then."""
        self.clock.pass_by(seconds)
        await self.fire_due()

    # -- what became of it

    async def notifications(self) -> list[Notification]:
        return [
            Notification(*row)
            for row in await self.run(lambda unit: unit.all("SELECT * FROM notification ORDER BY id"))
        ]

    async def tasks(self) -> list[Task]:
        return await self.run(lambda unit: unit.tasks.listing(1))
