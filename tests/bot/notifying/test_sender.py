"""Claims about the sender: real rows in a real database, sent to real servers on loopback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.notifying import sender
from bot.notifying.retrying import WAITS
from bot.notifying.sender import AT_ONCE, GONE, Notifier
from bot.notifying.webhooks import WebhookWay
from bot.turn import Turned
from storage.database import Database
from storage.notifications import Notification, NotificationNew
from tests import laid, waiting
from tests.bot.delivering import HandClock
from tests.bot.notifying.receiving import Receiver, receiving
from tests.bot.turning import World

DAY = 86_400.0


class Office:
    """A database, a clock moved by hand, and senders that live one after the other."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = HandClock()
        self.receivers: dict[str, Receiver] = {}
        self.told: list[Turned] = []
        self._notifier: Notifier | None = None
        self.house = World(database).house

    async def begin(self) -> Notifier:
        """Begin a life of the sender."""
        ways = {
            f"webhook:{name}": WebhookWay(receiver.endpoint(name), self.clock)
            for name, receiver in self.receivers.items()
        }
        self._notifier = Notifier(self.database, self.clock, self.house, ways, self.told.append)
        await self._notifier.start()
        return self._notifier

    async def end(self) -> None:
        if self._notifier is not None:
            await self._notifier.stop()
            self._notifier = None

    async def queue(self, *keys: str, name: str = "crm") -> None:
        def work(unit):
            for key in keys:
                unit.notifications.add(
                    NotificationNew(
                        brand_id=1,
                        way=f"webhook:{name}",
                        type="case.opened",
                        ident=f"msg_{key}",
                        payload='{"type":"case.opened"}',
                        dedupe_key=f"{key}:{name}",
                        queued_at=self.clock.now(),
                    )
                )

        await self.database.run(work)
        if self._notifier is not None:
            self._notifier.hear(Turned([], [], [], notified=True))

    async def rows(self) -> list[Notification]:
        found = await self.database.read(lambda unit: unit.all("SELECT * FROM notification ORDER BY id"))
        return [Notification(*row) for row in found]

    async def until(self, state: str, count: int = 1) -> list[Notification]:
        """Wait until so many rows are in a state."""

        async def enough() -> list[Notification]:
            rows = [row for row in await self.rows() if row.state == state]
            return rows if len(rows) >= count else []

        return await waiting.until(enough)

    async def failed(self, attempts: int) -> Notification:
        """Wait until the first row was tried so often and was put off or given up."""

        async def tried() -> Notification | None:
            [row, *_] = await self.rows()
            return row if row.attempts >= attempts and row.state != "sending" else None

        return await waiting.until(tried)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Office]:
    office = Office(await laid.opened(path, synchronous="NORMAL"))
    try:
        yield office
    finally:
        await office.end()
        await office.database.close()


@pytest.fixture(autouse=True)
def no_heartbeat(monkeypatch):
    """Whatever is to be sent must wake the sender: here nothing comes by itself."""
    monkeypatch.setattr(sender, "HEARTBEAT", 3600.0)


@pytest.fixture
async def office(tmp_path):
    async with opened(tmp_path / "makegood.db") as office, receiving() as receiver:
        office.receivers["crm"] = receiver
        yield office


@pytest.fixture
def crm(office: Office) -> Receiver:
    return office.receivers["crm"]


async def test_what_was_decided_is_sent_and_recorded(office, crm):
    """Once, under the id that its row has."""
    await office.begin()
    await office.queue("a", "b")
    rows = await office.until("sent", 2)

    assert sorted(crm.idents) == ["msg_a", "msg_b"]
    assert all(row.attempts == 1 and row.sent_at == office.clock.now() for row in rows)


async def test_what_waited_before_the_process_began_is_sent(office, crm):
    """A notification belongs to the turn that decided it, not to the process that took the turn."""
    await office.queue("a")
    await office.begin()
    await office.until("sent")

    assert crm.idents == ["msg_a"]


async def test_a_receiver_that_recovers_gets_it_under_the_same_id(office, crm):
    """By that id it knows that it had it before, should its 500 have been a lie."""
    crm.answers = [500, 503, 200]
    await office.begin()
    await office.queue("a")
    assert (await office.failed(1)).error == "status 500"
    office.clock.pass_by(10)
    await office.failed(2)
    office.clock.pass_by(400)
    [row] = await office.until("sent")

    assert crm.idents == ["msg_a"] * 3
    assert (row.attempts, row.error) == (3, None)


async def test_a_receiver_that_stays_down_is_given_up_after_three_days(office, crm):
    """Parked and shown, never dropped; and sent again when somebody asks."""
    crm.answers = [410]
    notifier = await office.begin()
    await office.queue("a")
    for attempts in range(1, len(WAITS) + 1):
        await office.failed(attempts)
        office.clock.pass_by(1.3 * DAY)
    [row] = await office.until("parked")
    assert (row.attempts, row.error) == (len(WAITS) + 1, "status 410")

    crm.answers = [200]
    await office.database.run(lambda unit: unit.notifications.again(1, way="webhook:crm"))
    notifier.wake()
    await office.until("sent")

    assert set(crm.idents) == {"msg_a"}


async def test_one_receiver_that_is_down_holds_up_no_other(office, crm):
    """Nor one that takes its fifteen seconds each time."""
    crm.hold.clear()
    async with receiving() as desk:
        office.receivers["desk"] = desk
        await office.begin()
        await office.queue(*(f"slow{n}" for n in range(40)), name="crm")
        await crm.has(AT_ONCE)
        await office.queue(*(f"fast{n}" for n in range(40)), name="desk")
        await office.until("sent", 40)

    assert len(desk.got) == 40
    assert len(crm.got) == AT_ONCE


async def test_a_burst_comes_a_few_at_a_time(office, crm):
    """A receiver that was down must not be knocked over by what waited."""
    await office.queue(*(f"n{n}" for n in range(60)))
    await office.begin()
    await office.until("sent", 60)

    assert crm.most_under_way <= AT_ONCE
    assert len(set(crm.idents)) == len(crm.idents) == 60


async def test_a_process_that_ends_finishes_what_it_began(office, crm):
    """A stop is no loss, and no repeat either."""
    crm.hold.clear()
    await office.begin()
    await office.queue("a")
    await crm.has(1)
    ending = asyncio.create_task(office.end())
    await asyncio.sleep(0)
    crm.hold.set()
    await ending
    [row] = await office.rows()

    assert row.state == "sent"


async def test_a_row_cut_off_by_a_death_is_sent_again_under_its_id(office, crm):
    """Nobody knows whether it arrived; the receiver does, by the id."""
    await office.queue("a")
    await office.database.run(lambda unit: unit.notifications.mark_sending(1))
    await office.begin()
    [row] = await office.until("sent")

    assert (crm.idents, row.attempts) == (["msg_a"], 2)


async def test_what_waits_for_an_endpoint_that_is_gone_is_given_up_and_shown(office):
    """A name mistyped in the settings must not make anything disappear."""
    await office.queue("a", name="removed")
    await office.begin()
    [row] = await office.until("parked")

    assert row.error == GONE


async def test_the_settings_of_one_way_cannot_break_the_others(office, crm):
    """A fault of our own in one way is tried again like any other, and the rest goes on."""

    class Broken:
        async def send(self, notification):
            raise RuntimeError("a bug")

    office.receivers.clear()
    notifier = Notifier(
        office.database,
        office.clock,
        office.house,
        {"webhook:crm": Broken(), "webhook:desk": WebhookWay(crm.endpoint("desk"), office.clock)},
        office.told.append,
    )
    await notifier.start()
    await office.queue("a")
    await office.queue("b", name="desk")
    notifier.wake()
    await office.until("sent")
    row = await office.failed(1)
    await notifier.stop()

    assert (row.state, row.error) == ("queued", "a fault of our own: RuntimeError")
