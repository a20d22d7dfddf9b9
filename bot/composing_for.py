"""What the words and files of a staff member are for: the customer of a case, or what they were asked for.

They go to a customer as a reply to the case's message or to the customer's own words, or after *Write to the
customer*. `StaffTalk.ask_for_words` asks for words of any kind, and writes WHAT with the staff member and on the
inviting message; here is who gets them. Whoever asks for another kind adds its entry to `NEXT_WORDS` and keeps its
function in a file of their own.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from bot import keeping, naming_causes, noting, offers_making, restating, staff_writing, step_acts, telephone_talk
from bot.access.policy import Act
from bot.case_causes import CAUSE
from bot.case_story import NOTE, WOW
from bot.channels.messages import Message
from bot.channels.telegram.limits import LARGEST_ALBUM
from bot.channels.updates import Attached, read_stored
from bot.outgoing import files_in
from bot.phrases import say
from bot.staff_talk import NEXT, TO_NOBODY, StaffTalk
from bot.staff_writing import WRITE
from bot.surveying import door as surveying
from storage.cases import Case
from storage.outbox import OutboxRow

NEXT_WORDS: Final[Mapping[str, Callable[[StaffTalk, Case, str, Sequence[int]], None]]] = {
    WRITE: staff_writing.write,
    restating.RESTATE: restating.written,
    step_acts.EVIDENCE: step_acts.keep_evidence,
    CAUSE: naming_causes.noted,
    **step_acts.OWN_WORDS,
    NOTE: noting.take_note,
    WOW: noting.take_wow,
    telephone_talk.CALL_WORDS: telephone_talk.said_more,
    **offers_making.TYPED,
}
"""By WHAT: a function of the talk, the case, the words and the rows of the files that came with them."""

ANSWERED_BY_REPLY: Final = frozenset({"escalation", "case_said", "case_shown"})
"""The messages of a case to which a reply goes to its customer: the case itself, and the customer's own words."""


class Meant(NamedTuple):
    """Which case words or files belong to, and what they are for, as `bot.composing_for` names it."""

    case: Case
    what: str


def files(talk: StaffTalk, update: Attached) -> None:
    """Give a picture, a voice message or an album to what it is for, or say that nobody got it, so that nobody waits.

    In the group most pictures are no business of ours: only what belongs to a case is taken.
    """
    found = _of_file(talk, update)
    if found is None and surveying.attached(talk, update):
        return
    if found is None:
        if not talk.in_group:
            _say_whose_nothing_is(talk, update)
        return
    if not talk.may(Act.WRITE_TO_CUSTOMER):
        return
    case, what = found
    belongs = msgspec.structs.replace(update, case_id=case.id, words_for=what)
    brought = keeping.bring(talk.scene, belongs, case.customer_id)
    if brought.refused is not None:
        talk.say(brought.refused)
    if brought.media or (update.caption and not brought.waits):
        give(talk, found, update.caption, brought.media)
    elif not brought.waits and brought.refused is None:
        talk.say(keeping.cannot_be_passed_on(update.what, talk.member.language))


def _of_file(talk: StaffTalk, update: Attached) -> Meant | None:
    if update.case_id:
        return Meant(talk.unit.cases.get(update.case_id), update.words_for or WRITE)
    found = meant(talk, update.reply_to)
    if found is None and update.album:  # the reply may stand on the first of them alone
        for file in talk.unit.media.album_waits(update.channel, update.chat, update.album):
            first = read_stored(file.waiting) if file.waiting else None
            if isinstance(first, Attached) and first.case_id:
                return Meant(talk.unit.cases.get(first.case_id), first.words_for or WRITE)
    return found


def _say_whose_nothing_is(talk: StaffTalk, update: Attached) -> None:
    """Say that nobody got it, and how one writes to a customer; of an album once."""
    key = f"help:{update.channel}:{update.chat}:{update.album}" if update.album else None
    talk.out.post(talk.address, Message(say(TO_NOBODY, talk.member.language)), "staff_reply", dedupe_key=key)


def meant(talk: StaffTalk, reply_to: str | None) -> Meant | None:
    """Return what words or files are for: the message they reply to says it, else what was asked for last.

    Only a reply to the case's own message or to a customer's words goes to the customer by itself. What was asked
    for another end than the customer stays so, whichever message of the case the answer replies to.
    """
    asked = _asked_for(talk)
    if reply_to is not None:
        row = talk.unit.messages.by_ref(talk.address.id, reply_to) or _of_album(talk, reply_to)
        if row is not None and row.case_id is not None:
            return _meant_by_reply(talk, row, row.case_id, asked)
    return None if talk.in_group else asked


def answers_a_case(talk: StaffTalk, reply_to: str | None) -> bool:
    """Return whether a text answers a message of ours about a case: its writer may think that the customer reads it."""
    row = talk.unit.messages.by_ref(talk.address.id, reply_to) if reply_to is not None else None
    return row is not None and row.case_id is not None


def _asked_for(talk: StaffTalk) -> Meant | None:
    """Return what this staff member was asked words for, while that holds."""
    case_id = talk.member.composing_case_id
    if case_id is None or talk.now > (talk.member.composing_until or 0):
        return None
    return Meant(talk.unit.cases.get(case_id), talk.member.composing_what or WRITE)


def _meant_by_reply(talk: StaffTalk, row: OutboxRow, case_id: int, asked: Meant | None) -> Meant | None:
    case = talk.unit.cases.get(case_id)
    if row.prompt is not None and row.prompt.startswith(NEXT):
        return Meant(case, row.prompt.removeprefix(NEXT))
    if asked is not None and asked.case.id == case_id and not (talk.in_group and asked.what == WRITE):
        return asked
    return Meant(case, WRITE) if row.purpose in ANSWERED_BY_REPLY else None


def _of_album(talk: StaffTalk, reply_to: str) -> OutboxRow | None:
    """Return the album that a message is one of: only its first one's id is known, the others' follow it."""
    if not (reply_to.isascii() and reply_to.isdecimal()):
        return None
    for back in range(1, LARGEST_ALBUM):
        row = talk.unit.messages.by_ref(talk.address.id, str(int(reply_to) - back))
        if row is not None:
            return row if files_in(row.payload) > back else None
    return None


def give(talk: StaffTalk, found: Meant, text: str, media: Sequence[int] = ()) -> None:
    """Give words and files to what they are for; what nobody knows any more is told to have reached nobody."""
    take = NEXT_WORDS.get(found.what)
    if take is None:
        talk.say(TO_NOBODY)
    else:
        take(talk, found.case, text, media)
