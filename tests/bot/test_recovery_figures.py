"""Claims about the figures of recovery as they are read from the cases."""

import json
from functools import partial

import pytest

from bot import recovery_figures
from bot.clock import iso
from bot.recovery_figures import RecoveryReport, as_json
from bot.recovery_words import printed, span
from reports.periods import Period, day_of
from storage.unit import Unit
from tests.bot.turning import DAY, World

HOUR = 3_600
BO = "99"


@pytest.fixture
async def world(tmp_path):
    """Two customers of one shop: one put right and content, one who is rung up and is not."""
    world = await World.open(tmp_path / "makegood.db", fewest=1)
    await world.staff("Bo", BO)
    for number in ("1", "2"):
        await world.receive(world.wrote(number, "/start"))
        await world.receive(world.pressed(number, f"1:seed{number}.0:1"))
    world.clock.pass_by(HOUR)
    for number in ("1", "2"):
        await world.receive(world.pressed(BO, f"1:k{number}:write"))
        await world.receive(world.wrote(BO, "I am on it"))
        await world.receive(world.pressed(BO, f"1:k{number}:resolved"))
        await world.receive(world.pressed(BO, f"1:k{number}:cause:other"))
        await world.run(partial(_name_cause, number=int(number)))
    world.clock.pass_by(DAY / 1000)
    await world.fire_due()
    talks = await world.run(
        lambda unit: unit.all("SELECT seed FROM conversation WHERE purpose = 'follow_up' ORDER BY customer_id")
    )
    await world.receive(world.pressed("1", f"1:{talks[0][0]}.0:yes"))
    await world.receive(world.pressed("1", f"1:{talks[0][0]}.1:5"))
    world.clock.pass_by(4 * DAY / 1000)
    await world.fire_due()
    await world.receive(world.pressed(BO, "1:call:1:wrong"))
    yield world
    await world.close()


def _name_cause(unit: Unit, number: int) -> None:
    """Let a case have its root cause, whichever way staff name it."""
    from recovery import cases

    case = unit.cases.by_number(1, number)
    assert case is not None
    state = cases.load(case.state)
    if state.cause is None:
        named = cases.advance(state, cases.NamedCause(1, "other"), 0).case
        unit.cases.save(
            case.id,
            case.revision,
            state=cases.save(named),
            stage=named.stage,
            owner_id=named.owner,
            urgent=named.urgent,
            outcome=named.outcome,
        )


async def read(world: World, by: recovery_figures.By = "touchpoint") -> RecoveryReport:
    today = day_of(world.clock.now(), world.house.zone)
    return await world.run(lambda unit: recovery_figures.read(unit, world.house, Period(today - 30, today), by))


async def test_what_the_cases_took_is_read_from_them(world):
    """An hour to the first word, a 1 that became a 5, one of two won back, one outcome typed by staff."""
    total = (await read(world)).total

    assert (total.cases, total.typed) == (2, 1)
    assert {name: figure.value for name, figure in total.outcomes.items()} == {"recovered": 0.5, "unreachable": 0.5}
    assert total.first_contact.wall.median == HOUR * 1000
    assert (total.ratings[0].rated_on, total.ratings[0].before, total.ratings[0].after) == ("csat 1 5", 1, 5)
    assert total.on_the_spot.value == 1


async def test_calls_are_told_apart_from_every_score(world):
    """What staff typed stands on a line of its own."""
    report = await read(world)

    assert (report.typed_calls, report.missed_calls) == (0, 1)


async def test_lines_are_touchpoints_or_teams(world):
    """A case without one has a line, too: nothing is left out of the sum."""
    by_team = await read(world, "team")

    assert [line.key for line in (await read(world)).lines] != []
    assert [(line.key, line.cases) for line in by_team.lines] == [("", 2)]


async def test_a_period_without_cases_is_empty(world):
    """And no error."""
    made = await world.run(lambda unit: recovery_figures.read(unit, world.house, Period(0, 1)))

    assert made.total.cases == 0
    assert list(printed(made, "en"))[1] == "No case was closed in these days."


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_the_report_reads_in_every_language(world, language):
    """No place is left open, and in Chinese nothing of ours is left in English."""
    lines = list(printed(await read(world), language))

    assert not any("{" in line for line in lines)
    assert language == "en" or not any("customer" in line.lower() for line in lines)


async def test_the_json_holds_every_figure_with_its_count(world):
    """Other programs must be able to tell 1 of 1 from 100 of 100."""
    made = json.loads(json.dumps(as_json(await read(world), "now", iso)))

    assert made["total"]["recovery_rate"]["count"] == 2
    assert made["total"]["first_contact"]["calendar"]["median"] == HOUR
    assert made["total"]["ratings"][0]["scale"] == [1, 5]
    assert [band["cases"] for band in made["total"]["by_first_contact"]] == [0, 2, 0, 0, 0]


@pytest.mark.parametrize(
    ("ms", "words"), [(5 * 60_000, "5 mins"), (3 * HOUR * 1000, "3 hrs"), (3 * DAY, "3 days"), (90 * 60_000, "90 mins")]
)
def test_spans_are_said_as_people_say_them(ms, words):
    """Nobody thinks in 10,800 seconds."""
    assert span(ms, "en") == words
