"""What staff read about a case, and what a customer is told of it.

Staff hear in the registered staff group, or else each in their own chat, in their own language. The first
message of a case is edited as its state changes; what needs a person comes as a new message, because an edit
rings no telephone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot import case_buttons, case_card, case_posting, case_words, clockwork, dispatching, keeping, topics
from bot.case_readers import readers as readers  # noqa: PLC0414 - part of what this module offers
from bot.channels.messages import Message
from bot.outgoing import message_of
from bot.people import speak_about
from bot.phrases import say
from bot.scene import Scene
from bot.wall_clock import wall_time
from conversations.phrases import Phrase, phrase
from recovery.cases import load
from storage.addresses import Address
from storage.cases import Case
from storage.customers import Customer
from storage.staff import StaffMember

NEWS: Final[dict[str, Phrase]] = {
    "deepened": phrase("The customer of this case is unhappy once more, or asks for a person."),
    "reopened": phrase("The customer says that it is not put right yet. The case is open again."),
    "climbed": phrase("Nobody has put this right yet, and the customer is waiting. Please look at it now."),
    "corrected": phrase("The customer corrected the rating: it was a slip."),
    "mistaken": phrase(
        "Somebody else had opened this customer's link, and says so now. What they wrote is not the customer's."
    ),
    "given_back": phrase("Whoever had this case no longer works here. Please take it."),
}


def tell_staff(scene: Scene, case: Case, what: str) -> None:
    """Tell staff what became of a case: a new message when it needs a person, else an edit of its first one."""
    if what == "opened":
        if dispatching.waits_for_duty(scene, case):
            return
        for address, language in readers(scene, case):
            text = case_card.opening(scene, case, language)
            buttons = case_buttons.rows(load(case.state), case, language)
            topics.open_for(scene, case, address)
            case_posting.post(scene, case, address, language, Message(text, buttons), "escalation")
        return
    show_state(scene, case)
    if what == "reopened":
        topics.reopen_for(scene, case)
    if what == "closed" and case.outcome:
        _news(scene, case, case_words.OUTCOMES[case.outcome])
        topics.close_for(scene, case)
    elif what == "climbed" and clockwork.is_climbing(scene, case):
        return  # the ladder of a clock tells whose turn it is
    elif what in NEWS:
        urgent = what == "deepened" and load(case.state).urgent
        _news(scene, case, case_words.CAUSES["urgent"] if urgent else NEWS[what])


def _news(scene: Scene, case: Case, words: Phrase) -> None:
    for address, language in readers(scene, case):
        text = f"{case_words.title(scene, case, language)}\n{say(words, language)}"
        open_still = case.closed_at is None
        buttons = case_buttons.rows(load(case.state), case, language) if open_still else ()
        case_posting.post(scene, case, address, language, Message(text, buttons), "case_news")


def show_state(scene: Scene, case: Case) -> None:
    """Edit every escalation message of the case, so that it says who has it and how it stands."""
    rows = scene.unit.messages.of_case(case.id)
    newest = {row.edits: row for row in rows if row.edits is not None and row.state != "cancelled"}
    for row in rows:
        if row.purpose != "escalation":
            continue
        address = scene.unit.addresses.get(row.address_id)
        language = _reader_language(scene, address)
        text = case_card.card(scene, case, language)
        if not case_card.stands_in_one(text):  # then its last part alone is edited: that one has the buttons
            first = message_of(row)
            if not first.rows:
                continue
            text = f"{first.text}\n\n{case_card.state_lines(scene, case, language)}"
        before = newest.get(row.id, row)
        buttons = case_buttons.again(message_of(before).rows, load(case.state), case, language)
        scene.out.edit(address, row, Message(text, buttons), again=True)


def _reader_language(scene: Scene, address: Address) -> str:
    if address.staff_member_id is not None:
        return scene.unit.staff.get(address.staff_member_id).language
    return address.language or scene.house.language


def relay_to_staff(
    scene: Scene,
    case: Case,
    name: str | None,
    text: str,
    *,
    edited: bool = False,
    media: Sequence[int] = (),
    head: Phrase | None = None,
) -> None:
    """Bring a customer's words and files to staff; a reply to this message goes back to the customer.

    `head` says what they are, where they are more than words.
    """
    files = keeping.attachments(scene, media)
    for address, language in readers(scene, case):
        who = name or say(phrase("The customer"), language)
        words = phrase("Case {number} · {name} writes:", number=case.number, name=who)
        if head is not None:
            words = Phrase(head.sentence, {"name": who, **head.places})
        elif edited:
            words = phrase("Case {number} · {name} changed a message. It reads now:", number=case.number, name=who)
        elif not text:
            words = phrase("Case {number} · {name} sent this:", number=case.number, name=who)
        lines = "\n".join(line for line in (say(words, language), text) if line)
        buttons = case_buttons.rows(load(case.state), case, language)
        message = Message(lines, buttons, attachments=files)
        case_posting.post(scene, case, address, language, message, "case_said")


def pass_on_praise(
    scene: Scene,
    name: str | None,
    text: str,
    media: Sequence[int] = (),
    *,
    served_by: StaffMember | None = None,
    rated: bool = False,
) -> None:
    """Let whoever served read a kind word, and see what came with it; all staff when that is nobody we can write to."""
    own = scene.unit.addresses.of_staff(served_by.id) if served_by is not None else []
    if served_by is None or not own:
        head = phrase("{name} gave the best rating, and writes:") if rated else phrase("{name} sends a kind word:")
        _pass_on(scene, head, name, text, media)
        return
    language = served_by.language
    head = phrase("{name}, whom you served, sends you a kind word:")
    if rated:
        head = phrase("{name}, whom you served, gave the best rating, and writes:")
    who = name or say(phrase("A customer"), language)
    lines = [say(Phrase(head.sentence, {"name": who}), language), text, say(phrase("Thank you for that!"), language)]
    files = keeping.attachments(scene, media)
    words = "\n".join(line for line in lines if line)
    scene.out.post(own[0], Message(words, attachments=files), "notice")


def pass_on_unsorted(scene: Scene, name: str | None, text: str, media: Sequence[int] = ()) -> None:
    """Let staff read what somebody wrote or showed who did not say what it is about."""
    head = phrase("{name} wrote this, and did not say what it is about:")
    if not text:
        head = phrase("{name} sent this, and did not say what it is about:")
    _pass_on(scene, head, name, text, media)


def _pass_on(scene: Scene, head: Phrase, name: str | None, text: str, media: Sequence[int]) -> None:
    files = keeping.attachments(scene, media)
    for address, language in readers(scene):
        who = name or say(phrase("A customer"), language)
        lines = "\n".join(line for line in (say(Phrase(head.sentence, {"name": who}), language), text) if line)
        scene.out.post(address, Message(lines, attachments=files), "notice")


def tell_of_a_buried_message(scene: Scene, customer: Customer) -> None:
    """Let staff know that we failed a customer, so that a person can ask what they need."""
    words = phrase(
        "I could not take in a message from {name}, and told them so. Please ask them whether they need anything.",
        name=customer.name or customer.reference,
    )
    for address, language in readers(scene):
        scene.out.post(address, Message(say(words, language)), "notice")


def give_candid_word(scene: Scene, case: Case, by: int) -> None:
    """Tell the customer plainly who has the case, what is next and by when, wherever they read us now."""
    customer = scene.unit.customers.get(case.customer_id)
    reachable = scene.unit.addresses.of_customer(customer.id)
    if not reachable:
        return
    address = reachable[0]
    language = address.language or customer.language or scene.house.language
    state = load(case.state)
    when = wall_time(by, customer.zone or scene.house.zone, language)
    if state.owner is not None:
        name = scene.unit.staff.get(state.owner).name
        words = phrase(
            "I want to be open with you: this is not put right yet. {name} has it in hand, I have reminded them,"
            " and you will hear from us by {when}.",
            name=name,
            when=when,
        )
    else:
        words = phrase(
            "I want to be open with you: nobody could look after this yet, and I am sorry. I have told the people in"
            " charge, and you will hear from us by {when}.",
            when=when,
        )
    scene.out.post(address, Message(say(words, language)), "notice", case_id=case.id)
    speak_about(address, customer.id, scene.unit)
    scene.unit.customers.began(customer.id, scene.now)
