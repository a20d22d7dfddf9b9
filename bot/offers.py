"""What people do with offers: wish for one, agree to it, take it, redeem it. Chat, console, REST and CLI all come here.

Each act returns what came of it, with a sentence for whoever acted. Who may act at all is the policy's business and
is asked before; here it is asked what the limits say, and who has a part in the offer. All happens in the turn.
"""

from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot import offers_asking, offers_books, offers_codes, offers_customer, offers_days, offers_flow
from bot.clock import moment
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from conversations.understanding import clean, shorten
from recovery import offering, offers
from recovery.authority import IN_MONEY, NeedsApproval, Refused, Verdict, Wish
from recovery.money import written
from recovery.offers import OURS, OfferDecision
from storage.cases import Case
from storage.offers import OfferRow
from storage.staff import StaffMember
from storage.vouchers import Voucher

LONGEST: Final = 500
"""Characters of what is given in words, and of why."""

NO_CURRENCY: Final = phrase("To give money, an admin first sets business.currency in the settings, such as EUR.")
CASE_CLOSED: Final = phrase("This case is closed.")
SAY_WHY: Final = phrase("Please say in a sentence why, for whoever has to agree.")
SAY_WHAT: Final = phrase("Please say in a few words what it is.")
NOBODY_CAN: Final = phrase(
    "Nobody here can agree to it yet: an admin makes somebody a supervisor or a manager, or gives you an authority."
)
TAKEN_BACK: Final = phrase("This redemption was taken back.")
NOT_AN_APPROVER: Final = phrase("Only a supervisor or a manager may decide on this.")


class Offered(NamedTuple):
    """What came of an act: the offer as it is now, what to say to whoever acted, and whether it was done.

    `wants_reason` says that a reason is missing, and nothing else; `voucher` is the code that it was about.
    """

    offer: OfferRow | None
    said: Phrase
    done: bool
    wants_reason: bool = False
    voucher: Voucher | None = None


# --- staff ----------------------------------------------------------------------------------------------------------


def weigh(scene: Scene, case: Case, member: StaffMember, wish: Wish) -> Verdict:
    """Return whether this staff member may give it at once, on whose yes, or why nobody may."""
    if wish.kind in IN_MONEY and not scene.house.currency:
        return Refused(NO_CURRENCY)
    return offers_books.weigh(scene, case, wish, member.id)


def propose(scene: Scene, case: Case, member: StaffMember, wish: Wish, what: str, reason: str) -> Offered:
    """Offer something to the customer of a case: at once within the authority, else by asking for a yes.

    `what` says in words what a gift or an allowance is; `reason` is needed where somebody has to agree. What is
    refused leaves no offer behind.
    """
    refused = _unfit(scene, case, wish, what) or _beyond(scene, case, member, wish, reason)
    if refused is not None:
        return refused
    row = draft(scene, case, member, wish, what, reason)
    return ask(scene, row.id, 1, member)


def _unfit(scene: Scene, case: Case, wish: Wish, what: str) -> Offered | None:
    if case.closed_at is not None:
        return Offered(None, CASE_CLOSED, done=False)
    if wish.kind not in IN_MONEY and not clean(what):
        return Offered(None, SAY_WHAT, done=False)
    return None


def _beyond(scene: Scene, case: Case, member: StaffMember, wish: Wish, reason: str) -> Offered | None:
    """Return why it goes no further as it stands; None when it may go out, or be asked for."""
    match weigh(scene, case, member, wish):
        case Refused(why=why):
            return Offered(None, why, done=False)
        case NeedsApproval() as needs:
            if not offers_asking.can_be_asked(scene, case, offering.proposed(wish, member.id), needs):
                return Offered(None, NOBODY_CAN, done=False)
            if not clean(reason):
                return Offered(None, SAY_WHY, done=False, wants_reason=True)
    return None


def draft(scene: Scene, case: Case, member: StaffMember, wish: Wish, what: str, reason: str = "") -> OfferRow:
    """Keep a wish on its author's desk: nobody has seen it, and nothing is held for it."""
    row = scene.unit.offers.add(
        scene.house.brand,
        case.id,
        case.customer_id,
        offers.save(offering.proposed(wish, member.id)),
        wish.kind,
        wish.worth.amount,
        wish.worth.currency,
        scene.now,
        what=_words(what),
        reason=_words(reason),
        owner_id=member.id,
    )
    scene.unit.history.add(scene.house.brand, f"offer:{row.id}", f"staff:{member.id}", "Proposed", row.kind, scene.now)
    return row


def ask(scene: Scene, offer_id: int, revision: int, member: StaffMember) -> Offered:
    """Let a proposed offer go its way: to the customer at once, or to whoever has to agree."""
    row = scene.unit.offers.get(offer_id)
    offer, case = offers.load(row.state), scene.unit.cases.get(row.case_id)
    refused = _unfit(scene, case, offer.wish, row.what)
    if refused is None and offer.stage == "proposed" and revision == offer.revision:
        refused = _beyond(scene, case, member, offer.wish, row.reason)
    if refused is not None:
        return refused._replace(offer=row)
    asked = offers.Asked(member.id, revision, weigh(scene, case, member, offer.wish))
    row, decision = offers_flow.tell(scene, row, asked, f"staff:{member.id}")
    if (why := _refusal(decision)) is not None:
        return Offered(row, why, done=False)
    return Offered(row, _gone(scene, row, decision), done=True)


def _gone(scene: Scene, row: OfferRow, decision: OfferDecision) -> Phrase:
    if row.stage == "put":
        return phrase("The offer is with the customer. I will tell you what they say.")
    if row.stage == "approved":
        return phrase("The customer cannot be reached in chat. Please telephone: I have written to you what to say.")
    names = [member.name for member in _asked(scene, row)]
    if not names:
        return phrase("It waits for a yes. I will tell you when somebody answers.")
    return phrase("I asked {names}. I will tell you what they say.", names=", ".join(names[:5]))


def _asked(scene: Scene, row: OfferRow) -> list[StaffMember]:
    offer = offers.load(row.state)
    return offers_asking.eligible(scene, scene.unit.cases.get(row.case_id), offer, offer.rung)


def amend(
    scene: Scene,
    offer_id: int,
    revision: int,
    member: StaffMember,
    wish: Wish | None = None,
    *,
    what: str | None = None,
    reason: str | None = None,
) -> Offered:
    """Change what is offered, in words or in worth; every yes is asked for anew."""
    row = scene.unit.offers.get(offer_id)
    offer = offers.load(row.state)
    amended = offers.Amended(member.id, revision, offer.wish if wish is None else wish)
    new_what = None if what is None else _words(what)
    new_reason = None if reason is None else _words(reason)
    row, decision = offers_flow.tell(scene, row, amended, f"staff:{member.id}", what=new_what, reason=new_reason)
    if (why := _refusal(decision)) is not None:
        return Offered(row, why, done=False)
    return Offered(row, phrase("It is changed. Please send it when it is right."), done=True)


def withdraw(scene: Scene, offer_id: int, member: StaffMember) -> Offered:
    """Take an offer back that its customer has not seen."""
    row, decision = offers_flow.tell(
        scene, scene.unit.offers.get(offer_id), offers.Withdrawn(member.id), f"staff:{member.id}"
    )
    return _result(row, decision, phrase("The offer is withdrawn."))


def approve(scene: Scene, offer_id: int, revision: int, member: StaffMember) -> Offered:
    """Say yes to somebody else's offer, having seen that revision; the limits are weighed at this moment."""
    row = scene.unit.offers.get(offer_id)
    rank, offer, case = offers_asking.rank_of(member), offers.load(row.state), scene.unit.cases.get(row.case_id)
    if rank is None:
        return Offered(row, NOT_AN_APPROVER, done=False)
    if case.closed_at is not None and case.outcome != "joined":
        return Offered(row, CASE_CLOSED, done=False)
    verdict = offers_books.weigh(scene, case, offer.wish, offer.owner)
    said = offers.Approved(member.id, rank, revision, verdict)
    row, decision = offers_flow.tell(scene, row, said, f"staff:{member.id}")
    waits = phrase("Your yes counts. Somebody else has to agree, too.")
    gone = phrase("Thank you. The offer goes to the customer now.")
    return _result(row, decision, waits if row.stage == "awaiting" else gone)


def turn_down(scene: Scene, offer_id: int, revision: int, member: StaffMember) -> Offered:
    """Say no to somebody else's offer."""
    row = scene.unit.offers.get(offer_id)
    if offers_asking.rank_of(member) is None:
        return Offered(row, NOT_AN_APPROVER, done=False)
    row, decision = offers_flow.tell(scene, row, offers.TurnedDown(member.id, revision), f"staff:{member.id}")
    return _result(row, decision, phrase("It is turned down, and I told whoever asked."))


def awaiting(scene: Scene, member: StaffMember) -> list[OfferRow]:
    """Return the offers that wait for this staff member's yes, oldest first."""
    if offers_asking.rank_of(member) is None:
        return []
    waiting = scene.unit.offers.awaiting(scene.house.brand)
    return [row for row in waiting if _may_still_decide(row, member)]


def _may_still_decide(row: OfferRow, member: StaffMember) -> bool:
    offer = offers.load(row.state)
    return member.id not in offer.authors and member.id not in {yes.by for yes in offer.approvals}


# --- the customer ---------------------------------------------------------------------------------------------------


def accept(scene: Scene, offer_id: int, revision: int, actor: str = "customer") -> Offered:
    """Take what was offered. `actor` is a staff member when the customer said so on the telephone."""
    row = _put_by_word(scene, scene.unit.offers.get(offer_id), revision, actor)
    accepted = offers.Accepted(revision, offers_codes.has_code(scene, row))
    row, decision = offers_flow.tell(scene, row, accepted, actor)
    return _result(row, decision, phrase("Thank you!"))


def decline(scene: Scene, offer_id: int, revision: int, actor: str = "customer") -> Offered:
    """Decline what was offered; nothing is held for it any more."""
    row = _put_by_word(scene, scene.unit.offers.get(offer_id), revision, actor)
    row, decision = offers_flow.tell(scene, row, offers.Declined(revision), actor)
    return _result(row, decision, phrase("Thank you for telling us."))


def _put_by_word(scene: Scene, row: OfferRow, revision: int, actor: str) -> OfferRow:
    """Put an offer by a staff member's own words, where we could not write to the customer."""
    if row.stage == "approved" and actor.startswith("staff:"):
        row, _ = offers_flow.tell(scene, row, offers.Put(revision), actor)
    return row


# --- redeeming ------------------------------------------------------------------------------------------------------


def redeem(scene: Scene, code: str, by: str, key: str | None = None) -> Offered:
    """Redeem a code, once. `by` says who did: staff:4, key:NAME, operator; `key` is the caller's own, hashed.

    A second redemption is refused, saying when it was; the same caller's same key is a replay, and gets the first
    answer again, or hears that it was taken back since.
    """
    voucher = offers_codes.find(scene.unit, scene.house.brand, code)
    if voucher is None:
        return Offered(None, phrase("There is no such code. Please compare it sign by sign."), done=False)
    if voucher.offer_id is None:
        return Offered(None, phrase("This code was not given to anybody yet."), done=False, voucher=voucher)
    row = scene.unit.offers.get(voucher.offer_id)
    if key is not None and (voucher.redeemed_key, voucher.redeemed_by) == (key, by):
        stands = voucher.redeemed_at is not None
        return Offered(row, _redeemed(row) if stands else TAKEN_BACK, done=stands, voucher=voucher)
    if voucher.redeemed_at is not None and row.stage == "redeemed":
        return Offered(row, _redeemed_before(scene, voucher.redeemed_at), done=False, voucher=voucher)
    row, decision = offers_flow.tell(scene, row, offers.Redeemed(), by)
    why = _refusal(decision)
    if why is None and not scene.unit.vouchers.redeem(voucher.id, scene.now, by, key):
        raise RuntimeError(f"voucher {voucher.id} was redeemed, and its offer was not")
    fresh = scene.unit.vouchers.of_offer(row.id)
    return Offered(row, _redeemed(row) if why is None else why, done=why is None, voucher=fresh)


def _redeemed_before(scene: Scene, at: int) -> Phrase:
    local = moment(at).astimezone(ZoneInfo(scene.house.zone))
    return phrase("This code was redeemed already, on {moment}.", moment=f"{local:%Y-%m-%d %H:%M}")


def _redeemed(row: OfferRow) -> Phrase:
    if row.worth:
        return phrase("Redeemed: {gift}.", gift=_plain(row))
    return phrase("Redeemed: {gift}.", gift=row.what)


def _plain(row: OfferRow) -> str:
    worth = written(offers.load(row.state).wish.worth)
    return f"{row.what} ({worth})" if row.what else worth


def undo(scene: Scene, code: str, by: str) -> Offered:
    """Say that redeeming a code was a mistake: what was given came back, and the code is good once again."""
    voucher = offers_codes.find(scene.unit, scene.house.brand, code)
    if voucher is None or voucher.offer_id is None:
        return Offered(None, phrase("There is no such code. Please compare it sign by sign."), done=False)
    until = offers_days.good_again(scene, voucher)
    row, decision = offers_flow.tell(scene, scene.unit.offers.get(voucher.offer_id), offers.Undone(until), by)
    result = _result(row, decision, phrase("Taken back. The code is good once again."))
    if result.done and not scene.unit.vouchers.give_back(voucher.id, until):
        raise RuntimeError(f"voucher {voucher.id} was not redeemed, and its offer was")
    return result._replace(voucher=scene.unit.vouchers.of_offer(row.id))


def carried_out(scene: Scene, offer_id: int, member: StaffMember) -> Offered:
    """Say that what the customer accepted is done: it is redeemed, and they hear so."""
    row = scene.unit.offers.get(offer_id)
    if offers.load(row.state).by_code:
        return Offered(row, phrase("It is redeemed by its code: /redeem CODE."), done=False)
    row, decision = offers_flow.tell(scene, row, offers.Redeemed(), f"staff:{member.id}")
    if _refusal(decision) is None:
        offers_customer.say_done(scene, scene.unit.cases.get(row.case_id), row)
        offers_flow.finish_task(scene, row)
    return _result(row, decision, phrase("Thank you. I told the customer."))


# --- by itself ------------------------------------------------------------------------------------------------------


def thank(scene: Scene, case: Case, wish: Wish, what: str) -> OfferRow | None:
    """Offer a touchpoint's thank-you to who complained, once a case and within the budget; None when it may not be.

    It belongs to whoever has the case, and to nobody but us until somebody has.
    """
    if _unfit(scene, case, wish, what) is not None or (wish.kind in IN_MONEY and not scene.house.currency):
        return None
    verdict = offers_books.weigh(scene, case, wish, OURS, thanks=wish)
    if isinstance(verdict, Refused | NeedsApproval) or verdict.ground != "thanks":
        return None
    row = scene.unit.offers.add(
        scene.house.brand,
        case.id,
        case.customer_id,
        offers.save(offering.proposed(wish, OURS)),
        wish.kind,
        wish.worth.amount,
        wish.worth.currency,
        scene.now,
        what=_words(what),
    )
    row, _ = offers_flow.tell(scene, row, offers.Asked(OURS, 1, verdict), "makegood")
    return row


def staff_left(scene: Scene, member: StaffMember, heir: StaffMember | None) -> None:
    """Hand what somebody leaves to their heir, in the unit of work in which they leave."""
    offers_flow.staff_left(scene, member.id, None if heir is None else heir.id)


# --- results --------------------------------------------------------------------------------------------------------


def _refusal(decision: OfferDecision) -> Phrase | None:
    return next((effect.why for effect in decision.effects if isinstance(effect, offers.Refuse)), None)


def _result(row: OfferRow, decision: OfferDecision, said: Phrase) -> Offered:
    why = _refusal(decision)
    return Offered(row, said if why is None else why, done=why is None)


def _words(text: str) -> str:
    return shorten(clean(text), LONGEST)[0]
