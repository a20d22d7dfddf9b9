"""The way in to the surveys in chat. What is behind it is loaded when somebody first comes: most never do.

What costs every staff member's turn stands here, and it is a look at the row that the turn has anyway.
"""

from datetime import timedelta
from typing import Final

from bot.access.policy import Act
from bot.channels.updates import Attached, Pressed, read_stored
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from storage.media import MediaFile

PROMPT: Final = "s"
"""What the buttons begin with: `1:s:3k.q.2` is the third question, tapped on what was shown as number 3k."""

REHEARSAL_PROMPT: Final = "st"
"""Buttons of a rehearsal: `1:st:3k.7.0` is the first button of the eighth thing shown in rehearsal 3k."""

WORDS: Final = "survey"
"""What the next words of a staff member are for while their survey waits for some; also what a file is for."""

ASKING: Final = timedelta(hours=1) // timedelta(milliseconds=1)
"""How long after we asked the next text is for the survey: a good sentence takes its time, in three languages."""

ENDINGS: Final = (".toml", ".json", ".xlsx", ".xls")
"""Files that may be surveys: ours, the definitions of other programs, tables of XLSForm."""

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of a file that we read as a survey; a definition has a hundredth of that."""

IN_YOUR_OWN_CHAT: Final = phrase("Send /surveys in your own chat with me: here it would disturb everybody.")
NOT_ASKED: Final = phrase("I did not ask for words just now, so nothing was changed. /surveys shows the surveys.")
TOO_LATE: Final = phrase(
    "I asked for that more than an hour ago, so nothing was changed. /surveys shows how it stands."
)
NOT_YOURS: Final = phrase("Surveys are changed by whoever has the role of editor. Ask an admin for it.")


def command(talk: StaffTalk, rest: str) -> None:
    """Show the surveys, `/surveys KEY` one of them; in a group say where to."""
    if talk.in_group:
        talk.say(IN_YOUR_OWN_CHAT)
        return
    from bot.surveying import acts

    acts.command(talk, rest)


def pressed(talk: StaffTalk, update: Pressed, choice: str) -> Phrase | None:
    """Take a tap below what we showed; return what to show in passing."""
    if talk.in_group or not talk.may(Act.EDIT_SURVEYS):
        return IN_YOUR_OWN_CHAT if talk.in_group else NOT_YOURS
    from bot.surveying import acts

    return acts.pressed(talk, update, choice)


def pressed_in_rehearsal(talk: StaffTalk, update: Pressed, choice: str) -> Phrase | None:
    """Take a tap below a question of a rehearsal; return what to show in passing."""
    if talk.in_group or not talk.may(Act.EDIT_SURVEYS):
        return NOT_YOURS
    from bot.surveying import acts

    return acts.pressed_in_rehearsal(talk, update, choice)


def waits(talk: StaffTalk) -> bool:
    """Say whether the next text of this staff member, in their own chat, is for their survey."""
    member = talk.member
    return (
        member.composing_what == WORDS
        and member.composing_case_id is None
        and talk.now <= (member.composing_until or 0)
        and not talk.in_group
    )


def tries(talk: StaffTalk) -> bool:
    """Say whether a rehearsal is under way in this chat: then words and pictures are its customer's."""
    if not waits(talk):
        return False
    from bot.surveying import acts

    return acts.tries(talk)


def why_not(talk: StaffTalk) -> Phrase | None:
    """Return what an editor is told whose words were for nothing that we asked; None for whom words are for cases."""
    member = talk.member
    if member.composing_what == WORDS and member.composing_case_id is None and member.composing_until is not None:
        return TOO_LATE
    writes_to_customers = talk.may(Act.WRITE_TO_CUSTOMER)
    return NOT_ASKED if talk.may(Act.EDIT_SURVEYS) and not writes_to_customers else None


def wrote(talk: StaffTalk, text: str) -> None:
    """Take the words that were asked for."""
    if not talk.may(Act.EDIT_SURVEYS):
        talk.unit.staff.compose_nothing(talk.member.id)
        talk.say(NOT_YOURS)
        return
    from bot.surveying import acts

    acts.wrote(talk, text)


def cancel(talk: StaffTalk) -> None:
    """Ask for no words any more."""
    from bot.surveying import acts

    acts.cancel(talk)


def attached(talk: StaffTalk, update: Attached) -> bool:
    """Take a file that may be a survey, or a picture of a rehearsal; say whether it was taken."""
    may_be_one = update.what == "document" and update.file_name.lower().endswith(ENDINGS)
    if talk.in_group or not (may_be_one or update.what == "photo") or not talk.may(Act.EDIT_SURVEYS):
        return False
    if not may_be_one and not tries(talk):
        return False
    from bot.surveying import acts

    acts.attached(talk, update)
    return True


def is_survey(file: MediaFile) -> bool:
    """Say whether a file that is being fetched was sent to become a survey."""
    if file.waiting is None or file.album is not None:
        return False
    update = read_stored(file.waiting)
    return isinstance(update, Attached) and update.words_for == WORDS
