"""Claims about an offer: a table of every stage and event, and what each part promises."""

from datetime import timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

from conversations.phrases import phrase
from recovery import offers
from recovery.authority import NeedsApproval, OnTheSpot, Refused, Wish
from recovery.money import Money
from recovery.offering import advance, proposed
from recovery.offers import (
    CHANGED,
    OPEN,
    OWN,
    WITH_CUSTOMER,
    YES_ALREADY,
    Accepted,
    Amended,
    Approved,
    Asked,
    AskForApproval,
    CarryOut,
    Declined,
    IssueCode,
    LookAgain,
    LookDue,
    Offer,
    OfferEvent,
    Put,
    PutToCustomer,
    Redeemed,
    Refuse,
    Reserve,
    Spans,
    Spend,
    StaffLeft,
    Stage,
    TellOwner,
    TurnedDown,
    Undone,
    Withdrawn,
    load,
    save,
    stands,
)

NOON = 1_772_452_800_000
SPANS = Spans()
BO, CY, DEE, EVE = 1, 2, 3, 4
WISH = Wish("voucher", Money(2000, "EUR"))
LESS = Wish("voucher", Money(1000, "EUR"))
REFUND = Wish("refund", Money(2000, "EUR"))

ONE = NeedsApproval("supervisor", 1, phrase("why"))
TWO = NeedsApproval("supervisor", 2, phrase("why"))
MANAGER = NeedsApproval("manager", 1, phrase("why"))
NO_BUDGET = Refused(phrase("none left"))


LATER = NOON + 60_000


def later(span: timedelta) -> int:
    return NOON + span // timedelta(milliseconds=1)


def ran(*events: OfferEvent, wish: Wish = WISH) -> Offer:
    """An offer of Bo's, after these events at noon."""
    offer = proposed(wish, BO)
    for event in events:
        offer = advance(offer, event, NOON).offer
    return offer


PROPOSED = ran()
AWAITING = ran(Asked(BO, 1, ONE))
APPROVED = ran(Asked(BO, 1, OnTheSpot()))
PUT = ran(Asked(BO, 1, OnTheSpot()), Put(1))
ACCEPTED = ran(Asked(BO, 1, OnTheSpot()), Put(1), Accepted(1))
REDEEMED = ran(Asked(BO, 1, OnTheSpot()), Put(1), Accepted(1), Redeemed())
EVERY: dict[Stage, Offer] = {
    "proposed": PROPOSED,
    "awaiting": AWAITING,
    "approved": APPROVED,
    "put": PUT,
    "accepted": ACCEPTED,
    "turned_down": ran(Asked(BO, 1, ONE), TurnedDown(CY, 1)),
    "withdrawn": ran(Withdrawn(BO)),
    "declined": ran(Asked(BO, 1, OnTheSpot()), Put(1), Declined(1)),
    "expired": advance(PUT, LookDue(), later(SPANS.valid)).offer,
    "redeemed": REDEEMED,
    "lapsed": advance(ACCEPTED, LookDue(), later(SPANS.redeemable)).offer,
    "returned": replace(REDEEMED, stage="returned"),  # as an earlier version left what was undone
}

EVENTS: dict[str, OfferEvent] = {
    "asked": Asked(BO, 1, OnTheSpot()),
    "amended": Amended(BO, 1, LESS),
    "withdrawn": Withdrawn(BO),
    "approved": Approved(CY, "supervisor", 1, ONE),
    "turned down": TurnedDown(CY, 1),
    "put": Put(1),
    "accepted": Accepted(1),
    "declined": Declined(1),
    "redeemed": Redeemed(),
    "undone": Undone(LATER),
    "look due": LookDue(),
    "staff left": StaffLeft(BO, DEE),
}

GOES_ON: dict[tuple[Stage, str], tuple[Stage, str]] = {
    ("proposed", "asked"): ("approved", "Reserve PutToCustomer LookAgain"),
    ("proposed", "amended"): ("proposed", ""),
    ("proposed", "withdrawn"): ("withdrawn", ""),
    ("awaiting", "amended"): ("proposed", ""),
    ("awaiting", "withdrawn"): ("withdrawn", ""),
    ("awaiting", "approved"): ("approved", "Reserve PutToCustomer TellOwner LookAgain"),
    ("awaiting", "turned down"): ("turned_down", "TellOwner"),
    ("approved", "amended"): ("proposed", "Release"),
    ("approved", "withdrawn"): ("withdrawn", "Release"),
    ("approved", "put"): ("put", "LookAgain"),
    ("put", "accepted"): ("accepted", "IssueCode TellOwner LookAgain"),
    ("put", "declined"): ("declined", "Release TellOwner"),
    ("accepted", "redeemed"): ("redeemed", "Spend"),
    ("redeemed", "undone"): ("accepted", "Return LookAgain"),
}
"""What an event does at noon, when nothing is due; at every other stage it is refused, or changes nothing."""


def names(*effects: object) -> str:
    return " ".join(type(effect).__name__ for effect in effects)


def expected(stage: Stage, event: str) -> tuple[Stage, str]:
    if event == "look due":
        return stage, ""
    if event == "staff left":
        return stage, "TellOwner" if stage in OPEN else ""
    return GOES_ON.get((stage, event), (stage, "Refuse"))


@pytest.mark.parametrize("stage", get_args(Stage))
@pytest.mark.parametrize("event", EVENTS)
def test_every_stage_knows_every_event(stage, event):
    """The picture, as a table: nothing is left to chance, and nothing happens twice."""
    decision = advance(EVERY[stage], EVENTS[event], NOON)

    assert (decision.offer.stage, names(*decision.effects)) == expected(stage, event)


@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_stage_is_named_in_words(stage):
    """Who presses a button too late hears how it stands."""
    assert stands(EVERY[stage]).sentence.endswith(".")


# --- approval -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", [Approved(BO, "manager", 1, ONE), TurnedDown(BO, 1)])
def test_nobody_decides_on_an_offer_of_their_own(event):
    """Not even a manager: a second person looks, or it is no approval."""
    assert advance(AWAITING, event, NOON) == offers.OfferDecision(AWAITING, (Refuse(OWN),))


def test_who_changed_an_offer_does_not_approve_it_either():
    """Else a supervisor could write their own figure into somebody else's request."""
    changed = ran(Asked(BO, 1, ONE), Amended(CY, 1, LESS), Asked(BO, 2, ONE))

    assert advance(changed, Approved(CY, "supervisor", 2, ONE), NOON).effects == (Refuse(OWN),)
    assert advance(changed, Approved(DEE, "supervisor", 2, ONE), NOON).offer.stage == "approved"


@pytest.mark.parametrize(
    "event", [Asked(BO, 1, ONE), Approved(CY, "supervisor", 1, ONE), TurnedDown(CY, 1), Amended(CY, 1, WISH)]
)
def test_a_button_of_an_earlier_revision_only_says_look_again(event):
    """The yes was for twenty euros; meanwhile it says two hundred."""
    changed = ran(Amended(BO, 1, REFUND), *(() if isinstance(event, Asked) else (Asked(BO, 2, ONE),)))

    assert advance(changed, event, NOON) == offers.OfferDecision(changed, (Refuse(CHANGED),))


def test_a_changed_offer_needs_every_yes_anew():
    """Half of the four eyes saw twenty euros, not what it says now."""
    half = ran(Asked(BO, 1, TWO), Approved(CY, "supervisor", 1, TWO))
    changed = ran(Asked(BO, 1, TWO), Approved(CY, "supervisor", 1, TWO), Amended(BO, 1, REFUND), Asked(BO, 2, TWO))
    yes = Approved(DEE, "supervisor", 2, TWO)

    assert (len(half.approvals), changed.approvals) == (1, ())
    assert advance(changed, yes, NOON).offer.stage == "awaiting"


def test_two_different_people_are_needed_for_four_eyes():
    """One person who presses twice has still two eyes."""
    first = advance(ran(Asked(BO, 1, TWO)), Approved(CY, "supervisor", 1, TWO), NOON)
    again = advance(first.offer, Approved(CY, "supervisor", 1, TWO), NOON)
    second = advance(again.offer, Approved(DEE, "supervisor", 1, TWO), NOON)

    assert (first.offer.stage, first.effects[0]) == ("awaiting", AskForApproval("supervisor", 1))
    assert again == offers.OfferDecision(first.offer, (Refuse(YES_ALREADY),))
    assert second.offer.stage == "approved"
    assert second.effects[0] == Reserve(WISH.worth, BO, "approval")


@pytest.mark.parametrize(
    ("verdict", "stage", "effect"),
    [
        (TWO, "awaiting", AskForApproval("supervisor", 1)),
        (MANAGER, "awaiting", AskForApproval("manager", 1)),
        (NeedsApproval("manager", 2, phrase("why")), "awaiting", AskForApproval("manager", 1)),
        (NO_BUDGET, "awaiting", Refuse(NO_BUDGET.why)),
        (OnTheSpot(), "approved", Reserve(WISH.worth, BO, "approval")),
    ],
)
def test_the_limits_of_the_moment_of_approval_count(verdict, stage, effect):
    """They may have been lowered, or the budget used up, while the request was waiting."""
    decision = advance(AWAITING, Approved(CY, "supervisor", 1, verdict), NOON)

    assert (decision.offer.stage, decision.effects[0]) == (stage, effect)


def test_a_supervisors_yes_counts_beside_the_managers():
    """Of two, one must be a manager where the sum asks for it; who comes first does not matter."""
    both = NeedsApproval("manager", 2, phrase("why"))
    yes = [Approved(CY, "supervisor", 1, both), Approved(DEE, "manager", 1, both)]

    assert ran(Asked(BO, 1, both), *yes).stage == "approved"
    assert ran(Asked(BO, 1, both), *reversed(yes)).stage == "approved"
    assert ran(Asked(BO, 1, both), yes[0], Approved(EVE, "supervisor", 1, both)).stage == "awaiting"


def test_after_a_managers_yes_a_supervisor_may_be_the_second():
    """The only manager has agreed: to ask managers again would be to ask nobody."""
    both = NeedsApproval("manager", 2, phrase("why"))
    half = advance(ran(Asked(BO, 1, both)), Approved(DEE, "manager", 1, both), NOON)

    assert half.effects[0] == AskForApproval("supervisor", 1)


def test_the_last_rung_is_asked_less_and_less_often():
    """A request that nobody answers for a month is not a message an hour."""
    offer, waits = AWAITING, list[timedelta]()
    for _ in range(7):
        assert offer.look_at is not None
        now = offer.look_at
        offer = advance(offer, LookDue(), now).offer
        assert offer.look_at is not None
        waits.append(timedelta(milliseconds=offer.look_at - now))

    hours = [wait / timedelta(hours=1) for wait in waits]
    assert hours == [0.25, 1, 4, 16, 24, 24, 24]


def test_a_request_climbs_and_is_never_approved_by_silence():
    """The only supervisor is ill: the managers hear of it, again and again, and so does whoever asked."""
    offer, seen = AWAITING, list[str]()
    for _ in range(50):
        assert offer.look_at is not None
        now = offer.look_at
        decision = advance(offer, LookDue(), now)
        offer, seen = decision.offer, [*seen, names(*decision.effects)]

    assert seen == ["AskForApproval LookAgain", *["TellOwner AskForApproval LookAgain"] * 49]
    assert (offer.stage, offer.rung, offer.approvals) == ("awaiting", "manager", ())


def test_looking_early_or_twice_changes_nothing():
    """A due row may be late, repeated or stale."""
    due = later(SPANS.answer)
    climbed = advance(AWAITING, LookDue(), due).offer

    assert advance(AWAITING, LookDue(), due - 1) == offers.OfferDecision(AWAITING)
    assert advance(climbed, LookDue(), due) == offers.OfferDecision(climbed)


def test_a_yes_leaves_with_whoever_gave_it():
    """Who has no rights any more has no say in what is still open."""
    half = ran(Asked(BO, 1, TWO), Approved(CY, "supervisor", 1, TWO))
    decision = advance(half, StaffLeft(CY, DEE), NOON)

    assert decision == offers.OfferDecision(replace(half, approvals=()), (AskForApproval("supervisor", 2),))


def test_an_heir_does_not_approve_what_is_now_their_own():
    """Nor does the yes count that they gave before."""
    half = ran(Asked(BO, 1, TWO), Approved(CY, "supervisor", 1, TWO))
    inherited = advance(half, StaffLeft(BO, CY), NOON)

    assert (inherited.offer.owner, inherited.offer.approvals) == (CY, ())
    assert inherited.effects == (AskForApproval("supervisor", 2), TellOwner("inherited"))
    assert advance(inherited.offer, Approved(CY, "supervisor", 1, TWO), NOON).effects == (Refuse(OWN),)


def test_what_was_approved_stays_so_when_the_approver_leaves():
    """The customer may have it in front of them."""
    approved = ran(Asked(BO, 1, ONE), Approved(CY, "supervisor", 1, ONE))

    assert advance(approved, StaffLeft(CY, DEE), NOON) == offers.OfferDecision(approved)


# --- the customer ---------------------------------------------------------------------------------------------------


def test_a_yes_that_comes_too_late_is_told_so_and_frees_the_money():
    """The due row may be later than the customer's tap; both must say the same."""
    decision = advance(PUT, Accepted(1), later(SPANS.valid))

    assert decision.offer.stage == "expired"
    assert names(*decision.effects) == "Release TellOwner Refuse"


def test_a_yes_in_the_last_millisecond_counts():
    """Good until then means until then."""
    assert advance(PUT, Accepted(1), later(SPANS.valid) - 1).offer.stage == "accepted"


def test_a_voucher_is_redeemed_in_time_or_not_at_all():
    """At the counter the code's date decides, whether or not anybody looked."""
    until = later(SPANS.redeemable)

    assert advance(PUT, Accepted(1), NOON).effects[0] == IssueCode(until)
    assert advance(ACCEPTED, Redeemed(), until - 1).effects == (Spend(),)
    assert names(*advance(ACCEPTED, Redeemed(), until).effects) == "Release TellOwner Refuse"


def test_what_was_redeemed_by_mistake_is_redeemed_once_again_in_its_time():
    """The slip was ours: the customer has their code as they had it, until its day, and not a second one."""
    again = advance(REDEEMED, Undone(LATER), NOON).offer

    assert again == replace(ACCEPTED, look_at=LATER)
    assert advance(again, Redeemed(), LATER - 1).effects == (Spend(),)
    assert names(*advance(again, Redeemed(), LATER).effects) == "Release TellOwner Refuse"


def test_what_a_person_carried_out_is_not_undone():
    """A refund that was paid is paid; there is no code to give back."""
    done = ran(Asked(BO, 1, OnTheSpot()), Put(1), Accepted(1), Redeemed(), wish=REFUND)

    assert names(*advance(done, Undone(LATER), NOON).effects) == "Refuse"


def test_what_we_have_to_carry_out_never_lapses():
    """A refund that a colleague forgot is still owed: they are reminded until it is done."""
    offer = ran(Asked(BO, 1, OnTheSpot()), Put(1), wish=REFUND)
    decision = advance(offer, Accepted(1), NOON)
    late = advance(decision.offer, LookDue(), later(timedelta(days=4000)))

    assert decision.effects[0] == CarryOut("refund")
    assert late.effects[0] == TellOwner("not_carried_out")
    assert advance(late.offer, Redeemed(), later(timedelta(days=4001))).effects == (Spend(),)


def test_an_offer_that_does_not_go_out_is_remembered():
    """Quiet hours end, and a chat that was blocked stays so: its owner hears of it."""
    decision = advance(APPROVED, LookDue(), later(SPANS.care))

    assert decision.effects == (TellOwner("not_put"), LookAgain(later(SPANS.care * 2)))


@pytest.mark.parametrize("event", [Withdrawn(BO), Amended(BO, 1, LESS)])
@pytest.mark.parametrize("offer", [PUT, ACCEPTED])
def test_what_the_customer_has_seen_is_not_taken_back(offer, event):
    """An offer is a word given."""
    assert advance(offer, event, NOON).effects == (Refuse(WITH_CUSTOMER),)


def test_an_amended_offer_goes_out_only_as_it_is_now():
    """A message of the first revision that was still waiting must not show the old sum."""
    amended = ran(Asked(BO, 1, OnTheSpot()), Amended(BO, 1, LESS), Asked(BO, 2, OnTheSpot()))

    assert advance(amended, Put(1), NOON).effects == (Refuse(CHANGED),)
    assert advance(amended, Put(2), NOON).offer.stage == "put"


def test_what_is_on_the_spot_goes_out_at_once():
    """Nobody is asked, and the customer does not wait."""
    assert advance(PROPOSED, Asked(BO, 1, OnTheSpot("thanks")), NOON).effects == (
        Reserve(WISH.worth, BO, "thanks"),
        PutToCustomer(1),
        LookAgain(later(SPANS.care)),
    )


def test_what_is_refused_stays_with_whoever_asked():
    """They hear why, and can ask for less."""
    decision = advance(PROPOSED, Asked(BO, 1, NO_BUDGET), NOON)

    assert decision == offers.OfferDecision(PROPOSED, (Refuse(NO_BUDGET.why),))


# --- stored ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", get_args(Stage))
def test_a_stored_offer_reads_back_equal(stage):
    """A restart in the middle of anything loses nothing."""
    assert load(save(EVERY[stage])) == EVERY[stage]
