"""What the tests of delivery stand on: a clock moved by hand, a channel that writes down what it is given."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

import msgspec

from bot.channels.messages import Message, NotDelivered, Sending
from bot.clock import Clock
from bot.delivery import Delivery, DeliverySettings
from bot.enclosing import Enclosing
from bot.pacer import UNLIMITED
from storage.database import Database
from storage.outbox import OutboxNew, OutboxRow
from storage.unit import Unit
from tests.waiting import LIMIT

NOON = 1_772_452_800_000
SECOND = timedelta(seconds=1)


class HandClock(Clock):
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0

    def now(self) -> int:
        return NOON + round(self.passed * 1000)

    def real(self) -> int:
        return self.now()

    def monotonic(self) -> float:
        return self.passed

    def pass_by(self, seconds: float) -> None:
        """Let time pass and wake whoever waits for it."""
        self.passed += seconds
        for wake in self._shifted:
            wake(timedelta(seconds=seconds))


class Post(NamedTuple):
    """One call that reached the channel."""

    at: float
    kind: str
    chat: str
    text: str
    copy: int
    edits: str | None


class RecordingChannel:
    """A channel that keeps a ledger, fails as `failures` say for a text, and can hold calls back."""

    name = "telegram"

    def __init__(self, clock: Clock) -> None:
        self.ledger: list[Post] = []
        self.failures: dict[str, list[NotDelivered | Exception]] = defaultdict(list)
        self.always: dict[str, NotDelivered] = {}
        self.open = asyncio.Event()
        self.open.set()
        self._clock = clock

    @property
    def texts(self) -> list[str]:
        """What was received, in order."""
        return [post.text for post in self.ledger]

    async def send(self, sending: Sending) -> str:
        await self._receive(sending)
        return f"ref{sending.outbox_id}"

    async def edit(self, sending: Sending) -> None:
        await self._receive(sending)

    async def notice(self, chat: str, query: str, text: str | None) -> None:
        """Nothing delivery calls."""

    async def _receive(self, sending: Sending) -> None:
        text = sending.message.text
        self.ledger.append(
            Post(self._clock.monotonic(), sending.kind, sending.chat, text, sending.copy, sending.edits_ref)
        )
        await self.open.wait()
        if self.failures[text]:
            raise self.failures[text].pop(0)
        if text in self.always:
            raise self.always[text]


class Product:
    """Consequences that a test can read; `follow` are rows to queue when a message is lost."""

    def __init__(self) -> None:
        self.unreachable: list[tuple[int, str]] = []
        self.lost: list[tuple[str, str]] = []
        self.incomplete: list[int] = []
        self.unwanted: dict[str, str] = {}
        self.answers: set[str] = set()
        self.fault: Exception | None = None
        self.say: OutboxNew | None = None

    def on_unreachable(self, unit, address_id, why):
        self.unreachable.append((address_id, why))
        return []

    def on_lost(self, unit, row, state, why):
        if self.fault is not None:
            raise self.fault
        self.lost.append((row.purpose, state))
        said = unit.outbox.add(self.say) if self.say else None
        return [said] if said else []

    def on_incomplete(self, unit, row):
        self.incomplete.append(row.id)
        return []

    def answered(self, unit, row):
        return row.prompt in self.answers

    def outdated(self, unit, row):
        return self.unwanted.get(row.purpose)

    def repeat_mark(self, unit, row):
        return f"(may be a repeat, case {row.case_id}) "


class Stage:
    """A database, a channel, a clock and the delivery between them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = HandClock()
        self.channel = RecordingChannel(self.clock)
        self.product = Product()
        self.settings = DeliverySettings()
        self.paces = {"telegram": UNLIMITED}
        self.enclosing: Enclosing | None = None
        self.delivery = self._made()

    def _made(self) -> Delivery:
        return Delivery(
            self.database,
            {"telegram": self.channel},
            self.clock,
            self.product,
            paces=self.paces,
            enclosing=self.enclosing,
            settings=self.settings,
            random=Random(7),
        )

    async def start(self, *, first_batch: bool = True) -> None:
        """Begin anew, as after a restart."""
        self.delivery = self._made()
        if first_batch:
            self.delivery.first_batch_taken("telegram")
        await self.delivery.start()
        await self.quiet()

    async def kill(self) -> None:
        """End the process's part in it: calls in the air are cut off, nothing is recorded."""
        assert self.delivery._loop is not None
        self.delivery._loop.cancel()
        for _, task in self.delivery._calls._air.values():
            task.cancel()
        await asyncio.sleep(0)

    def new(self, text: str, chat: str = "7", class_: str = "A", **more: Any) -> OutboxNew:
        """Return a row to queue for the address of that chat, which is made if need be."""
        more.setdefault("priority", {"A": 1, "B": 3, "C": 2, "D": 1, "E": 5}[class_])
        more.setdefault(
            "purpose", {"A": "question", "B": "follow_up", "C": "escalation", "D": "voucher"}.get(class_, "edit")
        )
        more.setdefault("queued_at", self.clock.now())
        payload = more.pop("payload", None) or msgspec.json.encode(Message(text)).decode()
        return OutboxNew(1, "telegram", 0, chat, class_, payload=payload, **more)

    async def queue(self, *news: OutboxNew) -> list[OutboxRow]:
        """Commit rows and return them, unoffered."""

        def work(unit: Unit) -> list[OutboxRow]:
            rows = []
            for new in news:
                address = unit.addresses.at(1, new.channel, new.chat) or unit.addresses.add(
                    1, new.channel, new.chat, "customer", NOON
                )
                row = unit.outbox.add(msgspec.structs.replace(new, address_id=address.id))
                assert row is not None
                rows.append(row)
            return rows

        return await self.database.run(work)

    async def offer(self, *news: OutboxNew) -> list[OutboxRow]:
        """Commit rows, offer them, and wait until nothing moves any more."""
        rows = await self.queue(*news)
        self.delivery.offer(rows)
        await self.quiet()
        return rows

    async def pass_by(self, seconds: float, step: float | None = None) -> None:
        """Let time pass, by steps if given, and wait until nothing moves any more."""
        left = seconds
        while left > 1e-9:
            self.clock.pass_by(min(step or seconds, left))
            left -= step or seconds
            await self.quiet()

    async def quiet(self) -> None:
        """Return when delivery waits for time or for the channel."""
        calm = 0
        async with asyncio.timeout(LIMIT):
            while calm <= 6:
                await asyncio.sleep(0)
                delivery = self.delivery
                waits = delivery._woken and delivery._storing_at > self.clock.passed
                busy = delivery._waiter is None or (delivery._woken and not waits)
                calm = 0 if busy else calm + 1
                if busy:
                    await asyncio.sleep(0.0002)

    async def row(self, outbox_id: int) -> OutboxRow:
        """Return a row as it stands."""
        row = await self.database.read(lambda unit: unit.outbox.get(outbox_id))
        assert row is not None
        return row

    async def rows(self, rows: list[OutboxRow]) -> list[OutboxRow]:
        """Return rows as they stand."""
        return [await self.row(row.id) for row in rows]

    async def states(self, rows: list[OutboxRow]) -> list[str]:
        """Return the states of rows as they stand."""
        return [row.state for row in await self.rows(rows)]

    async def tries(self, outbox_id: int) -> list[str]:
        """Return what became of the tries that did not simply succeed."""
        return [each.outcome for each in await self.database.read(lambda unit: unit.outbox.tries(outbox_id))]
