"""What the product does about a message's fate: the real `bot.recording.Consequences`."""

from collections.abc import Sequence
from typing import Final, Literal

from bot import call_tasks, case_posting, case_words, escalation, offers_customer, taking_back, topics
from bot.case_steps import step_of, was_answered
from bot.channels.messages import Message
from bot.clock import Clock
from bot.house import House
from bot.outgoing import TAKE_BACK, Outgoing, message_of
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from conversations.state import load
from recovery import cases
from storage.cases import Case
from storage.outbox import OutboxRow
from storage.unit import Unit

CALL = phrase("I could not reach the customer in chat. Please telephone, and mark the case as put right when it is.")
NOTHING_DONE = phrase(
    "I told the customer twice that this is not put right yet, and nothing was done since. I will not say it a third"
    " time: please telephone, and mark the case as put right when it is."
)
OPTED_OUT = phrase(
    "The customer wants no more messages from us, so I cannot ask whether it was put right. Ring them only if you think"
    " that a call is welcome; if not, say that there was no answer."
)
SILENT = phrase(
    "I asked the customer twice whether it was put right, and got no answer. Please telephone and ask them: is it put"
    " right?"
)
NOT_TAKEN = phrase(
    "The customer's chat did not take the file that you sent. They got your words, and read that something is missing."
)
BLOCKED = phrase("The customer has blocked this chat, so nothing more can be sent there. Please telephone.")


def needs_a_call(case: Case, why: str, unit: Unit, house: House, now: int, words: Phrase = CALL) -> list[OutboxRow]:
    """Make a task of ringing the customer, for whoever has the case, and tell staff; once for each reason."""
    out = Outgoing(unit, now)
    call_tasks.for_case(Scene(unit, house, out, now), case, why, words)
    return out.rows


def tell_staff(case: Case, words: Phrase, scene: Scene) -> None:
    """Tell staff something about a case whose customer is hard to reach, with their telephone number if we have it."""
    phone = scene.unit.customers.get(case.customer_id).phone
    for address, language in escalation.readers(scene, case):
        lines = [case_words.summary(scene, case, language), say(words, language)]
        if phone:
            lines.append(say(phrase("Telephone: {phone}", phone=phone), language))
        case_posting.post(scene, case, address, language, Message("\n".join(lines)), "case_news")


def silent(case: Case, unit: Unit, house: House, now: int) -> list[OutboxRow]:
    """Have a customer rung up who did not say in chat whether it was put right; once for each resolution."""
    resolved_at = cases.load(case.state).resolved_at
    return needs_a_call(case, f"silent:{resolved_at}", unit, house, now, SILENT)


def nothing_done(case: Case, unit: Unit, house: House, now: int) -> list[OutboxRow]:
    """Have a customer rung up whom we kept waiting; again when it happens again after an act by staff."""
    return needs_a_call(case, f"nothing_done:{case.revision}", unit, house, now, NOTHING_DONE)


def nobody_there(address_id: int, unit: Unit, house: House, now: int) -> list[OutboxRow]:
    """Have every customer of a chat that takes nothing more rung up who has an open case and no other chat left."""
    rows: list[OutboxRow] = []
    for one in unit.chat_customers.of(address_id):
        case = unit.cases.open_of(one.customer_id)
        if case is not None and not unit.addresses.of_customer(one.customer_id):
            rows += needs_a_call(case, f"unreachable:{address_id}", unit, house, now, BLOCKED)
    return rows


UNREPEATED: Final = frozenset({"follow_up", "notice", "relay", "restatement", "offer", "voucher"})
"""What a customer may have to do without, when it is uncertain whether it arrived: somebody asks them."""


class Fates:
    """Told by delivery, inside the unit that records a message's fate."""

    def __init__(self, house: House, clock: Clock) -> None:
        self._house = house
        self._clock = clock

    def on_unreachable(self, unit: Unit, address_id: int, why: str) -> Sequence[OutboxRow]:
        """A customer who takes nothing more is rung up, if a case of theirs is open."""
        return nobody_there(address_id, unit, self._house, self._clock.now())

    def on_lost(self, unit: Unit, row: OutboxRow, state: Literal["unknown", "dead"], why: str) -> Sequence[OutboxRow]:
        """Nobody waits in vain: what a customer with an open case may not have got becomes a task of its owner.

        A question or reply that may have arrived is left at that: the customer has two copies, or can write again.
        """
        now = self._clock.now()
        if row.purpose == topics.TOPIC and (state == "unknown" or unit.addresses.get(row.address_id).unreachable_at):
            return []  # nobody refused it: this one case goes on in the general chat, or the group is gone altogether
        if row.purpose == topics.TOPIC:
            return topics.refused(Scene(unit, self._house, Outgoing(unit, now), now), row, why)
        if row.purpose == TAKE_BACK:
            return taking_back.could_not(Scene(unit, self._house, Outgoing(unit, now), now), row)
        if state == "unknown" and row.purpose not in UNREPEATED:
            return []
        address = unit.addresses.get(row.address_id)
        if address.customer_id is None:
            return []
        if address.unreachable_at is not None and not unit.addresses.of_customer(address.customer_id):
            return []  # the whole chat is lost, which was told already
        case = _case_of(unit, row)
        if case is None and state == "dead":
            case = unit.cases.open_of(address.customer_id)
        if case is None or case.closed_at is not None:
            return []
        return needs_a_call(case, f"{state}:{row.id}", unit, self._house, self._clock.now())

    def on_incomplete(self, unit: Unit, row: OutboxRow) -> Sequence[OutboxRow]:
        """Staff hear that a file of theirs, which we have, did not reach the customer.

        Of one that was refused or is still being fetched its sender hears in another place.
        """
        case = _case_of(unit, row) if row.purpose == "relay" else None
        ids = [attachment.media for attachment in message_of(row).attachments]
        if case is None or not any(file.state == "kept" for file in unit.media.several(ids)):
            return []
        out = Outgoing(unit, self._clock.now())
        scene = Scene(unit, self._house, out, self._clock.now())
        for address, language in escalation.readers(scene, case):
            text = f"{case_words.summary(scene, case, language)}\n{say(NOT_TAKEN, language)}"
            out.post(address, Message(text), "case_news", case_id=case.id)
        return out.rows

    def answered(self, unit: Unit, row: OutboxRow) -> bool:
        """Whoever answered a question after it was put has seen it."""
        step_id = step_of(row.prompt) if row.prompt is not None and row.purpose == "restatement" else None
        if step_id is not None:
            return was_answered(unit, step_id)
        if row.prompt is None or row.conversation_id is None:
            return False
        state = load(unit.conversations.get(row.conversation_id).state)
        count = state.count_of(row.prompt)
        given = None if count is None else state.answers.get(state.shown[count])
        return given is not None and given.at >= row.queued_at

    def outdated(self, unit: Unit, row: OutboxRow) -> str | None:
        """A question whose conversation is over is not asked any more, nor an offer that was answered meanwhile."""
        if row.purpose == "offer" and row.prompt is not None:
            return offers_customer.outdated(unit, row.prompt)
        if row.conversation_id is None:
            return None
        conversation = unit.conversations.get(row.conversation_id)
        return "the conversation is over" if conversation.closed_at is not None else None

    def repeat_mark(self, unit: Unit, row: OutboxRow) -> str:
        """Return what stands before a second copy to staff, in their language."""
        address = unit.addresses.get(row.address_id)
        language = address.language or self._house.language
        if address.staff_member_id is not None:
            language = unit.staff.get(address.staff_member_id).language
        return say(phrase("(may be a repeat) "), language)


def _case_of(unit: Unit, row: OutboxRow) -> Case | None:
    if row.case_id is not None:
        return unit.cases.get(row.case_id)
    if row.conversation_id is None:
        return None
    case_id = unit.conversations.get(row.conversation_id).case_id
    return unit.cases.get(case_id) if case_id is not None else None
