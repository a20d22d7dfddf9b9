"""Teams in the console: made, changed, renamed, and ended with a word about what becomes of their people and cases."""

import re

import pytest

from tests.bot.console.office import Browser, Office, opened

ROOT = "/console/team/teams"


@pytest.fixture
async def office(tmp_path):
    """An office that gives money."""
    async with opened(tmp_path, currency="EUR") as office:
        yield office


async def admin(office: Office) -> Browser:
    """An admin's browser, and the team North with Bo in it."""
    browser, _ = await office.at_work("Mei", "admin")
    bo = await office.hire("Bo")
    now = office.world.clock.now()
    await office.world.run(lambda unit: unit.teams.add(1, "North", now))
    await office.world.run(lambda unit: unit.calendars.put(1, "shop", '{"zone": "UTC", "week": {"mon": "24h"}}', now))
    await office.rows("UPDATE staff_member SET team_id = 1 WHERE id = :bo", bo=bo.id)
    await browser.get("/console/team")
    return browser


async def told_of(office: Office, name: str) -> list[tuple[object, ...]]:
    return await office.rows(
        "SELECT calendar, per_month, supervisor_up_to, two_above FROM team WHERE name = :name", name=name
    )


async def test_a_team_is_made_with_all_that_is_said_of_it(office):
    """Name, hours, budget and limits in one form, in the words that the command line knows."""
    browser = await admin(office)
    answer = await browser.post(
        ROOT, name="  South ", calendar="shop", per_month="500", supervisor_up_to="50.00", two_above="200"
    )

    assert answer.headers["location"] == "/console/team?told=team_made"
    assert await told_of(office, "South") == [("shop", 50000, 5000, 20000)]
    assert await office.rows("SELECT actor, what FROM history WHERE subject = 'team:2'") == [("staff:1", "TeamKept")]


async def test_a_changed_team_shows_what_was_kept(office):
    """A limit that is emptied is gone, one that was read is read again."""
    browser = await admin(office)
    await browser.post(f"{ROOT}/1", name="Nord", calendar="shop", per_month="300.00", supervisor_up_to="", two_above="")
    page = (await browser.get(f"{ROOT}/1")).text
    again = await browser.post(
        f"{ROOT}/1", name="Nord", calendar="", per_month="300.00 EUR", supervisor_up_to="", two_above=""
    )

    assert ('value="Nord"' in page, 'value="300.00 EUR"' in page, "Bo" in page) == (True, True, True)
    assert again.status_code == 303
    assert await told_of(office, "Nord") == [(None, 30000, None, None)]


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"name": ""}, "name", "A name has 1 to 64 characters"),
        ({"name": "A, B"}, "name", "A name has 1 to 64 characters"),
        ({"name": "South"}, "name", "There is a team of that name."),
        ({"name": "Gone"}, "name", "was removed"),
        ({"per_month": "much"}, "per_month", "That is no amount."),
        ({"two_above": "-1"}, "two_above", "That is no amount."),
        ({"calendar": "never"}, "calendar", "not there any more"),
    ],
)
async def test_what_does_not_fit_is_told_at_its_field(office, typed, field, told):
    """In words that say how to mend it; what was typed stays, and nothing changes."""
    browser = await admin(office)
    await browser.post(ROOT, name="South")
    await browser.post(ROOT, name="Gone")
    await browser.post(f"{ROOT}/3/remove")
    form = {"name": "North", "calendar": "", "per_month": "", "supervisor_up_to": "7", "two_above": "", **typed}
    page = (await browser.post(f"{ROOT}/1", **form)).text
    found = re.search(rf'id="{field}-wrong">([^<]*)<', page)

    assert found is not None
    assert (told in found.group(1), 'name="supervisor_up_to" value="7"' in page) == (True, True)
    assert await told_of(office, "North") == [(None, None, None, None)]


async def test_a_new_team_of_a_name_that_is_there_changes_nothing(office):
    """It was made once, by somebody who meant something by its limits."""
    browser = await admin(office)
    await browser.post(f"{ROOT}/1", name="North", per_month="300")
    page = (await browser.post(ROOT, name="North", per_month="1")).text

    assert "There is a team of that name." in page
    assert await told_of(office, "North") == [(None, 30000, None, None)]


async def test_without_a_currency_limits_stay_as_they_are(tmp_path):
    """There is no field for them, and an absent field takes nothing away."""
    async with opened(tmp_path) as office:
        browser = await admin(office)
        await office.rows("UPDATE team SET per_month = 500")
        page = (await browser.get(f"{ROOT}/1")).text
        await browser.post(f"{ROOT}/1", name="Nord", calendar="")

        assert "business.currency" in page
        assert await told_of(office, "Nord") == [(None, 500, None, None)]


async def test_people_come_into_a_team_and_leave_it(office):
    """By a press each; whoever leaves works for the whole business again."""
    browser = await admin(office)
    ana = await office.hire("Ana")
    page = (await browser.get(f"{ROOT}/1")).text
    answer = await browser.post(f"{ROOT}/1/people", person=str(ana.id))
    await browser.post(f"{ROOT}/1/people", person="2", leaves="1")
    again = await browser.post(f"{ROOT}/1/people", person="2", leaves="1")

    assert (">Ana</option>" in page, "Take out: Bo" in page) == (True, True)
    assert {answer.headers["location"], again.headers["location"]} == {f"{ROOT}/1?told=changed"}
    assert await office.rows("SELECT name, team_id FROM staff_member ORDER BY name") == [
        ("Ana", 1),
        ("Bo", None),
        ("Mei", None),
    ]


async def test_nobody_takes_themselves_into_a_team(office):
    """An admin who could would give themselves its budget."""
    browser = await admin(office)
    page = (await browser.get(f"{ROOT}/1")).text
    answer = await browser.post(f"{ROOT}/1/people", person="1")

    assert (">Mei</option>" in page, answer.headers["location"]) == (False, "/console/team?told=yourself")
    assert await office.rows("SELECT team_id FROM staff_member WHERE name = 'Mei'") == [(None,)]


async def test_before_a_team_is_removed_it_is_said_whom_that_concerns(office):
    """Its people by name, its open cases by number; looking removes nothing."""
    browser = await admin(office)
    await office.unhappy("7")
    await office.rows("UPDATE recovery_case SET team_id = 1")
    asked = (await browser.get(f"{ROOT}/1/remove")).text
    assert ("Bo" in asked, "everybody sees them: 1." in asked) == (True, True)
    assert await office.rows("SELECT removed_at FROM team") == [(None,)]
    answer = await browser.post(f"{ROOT}/1/remove")

    assert answer.headers["location"] == "/console/team?told=team_removed"
    assert await office.rows("SELECT team_id FROM staff_member WHERE name = 'Bo'") == [(None,)]
    assert await office.rows("SELECT team_id FROM recovery_case") == [(None,)]
    assert (await browser.get(f"{ROOT}/1")).status_code == 404


@pytest.mark.parametrize("ident", ["999999", "-1", "0x1", "９", "9" * 40])
async def test_a_number_that_is_no_teams_is_nothing(office, ident):
    """Whatever stands in an address, the answer tells nothing and breaks nothing."""
    browser = await admin(office)

    assert (await browser.get(f"{ROOT}/{ident}")).status_code == 404
    assert (await browser.post(f"{ROOT}/{ident}/remove")).status_code == 404
    assert (await browser.post(f"{ROOT}/{ident}", name="X")).status_code == 404


async def test_another_brands_team_is_nothing(office):
    """Numbers of rows count over all brands."""
    browser = await admin(office)
    now = office.world.clock.now()

    def work(unit):
        unit.execute("INSERT INTO brand (id, name) VALUES (2, 'other')")
        return unit.teams.add(2, "Theirs", now).id

    theirs = await office.world.run(work)

    assert (await browser.post(f"{ROOT}/{theirs}/remove")).status_code == 404
    assert await office.rows("SELECT removed_at FROM team WHERE id = :id", id=theirs) == [(None,)]


@pytest.mark.parametrize("role", ["staff", "supervisor", "manager", "editor"])
async def test_nobody_else_keeps_teams(office, role):
    """A budget is raised by an admin, and not by whoever spends it."""
    await admin(office)
    browser, _ = await office.at_work("Sue", role)
    await browser.get("/console/me")
    answers = [
        await browser.get(ROOT),
        await browser.get(f"{ROOT}/1"),
        await browser.post(ROOT, name="Ours"),
        await browser.post(f"{ROOT}/1", name="North", per_month="9999"),
        await browser.post(f"{ROOT}/1/people", person="2", leaves="1"),
        await browser.post(f"{ROOT}/1/remove"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert await office.rows("SELECT team_id FROM staff_member WHERE name = 'Bo'") == [(1,)]
    assert await office.rows("SELECT name, per_month, removed_at FROM team") == [("North", None, None)]
