"""Claims about SLA clocks: a table of every stage and event, and what holds whatever happens."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from recovery import calendars, clocks
from recovery.calendars import Calendar, NeverOpens, always, office
from recovery.clocks import (
    TARGETS,
    CalendarChanged,
    Clock,
    ClockEffect,
    ClockEvent,
    Met,
    Paused,
    RecordBreach,
    Resumed,
    Target,
    TargetChanged,
    Wake,
    Warn,
    Woken,
    advance,
    due_at,
    load,
    save,
    standing,
    start,
    used,
    warn_at,
    warned_after,
)
from tests.recovery.calendar_cases import at
from tests.recovery.test_calendars import CLOSED_ALWAYS, HOUR, MINUTE

NINE = at("2026-03-02 09:00 +01:00")
BERLIN = office("Europe/Berlin")
FOUR_HOURS = Target("resolve", timedelta(hours=4))
EIGHT_HOURS = Target("resolve", timedelta(hours=8))
ONE_HOUR = Target("resolve", timedelta(hours=1))


def ran(*steps: tuple[ClockEvent, int], target: Target = FOUR_HOURS, calendar: Calendar = BERLIN) -> Clock:
    """A clock from Monday at nine, after events so many minutes later."""
    clock = start(target, calendar, NINE).clock
    for event, minutes in steps:
        clock = advance(clock, event, calendar, NINE + minutes * MINUTE).clock
    return clock


# --- the table ------------------------------------------------------------------------------------------------------

RUNNING = ran()
WARNED = ran((Woken(), 180))
PAUSED = ran((Paused(), 60))
MET = ran((Met(), 60))
BREACHED = ran((Woken(), 5 * 60))
LATE = ran((Woken(), 5 * 60), (Met(), 6 * 60))

TABLE: list[tuple[Clock, ClockEvent, int, str, str]] = [
    (RUNNING, Woken(), 120, "running", "wake"),
    (RUNNING, Woken(), 240, "running", "warn wake"),
    (RUNNING, Woken(), 300, "breached", "breach"),
    (RUNNING, Paused(), 120, "paused", ""),
    (RUNNING, Resumed(), 120, "running", "wake"),
    (RUNNING, Met(), 120, "met", ""),
    (RUNNING, Met(), 300, "breached", "breach"),
    (RUNNING, TargetChanged(EIGHT_HOURS), 120, "running", "wake"),
    (RUNNING, TargetChanged(ONE_HOUR), 120, "breached", "breach"),
    (RUNNING, CalendarChanged("nights", always()), 120, "running", "wake"),
    (WARNED, Woken(), 200, "running", "wake"),
    (WARNED, Paused(), 200, "paused", ""),
    (WARNED, TargetChanged(EIGHT_HOURS), 250, "running", "wake"),
    (PAUSED, Woken(), 600, "paused", ""),
    (PAUSED, Paused(), 600, "paused", ""),
    (PAUSED, Resumed(), 600, "running", "wake"),
    (PAUSED, Met(), 600, "met", ""),
    (PAUSED, TargetChanged(EIGHT_HOURS), 600, "paused", ""),
    (PAUSED, TargetChanged(ONE_HOUR), 600, "breached", "breach"),
    (PAUSED, CalendarChanged("nights", always()), 600, "paused", ""),
    (MET, Woken(), 600, "met", ""),
    (MET, Paused(), 600, "met", ""),
    (MET, Resumed(), 600, "met", ""),
    (MET, Met(), 600, "met", ""),
    (MET, TargetChanged(ONE_HOUR), 600, "met", ""),
    (MET, CalendarChanged("nights", always()), 600, "met", ""),
    (BREACHED, Woken(), 600, "breached", ""),
    (BREACHED, Paused(), 600, "breached", ""),
    (BREACHED, Resumed(), 600, "breached", ""),
    (BREACHED, Met(), 600, "breached", ""),
    (BREACHED, TargetChanged(EIGHT_HOURS), 600, "breached", ""),
    (BREACHED, CalendarChanged("nights", always()), 600, "breached", ""),
    (LATE, Met(), 600, "breached", ""),
]


def in_short(effect: ClockEffect) -> str:
    return {Warn: "warn", RecordBreach: "breach", Wake: "wake"}[type(effect)]


@pytest.mark.parametrize(("clock", "event", "minutes", "stands", "effects"), TABLE)
def test_a_clock_goes_where_the_table_says(clock: Clock, event: ClockEvent, minutes: int, stands: str, effects: str):
    """The picture at the top of the module, in full."""
    decision = advance(clock, event, BERLIN, NINE + minutes * MINUTE)

    assert standing(decision.clock) == stands
    assert " ".join(in_short(effect) for effect in decision.effects) == effects


def test_the_table_forgets_no_event():
    """An event that nobody thought of would meet a clock all the same."""
    running = {type(event) for clock, event, *_ in TABLE if clock == RUNNING}

    assert running == {Paused, Resumed, Met, TargetChanged, CalendarChanged, Woken}


# --- moments --------------------------------------------------------------------------------------------------------


def test_a_clock_warns_after_three_quarters_and_breaches_after_all_of_it():
    """The lunch break between them belongs to neither."""
    assert warn_at(RUNNING, BERLIN) == at("2026-03-02 12:00 +01:00")
    assert due_at(RUNNING, BERLIN) == at("2026-03-02 14:00 +01:00")


def test_around_the_clock_nights_count():
    """Something grave is owed at night too."""
    clock = ran(target=Target("first_contact", timedelta(hours=24), around_the_clock=True))

    assert due_at(clock, BERLIN) == NINE + 24 * HOUR
    assert used(clock, BERLIN, NINE + 10 * HOUR) == timedelta(hours=10)


def test_a_breach_happened_when_it_happened():
    """After three days without a process the report still says when the customer was let down."""
    decision = advance(RUNNING, Woken(), BERLIN, NINE + 72 * HOUR)

    assert decision.effects == (RecordBreach(at("2026-03-02 14:00 +01:00")),)
    assert due_at(decision.clock, BERLIN) == at("2026-03-02 14:00 +01:00")


def test_what_is_done_at_the_very_moment_is_too_late():
    """Whichever is looked at first, the wake or the word, the answer is the same."""
    due = at("2026-03-02 14:00 +01:00")
    woken_first = advance(advance(RUNNING, Woken(), BERLIN, due).clock, Met(), BERLIN, due).clock
    done_first = advance(advance(RUNNING, Met(), BERLIN, due).clock, Woken(), BERLIN, due).clock

    assert standing(woken_first) == standing(done_first) == "breached"
    assert woken_first == done_first
    assert standing(advance(RUNNING, Met(), BERLIN, due - 1).clock) == "met"


def test_a_late_clock_runs_on_until_its_target_is_met():
    """How late the customer was heard is a figure that reports need."""
    assert used(BREACHED, BERLIN, NINE + 6 * HOUR) == timedelta(hours=5)
    assert used(LATE, BERLIN, NINE + 600 * HOUR) == timedelta(hours=5)


def test_a_pause_takes_no_time():
    """We wait for the customer; nobody is late."""
    clock = ran((Paused(), 60), (Resumed(), 120))

    assert used(clock, BERLIN, NINE + 3 * HOUR) == timedelta(hours=2)
    assert due_at(PAUSED, BERLIN) is None


def test_a_longer_target_warns_anew():
    """The first warning was about a moment that no longer matters."""
    longer = advance(WARNED, TargetChanged(EIGHT_HOURS), BERLIN, NINE + 3 * HOUR).clock

    assert WARNED.warned_at is not None
    assert longer.warned_at is None
    assert warn_at(longer, BERLIN) == at("2026-03-02 16:00 +01:00")


def test_a_shorter_target_is_breached_by_the_change():
    """Nobody was late before it was said that the matter is grave."""
    decision = advance(RUNNING, TargetChanged(ONE_HOUR), BERLIN, NINE + 2 * HOUR)

    assert decision.effects == (RecordBreach(NINE + 2 * HOUR),)


def test_a_target_changed_after_the_breach_does_not_undo_it():
    """Else a report could be mended by moving the target."""
    changed = advance(RUNNING, TargetChanged(EIGHT_HOURS), BERLIN, NINE + 6 * HOUR).clock

    assert standing(changed) == "breached"
    assert changed.breached_at == at("2026-03-02 14:00 +01:00")


def test_a_changed_calendar_leaves_the_time_used_and_counts_on_by_itself():
    """The lunch break was free under the old calendar; the evening counts under the new one."""
    decision = advance(RUNNING, CalendarChanged("around", always()), BERLIN, at("2026-03-02 13:00 +01:00"))

    assert (decision.clock.used, decision.clock.calendar) == (timedelta(hours=3), "around")
    assert due_at(decision.clock, always()) == at("2026-03-02 14:00 +01:00")
    assert in_short(decision.effects[0]) == "warn"


def test_events_of_one_moment_count_in_the_order_given():
    """Between them no time passes, so only the last stage matters."""
    there_and_back = ran((Paused(), 60), (Resumed(), 60))
    back_first = ran((Resumed(), 60), (Paused(), 60))

    assert (there_and_back.stage, back_first.stage) == ("running", "paused")
    assert there_and_back.used == back_first.used == timedelta(hours=1)


def test_an_event_from_before_the_last_one_takes_no_time_back():
    """The machine's clock may be set back; the customer's patience is not."""
    clock = advance(PAUSED, Resumed(), BERLIN, NINE - HOUR).clock

    assert (clock.used, clock.counted_at) == (PAUSED.used, PAUSED.counted_at)


def test_a_clock_without_working_time_is_refused():
    """It would never be due."""
    with pytest.raises(NeverOpens):
        start(FOUR_HOURS, CLOSED_ALWAYS, NINE)


def test_a_target_can_be_met_though_its_calendar_was_emptied():
    """Somebody closed the shop for good; the work that was done counts all the same."""
    assert standing(advance(RUNNING, Met(), CLOSED_ALWAYS, NINE + HOUR).clock) == "met"


@pytest.mark.parametrize(("allowed", "share"), [(0, 0.75), (-1, 0.75), (1, 1.1), (1, -0.1)])
def test_an_impossible_target_is_refused(allowed: int, share: float):
    """No time at all would be breached before anybody could read of it."""
    with pytest.raises(ValueError, match="allows some time"):
        Target("resolve", timedelta(hours=allowed), warn_share=share)


def test_the_targets_come_one_after_the_other():
    """To take it, to write, to put it right."""
    assert [target.owed for target in TARGETS] == ["acknowledge", "first_contact", "resolve"]
    assert [target.allowed for target in TARGETS] == sorted(target.allowed for target in TARGETS)


# --- laws -----------------------------------------------------------------------------------------------------------

CALENDARS = st.sampled_from([BERLIN, always(), office("Australia/Lord_Howe"), office("America/New_York")])
SPANS = st.integers(1, 30 * 60).map(lambda minutes: timedelta(minutes=minutes))
TARGETS_DRAWN = st.builds(Target, st.just("resolve"), SPANS, st.booleans(), st.floats(0, 1))
EVENTS: st.SearchStrategy[ClockEvent] = st.one_of(
    st.just(Paused()),
    st.just(Resumed()),
    st.just(Met()),
    st.just(Woken()),
    st.builds(TargetChanged, TARGETS_DRAWN),
    st.builds(CalendarChanged, st.just("other"), CALENDARS),
)
STEPS = st.lists(st.tuples(EVENTS, st.integers(0, 40 * 60)), max_size=8)


def lived(target: Target, calendar: Calendar, steps: list[tuple[ClockEvent, int]]) -> list[tuple[Clock, Calendar, int]]:
    """A clock after each of its events, with the calendar it runs by and the moment."""
    now, clock = NINE, start(target, calendar, NINE).clock
    story = [(clock, calendar, now)]
    for event, minutes in steps:
        now += minutes * MINUTE
        clock = advance(clock, event, calendar, now).clock
        calendar = event.calendar if isinstance(event, CalendarChanged) else calendar
        story.append((clock, calendar, now))
    return story


@given(TARGETS_DRAWN, CALENDARS, STEPS)
def test_a_saved_clock_reads_back_equal(target: Target, calendar: Calendar, steps: list[tuple[ClockEvent, int]]):
    """It is stored after every turn."""
    for clock, _, _ in lived(target, calendar, steps):
        assert load(save(clock)) == clock


@given(TARGETS_DRAWN, CALENDARS, STEPS)
def test_used_time_only_grows(target: Target, calendar: Calendar, steps: list[tuple[ClockEvent, int]]):
    """No event gives time back, whatever it changes."""
    dial = [used(clock, calendar, now) for clock, calendar, now in lived(target, calendar, steps)]

    assert dial == sorted(dial)


@given(TARGETS_DRAWN, CALENDARS, STEPS)
def test_a_breach_stays(target: Target, calendar: Calendar, steps: list[tuple[ClockEvent, int]]):
    """Its moment is a fact, and never in the future."""
    story = lived(target, calendar, steps)
    moments = [clock.breached_at for clock, _, _ in story]

    assert len(set(moments) - {None}) <= 1
    assert moments == sorted(moments, key=lambda at: at is not None)
    assert all(clock.breached_at is None or clock.breached_at <= now for clock, _, now in story)


@given(CALENDARS, st.lists(st.tuples(st.sampled_from([Paused(), Resumed(), Woken()]), st.integers(0, 40 * 60))))
def test_used_time_never_exceeds_the_working_time_between(calendar: Calendar, steps: list[tuple[ClockEvent, int]]):
    """A clock may lose time to pauses and never finds any."""
    for clock, _, now in lived(FOUR_HOURS, calendar, steps):
        assert used(clock, calendar, now) <= calendars.time_between(calendar, NINE, now)


@given(TARGETS_DRAWN, CALENDARS, st.integers(0, 40 * 60), st.integers(0, 40 * 60))
def test_a_pause_never_brings_a_breach_nearer(target: Target, calendar: Calendar, pause: int, wait: int):
    """Asking the customer back is never punished."""
    clock = start(target, calendar, NINE).clock
    paused = advance(clock, Paused(), calendar, NINE + pause * MINUTE).clock
    resumed = advance(paused, Resumed(), calendar, NINE + (pause + wait) * MINUTE).clock
    before, after = due_at(clock, calendar), due_at(resumed, calendar)

    assert before is not None
    assert after is not None
    assert after >= before


@given(TARGETS_DRAWN, CALENDARS)
def test_the_breach_is_where_the_calendar_adds_the_target(target: Target, calendar: Calendar):
    """One reckoning for the promise and for the clock."""
    clock = start(target, calendar, NINE).clock
    by = always() if target.around_the_clock else calendar

    assert due_at(clock, calendar) == calendars.add(by, NINE, target.allowed)
    assert warn_at(clock, calendar) == calendars.add(by, NINE, warned_after(target))


@given(TARGETS_DRAWN, CALENDARS, STEPS, st.integers(0, 40 * 60), st.integers(1, 3))
def test_wakes_late_or_repeated_change_nothing(
    target: Target, calendar: Calendar, steps: list[tuple[ClockEvent, int]], later: int, times: int
):
    """After one wake a second at the same moment finds nothing to say."""
    clock, calendar, now = lived(target, calendar, steps)[-1]
    woken = advance(clock, Woken(), calendar, now + later * MINUTE).clock
    for _ in range(times):
        again = advance(woken, Woken(), calendar, now + later * MINUTE)

        assert again.clock == woken
        assert {type(effect) for effect in again.effects} <= {Wake}


@given(TARGETS_DRAWN, CALENDARS, STEPS, st.integers(0, 40 * 60))
def test_a_wake_that_was_missed_tells_the_same_breach(
    target: Target, calendar: Calendar, steps: list[tuple[ClockEvent, int]], later: int
):
    """Who wakes a clock at every moment it asks for, and who looks once at the end, know the same."""
    clock, calendar, now = lived(target, calendar, steps)[-1]
    end, punctual = now + later * MINUTE, clock
    while wakes := [e.at for e in advance(punctual, Woken(), calendar, now).effects if isinstance(e, Wake)]:
        if not now <= wakes[0] <= end or wakes[0] == now:
            break
        now = wakes[0]
        punctual = advance(punctual, Woken(), calendar, now).clock
    punctual = advance(punctual, Woken(), calendar, end).clock
    once = advance(clock, Woken(), calendar, end).clock

    assert punctual.breached_at == once.breached_at
    assert replace(punctual, warned_at=None) == replace(once, warned_at=None)


def test_a_stored_clock_of_version_1_is_read():
    """As it lies in databases; a change of it needs a new version and a reader for this one."""
    stored = (
        '{"target":{"owed":"resolve","allowed":"PT14400S"},"started_at":1772438400000,"counted_at":1772442000000,'
        '"stage":"paused","used":"PT3600S"}'
    )

    assert load(stored) == PAUSED
    assert save(PAUSED) == stored
    assert clocks.VERSION == 1
