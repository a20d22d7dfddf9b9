"""What an offer's customer reads: the offer itself, their code, that it is carried out.

The offer has a prompt of its own with the revision that it shows, and goes out once more at most, word for word: a
compensation that is said twice is still one. Its answer counts in the chat in which it was put, from nobody else.
"""

from typing import Final, NamedTuple

from bot.channels.messages import Button, Message
from bot.composing import chosen_message, press
from bot.inviting import contact_facts
from bot.offers_days import valid_until
from bot.offers_words import carried_words, code_words, put_words, thanks_words, what_it_is
from bot.outgoing import message_of
from bot.people import speak_about
from bot.phrases import say
from bot.scene import Scene
from conversations import contact
from conversations.contact import Kind, NotNow, Withheld
from conversations.phrases import Phrase, phrase
from recovery.offers import OURS, Offer, load
from storage.addresses import Address
from storage.cases import Case
from storage.offers import OfferRow
from storage.outbox import OutboxRow
from storage.unit import Unit
from storage.vouchers import Voucher

OFFER_PROMPT: Final = "offer"
YES: Final = "yes"
NO: Final = "no"
YES_PLEASE: Final = phrase("Yes, please")
NO_THANK_YOU: Final = phrase("No, thank you")


class Reached(NamedTuple):
    """Where a customer reads us, in which language, and from when on we may begin to write (ms)."""

    address: Address
    language: str
    from_at: int


def reach(scene: Scene, case: Case) -> Reached | None:
    """Return where the customer of a case can be written to, None when they cannot."""
    customer = scene.unit.customers.get(case.customer_id)
    reachable = scene.unit.addresses.of_customer(customer.id)
    if not reachable:
        return None
    address = reachable[0]
    conversation = scene.unit.conversations.open_at(address.id)
    facts = contact_facts(scene.unit, scene.house, customer, address, conversation, sampled=True)
    verdict = contact.may_we_ask(Kind.RELAY, facts, scene.house.rules, scene.now)
    if isinstance(verdict, Withheld):
        return None
    language = address.language or customer.language or scene.house.language
    from_at = verdict.until if isinstance(verdict, NotNow) else 0
    return Reached(address, language, from_at)


def prompt_of(offer_id: int, revision: int) -> str:
    """Return the prompt of one revision of an offer."""
    return f"{OFFER_PROMPT}.{offer_id}.{revision}"


def read_prompt(prompt: str) -> tuple[int, int] | None:
    """Return offer and revision of a prompt; None for what is no offer's."""
    name, _, numbers = prompt.partition(".")
    offer, _, revision = numbers.partition(".")
    fits = all(part.isascii() and part.isdecimal() and len(part) <= 12 for part in (offer, revision))
    return (int(offer), int(revision)) if name == OFFER_PROMPT and fits else None


def put(scene: Scene, case: Case, row: OfferRow, offer: Offer, until: int) -> bool:
    """Put an offer to its customer. False: they cannot be written to."""
    reached = reach(scene, case)
    if reached is None:
        return False
    address, language, from_at = reached
    thanks = offer.authors[0] == OURS
    text = thanks_words(scene, row, until, language) if thanks else put_words(scene, row, until, language)
    prompt = prompt_of(row.id, offer.revision)
    buttons = (
        Button(say(YES_PLEASE, language), press(prompt, YES)),
        Button(say(NO_THANK_YOU, language), press(prompt, NO)),
    )
    scene.out.post(
        address,
        Message(text, (buttons,)),
        "offer",
        prompt=prompt,
        case_id=case.id,
        not_before=from_at,
        dedupe_key=prompt,
    )
    speak_about(address, case.customer_id, scene.unit)
    return True


def preview(scene: Scene, case: Case, row: OfferRow) -> str:
    """Return what the customer would read, in their language, as if it went out now."""
    customer = scene.unit.customers.get(case.customer_id)
    reached = reach(scene, case)
    language = reached.language if reached else customer.language or scene.house.language
    return put_words(scene, row, valid_until(scene), language)


def give_code(scene: Scene, case: Case, row: OfferRow, voucher: Voucher, until: int) -> bool:
    """Tell the customer their code. False: they cannot be written to, and somebody has to say it to them."""
    reached = reach(scene, case)
    if reached is None:
        return False
    text = code_words(scene, row, voucher.code, until, reached.language)
    key = f"voucher:{row.id}"
    scene.out.post(
        reached.address, Message(text), "voucher", prompt=f"voucher.{row.id}", case_id=case.id, dedupe_key=key
    )
    speak_about(reached.address, case.customer_id, scene.unit)
    return True


def tell(scene: Scene, case: Case, words: Phrase, key: str) -> None:
    """Tell the customer something about their offer, once."""
    reached = reach(scene, case)
    if reached is not None:
        message = Message(say(words, reached.language))
        scene.out.post(reached.address, message, "reply", case_id=case.id, dedupe_key=key)


def say_carried(scene: Scene, case: Case, row: OfferRow) -> None:
    """Thank for the yes, and say who sees to it."""
    reached = reach(scene, case)
    if reached is not None:
        tell(scene, case, carried_words(scene, row, reached.language), f"offer:{row.id}:carried")


def say_done(scene: Scene, case: Case, row: OfferRow) -> None:
    """Say that what was promised is done."""
    reached = reach(scene, case)
    if reached is not None:
        gift = what_it_is(row, reached.language)
        tell(scene, case, phrase("It is done: {gift}. Thank you for your patience.", gift=gift), f"offer:{row.id}:done")


def outdated(unit: Unit, prompt: str) -> str | None:
    """Return why an offer need not be put (again); None as long as its customer may still answer it."""
    found = read_prompt(prompt)
    offer = None if found is None else load(unit.offers.get(found[0]).state)
    stands = offer is not None and found is not None and (offer.stage, offer.revision) == ("put", found[1])
    return None if stands else "the offer is over"


def shown_in(scene: Scene, prompt: str) -> OutboxRow | None:
    """Return the message in which an offer was put."""
    return scene.house.recent.row_of(scene.unit, prompt)


def show_answer(scene: Scene, row: OutboxRow, choice: str) -> None:
    """Show below the offer what its customer chose, in place of the buttons."""
    address = scene.unit.addresses.get(row.address_id)
    before = message_of(row)
    labels = [button.label for line in before.rows for button in line if button.press.endswith(f":{choice}")]
    scene.out.edit(address, row, chosen_message(before, labels[0] if labels else ""), again=True)
