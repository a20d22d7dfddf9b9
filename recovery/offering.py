"""An offer: a compensation, from the wish of a staff member to its redemption.

    proposed ── Asked: on the spot ──────────────> approved
    proposed ── Asked: needs approval ───────────> awaiting
    proposed ── Asked: refused ──────────────────> proposed, and whoever asked is told why
    awaiting ── Approved, that is enough ────────> approved
    awaiting ── Approved, another is needed ─────> awaiting
    awaiting ── TurnedDown ──────────────────────> turned down
    awaiting ── LookDue, nobody answered ────────> awaiting, one rung higher; silence is never a yes
    approved ── Put ─────────────────────────────> put, the customer has it in front of them
    put ─────── Accepted ────────────────────────> accepted
    put ─────── Declined, or LookDue ────────────> declined, or expired
    accepted ── Redeemed ────────────────────────> redeemed
    redeemed ── Undone, of a code ───────────────> accepted, the code is good again
    accepted ── LookDue, of a code ──────────────> lapsed; what we have to carry out ourselves never lapses
    proposed, awaiting, approved ── Amended ─────> proposed, another revision, without any yes
    proposed, awaiting, approved ── Withdrawn ───> withdrawn

Everybody who asked for an offer, changed it or took it over is its author, and never its approver. A button carries
the revision it was shown for. Money is reserved when an offer is approved and spent when it is redeemed; the limits
come weighed anew with every Asked and Approved. An event that comes twice is refused the second time, and a
LookDue that comes early, late or twice does what the moment asks for. Pure, as all of floor 2.
"""

from datetime import timedelta
from typing import Final, assert_never

from msgspec.structs import replace

from conversations.phrases import Phrase
from recovery.authority import Approver, NeedsApproval, OnTheSpot, Refused, Wish
from recovery.offers import (
    CHANGED,
    HELD,
    OPEN,
    OWN,
    SPANS,
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
    OfferDecision,
    OfferEvent,
    Put,
    PutToCustomer,
    Redeemed,
    Refuse,
    Release,
    Reserve,
    Return,
    Spans,
    Spend,
    StaffLeft,
    Stage,
    TellOwner,
    TurnedDown,
    Undone,
    Withdrawn,
    Yes,
    stands,
    stands_to_customer,
)

PATIENCE: Final = 4
"""How many times longer than before the last rung has each time before it is asked again."""

ONCE_A_DAY: Final = timedelta(hours=24)
"""No later than that it is asked again."""


def proposed(wish: Wish, by: int) -> Offer:
    """Return a new offer, on its author's desk."""
    return Offer(wish, (by,))


def advance(offer: Offer, event: OfferEvent, now: int, spans: Spans = SPANS) -> OfferDecision:
    """Return what follows from one event. `now` is in ms."""
    match event:
        case Asked() | Amended() | Withdrawn() | Put():
            return _by_author(offer, event, now, spans)
        case Approved() | TurnedDown():
            return _by_approver(offer, event, now, spans)
        case Accepted() | Declined():
            return _by_customer(offer, event, now, spans)
        case Redeemed() | Undone():
            return _redeem(offer, event, now, spans)
        case LookDue():
            return _look(offer, now, spans)
        case StaffLeft(staff=staff, heir=heir):
            return _hand_over(offer, staff, heir)
        case _:
            assert_never(event)


# --- authors --------------------------------------------------------------------------------------------------------


def _by_author(offer: Offer, event: Asked | Amended | Withdrawn | Put, now: int, spans: Spans) -> OfferDecision:
    match event:
        case Asked():
            return _ask(offer, event, now, spans)
        case Amended():
            return _amend(offer, event)
        case Withdrawn():
            return _withdraw(offer)
        case Put(revision=revision):
            return _put(offer, revision, now, spans)


def _ask(offer: Offer, asked: Asked, now: int, spans: Spans) -> OfferDecision:
    if offer.stage != "proposed":
        return _refused(offer)
    if asked.revision != offer.revision:
        return _refused(offer, CHANGED)
    offer = _authored(offer, asked.by)
    match asked.verdict:
        case Refused(why=why):
            return _refused(offer, why)
        case OnTheSpot(ground=ground):
            return _approve(offer, Reserve(offer.wish.worth, offer.owner, ground), now, spans)
        case NeedsApproval(by=needs, eyes=eyes):
            waiting = replace(offer, stage="awaiting", needs=needs, eyes=eyes, rung=needs)
            return _wait_for_yes(waiting, now, spans)


def _amend(offer: Offer, amended: Amended) -> OfferDecision:
    if offer.stage not in ("proposed", "awaiting", "approved"):
        return _refused(offer, WITH_CUSTOMER if offer.stage in OPEN else None)
    if amended.revision != offer.revision:
        return _refused(offer, CHANGED)
    again = replace(
        _authored(offer, amended.by),
        wish=amended.wish,
        stage="proposed",
        revision=offer.revision + 1,
        approvals=(),
        look_at=None,
    )
    return OfferDecision(again, _freed(offer))


def _withdraw(offer: Offer) -> OfferDecision:
    if offer.stage not in ("proposed", "awaiting", "approved"):
        return _refused(offer, WITH_CUSTOMER if offer.stage in OPEN else None)
    return OfferDecision(_over(offer, "withdrawn"), _freed(offer))


def _put(offer: Offer, revision: int, now: int, spans: Spans) -> OfferDecision:
    if offer.stage != "approved":
        return _refused(offer)
    if revision != offer.revision:
        return _refused(offer, CHANGED)
    at = _after(now, spans.valid)
    return OfferDecision(replace(offer, stage="put", look_at=at), (LookAgain(at),))


def _authored(offer: Offer, by: int) -> Offer:
    return replace(offer, authors=(*(author for author in offer.authors if author != by), by))


# --- approvers ------------------------------------------------------------------------------------------------------


def _by_approver(offer: Offer, event: Approved | TurnedDown, now: int, spans: Spans) -> OfferDecision:
    if offer.stage != "awaiting":
        return _refused(offer)
    if event.revision != offer.revision:
        return _refused(offer, CHANGED)
    if event.by in offer.authors:
        return _refused(offer, OWN)
    match event:
        case TurnedDown():
            return OfferDecision(_over(offer, "turned_down"), (TellOwner("turned_down"),))
        case Approved():
            return _take_yes(offer, event, now, spans)


def _take_yes(offer: Offer, approved: Approved, now: int, spans: Spans) -> OfferDecision:
    """Count a yes against what is needed at this moment, which may be more, or less, than when it was asked."""
    if approved.by in {yes.by for yes in offer.approvals}:
        return _refused(offer, YES_ALREADY)
    match approved.verdict:
        case Refused(why=why):
            return _refused(offer, why)
        case NeedsApproval(by=needs, eyes=eyes):
            offer = replace(offer, needs=needs, eyes=eyes)
        case OnTheSpot():
            offer = replace(offer, needs="supervisor", eyes=1)
    offer = replace(offer, approvals=(*offer.approvals, Yes(approved.by, approved.rank)))
    if _missing(offer) == 0:
        return _approve(offer, Reserve(offer.wish.worth, offer.owner, "approval"), now, spans)
    rung: Approver = "manager" if _lacks_manager(offer) else "supervisor"
    return _wait_for_yes(replace(offer, rung=rung, asked_again=0), now, spans)


def _wait_for_yes(offer: Offer, now: int, spans: Spans) -> OfferDecision:
    at = _after(now, min(spans.answer * PATIENCE**offer.asked_again, max(spans.answer, ONCE_A_DAY)))
    return OfferDecision(replace(offer, look_at=at), (AskForApproval(offer.rung, _missing(offer)), LookAgain(at)))


def _approve(offer: Offer, reserve: Reserve, now: int, spans: Spans) -> OfferDecision:
    at = _after(now, spans.care)
    told = (TellOwner("approved"),) if reserve.ground == "approval" else ()
    return OfferDecision(
        replace(offer, stage="approved", look_at=at), (reserve, PutToCustomer(offer.revision), *told, LookAgain(at))
    )


def _missing(offer: Offer) -> int:
    return max(offer.eyes - len(offer.approvals), int(_lacks_manager(offer)))


def _lacks_manager(offer: Offer) -> bool:
    return offer.needs == "manager" and all(yes.rank != "manager" for yes in offer.approvals)


def _hand_over(offer: Offer, staff: int, heir: int) -> OfferDecision:
    """Give what somebody leaves to their heir. Their yes no longer counts, nor the heir's for what is now their own."""
    if offer.stage not in OPEN:
        return OfferDecision(offer)
    inherited, waits = offer.owner == staff, offer.stage == "awaiting"
    gone = {staff, heir} if inherited else {staff}
    approvals = tuple(yes for yes in offer.approvals if not waits or yes.by not in gone)
    after = replace(_authored(offer, heir) if inherited else offer, approvals=approvals)
    asks = (AskForApproval(after.rung, _missing(after)),) if approvals != offer.approvals else ()
    return OfferDecision(after, (*asks, TellOwner("inherited")) if inherited else asks)


# --- the customer ---------------------------------------------------------------------------------------------------


def _by_customer(offer: Offer, event: Accepted | Declined, now: int, spans: Spans) -> OfferDecision:
    if offer.stage != "put" or event.revision != offer.revision:
        return _refused(offer, stands_to_customer(offer))
    if _due(offer, now):
        over = _look(offer, now, spans)
        return OfferDecision(over.offer, (*over.effects, Refuse(stands_to_customer(over.offer))))
    match event:
        case Declined():
            return OfferDecision(_over(offer, "declined"), (Release(), TellOwner("declined")))
        case Accepted():
            return _accept(replace(offer, coded=event.coded), now, spans)


def _accept(offer: Offer, now: int, spans: Spans) -> OfferDecision:
    at = _after(now, spans.redeemable if offer.by_code else spans.care)
    give = IssueCode(at) if offer.by_code else CarryOut(offer.wish.kind)
    accepted = replace(offer, stage="accepted", look_at=at)
    return OfferDecision(accepted, (give, TellOwner("accepted"), LookAgain(at)))


def _redeem(offer: Offer, event: Redeemed | Undone, now: int, spans: Spans) -> OfferDecision:
    match event:
        case Redeemed() if offer.stage == "accepted" and offer.by_code and _due(offer, now):
            lapsed = _look(offer, now, spans)
            return OfferDecision(lapsed.offer, (*lapsed.effects, Refuse(stands(lapsed.offer))))
        case Redeemed() if offer.stage == "accepted":
            return OfferDecision(_over(offer, "redeemed"), (Spend(),))
        case Undone(until=until) if offer.stage == "redeemed" and offer.by_code:
            return OfferDecision(replace(offer, stage="accepted", look_at=until), (Return(), LookAgain(until)))
        case _:
            return _refused(offer)


# --- time -----------------------------------------------------------------------------------------------------------


def _look(offer: Offer, now: int, spans: Spans) -> OfferDecision:
    if not _due(offer, now):  # it went on meanwhile
        return OfferDecision(offer)
    match offer.stage:
        case "awaiting":
            return _climb(offer, now, spans)
        case "put":
            return OfferDecision(_over(offer, "expired"), (Release(), TellOwner("expired")))
        case "accepted" if offer.by_code:
            return OfferDecision(_over(offer, "lapsed"), (Release(), TellOwner("lapsed")))
        case _:
            return _remind(offer, now, spans)


def _climb(offer: Offer, now: int, spans: Spans) -> OfferDecision:
    """Ask the next rung; above the last there is nobody, so it is asked again, later, and the owner hears it."""
    if offer.rung == "supervisor":
        return _wait_for_yes(replace(offer, rung="manager"), now, spans)
    again = _wait_for_yes(replace(offer, asked_again=min(offer.asked_again + 1, 10)), now, spans)
    return OfferDecision(again.offer, (TellOwner("nobody_answers"), *again.effects))


def _remind(offer: Offer, now: int, spans: Spans) -> OfferDecision:
    at = _after(now, spans.care)
    told = TellOwner("not_put" if offer.stage == "approved" else "not_carried_out")
    return OfferDecision(replace(offer, look_at=at), (told, LookAgain(at)))


def _due(offer: Offer, now: int) -> bool:
    return offer.look_at is not None and now >= offer.look_at


def _after(now: int, span: timedelta) -> int:
    return now + span // timedelta(milliseconds=1)


# --- ends -----------------------------------------------------------------------------------------------------------


def _over(offer: Offer, stage: Stage) -> Offer:
    return replace(offer, stage=stage, look_at=None)


def _freed(offer: Offer) -> tuple[Release, ...]:
    return (Release(),) if offer.stage in HELD else ()


def _refused(offer: Offer, why: Phrase | None = None) -> OfferDecision:
    return OfferDecision(offer, (Refuse(why or stands(offer)),))
