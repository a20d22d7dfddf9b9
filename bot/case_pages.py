"""What a message in chat cannot hold of a case: its files, shown once more, and the way to its page in the console."""

from typing import Final
from urllib.parse import urlsplit

from bot import case_words, keeping
from bot.channels.messages import Message
from bot.channels.telegram.limits import LARGEST_ALBUM
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.staff_talk import LOCAL, ONLY_HERE, StaffTalk
from conversations.phrases import Phrase, phrase
from storage.cases import Case

NO_FILES: Final = phrase("Nothing but words was sent in this case.")


def show_files(talk: StaffTalk, case: Case, _pressed: Pressed) -> Phrase | None:
    """Show the newest photos, voice messages and documents of a case; return what to say where there is none."""
    messages = talk.unit.case_messages.of(case.id)
    files = [file.id for message in messages for file in talk.unit.media.of_case_message(message.id)]
    shown = keeping.attachments(talk.scene, files[-LARGEST_ALBUM:])
    if not shown:
        return NO_FILES
    text = case_words.title(talk.scene, case, talk.member.language)
    talk.out.post(talk.address, Message(text, attachments=shown), "case_shown", case_id=case.id)
    return None


def give_address(talk: StaffTalk, case: Case, _pressed: Pressed) -> Phrase | None:
    """Give the address of the case's page; whoever is not signed in there is asked to."""
    language, url = talk.member.language, talk.house.public_url
    words = say(phrase("Case {number} in the console:", number=case.number), language)
    text = f"{words}\n{url}/console/cases/{case.number}"
    if urlsplit(url).hostname in LOCAL:
        text += f"\n\n{say(ONLY_HERE, language)}"
    talk.out.post(talk.address, Message(text), "staff_reply", case_id=case.id)
    return None
