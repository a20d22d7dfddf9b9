"""The escalation ladder: who is told when a clock runs out, or when nobody answers, and who after them.

    rung   the person ── the next person ── the team ── the supervisor ── the manager
    when   warned        no answer          breached     breached + 1 h     breached + 4 h

A ladder is climbed for one clock, and everything on it is measured on that clock's dial, the time used: so nobody is
told outside working hours, nor while we wait for the customer, and a clock that was met climbs no further.

    its time    a rung is told when the dial reaches its own time, whether or not the one below has answered: an answer
                is not yet what the customer waits for
    silence     it is told sooner when nobody on the rung below has answered for as long as that rung's patience; a rung
                with `unanswered` has no other time
    in order    who looks late tells every rung that has come since, lowest first. None is passed over without a note:
                an empty one is silence without patience, so the next is told at once; who answered keeps the case
    the top     when the last one was told, everybody was: that is said once, and nothing is left to climb

Pure, as all of floor 2: whoever stands on a rung now comes from a function, which is asked only about a rung that is
to be told, for to find them may mean to choose among everybody; and telling them is somebody else's work.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from conversations.phrases import Phrase, phrase
from recovery.calendars import Calendar
from recovery.clocks import Clock, Target, used, uses_up_at, warned_after

VERSION: Final = 1

Who = Literal["person", "next_person", "team", "supervisor", "manager"]
When = Literal["started", "warned", "breached", "unanswered"]
Standing = Callable[[Who], tuple[int, ...]]
"""Who stands on a rung at this moment; nobody when it is empty."""


class Rung(msgspec.Struct, frozen=True, omit_defaults=True):
    """One rung: who is told, when by the clock's dial and how much later, and how long it may leave us unanswered."""

    who: Who
    when: When
    later: timedelta = timedelta(0)
    patience: timedelta = timedelta(minutes=15)


class Ladder(msgspec.Struct, frozen=True):
    """Rungs in order. Raises ValueError when there is none, or the first waits for an answer of nobody."""

    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        if not self.rungs or self.rungs[0].when == "unanswered":
            raise ValueError("a ladder begins with a rung that has a time of its own")

    def time(self, rung: int, target: Target) -> timedelta | None:
        """Return when a rung is told on the dial at the latest: its own time, or a higher rung's that comes sooner."""
        return min((at for each in self.rungs[rung:] if (at := _own_time(each, target)) is not None), default=None)


LADDER: Final = Ladder(
    (
        Rung("person", "warned"),
        Rung("next_person", "unanswered"),
        Rung("team", "breached"),
        Rung("supervisor", "breached", timedelta(hours=1)),
        Rung("manager", "breached", timedelta(hours=4)),
    )
)
"""What holds until somebody says otherwise."""

GRAVE_LADDER: Final = Ladder(
    (
        Rung("person", "started", patience=timedelta(minutes=5)),
        Rung("next_person", "unanswered", patience=timedelta(minutes=5)),
        Rung("supervisor", "warned"),
        Rung("team", "breached"),
        Rung("manager", "breached", timedelta(minutes=30)),
    )
)
"""For what is grave: somebody is told at once, and a supervisor before it is too late."""


class Climb(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far the ladder of one clock was climbed. `rung` is the next one; `silence_ends` is on the clock's dial.

    `silence_ends` is None while nobody is asked for an answer: not yet, or no more because somebody gave it.
    """

    rung: int = 0
    silence_ends: timedelta | None = None
    anybody: bool = False
    version: int = VERSION


class Tell(msgspec.Struct, frozen=True):
    """Tell these people. On the rung `next_person` the case becomes theirs."""

    who: Who
    people: tuple[int, ...]
    why: When


class PassOver(msgspec.Struct, frozen=True):
    """Note that a rung was not told: nobody stands on it, or another person was not needed or would come too late."""

    who: Who
    why: Literal["empty", "answered", "too_late"]


class EverybodyTold(msgspec.Struct, frozen=True):
    """Note that the ladder has no more rungs; `anybody` is False when all of them were empty."""

    anybody: bool


LadderEffect = Tell | PassOver | EverybodyTold


class LadderDecision(msgspec.Struct, frozen=True):
    """The climb that follows, what is to be done, in order, and when to look again (ms).

    `look_at` is None when only an event can change something: the clock is paused or done, or everybody was told.
    """

    climb: Climb
    effects: tuple[LadderEffect, ...] = ()
    look_at: int | None = None


def save(climb: Climb) -> str:
    """Return the climb as it is stored."""
    return msgspec.json.encode(climb).decode()


_decoder = msgspec.json.Decoder(Climb)


def load(stored: str) -> Climb:
    """Return the climb from what `save` made."""
    return _decoder.decode(stored)


def answered(climb: Climb) -> Climb:
    """Return the climb after somebody who was told said that they look at it: their silence counts no more."""
    return replace(climb, silence_ends=None)


def look(
    ladder: Ladder, climb: Climb, standing: Standing, clock: Clock, calendar: Calendar, now: int
) -> LadderDecision:
    """Return who is to be told now.

    Look whenever the clock has changed and at `look_at`; looking more often changes nothing.
    Raises NeverOpens when the calendar has no working time left for the next rung.
    """
    if clock.stage != "running":
        return LadderDecision(climb)
    dial = used(clock, calendar, now)
    effects: list[LadderEffect] = []
    while climb.rung < len(ladder.rungs):
        effect = _next(ladder, climb, standing, clock.target, dial)
        if effect is None:
            return LadderDecision(climb, tuple(effects), _look_at(ladder, climb, clock, calendar))
        effects.append(effect)
        climb = _climbed(ladder, climb, effect, dial)
    if effects:
        effects.append(EverybodyTold(climb.anybody))
    return LadderDecision(climb, tuple(effects))


def _next(ladder: Ladder, climb: Climb, standing: Standing, target: Target, dial: timedelta) -> Tell | PassOver | None:
    """Return what becomes of the next rung now; None when it has to wait."""
    rung, time = ladder.rungs[climb.rung], ladder.time(climb.rung, target)
    silent = climb.silence_ends is not None and dial >= climb.silence_ends
    if not silent and (time is None or dial < time):
        return None
    if not silent and rung.when == "unanswered":
        return PassOver(rung.who, "answered" if climb.silence_ends is None else "too_late")
    people = standing(rung.who)
    if not people:
        return PassOver(rung.who, "empty")
    own = _own_time(rung, target)
    return Tell(rung.who, people, "unanswered" if silent and (own is None or dial < own) else rung.when)


def _climbed(ladder: Ladder, climb: Climb, effect: Tell | PassOver, dial: timedelta) -> Climb:
    above = replace(climb, rung=climb.rung + 1)
    if isinstance(effect, Tell):
        return replace(above, silence_ends=dial + ladder.rungs[climb.rung].patience, anybody=True)
    return replace(above, silence_ends=dial) if effect.why == "empty" else above


def _look_at(ladder: Ladder, climb: Climb, clock: Clock, calendar: Calendar) -> int | None:
    times = (ladder.time(climb.rung, clock.target), climb.silence_ends)
    first = min((at for at in times if at is not None), default=None)
    return None if first is None else uses_up_at(clock, calendar, first)


def _own_time(rung: Rung, target: Target) -> timedelta | None:
    match rung.when:
        case "started":
            return rung.later
        case "warned":
            return warned_after(target) + rung.later
        case "breached":
            return target.allowed + rung.later
        case "unanswered":
            return None


# --- in words -------------------------------------------------------------------------------------------------------

_TOLD: Final[dict[When, Phrase]] = {
    "started": phrase("This is grave: please look at it now."),
    "warned": phrase("Time is running out: please look at it now."),
    "breached": phrase("The time for this is over, and the customer is still waiting."),
    "unanswered": phrase("Nobody has answered yet, so I am turning to you."),
}
_WHO: Final[dict[Who, Phrase]] = {
    "person": phrase("whoever has the case"),
    "next_person": phrase("another person"),
    "team": phrase("the whole team"),
    "supervisor": phrase("the supervisors"),
    "manager": phrase("the managers"),
}


def words(told: Tell) -> Phrase:
    """Return why these people are told, as they read it."""
    return _TOLD[told.why]


def note(effect: LadderEffect) -> Phrase:
    """Return what happened on the ladder, for the history of the case."""
    match effect:
        case Tell(who=who):
            return phrase("Told {who}.", who=_WHO[who])
        case PassOver(who=who, why="empty"):
            return phrase("Did not tell {who}: nobody is there.", who=_WHO[who])
        case PassOver(who=who, why="answered"):
            return phrase("Did not tell {who}: the one told before has answered.", who=_WHO[who])
        case PassOver(who=who):
            return phrase("Did not tell {who}: there was no time left to wait for an answer.", who=_WHO[who])
        case EverybodyTold(anybody=True):
            return phrase("Everybody has been told now; nobody is left to tell.")
        case EverybodyTold():
            return phrase("There was nobody to tell, from the first to the last.")
