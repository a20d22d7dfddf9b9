"""Claims about a case: a table of every stage and event, and what holds whatever happens."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from recovery import cases
from recovery.cases import (
    AskForCall,
    AskForCause,
    AskIfPutRight,
    CancelFollowUp,
    Case,
    CaseEvent,
    Corrected,
    CustomerWrote,
    Deepened,
    FollowUpDue,
    GiveCandidWord,
    HandedOver,
    Joined,
    NamedCause,
    OutcomeKnown,
    OwnerLeft,
    PlanFollowUp,
    Refuse,
    SaidResolved,
    TellStaff,
    Took,
    Wrote,
    advance,
    load,
    opened,
    save,
)

NOON = 1_772_452_800_000
DAY = timedelta(days=1)
LATER = NOON + 86_400_000
BO, CY = 1, 2

OPEN = Case(follow_up_at=NOON)
TAKEN = Case(stage="taken", owner=BO, follow_up_at=NOON)
RESOLVED = Case(stage="resolved", owner=BO, wrote=True, resolved_at=NOON - 1, follow_up_at=NOON)
EXPLAINED = replace(RESOLVED, cause="waiting")
SETTLED = replace(RESOLVED, stage="settled", outcome="recovered", follow_up_at=None)
CLOSED = Case(stage="closed", owner=BO, outcome="recovered", cause="waiting")

TABLE: list[tuple[Case, CaseEvent, str, str]] = [
    (OPEN, Took(BO), "taken", "taken"),
    (OPEN, Wrote(BO), "taken", "taken"),
    (OPEN, OwnerLeft(), "open", "given_back"),
    (OPEN, SaidResolved(BO), "resolved", "resolved plan"),
    (OPEN, CustomerWrote(), "open", ""),
    (OPEN, Deepened(urgent=True), "open", "deepened"),
    (OPEN, Corrected(), "closed", "corrected cancel"),
    (OPEN, Joined(), "closed", "closed cancel"),
    (OPEN, FollowUpDue(), "open", "candid climbed plan"),
    (OPEN, OutcomeKnown("recovered"), "settled", "settled cancel cause"),
    (OPEN, NamedCause(BO, "waiting"), "open", "refused: not_put_right"),
    (OPEN, OutcomeKnown("not_recovered"), "open", "deepened"),
    (OPEN, OutcomeKnown("unreachable"), "open", ""),
    (TAKEN, Took(BO), "taken", "refused: yours_already"),
    (TAKEN, Took(CY), "taken", "refused: somebody_elses"),
    (TAKEN, Wrote(CY), "taken", ""),
    (TAKEN, OwnerLeft(), "open", "given_back"),
    (TAKEN, SaidResolved(CY), "resolved", "resolved plan"),
    (TAKEN, CustomerWrote(), "taken", ""),
    (TAKEN, Deepened(urgent=False), "taken", "deepened"),
    (TAKEN, Corrected(), "closed", "corrected cancel"),
    (TAKEN, Joined(), "closed", "closed cancel"),
    (TAKEN, FollowUpDue(), "taken", "candid climbed plan"),
    (TAKEN, OutcomeKnown("recovered"), "settled", "settled cancel cause"),
    (TAKEN, NamedCause(BO, "waiting"), "taken", "refused: not_put_right"),
    (TAKEN, HandedOver(CY), "taken", ""),
    (TAKEN, OutcomeKnown("not_recovered"), "taken", "deepened"),
    (TAKEN, OutcomeKnown("unreachable"), "taken", ""),
    (RESOLVED, Took(CY), "resolved", "refused: somebody_elses"),
    (RESOLVED, Wrote(BO), "resolved", ""),
    (RESOLVED, OwnerLeft(), "resolved", "given_back"),
    (RESOLVED, SaidResolved(BO), "resolved", "refused: resolved_already"),
    (RESOLVED, CustomerWrote(), "taken", "reopened plan"),
    (RESOLVED, Deepened(urgent=True), "taken", "reopened plan"),
    (RESOLVED, Corrected(), "resolved", "corrected"),
    (RESOLVED, Joined(), "closed", "closed cancel"),
    (RESOLVED, FollowUpDue(), "resolved", "ask"),
    (RESOLVED, OutcomeKnown("recovered"), "settled", "settled cancel cause"),
    (RESOLVED, NamedCause(CY, "waiting"), "resolved", ""),
    (EXPLAINED, OutcomeKnown("recovered"), "closed", "closed cancel"),
    (EXPLAINED, OutcomeKnown("unreachable"), "closed", "closed cancel"),
    (EXPLAINED, OutcomeKnown("not_recovered"), "open", "reopened plan"),
    (RESOLVED, OutcomeKnown("not_recovered"), "open", "reopened plan"),
    (RESOLVED, OutcomeKnown("unreachable"), "settled", "settled cancel cause"),
    (SETTLED, Took(CY), "settled", "refused: somebody_elses"),
    (SETTLED, Wrote(BO), "settled", ""),
    (SETTLED, HandedOver(CY), "settled", ""),
    (SETTLED, OwnerLeft(), "settled", "given_back"),
    (SETTLED, SaidResolved(BO), "settled", "refused: resolved_already"),
    (SETTLED, CustomerWrote(), "settled", ""),
    (SETTLED, Deepened(urgent=False), "taken", "reopened plan"),
    (SETTLED, Corrected(), "settled", "corrected"),
    (SETTLED, Joined(), "closed", "closed cancel"),
    (SETTLED, FollowUpDue(), "settled", ""),
    (SETTLED, OutcomeKnown("recovered"), "settled", ""),
    (SETTLED, OutcomeKnown("unreachable"), "settled", ""),
    (SETTLED, OutcomeKnown("not_recovered"), "open", "reopened plan"),
    (SETTLED, NamedCause(BO, "waiting"), "closed", "cause_named"),
    *[
        (CLOSED, event, "closed", "refused: closed")
        for event in (
            *(Took(BO), Wrote(BO), OwnerLeft(), SaidResolved(BO), CustomerWrote(), Deepened(urgent=True), Corrected()),
            *(
                Joined(),
                FollowUpDue(),
                NamedCause(BO, "waiting"),
                OutcomeKnown("recovered"),
                OutcomeKnown("not_recovered"),
                OutcomeKnown("unreachable"),
            ),
        )
    ],
]


def in_words(effect: object) -> str:
    match effect:
        case Refuse(why=why):
            return f"refused: {why}"
        case TellStaff(what=what):
            return what
        case AskIfPutRight():
            return "ask"
        case GiveCandidWord():
            return "candid"
        case AskForCall():
            return "call"
        case AskForCause():
            return "cause"
        case PlanFollowUp():
            return "plan"
        case CancelFollowUp():
            return "cancel"
    raise AssertionError(effect)


@pytest.mark.parametrize(("case", "event", "stage", "effects"), TABLE, ids=lambda value: getattr(value, "stage", None))
def test_each_stage_answers_each_event(case: Case, event: CaseEvent, stage: str, effects: str):
    """The machine is read as a table: nothing is left to chance, and nothing is an error."""
    decision = advance(case, event, NOON, DAY)

    assert decision.case.stage == stage
    assert " ".join(in_words(effect) for effect in decision.effects) == effects


def test_a_new_case_is_told_and_planned():
    """Staff hear of it at once, and the check-in stands from the first moment."""
    decision = opened(NOON, DAY, urgent=True)

    assert decision.case == Case(urgent=True, follow_up_at=LATER)
    assert decision.effects == (TellStaff("opened"), PlanFollowUp(LATER))


def test_a_resolution_plans_the_follow_up_anew():
    """The customer is asked a day after it was put right, not a day after it went wrong."""
    decision = advance(TAKEN, SaidResolved(BO), NOON, DAY)

    assert decision.case.follow_up_at == LATER
    assert PlanFollowUp(LATER) in decision.effects


def test_a_follow_up_planned_anew_does_not_fire_at_its_old_moment():
    """Due rows are never cancelled: the state decides."""
    case = advance(TAKEN, SaidResolved(BO), NOON, DAY).case

    assert advance(case, FollowUpDue(), NOON + 1, DAY) == cases.CaseDecision(case)


def test_the_follow_up_is_asked_once():
    """A due row that fires twice asks once."""
    decision = advance(RESOLVED, FollowUpDue(), NOON, DAY)

    assert advance(decision.case, FollowUpDue(), NOON, DAY).effects == ()


def test_opening_again_climbs_and_is_for_somebody_else():
    """Whoever said that it was put right is not to judge that alone, and the next level hears that it was not so."""
    again = advance(RESOLVED, OutcomeKnown("not_recovered"), NOON, DAY).case

    assert (again.owner, again.level, again.reopened, again.resolved_at) == (None, 1, 1, None)


@pytest.mark.parametrize("case", [OPEN, TAKEN])
def test_an_idle_case_asks_for_a_call_instead_of_a_third_promise(case: Case):
    """Whoever was promised something twice and got nothing believes no third promise: they want a person."""
    heard = []
    for day in range(5):
        decision = advance(case, FollowUpDue(), NOON + day * 86_400_000, DAY)
        case = decision.case
        heard.append(in_words(decision.effects[0]))

    assert heard == ["candid", "candid", "call", "climbed", "climbed"]
    assert case.level == 5


@pytest.mark.parametrize("act", [Wrote(BO), SaidResolved(BO)])
@pytest.mark.parametrize("case", [OPEN, TAKEN])
def test_an_act_by_staff_makes_a_candid_word_true_again(case: Case, act: CaseEvent):
    """Once somebody did something there is news to be candid about."""
    for day in range(4):
        case = advance(case, FollowUpDue(), NOON + day * 86_400_000, DAY).case

    assert case.idle == 4
    assert advance(case, act, LATER, DAY).case.idle == 0


@pytest.mark.parametrize("case", [OPEN, TAKEN])
def test_an_urgent_case_is_not_closed_by_a_better_figure(case: Case):
    """A danger does not go away because the rating was a slip."""
    urgent = advance(case, Deepened(urgent=True), NOON, DAY).case

    assert advance(urgent, Corrected(), NOON, DAY).case.stage == case.stage


def test_nobody_is_unreachable_for_what_was_opened_again():
    """A follow-up that runs out after the customer said that it is still wrong closes nothing."""
    again = advance(RESOLVED, CustomerWrote(), NOON, DAY).case

    assert advance(again, OutcomeKnown("unreachable"), NOON, DAY).case == again


def test_writing_to_a_case_whose_owner_left_takes_it_and_leaves_it_resolved():
    """A word afterwards is no reason to forget that the customer is to be asked."""
    given_back = advance(RESOLVED, OwnerLeft(), NOON, DAY).case
    wrote = advance(given_back, Wrote(CY), NOON, DAY).case

    assert (wrote.stage, wrote.owner) == ("resolved", CY)


events: st.SearchStrategy[CaseEvent] = st.sampled_from(
    [
        *(Took(BO), Took(CY), Wrote(BO), Wrote(CY), SaidResolved(BO), SaidResolved(CY), OwnerLeft(), CustomerWrote()),
        *(Deepened(urgent=True), Deepened(urgent=False), Corrected(), Joined(), FollowUpDue(), FollowUpDue()),
        *(OutcomeKnown("recovered"), OutcomeKnown("not_recovered"), OutcomeKnown("unreachable")),
        *(NamedCause(BO, "waiting"), NamedCause(CY, "work.hurry"), HandedOver(CY)),
    ]
)
stories = st.lists(st.tuples(events, st.sampled_from([0, 1, 43_200_000, 86_400_000])), max_size=20)


def told(story: list[tuple[CaseEvent, int]]) -> list[tuple[Case, CaseEvent, cases.CaseDecision]]:
    case, now, steps = opened(NOON, DAY, urgent=False).case, NOON, []
    for event, passed in story:
        now += passed
        decision = advance(case, event, now, DAY)
        steps.append((case, event, decision))
        case = load(save(decision.case))
    return steps


@given(stories)
def test_a_case_reads_back_as_it_was_saved(story: list[tuple[CaseEvent, int]]):
    """It may wait for days between two events."""
    for _, _, decision in told(story):
        assert load(save(decision.case)) == decision.case


@given(stories)
def test_closed_stays_closed(story: list[tuple[CaseEvent, int]]):
    """What comes afterwards is a new case; only who could not be reached may say after all that it is well."""
    for before, event, decision in told(story):
        if before.stage == "closed" and before.outcome == "unreachable" and event == OutcomeKnown("recovered"):
            assert decision.case == replace(before, outcome="recovered")
        elif before.stage == "closed":
            assert decision.case == before
            assert decision.effects == (Refuse("closed"),)


@given(stories)
def test_an_outcome_is_known_exactly_when_it_is_over(story: list[tuple[CaseEvent, int]]):
    """Staff say what they did, only the customer or the end says how it came out."""
    for _, _, decision in told(story):
        assert (decision.case.outcome is not None) == (decision.case.stage in ("settled", "closed"))


@given(stories)
def test_nothing_closes_without_its_cause_and_its_owner(story: list[tuple[CaseEvent, int]]):
    """What nobody explains comes back; a slip and a case that goes on elsewhere have nothing to explain."""
    for _, _, decision in told(story):
        if decision.case.stage == "closed" and decision.case.outcome not in ("corrected", "joined"):
            assert decision.case.cause is not None
            assert decision.case.owner is not None


@given(stories)
def test_nobody_is_asked_for_the_cause_before_it_is_put_right(story: list[tuple[CaseEvent, int]]):
    """First the customer, then the reasons."""
    for before, event, decision in told(story):
        if isinstance(event, NamedCause) and before.stage in ("open", "taken") and before.reopened == 0:
            assert decision.case == before


@given(stories)
def test_nobody_takes_a_case_from_its_owner(story: list[tuple[CaseEvent, int]]):
    """One case, one person: it changes hands only through nobody."""
    for before, event, decision in told(story):
        opened_again = decision.case.reopened > before.reopened
        if before.owner is not None and not isinstance(event, (OwnerLeft, HandedOver)) and not opened_again:
            assert decision.case.owner == before.owner
        if decision.case.stage == "taken":
            assert decision.case.owner is not None


@given(stories)
def test_an_open_case_is_never_forgotten(story: list[tuple[CaseEvent, int]]):
    """While nothing was put right there is always a moment at which it comes up again."""
    for _, _, decision in told(story):
        if decision.case.stage in ("open", "taken"):
            assert decision.case.follow_up_at is not None


@given(stories)
def test_nobody_is_promised_a_third_time_for_nothing(story: list[tuple[CaseEvent, int]]):
    """Between any three candid words there is an act by staff."""
    words = 0
    for before, event, decision in told(story):
        if isinstance(event, (Took, Wrote, SaidResolved)) and decision.case != before:
            words = 0
        words += sum(isinstance(effect, GiveCandidWord) for effect in decision.effects)
        assert words <= cases.CANDID_WORDS
