"""Eight processes on one file: together they give never a cent more than a budget has, and spend no voucher twice."""

import asyncio
import multiprocessing
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from bot import offers, offers_checking
from bot.means import Means
from bot.outgoing import Outgoing
from bot.scene import Scene
from recovery import cases
from recovery.authority import Wish
from recovery.money import Money
from storage.database import Database
from tests.bot.turning import World

PROCESSES = 8
EACH = 25
WORTH = 100
BUDGET = 6_000
"""Three tenths of what they try to give."""
CODE = "TEA-FOR-TWO"


async def give(path: Path, process: int, began: Barrier) -> None:
    """Offer from this process, as fast as it goes, in cases of its own."""
    database = await Database.open(path, synchronous="NORMAL", busy_ms=60_000)
    world = World(database, currency="EUR", means=Means(per_month=BUDGET, per_case=WORTH))
    began.wait()
    try:
        for number in range(EACH):
            await database.run(partial(_give, world=world, name=f"{process}-{number}"))
    finally:
        await database.close()


def _give(unit, world, name):
    now = world.clock.now()
    scene = Scene(unit, world.house, Outgoing(unit, now), now)
    customer = unit.customers.ensure(1, name, now, name)
    address = unit.addresses.add(1, "telegram", name, "customer", now, customer_id=customer.id)
    decision = cases.opened(now, cases.STEP, urgent=False)
    state = cases.save(decision.case)
    case = unit.cases.open(1, customer.id, address.id, "complaint", state, decision.case.stage, now)
    offers.propose(scene, case, unit.staff.by_name(1, "Ben"), Wish("voucher", Money(WORTH, "EUR")), "", "")


def process(path: Path, number: int, began: Barrier) -> None:
    asyncio.run(give(path, number, began))


async def test_eight_processes_never_give_more_than_the_budget(tmp_path):
    """The condition stands in the statement that adds: nobody reads a sum that somebody else is raising."""
    path = tmp_path / "makegood.db"
    world = await World.open(path, currency="EUR")
    await world.staff("Ben", "501")
    fork = multiprocessing.get_context("spawn")
    began = fork.Barrier(PROCESSES)
    running = [fork.Process(target=process, args=(path, number, began)) for number in range(PROCESSES)]
    for one in running:
        one.start()
    for one in running:
        await asyncio.to_thread(one.join, 120)

    assert [one.exitcode for one in running] == [0] * PROCESSES
    assert await world.count("SELECT COUNT(*) FROM offer") == BUDGET // WORTH
    assert await world.count("SELECT held FROM spending WHERE scope = 'team_month'") == BUDGET
    found = await world.run(lambda unit: offers_checking.look(unit, 1))
    await world.close()
    assert found.sound, found
    assert found.lines == BUDGET // WORTH


# --- one code, redeemed and taken back by everybody -------------------------------------------------------------------


async def take_turns(path: Path, number: int, began: Barrier) -> None:
    """Redeem the one code and take that back, as fast as it goes; half of them begin with taking back."""
    database = await Database.open(path, synchronous="NORMAL", busy_ms=60_000)
    world = World(database, currency="EUR")
    ways = (offers.redeem, offers.undo) if number % 2 else (offers.undo, offers.redeem)
    began.wait()
    try:
        for turn in range(EACH):
            await database.run(partial(_at_the_counter, world=world, way=ways[turn % 2], by=f"key:{number}"))
    finally:
        await database.close()


def _at_the_counter(unit, world, way, by):
    now = world.clock.now()
    done = way(Scene(unit, world.house, Outgoing(unit, now), now), CODE, by).done
    if done:
        unit.history.add(1, "counted", by, "Redeemed" if way is offers.redeem else "Undone", "", now)


def counter(path: Path, number: int, began: Barrier) -> None:
    asyncio.run(take_turns(path, number, began))


@pytest.mark.parametrize("killed", [0, PROCESSES // 2])
async def test_a_code_that_everybody_redeems_and_takes_back_is_spent_once_at_a_time(tmp_path, killed):
    """Each redemption that was told done stands in the books, and none while another stood, whoever dies over it."""
    path = tmp_path / "makegood.db"
    world = await World.open(path, currency="EUR", means=Means(per_month=BUDGET, per_case=WORTH))
    await world.staff("Ben", "501")
    await world.run(partial(_give, world=world, name="Ana"))
    await world.run(lambda unit: unit.vouchers.take_in(1, [CODE], "", "voucher", None, None, world.clock.now()))
    await world.run(partial(_accepted, world=world))
    fork = multiprocessing.get_context("spawn")
    began = fork.Barrier(PROCESSES)
    running = [fork.Process(target=counter, args=(path, number, began)) for number in range(PROCESSES)]
    for one in running:
        one.start()
    while killed and await world.count("SELECT COUNT(*) FROM ledger_entry") < 3 * PROCESSES:
        await asyncio.to_thread(running[-1].join, 0.01)
    for one in running[:killed]:
        one.kill()
    for one in running:
        await asyncio.to_thread(one.join, 120)

    moved = await world.run(lambda unit: [line.movement for line in unit.ledger.page(1, 1, 1_000)])
    told = {
        what: await world.count(f"SELECT COUNT(*) FROM history WHERE subject = 'counted' AND what = '{what}'")
        for what in ("Redeemed", "Undone")
    }
    held = await world.count("SELECT held FROM spending WHERE scope = 'team_month'")
    found = await world.run(lambda unit: offers_checking.look(unit, 1))
    await world.close()
    assert [one.exitcode for one in running[killed:]] == [0] * (PROCESSES - killed)
    assert told == {"Redeemed": moved.count("spent"), "Undone": moved.count("returned")}
    assert told["Redeemed"] >= PROCESSES
    assert moved == (["spent", "returned", "reserved"] * len(moved))[: len(moved)]
    assert (found.sound, held) == (True, WORTH), found


def _accepted(unit, world):
    now = world.clock.now()
    return offers.accept(Scene(unit, world.house, Outgoing(unit, now), now), 1, 1)
