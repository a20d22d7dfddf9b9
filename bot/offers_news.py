"""What the owner of an offer hears of it: each a new message, with what is theirs to do below it."""

from typing import Final

from bot.case_words import title
from bot.channels.messages import Button, Message
from bot.offers_asking import owner_chats
from bot.offers_words import priced
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from recovery.offers import Offer
from storage.cases import Case
from storage.offers import OfferRow

DONE_PROMPT: Final = "offer_done"
SAID_PROMPT: Final = "offer_said"

DONE: Final = phrase("Done")
THEY_SAID_YES: Final = phrase("They said yes")
THEY_SAID_NO: Final = phrase("They said no")

NEWS: Final[dict[str, Phrase]] = {
    "approved": phrase("Agreed by {names}: {gift}. It is with the customer now."),
    "turned_down": phrase("This was turned down: {gift}."),
    "nobody_answers": phrase("Nobody answered yet whether this may be given: {gift}. I asked again."),
    "not_put": phrase(
        "The customer cannot be reached in chat. Please telephone, offer them this, and tap what they said: {gift}."
    ),
    "accepted": phrase("The customer would like it: {gift}."),
    "declined": phrase("The customer would rather not have it: {gift}."),
    "expired": phrase("The customer did not answer in time: {gift}. Nothing is held for it any more."),
    "lapsed": phrase("This was not redeemed in time: {gift}. Nothing is held for it any more."),
    "not_carried_out": phrase("The customer is still waiting for this. Please see to it, then tap Done: {gift}."),
    "inherited": phrase("This offer is yours now, because whoever made it no longer works here: {gift}."),
}
TO_CARRY_OUT: Final = phrase("The customer would like it. Please see to it, then tap Done: {gift}.")
TO_SAY: Final = phrase("The customer cannot be reached in chat. Please tell them their code: {code}")


def tell_owner(scene: Scene, case: Case, row: OfferRow, offer: Offer, what: str) -> None:
    """Tell whoever an offer belongs to what became of it."""
    carries_out = offer.stage == "accepted" and not offer.by_code
    words = TO_CARRY_OUT if what == "accepted" and carries_out else NEWS[what]
    names = ", ".join(scene.unit.staff.get(yes.by).name for yes in offer.approvals)
    for address, language in owner_chats(scene, case, row):
        places = {"gift": priced(row, language), "names": names}
        text = f"{title(scene, case, language)}\n{say(Phrase(words.sentence, dict(places)), language)}"
        scene.out.post(address, Message(text, _rows(row, offer, what, language)), "offer_news", case_id=case.id)


def _rows(row: OfferRow, offer: Offer, what: str, language: str) -> tuple[tuple[Button, ...], ...]:
    if offer.stage == "accepted" and not offer.by_code:
        return ((Button(say(DONE, language), f"1:{DONE_PROMPT}:{row.id}"),),)
    return said_rows(row, offer, language) if what == "not_put" else ()


def said_rows(row: OfferRow, offer: Offer, language: str) -> tuple[tuple[Button, ...], ...]:
    """Return what a staff member taps to whom the customer said yes or no, in words or by telephone."""
    about = f"1:{SAID_PROMPT}:{row.id}.{offer.revision}"
    yes, no = say(THEY_SAID_YES, language), say(THEY_SAID_NO, language)
    return ((Button(yes, f"{about}.yes"), Button(no, f"{about}.no")),)


def tell_code(scene: Scene, case: Case, row: OfferRow, code: str) -> None:
    """Have the owner say the code to a customer whom we cannot write to."""
    for address, language in owner_chats(scene, case, row):
        text = f"{title(scene, case, language)}\n{say(Phrase(TO_SAY.sentence, {'code': code}), language)}"
        scene.out.post(address, Message(text), "offer_news", case_id=case.id)
