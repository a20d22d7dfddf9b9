"""*Take back* below a message that a staff member sent to a customer: it is deleted, or was never sent.

    not sent yet ───────────────> cancelled, and nobody read it
    on its way, sent ───────────> deleted where the customer reads it, as far as their channel can (Telegram: 48 hours)
    too old, or in doubt ───────> it stays, and whoever wanted it back is told so

Deleting goes through the outbox like everything: the wish and its row are one commit, and deleting twice is deleting
once. What was taken back stays in the case for colleagues, marked as such: the customer may have read it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final, Literal

from bot import clockwork
from bot.access.policy import Act
from bot.case_buttons import act_button, pressed_act
from bot.case_readers import everybody, own_chats
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.outgoing import Outgoing
from bot.phrases import say
from bot.scene import Scene
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from storage.case_messages import CaseMessage
from storage.cases import Case
from storage.outbox import OutboxRow

TAKE_BACK_ACT: Final = "back"
LABEL: Final = phrase("Take back")

DELETES_FOR: Final[Mapping[str, int]] = {"telegram": timedelta(hours=48) // timedelta(milliseconds=1)}
"""How long after it was sent a channel deletes a message, in ms; one that is not here always does."""

TAKEN_BACK: Final = "TakenBack"
"""In the history of a case: the detail is the id of the case's message."""
STAYED: Final = "NotTakenBack"

ONLY_OWN: Final = phrase("Only who wrote it can take it back.")
DONE_BEFORE: Final = phrase("It was taken back already.")
NOT_SENT: Final = phrase("↩ Taken back before it was sent. The customer did not get it.")
DELETED: Final = phrase("↩ Taken back. It disappears from the customer's chat; they may have read it before.")
TOO_OLD: Final = phrase(
    "It was sent more than 48 hours ago, and Telegram no longer deletes it. It stays with the customer."
)
IN_DOUBT: Final = phrase(
    "I do not know whether it reached the customer, so I cannot take it back. Please write to them."
)
DELETED_ONE: Final = phrase(
    "↩ Taken back. The connection was disturbed when it was sent, so a second copy of it may still stand in the"
    " customer's chat."
)
COULD_NOT: Final = phrase(
    "Case {number}: a message of {name} could not be taken back. The customer's chat does not delete it any more, so it"
    " stays there. Please write to them if something needs to be set right."
)

Fate = Literal["cancelled", "deleted", "too_old", "in_doubt"]


def button(case: Case, message_id: int, rows: Sequence[OutboxRow], language: str) -> tuple[Button, ...]:
    """Return the button that takes back what was just written to a customer; none where nothing was."""
    if not rows:
        return ()
    span = f"{rows[0].id}-{rows[-1].id}"
    return (act_button(LABEL, case.number, f"{TAKE_BACK_ACT}:{message_id}:{span}", language),)


def take_back(talk: StaffTalk, case: Case, pressed: Pressed) -> Phrase | None:
    """Take back what the tapped button names; return what to show in passing when it cannot be."""
    found = _named(talk, case, pressed)
    if found is None:
        return phrase("That button is no longer in use.")
    message, rows = found
    if message.staff_member_id != talk.member.id and not talk.may(Act.SEE_TEAM_DAY, case):
        return ONLY_OWN
    if str(message.id) in taken_back(talk.scene, case):
        return DONE_BEFORE
    fates = {_fate(talk, row) for row in rows}
    if "too_old" in fates or "in_doubt" in fates:
        return TOO_OLD if "too_old" in fates else IN_DOUBT
    for row in rows:
        _end(talk, case, row)
    talk.unit.history.add(talk.house.brand, f"case:{case.id}", talk.actor, TAKEN_BACK, str(message.id), talk.now)
    clockwork.customer_answered(talk.scene, case)  # whatever it asked is asked no more: our own time runs again
    deleted = DELETED_ONE if any(row.copies > 1 for row in rows) else DELETED
    _say_so(talk, pressed, message, NOT_SENT if fates == {"cancelled"} else deleted)
    return None


def taken_back(scene: Scene, case: Case) -> frozenset[str]:
    """Return the ids of the case's messages that were taken back, as text."""
    return frozenset(line.detail for line in scene.unit.history.of(f"case:{case.id}") if line.what == TAKEN_BACK)


def _named(talk: StaffTalk, case: Case, pressed: Pressed) -> tuple[CaseMessage, list[OutboxRow]] | None:
    """Return the message of the case that a button names, and the rows by which it went to the customer."""
    act = pressed_act(pressed.press)
    message_id, _, span = (act.more if act else "").partition(":")
    first, _, last = span.partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in (message_id, first, last)):
        return None
    message = talk.unit.case_messages.get(int(message_id))
    if message is None or message.case_id != case.id or message.author != "staff":
        return None
    rows = [
        row
        for row in talk.unit.messages.of_case(case.id)
        if int(first) <= row.id <= int(last) and row.queued_at == message.at and row.edits is None
    ]
    if any(talk.unit.addresses.get(row.address_id).kind != "customer" for row in rows):
        return None
    return (message, rows) if rows else None


def _fate(talk: StaffTalk, row: OutboxRow) -> Fate:
    """Return what can be done about a message now."""
    lasts = DELETES_FOR.get(row.channel)
    if row.state == "unknown":
        return "in_doubt"
    if row.state == "sent" and lasts is not None and talk.now - (row.sent_at or 0) >= lasts:
        return "too_old"
    return "cancelled" if row.state in ("cancelled", "dead") or _waits(row) else "deleted"


def _waits(row: OutboxRow) -> bool:
    return row.state == "queued" and row.copies == 0


def _end(talk: StaffTalk, case: Case, row: OutboxRow) -> None:
    """Cancel a row that was never tried; delete what may have come of any other."""
    if talk.unit.messages.take_out(row.id, "taken back"):
        return
    if row.state in ("cancelled", "dead"):
        return
    address = talk.unit.addresses.get(row.address_id)
    customer = talk.unit.customers.get(case.customer_id)
    language = address.language or customer.language or talk.house.language
    words = say(phrase("{name} took this message back.", name=talk.member.name), language)
    talk.out.take_away(address, row, words)


def _say_so(talk: StaffTalk, pressed: Pressed, message: CaseMessage, words: Phrase) -> None:
    """Put in the place of the ✓ what became of the message, without its button."""
    before = talk.unit.messages.by_ref(talk.address.id, pressed.ref)
    if before is None:
        talk.say(words)
        return
    quoted = f"“{message.text[:200]}{'…' if len(message.text) > 200 else ''}”" if message.text else ""
    text = "\n".join(part for part in (say(words, talk.member.language), quoted) if part)
    talk.out.edit(talk.address, before, Message(text), again=True)


def could_not(scene: Scene, row: OutboxRow) -> list[OutboxRow]:
    """Tell whoever wanted a message back that it stays with the customer, since its channel refused to delete it."""
    if row.case_id is None:
        return []
    case = scene.unit.cases.get(row.case_id)
    lines = [line for line in scene.unit.history.of(f"case:{case.id}") if line.what == TAKEN_BACK]
    if not lines:
        return []
    who = int(lines[-1].actor.partition(":")[2])
    scene.unit.history.add(scene.house.brand, f"case:{case.id}", "makegood", STAYED, lines[-1].detail, scene.now)
    words = Phrase(COULD_NOT.sentence, {"number": case.number, "name": scene.unit.staff.get(who).name})
    out = Outgoing(scene.unit, scene.now)
    for address, language in own_chats(scene, who) or everybody(scene, case):
        out.post(address, Message(say(words, language)), "notice", case_id=case.id)
    return out.rows
