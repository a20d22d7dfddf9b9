"""Claims about what is tidied up day by day."""

import pytest

from bot import chores
from tests.bot.turning import DAY, World

MANY = chores.CHUNK + 50


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    yield world
    await world.close()


async def prune(world: World) -> None:
    """Fire today's chores until they are done."""
    now = world.clock.now()
    await world.run(lambda unit: chores.plan(unit, 1, now))
    while await world.run(lambda unit: unit.due.overdue(now)):
        await world.fire_due()


def store(unit, now: int) -> None:
    for number in range(MANY):
        inbox_id = unit.inbox.add(1, "telegram", f"old{number}", number, "7", '{"is": "written"}', now)
        unit.inbox.finish(inbox_id)


async def test_words_go_after_a_week_and_rows_after_a_month(world):
    """What customers wrote is kept in their conversation, not twice; a repeat is still known for a month."""
    await world.run(lambda unit: store(unit, world.clock.now()))
    world.clock.pass_by(8 * DAY / 1000)
    await prune(world)
    texts = await world.count("SELECT COUNT(*) FROM inbox WHERE update_json IS NOT NULL")
    rows = await world.count("SELECT COUNT(*) FROM inbox")
    world.clock.pass_by(23 * DAY / 1000)
    await prune(world)

    assert (texts, rows) == (0, MANY)
    assert await world.count("SELECT COUNT(*) FROM inbox") == 0


async def test_sessions_of_the_console_go_a_month_after_their_end(world):
    """A shop signs in twelve thousand times in ten years; what stands open, and a customer's, is nobody's to end."""
    now = world.clock.now()

    def work(unit):
        bo = unit.staff.add(1, "Bo", "staff", "en", now)
        for number in range(MANY):
            unit.sessions.add(1, f"expired{number}", "console", now, now + DAY, staff_member_id=bo.id)
        out = unit.sessions.add(1, "signed out", "console", now, now + 90 * DAY, staff_member_id=bo.id)
        unit.sessions.end(out.id, now + 2 * DAY)
        unit.sessions.add(1, "open", "console", now, now + 90 * DAY, staff_member_id=bo.id)
        unit.sessions.add(1, "ana", "webchat", now, now + DAY)

    await world.run(work)
    left = []
    for days in (30, 2, 1):
        world.clock.pass_by(days * DAY / 1000)
        await prune(world)
        left.append(await world.count("SELECT COUNT(*) FROM session"))

    assert left == [MANY + 3, 3, 2]
    assert await world.run(lambda unit: unit.all("SELECT digest FROM session ORDER BY digest")) == [("ana",), ("open",)]


async def test_an_unfinished_update_is_never_pruned(world):
    """It is somebody's words that nobody has heard yet."""
    await world.run(lambda unit: unit.inbox.add(1, "telegram", "new", 1, "7", '{"is": "written"}', world.clock.now()))
    world.clock.pass_by(60 * DAY / 1000)
    await prune(world)

    assert await world.count("SELECT COUNT(*) FROM inbox WHERE update_json IS NOT NULL") == 1


async def test_chores_plan_themselves_for_the_next_day(world):
    """A process that runs for a year tidies up 365 times."""
    await prune(world)

    planned = await world.run(lambda unit: unit.due.pending_for("prune", 0))
    assert [row.due_at - world.clock.now() for row in planned] == [DAY]


def show(unit, now: int, count: int) -> list[int]:
    return [
        unit.media.want(1, "telegram", "7", "photo", f"p{n}", now, name="a.jpg", erase_at=now + 180 * DAY)
        for n in range(count)
    ]


async def test_files_are_erased_when_their_retention_ends(world):
    """Chunk by chunk; that there was a file stays known, and nothing else of it."""
    shown = await world.run(lambda unit: show(unit, world.clock.now(), MANY))
    world.clock.pass_by(179 * DAY / 1000)
    await prune(world)
    assert await world.count("SELECT COUNT(*) FROM media WHERE state = 'erased'") == 0

    world.clock.pass_by(DAY / 1000)
    await prune(world)
    row = await world.run(lambda unit: unit.media.get(shown[0]))
    assert await world.count("SELECT COUNT(*) FROM media WHERE state = 'erased'") == MANY
    assert (row.why, row.name, row.channel_file, row.digest, row.erase_at) == ("retention", None, None, None, None)


async def test_a_customers_files_are_erased_and_nobody_elses(world):
    """One function for whoever asks: a person who wants to be forgotten, or a conversation that was a mistake."""

    def work(unit):
        ids = show(unit, world.clock.now(), 3)
        ana = unit.customers.ensure(1, "ana", 1)
        unit.execute("UPDATE media SET customer_id = :ana WHERE id = :id", {"ana": ana.id, "id": ids[0]})
        unit.media.answers(ids[1:2], 5, "reason")
        erased = unit.media.erase("asked", 10, customer_id=ana.id), unit.media.erase("mistake", 10, conversation_id=5)
        return erased, [row.state for row in unit.media.several(ids)]

    assert await world.run(work) == ((1, 1), ["erased", "erased", "wanted"])
