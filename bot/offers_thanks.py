"""The thank-you of a touchpoint when its moment has come: offered by itself, within its own ground and the budget."""

from typing import Final

from bot import offers
from bot.offers_books import currency_of
from bot.people import language_of
from bot.scene import Scene
from conversations.surveys import said_in
from recovery.authority import OfferKind, Wish
from recovery.money import Money, NotAnAmount, read_money
from recovery.plans import DEFAULT, Remedy
from storage.cases import Case
from storage.due import DueRow

NOT_FOR: Final = frozenset({"corrected", "joined"})
"""Outcomes after which there was nothing to complain about, or another case goes on."""


def give(due: DueRow, scene: Scene) -> int | None:
    """Offer the thank-you of a case; nothing follows where it may not be given."""
    case = scene.unit.cases.get(due.subject)
    remedy = scene.house.shelved.book.plans.get(case.plan).thanks_with
    if remedy is None or case.closed_at is not None or case.outcome in NOT_FOR:
        return None
    wish = wish_of(scene, remedy)
    if wish is not None:
        offers.thank(scene, case, wish, what_of(scene, case, remedy))
    return None


def wish_of(scene: Scene, remedy: Remedy) -> Wish | None:
    """Return what a plan has ready, in the business's currency; None when that currency cannot have it."""
    kind: OfferKind = remedy.kind  # type: ignore[assignment]  # its reader takes no other
    if not remedy.worth:
        return Wish(kind, Money(0, currency_of(scene)))
    if not scene.house.currency:
        return None
    try:
        return Wish(kind, read_money(remedy.worth, scene.house.currency))
    except NotAnAmount:
        return None


def what_of(scene: Scene, case: Case, remedy: Remedy) -> str:
    """Return in the customer's words what it is; empty for what is money alone."""
    if not remedy.what:
        return ""
    customer = scene.unit.customers.get(case.customer_id)
    reachable = scene.unit.addresses.of_customer(customer.id)
    language = (
        language_of(reachable[0], customer, scene.house) if reachable else customer.language or scene.house.language
    )
    return said_in(remedy.what, language, DEFAULT)
