"""Surveys as files in the chat: one that is sent becomes a draft, and any survey is sent back as one.

A file is fetched after its turn, read beside the database, and taken in by a turn of its own that ends the fetching:
whatever dies in between, it is fetched again, and taken in once. Its bytes are kept nowhere.
"""

from functools import partial

import msgspec

from bot.channels.messages import Attachment, Message
from bot.channels.updates import Attached, stored
from bot.editing import drafts
from bot.editing.bringing import Read
from bot.house import House
from bot.outgoing import Outgoing
from bot.phrases import say
from bot.scene import Scene
from bot.staff_talk import StaffTalk
from bot.surveying.desk import Room, room_of
from bot.surveying.door import LARGEST, WORDS
from bot.surveying.telling import called, difference_lines
from bot.surveying.tree import show_more, show_tree
from bot.turn import NOTHING, Turned, turned
from conversations.differences import differences
from conversations.phrases import phrase
from conversations.reading import draft as read_draft
from storage.media import MediaFile
from storage.unit import Unit

MOST_GROUPS = 12
UNKNOWN = phrase(
    "I do not see what program it is from. I read surveys of makegood (.toml), Formbricks, Typebot, SurveyJS and"
    " RapidPro (.json), and XLSForms (.xlsx)."
)


# --- sent to us -----------------------------------------------------------------------------------------------------


def came(talk: StaffTalk, update: Attached) -> None:
    """Have a survey file fetched, or say why not."""
    if not update.file:
        talk.say(phrase("Send me survey files in Telegram, or bring them to the page Surveys in the console."))
        return
    if update.size > LARGEST:
        talk.say(phrase("A survey file has 8 MB at most. Export only the survey, without its answers."))
        return
    marked = msgspec.structs.replace(update, words_for=WORDS)
    talk.unit.media.want(
        talk.house.brand,
        update.channel,
        update.chat,
        "document",
        update.file,
        talk.now,
        name=update.file_name[:200] or None,
        size=update.size or None,
        erase_at=talk.now + talk.house.media_lasts,
        waiting=stored(marked),
    )
    talk.out.moves_files = True


def take_in(unit: Unit, file: MediaFile, brought: Read, house: House, now: int) -> Turned:
    """Make a file that was fetched a draft, and say what came of it; nothing when it was taken in before."""
    if not unit.media.read(file.id):
        return NOTHING
    address = unit.addresses.at(file.brand_id, file.channel, file.chat)
    if address is None or address.staff_member_id is None:
        return NOTHING
    scene = Scene(unit, house, Outgoing(unit, now), now)
    member = unit.staff.get(address.staff_member_id)
    if member.removed_at is None:
        _become_draft(room_of(StaffTalk(address, member, scene)), brought)
    return turned(scene.out)


def _become_draft(room: Room, brought: Read) -> None:
    if brought.survey is None:  # in a chat there is nowhere to mend a file that says nothing yet
        _say_why_not(room, brought)
        return
    standing = room.unit.drafts.newest(room.brand, brought.key)
    words, revision = f"from {brought.file}", standing.revision if standing is not None else drafts.NOT_BEGUN
    save = partial(drafts.begun, room.unit, room.brand, brought.key)
    if standing is not None:
        save = partial(drafts.saved, room.unit, room.brand, brought.key, revision)
    before = drafts.text_of(room.unit, room.brand, brought.key, revision)
    save(brought.source, room.talk.actor, words, room.talk.now)
    room.turn_to(brought.key)
    room.state = msgspec.structs.replace(room.state, trying=None)
    room.tell(phrase("✓ {file} is a draft now. Nobody is asked before you publish it.", file=brought.file))
    if standing is not None:
        room.tell(phrase("It takes the place of the draft that was there; Undo brings that back."))
    room.news += _changed_in_import(room, brought)
    room.news += _differs(room, before, brought.source)
    show_tree(room)


def _differs(room: Room, before: str | None, after: str) -> list[str]:
    """Return how a file differs from the survey of that key, in a few lines."""
    was, now = (read_draft(before).survey if before else None), read_draft(after).survey
    if was is None or now is None:
        return []
    found = differences(was, now)
    lines = difference_lines(room, found[:8])
    if len(found) > 8:
        lines.append(room.say(phrase("… and {count} more", count=len(found) - 8)))
    return ["\n".join(lines)] if lines else [room.say(phrase("It says the same as what was there."))]


def _changed_in_import(room: Room, brought: Read) -> list[str]:
    """Return what an import did not take over as it was, each kind with its reason."""
    lines = []
    for group in brought.groups[:MOST_GROUPS]:
        count = f" (×{len(group.places)})" if len(group.places) > 1 else ""
        lines.append(f"• {room.say(group.what)}{count} – {room.say(group.why)}")
    if len(brought.groups) > MOST_GROUPS:
        lines.append(room.say(phrase("… and {count} more", count=len(brought.groups) - MOST_GROUPS)))
    if lines:
        lines.insert(0, room.say(phrase("Not as it was there:")))
    if brought.assumed:
        lines.append(room.say(phrase("Look at what we had to assume:")))
        lines += [f"• {room.say(one)}" for one in brought.assumed]
    return ["\n".join(lines)] if lines else []


def _say_why_not(room: Room, brought: Read) -> None:
    """Say what is wrong with a file, where, and how to mend it; the survey that was shown stays where it was."""
    parts = [room.say(phrase("⚠ {file} could not become a survey.", file=brought.file))]
    if brought.refused is not None:  # which program it is from can be said at the command line alone
        parts.append(room.say(UNKNOWN if "--from" in brought.refused.sentence else brought.refused))
    for problem in brought.problems[:6]:
        line = room.say(phrase("Line {line}:", line=problem.line))
        parts.append(f"{line} {room.say(problem.said)} {room.say(problem.to_mend)}")
    parts += _changed_in_import(room, brought)
    parts.append(room.say(phrase("Mend it and send it once more; nothing was changed.")))
    room.talk.out.post(room.talk.address, Message("\n\n".join(parts)), "staff_reply")


# --- sent back ------------------------------------------------------------------------------------------------------


def export(room: Room) -> None:
    """Send the survey as a file: its draft when there is one, else what was published last."""
    sheet = room.sheet()
    if sheet is None:
        show_tree(room)
        return
    words = phrase("{title} as a file. Change it in any editor and send it back to me.", title=called(room, sheet))
    file = Attachment("document", made="survey", of=sheet.source, name=f"{sheet.key}.toml", alt=f"{sheet.key}.toml")
    message = Message(say(words, room.language), attachments=(file,))
    room.talk.out.post(room.talk.address, message, "staff_reply")
    room.forget_tapped()
    show_more(room)
