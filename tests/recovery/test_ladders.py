"""Claims about the escalation ladder: who is told, when, and that nobody is passed over without a note."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import ladders
from recovery.calendars import always, office
from recovery.clocks import Clock, Met, Paused, Resumed, Target, advance, start
from recovery.ladders import (
    GRAVE_LADDER,
    LADDER,
    Climb,
    EverybodyTold,
    Ladder,
    LadderEffect,
    PassOver,
    Rung,
    Standing,
    Tell,
    Who,
    answered,
    load,
    look,
    note,
    save,
    words,
)
from tests.recovery.calendar_cases import at
from tests.recovery.test_calendars import HOUR, MINUTE

NINE = at("2026-03-02 09:00 +01:00")
ROUND_THE_CLOCK = always()
BERLIN = office("Europe/Berlin")
TARGET = Target("first_contact", timedelta(hours=1))
CLOCK = start(TARGET, ROUND_THE_CLOCK, NINE).clock
ANA, BO, CY, DI, EL = 1, 2, 3, 4, 5
PEOPLE: dict[Who, tuple[int, ...]] = {
    "person": (ANA,),
    "next_person": (BO,),
    "team": (ANA, BO, CY),
    "supervisor": (DI,),
    "manager": (EL,),
}


def standing(people: Mapping[Who, tuple[int, ...]]) -> Standing:
    """Return who stands on each rung, all day long."""
    return lambda who: people.get(who, ())


def in_short(effect: LadderEffect) -> str:
    match effect:
        case Tell(who=who, why=why):
            return f"{who}: {why}"
        case PassOver(who=who, why=why):
            return f"{who} passed over: {why}"
        case EverybodyTold(anybody=anybody):
            return "everybody told" if anybody else "nobody there"


def climbed(
    minutes: list[int],
    *,
    ladder: Ladder = LADDER,
    people: Mapping[Who, tuple[int, ...]] = PEOPLE,
    clock: Clock = CLOCK,
    answers: tuple[int, ...] = (),
) -> list[str]:
    """What was told at each of these minutes; in `answers` somebody answers just after the look."""
    climb, story = Climb(), []
    for minute in minutes:
        decision = look(ladder, climb, standing(people), clock, ROUND_THE_CLOCK, NINE + minute * MINUTE)
        climb = answered(decision.climb) if minute in answers else decision.climb
        story += [f"{minute} {in_short(effect)}" for effect in decision.effects]
    return story


# --- how it is climbed ----------------------------------------------------------------------------------------------


def test_where_nobody_answers_each_rung_is_told_at_its_time():
    """Warned after 45 minutes of 60, the next person after 15 more; then the team, and the others by their time."""
    assert climbed(list(range(400))) == [
        "45 person: warned",
        "60 next_person: unanswered",
        "60 team: breached",
        "75 supervisor: unanswered",
        "90 manager: unanswered",
        "90 everybody told",
    ]


def test_who_answers_stops_the_silence_but_not_the_clock():
    """An answer is not yet what the customer waits for: a rung whose own time comes is told all the same."""
    assert climbed(list(range(400)), answers=(45, 60, 120)) == [
        "45 person: warned",
        "60 next_person passed over: answered",
        "60 team: breached",
        "120 supervisor: breached",
        "300 manager: breached",
        "300 everybody told",
    ]


def test_an_unanswered_case_moves_to_the_next_person():
    """In a grave matter that takes five minutes."""
    assert climbed(list(range(11)), ladder=GRAVE_LADDER, answers=(5,)) == [
        "0 person: started",
        "5 next_person: unanswered",
    ]


def test_an_empty_rung_is_noted_and_the_next_is_told_at_once():
    """On a Sunday there may be neither a second person nor a team; the supervisor need not wait for that."""
    people: dict[Who, tuple[int, ...]] = {"person": (ANA,), "supervisor": (DI,), "manager": (EL,)}

    assert climbed(list(range(76)), people=people) == [
        "45 person: warned",
        "60 next_person passed over: empty",
        "60 team passed over: empty",
        "60 supervisor: unanswered",
        "75 manager: unanswered",
        "75 everybody told",
    ]


def test_a_ladder_without_anybody_says_so():
    """The worst that can be found out is that nobody was told, and silence would hide it."""
    assert climbed([44, 45, 46], people={}) == [
        "45 person passed over: empty",
        "45 next_person passed over: empty",
        "45 team passed over: empty",
        "45 supervisor passed over: empty",
        "45 manager passed over: empty",
        "45 nobody there",
    ]


def test_who_looks_late_tells_every_rung_that_has_come():
    """After a night without a process nobody is spared the news, and the lowest hear it first."""
    assert climbed([600]) == [
        "600 person: warned",
        "600 next_person passed over: too_late",
        "600 team: breached",
        "600 supervisor: breached",
        "600 manager: breached",
        "600 everybody told",
    ]


def test_nobody_is_told_while_we_wait_for_the_customer():
    """The ladder reads the clock's dial, which stands still."""
    paused = advance(CLOCK, Paused(), ROUND_THE_CLOCK, NINE + 30 * MINUTE).clock
    decision = look(LADDER, Climb(), standing(PEOPLE), paused, ROUND_THE_CLOCK, NINE + 500 * MINUTE)
    resumed = advance(paused, Resumed(), ROUND_THE_CLOCK, NINE + 500 * MINUTE).clock
    after = look(LADDER, Climb(), standing(PEOPLE), resumed, ROUND_THE_CLOCK, NINE + 500 * MINUTE)

    assert (decision.effects, decision.look_at) == ((), None)
    assert (after.effects, after.look_at) == ((), NINE + 515 * MINUTE)


def test_a_clock_that_was_met_climbs_no_further():
    """Whoever did it in time hears nothing more of it."""
    met = advance(CLOCK, Met(), ROUND_THE_CLOCK, NINE + 50 * MINUTE).clock

    assert climbed([60, 500], clock=met) == []


def test_silence_outside_working_hours_is_none():
    """Told five minutes before the day ends, a person has until the next morning."""
    clock = start(TARGET, BERLIN, at("2026-03-02 17:10 +01:00")).clock
    told = look(LADDER, Climb(), standing(PEOPLE), clock, BERLIN, at("2026-03-02 17:55 +01:00"))

    assert [in_short(effect) for effect in told.effects] == ["person: warned"]
    assert told.look_at == at("2026-03-03 09:10 +01:00")
    assert look(LADDER, told.climb, standing(PEOPLE), clock, BERLIN, at("2026-03-03 03:00 +01:00")).effects == ()


def test_a_higher_rung_whose_time_comes_sooner_takes_the_lower_one_along():
    """A ladder that somebody wrote in a strange order still leaves nobody out."""
    ladder = Ladder((Rung("person", "breached", timedelta(hours=5)), Rung("team", "warned")))

    assert climbed([44, 45], ladder=ladder) == ["45 person: breached", "45 team: warned", "45 everybody told"]


@pytest.mark.parametrize("rungs", [(), (Rung("person", "unanswered"),)])
def test_a_ladder_needs_a_first_rung_that_will_come(rungs: tuple[Rung, ...]):
    """It would never be climbed."""
    with pytest.raises(ValueError, match="time of its own"):
        Ladder(rungs)


# --- laws -----------------------------------------------------------------------------------------------------------

LADDERS = st.sampled_from([LADDER, GRAVE_LADDER])
CROWDS = st.fixed_dictionaries({who: st.sampled_from([(), people]) for who, people in PEOPLE.items()})
LOOKS = st.lists(st.tuples(st.integers(0, 120), st.booleans()), max_size=12)


@given(LADDERS, CROWDS, LOOKS)
def test_every_rung_is_told_or_noted_once_and_in_order(
    ladder: Ladder, people: dict[Who, tuple[int, ...]], looks: list[tuple[int, bool]]
):
    """However late one looks and whoever answers; at the end everybody was told."""
    climb, now, effects = Climb(), NINE, list[LadderEffect]()
    for minutes, answers in [*looks, (10_000, False)]:
        now += minutes * MINUTE
        decision = look(ladder, climb, standing(people), CLOCK, ROUND_THE_CLOCK, now)
        climb = answered(decision.climb) if answers else decision.climb
        effects += decision.effects

    *rungs, last = effects
    assert [effect.who for effect in rungs if not isinstance(effect, EverybodyTold)] == [r.who for r in ladder.rungs]
    assert last == EverybodyTold(any(isinstance(effect, Tell) for effect in rungs))


@given(LADDERS, CROWDS, LOOKS)
def test_looking_twice_tells_nobody_twice(
    ladder: Ladder, people: dict[Who, tuple[int, ...]], looks: list[tuple[int, bool]]
):
    """A wake may come late, twice or for nothing."""
    climb, now = Climb(), NINE
    for minutes, _ in looks:
        now += minutes * MINUTE
        first = look(ladder, climb, standing(people), CLOCK, ROUND_THE_CLOCK, now)
        again = look(ladder, first.climb, standing(people), CLOCK, ROUND_THE_CLOCK, now)
        climb = first.climb

        assert (again.climb, again.effects, again.look_at) == (first.climb, (), first.look_at)


@given(LADDERS, CROWDS, st.booleans())
def test_at_the_moment_it_asks_for_there_is_something_to_say(
    ladder: Ladder, people: dict[Who, tuple[int, ...]], answers: bool
):
    """Looking a moment sooner is for nothing, and a moment later is late."""
    climb, now, looks = Climb(), NINE, 0
    decision = look(ladder, climb, standing(people), CLOCK, ROUND_THE_CLOCK, now)
    while decision.look_at is not None and looks < 20:
        climb = answered(decision.climb) if answers else decision.climb
        if answers:
            decision = look(ladder, climb, standing(people), CLOCK, ROUND_THE_CLOCK, now)
        assert decision.look_at is not None
        now, looks = decision.look_at, looks + 1

        assert look(ladder, climb, standing(people), CLOCK, ROUND_THE_CLOCK, now - 1).effects == ()
        decision = look(ladder, climb, standing(people), CLOCK, ROUND_THE_CLOCK, now)
        assert decision.effects != ()
    assert decision.climb.rung == len(ladder.rungs)


@given(LADDERS, CROWDS, LOOKS)
def test_a_saved_climb_reads_back_equal(
    ladder: Ladder, people: dict[Who, tuple[int, ...]], looks: list[tuple[int, bool]]
):
    """It is stored after every look."""
    climb, now = Climb(), NINE
    for minutes, answers in looks:
        now += minutes * MINUTE
        climb = look(ladder, climb, standing(people), CLOCK, ROUND_THE_CLOCK, now).climb
        climb = answered(climb) if answers else climb

        assert load(save(climb)) == climb


def test_a_stored_climb_of_version_1_is_read():
    """As it lies in databases; a change of it needs a new version and a reader for this one."""
    stored = '{"rung":2,"silence_ends":"PT3600S","anybody":true}'

    assert load(stored) == Climb(rung=2, silence_ends=timedelta(hours=1), anybody=True)
    assert save(load(stored)) == stored
    assert ladders.VERSION == 1


def test_everything_on_the_ladder_has_its_words():
    """Whoever is told reads why, and the history says what happened."""
    told = [Tell("person", (ANA,), why) for why in ("started", "warned", "breached", "unanswered")]
    passed = [PassOver("team", why) for why in ("empty", "answered", "too_late")]
    happened: list[LadderEffect] = [told[0], *passed, EverybodyTold(True), EverybodyTold(False)]
    noted = [note(effect).sentence for effect in happened]

    assert len({words(effect).sentence for effect in told}) == len(told)
    assert len(set(noted)) == len(noted)


def test_a_night_of_looks_costs_nothing():
    """An hour of the clock is an hour of the ladder, on whatever day."""
    late = look(LADDER, Climb(), standing(PEOPLE), CLOCK, ROUND_THE_CLOCK, NINE + 44 * MINUTE)

    assert (late.effects, late.look_at) == ((), NINE + HOUR - 15 * MINUTE)
