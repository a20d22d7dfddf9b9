"""Claims about what is written down of a case while it is worked: what it took, and what came of it."""

import pytest

from recovery import cases
from storage.cases import Case
from tests.bot.turning import DAY, World

ANA, BO, LIN = "1", "11", "12"
HOUR = 3_600


@pytest.fixture
async def world(tmp_path):
    """A customer with an open case; Bo and Lin read of it."""
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    await world.staff("Lin", LIN)
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    yield world
    await world.close()


async def case(world: World) -> Case:
    return await world.run(lambda unit: unit.cases.get(1))


async def asked(world: World) -> str:
    """Let a day pass, so that the customer is asked; return the seed of that talk."""
    world.clock.pass_by(DAY / 1000)
    await world.fire_due()
    [talk] = await world.run(
        lambda unit: unit.all("SELECT seed FROM conversation WHERE purpose = 'follow_up' AND closed_at IS NULL")
    )
    return str(talk[0])


async def put_right(world: World, chat: str = BO) -> None:
    await world.receive(world.pressed(chat, "1:k1:resolved"))


async def test_each_word_of_a_person_counts_and_the_first_is_noted(world):
    """The customer lives through the time until the first one; how many it took is what it cost."""
    opened = await case(world)
    world.clock.pass_by(HOUR)
    for words in ("I am on it", "It comes tomorrow"):
        await world.receive(world.pressed(BO, "1:k1:write"))
        await world.receive(world.wrote(BO, words))
    known = await case(world)

    assert (opened.first_contact_at, opened.contacts) == (None, 0)
    assert (known.first_contact_at, known.contacts) == (opened.opened_at + HOUR * 1000, 2)


async def test_what_one_person_put_right_alone_was_decided_on_the_spot(world):
    """Nobody had to be asked, and nobody else had to come."""
    await world.receive(world.pressed(BO, "1:k1:take"))
    await put_right(world)
    known = await case(world)

    assert (known.on_the_spot, known.resolved_at) == (1, world.clock.now())


async def test_what_another_put_right_was_not_on_the_spot(world):
    """It went through two pairs of hands."""
    await world.receive(world.pressed(BO, "1:k1:take"))
    await put_right(world, LIN)

    assert (await case(world)).on_the_spot == 0


async def test_the_first_resolution_stands_when_it_is_opened_again(world):
    """How long it took is told together with how often it was not so."""
    await put_right(world)
    first = await case(world)
    await world.receive(world.pressed(ANA, f"1:{await asked(world)}.0:no"))
    again = await case(world)
    await put_right(world, LIN)
    known = await case(world)

    assert (again.reopened, again.stage) == (1, "open")
    assert (known.resolved_at, known.on_the_spot) == (first.resolved_at, 1)


async def test_who_had_it_does_not_get_it_again(world):
    """Whoever said that it was put right is not to judge alone whether it is."""
    await put_right(world)
    await world.receive(world.pressed(ANA, f"1:{await asked(world)}.0:no"))
    known = await case(world)
    [assignee] = await world.run(
        lambda unit: unit.all("SELECT name FROM staff_member WHERE id = :id", {"id": known.assignee_id})
    )

    assert (known.owner_id, assignee[0]) == (None, "Lin")
    assert "Lin takes it up again now" in "".join(await world.texts(ANA))


async def test_the_rating_after_is_kept_with_its_scale(world):
    """Before and after are compared only where both mean the same."""
    await put_right(world)
    seed = await asked(world)
    await world.receive(world.pressed(ANA, f"1:{seed}.0:yes"))
    await world.receive(world.pressed(ANA, f"1:{seed}.1:4"))
    known = await case(world)

    assert (known.outcome, known.told_by) == ("recovered", "customer")
    assert (known.rating, known.rating_after, known.rating_after_on) == (1, 4, "csat 1 5")


async def test_a_low_rating_after_is_kept_too(world):
    """Yes, and still a 2: that is what the report must show, above all."""
    await put_right(world)
    seed = await asked(world)
    await world.receive(world.pressed(ANA, f"1:{seed}.0:yes"))
    await world.receive(world.pressed(ANA, f"1:{seed}.1:2"))
    known = await case(world)

    assert (known.rating_after, known.reopened, known.outcome) == (2, 1, None)


async def test_a_late_yes_makes_of_the_unreachable_a_recovered_one(world):
    """Even after the case was closed, and the figures count it where it belongs now."""
    await put_right(world)
    seed = await asked(world)
    world.clock.pass_by(4 * DAY / 1000)
    await world.fire_due()
    await world.receive(world.pressed(BO, "1:k1:cause:work"))
    for _ in range(3):
        await world.receive(world.pressed(BO, "1:call:1:none"))
        world.clock.pass_by(2 * DAY / 1000)
    over = await case(world)
    await world.run(lambda unit: _close(unit, over))
    await world.receive(world.pressed(ANA, f"1:{seed}.0:yes"))
    known = await case(world)

    assert over.outcome == "unreachable"
    assert (known.outcome, known.told_by, known.stage) == ("recovered", "customer", "closed")


def _close(unit, case: Case) -> None:
    """Close a case as naming its cause does, where that was not done yet."""
    if case.closed_at is None:
        state = cases.load(case.state)
        closed = cases.advance(state, cases.NamedCause(1, "work"), case.opened_at).case
        unit.cases.save(
            case.id,
            case.revision,
            state=cases.save(closed),
            stage=closed.stage,
            owner_id=closed.owner,
            urgent=closed.urgent,
            outcome=closed.outcome,
            closed_at=case.opened_at,
        )
