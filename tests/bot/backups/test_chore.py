"""Backups by themselves: begun by a due row, made beside the turns, and begun again when nothing came of it."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from bot.backups import chore, manifest
from bot.backups.chore import FAILED, KIND, MADE_AT, BackupChore
from bot.scheduler import Scheduler
from bot.settings.sections import Backup
from storage.due import DueRow

HOUR = 3_600_000


async def planned(shop) -> DueRow:
    row: DueRow | None = await shop.run(lambda unit: unit.due.by_key(1, KIND))
    assert row is not None
    return row


async def made(work: BackupChore) -> None:
    work.begin()
    await work.over()


async def test_a_due_row_begins_it_and_waits_for_the_next(shop, config):
    """The whole way: its moment, a child process, a sound copy, a note, the next moment."""
    await shop.run(lambda unit: chore.plan(unit, 1, config, shop.clock.now()))
    work = BackupChore(shop.database, config, None, shop.clock)
    scheduler = Scheduler(shop.database, shop.house, shop.clock, shop.turns.hand_on, {KIND: work.begin})
    shop.clock.pass_by(chore.FIRST / 1000)
    await scheduler._claim()
    begun = work.running
    await shop.receive(shop.wrote("8", "/start"))  # N17: turns go on meanwhile
    await work.over()
    noted = await shop.run(lambda unit: (unit.facts.get(1, MADE_AT), unit.facts.get(1, FAILED)))

    assert begun
    assert noted == (str(shop.clock.now()), "")
    assert len(manifest.listing(config.backups)) == 1
    assert (await planned(shop)).due_at == shop.clock.now() + 24 * HOUR
    assert await shop.texts("8") != []


async def test_a_life_that_ended_in_the_middle_begins_anew(shop, config):
    """The row comes again within the hour unless a whole backup moved it on."""
    await shop.run(lambda unit: chore.plan(unit, 1, config, shop.clock.now()))
    shop.clock.pass_by(chore.FIRST / 1000)
    await shop.fire_due()

    row = await planned(shop)
    assert (row.state, row.due_at) == ("pending", shop.clock.now() + HOUR)


async def test_a_backup_that_fails_is_noted_and_tried_again(shop, config, tmp_path):
    """A full or missing disk is told by the check, and heals by itself."""
    (tmp_path / "file").write_text("no folder")
    wrong = msgspec.structs.replace(config, backup=Backup(folder=tmp_path / "file" / "backups"))
    await made(BackupChore(shop.database, wrong, None, shop.clock))
    why = await shop.run(lambda unit: unit.facts.get(1, FAILED))
    await made(BackupChore(shop.database, config, None, shop.clock))
    healed = await shop.run(lambda unit: unit.facts.get(1, FAILED))

    assert "Not a directory" in (why or "")
    assert healed == ""


async def test_stopping_does_not_wait_for_it(shop, config):
    """A restart must not hang for a large copy; what is half made is no backup."""
    work = BackupChore(shop.database, config, None, shop.clock)
    work.begin()
    await asyncio.sleep(0.05)
    await work.stop()

    assert not work.running
    assert manifest.listing(config.backups) == []


@pytest.mark.parametrize(("every", "rows"), [("0s", 0), ("24h", 1)])
async def test_whoever_wants_none_plans_none(shop, config, every, rows):
    """Some copy the whole machine in another way."""
    settings = Backup(every=timedelta(hours=24) if every == "24h" else timedelta(0))
    chosen = msgspec.structs.replace(config, backup=settings)
    await shop.run(lambda unit: chore.plan(unit, 1, chosen, shop.clock.now()))
    await shop.run(lambda unit: chore.plan(unit, 1, chosen, shop.clock.now() + 5))

    assert await shop.count("SELECT COUNT(*) FROM due WHERE kind = 'backup'") == rows
