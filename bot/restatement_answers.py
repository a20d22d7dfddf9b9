"""What a customer does with a question that staff put to them: *Did I understand you rightly?*, *Is this done?*

    Yes         written down, and whoever asked hears of it
    Not quite   asked what was wrong; their next words go to staff as the correction
    Not yet     staff hear of it; nothing is opened again by it
    words       instead of a tap: a plain yes counts as one, anything else goes to staff as ever

A tap counts once, on the newest asking, in a chat of the customer whose case it is. Silence holds nothing up.
"""

from datetime import timedelta
from typing import Final

from bot import clockwork
from bot.case_readers import own_chats, readers
from bot.case_steps import note_step, prompt_of, steps_of
from bot.case_words import title
from bot.channels.messages import Message
from bot.composing import chosen_message
from bot.outgoing import message_of
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from conversations.understanding import yes_no
from recovery import restatements
from recovery.restatements import Line, Restated
from recovery.steps import RESTATEMENT
from storage.addresses import Address
from storage.case_steps import CaseStep
from storage.cases import Case
from storage.due import DueRow

__all__ = ["NOT_QUITE", "RESTATEMENT", "YES", "answered", "go_ahead", "heard", "plan_patience"]

YES: Final = "yes"
NOT_QUITE: Final = "not_quite"
NOT_YET: Final = "not_yet"
PATIENCE: Final = "restatement"
"""Due rows: the time has come to go ahead without an answer. The subject is the row that asked."""

_MILLISECOND: Final = timedelta(milliseconds=1)

_LABELS: Final[dict[str, Phrase]] = {
    f"{RESTATEMENT}:{YES}": phrase("Yes, that's it"),
    f"{RESTATEMENT}:{NOT_QUITE}": phrase("Not quite"),
    f"repair:{YES}": phrase("Yes, it is done"),
    f"repair:{NOT_YET}": phrase("Not yet"),
}


def plan_patience(scene: Scene, step_id: int) -> None:
    """Plan the moment at which whoever asked is told to go ahead."""
    at = scene.now + scene.house.restatement_waits // _MILLISECOND
    scene.out.plan(PATIENCE, step_id, f"{PATIENCE}:{step_id}", at, scene.house.brand)


def standing(scene: Scene, case: Case) -> Restated:
    """Return how the newest restatement of a case stands."""
    rows = steps_of(scene.unit, case)
    return restatements.standing(
        Line(row.id, row.step, row.how, row.actor, row.case_message_id is not None) for row in rows
    )


# --- taps --------------------------------------------------------------------------------------------------------


def answered(scene: Scene, address: Address, step_id: int, choice: str, language: str) -> Phrase | None:
    """Take a customer's tap, and return what to show in passing: that it counted for nothing, if it did."""
    asked = scene.unit.case_steps.get(step_id)
    label = _LABELS.get(f"{asked.step}:{choice}") if asked is not None and asked.how == "asked" else None
    if asked is None or label is None:
        return phrase("That button is no longer in use.")
    case = scene.unit.cases.get(asked.case_id)
    if all(one.customer_id != case.customer_id for one in scene.unit.chat_customers.of(address.id)):
        return phrase("That button is no longer in use.")
    if case.closed_at is not None or not _may_answer(scene, case, asked):
        return phrase("Thank you, that was answered already.")
    _show_chosen(scene, address, step_id, label, language)
    clockwork.customer_answered(scene, case)
    if asked.step == RESTATEMENT:
        _restated(scene, case, asked, choice, address, language)
    else:
        _done(scene, case, asked, choice, address, language)
    return None


def _may_answer(scene: Scene, case: Case, asked: CaseStep) -> bool:
    if asked.step == RESTATEMENT:
        return restatements.may_answer(standing(scene, case), asked.id)
    rows = [row for row in steps_of(scene.unit, case) if row.step == asked.step and row.id >= asked.id]
    return rows[-1].id == asked.id or all(row.how == "done" for row in rows[1:])


def _show_chosen(scene: Scene, address: Address, step_id: int, label: Phrase, language: str) -> None:
    row = scene.house.recent.row_of(scene.unit, prompt_of(step_id))
    if row is not None and row.address_id == address.id:
        scene.out.edit(address, row, chosen_message(message_of(row), say(label, language)))


def _restated(scene: Scene, case: Case, asked: CaseStep, choice: str, address: Address, language: str) -> None:
    if choice == YES:
        _confirmed(scene, case, asked.actor)
        return
    note_step(scene, case, RESTATEMENT, "corrected", "customer")
    words = phrase("Thank you for saying so. What did I get wrong? Please write it here.")
    scene.out.post(address, Message(say(words, language)), "reply", case_id=case.id)


def _confirmed(scene: Scene, case: Case, asker: str) -> None:
    note_step(scene, case, RESTATEMENT, "confirmed", "customer")
    _tell(scene, case, asker, phrase("The customer says: yes, that's it. You understood them rightly."))


def _done(scene: Scene, case: Case, asked: CaseStep, choice: str, address: Address, language: str) -> None:
    if choice == YES:
        note_step(scene, case, "repair", "confirmed", "customer")
        _tell(scene, case, asked.actor, phrase("The customer says that it is done."))
        thanks = phrase("Thank you for confirming!")
    else:
        note_step(scene, case, "repair", "corrected", "customer")
        _tell(scene, case, asked.actor, phrase("The customer says that it is not done yet. Please write to them."))
        thanks = phrase(
            "Thank you for saying so; I have passed it on. What is still missing? You can write it right here."
        )
    scene.out.post(address, Message(say(thanks, language)), "reply", case_id=case.id)


# --- words -------------------------------------------------------------------------------------------------------


def heard(scene: Scene, case: Case, text: str, message_id: int) -> Phrase | None:
    """Take words of a customer while a restatement is open; return how staff are told of them, None for as ever."""
    restated = standing(scene, case)
    if restated.stage == "correcting":
        note_step(scene, case, RESTATEMENT, "corrected", "customer", message_id=message_id)
        return phrase("Case {number} · {name} corrects what you understood:", number=case.number)
    if restated.stage == "waiting" and yes_no(text) is True:
        _confirmed(scene, case, restated.actor)
    return None


def _tell(scene: Scene, case: Case, asker: str, words: Phrase) -> None:
    """Tell whoever asked, where they read for themselves, or else everybody who reads of the case."""
    kind, _, number = asker.partition(":")
    own = own_chats(scene, int(number)) if kind == "staff" and number.isdecimal() else []
    for address, language in own or readers(scene, case):
        text = f"{title(scene, case, language)}\n{say(words, language)}"
        scene.out.post(address, Message(text), "case_news", case_id=case.id)


# --- silence -----------------------------------------------------------------------------------------------------


def go_ahead(due: DueRow, scene: Scene) -> int | None:
    """Tell whoever asked that there was no answer, and to go ahead; not when anything was said, or it is put right."""
    asked = scene.unit.case_steps.get(due.subject)
    if asked is None:
        return None
    case = scene.unit.cases.get(asked.case_id)
    if case.stage not in ("open", "taken") or not restatements.may_answer(standing(scene, case), asked.id):
        return None
    clockwork.customer_answered(scene, case)  # what was held up is held up no longer
    if not scene.unit.case_messages.customer_wrote_since(case.id, asked.at + 1):
        words = phrase(
            "No answer yet to what you said back. Please do not wait for it: go ahead with what helps the customer now."
        )
        _tell(scene, case, asked.actor, words)
    return None
