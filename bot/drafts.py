"""Words for a customer that a staff member looks at before they go: a prepared text, or one that may read as blame.

They wait in a row of the case until one tap sends them, as they were shown, or lets them go. Two taps send once.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.case_buttons import Rows, act_button
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from storage.cases import Case

DRAFT: Final = "draft"
"""What such a row is called. It is no step of the case: nobody was told anything yet."""

SEND: Final = phrase("Send")
SEND_ALL_THE_SAME: Final = phrase("Send it all the same")
WRITE_ANEW: Final = phrase("Write it anew")
WRITE_IT_MYSELF: Final = phrase("Write it myself")
NOT_NEEDED: Final = phrase("Not needed")
GONE: Final = phrase("That was decided already.")
THEIRS: Final = phrase("That is for the colleague to decide who was asked. You can write to the customer yourself.")


class Draft(msgspec.Struct, frozen=True):
    """Words that wait. `what` they are for: `write`, `restate`, or a step as `step:empathy`."""

    what: str
    text: str
    media: tuple[int, ...] = ()


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Draft).decode


def keep(talk: StaffTalk, case: Case, what: str, text: str, media: Sequence[int] = ()) -> int:
    """Keep words until they are decided about, and return the id by which buttons name them."""
    stored = _encode(Draft(what, text, tuple(media))).decode()
    return talk.unit.case_steps.add(case.id, DRAFT, "asked", talk.actor, talk.now, evidence=stored)


def take(talk: StaffTalk, case: Case, draft_id: str) -> Draft | Phrase:
    """Return words that wait and let them wait no more; or why not: they were decided about, or are another's."""
    if not (draft_id.isascii() and draft_id.isdecimal() and len(draft_id) < 16):
        return GONE
    rows = [row for row in talk.unit.case_steps.of(case.id) if row.step == DRAFT]
    kept = next((row for row in rows if row.id == int(draft_id) and row.how == "asked"), None)
    if kept is None or any(row.evidence == draft_id for row in rows):
        return GONE
    if kept.actor != talk.actor:
        return THEIRS
    talk.unit.case_steps.add(case.id, DRAFT, "done", talk.actor, talk.now, evidence=draft_id)
    return _decode(kept.evidence)


def buttons(case: Case, draft_id: int, language: str, send: Phrase, anew: Phrase, *more: Phrase) -> Rows:
    """Return the buttons below words that wait: send them, write others, and for a step that it is not needed."""
    first = (
        act_button(send, case.number, f"send:{draft_id}", language),
        act_button(anew, case.number, f"anew:{draft_id}", language),
    )
    spare = tuple(act_button(words, case.number, f"spare:{draft_id}", language) for words in more)
    return (first, spare) if spare else (first,)
