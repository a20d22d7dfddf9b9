"""What the night leaves of drafts: every step that can be undone, and no pause of the fingers."""

import pytest

from bot import chores
from bot.editing import drafts
from bot.editing.drafts import Saved
from bot.editing.steps import KEPT, TYPED
from bot.editing.thinning import WHOLE_FOR
from tests.bot.turning import World

TEXT = 'format = 1\nkey = "visit"\n# {}\n'
FIELD = f"{TYPED}question.0.text.en"
AFTERNOON = 4 * 60 * 60_000
"""ms that an afternoon of editing takes."""


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    yield world
    await world.close()


async def typed(world: World, steps: int, pauses: int) -> None:
    """Somebody types into fields, `pauses` saves to each, with a minute between two fields."""

    def work(unit) -> None:
        if unit.drafts.newest(1, "visit") is None:
            drafts.begun(unit, 1, "visit", TEXT.format("begun"), "staff:1", "", world.clock.now())
        for step in range(steps):
            for pause in range(pauses):
                base = unit.drafts.last(1, "visit")
                now = world.clock.now() + step * 60_000 + pause * 1_000
                text = TEXT.format(f"{base} {step} {pause}")
                assert isinstance(drafts.saved(unit, 1, "visit", base, text, "staff:1", FIELD, now), Saved)

    await world.run(work)


async def tidied(world: World) -> None:
    """A day later, all chores of the night."""
    world.clock.pass_by((WHOLE_FOR + AFTERNOON) / 1000)
    now = world.clock.now()
    await world.run(lambda unit: chores.plan(unit, 1, now))
    while await world.run(lambda unit: unit.due.overdue(now)):
        await world.fire_due()


async def revisions(world: World) -> int:
    return int(await world.count("SELECT COUNT(*) FROM draft"))


async def test_a_days_typing_becomes_its_last_hundred_steps(world):
    """1,200 saves of an afternoon, a MB and more, are a hundred texts the next night."""
    await typed(world, steps=120, pauses=10)
    newest = await world.run(lambda unit: unit.drafts.newest(1, "visit"))
    await tidied(world)

    assert await revisions(world) == KEPT
    assert await world.run(lambda unit: unit.drafts.newest(1, "visit")) == newest


async def test_each_step_that_is_left_can_be_undone_and_redone(world):
    """With the text that it ended with."""
    await typed(world, steps=120, pauses=3)
    await tidied(world)
    await world.run(lambda unit: drafts.undone(unit, 1, "visit", "staff:1", world.clock.now()))
    back = await world.run(lambda unit: drafts.undone(unit, 1, "visit", "staff:1", world.clock.now()))
    on = await world.run(lambda unit: drafts.redone(unit, 1, "visit", "staff:1", world.clock.now()))
    count = len((await world.run(lambda unit: drafts.steps_of(unit, 1, "visit"))).done)

    assert back is not None
    assert on is not None
    assert back.row.source.endswith(" 117 2\n")
    assert on.row.source.endswith(" 118 2\n")
    assert count == KEPT - 1


async def test_what_was_saved_today_stays_whole(world):
    """Somebody may be working from any of it."""
    await typed(world, steps=60, pauses=4)
    now = world.clock.now()
    await world.run(lambda unit: chores.plan(unit, 1, now))
    while await world.run(lambda unit: unit.due.overdue(now)):
        await world.fire_due()

    assert await revisions(world) == 241


async def test_of_a_draft_that_was_published_one_revision_is_left(world):
    """The version has its text, and is one tap away."""
    await typed(world, steps=20, pauses=10)

    def publish(unit) -> None:
        now = world.clock.now()
        unit.surveys.publish(1, "visit", unit.drafts.newest(1, "visit").source, "digest", "visit", "editor", now)
        unit.drafts.end(1, "visit", now)

    await world.run(publish)
    await tidied(world)

    assert await revisions(world) == 1
