"""What a staff member writes to a customer: which case a text belongs to, and its way to the chat.

It goes there as a reply to a message of the case, or after *Write to the customer*; nothing else is passed on.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from bot import casework, escalation, keeping
from bot.access.policy import Act
from bot.channels.messages import Message
from bot.channels.telegram.limits import LARGEST_ALBUM
from bot.channels.updates import Attached
from bot.inviting import MILLISECOND, contact_facts
from bot.outgoing import files_in
from bot.people import speak_about
from bot.phrases import say
from bot.staff_talk import TO_NOBODY, StaffTalk
from conversations import contact
from conversations.contact import Kind, NotNow, Withheld
from conversations.phrases import Phrase, phrase
from conversations.understanding import clean, shorten
from recovery import cases
from storage.addresses import Address
from storage.cases import Case
from storage.outbox import OutboxRow

COMPOSING: Final = timedelta(minutes=15)
"""How long after *Write to the customer* the next text goes there."""

CASE_CLOSED: Final = phrase("This case is closed.")


def sent(talk: StaffTalk, update: Attached) -> None:
    """Pass a picture, a voice message or an album on to a customer, or say that it was not, so that nobody waits.

    In the group most pictures are no business of ours: only what belongs to a case is taken.
    """
    case = _case_of_file(talk, update)
    if case is None:
        if not talk.in_group:
            _say_whose_nothing_is(talk, update)
        return
    if not talk.may(Act.WRITE_TO_CUSTOMER):
        return
    brought = keeping.bring(talk.scene, msgspec.structs.replace(update, case_id=case.id), case.customer_id)
    if brought.refused is not None:
        talk.say(brought.refused)
    if brought.media or (update.caption and not brought.waits):
        write(talk, case, update.caption, brought.media)
    elif not brought.waits and brought.refused is None:
        talk.say(keeping.cannot_be_passed_on(update.what, talk.member.language))


def _case_of_file(talk: StaffTalk, update: Attached) -> Case | None:
    if update.case_id:
        return talk.unit.cases.get(update.case_id)
    case = case_meant(talk, update.reply_to)
    if case is None and update.album:  # the reply may stand on the first of them alone
        waiting = talk.unit.media.album_waits(update.channel, update.chat, update.album)
        return talk.unit.cases.open_of(waiting[0].customer_id) if waiting and waiting[0].customer_id else None
    return case


def _say_whose_nothing_is(talk: StaffTalk, update: Attached) -> None:
    """Say that nobody got it, and how one writes to a customer; of an album once."""
    key = f"help:{update.channel}:{update.chat}:{update.album}" if update.album else None
    talk.out.post(talk.address, Message(say(TO_NOBODY, talk.member.language)), "staff_reply", dedupe_key=key)


def case_meant(talk: StaffTalk, reply_to: str | None) -> Case | None:
    """Return the case a text belongs to: of the message it replies to, else of *Write to the customer*."""
    if reply_to is not None:
        row = talk.unit.outbox.by_ref(talk.address.id, reply_to) or _of_album(talk, reply_to)
        if row is not None and row.case_id is not None:
            return talk.unit.cases.get(row.case_id)
    if talk.in_group or talk.member.composing_case_id is None:
        return None
    if talk.now > (talk.member.composing_until or 0):
        return None
    return talk.unit.cases.get(talk.member.composing_case_id)


def _of_album(talk: StaffTalk, reply_to: str) -> OutboxRow | None:
    """Return the album that a message is one of: only its first one's id is known, the others' follow it."""
    if not (reply_to.isascii() and reply_to.isdecimal()):
        return None
    for back in range(1, LARGEST_ALBUM):
        row = talk.unit.outbox.by_ref(talk.address.id, str(int(reply_to) - back))
        if row is not None:
            return row if files_in(row.payload) > back else None
    return None


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
        when = escalation.wall_time(verdict.until, zone, talk.member.language)
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


def compose(talk: StaffTalk, case: Case) -> Phrase | None:
    """Let the next text go to the customer of a case; return what to show in passing when it cannot."""
    if case.closed_at is not None:
        return CASE_CLOSED
    name = talk.unit.customers.get(case.customer_id).name or str(case.number)
    talk.unit.staff.compose(talk.member.id, case.id, talk.now + COMPOSING // MILLISECOND)
    words = phrase(
        "Your next message goes to {name} (case {number}), under your name. /cancel if not.",
        name=name,
        number=case.number,
    )
    if talk.in_group:
        words = phrase("Reply to this message to write to {name} (case {number}).", name=name, number=case.number)
    talk.say(words, case=case, invites_reply=True)
    return None
