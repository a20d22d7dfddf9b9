"""The team in the console: who is there, invitations that work, changes that hold at once, and whom it may not be."""

import pytest

from bot.console import people_file
from bot.phrases import say
from tests.bot.console.office import Office

NOBODY = people_file.Known((), (), ())


async def admin(office: Office):
    """An admin's browser, and a colleague of theirs with an open case."""
    browser, _ = await office.at_work("Mei", "admin")
    bo = await office.hire("Bo")
    return browser, bo


async def test_an_invitation_binds_a_chat(office):
    """Taken on in the console, at work in the chat."""
    browser, _ = await admin(office)
    await browser.get("/console/team")
    page = await browser.post("/console/team/invite", name="Ana Li", language="zh-Hans", role_staff="1")
    token = page.text.split("/c/")[1][:22]
    await office.world.receive(office.world.wrote("77", f"/start {token}"))

    assert await office.rows("SELECT roles, language FROM staff_member WHERE name = 'Ana Li'") == [("staff", "zh-Hans")]
    assert "Ana Li" in (await office.world.texts("77"))[0]


async def test_what_is_changed_holds_at_once(office):
    """Rights, team, skills, limits: at the next press, at the next choice."""
    browser, bo = await admin(office)
    now = office.world.clock.now()
    await office.world.run(lambda unit: unit.teams.add(1, "North", now))
    await browser.get(f"/console/team/people/{bo.id}")
    answer = await browser.post(
        f"/console/team/people/{bo.id}",
        role_staff="1",
        role_supervisor="1",
        team="North",
        skills="repair, heating",
        speaks="en zh-Hans",
        load_limit="7",
    )
    [row] = await office.rows(
        "SELECT roles, team_id, skills, speaks, load_limit FROM staff_member WHERE id = :id", id=bo.id
    )

    assert answer.headers["location"] == "/console/team?told=changed"
    assert row == ("staff,supervisor", 1, "repair,heating", "en,zh-Hans", 7)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"load_limit": "many"}, "whole number"),
        ({"role_staff": ""}, "at least one right"),
        ({"skills": "a/b"}, "Short names"),
        ({"team": "Nowhere"}, "does not fit any more"),
    ],
)
async def test_what_does_not_fit_is_told_and_nothing_changes(office, wrong, told):
    """On the same page, in words that say how to mend it."""
    browser, bo = await admin(office)
    await browser.get(f"/console/team/people/{bo.id}")
    page = await browser.post(f"/console/team/people/{bo.id}", **{"role_staff": "1", "load_limit": "9", **wrong})

    assert told in page.text
    assert await office.rows("SELECT load_limit, roles FROM staff_member WHERE id = :id", id=bo.id) == [(20, "staff")]


async def test_nobody_raises_their_own_limits_or_removes_themselves(office):
    """An admin who could would need no second pair of eyes, and the last one could lock everybody out."""
    browser, mei = await office.at_work("Mei", "admin")
    await browser.get("/console/team")
    for path in ("", "/remove"):
        answer = await browser.post(f"/console/team/people/{mei.id}{path}", role_manager="1", load_limit="9")
        assert answer.headers["location"] == "/console/team?told=yourself"

    assert await office.rows("SELECT roles, removed_at FROM staff_member WHERE id = :id", id=mei.id) == [
        ("admin", None)
    ]


async def test_whoever_is_removed_leaves_their_cases_to_others(office):
    """The question says how many, and afterwards each is somebody else's or everybody's."""
    browser, bo = await admin(office)
    await office.hire("Ana")
    await office.unhappy("7")
    await office.rows("UPDATE recovery_case SET owner_id = NULL, assignee_id = :bo", bo=bo.id)
    asked = (await browser.get(f"/console/team/people/{bo.id}/remove")).text
    await browser.get("/console/me")
    await browser.post(f"/console/team/people/{bo.id}/remove")

    assert "given to others: 1." in asked
    assert await office.rows("SELECT COUNT(*) FROM recovery_case WHERE assignee_id = :bo", bo=bo.id) == [(0,)]
    assert (await browser.get(f"/console/team/people/{bo.id}")).status_code == 404


async def test_thirty_people_are_looked_at_first_and_then_invited(office):
    """The first form changes nothing; the second takes all of them on, each with a code of their own to be printed."""
    browser, _ = await admin(office)
    table = "name;skills\n" + "\n".join(f"Person {number};repair" for number in range(30))
    await browser.get("/console/team/import")
    looked = await browser.post("/console/team/import", table=table)
    assert "People to invite: 30" in looked.text
    assert await office.rows("SELECT COUNT(*) FROM staff_member") == [(2,)]
    sheet = (await browser.post("/console/team/import", table=table, go="1")).text

    assert sheet.count("<article") == sheet.count('class="qr"') == 30
    assert len({part[:22] for part in sheet.split("/c/")[1:]}) == 30
    assert await office.rows("SELECT COUNT(*) FROM staff_member WHERE skills = 'repair'") == [(30,)]


async def test_a_table_with_a_mistake_takes_nobody_on(office):
    """Not even those whose lines are right: half a table is a riddle."""
    browser, _ = await admin(office)
    await browser.get("/console/team/import")
    page = await browser.post("/console/team/import", table="name,team\nAna,\nBo,\nEve,Nowhere", go="1")

    assert "Bo works here already." in page.text
    assert "There is no team Nowhere." in page.text
    assert await office.rows("SELECT COUNT(*) FROM staff_member") == [(2,)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "There is nothing in it."),
        ("title\nAna", "The first line names the columns; one of them must be: name"),
        ("name,colour\nAna,red", "The column colour is not known."),
        ("name,name\nAna,Bo", "The column name stands there twice."),
        ("name", "There is nobody below the first line."),
        ("name\n" + "x\n" * 201, "more than 200 people"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(text, told):
    """A pasted table is somebody's own; each mistake says what to write instead."""
    assert told in " ".join(say(each, "en") for each in people_file.read(text, NOBODY).mistakes)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("A/B;;;;;", "no slash"),
        ("Ana;boss;;;;", "boss is no right"),
        ("Ana;;fr;;;", "fr is no language of ours"),
        ("Ana;;;a,b;;", "skills: short names"),
        ("Ana;;;;0;", "load_limit is a whole number"),
        ("Ana;;;;;early", "There is no calendar early"),
        ("Ana;;;;;;;more", "more fields than columns"),
    ],
)
def test_each_mistake_is_named_on_its_line(line, told):
    """Thirty lines are mended quickly when each says what is wrong with it."""
    read = people_file.read(f"name;roles;language;skills;load_limit;calendar\n{line}", NOBODY)

    assert [told in say(each, "en") for each in read.lines[0].mistakes] == [True]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_is_read_whatever_parts_its_columns(sign):
    """As a spreadsheet copies it, or writes it in this country or that; with a mark at its beginning or without."""
    text = f"\ufeffName{sign}Load limit\r\nAna Li{sign}5\r\n\r\n"
    [line] = people_file.read(text, NOBODY).lines

    assert (line.number, line.said, line.mistakes) == (2, {"name": "Ana Li", "load_limit": "5"}, ())


async def test_a_supervisor_sees_their_own_team_and_changes_nobody(office):
    """Supervisors of a team see its people; those of the whole business, everybody."""
    browser, sue = await office.at_work("Sue", "supervisor")
    await office.hire("Bo")
    await office.hire("Ana")
    now = office.world.clock.now()
    await office.world.run(lambda unit: unit.teams.add(1, "North", now))
    await office.rows("UPDATE staff_member SET team_id = 1 WHERE name IN ('Sue', 'Bo')")
    page = (await browser.get("/console/team")).text

    assert ("Bo" in page, "Ana" in page, "Invite somebody" in page) == (True, False, False)
    assert (await browser.get(f"/console/team/people/{sue.id}")).status_code == 404
