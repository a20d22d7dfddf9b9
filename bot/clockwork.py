"""The clocks of a case in the turn: started, stopped, met; and the ladder climbed when they run out.

    opened, reopened            a clock for each target of the plan starts
    taken, written to, put right the clock for just that is met
    the customer was asked      what is still owed stands still until they answer, or were silent for too long
    handed on, graver, new hours what holds from now on

Everything is looked at together, at every event of the case and at each due row of the kind `clock`, which only says
that a moment has come: late, twice or for nothing is all the same. What is owed first climbs first: while the ladder
of an earlier clock is climbed a later one waits, so that nobody is told the same thing twice. A rung is told in the
transaction that writes down that it was.
"""

from collections.abc import Callable, Iterable
from datetime import time, timedelta
from functools import cache, lru_cache, partial
from typing import Final, NamedTuple, get_args

from bot import candidates, rungs
from bot.case_readers import holder
from bot.house import House
from bot.scene import Scene
from recovery import cases, clocks, ladders
from recovery.calendars import DAY, Calendar, Hours, always
from recovery.cases import CaseEvent
from recovery.clocks import Clock, ClockEvent, Owed, Target
from recovery.ladders import Climb, Ladder, LadderEffect
from storage.cases import Case
from storage.clocks import CaseClock
from storage.due import DueRow

CLOCK: Final = "clock"
"""Due rows: a moment at which a clock is to be looked at. The subject is the clock."""

_ORDER: Final[tuple[Owed, ...]] = get_args(Owed)
_STEPS: Final = frozenset({"apology", "repair", "empathy", "atonement"})
_SETTLED: Final = frozenset({"done", "not_needed", "confirmed"})
_MILLISECOND: Final = timedelta(milliseconds=1)

QUESTION_MARKS: Final = ("?", "？")

Events = Callable[[Clock], Iterable[ClockEvent]]


class Ticking(NamedTuple):
    """A clock of a case with its ladder, as they stand in the turn."""

    row: CaseClock
    clock: Clock
    climb: Climb
    calendar: Calendar


def case_changed(scene: Scene, before: cases.Case | None, case: Case, event: CaseEvent | None) -> None:
    """Let the clocks of a case hear what became of it. `before` is None for a case that was just opened."""
    if before is None or cases.load(case.state).reopened > before.reopened:
        _begin(scene, case)
        return
    _look(scene, case, _events_of(scene, case, event))


def asked_customer(scene: Scene, case: Case, words: str | None = None) -> None:
    """Let the clocks stand still: what comes next is the customer's to say. Of `words` only a question does that."""
    if words is None or any(mark in words for mark in QUESTION_MARKS):
        _look(scene, case, lambda _: [clocks.Paused()])


def customer_answered(scene: Scene, case: Case) -> None:
    """Let the clocks run again: the customer has said something."""
    _look(scene, case, lambda _: [clocks.Resumed()])


def look_again(scene: Scene, case: Case) -> None:
    """Look at the clocks of a case after somebody else has it, or other hours hold."""
    _look(scene, case, _events_of(scene, case, None))


def calendars_changed(scene: Scene) -> int:
    """Let all clocks that run hear that other hours hold; return of how many cases they are."""
    concerned = {row.case_id for row in scene.unit.clocks.of_open_cases(scene.house.brand)}
    for case_id in sorted(concerned):
        look_again(scene, scene.unit.cases.get(case_id))
    return len(concerned)


def is_climbing(scene: Scene, case: Case) -> bool:
    """Return whether the ladder of a clock that runs tells somebody yet, so that nobody else needs to."""
    alone = candidates.works_alone(scene.unit, scene.house.brand)
    running = (ticking for ticking in _ticking(scene, case) if ticking.clock.stage == "running")
    return any(_goes_on(scene, case, ticking, alone=alone) for ticking in running)


def fire(due: DueRow, scene: Scene) -> int | None:
    """Look at the clocks of a case because a moment has come that was asked for."""
    case = scene.unit.cases.get(scene.unit.clocks.get(due.subject).case_id)
    waits = scene.house.timing.waits // _MILLISECOND

    def events(clock: Clock) -> Iterable[ClockEvent]:
        if clock.stage == "paused" and scene.now >= clock.counted_at + waits:
            return [clocks.Resumed()]
        return [clocks.Woken()]

    _look(scene, case, events)
    return None


def targets_of(scene: Scene, case: Case) -> tuple[Target, ...]:
    """Return the targets of a case: those that its plan names, else the business's own."""
    plan = scene.house.shelved.book.plans.get(case.plan)
    return scene.house.timing.targets(plan.targets, case.severity, around_the_clock=plan.around_the_clock)


# --- starting, and what each event means -----------------------------------------------------------------------------


def _begin(scene: Scene, case: Case) -> None:
    """Start the clocks of a case; those of a case that is opened again begin anew."""
    key, calendar = _hours(scene, case)
    for target in targets_of(scene, case):
        clock = clocks.start(target, calendar, scene.now, key).clock
        due_at = clocks.due_at(clock, calendar)
        state, climb = clocks.save(clock), ladders.save(Climb())
        scene.unit.clocks.begin(case.id, target.owed, state, climb, clocks.standing(clock), due_at)
    _look(scene, case, _events_of(scene, case, None), opening=True)


def _events_of(scene: Scene, case: Case, event: CaseEvent | None) -> Events:
    """Return what an event of the case is to each of its clocks."""
    stand = cases.load(case.state)
    hours = cache(partial(_hours, scene, case))

    def events(clock: Clock) -> Iterable[ClockEvent]:
        if _is_met(clock.target.owed, stand, event) or _is_taken(scene, case, clock.target.owed):
            return [clocks.Met()]
        told: list[ClockEvent] = []
        target = next((each for each in targets_of(scene, case) if each.owed == clock.target.owed), clock.target)
        if target != clock.target:
            told.append(clocks.TargetChanged(target))
        key, calendar = hours()
        if key != clock.calendar:
            told.append(clocks.CalendarChanged(key, calendar))
        if isinstance(event, cases.CustomerWrote):
            told.append(clocks.Resumed())
        return told or [clocks.Woken()]

    return events


def _is_met(owed: Owed, stand: cases.Case, event: CaseEvent | None) -> bool:
    if stand.stage in ("resolved", "settled", "closed"):
        return True
    return stand.owner is not None if owed == "acknowledge" else owed == "first_contact" and _is_contact(event)


def _is_taken(scene: Scene, case: Case, owed: Owed) -> bool:
    """Return whether a step of the plan was taken, or found not needed."""
    steps = scene.unit.case_steps.of(case.id) if owed in _STEPS else []
    return any(step.step == owed and step.how in _SETTLED for step in steps)


def _is_contact(event: CaseEvent | None) -> bool:
    return isinstance(event, cases.Wrote)


# --- looking ---------------------------------------------------------------------------------------------------------


def _look(scene: Scene, case: Case, events: Events, *, opening: bool = False) -> None:
    """Give each clock its events, climb what is to be climbed, write all of it down, and then tell whom it says."""
    still_ticking = _ticking(scene, case)
    if not still_ticking:
        return
    told: list[tuple[Ticking, LadderEffect]] = []
    blocked, looked_after = False, _is_looked_after(scene, case)
    alone = candidates.works_alone(scene.unit, scene.house.brand)
    for ticking in still_ticking:
        ticking = _advanced(scene, case, ticking, events(ticking.clock))
        if looked_after:
            ticking = ticking._replace(climb=ladders.answered(ticking.climb))
        if not blocked:
            ticking, effects = _climbed(scene, case, ticking, alone=alone)
            told += [(ticking, effect) for effect in effects]
        blocked = blocked or (ticking.clock.stage != "done" and _goes_on(scene, case, ticking, alone=alone))
        _save(scene, ticking)
    heard: set[int] = set()
    for ticking, effect in told:
        case = rungs.carry_out(scene, case, ticking.clock, ticking.calendar, effect, heard, opening=opening)


def _is_looked_after(scene: Scene, case: Case) -> bool:
    """Return whether somebody who is there has taken the case: nobody has to answer for them."""
    return case.owner_id is not None and scene.unit.staff.get(case.owner_id).away_at is None


def _ticking(scene: Scene, case: Case) -> list[Ticking]:
    """Return the clocks of a case that still tick, what is owed first before the others."""
    rows = scene.unit.clocks.of(case.id)
    loaded = [(row, clocks.load(row.state)) for row in rows]
    return [
        Ticking(row, clock, ladders.load(row.climb), _kept_hours(scene, clock.calendar))
        for row, clock in sorted(loaded, key=lambda each: _ORDER.index(each[1].target.owed))
        if clock.stage != "done"
    ]


def _advanced(scene: Scene, case: Case, ticking: Ticking, events: Iterable[ClockEvent]) -> Ticking:
    for event in events:
        decision = clocks.advance(ticking.clock, event, ticking.calendar, scene.now)
        if isinstance(event, clocks.CalendarChanged):
            ticking = ticking._replace(calendar=event.calendar)
        ticking = ticking._replace(clock=decision.clock)
        for effect in decision.effects:
            if isinstance(effect, clocks.RecordBreach):
                rungs.note(scene, case, "Breached", ticking.clock.target.owed, effect.at)
            elif isinstance(effect, clocks.Wake):
                _plan(scene, ticking.row, effect.at)
        if isinstance(event, clocks.Paused) and ticking.clock.stage == "paused":
            _plan(scene, ticking.row, ticking.clock.counted_at + scene.house.timing.waits // _MILLISECOND)
    return ticking


def _climbed(scene: Scene, case: Case, ticking: Ticking, *, alone: bool) -> tuple[Ticking, tuple[LadderEffect, ...]]:
    """Return how far the ladder is climbed now."""
    ladder = _ladder(scene, case, ticking.clock, alone=alone)
    standing = partial(rungs.standing, scene, case)
    decision = ladders.look(ladder, ticking.climb, standing, ticking.clock, ticking.calendar, scene.now)
    if decision.look_at is not None:
        _plan(scene, ticking.row, decision.look_at)
    return ticking._replace(climb=decision.climb), decision.effects


def _goes_on(scene: Scene, case: Case, ticking: Ticking, *, alone: bool) -> bool:
    """Return whether somebody is still to be told on the ladder of a clock."""
    return ticking.climb.rung < len(_ladder(scene, case, ticking.clock, alone=alone).rungs)


def _ladder(scene: Scene, case: Case, clock: Clock, *, alone: bool) -> Ladder:
    return scene.house.timing.ladder(clock.target.owed, case.severity, alone=alone)


def _save(scene: Scene, ticking: Ticking) -> None:
    clock = ticking.clock
    standing = clocks.standing(clock)
    due_at = clocks.due_at(clock, ticking.calendar) if clock.stage == "running" else None
    state, climb = clocks.save(clock), ladders.save(ticking.climb)
    if (state, climb) != (ticking.row.state, ticking.row.climb):
        scene.unit.clocks.save(ticking.row.id, state=state, climb=climb, standing=standing, due_at=due_at)


def _plan(scene: Scene, row: CaseClock, at: int) -> None:
    scene.out.plan(CLOCK, row.id, f"{CLOCK}:{row.id}:{at}", at, scene.house.brand)


# --- by which hours ---------------------------------------------------------------------------------------------------


def _hours(scene: Scene, case: Case) -> tuple[str, Calendar]:
    """Return the working hours that a case's clocks run by: those of whoever has it, else its team's, else ours."""
    member_id = holder(case)
    member = None if member_id is None else scene.unit.staff.get(member_id)
    team_id = member.team_id if member is not None and member.team_id is not None else case.team_id
    team = None if team_id is None else scene.unit.teams.get(team_id)
    key = (member.calendar if member is not None else None) or (team.calendar if team is not None else None)
    stored = None if key is None else scene.unit.calendars.by_key(scene.house.brand, key)
    if stored is None:
        return "", waking_hours(scene.house)
    return str(stored.id), candidates.calendar_of(stored.written)


def _kept_hours(scene: Scene, key: str) -> Calendar:
    """Return the hours that a clock has run by: an edition of a calendar, or our waking hours."""
    return candidates.calendar_of(scene.unit.calendars.get(int(key)).written) if key else waking_hours(scene.house)


def waking_hours(house: House) -> Calendar:
    """Return when people are awake: outside of the quiet hours, every day, by the business's clock."""
    return _waking(house.zone, house.rules.quiet_until, house.rules.quiet_from)


@lru_cache(maxsize=64)
def _waking(zone: str, opens: time, closes: time) -> Calendar:
    begins, ends = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    if begins == ends:
        return always(zone)
    day = (Hours(begins, ends if ends > begins else ends + DAY),)
    return Calendar(zone, (day, day, day, day, day, day, day))
