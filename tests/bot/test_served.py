"""Claims about the use case behind `/done` and the console's button, and about who served."""

import pytest

from bot import served, services
from bot.house import House
from bot.services import NewServiceEvent, NoSurvey, Served
from storage.unit import Unit
from tests.bot.turning import World


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db", public_url="https://ask.example.com")
    await world.staff("Bo", "11")
    yield world
    await world.close()


async def serve(world: World, name: str, item: str = "") -> served.Done:
    def work(unit: Unit) -> served.Done:
        member = unit.staff.by_name(1, "Bo")
        return served.record_served(unit, world.house, world.clock.now(), name, by=member, item=item)

    return await world.run(work)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ana", ("Ana", "")),
        ("  Ana   Chen , a new   battery ", ("Ana Chen", "a new battery")),
        ("安娜，换电池", ("安娜", "换电池")),
        ("Ana, bread, butter", ("Ana", "bread, butter")),
        (", bread", ("", "bread")),
        ("", ("", "")),
        ("x" * 500, ("x" * 128, "")),
    ],
)
def test_a_name_and_what_was_done(text, told):
    """Typed between two customers, on a telephone."""
    assert served.told_of(text) == told


async def test_the_service_knows_who_served_and_what(world):
    """Texts may name both, and praise finds its way."""
    made = await serve(world, "Ana", "a haircut")

    assert '"item":"a haircut"' in made.event.service
    assert '"staff":"Bo"' in made.event.service
    assert (made.event.source, made.event.touchpoint, made.event.staff_member_id) == ("staff", "service", 1)
    assert (made.customer.name, made.due_at) == ("Ana", world.clock.now() + 3_600_000)


async def test_without_a_survey_nothing_is_recorded(world):
    """Whoever hands over a link at which nothing is asked has wasted a customer's goodwill."""
    house: House = world.made_house(done_touchpoint="haircut")
    with pytest.raises(NoSurvey):
        await world.run(lambda unit: served.record_served(unit, house, world.clock.now(), "Ana"))

    assert await world.count("SELECT COUNT(*) FROM customer") == 0
    assert await world.count("SELECT COUNT(*) FROM link") == 0


async def test_what_was_opened_is_not_undone(world):
    """The customer holds it in their hand by then."""
    made = await serve(world, "Ana")
    await world.receive(world.wrote("101", f"/start {made.link.token}"))
    now = world.clock.now()

    assert not await world.run(lambda unit: served.undo(unit, world.house, now, made.event, "staff:1"))
    assert await world.count("SELECT COUNT(*) FROM invitation WHERE state = 'sent'") == 1


async def test_what_was_undone_opens_nothing_and_asks_nobody(world):
    """As if it had never been said; undoing it twice undoes it once."""
    made = await serve(world, "Ana")

    def undo(unit: Unit) -> bool:
        event = unit.service_events.get(made.event.id)
        return served.undo(unit, world.house, world.clock.now(), event, "staff:1")

    assert [await world.run(undo), await world.run(undo)] == [True, False]
    await world.receive(world.wrote("101", f"/start {made.link.token}"))
    assert "too old" in (await world.texts("101"))[0]
    world.clock.pass_by(7200)
    assert await world.fire_due() == 1
    assert await world.count("SELECT COUNT(*) FROM conversation") == 0


async def test_the_same_customer_has_both_links(world):
    """Whichever of the two was handed over first, it opens one person's chat."""
    first, second = await serve(world, "Ana"), await serve(world, "ANA")
    assert second.namesake is not None
    assert second.namesake[0].id == first.event.id
    now = world.clock.now()
    same = await world.run(
        lambda unit: served.same_customer(unit, world.house, now, second.event, first.event, "staff:1")
    )
    await world.receive(world.wrote("101", f"/start {first.link.token}"))
    await world.receive(world.wrote("101", f"/start {second.link.token}"))

    assert same
    assert await world.count("SELECT COUNT(*) FROM chat_customer") == 1
    assert await world.count("SELECT COUNT(DISTINCT customer_id) FROM link") == 1


@pytest.mark.parametrize(("name", "member"), [("Bo", 1), ("Cy", None), ("", None)])
async def test_a_name_of_the_shops_system_finds_the_staff_member(world, name, member):
    """`served_by` comes as the till knows people; a stranger's name is a fact for texts and no more."""
    now = world.clock.now()
    service = {"staff": name} if name else {}
    new = NewServiceEvent("till", "1", "d", "t", "service", False, "1", Served("c-1"), service, now)
    recorded = await world.run(lambda unit: services.record(new, unit, world.house, now))

    assert recorded.event.staff_member_id == member
