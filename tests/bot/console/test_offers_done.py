"""Offers in the console: what a customer accepted is carried out from there, too."""

from bot import offers
from recovery.authority import Wish
from recovery.money import Money
from tests.bot.test_offers import acted, open_case


async def test_what_a_customer_accepted_is_done_from_today_too(office):
    """Striking out the task says that the offer is carried out, and the customer hears so."""
    world = office.world
    world.house = world.made_house(public_url=office.world.house.public_url, currency="EUR")
    browser, ben = await office.at_work("Ben")
    await world.run(lambda unit: unit.execute("UPDATE staff_member SET per_case = 5000"))
    await world.receive(world.wrote("77", "/start"))
    case = await open_case(world, "77")

    def give(scene):
        wish = Wish("refund", Money(2_000, "EUR"))
        offered = offers.propose(scene, case, scene.unit.staff.get(ben.id), wish, "", "")
        assert offered.offer is not None
        return offers.accept(scene, offered.offer.id, 1)

    await acted(world, give)
    page = await browser.get("/console")
    [(task,)] = await office.rows("SELECT id FROM task WHERE kind = 'carry_out'")
    await browser.post(f"/console/tasks/{task}/done")

    assert "what they accepted" in page.text
    assert await office.rows("SELECT stage FROM offer") == [("redeemed",)]
    assert "It is done" in (await world.texts("77"))[-1]
