"""Words of staff that may put the blame on a customer are shown to who wrote them before they go.

They are asked and not stopped: one tap sends them all the same, one asks for others. Nobody else hears of it.
"""

from collections.abc import Sequence

from bot import drafts
from bot.staff_talk import StaffTalk
from conversations.phrases import phrase
from storage.cases import Case

_MOST = 3


def flagged(talk: StaffTalk, case: Case, what: str, text: str, media: Sequence[int] = ()) -> bool:
    """Return whether words blame the customer; then they wait, and their writer is asked."""
    found = talk.house.shelved.book.blame.in_text(text)
    if not found:
        return False
    draft_id = drafts.keep(talk, case, what, text, media)
    talk.unit.staff.compose_nothing(talk.member.id)
    words = phrase(
        "Not sent yet. This may read as if it were the customer's fault: {words}\n\n{text}",
        words=" ".join(f"“{word.rstrip('*')}”" for word in found[:_MOST]),
        text=text,
    )
    language = talk.member.language
    talk.say(words, *drafts.buttons(case, draft_id, language, drafts.SEND_ALL_THE_SAME, drafts.WRITE_ANEW), case=case)
    return True
