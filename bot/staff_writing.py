"""What a staff member writes to a customer: its way to the chat, and what they are told of it."""

from collections.abc import Sequence
from typing import Final

from bot import casework, keeping
from bot.access.policy import Act
from bot.channels.messages import Message
from bot.channels.updates import Pressed
from bot.inviting import contact_facts
from bot.people import speak_about
from bot.phrases import say
from bot.staff_talk import StaffTalk
from bot.wall_clock import wall_time
from conversations import contact
from conversations.contact import Kind, NotNow, Withheld
from conversations.phrases import Phrase, phrase
from conversations.understanding import clean, shorten
from recovery import cases
from storage.addresses import Address
from storage.cases import Case

WRITE: Final = "write"
"""What the words are for when they go to the customer."""

CASE_CLOSED: Final = phrase("This case is closed.")


def write(talk: StaffTalk, case: Case, text: str, media: Sequence[int] = ()) -> None:
    """Pass a text and files on to the customer of a case, or say why they were not."""
    if not talk.may(Act.WRITE_TO_CUSTOMER):
        return
    if case.closed_at is not None:
        talk.unit.staff.compose_nothing(talk.member.id)
        talk.say(phrase("This was not passed on: case {number} is closed.", number=case.number))
        return
    words, shortened = shorten(clean(text))
    address, verdict = _reach(talk, case)
    if address is None:
        talk.say(phrase("This was not passed on: the customer cannot be reached in chat. Please telephone."))
        return
    case, _ = casework.tell(talk.scene, case, cases.Wrote(talk.member.id), talk.actor)
    message_id = talk.unit.cases.add_message(case.id, "staff", words, talk.now, talk.member.id)
    talk.unit.media.said_in_case(media, message_id, case.customer_id)
    _relay(talk, case, address, words, media, verdict.until if isinstance(verdict, NotNow) else 0)
    talk.unit.staff.compose_nothing(talk.member.id)
    _confirm(talk, case, verdict, shortened=shortened)


def _reach(talk: StaffTalk, case: Case) -> tuple[Address | None, contact.Verdict]:
    """Return where the customer reads us, and whether now is the time."""
    customer = talk.unit.customers.get(case.customer_id)
    reachable = talk.unit.addresses.of_customer(customer.id)
    address = reachable[0] if reachable else None
    conversation = talk.unit.conversations.open_at(address.id) if address else None
    facts = contact_facts(talk.unit, talk.house, customer, address, conversation, sampled=True)
    verdict = contact.may_we_ask(Kind.RELAY, facts, talk.house.rules, talk.now)
    return (None if isinstance(verdict, Withheld) else address), verdict


def _relay(talk: StaffTalk, case: Case, address: Address, words: str, media: Sequence[int], not_before: int) -> None:
    customer = talk.unit.customers.get(case.customer_id)
    language = address.language or customer.language or talk.house.language
    business = talk.house.business.get("name", "")
    who = f"{talk.member.name} · {business}" if business else talk.member.name
    head = say(phrase("{who}:", who=who), language)
    text = "\n".join(line for line in (head, words) if line)
    message = Message(text, attachments=keeping.attachments(talk.scene, media))
    talk.out.post(address, message, "relay", case_id=case.id, not_before=not_before)
    speak_about(address, customer.id, talk.unit)
    talk.unit.history.add(talk.house.brand, f"case:{case.id}", talk.actor, "Relayed", language, talk.now)


def _confirm(talk: StaffTalk, case: Case, verdict: contact.Verdict, *, shortened: bool) -> None:
    customer = talk.unit.customers.get(case.customer_id)
    name = customer.name or customer.reference
    if isinstance(verdict, NotNow):
        zone = customer.zone or talk.house.zone
        when = wall_time(verdict.until, zone, talk.member.language)
        words = phrase(
            "✓ I will pass it on to {name} on {when}, so as not to disturb them: it is outside waking hours there.",
            name=name,
            when=when,
        )
        talk.say(words)
    elif shortened:
        talk.say(phrase("✓ Passed on to {name}, but shortened to 4,000 characters.", name=name))
    else:
        talk.say(phrase("✓ Passed on to {name}.", name=name), case=case)


def compose(talk: StaffTalk, case: Case, _pressed: Pressed) -> Phrase | None:
    """Let the next text go to the customer of a case; return what to show in passing when it cannot."""
    if case.closed_at is not None:
        return CASE_CLOSED
    name = talk.unit.customers.get(case.customer_id).name or str(case.number)
    own = phrase(
        "Your next message goes to {name} (case {number}), under your name. /cancel if not.",
        name=name,
        number=case.number,
    )
    in_group = phrase("Reply to this message to write to {name} (case {number}).", name=name, number=case.number)
    talk.ask_for_words(case, WRITE, own, in_group)
    return None
