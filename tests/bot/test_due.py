"""Claims about due rows: their moments, long absences, and clocks that leap."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from bot import scheduler, services
from bot.clock import DemoClock
from bot.scheduler import CALM, CLAIM, LEASE, TRIES, LeapGuard, Scheduler
from bot.turn import Turned
from tests.bot.delivering import NOON, HandClock
from tests.bot.turning import DAY, World
from tests.waiting import until

PROACTIVE = ("invitation", "reminder", "follow_up", "notice", "reask")
HOURS = 3600.0


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    yield world
    await world.close()


async def served(world: World, numbers: range, touchpoint: str, event: str) -> None:
    """Service events for many customers, each with a chat of its own."""

    def work(unit):
        now = world.clock.now()
        for number in numbers:
            name = f"c{number}"
            customer = unit.customers.ensure(1, name, now, name)
            if unit.addresses.at(1, "telegram", name) is None:
                unit.addresses.add(1, "telegram", name, "customer", now, customer_id=customer.id)
            services.record(
                services.NewServiceEvent(
                    source="shop",
                    event_id=f"{event}{number}",
                    digest=name,
                    type=touchpoint,
                    touchpoint=touchpoint,
                    cancelled=False,
                    subject=f"{event}{number}",
                    customer=services.Served(name),
                    service={},
                    occurred_at=now,
                ),
                unit,
                world.house,
                now,
            )

    await world.run(work)


async def test_three_days_down_and_nobody_gets_a_burst(world):
    """What piled up is sorted: one message a customer a day at most, nothing dropped without a trace."""
    await served(world, range(250), "delivery", "first")
    world.clock.pass_by(2 * HOURS)
    await world.fire_due()
    unhappy = [await world.run(lambda unit, n=n: unit.conversations.open_at(n).seed) for n in range(1, 101)]
    await world.receive(*(world.pressed(f"c{n}", f"1:{seed}.0:1") for n, seed in enumerate(unhappy)))
    await served(world, range(100, 250), "repair", "second")
    world.clock.pass_by(72 * HOURS)
    assert await world.count("SELECT COUNT(*) FROM due WHERE state = 'pending'") >= 750

    began = await world.count("SELECT MAX(id) FROM outbox")
    for _ in range(24):
        await world.fire_due()
        world.clock.pass_by(0.9 * HOURS)
    sent = await world.run(
        lambda unit: unit.all("SELECT chat, purpose FROM outbox WHERE id > :began", {"began": began})
    )
    each = Counter(chat for chat, purpose in sent if purpose in PROACTIVE)

    assert each
    assert max(each.values()) == 1
    assert await world.count("SELECT COUNT(*) FROM due WHERE claimed_until IS NOT NULL AND state = 'pending'") == 0


async def test_a_due_row_fires_once_however_often_it_is_claimed(world):
    """A claim may run out while its work still goes on."""
    await served(world, range(1), "delivery", "first")
    world.clock.pass_by(2 * HOURS)
    await world.fire_due()
    await world.run(lambda unit: unit.execute("UPDATE due SET claimed_until = NULL"))
    await world.fire_due()

    assert len(await world.messages("c0")) == 1


@pytest.fixture
def no_heartbeat(monkeypatch):
    """Whatever is due must be fired because somebody knew of it: here nothing is looked at by itself."""
    monkeypatch.setattr(scheduler, "HEARTBEAT_SECONDS", 3600)


@pytest.mark.usefixtures("no_heartbeat")
async def test_a_shift_of_the_clock_fires_what_it_passed(world):
    """In the demo a day passes at the press of a button, and the follow-up comes at once."""
    clock = DemoClock(NOON)
    world.clock = clock
    firing = Scheduler(world.database, world.house, clock, world.turns.hand_on)
    firing.start()
    await served(world, range(1), "delivery", "first")
    clock.shift(timedelta(hours=2))

    async def asked() -> bool:
        return len(await world.messages("c0")) == 1

    await until(asked)
    await firing.stop()


@pytest.mark.usefixtures("no_heartbeat")
async def test_a_row_planned_while_others_fire_is_not_left_to_the_heartbeat(world):
    """A reply within a second must not wait for fifteen."""
    clock = DemoClock(NOON)
    world.clock = clock
    firing = Scheduler(world.database, world.house, clock, world.turns.hand_on)
    firing.start()
    for number in range(20):
        await served(world, range(number, number + 1), "delivery", "first")
        await world.run(lambda unit: unit.execute("UPDATE due SET due_at = :now WHERE kind = 'invite'", {"now": NOON}))
        firing.planned_at(NOON)
        await asyncio.sleep(0)

    async def all_asked() -> bool:
        sent: int = await world.count("SELECT COUNT(*) FROM outbox WHERE purpose = 'invitation'")
        return sent == 20

    await until(all_asked)
    await firing.stop()


def firing_in(world: World) -> Scheduler:
    """What fires the due rows of a world, and hands on what they decided to its delivery."""
    return Scheduler(world.database, world.house, world.clock, world.turns.hand_on)


async def asked(world: World, many: int) -> list[int]:
    """Return how many messages each of the first customers got."""
    return [len(await world.messages(f"c{number}")) for number in range(many)]


async def test_a_row_that_keeps_failing_neither_stops_nor_doubles_its_neighbours(world):
    """They share a transaction; it is tried three times and then set aside, where somebody sees it."""
    await served(world, range(20), "delivery", "first")
    world.clock.pass_by(2 * HOURS)
    overdue = world.clock.now() - 3_600_000
    await world.run(lambda unit: unit.due.add(1, "invite", 999_999, "of nobody", overdue))
    await served(world, range(20, 40), "delivery", "first")
    world.clock.pass_by(2 * HOURS)
    firing = firing_in(world)
    for times in range(1, TRIES + 1):
        await firing.catch_up()
        assert await asked(world, 40) == [1] * 40
        bad = await world.run(lambda unit: unit.due.by_key(1, "of nobody"))
        assert (bad.state, bad.attempts) == (("pending", times) if times < TRIES else ("parked", TRIES - 1))
        world.clock.pass_by(61)

    assert bad.why == "NotFound"


async def test_rows_that_find_the_disk_full_wait_and_fire_once(world):
    """What was committed before is sent; the others keep their claim until it runs out, and then they fire."""
    await served(world, range(60), "delivery", "first")
    world.clock.pass_by(2 * HOURS)
    handed: list[int] = []
    firing = Scheduler(
        world.database, world.house, world.clock, lambda done: handed.extend(row.id for row in done.rows)
    )
    [[pages]] = await world.run(lambda unit: unit.all("PRAGMA page_count"))
    await world.run(lambda unit: unit.all(f"PRAGMA max_page_count = {pages + 8}"))
    await firing.catch_up()
    before = sum(await asked(world, 60))
    assert 0 < before < 60
    assert len(handed) == before

    await world.run(lambda unit: unit.all("PRAGMA max_page_count = 1000000"))
    world.clock.pass_by(LEASE / 1000 + 1)
    await firing.catch_up()

    assert await asked(world, 60) == [1] * 60
    assert len(set(handed)) == len(handed) == 60


async def test_what_is_planned_while_rows_fire_arms_one_job_for_the_soonest(world):
    """Each of thirty rows plans others; the job is armed once, when they are through."""
    await served(world, range(30), "delivery", "first")
    world.clock.pass_by(2 * HOURS)
    armed: list[int] = []

    def planned(done: Turned) -> None:
        firing.planned(done)

    firing = Scheduler(world.database, world.house, world.clock, planned)
    arm = firing._arm

    def count(at: int) -> None:
        armed.append(at)
        arm(at)

    firing._arm = count  # type: ignore[method-assign]  # counted, and done all the same
    await firing.catch_up()

    assert await asked(world, 30) == [1] * 30
    assert armed == [await world.run(lambda unit: unit.due.next_at())]
    assert firing._scheduler.get_job(CLAIM) is not None


class Wrist(HandClock):
    """A clock that somebody may set wrongly: `leap` is how far business time is off."""

    def __init__(self) -> None:
        super().__init__()
        self.leap = 0

    def now(self) -> int:
        return super().now() + self.leap

    def tick(self, seconds: float) -> None:
        """Let time pass without telling anybody."""
        self.passed += seconds


def test_a_clock_that_leaps_ahead_holds_what_is_due_for_a_while():
    """A wrong clock must not send a month's messages at once."""
    clock = Wrist()
    guard = LeapGuard(clock)
    clock.tick(15)
    assert not guard.held()

    clock.leap = 10 * DAY
    assert guard.held()
    clock.tick(CALM - 1)
    assert guard.held()
    clock.tick(2)

    assert not guard.held()


def test_a_shift_on_purpose_is_no_leap():
    """The demo's lever says what it does."""
    clock = Wrist()
    guard = LeapGuard(clock)
    clock.leap = DAY
    for wake in clock._shifted:
        wake(timedelta(days=1))

    assert not guard.held()


@pytest.mark.parametrize("back", [3_600_000, DAY])
def test_a_clock_that_goes_back_holds_nothing_and_fires_nothing_again(back: int):
    """What fired has fired, by its state and not by the time."""
    clock = Wrist()
    guard = LeapGuard(clock)
    clock.leap = -back
    clock.tick(15)

    assert not guard.held()


async def test_going_back_in_time_fires_nothing_twice(world):
    """An hour that happens twice asks once."""
    await served(world, range(1), "delivery", "first")
    world.clock.pass_by(2 * HOURS)
    await world.fire_due()
    world.clock.passed -= HOURS
    await world.fire_due()
    world.clock.pass_by(HOURS)
    await world.fire_due()

    assert len(await world.messages("c0")) == 1
