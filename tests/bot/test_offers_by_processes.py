"""Eight processes give from one budget on one file: together never a cent more than it has, and the books are right."""

import asyncio
import multiprocessing
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

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
