"""*More …* below a case, and its groups: further acts, opened and closed again in the message that was tapped."""

from bot import case_buttons
from bot.case_buttons import Rows, pressed_act
from bot.channels.messages import Message
from bot.channels.updates import Pressed
from bot.outgoing import message_of
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from recovery import cases
from storage.cases import Case


def open_more(talk: StaffTalk, case: Case, pressed: Pressed) -> Phrase | None:
    """Show what else can be done about the case, or one group of it; return what to show in passing when there is
    nothing."""
    if case.closed_at is not None:
        return phrase("This case is closed.")
    return _show(talk, case, pressed, _opened(talk, case, _named(pressed)))


def close_more(talk: StaffTalk, case: Case, pressed: Pressed) -> Phrase | None:
    """Go back: from a group to what *More …* shows, from there to the two usual rows."""
    if _named(pressed):
        return _show(talk, case, pressed, _opened(talk, case))
    return _show(talk, case, pressed, case_buttons.rows(cases.load(case.state), case, talk.member.language))


def _named(pressed: Pressed) -> str:
    """Return the group that a button opens or closes, "" for *More …* itself."""
    act = pressed_act(pressed.press)
    return act.more if act is not None else ""


def _opened(talk: StaffTalk, case: Case, group: str = "") -> Rows:
    return case_buttons.more_rows(cases.load(case.state), case, talk.member.language, group)


def _show(talk: StaffTalk, case: Case, pressed: Pressed, rows: Rows) -> Phrase | None:
    """Put other buttons below the message that was tapped; its words stay as they read now."""
    row = talk.unit.messages.by_ref(talk.address.id, pressed.ref)
    if row is None:
        return phrase("That button is no longer in use.")
    newest = [one for one in talk.unit.messages.of_case(case.id) if one.edits == row.id and one.state != "cancelled"]
    text = message_of(newest[-1] if newest else row).text
    talk.out.edit(talk.address, row, Message(text, rows), again=True)
    return None
