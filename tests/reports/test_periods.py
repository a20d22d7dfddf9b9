"""Days as the business counts them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reports.periods import Period, date_of, day_of, day_on, last_days, split, start_of

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati"])
MOMENTS = st.integers(0, 4_000_000_000_000)


def ms(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp()) * 1000


def test_an_evening_abroad_belongs_to_the_business_day():
    """Half past eleven in London is tomorrow in Shanghai, and the shop is in Shanghai."""
    at = ms(2, 23, 30)

    assert date_of(day_of(at, "Asia/Shanghai")) == date(2026, 3, 3)
    assert date_of(day_of(at, "UTC")) == date(2026, 3, 2)


def test_the_day_on_which_the_clock_is_put_forward_is_one_day():
    """In Berlin the last Sunday of March has 23 hours."""
    first = start_of(day_on(date(2026, 3, 29)), "Europe/Berlin")
    after = start_of(day_on(date(2026, 3, 30)), "Europe/Berlin")

    assert after - first == 23 * 3_600_000
    assert {day_of(at, "Europe/Berlin") for at in (first, after - 1)} == {day_on(date(2026, 3, 29))}


@given(MOMENTS, ZONES)
def test_a_moment_lies_within_its_day(at: int, zone: str):
    """Whatever the zone does with its clock."""
    day = day_of(at, zone)

    assert start_of(day, zone) <= at < start_of(day + 1, zone)


@given(MOMENTS, ZONES)
def test_a_day_is_the_date_on_the_wall(at: int, zone: str):
    """As the standard library says it."""
    assert date_of(day_of(at, zone)) == datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone)).date()


def test_the_last_seven_days_end_today():
    """Today counts, as far as it went; the seven days before are the ones to compare with."""
    week = last_days(7, ms(10, 9), "UTC")

    assert (date_of(week.first), date_of(week.last)) == (date(2026, 3, 4), date(2026, 3, 10))
    assert week.before == Period(week.first - 7, week.first - 1)


@given(st.integers(0, 40_000), st.integers(0, 800), st.sampled_from(["day", "week", "month"]))
def test_the_pieces_of_a_period_are_all_of_it(first: int, more: int, step):
    """No day is in two pieces, none is left out."""
    period = Period(first, first + more)
    pieces = split(period, step)

    assert [day for piece in pieces for day in range(piece.first, piece.last + 1)] == list(
        range(period.first, period.last + 1)
    )


def test_weeks_begin_on_monday_and_months_on_the_first():
    """The outer pieces go only as far as the period."""
    period = Period(day_on(date(2026, 2, 25)), day_on(date(2026, 3, 10)))

    assert [(date_of(p.first).day, date_of(p.last).day) for p in split(period, "week")] == [(25, 1), (2, 8), (9, 10)]
    assert [(date_of(p.first).day, date_of(p.last).day) for p in split(period, "month")] == [(25, 28), (1, 10)]
