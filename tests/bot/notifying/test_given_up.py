"""Claims about announcements that could not be made, and about laws that hold whatever receivers answer."""

import asyncio
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.audience import MAIL, Audience
from bot.notifying.retrying import WAITS, Failed, Refused, Taken, Verdict
from bot.notifying.sender import Notifier
from bot.turn import Turned
from storage.database import Database
from storage.notifications import Notification, NotificationNew
from tests import laid
from tests.bot.delivering import HandClock
from tests.bot.notifying.test_waiting import ALWAYS_AWAKE, relayed, unhappy, world_of
from tests.bot.notifying.world import ChatWorld
from tests.bot.turning import World
from tests.waiting import until

BO = "11"


class Answering:
    """A way that answers what it is told to, and remembers what it was given."""

    def __init__(self, *verdicts: Verdict) -> None:
        self.verdicts = list(verdicts)
        self.given: list[str] = []

    async def send(self, notification: Notification) -> Verdict:
        self.given.append(notification.ident)
        return self.verdicts.pop(0) if len(self.verdicts) > 1 else self.verdicts[0]


@pytest.fixture
async def world(tmp_path):
    """A customer with a mailbox whom staff wrote to, and who closed the page."""
    world = await world_of(tmp_path, Audience(mail=True), ALWAYS_AWAKE)
    yield world
    await world.close()


async def sent(world: ChatWorld, way: Answering, state: str) -> None:
    """Let the sender live until the announcement is in a state."""
    notifier = Notifier(world.database, world.clock, world.house, {MAIL: way}, world.turns.hand_on)
    await notifier.start()

    async def there() -> bool:
        return [row.state for row in await world.notifications()] == [state]

    await until(there)
    await notifier.stop()
    await world.settled()


async def test_a_mailbox_that_is_not_there_becomes_a_telephone_task(world):
    """The case's customer is waiting; in three days would be too late."""
    await unhappy(world, email="ana@example.com")
    await relayed(world)
    await world.pass_by(61)
    await sent(world, Answering(Refused("550 no such user")), "parked")

    assert [(task.kind, task.case_id) for task in await world.tasks()] == [("telephone", 1)]
    assert "could not tell the customer by e-mail" in (await world.texts(BO))[-1]


async def test_what_was_read_meanwhile_is_announced_no_more(world):
    """An e-mail that was put off for an hour must not call somebody to what they have answered."""
    chat = await unhappy(world, email="ana@example.com")
    await relayed(world)
    await world.pass_by(61)
    await world.looks(chat, 3)
    way = Answering(Taken())
    await sent(world, way, "cancelled")
    [row] = await world.notifications()

    assert way.given == []
    assert (row.payload, row.error) == ("", "seen meanwhile")


async def test_a_link_that_was_sent_is_forgotten(world):
    """Nobody opens a chat with what is left in the database."""
    await unhappy(world, email="ana@example.com")
    await relayed(world)
    await world.pass_by(61)
    await sent(world, Answering(Taken()), "sent")

    assert [row.payload for row in await world.notifications()] == [""]


ANSWERS = st.sampled_from([Taken(), Failed("status 500"), Failed("status 429", 60.0), Refused("550")])
VERDICTS = st.lists(ANSWERS, min_size=1, max_size=12)


@given(verdicts=VERDICTS, deaths=st.sets(st.integers(0, 12)), seed=st.integers(0, 99))
@settings(max_examples=25)
def test_every_notification_ends_and_is_recorded_as_sent_once(tmp_path_factory, verdicts, deaths, seed):
    """Whatever a receiver answers, and whenever the process dies: sent, or parked; under one id; never two records."""

    async def story() -> None:
        database = await laid.opened(tmp_path_factory.mktemp("law") / "makegood.db", synchronous="NORMAL")
        try:
            await lived(database, verdicts, deaths, seed)
        finally:
            await database.close()

    asyncio.run(story())


async def lived(database: Database, verdicts: list[Verdict], deaths: set[int], seed: int) -> None:
    clock, way, house = HandClock(), Answering(*verdicts), World(database).house
    handed: list[Turned] = []
    await database.run(
        lambda unit: unit.notifications.add(
            NotificationNew(
                brand_id=1,
                way=MAIL,
                type="case.opened",
                ident="msg_1",
                payload="{}",
                dedupe_key="case.opened:1",
                queued_at=clock.now(),
            )
        )
    )
    row = await state_of(database)
    for life in range(4 * len(WAITS)):
        if row.state in ("sent", "parked"):
            break
        if life in deaths:  # marked, and nothing more is known
            await database.run(lambda unit: unit.notifications.mark_sending(1))
        notifier = Notifier(database, clock, house, {MAIL: way}, handed.append, Random(seed))
        before = row.attempts
        await notifier.start()
        await tried(database, before)
        await notifier.stop()
        row = await state_of(database)
        clock.pass_by(1.3 * 86_400)

    assert row.state in ("sent", "parked")
    assert set(way.given) == {"msg_1"}
    assert len(way.given) <= row.attempts
    assert (row.state == "sent") == (row.sent_at is not None)


async def tried(database: Database, before: int) -> None:
    """Return once a try is recorded."""

    async def recorded() -> bool:
        row = await state_of(database)
        return row.state != "sending" and row.attempts > before

    await until(recorded)


async def state_of(database: Database) -> Notification:
    [row] = await database.read(lambda unit: unit.all("SELECT * FROM notification"))
    return Notification(*row)


async def test_a_refused_mailbox_without_a_case_is_a_task_too(world):
    """Nobody is rung up for an invitation, but somebody must ask for another address."""
    customer = await world.customer(email="ana@example.com")
    await world.writes(await world.opens_chat(customer), "5")
    await world.invites(customer)
    await world.pass_by(25 * 3600)
    await world.pass_by(61)
    await sent(world, Answering(Refused("550 no such user")), "parked")

    assert [(task.kind, task.customer_id) for task in await world.tasks()] == [("mailbox", customer.id)]
