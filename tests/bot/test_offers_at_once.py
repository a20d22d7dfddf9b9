"""Forty approvals at once, through chat, console and API: never above a limit, and the ledger equal to the offers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot import offers, offers_checking
from bot.access.keys import KeyRing
from bot.access.secrets import digest
from bot.means import Means
from bot.rest.callers import key_door
from bot.rest.counter import Counter
from bot.rest.routes import rest_router
from bot.settings.sections import Config
from bot.web.app import create_app
from tests.bot.channels.webchat.world import listening
from tests.bot.console.office import Browser, Office, opened
from tests.bot.test_offers import acted, open_case, voucher

KEY = "mg_" + "k" * 32
EVAS_CHAT = "900"
COUNT = 40
WORTH = 4_000
BUDGET = 100_000


class Ways:
    """Eva's telephone, her key, and Mia's browser, all in front of the same offers."""

    def __init__(self, office: Office, browser: Browser, api: httpx.AsyncClient) -> None:
        self.office = office
        self.world = office.world
        self.browser = browser
        self.api = api

    async def approve(self, way: int, case: int, offer: int) -> None:
        """Say yes in one of the three ways."""
        if way == 0:
            press = f"1:approve:{offer}.1.yes"
            await self.world.arrivals.receive([self.world.pressed(EVAS_CHAT, press)])
        elif way == 1:
            headers = {"authorization": f"Bearer {KEY}"}
            answer = await self.api.post(f"/v1/offers/{offer}/approve", json={"revision": 1}, headers=headers)
            assert answer.status_code in (200, 409), answer.text
        else:
            answer = await self.browser.post(f"/console/cases/{case}/act", press=f"1:approve:{offer}.1.yes")
            assert answer.status_code == 303, answer.text


@pytest.fixture
async def ways(tmp_path) -> AsyncIterator[Ways]:
    means = Means(per_month=BUDGET)
    async with opened(tmp_path, currency="EUR", means=means) as office:
        world = office.world
        await world.staff("Ben", "901")
        await world.staff("Eva", EVAS_CHAT, "supervisor")

        def lend(unit):
            eva = unit.staff.by_name(1, "Eva")
            unit.api_keys.add(1, "approvals", digest(KEY), KEY[-4:], 0, staff_member_id=eva.id)

        await world.run(lend)
        browser, _ = await office.at_work("Mia", "manager")
        async with api_of(world) as api:
            yield Ways(office, browser, api)


@asynccontextmanager
async def api_of(world) -> AsyncIterator[httpx.AsyncClient]:
    """The API with its door for keys, over the same database."""
    keys = KeyRing({}, world.database, world.clock)
    counter = Counter(world.database, world.house, world.clock, Config(), hand_on=world.turns.hand_on, keys=keys)
    async with (
        listening(create_app([rest_router(counter)], doors=[key_door(keys)])) as serving,
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{serving.port}", timeout=30, verify=False, trust_env=False
        ) as api,
    ):
        yield api


async def asked_for(world, count):
    """So many customers, each with a case and an offer that waits for a yes: case number and offer of each."""
    found = []
    for number in range(count):
        chat = str(1_000 + number)
        await world.receive(world.wrote(chat, "/start"))
        case = await open_case(world, chat)

        def wish(scene, case=case):
            ben = scene.unit.staff.by_name(1, "Ben")
            return offers.propose(scene, case, ben, voucher(WORTH), "", "The lamp broke").offer

        found.append((case.number, (await acted(world, wish)).id))
    return found


async def test_forty_approvals_at_once_stay_within_the_budget(ways):
    """Each fits by itself; together they would be more than half too much."""
    world = ways.world
    waiting = await asked_for(world, COUNT)
    await ways.browser.get(f"/console/cases/{waiting[0][0]}")

    await asyncio.gather(*(ways.approve(at % 3, case, offer) for at, (case, offer) in enumerate(waiting)))
    await world.turns.drain()

    stages = [row[0] for row in await world.run(lambda unit: unit.all("SELECT stage FROM offer ORDER BY id"))]
    assert stages.count("put") == BUDGET // WORTH
    assert stages.count("awaiting") == COUNT - BUDGET // WORTH
    [held] = await world.run(lambda unit: [row.held for row in unit.spending.listing(1) if row.scope == "team_month"])
    assert held == BUDGET
    found = await world.run(lambda unit: offers_checking.look(unit, 1))
    assert found.sound
    assert found.lines == BUDGET // WORTH


async def test_forty_yeses_to_one_offer_have_one_effect(ways):
    """A button pressed twice, a key that tries again, an impatient browser: one message, one line in the books."""
    world = ways.world
    [(case, offer)] = await asked_for(world, 1)
    await ways.browser.get(f"/console/cases/{case}")

    await asyncio.gather(*(ways.approve(at % 3, case, offer) for at in range(COUNT)))
    await world.turns.drain()

    assert await world.count("SELECT COUNT(*) FROM ledger_entry") == 1
    assert await world.count("SELECT COUNT(*) FROM outbox WHERE purpose = 'offer'") == 1
    assert (await world.run(lambda unit: offers_checking.look(unit, 1))).sound
