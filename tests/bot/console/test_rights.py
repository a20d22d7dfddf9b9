"""Who may what in the console: every route of it against every role, generated, so that a new route is judged too."""

import pytest

from bot.access.policy import NOBODY, Act, Role, allowed
from bot.served import record_served
from bot.staff_talk import principal_of
from bot.web.app import acts
from storage.unit import Unit
from tests.bot.channels.webchat.test_files import PNG
from tests.bot.console.office import ROLES, Browser, Office, console_of

OWN_OR_OTHER = ("1", "999999", "-1", "0x1", "1e3", "９", "1 OR 1=1", "9" * 40)
"""Case 1 and task 1 exist; the others are what somebody tries."""

KEY = "after_delivery"
"""Of a survey, and of a working calendar."""

PARTS = ("cases", "tasks", "follow-ups", "health", "nothing")


async def with_work(office: Office) -> None:
    """One case, one task, a team, a calendar: what there is to be seen and touched."""
    await office.unhappy("7")
    now = office.world.clock.now()

    def work(unit: Unit) -> None:
        unit.tasks.add(1, "telephone", "t", now, case_id=1)
        unit.teams.add(1, "North", now)
        unit.calendars.put(1, KEY, '{"zone": "UTC", "week": {"mon": "24h"}}', now)

    await office.world.run(work)


def routes(office: Office) -> list[tuple[str, str, Act]]:
    """Method, path and act of each route of the console, as the app knows them."""
    known = acts(console_of(office.world))
    parts = [(route.partition(" "), act) for route, act in known.items()]
    return [(method, path, act) for (method, _, path), act in parts if path.startswith("/console")]


def at(path: str, ident: str) -> str:
    """The address of a route about the thing of that number."""
    for place in (
        "{number}", "{task_id}", "{session_id}", "{event_id}", "{earlier_id}",
        "{customer_id}", "{member_id}", "{team_id}", "{offer_id}", "{media_id}",
    ):  # fmt: skip
        path = path.replace(place, ident)
    return path.replace("{key}", KEY)


@pytest.mark.parametrize("role", ROLES)
async def test_every_route_gives_each_role_what_the_policy_says(office, role):
    """N15: generated from the router; what is refused looks as if there were nothing."""
    await with_work(office)
    browser, member = await office.at_work("Mei", role)
    now, house = office.world.clock.now(), office.world.house
    await office.world.run(lambda unit: record_served(unit, house, now, "Ana", by=member))
    asked = [(method, path, act) for method, path, act in routes(office) if not leaves(path)]
    found = {}
    for method, path, act in asked:
        found[f"{method} {path}"] = (
            allowed(principal_of(member), act),
            await asked_for(browser, method, at(path, "1")),
        )

    assert len(found) >= 25
    assert {path: told for path, told in found.items() if told[0] is not (told[1] in (200, 201, 303))} == {}
    assert {status for may, status in found.values() if not may} <= {404}


FORM = {
    "language": "en",
    "theme": "dark",
    "press": "1:k1:note",
    "text": "Hello",
    "name": "Ana",
    "table": "name",
    "person": "1",
}
"""What every form of the console takes something from."""


PRESSES = {"call": "1:call:1:none", "approve": "1:approve:1.1.yes", "today": "1:today:from.1"}


async def asked_for(browser: Browser, method: str, path: str) -> int:
    """Ask for a route as its page does; of a stream only the beginning."""
    if path.endswith("/events"):
        async with browser.http.stream("GET", path) as answer:
            return answer.status_code
    if "/console/act/" in path:
        return (await browser.post(path, press=PRESSES[path.rpartition("/")[2]])).status_code
    if path.endswith("/console/files"):
        headers = {"X-CSRF-Token": browser.csrf}
        return (await browser.http.post(path + "?name=a.png", content=PNG, headers=headers)).status_code
    if path.endswith("/rehearse"):
        return (await browser.http.post(path, json={}, headers={"X-CSRF-Token": browser.csrf})).status_code
    if method == "POST" and "/draft" in path:
        answer = await browser.get(f"{path.partition('/draft')[0]}/draft")
        told = answer.json() if answer.status_code == 200 else {}
        body = {"base": told.get("revision", 0), "source": f"{told.get('source', '')}# edited\n"}
        return (await browser.http.post(path, json=body, headers={"X-CSRF-Token": browser.csrf})).status_code
    return (await (browser.get(path) if method == "GET" else browser.post(path, **FORM))).status_code


def leaves(path: str) -> bool:
    """Whether a route ends a session or begins one, or wants a thing that is not there: those have their own tests."""
    return any(part in path for part in ("{token}", "sign-out", "sessions", "{offer_id}", "{media_id}", "/experiment"))


async def test_nobody_gets_nothing(office):
    """Without a session every page says only how to sign in, and no button does anything."""
    await with_work(office)
    found = set()
    for method, path, act in routes(office):
        if act is not Act.OPEN_LINK:
            browser = office.browser()
            answer = await (browser.get if method == "GET" else browser.post)(at(path, "1"))
            found.add((answer.status_code, "Customer 7" in answer.text))

    assert found == {(401, False)}
    assert await office.rows("SELECT id FROM recovery_case WHERE owner_id IS NOT NULL") == []


async def test_a_session_of_the_console_opens_nothing_of_the_api(office):
    """Generated from the router: no page could be made to use an admin's cookie there."""
    browser, _ = await office.at_work("Mei", ",".join(ROLES))
    cookie = {"Cookie": f"makegood_console={browser.session}", "Origin": office.base}
    known = [(route.partition(" "), act) for route, act in acts(console_of(office.world)).items()]
    asked = [(method, path) for (method, _, path), act in known if path.startswith("/v1/") and not allowed(NOBODY, act)]
    found = {
        f"{method} {path}": (await browser.http.request(method, path, json={}, headers=cookie)).status_code
        for method, path in asked
    }

    assert len(found) > 10
    assert {route: status for route, status in found.items() if status != 401} == {}


@pytest.mark.parametrize("ident", OWN_OR_OTHER[1:])
@pytest.mark.parametrize("path", ["/console/cases/{number}/take", "/console/tasks/{task_id}/done"])
async def test_a_number_that_is_nobodys_is_nothing(office, path, ident):
    """G9: whatever stands in an address, the answer tells nothing and breaks nothing."""
    await with_work(office)
    browser, _ = await office.at_work("Bo")

    assert (await browser.post(at(path, ident))).status_code == 404


async def test_another_brands_task_is_nothing(office):
    """Numbers of rows count over all brands; a guess must not reach across."""
    now = office.world.clock.now()

    def work(unit):
        unit.execute("INSERT INTO brand (id, name) VALUES (2, 'other')")
        return unit.tasks.add(2, "telephone", "theirs", now)

    theirs = await office.world.run(work)
    browser, _ = await office.at_work("Bo")

    assert (await browser.post(f"/console/tasks/{theirs}/done")).status_code == 404
    assert await office.rows("SELECT done_at FROM task WHERE id = :id", id=theirs) == [(None,)]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.STAFF, {"cases", "tasks", "follow-ups"}),
        (Role.SUPERVISOR, {"cases", "tasks", "follow-ups"}),
        (Role.MANAGER, {"cases", "tasks", "follow-ups"}),
        (Role.EDITOR, {"nothing"}),
        (Role.ADMIN, {"health"}),
    ],
)
async def test_each_role_sees_its_own_part_of_today(office, role, seen):
    """What somebody may not see is not on the page, nor in what it brings up to date."""
    await with_work(office)
    browser, _ = await office.at_work("Mei", role)
    for path in ("/console", "/console/now"):
        page = (await browser.get(path)).text
        assert {
            part for part in ("cases", "tasks", "follow-ups", "health", "nothing") if f'id="{part}"' in page
        } == seen
        assert ("Customer 7" in page) is ("cases" in seen)
