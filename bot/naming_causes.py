"""A staff member names the root cause of a case: by one tap or two, or in words where the tree has none that fits."""

from collections.abc import Sequence
from typing import Final

from bot import case_causes, casework, drafts
from bot.case_buttons import Rows, pressed_act
from bot.case_causes import CAUSE
from bot.case_steps import note_step
from bot.channels.messages import Message
from bot.channels.updates import Pressed
from bot.outgoing import message_of
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from conversations.understanding import clean, shorten
from recovery import cases
from recovery.causes import OTHER
from storage.cases import Case

ROOT_CAUSE: Final = phrase("Root cause")
TOO_EARLY: Final = phrase("First it is put right; then we ask why it went wrong.")


def ask(talk: StaffTalk, case: Case) -> None:
    """Ask whoever just put a case right why it went wrong, if that is not known yet."""
    if case.root_cause is None:
        rows = case_causes.first_level(talk.scene, case, talk.member.language)
        talk.say(case_causes.question(settled=case.stage == "settled"), *rows, case=case)


def pressed(talk: StaffTalk, case: Case, update: Pressed) -> Phrase | None:
    """Take a tap on a cause: open what is below it, or name it; without one, ask. Return what to show in passing."""
    act = pressed_act(update.press)
    path = act.more if act is not None else ""
    if case.closed_at is not None:
        return phrase("This case is closed.")
    if cases.load(case.state).stage in ("open", "taken") and case.reopened == 0:
        return TOO_EARLY
    causes = talk.house.shelved.book.causes
    if not path:
        talk.say(case_causes.WHY, *case_causes.first_level(talk.scene, case, talk.member.language), case=case)
        return None
    if case.root_cause == path and case.stage != "settled":  # the second of two taps
        return drafts.GONE
    if not causes.fits(path):
        return phrase("That button is no longer in use.")
    if "." not in path and causes.below(path):
        _show(talk, case, update, case_causes.second_level(talk.scene, case, path, talk.member.language))
        return None
    return _named(talk, case, update, path)


def _named(talk: StaffTalk, case: Case, update: Pressed, path: str) -> Phrase | None:
    case, decision = casework.tell(talk.scene, case, cases.NamedCause(talk.member.id, path), talk.actor)
    if any(isinstance(effect, cases.Refuse) for effect in decision.effects):
        return TOO_EARLY
    note_step(talk.scene, case, CAUSE, "done", talk.actor, evidence=path)
    case_causes.known(talk.scene, case)
    _show(talk, case, update, ())
    words = case_causes.in_words(talk.scene, path, talk.member.language)
    if path.rpartition(".")[2] == OTHER:
        own = phrase("What was it, in a few words? Your next message is kept with the case. /cancel if nothing.")
        talk.ask_for_words(case, CAUSE, own, phrase("What was it, in a few words? Reply to this message."))
        return None
    if case.closed_at is not None:
        talk.say(phrase("Thank you. Case {number} is closed: {cause}.", number=case.number, cause=words))
    else:
        talk.say(phrase("Thank you. The cause of case {number}: {cause}.", number=case.number, cause=words))
    return None


def _show(talk: StaffTalk, case: Case, update: Pressed, rows: Rows) -> None:
    """Put other buttons below the question that was tapped; below a new one where we do not know which that was."""
    row = talk.unit.messages.by_ref(talk.address.id, update.ref)
    if row is None and rows:
        talk.say(case_causes.WHY, *rows, case=case)
    elif row is not None:
        talk.out.edit(talk.address, row, Message(message_of(row).text, rows), again=True)


def noted(talk: StaffTalk, case: Case, text: str, media: Sequence[int] = ()) -> None:
    """Keep in words what the cause was."""
    words, _ = shorten(clean(text))
    message_id = None
    if media:
        message_id = talk.unit.case_messages.add(case.id, "note", words, talk.now, talk.member.id)
        talk.unit.media.said_in_case(media, message_id, case.customer_id)
    note_step(talk.scene, case, CAUSE, "done", talk.actor, evidence=words, message_id=message_id)
    talk.unit.staff.compose_nothing(talk.member.id)
    talk.say(phrase("Noted with case {number}. Thank you.", number=case.number))
