"""SLA clocks: the time used against one target, in working time, without the time in which we wait for the customer.

    start ──> running ── Paused, TargetChanged, CalendarChanged ──> paused or running, with the time used so far
              paused ─── Resumed ──> running
              running, paused ── Met ──> done: within the target *met*, else *breached*
              running ── Woken ──> running, warned once before the breach; breached once when the target is used up
              done, and whatever does not fit ──> unchanged

One dial, `used`: it only goes forwards, it stands still while paused and outside working hours, and everything is said
of it. Warned is a share of the target, breached the whole of it: *within* two hours is over when two hours are used,
whatever else comes at that very moment. A breach happened when it happened, not when somebody looked; it stays, but
the clock runs on until its target is met, because a late first contact is still owed, and how late it was counts.

    target changed    the time used stays. A longer target warns anew; what was breached stays breached; a target that
                      is shorter than the time used is breached by the change, at its moment
    calendar changed  the time used up to the change stays as the old calendar counted it; the new one counts from there
    equal moments     events of one moment are taken in the order given and no time passes between them; a breach
                      that falls on it comes first
    clock set back    an event from before the last one counts as one at its moment

Nothing needs cancelling: a wake that comes late, twice or for nothing is compared with the state and changes nothing.
"""

from datetime import timedelta
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from recovery import calendars
from recovery.calendars import Calendar

VERSION: Final = 1
WARN_SHARE: Final = 0.75

_MILLISECOND: Final = timedelta(milliseconds=1)

Owed = Literal["acknowledge", "first_contact", "apology", "repair", "empathy", "atonement", "resolve"]
"""What a target is for: that somebody takes the case, that the customer hears from a person, that it is put right; in
between the steps to which a plan gives a time of their own."""

Stage = Literal["running", "paused", "done"]
Standing = Literal["running", "paused", "met", "breached"]


class Target(msgspec.Struct, frozen=True, omit_defaults=True):
    """The time allowed for one thing, and the share of it, from 0 to 1, after which we warn.

    Raises ValueError when no time is allowed, or the share is outside of 0 to 1.
    """

    owed: Owed
    allowed: timedelta
    around_the_clock: bool = False
    warn_share: float = WARN_SHARE

    def __post_init__(self) -> None:
        if self.allowed < _MILLISECOND or not 0 <= self.warn_share <= 1:
            raise ValueError(f"a target allows some time and warns after a share from 0 to 1, not {self}")


TARGETS: Final = (
    Target("acknowledge", timedelta(minutes=15)),
    Target("first_contact", timedelta(hours=1)),
    Target("resolve", timedelta(hours=16)),
)
"""What holds until somebody says otherwise: two working days to put it right."""


class Clock(msgspec.Struct, frozen=True, omit_defaults=True):
    """A clock. `used` is the time used at `counted_at`, its last event; `calendar` is the key of the one it runs by."""

    target: Target
    started_at: int
    counted_at: int
    calendar: str = ""
    stage: Stage = "running"
    used: timedelta = timedelta(0)
    warned_at: int | None = None
    breached_at: int | None = None
    version: int = VERSION


class Paused(msgspec.Struct, frozen=True):
    """We wait for the customer."""


class Resumed(msgspec.Struct, frozen=True):
    """The customer answered, or there is no more reason to wait."""


class Met(msgspec.Struct, frozen=True):
    """What the target is for was done, in time or late."""


class TargetChanged(msgspec.Struct, frozen=True):
    """Another target holds from now on, as when a case turns out to be grave."""

    target: Target


class CalendarChanged(msgspec.Struct, frozen=True):
    """Another calendar, kept under `key`, holds from now on; or another edition of the same one."""

    key: str
    calendar: Calendar


class Woken(msgspec.Struct, frozen=True):
    """A moment has come that was asked for."""


ClockEvent = Paused | Resumed | Met | TargetChanged | CalendarChanged | Woken


class Warn(msgspec.Struct, frozen=True):
    """Warn whoever has it: the target will be breached at `due_at`."""

    due_at: int


class RecordBreach(msgspec.Struct, frozen=True):
    """The target was breached at that moment."""

    at: int


class Wake(msgspec.Struct, frozen=True):
    """Wake the clock at that moment."""

    at: int


ClockEffect = Warn | RecordBreach | Wake


class ClockDecision(msgspec.Struct, frozen=True):
    """The clock that follows, and what is to be done, in order."""

    clock: Clock
    effects: tuple[ClockEffect, ...] = ()


def save(clock: Clock) -> str:
    """Return the clock as it is stored."""
    return msgspec.json.encode(clock).decode()


_decoder = msgspec.json.Decoder(Clock)


def load(stored: str) -> Clock:
    """Return the clock from what `save` made."""
    return _decoder.decode(stored)


def start(target: Target, calendar: Calendar, now: int, key: str = "") -> ClockDecision:
    """Return a clock that begins to run. `key` is what the calendar is kept under."""
    clock = Clock(target=target, started_at=now, counted_at=now, calendar=key)
    return ClockDecision(clock, _wake(clock, calendar))


def advance(clock: Clock, event: ClockEvent, calendar: Calendar, now: int) -> ClockDecision:
    """Return what follows from one event at `now` (ms).

    `calendar` is the one that held up to now. Raises NeverOpens when one of them has no working time left for the
    target of a clock that runs on.
    """
    now = max(now, clock.counted_at)
    clock, before = _noticed(clock, calendar, now)
    clock = _changed(clock, event, calendar, now)
    if isinstance(event, CalendarChanged):
        calendar = event.calendar
    clock, after = _noticed(clock, calendar, now)
    return ClockDecision(clock, (*before, *after, *_wake(clock, calendar)))


def used(clock: Clock, calendar: Calendar, now: int) -> timedelta:
    """Return the time used up to a moment, not before the clock's last event."""
    if clock.stage != "running":
        return clock.used
    if clock.target.around_the_clock:
        return clock.used + max(0, now - clock.counted_at) * _MILLISECOND
    return clock.used + calendars.time_between(calendar, clock.counted_at, now)


def uses_up_at(clock: Clock, calendar: Calendar, span: timedelta) -> int | None:
    """Return when the clock will have used that much if it runs on; None for one that does not run.

    The clock's last event for what was used by then.
    """
    if clock.stage != "running":
        return None
    left = max(span - clock.used, timedelta(0))
    if clock.target.around_the_clock:
        return clock.counted_at - (-left // _MILLISECOND)
    return calendars.add(calendar, clock.counted_at, left)


def due_at(clock: Clock, calendar: Calendar) -> int | None:
    """Return the moment of the breach: the one that was, or will be if the clock runs on; None if it does not run."""
    return clock.breached_at if clock.breached_at is not None else uses_up_at(clock, calendar, clock.target.allowed)


def warn_at(clock: Clock, calendar: Calendar) -> int | None:
    """Return when to warn if the clock runs on; None if it does not."""
    return uses_up_at(clock, calendar, warned_after(clock.target))


def warned_after(target: Target) -> timedelta:
    """Return the time used after which we warn, rounded down to the millisecond."""
    return target.allowed * target.warn_share // _MILLISECOND * _MILLISECOND


def standing(clock: Clock) -> Standing:
    """Return how the clock stands, in the words of the glossary; breached for good, once it was."""
    if clock.breached_at is not None:
        return "breached"
    return "met" if clock.stage == "done" else clock.stage


def _changed(clock: Clock, event: ClockEvent, calendar: Calendar, now: int) -> Clock:
    """Return the clock after an event, its time counted up to now if the event asks for it."""
    if clock.stage == "done":
        return clock
    match event:
        case Paused():
            return _counted(clock, calendar, now, stage="paused")
        case Resumed():
            return _counted(clock, calendar, now, stage="running")
        case Met():
            return _counted(clock, calendar, now, stage="done")
        case TargetChanged(target=target):
            counted = replace(_counted(clock, calendar, now), target=target)
            return replace(counted, warned_at=None) if counted.used < warned_after(target) else counted
        case CalendarChanged(key=key):
            return replace(_counted(clock, calendar, now), calendar=key)
        case Woken():
            return clock


def _counted(clock: Clock, calendar: Calendar, now: int, *, stage: Stage | None = None) -> Clock:
    if stage == clock.stage:
        return clock
    return replace(clock, stage=stage or clock.stage, used=used(clock, calendar, now), counted_at=now)


def _noticed(clock: Clock, calendar: Calendar, now: int) -> tuple[Clock, tuple[ClockEffect, ...]]:
    """Return the clock with what its dial has passed by now: the breach, or else the warning."""
    if clock.stage == "done" or clock.breached_at is not None:
        return clock, ()
    dial, target = used(clock, calendar, now), clock.target
    if dial >= target.allowed:
        breached_at = uses_up_at(clock, calendar, target.allowed)
        at = now if breached_at is None else breached_at
        return replace(clock, breached_at=at), (RecordBreach(at),)
    if clock.warned_at is None and dial >= warned_after(target):
        due = due_at(clock, calendar)
        return (clock, ()) if due is None else (replace(clock, warned_at=now), (Warn(due),))
    return clock, ()


def _wake(clock: Clock, calendar: Calendar) -> tuple[Wake, ...]:
    if clock.stage != "running" or clock.breached_at is not None:
        return ()
    at = warn_at(clock, calendar) if clock.warned_at is None else due_at(clock, calendar)
    return () if at is None else (Wake(at),)
