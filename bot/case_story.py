"""The whole timeline of a case in words: what the customer said and showed, what we sent, what staff did.

One story for whoever looks: `/case N` in chat and the page of a case in the console.
"""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Final, NamedTuple

from bot import case_card, case_words
from bot.house import House
from bot.outgoing import message_of
from bot.phrases import say
from conversations.phrases import Phrase, phrase
from storage.case_messages import CaseMessage
from storage.cases import Case
from storage.history import HistoryLine
from storage.unit import Unit

CUSTOMER: Final = "customer"
STAFF: Final = "staff"
US: Final = "makegood"
NOTE: Final = "note"
WOW: Final = "wow"
CALL: Final = "call"

RIGHT: Final = phrase("it is put right")
STILL_WRONG: Final = phrase("it is not put right")

DONE: Final[Mapping[str, Phrase]] = {
    "CaseOpened": phrase("The case was opened: {cause}."),
    "Took": phrase("{who} took the case."),
    "OwnerLeft": phrase("Whoever had the case no longer works here."),
    "SaidResolved": phrase("{who} says that it is put right."),
    "Deepened": phrase("The customer was unhappy once more, or asked for a person."),
    "Corrected": phrase("The customer corrected the rating: it was a slip."),
    "Joined": phrase("It went on in another case of the customer."),
    "FollowUpDue": phrase("The time of the check-in came."),
    "OutcomeKnown": phrase("The outcome became known."),
    "Announced": phrase("The customer was told another way that a message waits."),
    "TaskMade": phrase("A person was asked to telephone."),
    "OpenedByStaff": phrase("{who} wrote down what the customer said."),
    "HandedOver": phrase("{who} handed the case over."),
    "Given": phrase("The case was given to {whom}."),
    "Breached": phrase("A time that we had set ourselves was over."),
    "OfferApproved": phrase("{who} agreed to the offer."),
    "OfferTurnedDown": phrase("{who} turned the offer down."),
    "OfferWithdrawn": phrase("The offer was withdrawn."),
    "OfferAccepted": phrase("The customer took the offer."),
    "OfferDeclined": phrase("The customer does not want the offer."),
    "OfferRedeemed": phrase("The voucher was redeemed."),
    "CallNeedless": phrase("The call was not needed any more."),
    "NotTakenBack": phrase("A message could not be taken back: it stays with the customer."),
}
"""What the history keeps of a case, in words; what is not here is told by what was said."""

GIVEN_TO_ALL: Final = phrase("The case was left to the whole team.")
STEPS: Final[Mapping[str, Phrase]] = {
    "done": phrase("Step done: {step}."),
    "not_needed": phrase("Step not needed: {step}."),
    "confirmed": phrase("The customer confirmed: {step}."),
    "corrected": phrase("The customer says not yet: {step}."),
}
"""What became of a step, by how."""

SENT: Final = frozenset({"apology", "follow_up", "notice"})
"""What we sent to the customer of our own accord and belongs to the story."""


class Told(NamedTuple):
    """One moment of the story: when (ms), who (a name in the reader's language), what kind, the words, the files.

    `what` is customer, staff, makegood, note, wow, or the history's own word for what was done.
    """

    at: int
    who: str
    what: str
    text: str
    media: tuple[int, ...] = ()

    def line(self, language: str) -> str:
        """Return it as one line of a list, without its moment."""
        if self.what not in SAID:
            return self.text
        kind = SAID[self.what]
        if kind is not None:
            return say(phrase("{who} ({kind}): {text}", who=self.who, kind=kind, text=self.text), language)
        return say(phrase("{who}: {text}", who=self.who, text=self.text), language) if self.text else self.who


SAID: Final[Mapping[str, Phrase | None]] = {
    CUSTOMER: None,
    STAFF: None,
    US: None,
    NOTE: phrase("note"),
    WOW: phrase("good story"),
}
"""What was said or written, and what its author's name is followed by."""


def story(unit: Unit, house: House, case: Case, language: str) -> list[Told]:
    """Return everything that is known of a case, oldest first, in the reader's language."""
    told = [
        *_done(unit, case, language),
        *_answered(unit, case, language),
        *_said(unit, case, language),
        *_sent(unit, case, language),
        *_steps(unit, case, language),
        *_offers(unit, case, language),
        *_called(unit, case, language),
    ]
    return sorted(told, key=attrgetter("at"))


def _answered(unit: Unit, case: Case, language: str) -> Iterator[Told]:
    """Yield what the customer answered in their own words in the conversation that led to the case."""
    if case.conversation_id is None:
        return
    name = _customer(unit, case, language)
    passed_on = {one.text for one in unit.case_messages.of(case.id) if one.author == CUSTOMER}
    for answer in unit.answers.of(case.conversation_id):
        in_words = answer.role == "comment" or answer.kind == "text"
        if answer.current and answer.text and in_words and answer.text not in passed_on:
            yield Told(answer.at, name, CUSTOMER, answer.text)


def _customer(unit: Unit, case: Case, language: str) -> str:
    return unit.customers.get(case.customer_id).name or say(phrase("The customer"), language)


def _said(unit: Unit, case: Case, language: str) -> Iterator[Told]:
    back = _taken_back(unit, case)
    for message in unit.case_messages.of(case.id):
        shown = tuple(file.id for file in unit.media.of_case_message(message.id))
        text = message.text
        if str(message.id) in back:
            text = say(phrase("{text} (taken back)", text=text), language)
        yield Told(message.at, _author(unit, case, message, language), message.author, text, shown)


def _taken_back(unit: Unit, case: Case) -> frozenset[str]:
    """Return the ids of what was taken back, where the customer's chat did so."""
    lines = unit.history.of(f"case:{case.id}")
    kept = {line.detail for line in lines if line.what == "NotTakenBack"}
    return frozenset(line.detail for line in lines if line.what == "TakenBack" and line.detail not in kept)


def _author(unit: Unit, case: Case, message: CaseMessage, language: str) -> str:
    if message.author == CUSTOMER:
        return _customer(unit, case, language)
    if message.staff_member_id is not None:
        return unit.staff.get(message.staff_member_id).name
    return "makegood"


def _done(unit: Unit, case: Case, language: str) -> Iterator[Told]:
    for line in unit.history.of(f"case:{case.id}"):
        words = DONE.get(line.what)
        if words is not None:
            who = _actor(unit, case, line, language)
            cause, whom = case_words.CAUSES[case.cause], _whom(unit, line)
            places: dict[str, str | int | Phrase] = {"who": who, "cause": cause, "whom": whom}
            if line.what == "Given" and not whom:
                words = GIVEN_TO_ALL
            text = say(Phrase(words.sentence, places), language)
            if line.what == "OutcomeKnown" and line.detail in ("settled", "closed") and case.outcome:
                text = say(case_words.OUTCOMES[case.outcome], language)
            yield Told(line.at, who, line.what, text)


def _actor(unit: Unit, case: Case, line: HistoryLine, language: str) -> str:
    return _named(unit, case, line.actor, language)


def _named(unit: Unit, case: Case, actor: str, language: str) -> str:
    """Return who did something, as its reader calls them."""
    kind, _, ident = actor.partition(":")
    if kind == STAFF and ident.isdecimal():
        return unit.staff.get(int(ident)).name
    if kind == CUSTOMER:
        return _customer(unit, case, language)
    return "makegood"


def _whom(unit: Unit, line: HistoryLine) -> str:
    """Return the name of the staff member whom a line's detail names."""
    kind, _, ident = line.detail.partition(":")
    return unit.staff.get(int(ident)).name if kind == STAFF and ident.isdecimal() else ""


def _steps(unit: Unit, case: Case, language: str) -> Iterator[Told]:
    """Yield the steps that were done, found not needed, or answered by the customer, with what shows it."""
    for step in unit.case_steps.of(case.id):
        name, words = case_card.STEPS.get(step.step), STEPS.get(step.how)
        if name is None or words is None:
            continue
        text = say(Phrase(words.sentence, {"step": name}), language)
        who = _named(unit, case, step.actor, language)
        yield Told(step.at, who, "Step", f"{text} {step.evidence}".strip())


def _offers(unit: Unit, case: Case, language: str) -> Iterator[Told]:
    for offer in unit.offers.of_case(case.id):
        what = case_card.offered(offer)
        who = "makegood" if offer.owner_id is None else unit.staff.get(offer.owner_id).name
        words = phrase("{who} made an offer: {what}", who=who, what=what)
        yield Told(offer.created_at, who, "Offer", say(words, language))


def _sent(unit: Unit, case: Case, language: str) -> Iterator[Told]:
    """Yield what we sent to the customer about the case by ourselves; it reads as they read it."""
    for row in unit.messages.of_case(case.id):
        address = unit.addresses.get(row.address_id)
        if row.purpose in SENT and address.kind == CUSTOMER and row.state != "cancelled":
            yield Told(row.sent_at or row.queued_at, "makegood", US, message_of(row).text)


def _called(unit: Unit, case: Case, language: str) -> Iterator[Told]:
    """Yield the calls about the case; what the customer said in them stands as whoever rang typed it."""
    for call in unit.phone_calls.of_case(case.id):
        name = unit.staff.get(call.staff_member_id).name
        if call.outcome != "reached":
            missed = phrase("{name} rang and reached nobody.", name=name)
            if call.outcome == "wrong_number":
                missed = phrase("{name} rang, and the number was wrong.", name=name)
            yield Told(call.at, name, CALL, say(missed, language))
            continue
        parts = [] if call.put_right is None else [say(RIGHT if call.put_right else STILL_WRONG, language)]
        parts += [] if call.rating is None else [str(call.rating)]
        said = " · ".join([*parts, *([call.words] if call.words else [])]) or "–"
        words = phrase("Said on the telephone, typed by {name}: {said}", name=name, said=said)
        yield Told(call.at, name, CALL, say(words, language))
