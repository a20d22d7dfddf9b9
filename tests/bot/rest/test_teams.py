"""Teams, calendars and what staff know: set by the operator alone, told in full, and named where they do not fit."""

import pytest

from bot import clockwork
from bot.outgoing import Outgoing
from bot.rest.counter import Counter
from bot.scene import Scene
from recovery import cases, clocks
from storage.unit import Unit
from tests.bot.rest.conftest import KEY

SHOP = {"zone": "Europe/Berlin", "week": {"mon": "09:00-12:30, 13:30-18:00"}, "closed": ["2026-12-25"]}


async def test_a_team_has_hours_and_what_is_not_said_stays(operator):
    """A change of one thing must not take another away."""
    await operator.put("/v1/calendars/shop", json=SHOP)
    made = await operator.put("/v1/teams/Repairs", json={"calendar": "shop"})
    again = await operator.put("/v1/teams/Repairs", json={})

    assert (made.status_code, again.status_code) == (201, 200)
    assert (made.json()["calendar"], again.json()["calendar"], again.json()["new"]) == ("shop", "shop", False)
    assert (await operator.put("/v1/teams/Repairs", json={"calendar": None})).json()["calendar"] is None


async def test_a_team_is_called_otherwise(operator):
    """It is the same team with the same people; a name that another has, or had, is refused."""
    await operator.post("/v1/staff/invitations", json={"name": "Ben"})
    for name in ("Repairs", "Front", "Gone"):
        await operator.put(f"/v1/teams/{name}", json={})
    await operator.delete("/v1/teams/Gone")
    await operator.patch("/v1/staff/Ben", json={"team": "Repairs"})
    told = await operator.put("/v1/teams/Repairs", json={"name": "Workshop"})
    refused = [await operator.put("/v1/teams/Workshop", json={"name": name}) for name in ("Front", "Gone", "a/b", 7)]

    assert (told.status_code, told.json()["name"], told.json()["new"]) == (200, "Workshop", False)
    assert [answer.status_code for answer in refused] == [409, 409, 422, 422]
    assert (await operator.get("/v1/staff")).json()["staff"][0]["team"] == "Workshop"


async def test_a_team_that_ends_leaves_its_people_to_the_whole_business(operator, counter):
    """Nobody is in a team that is not there, and no case is hidden behind one."""
    await operator.post("/v1/staff/invitations", json={"name": "Ben"})
    await operator.put("/v1/teams/Repairs", json={})
    await operator.patch("/v1/staff/Ben", json={"team": "Repairs"})
    told = await operator.delete("/v1/teams/Repairs")

    assert told.json() == {"name": "Repairs", "people": ["Ben"]}
    assert (await operator.get("/v1/staff")).json()["staff"][0]["team"] is None
    assert (await operator.delete("/v1/teams/Repairs")).status_code == 404


async def test_what_somebody_knows_is_told_back(operator):
    """Whoever sets it sees what was understood."""
    await operator.post("/v1/staff/invitations", json={"name": "Ben"})
    body = {
        "skills": ["Repair", "repair"],
        "areas": ["north"],
        "speaks": ["zh-Hans"],
        "load_limit": 7,
        "roles": ["staff"],
    }
    told = (await operator.patch("/v1/staff/Ben", json=body)).json()

    assert (told["skills"], told["areas"], told["speaks"], told["load_limit"]) == (
        ["repair"],
        ["north"],
        ["zh-Hans"],
        7,
    )
    assert (told["duty"], told["load"]) == ("on_duty", 0)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"team": "Nobody"}, "/team"),
        ({"calendar": "never"}, "/calendar"),
        ({"skills": "repair"}, "/skills"),
        ({"skills": ["two words"]}, "/skills"),
        ({"load_limit": 0}, "/load_limit"),
        ({"load_limit": True}, "/load_limit"),
        ({"roles": ["king"]}, "/roles"),
        ({"per_case": "50"}, "/per_case"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_what_does_not_fit_is_named_and_changes_nothing(operator, body, pointer):
    """A mistyped limit must not be half taken."""
    await operator.post("/v1/staff/invitations", json={"name": "Ben"})
    before = (await operator.get("/v1/staff")).json()
    answer = await operator.patch("/v1/staff/Ben", json={"skills": ["heating"], **body})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await operator.get("/v1/staff")).json() == before


@pytest.mark.parametrize(
    ("calendar", "pointer"),
    [
        ({"zone": "Mars/X", "week": {"mon": "09:00-10:00"}}, "/zone"),
        ({"zone": "UTC", "week": {"mon": "9 to 5"}}, "/week/mon"),
        ({"zone": "UTC"}, "/week"),
        ({"zone": "UTC", "special": {"2030-01-01": "09:00-10:00"}}, "/week"),
        ({"zone": "UTC", "week": {"mon": "09:00-10:00"}, "closed": ["someday"]}, "/closed[0]"),
    ],
)
async def test_a_calendar_by_which_no_clock_could_run_is_refused(operator, calendar, pointer):
    """What is kept is what clocks run by for months."""
    answer = await operator.put("/v1/calendars/shop", json=calendar)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await operator.get("/v1/calendars")).json() == {"calendars": []}


async def test_a_calendar_in_use_is_not_removed(operator):
    """Somebody would have no hours from one moment to the next."""
    await operator.put("/v1/calendars/shop", json=SHOP)
    await operator.put("/v1/teams/Repairs", json={"calendar": "shop"})
    refused = await operator.delete("/v1/calendars/shop")
    await operator.put("/v1/teams/Repairs", json={"calendar": None})

    assert (refused.status_code, "Repairs" in refused.json()["detail"]) == (409, True)
    assert (await operator.delete("/v1/calendars/shop")).json() == {"key": "shop", "removed": True}


async def test_another_edition_ends_the_one_before_and_clocks_go_on_by_it(operator, counter):
    """The old edition stays, for it says by what the time so far was counted."""
    await operator.post("/v1/staff/invitations", json={"name": "Ben"})
    await operator.put("/v1/calendars/shop", json={"zone": "UTC", "week": {"mon": "24h", "tue": "24h"}})
    await operator.patch("/v1/staff/Ben", json={"calendar": "shop"})
    case_id = await counter.database.run(lambda unit: _case_of_ben(unit, counter))
    before = await counter.database.read(lambda unit: clocks.load(unit.clocks.of(case_id)[0].state).calendar)
    await operator.put("/v1/calendars/shop", json={"zone": "UTC", "week": {"wed": "24h"}})
    after = await counter.database.read(lambda unit: clocks.load(unit.clocks.of(case_id)[0].state).calendar)
    editions = await counter.database.read(
        lambda unit: unit.all("SELECT id, until_at IS NULL FROM calendar ORDER BY id")
    )

    assert (before, after, editions) == ("1", "2", [(1, 0), (2, 1)])


def _case_of_ben(unit: Unit, counter: Counter) -> int:
    """A case that Ben has, with a clock that runs by his hours."""
    ana = unit.customers.ensure(1, "c-1", 1, "Ana")
    address = unit.addresses.add(1, "webchat", "w-ana", "customer", 1, customer_id=ana.id)
    case = unit.cases.open(1, ana.id, address.id, "unhappy", cases.save(cases.Case()), "open", counter.clock.now())
    unit.assignments.add(case.id, 1, None, "makegood", "", counter.clock.now())
    scene = Scene(unit, counter.house, Outgoing(unit, counter.clock.now()), counter.clock.now())
    clockwork.case_changed(scene, None, unit.cases.get(case.id), None)
    return case.id


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/teams"), ("PUT", "/v1/teams/X"), ("PUT", "/v1/calendars/x"), ("PATCH", "/v1/staff/Ben")],
)
async def test_another_systems_key_sets_none_of_it(shop, method, path):
    """Who works when is the operator's to say, not the cash desk's."""
    answer = await shop.client.request(method, path, headers={"authorization": f"Bearer {KEY}"}, json={})

    assert answer.status_code == 403
