"""The figures are what the rows add up to: after every turn, whatever was answered, changed or counted anew."""

import asyncio
import random
import tempfile
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import tallying
from bot.intake import Turns
from bot.tallying import count_some
from storage.rollups import Standing
from tests.bot.turning import World
from tests.figures import counted, kept

ZONE = "America/St_Johns"
"""Half an hour off, so that a day's edge lies where nobody expects it."""

SURVEY = """
format = 1
key = "visit"
touchpoint = "visit"
languages = ["en"]
remind = []
unhappy = "satisfaction <= 2"
explain = "why"

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was it?"
optional = true

[[question]]
key = "others"
kind = "nps"
text.en = "Would you tell others?"
optional = true

[[question]]
key = "effort"
kind = "ces"
text.en = "How hard was it?"

[[question.branch]]
to = "end"

[[question]]
key = "why"
kind = "text"
text.en = "What happened?"
"""

CHATS = ("1", "2")
TYPED = ("5", "1", "10", "it was cold", "/back", "/stop", "3", "yes", "2", "/start", "thanks")


async def opened(path: Path, **house) -> World:
    world = await World.open(path, **{"zone": ZONE, "start_survey": "visit", **house})
    await world.publish(SURVEY, "visit")
    return world


class Crowd:
    """People who tap any button they ever saw and type what comes to their mind."""

    def __init__(self, world: World, choose: random.Random) -> None:
        self.world = world
        self.choose = choose

    async def act(self) -> None:
        """Let one of them do one thing, or let time pass."""
        chat = self.choose.choice(CHATS)
        match self.choose.randrange(10):
            case 0:
                await self.world.receive(self.world.wrote(chat, "/start"))
            case 1 | 2:
                await self.world.receive(self.world.wrote(chat, self.choose.choice(TYPED)))
            case 3:
                about = self.world.wrote(chat, self.choose.choice(TYPED), edited=True)
                await self.world.receive(about)
            case 4:
                self.world.clock.pass_by(3600.0 * self.choose.choice([1, 7, 30, 80]))
                await self.world.fire_due()
            case 5:
                await self.world.receive(self.world.wrote("9", "resolved"))
                await self.resolve()
            case _:
                await self.tap(chat)

    async def tap(self, chat: str) -> None:
        presses = [b.press for m in await self.world.messages(chat) for row in m.rows for b in row]
        if presses:
            latest = presses[-self.choose.choice([3, 7, 12, 40]) :]
            await self.world.receive(self.world.pressed(chat, self.choose.choice(latest)))

    async def resolve(self) -> None:
        for case in await self.world.run(lambda unit: unit.cases.listing(1, limit=2)):
            if case.closed_at is None:
                await self.world.receive(self.world.pressed("9", f"1:k{case.number}:resolved"))


def agrees(unit) -> bool:
    figures, rows = kept(unit), counted(unit, ZONE)
    assert figures == rows
    return bool(figures)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_after_every_turn_the_figures_are_what_the_rows_add_up_to(seed: int):
    """Answers given, changed, amended after the end, taken back; cases opened, corrected, closed; in any order."""

    async def play() -> None:
        with tempfile.TemporaryDirectory() as folder:
            world = await opened(Path(folder) / "makegood.db")
            try:
                await world.staff("Lin", "9")
                crowd = Crowd(world, random.Random(seed))
                await world.receive(*(world.wrote(chat, "/start") for chat in CHATS))
                for _ in range(25):
                    await crowd.act()
                    assert await world.run(agrees)
            finally:
                await world.close()

    asyncio.run(play())


@pytest.mark.parametrize("seed", range(3))
async def test_counting_anew_is_exact_while_turns_go_on(tmp_path, seed):
    """A conversation that is counted already is kept up to date by its turns; any other is reached later."""
    world = await opened(tmp_path / "makegood.db")
    crowd = Crowd(world, random.Random(seed))
    await world.staff("Lin", "9")
    for _ in range(60):
        await crowd.act()
    before = await world.run(lambda unit: counted(unit, ZONE))
    await tallying.prepare(world.database, world.house, anew=True)
    standing = None
    while standing is None or not standing.whole:
        standing = await world.run(partial(count_some, house=world.house, most=2))
        await crowd.act()
        await crowd.act()
    await crowd.act()

    assert await world.run(agrees)
    assert before != await world.run(lambda unit: counted(unit, ZONE))
    await world.close()


async def test_an_upgraded_database_is_counted_at_its_start(tmp_path):
    """The first version kept no figures: all there ever was must be in them."""
    world = await opened(tmp_path / "makegood.db")
    crowd = Crowd(world, random.Random(7))
    for _ in range(30):
        await crowd.act()
    await world.run(lambda unit: unit.all("DELETE FROM rollup"))
    await world.run(lambda unit: unit.all("DELETE FROM fact WHERE name = 'rollups'"))
    world.house.tallying.forget()
    await crowd.act()
    assert await world.run(kept) == {}

    assert not await tallying.prepare(world.database, world.house)
    await tallying.count(world.database, world.house)

    assert await world.run(agrees)
    await world.close()


async def test_another_zone_counts_everything_anew(tmp_path):
    """What was Monday in Newfoundland was Tuesday in Shanghai."""
    world = await opened(tmp_path / "makegood.db")
    crowd = Crowd(world, random.Random(11))
    for _ in range(30):
        await crowd.act()
    world.house = world.made_house(zone="Asia/Shanghai", start_survey="visit")
    assert not await tallying.prepare(world.database, world.house)
    await tallying.count(world.database, world.house)

    assert await world.run(kept) == await world.run(lambda unit: counted(unit, "Asia/Shanghai"))
    await world.close()


async def test_a_turn_of_a_house_that_moved_counts_by_the_zone_that_is_kept(tmp_path):
    """Until everything is counted anew, all counts are of one zone."""
    world = await opened(tmp_path / "makegood.db")
    world.house = world.made_house(zone="Asia/Shanghai", start_survey="visit")
    world.turns = Turns(world.database, world.clock, world.house, world.delivery, {"telegram": world.channel})
    await world.turns.begin(world.arrivals)
    await world.receive(world.wrote("1", "/start"))

    assert await world.run(agrees)
    await world.close()


async def test_only_everything_is_remembered(tmp_path):
    """A half counted figure that was taken for whole would miss what is counted next."""
    world = await opened(tmp_path / "makegood.db")
    await tallying.prepare(world.database, world.house, anew=True)
    world.house.tallying.remember(Standing(ZONE, 5, 0))

    assert await world.run(lambda unit: world.house.tallying.standing(unit, 1)) == Standing(ZONE)
    await world.close()
