"""An offer in words: what it is, how it stands, and what its customer reads."""

from typing import Final

from bot.amounts import shown
from bot.offers_days import last_day
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from recovery.authority import OfferKind
from recovery.money import Money
from recovery.offers import load
from storage.offers import OfferRow

KINDS: Final[dict[OfferKind, Phrase]] = {
    "voucher": phrase("Voucher"),
    "credit": phrase("Credit"),
    "refund": phrase("Refund"),
    "gift": phrase("Gift"),
    "extra_allowance": phrase("Something extra"),
}

_IN_MONEY: Final[dict[OfferKind, Phrase]] = {
    "voucher": phrase("a voucher worth {amount}"),
    "credit": phrase("a credit of {amount}"),
    "refund": phrase("{amount} back"),
}


def what_it_is(row: OfferRow, language: str) -> str:
    """Return what is offered, as it reads within a sentence: `a voucher worth €20.00`, `a bunch of flowers`."""
    offer = load(row.state)
    in_money = _IN_MONEY.get(offer.wish.kind)
    if in_money is None:
        return row.what
    return say(Phrase(in_money.sentence, {"amount": shown(offer.wish.worth, language)}), language)


def priced(row: OfferRow, language: str) -> str:
    """Return what is offered as staff read it: with what it costs, where that is not said anyway."""
    worth = Money(row.worth, row.currency)
    if row.kind in _IN_MONEY or not worth:
        return what_it_is(row, language)
    return f"{row.what} ({shown(worth, language)})"


def put_words(scene: Scene, row: OfferRow, until: int, language: str) -> str:
    """Return how an offer is put to its customer."""
    lines = (
        say(phrase("We would like to make up for what went wrong, and offer you:"), language),
        what_it_is(row, language),
        say(
            phrase("Would you like it? You can think it over until {day}.", day=last_day(scene, until, language)),
            language,
        ),
    )
    return "\n\n".join((_signed(scene, row, language) + lines[0], *lines[1:]))


def thanks_words(scene: Scene, row: OfferRow, until: int, language: str) -> str:
    """Return how a touchpoint's thank-you is put to who complained."""
    lines = (
        say(
            phrase("Thank you for telling us: that helps us more than silence. As a small thank-you, for you:"),
            language,
        ),
        what_it_is(row, language),
        say(
            phrase("Would you like it? You can think it over until {day}.", day=last_day(scene, until, language)),
            language,
        ),
    )
    return "\n\n".join(lines)


def _signed(scene: Scene, row: OfferRow, language: str) -> str:
    """Return a line that says who writes, as below any other word of a staff member."""
    if row.owner_id is None:
        return ""
    business = scene.house.business.get("name", "")
    name = scene.unit.staff.get(row.owner_id).name
    who = f"{name} · {business}" if business else name
    return say(phrase("{who}:", who=who), language) + "\n"


def code_words(scene: Scene, row: OfferRow, code: str, until: int, language: str) -> str:
    """Return what comes with a code: what it is, how it is redeemed, and until when."""
    head = phrase("Here you are: {gift}. Your code:", gift=what_it_is(row, language))
    tail = phrase(
        "Please show or name it when you come or order next. It can be used once, until {day}.",
        day=last_day(scene, until, language),
    )
    return f"{say(head, language)}\n\n{code}\n\n{say(tail, language)}"


def carried_words(scene: Scene, row: OfferRow, language: str) -> Phrase:
    """Return what an accepted offer is answered with that a person has to carry out."""
    gift = what_it_is(row, language)
    if row.owner_id is None:
        return phrase("Thank you! We see to it now: {gift}.", gift=gift)
    return phrase("Thank you! {name} sees to it now: {gift}.", name=scene.unit.staff.get(row.owner_id).name, gift=gift)
