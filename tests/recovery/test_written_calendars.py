"""Claims about calendars as people write them, and about the world's public holidays."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from recovery.calendars import DAY, Calendar, Hours, Shifts, always, office
from recovery.public_holidays import PublicHolidays, public_holidays, with_holidays
from recovery.written_calendars import CalendarInvalid, in_words, load, read, save, shifts_in
from tests.recovery.test_calendars import calendars_and_moments, days_of_work, few

MORNING, AFTERNOON = Hours(9 * 60, 12 * 60), Hours(13 * 60, 17 * 60)


@pytest.mark.parametrize(
    ("words", "shifts"),
    [
        ("09:00-12:00, 13:00-17:00", (MORNING, AFTERNOON)),
        ("13:00-17:00; 9:00 – 12:00", (MORNING, AFTERNOON)),
        ("９：００－１２：００、１３：００～１７：００", (MORNING, AFTERNOON)),
        ("22:00-06:00", (Hours(22 * 60, 30 * 60),)),
        ("18:00-24:00", (Hours(18 * 60, DAY),)),
        ("18:00-00:00", (Hours(18 * 60, DAY),)),
        ("00:00-00:00", (Hours(0, DAY),)),
        ("24h", (Hours(0, DAY),)),
        ("closed", ()),
        (" ", ()),
    ],
)
def test_hours_are_read_as_people_write_them(words: str, shifts: Shifts):
    """A form that knows one spelling teaches people to leave it empty."""
    assert shifts_in(words) == shifts


@pytest.mark.parametrize("words", ["9-17", "09:00", "09:60-10:00", "24:00-25:00", "09:00-12:00,", "mornings"])
def test_what_cannot_be_read_is_not_guessed(words: str):
    """A guess would be seen on the day on which nobody was told."""
    assert shifts_in(words) is None


@given(days_of_work())
def test_hours_in_words_are_read_back_equal(shifts: Shifts):
    """What the form shows is what it stores."""
    assert shifts_in(in_words(shifts)) == shifts


@few
@given(calendars_and_moments())
def test_a_saved_calendar_reads_back_equal(drawn: tuple[Calendar, int]):
    """A calendar that changes in the store moves every clock."""
    calendar, _ = drawn
    if any(calendar.week) or any(calendar.special.values()):
        assert load(save(calendar)) == calendar


def test_a_calendar_is_stored_in_words():
    """Version 1 as it lies in databases; a change of it needs a new version and a reader for this one."""
    calendar = read({"zone": "Asia/Shanghai", "week": {"sat": "22:00-06:00"}, "closed": ["2026-10-02", "2026-10-01"]})

    assert save(calendar) == (
        '{"zone":"Asia/Shanghai","week":{"sat":"22:00-06:00"},"closed":["2026-10-01","2026-10-02"],"special":{},'
        '"version":1}'
    )


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"zone": "Mars", "week": {"mon": "24h"}}, ["zone"]),
        ({"zone": "", "week": {"mon": "24h"}}, ["zone"]),
        ({"zone": "UTC", "week": {"monday": "24h"}}, ["week.monday"]),
        ({"zone": "UTC", "week": {"mon": "nine to five"}}, ["week.mon"]),
        ({"zone": "UTC", "week": {"mon": "09:00-12:00, 11:00-13:00"}}, ["week.mon"]),
        ({"zone": "UTC", "week": {"mon": "24h"}, "closed": ["2026-12-25", "Christmas"]}, ["closed[1]"]),
        ({"zone": "UTC", "week": {"mon": "24h"}, "closed": ["20261225"]}, ["closed[0]"]),
        ({"zone": "UTC", "week": {"mon": "24h"}, "special": {"2026-02-30": "24h"}}, ["special.2026-02-30"]),
        ({"zone": "UTC", "special": {"2026-02-03": "9"}}, ["special.2026-02-03"]),
        ({"zone": "UTC"}, ["week"]),
        ({"zone": "UTC", "week": {"mon": "closed"}}, ["week"]),
        ({"zone": "UTC", "week": {"mon": "24h"}, "version": 2}, ["version"]),
        ({"zone": "UTC", "week": {"mon": 24}}, ["week[...]"]),
        ({"week": {"mon": "24h"}}, [""]),
        ({"zone": "UTC", "weak": {}}, [""]),
        ({"zone": "Mars", "week": {"mo": "9"}, "closed": ["?"]}, ["zone", "week.mo", "week.mo", "closed[0]"]),
    ],
)
def test_each_problem_names_its_field(fields: dict[str, Any], named: list[str]):
    """Whoever fills in the form mends all of it at once, and knows where."""
    with pytest.raises(CalendarInvalid) as refused:
        read(fields)

    assert [problem.field for problem in refused.value.problems] == named
    assert all(problem.what.sentence and problem.mend.sentence for problem in refused.value.problems)


# --- public holidays ------------------------------------------------------------------------------------------------


def test_a_part_of_a_country_has_holidays_of_its_own():
    """Epiphany is a day off in Munich, and none in Hamburg."""
    epiphany = date(2026, 1, 6)

    assert epiphany in public_holidays("DE", "BY", [2026]).closed
    assert epiphany not in public_holidays("DE", "HH", [2026]).closed


def test_only_the_years_that_were_asked_for_come():
    """The package knows worked weekends of other years too."""
    found = public_holidays("CN", None, [2026, 2025])

    assert {day.year for day in found.closed | found.worked} <= {2025, 2026}


@pytest.mark.parametrize(("country", "part"), [("XX", None), ("de", None), ("DE", "XX")])
def test_an_unknown_country_or_part_is_named(country: str, part: str | None):
    """A calendar without the holidays that somebody believes in would breach on them."""
    with pytest.raises(ValueError, match="use codes such as DE"):
        public_holidays(country, part, [2026])


def test_a_weekend_worked_instead_gets_ordinary_hours():
    """In China a Saturday pays for a bridge; on it customers wait as on any other day."""
    saturday, holiday = date(2026, 2, 14), date(2026, 2, 17)
    calendar = with_holidays(office("Asia/Shanghai"), public_holidays("CN", None, [2026]))

    assert calendar.on(saturday) == office("Asia/Shanghai").week[0]
    assert calendar.on(holiday) == ()


def test_a_special_day_outweighs_the_law():
    """Whoever opens on a holiday on purpose has written it down."""
    holiday = date(2026, 10, 3)
    calendar = Calendar("Europe/Berlin", always().week, special={holiday: (MORNING,)})

    assert with_holidays(calendar, PublicHolidays(frozenset({holiday}))).on(holiday) == (MORNING,)
