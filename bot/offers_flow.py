"""An offer in the turn: what its machine decided, written down, and everybody told.

The machine is `recovery.offering`; here are its row, its line in the ledger, its messages and its due rows.
"""

from typing import Final

from bot import (
    case_steps,
    casework,
    clockwork,
    escalation,
    offers_asking,
    offers_books,
    offers_codes,
    offers_customer,
    offers_days,
    offers_news,
)
from bot.case_readers import holder
from bot.dispatching import WHEN_SOMEBODY_LEFT
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from recovery import cases, offering, offers
from recovery.authority import NeedsApproval
from recovery.offers import OURS, Offer, OfferDecision, OfferEffect, OfferEvent
from storage.cases import Case
from storage.due import DueRow
from storage.offers import OfferRow
from storage.staff import StaffMember

DUE: Final = "offer"
CARRY_OUT: Final = "carry_out"
"""A task to carry out what a customer accepted; its key ends in the offer's id."""

_DECIDED: Final[dict[str, Phrase]] = {
    "approved": phrase("Agreed by {names}."),
    "turned_down": phrase("Turned down by {name}."),
    "withdrawn": phrase("It was withdrawn."),
    "proposed": phrase("It was changed in the meantime."),
}


def tell(
    scene: Scene,
    row: OfferRow,
    event: OfferEvent,
    actor: str,
    *,
    what: str | None = None,
    reason: str | None = None,
) -> tuple[OfferRow, OfferDecision]:
    """Give an event to an offer's machine, and write down and carry out what it decided.

    `what` and `reason` are its new words, where the event brings some.
    """
    before = offers.load(row.state)
    decision = offering.advance(before, event, scene.now, offers_days.spans_of(scene))
    if decision.offer != before or (what, reason) != (None, None):
        row = _save(
            scene, row, decision.offer, row.what if what is None else what, row.reason if reason is None else reason
        )
        _note(scene, row, actor, type(event).__name__)
    if before.stage == "awaiting" and decision.offer.stage in _DECIDED:
        _show_decided(scene, row, decision.offer, actor)
    for effect in decision.effects:
        row = _carry_out(scene, row, decision.offer, effect, event)
    if isinstance(event, offers.Accepted) and decision.offer.stage == "accepted":
        case_steps.note_step(scene, scene.unit.cases.get(row.case_id), "atonement", "done", "customer")
    _move_clocks(scene, row, before.stage, decision.offer.stage)
    if decision.offer.stage != before.stage:
        escalation.show_state(scene, scene.unit.cases.get(row.case_id))
    return row, decision


def _move_clocks(scene: Scene, row: OfferRow, before: str, after: str) -> None:
    """Let the case's clocks stand still while an offer is the customer's to answer."""
    case = scene.unit.cases.get(row.case_id)
    if after == "put" != before:
        clockwork.asked_customer(scene, case)
    elif before == "put" != after:
        clockwork.customer_answered(scene, case)


def _save(scene: Scene, row: OfferRow, offer: Offer, what: str, reason: str) -> OfferRow:
    return scene.unit.offers.save(
        row.id,
        row.revision,
        state=offers.save(offer),
        stage=offer.stage,
        kind=offer.wish.kind,
        worth=offer.wish.worth.amount,
        currency=offer.wish.worth.currency,
        what=what,
        reason=reason,
        owner_id=offer.owner or None,
        closed_at=None if offer.stage in offers.OPEN else scene.now,
    )


def _note(scene: Scene, row: OfferRow, actor: str, what: str) -> None:
    scene.unit.history.add(scene.house.brand, f"offer:{row.id}", actor, what, row.stage, scene.now)
    scene.unit.history.add(
        scene.house.brand, f"case:{row.case_id}", actor, f"Offer{what}", f"{row.id}:{row.stage}", scene.now
    )


def _show_decided(scene: Scene, row: OfferRow, offer: Offer, actor: str) -> None:
    names = ", ".join(scene.unit.staff.get(yes.by).name for yes in offer.approvals)
    name = scene.unit.staff.get(int(actor.removeprefix("staff:"))).name if actor.startswith("staff:") else ""
    words = Phrase(_DECIDED[offer.stage].sentence, {"names": names, "name": name})
    offers_asking.show_decided(scene, scene.unit.cases.get(row.case_id), row, words)


def _carry_out(scene: Scene, row: OfferRow, offer: Offer, effect: OfferEffect, event: OfferEvent) -> OfferRow:
    case = scene.unit.cases.get(row.case_id)
    match effect:
        case offers.Reserve(ground=ground):
            offers_books.reserve(scene, row, offer, ground)
        case offers.Release():
            offers_books.follow(scene, row, "released")
        case offers.Spend():
            offers_books.follow(scene, row, "spent")
        case offers.Return():
            offers_books.take_back(scene, row)
        case offers.PutToCustomer(revision=revision):
            return _put(scene, case, row, offer, revision)
        case offers.LookAgain(at=at):
            scene.out.plan(DUE, row.id, f"{DUE}:{row.id}:{at}", at, scene.house.brand)
        case offers.Refuse():  # who asked tells whoever acted
            pass
        case _:
            _say(scene, case, row, offer, effect, event)
    return row


def _say(scene: Scene, case: Case, row: OfferRow, offer: Offer, effect: OfferEffect, event: OfferEvent) -> None:
    match effect:
        case offers.AskForApproval():
            verdict = event.verdict if isinstance(event, offers.Asked | offers.Approved) else None
            why = verdict.why if isinstance(verdict, NeedsApproval) else None
            if not offers_asking.ask(scene, case, row, offer, why):
                offers_news.tell_owner(scene, case, row, offer, "nobody_answers")
        case offers.IssueCode(until=until):
            voucher = offers_codes.issue(scene, row, until)
            if not offers_customer.give_code(scene, case, row, voucher, until):
                offers_news.tell_code(scene, case, row, voucher.code)
        case offers.CarryOut():
            key = f"{CARRY_OUT}:{row.id}"
            scene.unit.tasks.add(
                scene.house.brand,
                CARRY_OUT,
                key,
                scene.now,
                case_id=case.id,
                staff_member_id=row.owner_id,
                customer_id=row.customer_id,
            )
            offers_customer.say_carried(scene, case, row)
        case offers.TellOwner(what="approved") if row.stage == "approved":  # nobody could put it: they know already
            return
        case offers.TellOwner(what=what):
            offers_news.tell_owner(scene, case, row, offer, what)
        case _:
            return


def _put(scene: Scene, case: Case, row: OfferRow, offer: Offer, revision: int) -> OfferRow:
    """Put it to the customer at once; one who cannot be written to is rung up by the owner."""
    if not offers_customer.put(scene, case, row, offer, offers_days.valid_until(scene)):
        offers_news.tell_owner(scene, case, row, offer, "not_put")
        return row
    if row.owner_id is None:
        actor = "makegood"
    else:  # it is a word to the customer, and whoever writes first has the case
        actor = f"staff:{row.owner_id}"
        case, _ = casework.tell(scene, case, cases.Wrote(row.owner_id), actor)
    row, _ = tell(scene, row, offers.Put(revision), "makegood")
    case_steps.note_step(scene, case, "atonement", "asked", actor)
    return row


def offer_of(task_key: str) -> int:
    """Return the offer that a task of carrying something out is about."""
    return int(task_key.removeprefix(f"{CARRY_OUT}:"))


def finish_task(scene: Scene, row: OfferRow) -> None:
    """Strike out the task of carrying an offer out."""
    for task in scene.unit.tasks.of_case(row.case_id):
        if task.dedupe_key == f"{CARRY_OUT}:{row.id}":
            scene.unit.tasks.done(task.id, scene.now)


def look(due: DueRow, scene: Scene) -> int | None:
    """Look at an offer whose moment has come."""
    row = scene.unit.offers.get(due.subject)
    tell(scene, row, offers.LookDue(), "makegood")
    return None


def staff_left(scene: Scene, member_id: int, heir_id: int | None) -> None:
    """Hand what somebody leaves to their heir; without one it is nobody's but ours, and is still kept."""
    for row in scene.unit.offers.open_of(member_id):
        tell(scene, row, offers.StaffLeft(member_id, OURS if heir_id is None else heir_id), "makegood")


def somebody_left(scene: Scene, member: StaffMember) -> None:
    """Hand what somebody leaves to whoever has each case now."""
    for row in scene.unit.offers.open_of(member.id):
        heir = holder(scene.unit.cases.get(row.case_id))
        heir = OURS if heir is None or heir == member.id else heir
        tell(scene, row, offers.StaffLeft(member.id, heir), "makegood")


WHEN_SOMEBODY_LEFT.append(somebody_left)
