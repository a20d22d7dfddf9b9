"""Which backups stay: enough to go back a week by days and a month by weeks, on a machine that was off as well."""

from hypothesis import given
from hypothesis import strategies as st

from bot.backups.rotation import outdated, surplus

HOUR = 3_600_000
DAY = 24 * HOUR
MONDAY = 1_767_571_200_000
"""2026-01-05, a Monday, 00:00 UTC."""


def test_of_a_day_the_last_stays():
    """Ten copies of one afternoon say less than one of each day."""
    day = [MONDAY + hour * HOUR for hour in (1, 9, 17)]

    assert outdated(day, keep_daily=7, keep_weekly=0) == day[:2]


def test_a_year_of_days_leaves_a_week_of_days_and_a_month_of_weeks():
    """What the settings say, counted on the calendar: the week that is not over has its day among the seven."""
    year = [MONDAY + number * DAY for number in range(363)]
    kept = sorted(set(year) - set(outdated(year, keep_daily=7, keep_weekly=4)))

    sundays = [each for each in year if (each - MONDAY) // DAY % 7 == 6][-3:]
    assert kept == sorted({*year[-7:], *sundays[:-1], year[-1], *[s for s in sundays if s < year[-7]]} | {year[-1]})


def test_days_are_counted_that_have_a_backup():
    """After a month switched off the seven of before are still there, and not rotated away at the first start."""
    before = [MONDAY + number * DAY for number in range(7)]
    after = MONDAY + 60 * DAY

    assert outdated([*before, after], keep_daily=7, keep_weekly=0) == before[:1]


def test_a_number_keeps_the_newest():
    """For a disk that holds so many and no more; one always stays."""
    assert surplus([1, 3, 2], keep=2) == [1]
    assert surplus([1, 2], keep=5) == []


@given(
    st.lists(st.integers(MONDAY, MONDAY + 400 * DAY), min_size=1, max_size=60, unique=True),
    st.integers(1, 9),
    st.integers(0, 9),
)
def test_rotating_is_done_at_once_and_never_takes_the_newest(moments, daily, weekly):
    """A second look removes nothing more: rotation is a rule about what is there, not about when it looks."""
    gone = outdated(moments, daily, weekly)
    kept = sorted(set(moments) - set(gone))

    assert max(moments) in kept
    assert outdated(kept, daily, weekly) == []
    assert len(kept) <= daily + weekly + 1
