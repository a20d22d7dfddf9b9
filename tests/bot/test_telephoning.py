"""Claims about ringing customers up, and about what staff type of it."""

import asyncio

import pytest

from bot import casework, telephoning
from bot.outgoing import Outgoing
from bot.scene import Scene
from recovery import cases
from storage.cases import Case
from storage.tasks import Task
from storage.unit import Unit
from tests.bot.turning import DAY, World

ANA, BO, LIN = "1", "11", "12"


@pytest.fixture
async def world(tmp_path):
    """A case that was put right, whose customer said nothing to the follow-up: a call is to be made."""
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    await world.staff("Lin", LIN)
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    await world.receive(world.pressed(BO, "1:k1:resolved"))
    for _ in range(2):
        world.clock.pass_by(4 * DAY / 1000)
        await world.fire_due()
    yield world
    await world.close()


async def case(world: World) -> Case:
    return await world.run(lambda unit: unit.cases.get(1))


async def task(world: World) -> Task:
    return await world.run(lambda unit: unit.tasks.get(1))


async def calls(world: World) -> list[tuple[object, ...]]:
    return await world.run(lambda unit: unit.all("SELECT outcome, put_right, rating, words FROM phone_call"))


async def record(world: World, put_right: bool | None, rating: int | None, words: str = "") -> str:
    """Record a call as the console does; return what whoever rang is told."""

    def work(unit: Unit) -> str:
        scene = Scene(unit, world.house, Outgoing(unit, world.clock.now()), world.clock.now())
        said = telephoning.record(scene, unit.tasks.get(1), unit.staff.get(1), put_right, rating, words)
        return said.sentence

    return await world.run(work)


async def test_silence_asks_for_a_call_and_closes_nothing(world):
    """A customer who says nothing is not content; counting them as unreachable would end it too soon."""
    assert (await task(world)).kind == "telephone"
    assert (await case(world)).stage == "resolved"


async def test_a_yes_on_the_telephone_is_marked_as_typed(world):
    """The report must be able to say how much of it rests on a colleague's word."""
    await record(world, put_right=True, rating=4, words="All fine now")
    known = await case(world)

    assert (known.outcome, known.told_by, known.rating_after) == ("recovered", "staff", 4)
    assert await calls(world) == [("reached", 1, 4, "All fine now")]
    assert await world.count("SELECT COUNT(*) FROM answer WHERE kind = 'csat'") == 1


@pytest.mark.parametrize(("put_right", "rating"), [(False, None), (True, 2), (False, 5)])
async def test_a_no_or_a_low_rating_opens_the_case_again(world, put_right, rating):
    """Typed or tapped, it means the same."""
    await record(world, put_right=put_right, rating=rating)
    known = await case(world)

    assert (known.stage, known.reopened, known.owner_id) == ("open", 1, None)


async def test_of_two_who_type_at_once_one_wins(world):
    """And nothing is recorded twice."""
    await asyncio.gather(
        world.receive(world.pressed(BO, "1:call:1:said:yes:5")),
        world.receive(world.pressed(LIN, "1:call:1:said:no:1")),
    )

    assert len(await calls(world)) == 1
    assert telephoning.DONE_BEFORE.sentence in world.channel.notices


async def test_a_rating_off_the_scale_is_refused(world):
    """A forged button, or a slip in the console, ends no task."""
    said = await record(world, put_right=True, rating=9)

    assert said.startswith("The rating must be")
    assert await calls(world) == []
    assert (await task(world)).done_at is None


async def test_who_would_not_say_is_asked_once_more(world):
    """A talk in which the one thing was not asked leaves the customer where they were."""
    await record(world, put_right=None, rating=None)

    assert (await case(world)).stage == "resolved"
    assert await world.count("SELECT COUNT(*) FROM task WHERE done_at IS NULL") == 1


async def test_three_days_without_an_answer_end_it(world):
    """And not the second press of one day."""
    for _ in range(3):
        await world.receive(world.pressed(BO, "1:call:1:none"), world.pressed(BO, "1:call:1:none"))
        world.clock.pass_by(DAY / 1000)
        await world.fire_due()
    known = await case(world)

    assert (known.outcome, known.told_by) == ("unreachable", "staff")
    assert [outcome for outcome, *_ in await calls(world)] == ["no_answer"] * 3


async def test_a_wrong_number_ends_it_at_once(world):
    """Whoever picked up there is a stranger."""
    await world.receive(world.pressed(BO, "1:call:1:wrong"))

    assert (await case(world)).outcome == "unreachable"


async def test_a_call_that_nobody_makes_is_brought_up_every_day(world):
    """It is owed to somebody."""
    before = len(await world.texts(BO))
    for _ in range(3):
        world.clock.pass_by(DAY / 1000)
        await world.fire_due()
    said = (await world.texts(BO))[before:]

    assert sum("This call is still to be made." in text for text in said) == 3


async def test_who_answers_in_chat_after_all_needs_no_call(world):
    """The customer's own word is newer than our wish to ring them."""
    [seed] = await world.run(lambda unit: unit.all("SELECT seed FROM conversation WHERE purpose = 'follow_up'"))
    await world.receive(world.pressed(ANA, f"1:{seed[0]}.0:yes"))
    known = await case(world)

    assert (known.outcome, known.told_by) == ("recovered", "customer")
    assert (await task(world)).done_at is not None


async def test_who_says_no_in_chat_after_a_yes_on_the_telephone_is_heard(world):
    """Their word is newer: it opens the case again, as long as it is not closed."""
    await record(world, put_right=True, rating=5)
    [seed] = await world.run(lambda unit: unit.all("SELECT seed FROM conversation WHERE purpose = 'follow_up'"))
    await world.receive(world.pressed(ANA, f"1:{seed[0]}.0:no"))

    assert (await case(world)).stage == "open"


async def test_a_call_about_a_case_that_ended_otherwise_is_brought_up_no_more(world):
    """As when two customers turn out to be one, and the case goes on in the other's."""
    await world.run(lambda unit: _joined(unit, world))
    before = len(await world.texts(BO))
    world.clock.pass_by(2 * DAY / 1000)
    await world.fire_due()

    assert (await task(world)).done_at is not None
    assert not any("call" in text for text in (await world.texts(BO))[before:])


def _joined(unit: Unit, world: World) -> None:
    scene = Scene(unit, world.house, Outgoing(unit, world.clock.now()), world.clock.now())
    casework.tell(scene, unit.cases.get(1), cases.Joined(), "makegood")


async def test_what_was_said_besides_is_kept_with_the_case(world):
    """The words often tell more than the two taps."""
    await world.receive(world.pressed(BO, "1:call:1:said:no:1"))
    await world.receive(world.wrote(BO, "The colour is wrong as well"))

    assert (await calls(world))[0][3] == "The colour is wrong as well"
    assert "The colour is wrong as well" in (await world.texts(LIN))[-1]


@pytest.mark.parametrize(
    "press", ["1:call:99:none", "1:call:x:none", "1:call:1:said:maybe", "1:call:1", "1:call:1:said:no:x"]
)
async def test_a_forged_button_does_nothing(world, press):
    """Buttons come from outside, whatever they look like."""
    await world.receive(world.pressed(BO, press))

    assert await calls(world) == []
    assert world.channel.notices[-1] == "That button is no longer in use."


async def test_who_works_no_cases_types_nothing(world):
    """An editor edits surveys."""
    await world.staff("Eve", "13", "editor")
    await world.receive(world.pressed("13", "1:call:1:none"))

    assert await calls(world) == []


async def test_a_call_of_another_team_is_not_shown_and_not_taken(world):
    """Its customers are that team's business."""

    def work(unit: Unit) -> None:
        repairs, front = (unit.teams.add(1, name, world.clock.now()) for name in ("Repairs", "Front"))
        assert repairs is not None
        assert front is not None
        unit.all("UPDATE recovery_case SET team_id = :team", {"team": repairs.id})
        unit.all("UPDATE staff_member SET team_id = :team WHERE name = 'Lin'", {"team": front.id})

    await world.run(work)
    await world.receive(world.pressed(LIN, "1:call:1:none"), world.wrote(LIN, "/tasks"))

    assert await calls(world) == []
    assert (await world.texts(LIN))[-1] == "Nobody is to be rung up now. Thank you!"


async def test_the_list_shows_what_is_to_be_rung_now(world):
    """And how many wait for another day."""
    await world.receive(world.wrote(BO, "/tasks"))
    shown = (await world.messages(BO))[-1]
    await world.receive(world.pressed(BO, "1:call:1:none"))
    await world.receive(world.wrote(BO, "/tasks"))

    assert [button.press for row in shown.rows for button in row][:2] == ["1:call:1:reached", "1:call:1:none"]
    assert (await world.texts(BO))[-1] == "To be rung again on a later day: 1."
