"""What staff write for themselves in a case: a note, and a good story worth keeping. No customer ever reads it."""

from collections.abc import Sequence
from typing import Final

from bot import staff_cases
from bot.access.policy import Act
from bot.case_story import NOTE, WOW
from bot.channels.messages import Message
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.staff_talk import StaffTalk
from bot.wall_clock import wall_day
from conversations.phrases import Phrase, phrase
from conversations.understanding import clean, shorten
from storage.cases import Case

NOTED: Final = phrase("📝 Noted in case {number}, for colleagues only.")
KEPT: Final = phrase("⭐ Kept: the good story of case {number}.")
STORIES: Final = 10
ROOM: Final = 350
"""Characters that a story may take up in the list of them."""


def note(talk: StaffTalk, rest: str) -> None:
    """Write a note: /note 17 words, or /note words as a reply to a message of the case."""
    _by_command(talk, rest, NOTE)


def wow(talk: StaffTalk, rest: str) -> None:
    """Keep a good story: /wow 17 words; alone it lists those that were kept, for who leads a team."""
    if not rest and talk.reply_to is None and talk.topic_of is None:
        _list_stories(talk)
    else:
        _by_command(talk, rest, WOW)


def _by_command(talk: StaffTalk, rest: str, what: str) -> None:
    named = staff_cases.case_named(talk, rest, what)
    if named is None:
        return
    case, words = named
    if words:
        _keep(talk, case, words, (), what)
    else:
        _ask(talk, case, what)


def ask_note(talk: StaffTalk, case: Case, _pressed: Pressed) -> Phrase | None:
    """Let the next text be a note in the case."""
    _ask(talk, case, NOTE)
    return None


def ask_wow(talk: StaffTalk, case: Case, _pressed: Pressed) -> Phrase | None:
    """Let the next text be the good story of the case."""
    _ask(talk, case, WOW)
    return None


def _ask(talk: StaffTalk, case: Case, what: str) -> None:
    number = case.number
    if what == NOTE:
        own = phrase("Your next message is a note in case {number}, for colleagues. /cancel if not.", number=number)
        group = phrase("Reply to this message with a note for case {number}. Only colleagues read it.", number=number)
    else:
        own = phrase("What went so well in case {number}? Your next message is kept. /cancel if not.", number=number)
        group = phrase("What went so well in case {number}? Reply to this message, and it is kept.", number=number)
    talk.ask_for_words(case, what, own, group)


def take_note(talk: StaffTalk, case: Case, text: str, media: Sequence[int]) -> None:
    """Keep the words and files of a note."""
    _keep(talk, case, text, media, NOTE)


def take_wow(talk: StaffTalk, case: Case, text: str, media: Sequence[int]) -> None:
    """Keep the words and files of a good story."""
    _keep(talk, case, text, media, WOW)


def _keep(talk: StaffTalk, case: Case, text: str, media: Sequence[int], what: str) -> None:
    if not talk.may(Act.NOTE_IN_CASE, case):
        talk.say(phrase("You may not do this. Please ask a colleague who works cases."))
        return
    words, _ = shorten(clean(text))
    message_id = talk.unit.case_messages.add(case.id, what, words, talk.now, talk.member.id)
    talk.unit.media.said_in_case(media, message_id, case.customer_id)
    talk.unit.history.add(talk.house.brand, f"case:{case.id}", talk.actor, "Noted", what, talk.now)
    talk.unit.staff.compose_nothing(talk.member.id)
    said = NOTED if what == NOTE else KEPT
    talk.say(Phrase(said.sentence, {"number": case.number}), case=case)


def _list_stories(talk: StaffTalk) -> None:
    language = talk.member.language
    if not talk.may(Act.SEE_TEAM_DAY):
        talk.say(phrase("To keep a good story, write /wow and the case's number and what went well: /wow 17 She …"))
        return
    kept = [
        (case, told)
        for case, told in talk.unit.case_messages.said_as(talk.house.brand, WOW, 50)
        if talk.may(Act.SEE_CASE, case)
    ]
    if not kept:
        talk.say(phrase("No good story was kept yet. Whoever has one writes /wow, the case's number and the story."))
        return
    blocks = [say(phrase("Good stories, the newest first:"), language)]
    for case, told in kept[:STORIES]:
        who = talk.unit.staff.get(told.staff_member_id).name if told.staff_member_id else ""
        day = wall_day(told.at, talk.house.zone, language)
        text = told.text if len(told.text) <= ROOM else f"{told.text[:ROOM]}…"
        head = say(phrase("Case {number} · {name} · {day}", number=case.number, name=who, day=day), language)
        blocks.append(f"{head}\n{text}")
    talk.out.post(talk.address, Message("\n\n".join(blocks)), "staff_reply")
