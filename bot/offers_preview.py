"""What an offer's author sees before it goes: the very words of the customer, and what sending it means.

What is being put together is a proposed offer: nobody has seen it, nothing is held for it, and a new one takes its
place. The buttons carry its revision, so that what is sent is what was shown.
"""

from typing import Final

from bot import offers, offers_customer, offers_news
from bot.case_buttons import act_button
from bot.case_words import title
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.offers_words import priced
from bot.phrases import say
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from recovery import offers as machine
from recovery.authority import IN_MONEY, NeedsApproval, OnTheSpot, Refused, Wish
from storage.cases import Case
from storage.offers import OfferRow

Rows = tuple[tuple[Button, ...], ...]

SEND: Final = phrase("Send")
DROP: Final = phrase("Drop it")
COSTS: Final = phrase("Say what it costs")
NO_LONGER: Final = phrase("That button is no longer in use.")


def name_of(talk: StaffTalk, case: Case) -> str:
    """Return what a case's customer is called."""
    return talk.unit.customers.get(case.customer_id).name or str(case.number)


def newest_draft(talk: StaffTalk, case: Case) -> OfferRow | None:
    """Return what this staff member is putting together in a case, None when nothing."""
    own = [
        row for row in talk.unit.offers.of_case(case.id) if row.stage == "proposed" and row.owner_id == talk.member.id
    ]
    return own[-1] if own else None


def drafted(talk: StaffTalk, case: Case, wish: Wish, what: str) -> OfferRow:
    """Keep what is being put together; what was before is dropped."""
    before = newest_draft(talk, case)
    if before is not None:
        offers.withdraw(talk.scene, before.id, talk.member)
    return offers.draft(talk.scene, case, talk.member, wish, what)


def preview(talk: StaffTalk, case: Case, row: OfferRow) -> None:
    """Show what the customer will read, and what sending it means."""
    language, offer = talk.member.language, machine.load(row.state)
    lines = [
        title(talk.scene, case, language),
        say(phrase("{name} will read:", name=name_of(talk, case)), language),
        f"———\n{offers_customer.preview(talk.scene, case, row)}\n———",
        say(_what_sending_means(talk, case, offer.wish), language),
    ]
    message = Message("\n".join(lines), _preview_rows(talk, case, row, offer))
    talk.out.post(talk.address, message, "staff_reply", case_id=case.id)


def _what_sending_means(talk: StaffTalk, case: Case, wish: Wish) -> Phrase:
    match offers.weigh(talk.scene, case, talk.member, wish):
        case OnTheSpot():
            return phrase("It is within your authority: it goes out at once.")
        case NeedsApproval(why=why) | Refused(why=why):
            return why


def _preview_rows(talk: StaffTalk, case: Case, row: OfferRow, offer: machine.Offer) -> Rows:
    language, about = talk.member.language, f"{row.id}.{offer.revision}"
    send = act_button(SEND, case.number, f"offer:send:{about}", language)
    drop = act_button(DROP, case.number, f"offer:drop:{about}", language)
    if offer.wish.kind in IN_MONEY or not talk.house.currency:
        return ((send, drop),)
    return ((send, drop), (act_button(COSTS, case.number, f"offer:costs:{about}", language),))


def _draft_of(talk: StaffTalk, case: Case, rest: str) -> tuple[OfferRow, int] | None:
    offer, _, revision = rest.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) <= 12 for part in (offer, revision)):
        return None
    found = [row for row in talk.unit.offers.of_case(case.id) if row.id == int(offer)]
    return (found[0], int(revision)) if found else None


def send(talk: StaffTalk, case: Case, update: Pressed, rest: str) -> Phrase | None:
    """Let it go its way; return what to show in passing when it does not."""
    found = _draft_of(talk, case, rest)
    if found is None:
        return NO_LONGER
    row, revision = found
    offered = offers.ask(talk.scene, row.id, revision, talk.member)
    if offered.wants_reason:
        _ask_why(talk, case, row)
        return None
    if offered.done:
        replace(talk, update, case, _sent_words(talk, case, offered), _said_rows(talk, offered))
        return None
    return offered.said


def _said_rows(talk: StaffTalk, offered: offers.Offered) -> Rows:
    """Return the buttons for a customer who answers an offer in words instead of tapping."""
    row = offered.offer
    if row is None or row.stage != "put":
        return ()
    return offers_news.said_rows(row, machine.load(row.state), talk.member.language)


def _sent_words(talk: StaffTalk, case: Case, offered: offers.Offered) -> str:
    language, row = talk.member.language, offered.offer
    gift = "" if row is None else priced(row, language)
    return f"{title(talk.scene, case, language)}\n{gift}\n✓ {say(offered.said, language)}"


def _ask_why(talk: StaffTalk, case: Case, row: OfferRow) -> None:
    gift = priced(row, talk.member.language)
    own = phrase(
        "Somebody else has to agree to this: {gift}. Please write in a sentence why. /cancel if not.", gift=gift
    )
    group = phrase("Somebody else has to agree to this: {gift}. Please reply to this message, and say why.", gift=gift)
    talk.ask_for_words(case, "offer_reason", own, group)


def drop(talk: StaffTalk, case: Case, update: Pressed, rest: str) -> Phrase | None:
    """Put it away: nobody has seen it."""
    found = _draft_of(talk, case, rest)
    if found is None:
        return NO_LONGER
    offered = offers.withdraw(talk.scene, found[0].id, talk.member)
    if offered.done:
        replace(talk, update, case, say(phrase("Dropped. Nobody has seen it."), talk.member.language), ())
        return None
    return offered.said


def costs(talk: StaffTalk, case: Case, _update: Pressed, rest: str) -> Phrase | None:
    """Ask what a gift costs, which counts against the limits."""
    if _draft_of(talk, case, rest) is None or not talk.house.currency:
        return NO_LONGER
    own = phrase(
        "What does it cost us? It counts against the limits, and the customer does not read it. /cancel if not."
    )
    group = phrase("What does it cost us? Please reply to this message. The customer does not read it.")
    talk.ask_for_words(case, "offer_cost", own, group)
    return None


def replace(talk: StaffTalk, update: Pressed, case: Case, text: str, rows: Rows) -> None:
    """Put other words and buttons in place of the message that was tapped; a new one where that is not ours to find."""
    row = talk.unit.messages.by_ref(talk.address.id, update.ref)
    if row is None:
        talk.out.post(talk.address, Message(text, rows), "staff_reply", case_id=case.id)
    else:
        talk.out.edit(talk.address, row, Message(text, rows), again=True)
