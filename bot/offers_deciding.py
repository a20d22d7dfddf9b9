"""Staff's taps on offers: yes or no to a colleague's, done, what a customer said by telephone; `/offers`, `/redeem`.

A button carries the revision that it was shown for, so that nobody agrees to what was changed meanwhile.
"""

from collections.abc import Callable, Mapping
from typing import Final

from bot import offers, offers_asking
from bot.access.policy import Act
from bot.case_words import title
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.offers_words import priced
from bot.phrases import say
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from recovery.offers import load
from storage.errors import NotFound
from storage.offers import OfferRow

NOT_YOURS: Final = phrase("You may not do this. Please ask a colleague who works cases.")
NO_LONGER: Final = phrase("That button is no longer in use.")
MOST_LISTED: Final = 10
BACK_PROMPT: Final = "offer_back"


def _read(choice: str) -> tuple[int, int, str] | None:
    """Return offer, revision and answer of a button's data; None for what is not one."""
    offer, _, rest = choice.partition(".")
    revision, _, answer = rest.partition(".")
    fits = all(part.isascii() and part.isdecimal() and len(part) <= 12 for part in (offer, revision))
    return (int(offer), int(revision), answer) if fits else None


def _row(talk: StaffTalk, offer_id: int) -> OfferRow | None:
    """Return an offer of this brand, None when there is none of that number."""
    try:
        row = talk.unit.offers.get(offer_id)
    except NotFound:
        return None
    return row if row.brand_id == talk.house.brand else None


def decided(talk: StaffTalk, _update: Pressed, choice: str) -> Phrase:
    """Take a yes or a no to somebody else's offer; return what to show in passing."""
    found = _read(choice)
    if found is None or found[2] not in ("yes", "no") or _row(talk, found[0]) is None:
        return NO_LONGER
    if not talk.may(Act.DECIDE_OFFERS):
        return offers.NOT_AN_APPROVER
    act = offers.approve if found[2] == "yes" else offers.turn_down
    return act(talk.scene, found[0], found[1], talk.member).said


def done(talk: StaffTalk, _update: Pressed, choice: str) -> Phrase:
    """Take that what the customer accepted is carried out."""
    offer_id = int(choice) if choice.isascii() and choice.isdecimal() and len(choice) <= 12 else 0
    if _row(talk, offer_id) is None:
        return NO_LONGER
    if not talk.may(Act.REDEEM_VOUCHERS):
        return NOT_YOURS
    return offers.carried_out(talk.scene, offer_id, talk.member).said


def said(talk: StaffTalk, _update: Pressed, choice: str) -> Phrase:
    """Take what a customer said on the telephone, whom we cannot write to."""
    found = _read(choice)
    if found is None or found[2] not in ("yes", "no") or _row(talk, found[0]) is None:
        return NO_LONGER
    if not talk.may(Act.MAKE_OFFERS):
        return NOT_YOURS
    act = offers.accept if found[2] == "yes" else offers.decline
    return act(talk.scene, found[0], found[1], talk.actor).said


# --- commands -------------------------------------------------------------------------------------------------------


def list_offers(talk: StaffTalk, _rest: str) -> None:
    """List what waits for this staff member's yes, each with its buttons; else what they wait for themselves."""
    waiting = offers.awaiting(talk.scene, talk.member)
    for row in waiting[:MOST_LISTED]:
        case, offer = talk.unit.cases.get(row.case_id), load(row.state)
        text = offers_asking.request_words(talk.scene, case, row, offer, None, talk.member.language)
        message = Message(text, offers_asking.buttons(row, offer, talk.member.language))
        prompt = offers_asking.request_prompt(row.id)
        talk.out.post(talk.address, message, "approval", prompt=prompt, case_id=case.id)
    if len(waiting) > MOST_LISTED:
        talk.say(phrase("And {count} more.", count=len(waiting) - MOST_LISTED))
    own = [row for row in talk.unit.offers.awaiting(talk.house.brand) if row.owner_id == talk.member.id]
    for row in own[:MOST_LISTED]:
        _list_own(talk, row)
    if not waiting and not own:
        talk.say(phrase("No offer waits for a yes."))


def _list_own(talk: StaffTalk, row: OfferRow) -> None:
    """Say that an offer of one's own waits for somebody else, and let it be taken back."""
    language, case = talk.member.language, talk.unit.cases.get(row.case_id)
    lines = (
        say(phrase("This waits for somebody else's yes:"), language),
        title(talk.scene, case, language),
        priced(row, language),
    )
    back = Button(say(phrase("Withdraw it"), language), f"1:{BACK_PROMPT}:{row.id}")
    talk.out.post(talk.address, Message("\n".join(lines), ((back,),)), "staff_reply", case_id=case.id)


def taken_back(talk: StaffTalk, _update: Pressed, choice: str) -> Phrase:
    """Take an offer back that its customer has not seen."""
    offer_id = int(choice) if choice.isascii() and choice.isdecimal() and len(choice) <= 12 else 0
    if _row(talk, offer_id) is None:
        return NO_LONGER
    if not talk.may(Act.MAKE_OFFERS):
        return NOT_YOURS
    return offers.withdraw(talk.scene, offer_id, talk.member).said


def redeem(talk: StaffTalk, rest: str) -> None:
    """Redeem a code at the counter, and say what it is worth."""
    if not rest.strip():
        talk.say(phrase("Please write the code behind it, such as /redeem 7K3M-XWQ2-9HDT."))
        return
    offered = offers.redeem(talk.scene, rest.strip(), talk.actor)
    if offered.done and offered.offer is not None:
        gift = priced(offered.offer, talk.member.language)
        talk.say(phrase("✓ Redeemed: {gift}. The code cannot be used again.", gift=gift))
    else:
        talk.say(offered.said)


PROMPTS: Final[Mapping[str, Callable[[StaffTalk, Pressed, str], Phrase | None]]] = {
    "approve": decided,
    "offer_done": done,
    "offer_said": said,
    BACK_PROMPT: taken_back,
}
"""The prompts of offers, each with who takes a tap on it."""
