"""Offers in the turn: within the authority at once, above it by a yes, and never more than the limits allow."""


import pytest

from bot import offers
from bot.means import Means
from bot.outgoing import Outgoing
from bot.scene import Scene
from recovery import cases as case_machine
from recovery.authority import Wish
from recovery.money import Money
from tests.bot.turning import World

ANA, BEN, EVA, MIA = "77", "501", "502", "503"


@pytest.fixture
async def world(tmp_path):
    """A shop that counts in euros: Ben may give 50 in a case and 80 in a day, Eva supervises, Mia manages."""
    means = Means(per_month=100_000, supervisor_up_to=30_000, two_above=50_000, per_case=5_000, per_day=8_000)
    world = await World.open(tmp_path / "makegood.db", currency="EUR", means=means)
    await world.staff("Ben", BEN)
    await world.staff("Eva", EVA, "supervisor")
    await world.staff("Mia", MIA, "manager")
    await world.receive(world.wrote(ANA, "/start"))
    yield world
    await world.close()


async def acted(world, act):
    """What an act in a unit of work of its own gives, its messages delivered to nobody."""

    def work(unit):
        scene = Scene(unit, world.house, Outgoing(unit, world.clock.now()), world.clock.now())
        return act(scene)

    return await world.run(work)


async def open_case(world, chat=ANA):
    """A case of that chat's customer."""

    def work(scene):
        address = scene.unit.addresses.at(1, "telegram", chat)
        decision = case_machine.opened(scene.now, case_machine.STEP, urgent=False)
        state = case_machine.save(decision.case)
        return scene.unit.cases.open(
            1, address.customer_id, address.id, "complaint", state, decision.case.stage, scene.now
        )

    return await acted(world, work)


def member(scene, name):
    return scene.unit.staff.by_name(1, name)


def voucher(amount):
    return Wish("voucher", Money(amount, "EUR"))


async def proposed(world, case, amount, name="Ben", reason="", kind="voucher", what=""):
    wish = Wish(kind, Money(amount, "EUR"))
    return await acted(world, lambda scene: offers.propose(scene, case, member(scene, name), wish, what, reason))


async def test_within_the_authority_it_goes_out_at_once(world):
    """Delay while asking is the customer's loss."""
    case = await open_case(world)

    offered = await proposed(world, case, 2_000)

    assert offered.done
    assert offered.offer.stage == "put"
    assert "a voucher worth €20.00" in (await world.texts(ANA))[-1]


async def test_above_it_somebody_else_is_asked_and_one_yes_is_enough(world):
    """The one who asks is never the one who agrees."""
    case = await open_case(world)
    offered = await proposed(world, case, 20_000, reason="The heating failed for three days")
    assert offered.offer.stage == "awaiting"
    assert "The heating failed for three days" in (await world.texts(EVA))[-1]

    own = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Ben")))
    assert not own.done
    given = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Eva")))
    again = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Mia")))

    assert given.done
    assert given.offer.stage == "put"
    assert not again.done
    assert await world.count("SELECT COUNT(*) FROM ledger_entry") == 1


async def test_a_voucher_is_redeemed_once(world):
    """The second redemption is refused, and says that there was a first."""
    case = await open_case(world)
    offered = await proposed(world, case, 2_000)
    await acted(world, lambda scene: offers.accept(scene, offered.offer.id, 1))
    code = await world.run(lambda unit: unit.vouchers.of_offer(offered.offer.id).code)

    first = await acted(world, lambda scene: offers.redeem(scene, code.lower(), "operator"))
    second = await acted(world, lambda scene: offers.redeem(scene, code, "operator"))

    assert first.done
    assert not second.done
    assert await world.run(lambda unit: [line.movement for line in unit.ledger.page(1, 0, 10)]) == ["reserved", "spent"]
