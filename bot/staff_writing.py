"""What a staff member writes to a customer: its way to the chat, and what they are told of it."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from bot import blame_check, casework, clockwork, keeping, taking_back
from bot.access.policy import Act
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.composing import press
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
from storage.outbox import OutboxRow

WRITE: Final = "write"
"""What the words are for when they go to the customer."""

CASE_CLOSED: Final = phrase("This case is closed.")


class Asked(NamedTuple):
    """What makes words a question to the customer: what stands before them, the buttons, and the prompt of these."""

    purpose: str
    lead: Phrase
    prompt: str
    choices: tuple[tuple[str, Phrase], ...]


def write(talk: StaffTalk, case: Case, text: str, media: Sequence[int] = ()) -> None:
    """Pass a text and files on to the customer of a case, or say why they were not.

    What may read as blame goes only after its writer looked at it once more.
    """
    if talk.may(Act.WRITE_TO_CUSTOMER, case) and not blame_check.flagged(talk, case, WRITE, text, media):
        send(talk, case, text, media)


def send(
    talk: StaffTalk,
    case: Case,
    text: str,
    media: Sequence[int] = (),
    *,
    asks: Callable[[int], Asked] | None = None,
) -> int | None:
    """Pass words on as they are, and return the id of the case's message; None when they were not, which was said.

    `asks` makes a question of them: it is given that id.
    """
    if not talk.may(Act.WRITE_TO_CUSTOMER, case):
        return None
    if case.closed_at is not None:
        talk.unit.staff.compose_nothing(talk.member.id)
        talk.say(phrase("This was not passed on: case {number} is closed.", number=case.number))
        return None
    words, shortened = shorten(clean(text))
    address, verdict = _reach(talk, case)
    if address is None:
        talk.say(phrase("This was not passed on: the customer cannot be reached in chat. Please telephone."))
        return None
    case, _ = casework.tell(talk.scene, case, cases.Wrote(talk.member.id), talk.actor)
    message_id = talk.unit.case_messages.add(case.id, "staff", words, talk.now, talk.member.id)
    talk.unit.media.said_in_case(media, message_id, case.customer_id)
    clockwork.asked_customer(talk.scene, case, words if asks is None else None)
    asked = asks(message_id) if asks is not None else None
    sent = _relay(talk, case, address, words, media, verdict.until if isinstance(verdict, NotNow) else 0, asked)
    talk.unit.staff.compose_nothing(talk.member.id)
    back = taking_back.button(case, message_id, sent, talk.member.language)
    _confirm(talk, case, verdict, back, shortened=shortened)
    return message_id


def _reach(talk: StaffTalk, case: Case) -> tuple[Address | None, contact.Verdict]:
    """Return where the customer reads us, and whether now is the time."""
    customer = talk.unit.customers.get(case.customer_id)
    reachable = talk.unit.addresses.of_customer(customer.id)
    address = reachable[0] if reachable else None
    conversation = talk.unit.conversations.open_at(address.id) if address else None
    facts = contact_facts(talk.unit, talk.house, customer, address, conversation, sampled=True)
    verdict = contact.may_we_ask(Kind.RELAY, facts, talk.house.rules, talk.now)
    return (None if isinstance(verdict, Withheld) else address), verdict


def _relay(
    talk: StaffTalk,
    case: Case,
    address: Address,
    words: str,
    media: Sequence[int],
    not_before: int,
    asked: Asked | None,
) -> list[OutboxRow]:
    """Post it to the customer and return the rows by which it goes."""
    customer = talk.unit.customers.get(case.customer_id)
    language = address.language or customer.language or talk.house.language
    business = talk.house.business.get("name", "")
    who = f"{talk.member.name} · {business}" if business else talk.member.name
    head = say(phrase("{who}:", who=who), language)
    lead = say(asked.lead, language) if asked is not None else ""
    text = "\n".join(line for line in (head, lead, words) if line)
    rows: tuple[tuple[Button, ...], ...] = ()
    if asked is not None:
        rows = (tuple(Button(say(label, language), press(asked.prompt, key)) for key, label in asked.choices),)
    message = Message(text, rows, attachments=keeping.attachments(talk.scene, media))
    purpose, prompt = (asked.purpose, asked.prompt) if asked is not None else ("relay", None)
    before = len(talk.out.rows)
    talk.out.post(address, message, purpose, prompt=prompt, case_id=case.id, not_before=not_before)
    sent = talk.out.rows[before:]
    speak_about(address, customer.id, talk.unit)
    talk.unit.history.add(talk.house.brand, f"case:{case.id}", talk.actor, "Relayed", language, talk.now)
    return sent


def _confirm(
    talk: StaffTalk, case: Case, verdict: contact.Verdict, back: tuple[Button, ...], *, shortened: bool
) -> None:
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
    elif shortened:
        words = phrase("✓ Passed on to {name}, but shortened to 4,000 characters.", name=name)
    else:
        words = phrase("✓ Passed on to {name}.", name=name)
    talk.say(words, *((back,) if back else ()), case=case)


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
