"""*Say it back*: a staff member puts what they understood to the customer, who confirms or corrects it.

Unanswered it holds nothing up: after a while whoever asked is told to go ahead. What the customer does with it is in
`bot.restatement_answers`.
"""

from collections.abc import Sequence
from typing import Final

from bot import blame_check, staff_writing
from bot.case_steps import note_step, prompt_of
from bot.channels.updates import Pressed
from bot.restatement_answers import NOT_QUITE, RESTATEMENT, YES, plan_patience
from bot.staff_talk import StaffTalk
from bot.staff_writing import CASE_CLOSED, Asked
from conversations.phrases import Phrase, phrase
from storage.cases import Case

RESTATE: Final = "restate"
SAY_IT_BACK: Final = phrase("Say it back")
DID_I_UNDERSTAND: Final = phrase("Did I understand you rightly?")


def begin(talk: StaffTalk, case: Case, _update: Pressed) -> Phrase | None:
    """Ask for what was understood, in the staff member's own words."""
    if case.closed_at is not None:
        return CASE_CLOSED
    compose(talk, case)
    return None


def compose(talk: StaffTalk, case: Case) -> None:
    """Let the next words be what was understood."""
    name = talk.unit.customers.get(case.customer_id).name or str(case.number)
    own = phrase(
        "What did you understand? Say it in your own words: {name} (case {number}) is asked whether it is so."
        " /cancel if not.",
        name=name,
        number=case.number,
    )
    in_group = phrase(
        "What did you understand? Reply to this message in your own words: {name} (case {number}) is asked whether it"
        " is so.",
        name=name,
        number=case.number,
    )
    talk.ask_for_words(case, RESTATE, own, in_group)


def written(talk: StaffTalk, case: Case, text: str, media: Sequence[int]) -> None:
    """Put what was understood to the customer, unless it may read as blame."""
    if not blame_check.flagged(talk, case, RESTATE, text, media):
        put(talk, case, text, media)


def put(talk: StaffTalk, case: Case, text: str, media: Sequence[int] = ()) -> None:
    """Ask the customer whether they were understood rightly, and see to it that this holds nothing up."""

    def asks(message_id: int) -> Asked:
        step_id = note_step(talk.scene, case, RESTATEMENT, "asked", talk.actor, message_id=message_id)
        plan_patience(talk.scene, step_id)
        choices = ((YES, phrase("Yes, that's it")), (NOT_QUITE, phrase("Not quite")))
        return Asked("restatement", DID_I_UNDERSTAND, prompt_of(step_id), choices)

    staff_writing.send(talk, case, text, media, asks=asks)
