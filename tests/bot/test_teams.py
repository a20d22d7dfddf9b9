"""What is done with a team: clocks hear of other hours, and what is refused changes nothing."""

import pytest

from bot import calendars, teams
from recovery import written_calendars
from tests.bot.offices import Office

WHOLE_WEEK = {"zone": "UTC", "week": dict.fromkeys(written_calendars.WEEKDAYS, "24h")}


@pytest.fixture
async def office(tmp_path):
    """Bo in the team North, which works around the clock, and a case that Bo has."""
    office = await Office.open(tmp_path / "makegood.db")
    for key in ("shop", "late"):
        await office.hours(key, WHOLE_WEEK)
    north = await office.team("North", "shop")
    await office.hire("Bo", "11", team_id=north.id)
    await office.complains("7")
    yield office
    await office.close()


async def test_clocks_go_on_by_the_hours_of_a_changed_team(office):
    """And by the waking hours once it is removed."""
    now, house = office.clock.now(), office.house
    [north] = await office.run(lambda unit: unit.teams.listing(1))
    found = [await office.hours_of_clocks()]
    await office.run(lambda unit: teams.change(unit, house, north, {"calendar": "late"}, "me", now))
    found.append(await office.hours_of_clocks())
    [north] = await office.run(lambda unit: unit.teams.listing(1))
    left, _ = await office.run(lambda unit: teams.end(unit, house, north, "me", now))
    found.append(await office.hours_of_clocks())

    assert found == [{"1"}, {"2"}, {""}]
    assert ([member.name for member in left.people], left.cases) == (["Bo"], 1)


async def test_a_team_that_ended_comes_back_with_its_past(office):
    """Its name is its own; what it may give is said anew."""
    now, house = office.clock.now(), office.house
    [north] = await office.run(lambda unit: unit.teams.listing(1))
    await office.run(lambda unit: teams.end(unit, house, north, "me", now))
    back, _ = await office.run(lambda unit: teams.make(unit, house, "North", {"calendar": None}, "me", now))

    assert (back.id, back.calendar) == (north.id, None)


async def test_what_is_refused_changes_nothing(office):
    """Neither a name that fits nobody, nor another's, nor hours that there are not."""
    now, house = office.clock.now(), office.house
    south = await office.team("South")
    gone = await office.team("Gone")
    await office.run(lambda unit: teams.end(unit, house, gone, "me", now))
    for refusal, changes in (
        (teams.NameUnfit, {"name": ""}),
        (teams.NameUnfit, {"name": "a/b"}),
        (teams.NameTaken, {"name": "North"}),
        (teams.NameWasTaken, {"name": "Gone"}),
        (calendars.NoSuchCalendar, {"calendar": "gone"}),
    ):
        with pytest.raises(refusal):
            await office.run(lambda unit, changes=changes: teams.change(unit, house, south, changes, "me", now))
    with pytest.raises(teams.NameTaken):
        await office.run(lambda unit: teams.make(unit, house, "South", {}, "me", now))

    assert await office.run(lambda unit: unit.teams.get(south.id)) == south


async def test_pages_that_are_open_hear_of_every_change(office):
    """Also of one that no clock has to do with: a name, a budget."""
    now, house = office.clock.now(), office.house
    [north] = await office.run(lambda unit: unit.teams.listing(1))
    _, named = await office.run(lambda unit: teams.change(unit, house, north, {"name": "Nord"}, "me", now))
    _, moved = await office.run(lambda unit: teams.change(unit, house, north, {"calendar": "late"}, "me", now))

    assert "staff" in named.touched & moved.touched
