"""Claims about before and after in the turn: the same kind of rating is asked again, and what is under way goes on."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot import call_tasks, recovery_figures
from bot.outgoing import Outgoing
from bot.scene import Scene
from reports.periods import Period
from tests.bot.turning import DAY, World

ANA, BO = "1", "11"
Shop = Callable[[str, int], Awaitable[World]]
EARLIER = """
format = 1
key = "follow_up"
touchpoint = "follow_up"
languages = ["en"]
unhappy = 'put_right == "no" or satisfaction <= 2'
[[question]]
key = "put_right"
kind = "yes_no"
text.en = "Was it put right?"
[[question]]
key = "satisfaction"
kind = "csat"
text.en = "And how satisfied are you with us now?"
"""
"""The follow-up as it was before it asked for the same kind again, shortened."""


@pytest.fixture
async def put_right(tmp_path) -> AsyncIterator[Shop]:
    """Opens a shop in which Ana gave a rating, and Bo put it right and named the cause."""
    opened: list[World] = []

    async def lived(survey: str, rating: int) -> World:
        world = await World.open(tmp_path / "makegood.db", start_survey=survey, fewest=1)
        opened.append(world)
        await world.staff("Bo", BO)
        await world.receive(world.wrote(ANA, "/start"))
        await world.receive(world.pressed(ANA, f"1:seed{world.seeds}.0:{rating}"))
        await world.receive(world.pressed(BO, "1:k1:resolved"))
        await world.receive(world.pressed(BO, "1:k1:cause:work.hurry"))
        return world

    yield lived
    for world in opened:
        await world.close()


async def asked(world: World) -> str:
    world.clock.pass_by(DAY / 1000)
    await world.fire_due()
    [talk] = await world.run(lambda unit: unit.all("SELECT seed FROM conversation WHERE purpose = 'follow_up'"))
    return str(talk[0])


async def says(world: World, seed: str, *answers: str) -> None:
    for number, answer in enumerate(answers):
        await world.receive(world.pressed(ANA, f"1:{seed}.{number}:{answer}"))


@pytest.mark.parametrize(
    ("survey", "before", "after", "scale"),
    [("nps_reason", 2, 9, "nps 0 10"), ("ces_effort", 7, 2, "ces 1 7"), ("csat_reason", 1, 5, "csat 1 5")],
)
async def test_before_and_after_are_of_one_kind(put_right, survey, before, after, scale):
    """Else the report could say of half the shops only that nothing can be said."""
    world = await put_right(survey, before)
    await says(world, await asked(world), "yes", str(after))
    case = await world.run(lambda unit: unit.cases.get(1))
    report = await world.run(lambda unit: recovery_figures.read(unit, world.house, Period(0, 50_000)))

    assert (case.rating, case.rating_after, case.rating_after_on) == (before, after, scale)
    assert [(one.rated_on, one.before, one.after, one.better) for one in report.total.ratings] == [
        (scale, before, after, 1)
    ]
    assert report.total.unpaired == 0


async def test_a_low_one_is_kept_as_what_came_after(put_right):
    """Yes, and still nobody they would send to us: the case is open again, and the report shows both."""
    world = await put_right("nps_reason", 2)
    await says(world, await asked(world), "yes", "3")
    case = await world.run(lambda unit: unit.cases.get(1))

    assert (case.rating_after, case.rating_after_on, case.reopened) == (3, "nps 0 10", 1)


async def test_a_follow_up_under_way_ends_as_it_began(put_right):
    """Whoever was asked before the upgrade answers the question that stands in their chat."""
    world = await put_right("nps_reason", 2)
    [(ours,)] = await world.run(lambda unit: unit.all("SELECT source FROM survey_version WHERE key = 'follow_up'"))
    await world.publish(EARLIER, "follow_up")
    seed = await asked(world)
    await world.publish(str(ours), "follow_up")
    await says(world, seed, "yes", "5")
    case = await world.run(lambda unit: unit.cases.get(1))

    assert (case.outcome, case.rating_after, case.rating_after_on) == ("recovered", 5, "csat 1 5")


async def test_on_the_telephone_the_same_kind_is_asked(put_right):
    """Staff read the question out; a figure of another scale would be noted under its name."""
    world = await put_right("nps_reason", 2)
    await asked(world)
    for _ in range(2):
        world.clock.pass_by(4 * DAY / 1000)
        await world.fire_due()

    def work(unit):
        now = world.clock.now()
        return call_tasks.asked_in(Scene(unit, world.house, Outgoing(unit, now), now), unit.tasks.get(1))

    found = await world.run(work)
    assert found.question.key == "recommend"
    assert "recommend us to a friend" in found.words("en")
