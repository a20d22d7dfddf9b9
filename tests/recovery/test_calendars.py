"""Claims about working calendars: the table of cases, the laws, and a slow counter that reckons otherwise."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recovery import calendars
from recovery.calendars import DAY, LONGEST_CLOSED, Calendar, Hours, NeverOpens, Shifts, always, office
from recovery.clocks import Paused, Resumed, Target, advance, due_at, start
from tests.recovery.calendar_cases import BEGIN, CASES, END, PAGE, Case, at, table

MINUTE = 60_000
HOUR = 60 * MINUTE
LEAD = 6 * 60
"""Minutes that the slow counter looks back for the latest time shown: longer than any clock goes back."""

MONDAY_NOON = at("2026-03-02 12:00 +00:00")
CLOSED_ALWAYS = Calendar("Europe/Berlin", ((), (), (), (), (), (), ()))

NIGHTS_OF_CHANGE = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "Pacific/Chatham": (date(2026, 4, 5), date(2026, 9, 27)),
    "Africa/Casablanca": (date(2026, 2, 15), date(2026, 3, 22)),
    "America/Santiago": (date(2026, 4, 5), date(2026, 9, 6)),
    "Pacific/Apia": (date(2011, 12, 30), date(2011, 4, 2)),
    "Asia/Shanghai": (date(2026, 2, 17),),
}


# --- the table ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_what_the_table_says_comes_out(case: Case):
    """The page is read by whoever sets a target; what it says must be so."""
    target = Target("resolve", case.worked)
    clock = start(target, case.calendar, at(case.start)).clock
    if case.waited:
        asked, answered = case.waited
        clock = advance(clock, Paused(), case.calendar, at(asked)).clock
        clock = advance(clock, Resumed(), case.calendar, at(answered)).clock

    assert due_at(clock, case.calendar) == at(case.end)


@pytest.mark.parametrize("case", [case for case in CASES if not case.waited], ids=lambda case: case.says)
def test_counting_agrees_with_adding(case: Case):
    """Reports count the time that clocks promised; two ways of reckoning would be two truths."""
    assert calendars.time_between(case.calendar, at(case.start), at(case.end)) == case.worked


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_the_cases_name_real_times_on_the_wall(case: Case):
    """A time with another distance from UTC than the place has would prove something about nowhere."""
    place = ZoneInfo(case.where)
    walls = (case.start, case.end, *(case.waited or ()))
    said = [datetime.strptime(wall, "%Y-%m-%d %H:%M %z") for wall in walls]

    assert [moment.astimezone(place).utcoffset() for moment in said] == [moment.utcoffset() for moment in said]


def test_the_page_shows_the_cases(root: Path, accept: bool):
    """A table that nobody holds to the cases lies after the first change."""
    page = root / PAGE
    text = page.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    fresh = f"{before}{BEGIN}\n{table()}\n{END}{after}"
    if accept:
        page.write_text(fresh, "utf-8")

    assert accept or text == fresh


def test_no_case_is_told_twice():
    """Each row says something of its own."""
    assert len({case.says for case in CASES}) == len(CASES)


# --- a slow counter -------------------------------------------------------------------------------------------------


def open_minutes(calendar: Calendar, since: int, minutes: int) -> list[bool]:
    """For each minute whether people are at work, by walking through time with an eye on the wall.

    It knows no stretches: it remembers the latest time that the wall has shown, and looks whether some day's hours
    hold that. So an hour shown twice belongs to the first time, and one never shown to nobody.
    """
    place, latest, seen = ZoneInfo(calendar.zone), datetime.min, []  # noqa: DTZ901 - a time on a wall has no zone
    for moment in range(since - LEAD * MINUTE, since + minutes * MINUTE, MINUTE):
        wall = datetime.fromtimestamp(moment // 1000, UTC).astimezone(place).replace(tzinfo=None)
        latest = max(latest, wall)
        seen.append(moment >= since and _within(calendar, latest))
    return seen[LEAD:]


def _within(calendar: Calendar, wall: datetime) -> bool:
    minute = wall.hour * 60 + wall.minute
    today = any(hours.opens <= minute < hours.closes for hours in calendar.on(wall.date()))
    yesterday = calendar.on(wall.date() - timedelta(days=1))
    return today or any(hours.opens <= minute + DAY < hours.closes for hours in yesterday)


few = settings(max_examples=40)
"""Drawing a calendar takes longer than reckoning by it."""


@st.composite
def days_of_work(draw: st.DrawFn) -> Shifts:
    """The stretches of a day, of which the last may end on the next one."""
    edges = sorted(draw(st.lists(st.integers(0, DAY - 1), max_size=6, unique=True)))
    shifts = [Hours(opens, closes) for opens, closes in pairwise(edges)][::2]
    if len(edges) % 2:
        shifts.append(Hours(edges[-1], edges[-1] + draw(st.integers(1, DAY))))
    return tuple(shifts)


@st.composite
def calendars_and_moments(draw: st.DrawFn) -> tuple[Calendar, int]:
    """A calendar and a moment within three days of a night in which clocks change there."""
    zone = draw(st.sampled_from(sorted(NIGHTS_OF_CHANGE)))
    night = draw(st.sampled_from(NIGHTS_OF_CHANGE[zone]))
    near = st.integers(-3, 3).map(lambda days: night + timedelta(days=days))
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (draw(days_of_work()) for _ in range(7))
    calendar = Calendar(
        zone,
        (monday, tuesday, wednesday, thursday, friday, saturday, sunday),
        closed=draw(st.frozensets(near, max_size=2)),
        special=draw(st.dictionaries(near, days_of_work(), max_size=2)),
    )
    midnight = datetime(night.year, night.month, night.day, tzinfo=UTC)
    return calendar, int(midnight.timestamp()) * 1000 + draw(st.integers(-3 * DAY, 2 * DAY)) * MINUTE


@settings(max_examples=80)
@given(calendars_and_moments(), st.integers(0, 2 * DAY))
def test_working_time_is_what_a_slow_counter_counts(drawn: tuple[Calendar, int], minutes: int):
    """The reckoning by stretches and the walk through every minute share no line."""
    calendar, since = drawn
    counted = sum(open_minutes(calendar, since, minutes)) * timedelta(minutes=1)

    assert calendars.time_between(calendar, since, since + minutes * MINUTE) == counted


@few
@given(calendars_and_moments(), st.integers(1, 20 * 60))
def test_adding_ends_where_a_slow_counter_has_counted_as_much(drawn: tuple[Calendar, int], minutes: int):
    """A breach is told at the first moment at which the time is used up."""
    calendar, since = drawn
    counted, reached = 0, None
    for minute, is_open in enumerate(open_minutes(calendar, since, 2 * DAY)):
        counted += is_open
        if counted == minutes:
            reached = since + (minute + 1) * MINUTE
            break
    if reached is not None:
        assert calendars.add(calendar, since, timedelta(minutes=minutes)) == reached


@few
@given(calendars_and_moments())
def test_it_is_open_in_the_minutes_that_a_slow_counter_finds(drawn: tuple[Calendar, int]):
    """Who is at work now decides who gets the case."""
    calendar, since = drawn
    by_counter = open_minutes(calendar, since, DAY)

    assert [calendars.is_open(calendar, since + minute * MINUTE) for minute in range(0, DAY, 7)] == by_counter[::7]


# --- laws -----------------------------------------------------------------------------------------------------------


@few
@given(calendars_and_moments(), st.integers(0, 10_000_000))
@example((office("Europe/Berlin"), MONDAY_NOON), 1)
def test_as_much_as_was_added_lies_between(drawn: tuple[Calendar, int], ms: int):
    """Adding and counting are each other's proof, to the millisecond."""
    calendar, since = drawn
    span = timedelta(milliseconds=ms)
    try:
        end = calendars.add(calendar, since, span)
    except NeverOpens:
        assert calendars.time_between(calendar, since, since + 400 * 24 * HOUR) < span
        return

    assert calendars.time_between(calendar, since, end) == span
    assert ms == 0 or calendars.time_between(calendar, since, end - 1) == span - timedelta(milliseconds=1)


@few
@given(calendars_and_moments(), st.integers(0, DAY * MINUTE), st.integers(0, DAY * MINUTE))
def test_time_may_be_counted_in_parts(drawn: tuple[Calendar, int], first: int, second: int):
    """A clock that is paused and resumed counts in parts; nothing may get lost at the seam."""
    calendar, since = drawn
    middle, end = since + first, since + first + second
    parts = calendars.time_between(calendar, since, middle) + calendars.time_between(calendar, middle, end)

    assert parts == calendars.time_between(calendar, since, end)


@few
@given(calendars_and_moments())
def test_it_opens_where_it_is_open_and_was_not_before(drawn: tuple[Calendar, int]):
    """Whoever is told "from nine o'clock" finds somebody at nine o'clock."""
    calendar, since = drawn
    opens = calendars.opens_at(calendar, since)

    assert opens is None or (calendars.is_open(calendar, opens) and opens >= since)
    assert opens is None or calendars.time_between(calendar, since, opens) == timedelta(0)


def test_time_does_not_go_backwards():
    """Events may come in another order than they happened."""
    assert calendars.time_between(always(), MONDAY_NOON, MONDAY_NOON - HOUR) == timedelta(0)


def test_nothing_added_is_the_moment_itself():
    """A moment in the night stays; only work moves it to the morning."""
    night = at("2026-03-02 03:00 +01:00")

    assert calendars.add(office("Europe/Berlin"), night, timedelta(0)) == night


def test_working_time_is_not_taken_back():
    """A span below nothing is a mistake of whoever asks."""
    with pytest.raises(ValueError, match="only goes forwards"):
        calendars.add(always(), MONDAY_NOON, timedelta(milliseconds=-1))


# --- what never opens -----------------------------------------------------------------------------------------------


def test_a_calendar_without_hours_never_opens():
    """Nobody is on duty first, and the search for them ends."""
    assert calendars.opens_at(CLOSED_ALWAYS, MONDAY_NOON) is None
    assert not calendars.is_open(CLOSED_ALWAYS, MONDAY_NOON)
    assert calendars.time_between(CLOSED_ALWAYS, MONDAY_NOON, MONDAY_NOON + 1000 * HOUR) == timedelta(0)


def test_time_that_never_comes_is_refused_by_name():
    """A clock without end would never be breached, and the customer never heard."""
    with pytest.raises(NeverOpens, match=f"no working time for {LONGEST_CLOSED} days after 2026-03-02"):
        calendars.add(CLOSED_ALWAYS, MONDAY_NOON, timedelta(hours=1))


def test_the_last_special_day_is_not_lost():
    """A fair that opens on three days a year still has working time."""
    fair = Calendar("Europe/Berlin", CLOSED_ALWAYS.week, special={date(2026, 12, 24): (Hours(600, 660),)})

    assert calendars.opens_at(fair, MONDAY_NOON) == at("2026-12-24 10:00 +01:00")
    with pytest.raises(NeverOpens):
        calendars.add(fair, MONDAY_NOON, timedelta(hours=2))


@pytest.mark.parametrize("far", ["0001-01-02 00:00 +00:00", "9999-12-30 00:00 +00:00"])
def test_the_ends_of_the_calendar_are_no_accident(far: str):
    """A wrong year in somebody's event must not stop a turn with an error of ours."""
    assert calendars.time_between(always(), at(far), at(far) + HOUR) <= timedelta(hours=1)


@pytest.mark.parametrize(
    "shifts",
    [
        (Hours(600, 720), Hours(700, 800)),
        (Hours(700, 800), Hours(600, 650)),
        (Hours(600, 600),),
        (Hours(600, 600 + DAY + 1),),
        (Hours(-1, 60),),
        (Hours(DAY, DAY + 1),),
    ],
)
def test_a_day_of_overlapping_or_impossible_hours_is_refused(shifts: Shifts):
    """Time counted twice would bring a breach too early."""
    with pytest.raises(ValueError, match="in order, without overlap"):
        Calendar("Europe/Berlin", (shifts, (), (), (), (), (), ()))


def test_an_unknown_zone_is_named():
    """Whoever wrote it sees what to write instead."""
    with pytest.raises(ValueError, match=r"Mars.*Europe/Berlin"):
        always("Mars")
