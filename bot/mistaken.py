"""*This isn't me*: a personal link that somebody else opened, and what is undone when they say so.

    nothing said yet ── This isn't me, /notme ──> freed at once
    something said ──── This isn't me, /notme ──> asked first ── Yes ──> freed
                                                              ── No ───> as it was

Freed means: the link can be used again until its own end, the chat speaks for the customer no more, what was said
there is kept as the stranger's own and counts in no score, and the invitation waits for its link again.
"""

from typing import Final

from msgspec.structs import replace

from bot import anonymous, consequences, escalation, tallying
from bot.channels.messages import Button
from bot.composing import chosen_message
from bot.effects import state_of
from bot.house import FOLLOW_UP_SURVEY
from bot.outgoing import message_of
from bot.people import newcomers_reference
from bot.phrases import say
from bot.talk import CustomerTalk
from bot.wayout import NOT_ME, NOT_ME_PROMPT
from conversations import anonymity
from conversations.asking import closed
from conversations.phrases import Phrase, phrase
from conversations.state import Asking, Closed, Sorting, State, save
from storage.conversations import Conversation
from storage.customers import Customer
from storage.links import Link

MISTAKEN: Final = "mistaken"
"""The outcome of a conversation with somebody who was not the customer; it counts in no score."""

NOBODYS_NAME: Final = phrase(
    "No personal link was opened in this chat, so it stands in nobody's name. You can write to me here at any time."
)
FREED: Final = phrase(
    "Thank you for telling me, and I'm sorry for the mix-up. I have taken that name off this chat: nothing of yours is"
    " kept under it, and the link works again for the person it was meant for."
)
ASK_FIRST: Final = phrase(
    "Are you not {name}? Then I take that name off this chat, and what was answered here does not count for them."
)
ASK_FIRST_UNNAMED: Final = phrase(
    "Was the link not meant for you? Then I take it off this chat, and what was answered here no longer counts."
)
NOT_ME_YES: Final = phrase("Yes, this isn't me")
NOT_ME_NO: Final = phrase("It is me")
STAYS: Final = phrase("All right, everything stays as it is.")


def asked(talk: CustomerTalk) -> None:
    """Take in /notme: it is about whom the chat speaks for now."""
    link = talk.unit.links.claimed(talk.speaker.customer.id, _who(talk))
    if link is None:
        talk.say(NOBODYS_NAME)
    else:
        _free_or_ask(talk, link)


def pressed(talk: CustomerTalk, choice: str, ref: str) -> bool:
    """Take in a tap below the message `ref`; False when it means nothing (any more)."""
    answer, _, number = choice.rpartition("-")
    if answer == "no":
        talk.say(STAYS)
        _show(talk, ref, NOT_ME_NO)
        return True
    link = _link_of(talk, number)
    if link is None:
        return False
    if answer == "yes":
        _free(talk, link)
        _show(talk, ref, NOT_ME_YES)
    elif _free_or_ask(talk, link):
        _show(talk, ref, NOT_ME)
    return True


def _show(talk: CustomerTalk, ref: str, label: Phrase) -> None:
    """Let the message show what was chosen below it, and lose its buttons."""
    before = talk.unit.messages.by_ref(talk.speaker.address.id, ref)
    if before is not None:
        talk.out.edit(talk.speaker.address, before, chosen_message(message_of(before), say(label, talk.language)))


def _who(talk: CustomerTalk) -> str:
    return f"{talk.speaker.address.channel}:{talk.speaker.address.chat}"


def _link_of(talk: CustomerTalk, number: str) -> Link | None:
    """Return the link of that number if this very chat used it; a number from elsewhere is worth nothing."""
    if not (number.isascii() and number.isdecimal() and len(number) < 16):
        return None
    mine = {one.link_id for one in talk.unit.chat_customers.of(talk.speaker.address.id)}
    if int(number) not in mine:
        found = talk.unit.links.claimed(talk.speaker.customer.id, _who(talk))
        return found if found is not None and found.id == int(number) else None
    link = talk.unit.links.get(int(number))
    return link if link.claimed_by == _who(talk) else None


def _free_or_ask(talk: CustomerTalk, link: Link) -> bool:
    """Free at once while nothing was said, and return True; else let them say so again: much is undone by it."""
    customer = talk.unit.customers.get(link.customer_id or 0)
    if talk.unit.chat_customers.untried_link(talk.speaker.address.id, customer.id) is not None:
        _free(talk, link)
        return True
    language = talk.language
    buttons = (
        (Button(say(NOT_ME_YES, language), f"1:{NOT_ME_PROMPT}:yes-{link.id}"),),
        (Button(say(NOT_ME_NO, language), f"1:{NOT_ME_PROMPT}:no-{link.id}"),),
    )
    words = phrase(ASK_FIRST.sentence, name=customer.name) if customer.name else ASK_FIRST_UNNAMED
    talk.say(words, *buttons)
    return False


def _free(talk: CustomerTalk, link: Link) -> None:
    """Undo what opening the link did, in this one turn."""
    address, unit = talk.speaker.address, talk.unit
    customer = unit.customers.get(link.customer_id or 0)
    since = link.claimed_at or talk.now
    reference = newcomers_reference(address.channel, address.chat)
    name = talk.calls_themselves or None
    known = unit.customers.by_reference(talk.house.brand, reference)
    language = known.language if known is not None and known.language else talk.language  # what they read so far
    stranger = unit.customers.ensure(talk.house.brand, reference, talk.now, name, address.language or language)
    unit.outbox.cancel_about(address.id, customer.id, "not the customer's chat")
    for conversation in unit.conversations.at(address.id, customer.id):
        _give_conversation(talk, conversation, stranger, since)
        _ring_up_instead(talk, conversation)
    _give_cases(talk, customer, stranger, since)
    _give_consent(talk, customer, stranger, since)
    unit.links.free(link.id)
    _let_go(talk, customer, stranger)
    unit.history.add(talk.house.brand, f"customer:{customer.id}", "customer", "LinkFreed", str(link.id), talk.now)
    talk.say(FREED)


def _give_conversation(talk: CustomerTalk, conversation: Conversation, stranger: Customer, since: int) -> None:
    """Give a conversation to whom it was held with. One from before the link was theirs all along, and counts."""
    invitation = talk.unit.invitations.of_conversation(conversation.id)
    if conversation.opened_at >= since:
        _end_as_mistaken(talk, conversation)
        if invitation is not None and invitation.service_event_id is not None:
            talk.unit.invitations.wait_again(invitation.id)
            _ask_elsewhere(talk, conversation.customer_id, invitation.id)
            invitation = None
    if invitation is not None:
        talk.unit.invitations.give(invitation.id, stranger.id)
    talk.unit.conversations.give(conversation.id, stranger.id)


def _end_as_mistaken(talk: CustomerTalk, conversation: Conversation) -> None:
    before = state_of(conversation)
    after = _mistaken(before, talk.now)
    if conversation.anonymous:  # of one that is over nobody knows any more what was said
        if conversation.closed_at is None:
            anonymous.part(talk.scene, conversation, anonymity.emptied(after), None)
        return
    talk.unit.conversations.save(
        conversation.id, conversation.revision, save(after), conversation.chain, MISTAKEN, after.closed_at
    )
    survey = None
    if conversation.survey_version_id is not None:
        survey = talk.house.shelf.asked(talk.unit, conversation.survey_version_id, conversation.variant)
    tallying.conversation_changed(talk.scene, conversation, survey, before, after)
    subject = f"conversation:{conversation.id}"
    talk.unit.history.add(talk.house.brand, subject, "customer", "Mistaken", MISTAKEN, talk.now)


def _mistaken(state: State, now: int) -> Closed:
    if isinstance(state, Asking | Sorting):
        return closed(state, MISTAKEN, now)
    return replace(state, outcome=MISTAKEN)


def _ask_elsewhere(talk: CustomerTalk, customer_id: int, invitation_id: int) -> None:
    """Let the invitation go to another chat of the customer, where there is one, instead of waiting for a link."""
    others = [one for one in talk.unit.addresses.of_customer(customer_id) if one.id != talk.speaker.address.id]
    if others:
        talk.unit.invitations.plan_again(invitation_id)
        key = f"invite:{invitation_id}:{talk.now}"
        talk.out.plan("invite", invitation_id, key, talk.now, talk.house.brand)


def _give_cases(talk: CustomerTalk, customer: Customer, stranger: Customer, since: int) -> None:
    """Give cases that were opened here to whoever opened them, and tell staff what they rest on."""
    address = talk.speaker.address
    for case in talk.unit.cases.at(address.id, customer.id):
        taken = case.closed_at is None and talk.unit.cases.unclosed_of(stranger.id) is not None
        if not taken:
            talk.unit.cases.give(case.id, stranger.id)
            talk.unit.offers.give(case.id, stranger.id)
        if case.opened_at >= since and case.closed_at is None:
            escalation.tell_staff(talk.scene, talk.unit.cases.get(case.id), MISTAKEN)
    standing = talk.unit.cases.open_of(customer.id)
    if standing is None or standing.address_id == address.id:
        return
    if talk.unit.case_messages.customer_wrote_since(standing.id, since):
        escalation.tell_staff(talk.scene, standing, MISTAKEN)


def _ring_up_instead(talk: CustomerTalk, conversation: Conversation) -> None:
    """Have the customer rung up whom we meant to ask whether it is put right, and asked somebody else."""
    if conversation.purpose != FOLLOW_UP_SURVEY or conversation.closed_at is not None or conversation.case_id is None:
        return
    case = talk.unit.cases.get(conversation.case_id)
    if case.closed_at is None:
        why = f"{MISTAKEN}:{conversation.id}"
        talk.out.rows += consequences.needs_a_call(case, why, talk.unit, talk.house, talk.now)


def _give_consent(talk: CustomerTalk, customer: Customer, stranger: Customer, since: int) -> None:
    """Let an agreement, and a wish not to be asked, be theirs who said so."""
    if customer.consented_at is not None and customer.consented_at >= since and stranger.consented_at is None:
        talk.unit.customers.consent(stranger.id, customer.consented_at, customer.consent_version or "")
    if customer.opted_out_at is not None and customer.opted_out_at >= since:
        talk.unit.customers.opt_out(stranger.id, customer.opted_out_at)
    talk.unit.customers.unmix(customer.id, since, stranger.consented_at)


def _let_go(talk: CustomerTalk, customer: Customer, stranger: Customer) -> None:
    """Let the chat speak for the others that it speaks for, else for the stranger alone."""
    address = talk.speaker.address
    talk.unit.chat_customers.leave(address.id, customer.id)
    left = talk.unit.chat_customers.of(address.id)
    if left:
        talk.unit.addresses.turn_to(address.id, left[0].customer_id)
    else:
        talk.unit.addresses.bind_customer(address.id, stranger.id, talk.now)
