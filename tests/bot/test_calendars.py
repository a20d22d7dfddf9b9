"""What is done with a working calendar: refusals that change nothing, moves that clocks hear of, days that come."""

from datetime import date

import pytest

from bot import calendars
from recovery import written_calendars
from recovery.calendars import Hours
from recovery.written_calendars import CalendarInvalid
from storage.unit import Unit
from tests.bot.offices import Office

WHOLE_WEEK = {"zone": "UTC", "week": dict.fromkeys(written_calendars.WEEKDAYS, "24h")}
NOON = 1_772_452_800_000  # Monday, 2 March 2026
BO = "11"


@pytest.fixture
async def office(tmp_path):
    """Bo, two calendars, and a case that Bo has, by his own hours."""
    office = await Office.open(tmp_path / "makegood.db")
    for key in ("shop", "late"):
        await office.hours(key, WHOLE_WEEK)
    await office.hire("Bo", BO, calendar="shop")
    await office.complains("7")
    yield office
    await office.close()


async def test_clocks_hear_that_their_people_were_moved(office):
    """Their people work by other hours from that moment on."""

    def work(unit: Unit) -> None:
        calendars.move(unit, office.house, "shop", "late", "staff:9", office.clock.now())
        calendars.end(unit, office.house, "shop", "staff:9", office.clock.now())

    before = await office.hours_of_clocks()
    await office.run(work)

    assert (before, await office.hours_of_clocks()) == ({"1"}, {"2"})


async def test_what_is_refused_changes_nothing(office):
    """A calendar in use does not end, none covers up another, and nobody is moved to one that is not there."""
    now, house = office.clock.now(), office.house
    for refusal, work in (
        (calendars.InUse, lambda unit: calendars.end(unit, house, "shop", "me", now)),
        (calendars.NoSuchCalendar, lambda unit: calendars.end(unit, house, "gone", "me", now)),
        (calendars.KeyTaken, lambda unit: calendars.rename(unit, house, "shop", "late", "me", now)),
        (calendars.KeyUnfit, lambda unit: calendars.rename(unit, house, "shop", "Late!", "me", now)),
        (calendars.NoSuchCalendar, lambda unit: calendars.rename(unit, house, "gone", "back", "me", now)),
        (calendars.NoSuchCalendar, lambda unit: calendars.move(unit, house, "shop", "gone", "me", now)),
        (calendars.NoSuchCalendar, lambda unit: calendars.move(unit, house, "shop", "shop", "me", now)),
    ):
        with pytest.raises(refusal):
            await office.run(work)

    assert [one.key for one in await office.run(lambda unit: unit.calendars.listing(1))] == ["late", "shop"]
    assert (await office.member("Bo")).calendar == "shop"


def test_days_that_come_say_why_they_are_otherwise():
    """A closed day on which nobody would work anyway is nothing to wonder about."""
    fields = {"zone": "Asia/Shanghai", "week": {"mon": "09:00-17:00", "tue": "09:00-17:00"}}
    closed, special = ["2026-03-03", "2026-03-04"], {"2026-03-05": "10:00-12:00"}
    calendar = written_calendars.read({**fields, "closed": closed, "special": special})

    assert list(calendars.days_ahead(calendar, NOON, 4)) == [
        (date(2026, 3, 2), (Hours(540, 1020),), ""),
        (date(2026, 3, 3), (), "holiday"),
        (date(2026, 3, 4), (), ""),
        (date(2026, 3, 5), (Hours(600, 720),), "special"),
    ]


def test_a_calendar_that_soon_ends_is_refused_with_the_day():
    """A clock would never run out by it."""
    with pytest.raises(CalendarInvalid) as refused:
        calendars.checked({"zone": "UTC", "special": {"2026-03-05": "10:00-12:00"}}, NOON)
    [problem] = refused.value.problems

    assert (problem.field, problem.what.places["day"]) == ("week", "2026-03-05")


@pytest.mark.parametrize(
    ("country", "years", "field"),
    [
        ("Bavaria", "", "country"),
        ("XX", "", "country"),
        ("DE-QQ", "", "country"),
        ("DE", "26", "years"),
        ("DE", "2026-2206", "years"),
        ("DE", "2027-2026", "years"),
    ],
)
def test_public_holidays_that_nobody_knows_are_named(country, years, field):
    """With the field that is to be mended; how stands in the sentence."""
    with pytest.raises(calendars.NotUnderstood) as refused:
        calendars.with_holidays(written_calendars.read(WHOLE_WEEK), country, years, NOON)

    assert refused.value.field == field


def test_public_holidays_are_those_of_this_year_and_the_next():
    """Unless others are asked for: no clock runs into a year that nobody asked for."""
    found = calendars.with_holidays(written_calendars.read(WHOLE_WEEK), " de-by ", "", NOON).closed

    assert {day.year for day in found} == {2026, 2027}
    assert date(2026, 1, 6) in found
