"""Bringing a backup back: nothing is lost by trying, and nothing that may have been sent is sent again."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from bot.backups import manifest
from bot.backups.making import back_up
from bot.backups.restoring import ASIDE, InTheWay, Restored, restore
from bot.clock import Clock
from bot.config import Config
from bot.lock import DataFolderInUse, FolderLock
from bot.settings.sections import Storage, Telegram
from storage import schema
from storage.database import Database
from storage.errors import Damaged, WrongVersion
from storage.schema import VERSIONS
from tests.bot.backups.conftest import PHOTO, PHOTO_PATH
from tests.bot.delivering import HandClock
from tests.bot.turning import World

DAY = 86_400_000


async def brought_back(backup: Path, config: Config, *, replace: bool = False) -> Restored:
    return await asyncio.to_thread(restore, backup, config, Clock(), replace=replace)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


async def test_a_backup_comes_back_elsewhere_with_all_that_was_in_it(shop, wish, tmp_path):
    """A new machine after a fire: answers, cases, files, and the chains of all conversations."""
    made = await asyncio.to_thread(back_up, wish, Clock())
    there = Config(storage=Storage(folder=tmp_path / "new"))
    done = await brought_back(made.path, there)
    database = await Database.open(there.database)
    answers = await database.read(lambda unit: [line.raw for line in unit.answers.page(0, 100)])
    sound = await database.read(lambda unit: [unit.answers.verify(number) for number in (1, 2, 3)])
    await database.close()

    assert done.manifest.counts["answer"] == len(answers)
    assert {"5", "4", "1"} <= set(answers)
    assert sound == [True, True, True]
    assert (there.media_folder / PHOTO_PATH).read_bytes() == PHOTO
    assert done.aside is None


async def test_nothing_happens_while_makegood_runs(shop, wish, config):
    """Two writers on one file are how databases die."""
    made = await asyncio.to_thread(back_up, wish, Clock())

    with FolderLock.take(config.folder, "makegood run"), pytest.raises(DataFolderInUse):
        restore(made.path, config, Clock(), replace=True)


async def test_a_database_that_is_there_is_replaced_only_on_demand_and_never_deleted(shop, wish, config):
    """Whoever restores in a hurry may have taken the wrong one."""
    made = await asyncio.to_thread(back_up, wish, Clock())
    await shop.receive(shop.wrote("9", "/start"))
    await shop.close()
    with pytest.raises(InTheWay, match="--replace"):
        await brought_back(made.path, config)
    done = await brought_back(made.path, config, replace=True)

    assert done.aside is not None
    assert rows(config.database, "SELECT COUNT(*) FROM customer") == [(3,)]
    assert rows(done.aside / config.database.name, "SELECT COUNT(*) FROM customer") == [(4,)]
    assert not list(config.folder.glob("*.part"))


async def test_a_damaged_database_is_set_aside_with_its_log(shop, wish, config):
    """reliability.md C4: it cannot be opened any more, and is kept as it is all the same."""
    made = await asyncio.to_thread(back_up, wish, Clock())
    await shop.close()
    config.database.write_bytes(b"noise" * 5000)
    log = config.database.with_name(config.database.name + "-wal")
    log.write_bytes(b"log")
    done = await brought_back(made.path, config, replace=True)

    assert done.aside is not None
    assert (done.aside / log.name).read_bytes() == b"log"
    assert not log.exists()
    assert rows(config.database, "PRAGMA quick_check") == [("ok",)]


async def test_a_spoiled_backup_changes_nothing(shop, wish, config):
    """What is there now may be better than what was meant to save it."""
    made = await asyncio.to_thread(back_up, wish, Clock())
    await shop.close()
    (made.path / manifest.DATABASE).write_bytes(b"half")
    before = config.database.read_bytes()

    with pytest.raises(Damaged):
        await brought_back(made.path, config, replace=True)
    assert config.database.read_bytes() == before
    assert not list(config.folder.glob(f"{ASIDE}*"))


async def test_a_backup_of_the_first_release_is_led_on(tmp_path):
    """Backups outlive upgrades; so does the copy that an upgrade leaves, which is a single file."""
    old = tmp_path / "makegood.db.0001.backup"
    with closing(sqlite3.connect(old)) as connection:
        for statement in (*schema.sqlite_statements("migrations/0001.sql"), schema.VERSION_TABLE):
            connection.execute(statement)
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.execute("INSERT INTO customer (brand_id, reference, created_at) VALUES (1, 'ana', 5)")
        connection.commit()
    there = Config(storage=Storage(folder=tmp_path / "new"))
    done = await brought_back(old, there)

    assert done.led_from == "0001"
    assert rows(there.database, "SELECT reference FROM customer") == [("ana",)]
    assert rows(there.database, "SELECT version_num FROM alembic_version") == [(VERSIONS[-1],)]


async def test_a_backup_of_a_newer_makegood_is_refused(shop, wish, config, tmp_path):
    """Leading it back would lose what the newer one knew."""
    made = await asyncio.to_thread(back_up, wish, Clock())
    path = made.path / manifest.DATABASE
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    with pytest.raises(WrongVersion):
        await brought_back(path, Config(storage=Storage(folder=tmp_path / "new")))


# --- what may have happened since ------------------------------------------------------------------------------------


async def after(shop: World, wish, config: Config, passed: timedelta, **settings: object) -> World:
    """The shop as it is when the backup of now is brought back so much later."""
    made = await asyncio.to_thread(back_up, wish, shop.clock)
    await shop.close()
    shop.clock.pass_by(passed.total_seconds())
    later = msgspec.structs.replace(config, **settings)
    await asyncio.to_thread(restore, made.path, later, shop.clock, replace=True)
    world = World(await Database.open(config.database))
    world.clock, world.seeds, world._count = shop.clock, shop.seeds, shop._count
    return world


@pytest.fixture
def clock_of(shop: World) -> HandClock:
    return shop.clock


async def test_what_waited_is_not_sent_again_and_staff_hear_of_it(shop, wish, config):
    """The customer may have it for days; the one who was to send it cannot know. Once told is better than twice."""
    await shop.staff("Lin", "900")
    await shop.delivery.stop()
    await shop.receive(shop.wrote("4", "/start"))
    waited = await shop.rows("4")
    world = await after(shop, wish, config, timedelta(days=2))
    states = [row.state for row in await world.rows("4")]
    told = await world.texts("900")
    await world.database.close()

    assert [row.state for row in waited] == ["queued"]
    assert states == ["unknown"]
    assert any("brought back from its backup" in text and "arrived since: " in text for text in told)


async def test_a_follow_up_of_the_time_between_becomes_a_call(shop, wish, config):
    """It may have been asked yesterday; asking twice whether it is put right would be a mockery, silence too."""
    planned = await shop.count("SELECT COUNT(*) FROM due WHERE kind = 'follow_up' AND state = 'pending'")
    world = await after(shop, wish, config, timedelta(days=3))
    late = await world.count("SELECT COUNT(*) FROM due WHERE kind = 'follow_up' AND state = 'late'")
    tasks = await world.count("SELECT COUNT(*) FROM task WHERE kind = 'telephone'")
    await world.database.close()

    assert (late, tasks) == (planned, planned)


async def test_reminders_of_the_time_between_are_cancelled(shop, wish, config):
    """Whoever answered since would be reminded of it."""
    await shop.run(lambda unit: unit.due.add(1, "remind", 1, "remind:1:9", shop.clock.now() + DAY))
    world = await after(shop, wish, config, timedelta(days=2))
    left = await world.count(
        "SELECT COUNT(*) FROM due WHERE kind = 'remind' AND dedupe_key = 'remind:1:9' AND state = 'cancelled'"
    )
    await world.database.close()

    assert left == 1


async def test_nothing_that_opened_something_opens_it_twice(shop, wish, config):
    """An invitation to the team that was used since is a key in somebody's messages."""
    now = shop.clock.now()

    def work(unit):
        member = unit.staff.add(1, "Eva", "admin", "en", now)
        unit.links.add(1, "d" * 64, "staff", now, now + 30 * DAY, staff_member_id=member.id)
        unit.sessions.add(1, "s" * 64, "console", now, now + 30 * DAY, staff_member_id=member.id)

    await shop.run(work)
    world = await after(shop, wish, config, timedelta(hours=1))
    now = world.clock.now()
    link = await world.run(lambda unit: unit.links.claim(1, "d" * 64, "telegram:1", now))
    session = await world.run(lambda unit: unit.sessions.by_digest(1, "s" * 64, now))
    await world.database.close()

    assert (link, session) == (None, None)


async def test_numbers_that_were_given_out_since_are_not_given_out_again(shop, wish, config):
    """A button below the message of a lost case 2 must not take another customer's case 2."""
    world = await after(shop, wish, config, timedelta(hours=1))
    await world.begin()
    await world.receive(world.wrote("7", "/start"))
    await world.receive(world.wrote("7", "1"))
    [[number, case_id]] = await world.run(
        lambda unit: unit.all("SELECT number, id FROM recovery_case ORDER BY id DESC LIMIT 1")
    )
    await world.close()

    assert number > 100
    assert case_id > 1_000_000


async def test_an_open_question_is_planned_again_where_no_poller_sees_the_gap(shop, wish, config):
    """A webhook brings what Telegram still holds, and nobody notices what was tapped and lost."""
    await shop.receive(shop.wrote("5", "/start"))
    webhook = Telegram(token="123456:abc", mode="webhook", webhook_url="https://x.example/t")
    world = await after(shop, wish, config, timedelta(hours=1), telegram=webhook)
    planned = await world.count("SELECT COUNT(*) FROM due WHERE kind = 'reask'")
    await world.database.close()

    assert planned >= 1
