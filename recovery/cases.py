"""A case: the work opened for one unhappy customer, from the first word to the outcome.

    open ──────────> Open
    Open ── Took ──> Taken ── SaidResolved ──> Resolved ── OutcomeKnown ──> Closed
    Open, Taken, Resolved ── Corrected, not urgent, nobody wrote yet ──> Closed (corrected)
    Resolved ── OutcomeKnown, its root cause or an owner is missing ──> Settled ── NamedCause ──> Closed
    Settled ── Deepened, OutcomeKnown (not recovered) ──> Taken or Open (reopened), climbed
    Taken ── OwnerLeft ──> Open; Resolved, Settled ── OwnerLeft ──> the same, nobody's
    Resolved ── CustomerWrote, OutcomeKnown (not recovered) ──> Taken or Open (reopened), climbed
    Open, Taken ── FollowUpDue ─────> unchanged, climbed: the customer gets a candid word, not a question; after two
                                      words and no act by staff a call, and then only staff hear that it climbs
    Resolved ── FollowUpDue ────────> unchanged: the customer is asked whether it was put right
    Open, Taken, Resolved ── Joined ─> Closed (joined): it goes on in another case of the same customer
    Settled, Closed (unreachable) ── OutcomeKnown (recovered) ──> the same, recovered: they answered after all
    Closed ── Opened again ─────────> a new case

A settled case is over for the customer: they are asked and served as if there were none. For us it waits for its root
cause, which is asked for from the moment it is put right and never before.

Pure, as floor 1: time, ids and who somebody is come as arguments. What must be done is returned as effects.
"""

from datetime import timedelta
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

VERSION = 2
"""1 had no settled cases and no root causes; it reads as one of 2 that has none."""

STEP: Final = timedelta(hours=24)
"""From a resolution, or from a candid word, to the next follow-up."""

PATIENCE: Final = timedelta(hours=24)
"""How long a follow-up waits before its one reminder, and after it before the customer counts as unreachable."""

CANDID_WORDS: Final = 2
"""So often in a row a candid word is believed; repeated without any act by staff it is an empty promise."""

Stage = Literal["open", "taken", "resolved", "settled", "closed"]
CaseOutcome = Literal["recovered", "not_recovered", "unreachable", "corrected", "joined"]


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a case stands. `owner` is a staff member's id; `wrote` says that a person wrote to the customer.

    `cause` is the key of the root cause, once it was named. `idle` counts the moments in a row that came while nothing
    was put right, without an act by staff in between.
    """

    stage: Stage = "open"
    owner: int | None = None
    urgent: bool = False
    wrote: bool = False
    level: int = 0
    idle: int = 0
    reopened: int = 0
    resolved_at: int | None = None
    follow_up_at: int | None = None
    outcome: CaseOutcome | None = None
    cause: str | None = None
    version: int = VERSION


class Took(msgspec.Struct, frozen=True):
    """A staff member takes the case."""

    staff: int


class Wrote(msgspec.Struct, frozen=True):
    """A staff member wrote to the customer; whoever writes first has the case."""

    staff: int


class HandedOver(msgspec.Struct, frozen=True):
    """A case that somebody has goes to another staff member; one that nobody took is for them to take."""

    staff: int


class OwnerLeft(msgspec.Struct, frozen=True):
    """Whoever had the case no longer works here."""


class CustomerWrote(msgspec.Struct, frozen=True):
    """The customer wrote to whoever works the case."""


class SaidResolved(msgspec.Struct, frozen=True):
    """A staff member says that it is put right."""

    staff: int


class Deepened(msgspec.Struct, frozen=True):
    """The customer is unhappy once more, or asks for a person, while the case is open."""

    urgent: bool


class Corrected(msgspec.Struct, frozen=True):
    """The unhappy rating was a slip and is happy now."""


class Joined(msgspec.Struct, frozen=True):
    """Two customers turned out to be one, who has another open case: this one goes on there."""


class FollowUpDue(msgspec.Struct, frozen=True):
    """The time has come to ask whether it was put right."""


class NamedCause(msgspec.Struct, frozen=True):
    """A staff member says why it went wrong."""

    staff: int
    cause: str


class OutcomeKnown(msgspec.Struct, frozen=True):
    """The customer said how it ended, or said nothing."""

    outcome: Literal["recovered", "not_recovered", "unreachable"]


CaseEvent = (
    Took
    | HandedOver
    | OwnerLeft
    | Wrote
    | CustomerWrote
    | SaidResolved
    | Deepened
    | Corrected
    | Joined
    | FollowUpDue
    | NamedCause
    | OutcomeKnown
)


class Refuse(msgspec.Struct, frozen=True):
    """Nothing changed; tell who acted why."""

    why: Literal["closed", "yours_already", "somebody_elses", "resolved_already", "not_put_right"]


News = Literal[
    "opened",
    "deepened",
    "reopened",
    "climbed",
    "corrected",
    "settled",
    "closed",
    "taken",
    "resolved",
    "given_back",
    "cause_named",
]


class TellStaff(msgspec.Struct, frozen=True):
    """A new message to staff about this."""

    what: News


class AskIfPutRight(msgspec.Struct, frozen=True):
    """Begin the follow-up conversation with the customer."""


class GiveCandidWord(msgspec.Struct, frozen=True):
    """Tell the customer plainly who has it, what is next and by when."""

    by: int


class AskForCall(msgspec.Struct, frozen=True):
    """Have a person ring the customer: what we promised in chat was not kept."""


class AskForCause(msgspec.Struct, frozen=True):
    """Have somebody say why it went wrong: without that the case cannot be closed."""


class PlanFollowUp(msgspec.Struct, frozen=True):
    """Follow up at that moment, instead of any planned before."""

    at: int


class CancelFollowUp(msgspec.Struct, frozen=True):
    """There is nothing left to ask."""


CaseEffect = (
    Refuse | TellStaff | AskIfPutRight | GiveCandidWord | AskForCall | AskForCause | PlanFollowUp | CancelFollowUp
)


class CaseDecision(msgspec.Struct, frozen=True):
    """The case that follows, and what is to be done, in order."""

    case: Case
    effects: tuple[CaseEffect, ...] = ()


def save(case: Case) -> str:
    """Return the case as it is stored."""
    return msgspec.json.encode(case).decode()


_decoder = msgspec.json.Decoder(Case)


def load(stored: str) -> Case:
    """Return the case from what `save` made."""
    return _decoder.decode(stored)


def opened(now: int, follow_up: timedelta, *, urgent: bool) -> CaseDecision:
    """Return a new case. `follow_up` is the span to the check-in, re-planned by a resolution."""
    at = now + follow_up // timedelta(milliseconds=1)
    return CaseDecision(Case(urgent=urgent, follow_up_at=at), (TellStaff("opened"), PlanFollowUp(at)))


def advance(case: Case, event: CaseEvent, now: int, follow_up: timedelta = STEP) -> CaseDecision:
    """Return what follows from one event. `now` is in ms, `follow_up` the survey's span to a check-in."""
    if case.stage == "closed":
        return _after_the_end(case, event)
    if case.stage == "settled" and isinstance(event, (CustomerWrote, FollowUpDue)):  # over for the customer
        return CaseDecision(case)
    match event:
        case Took() | HandedOver() | OwnerLeft() | Wrote() | SaidResolved() | NamedCause():
            return _by_staff(case, event, now, follow_up)
        case CustomerWrote():
            return _reopen(case, now, follow_up) if case.stage == "resolved" else CaseDecision(case)
        case Deepened(urgent=urgent):
            return _deepen(case, now, follow_up, urgent=urgent)
        case Corrected():
            return _correct(case)
        case Joined():
            over = replace(case, stage="closed", outcome="joined", follow_up_at=None)
            return CaseDecision(over, (TellStaff("closed"), CancelFollowUp()))
        case FollowUpDue():
            return _follow_up(case, now)
        case OutcomeKnown(outcome=outcome):
            return _conclude(case, outcome, now, follow_up)


def _after_the_end(case: Case, event: CaseEvent) -> CaseDecision:
    """Let a customer whom nobody could reach say after all that it was put right; nothing else is taken any more."""
    if case.outcome == "unreachable" and event == OutcomeKnown("recovered"):
        return CaseDecision(replace(case, outcome="recovered"), (TellStaff("closed"),))
    return CaseDecision(case, (Refuse("closed"),) if case.stage == "closed" else ())


def _by_staff(
    case: Case,
    event: Took | HandedOver | OwnerLeft | Wrote | SaidResolved | NamedCause,
    now: int,
    follow_up: timedelta,
) -> CaseDecision:
    match event:
        case Took(staff=staff):
            return _take(case, staff)
        case HandedOver(staff=staff):
            return CaseDecision(case if case.owner is None else replace(case, owner=staff))
        case OwnerLeft():
            return _give_back(case)
        case Wrote(staff=staff):
            return _write(case, staff)
        case SaidResolved(staff=staff):
            return _resolve(case, staff, now, follow_up)
        case NamedCause(staff=staff, cause=cause):
            return _name_cause(case, staff, cause)


def _take(case: Case, staff: int) -> CaseDecision:
    if case.owner == staff:
        return CaseDecision(case, (Refuse("yours_already"),))
    if case.owner is not None:
        return CaseDecision(case, (Refuse("somebody_elses"),))
    stage: Stage = "taken" if case.stage == "open" else case.stage
    return CaseDecision(replace(case, stage=stage, owner=staff, idle=0), (TellStaff("taken"),))


def _give_back(case: Case) -> CaseDecision:
    """Leave a case to the others; one that was resolved stays so, and its follow-up too."""
    stage: Stage = "open" if case.stage == "taken" else case.stage
    return CaseDecision(replace(case, stage=stage, owner=None), (TellStaff("given_back"),))


def _write(case: Case, staff: int) -> CaseDecision:
    wrote = replace(case, wrote=True, idle=0)
    if case.owner is None:
        stage: Stage = "taken" if case.stage == "open" else case.stage
        return CaseDecision(replace(wrote, stage=stage, owner=staff), (TellStaff("taken"),))
    return CaseDecision(wrote)


def _resolve(case: Case, staff: int, now: int, follow_up: timedelta) -> CaseDecision:
    if case.stage in ("resolved", "settled"):
        return CaseDecision(case, (Refuse("resolved_already"),))
    at = now + follow_up // timedelta(milliseconds=1)
    owner = case.owner if case.owner is not None else staff
    resolved = replace(case, stage="resolved", owner=owner, idle=0, resolved_at=now, follow_up_at=at)
    return CaseDecision(resolved, (TellStaff("resolved"), PlanFollowUp(at)))


def _reopen(case: Case, now: int, follow_up: timedelta) -> CaseDecision:
    """Open it again: the one who had it keeps it, and the next level hears of it."""
    at = now + follow_up // timedelta(milliseconds=1)
    stage: Stage = "taken" if case.owner is not None else "open"
    again = replace(
        case,
        stage=stage,
        level=case.level + 1,
        reopened=case.reopened + 1,
        resolved_at=None,
        follow_up_at=at,
        outcome=None,
    )
    return CaseDecision(again, (TellStaff("reopened"), PlanFollowUp(at)))


def _deepen(case: Case, now: int, follow_up: timedelta, *, urgent: bool) -> CaseDecision:
    case = replace(case, urgent=case.urgent or urgent)
    if case.stage in ("resolved", "settled"):
        return _reopen(case, now, follow_up)
    return CaseDecision(case, (TellStaff("deepened"),))


def _correct(case: Case) -> CaseDecision:
    if case.wrote or case.urgent or case.stage == "settled":  # a person talks with them, or must: they end it well
        return CaseDecision(case, (TellStaff("corrected"),))
    over = replace(case, stage="closed", outcome="corrected", follow_up_at=None)
    return CaseDecision(over, (TellStaff("corrected"), CancelFollowUp()))


def _follow_up(case: Case, now: int) -> CaseDecision:
    if case.follow_up_at is None or now < case.follow_up_at:  # re-planned meanwhile
        return CaseDecision(case)
    if case.stage == "resolved":
        return CaseDecision(replace(case, follow_up_at=None), (AskIfPutRight(),))
    at = now + STEP // timedelta(milliseconds=1)
    climbed = replace(case, level=case.level + 1, idle=case.idle + 1, follow_up_at=at)
    return CaseDecision(climbed, (*_what_idleness_asks(climbed, at), TellStaff("climbed"), PlanFollowUp(at)))


def _what_idleness_asks(case: Case, by: int) -> tuple[CaseEffect, ...]:
    """Return a candid word while it can still be believed, then a call, once, and nothing after that."""
    if case.idle <= CANDID_WORDS:
        return (GiveCandidWord(by),)
    return (AskForCall(),) if case.idle == CANDID_WORDS + 1 else ()


def _not_recovered(case: Case, now: int, follow_up: timedelta) -> CaseDecision:
    """Open it again one level higher, and nobody's: whoever said that it was put right is not to judge that alone."""
    if case.stage in ("resolved", "settled"):
        return _reopen(replace(case, owner=None), now, follow_up)
    return CaseDecision(case, (TellStaff("deepened"),))


def _conclude(
    case: Case, outcome: Literal["recovered", "not_recovered", "unreachable"], now: int, follow_up: timedelta
) -> CaseDecision:
    if outcome == "not_recovered":
        return _not_recovered(case, now, follow_up)
    if outcome == "unreachable" and case.stage != "resolved":  # it was opened again: nothing was put right to ask about
        return CaseDecision(case)
    if case.stage == "settled":
        return _after_the_end(case, OutcomeKnown(outcome))
    over = replace(case, outcome=outcome, follow_up_at=None)
    if case.cause is None or case.owner is None:
        return CaseDecision(replace(over, stage="settled"), (TellStaff("settled"), CancelFollowUp(), AskForCause()))
    return CaseDecision(replace(over, stage="closed"), (TellStaff("closed"), CancelFollowUp()))


def _name_cause(case: Case, staff: int, cause: str) -> CaseDecision:
    """Keep the root cause; it may be named anew as long as the case is not closed, but never before it is put right."""
    if case.stage in ("open", "taken") and case.reopened == 0:
        return CaseDecision(case, (Refuse("not_put_right"),))
    named = replace(case, cause=cause)
    if case.stage != "settled":
        return CaseDecision(named)
    owner = case.owner if case.owner is not None else staff
    return CaseDecision(replace(named, stage="closed", owner=owner), (TellStaff("cause_named"),))
