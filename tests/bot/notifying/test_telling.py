"""Claims about what other systems are told of, and in which words. The golden files are what receivers parse."""

import json
from pathlib import Path

import pytest

from bot import services
from bot.audience import TYPES, Audience, webhook_way
from bot.services import NewServiceEvent, Served
from storage.notifications import Notification
from tests.bot.turning import World

ANA, BO = "1", "11"
GOLDEN = Path(__file__).with_name("golden")
CRM, DESK = webhook_way("crm"), webhook_way("desk")


def audience(**types: tuple[str, ...]) -> Audience:
    return Audience(webhooks=types or dict.fromkeys(TYPES, (CRM,)))


async def world_of(path: Path, **house) -> World:
    """A customer who was served and is asked, and a staff member."""
    world = await World.open(path / "makegood.db", **house)
    await world.staff("Bo", BO)
    now = world.clock.now()

    def served(unit):
        ana = unit.customers.ensure(1, "c-1042", now, "Ana", "en")
        unit.addresses.add(1, "telegram", ANA, "customer", now, customer_id=ana.id)
        event = NewServiceEvent(
            source="shop",
            event_id="e-1",
            digest="d",
            type="order.delivered",
            touchpoint="service",
            cancelled=False,
            subject="order-7",
            customer=Served("c-1042"),
            service={"item": "lamp"},
            occurred_at=now,
        )
        services.record(event, unit, world.house, now)

    await world.run(served)
    world.clock.pass_by(3600)
    await world.fire_due()
    return world


@pytest.fixture
async def world(tmp_path):
    world = await world_of(tmp_path, audience=audience())
    yield world
    await world.close()


async def told(world: World, type_: str | None = None) -> list[Notification]:
    rows = await world.run(lambda unit: unit.all("SELECT * FROM notification ORDER BY id"))
    return [row for row in (Notification(*row) for row in rows) if type_ in (None, row.type)]


def golden(name: str, row: Notification) -> None:
    """Hold a payload against its golden file. A change of it breaks receivers: add, and never change."""
    assert json.loads(row.payload) == json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))


async def test_a_complete_response_is_told_with_its_answers(world):
    """A number is a number, and whose it is and about what is named as the business names it."""
    await world.receive(world.pressed(ANA, "1:seed1.0:5"))
    [row] = await told(world)

    assert (row.way, row.type, row.state) == (CRM, "response.completed", "queued")
    assert row.ident.startswith("msg_")
    golden("response.completed", row)


async def test_a_case_is_told_when_it_opens_and_how_it_ends(world):
    """What a customer wrote is not in it: whoever works the case reads that where it is."""
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    [opened] = await told(world, "case.opened")
    golden("case.opened", opened)
    await world.receive(world.wrote(ANA, "The lamp was broken"))
    await world.receive(world.pressed(BO, "1:k1:resolved"))
    await world.receive(world.pressed(BO, "1:k1:cause:work.hurry"))
    world.clock.pass_by(86_400)
    await world.fire_due()
    await world.receive(world.pressed(ANA, "1:seed2.0:yes"))
    await world.receive(world.pressed(ANA, "1:seed2.1:5"))
    [closed] = await told(world, "case.closed")

    golden("case.closed", closed)
    assert "broken" not in opened.payload + closed.payload


async def test_a_response_that_is_corrected_later_is_told_once_more(world):
    """As the API shows it once more: the receiver replaces what it has under the same conversation."""
    for choice in ("5", "4"):
        await world.receive(world.pressed(ANA, f"1:seed1.0:{choice}"))
    asked = (await world.messages(ANA))[-1]
    await world.receive(world.pressed(ANA, asked.rows[0][0].press))
    found = [json.loads(row.payload)["data"] for row in await told(world, "response.completed")]
    ratings = [[each["value"] for each in response["answers"] if each["current"]] for response in found]

    assert [response["conversation_id"] for response in found] == [1] * len(found)
    assert (ratings[0], ratings[-1]) == ([5], [4])


async def test_what_is_too_little_to_count_is_not_told(world):
    """A break-off is no response."""
    world.clock.pass_by(73 * 3600)
    await world.fire_due()

    assert await told(world) == []


async def test_each_endpoint_hears_of_what_it_wants(tmp_path):
    """One row for each, with an id of its own, so that one that is down holds up only its own."""
    wanted = audience(**{"case.opened": (CRM, DESK), "case.closed": (DESK,)})
    world = await world_of(tmp_path, audience=wanted)
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    rows = await told(world)
    await world.close()

    assert [(row.type, row.way) for row in rows] == [("case.opened", CRM), ("case.opened", DESK)]
    assert rows[0].ident != rows[1].ident


async def test_nobody_who_listens_costs_nothing(tmp_path):
    """Most installations have no webhook: their turns write and read nothing for it."""
    world = await world_of(tmp_path)
    asked: list[str] = []
    await world.run(lambda unit: spy(unit, asked))
    await world.receive(world.pressed(ANA, "1:seed1.0:1"))
    await world.close()

    assert asked
    assert not any("notification" in sql for sql in asked)


def spy(unit, asked: list[str]) -> None:
    """Write down the statements of every later turn."""
    for name in unit.__slots__:
        table = getattr(unit, name)
        if hasattr(table, "_insert"):
            table._execute, table._insert = heard(table._execute, asked), heard(table._insert, asked)


def heard(real, asked: list[str]):
    def run(sql, *parameters):
        asked.append(sql)
        return real(sql, *parameters)

    return run


async def test_a_turn_that_is_undone_tells_nothing(world):
    """What is told stands in the same transaction as what happened."""

    def fails(unit):
        unit.execute("UPDATE customer SET name = 'x'")
        from bot.notifying import telling
        from bot.outgoing import Outgoing
        from bot.scene import Scene

        telling.tell(Scene(unit, world.house, Outgoing(unit, 0), 0), (CRM,), "case.opened", "{}", "case.opened:1")
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        await world.run(fails)

    assert await told(world) == []
