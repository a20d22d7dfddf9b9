"""The words of a survey, in one language at a time: chosen, asked for with the old ones to copy, kept as sent.

A text is named by a number and a name: `3.text`, `3.low`, `3.options1` (the second option's label), `s.thanks`.
"""

import re
from typing import Final

from bot.phrases import NAMES
from bot.surveying.changing import change
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import LABELLED, OWN, SAID, Sheet, missing, plain, said, tables, texts, word
from bot.surveying.telling import in_rows, is_rating, text_of
from bot.surveying.tree import back, show_tree
from conversations.amending import Drop, Edit, Put
from conversations.phrases import Phrase, phrase
from conversations.problems import KeyPath
from conversations.questions import ENDS, LONGEST_LABEL
from conversations.slots import LONGEST_TEXT
from conversations.understanding import clean

CALLED: Final = {
    "text": phrase("the question"),
    "low": phrase("the words for the low end"),
    "high": phrase("the words for the high end"),
    "title": phrase("the title"),
    "apology": phrase("the apology"),
    "thanks": phrase("the thanks"),
    "options": phrase("option {number}"),
    "rows": phrase("row {number}"),
}
SHORT: Final = {
    "text": phrase("Question text"),
    "low": phrase("Low end"),
    "high": phrase("High end"),
    "title": phrase("Title"),
    "apology": phrase("Apology"),
    "thanks": phrase("Thanks"),
}
LONGEST_END: Final = 200
LONGEST_SHOWN: Final = 3_000

_ENTRY: Final = re.compile(r"(options|rows)(\d{1,2})")


def path_of(where: str, name: str) -> KeyPath | None:
    """Return the place of a text, without its language; None for what names no text."""
    if where == "s":
        return (name,) if name in OWN else None
    if not where.isdecimal():
        return None
    entry = _ENTRY.fullmatch(name)
    if entry is not None:
        return ("question", int(where), entry[1], int(entry[2]), SAID[entry[1]])
    return ("question", int(where), name) if name in ("text", "low", "high") else None


def named_by(path: KeyPath) -> tuple[str, str]:
    """Return how the place of a text is named in an act."""
    if path[0] != "question":
        return "s", str(path[0])
    return str(path[1]), f"{path[2]}{path[3]}" if len(path) > 3 else str(path[2])


def written_at(sheet: Sheet, path: KeyPath) -> dict[str, str]:
    """Return what is written at a place, by language."""
    if path[0] != "question":
        return texts(sheet.table, str(path[0]))
    number = int(path[1])
    if number >= len(sheet.questions):
        return {}
    question = sheet.questions[number]
    if len(path) == 3:
        return texts(question, str(path[2]))
    entries, at = tables(question, str(path[2])), int(path[3])
    return texts(entries[at], str(path[4])) if at < len(entries) else {}


def called(room: Room, path: KeyPath) -> str:
    """Return what a text is called: `Question 3, the words for the low end`."""
    name = str(path[2]) if path[0] == "question" else str(path[0])
    what = CALLED[name]
    if len(path) > 3:
        what = Phrase(what.sentence, {"number": int(path[3]) + 1})
    if path[0] != "question":
        return room.say(what)
    return room.say(phrase("Question {number}: {what}", number=int(path[1]) + 1, what=what))


def language_name(tag: str) -> str:
    """Return a language by its own name where we know it."""
    return NAMES.get(tag, tag)


def in_language(room: Room, tag: str, text: str) -> str:
    """Return a text with its language before it, marked where there is none."""
    return room.say(phrase("{name}: {value}", name=language_name(tag), value=text or "⚠ –"))


# --- choosing -------------------------------------------------------------------------------------------------------


def show_own(room: Room) -> None:
    """Show the texts of the survey itself: its title, what the unhappy and what everybody is told at the end."""
    sheet = room.sheet()
    if sheet is None:
        show_tree(room)
        return
    lines = []
    for name in OWN:
        shown = plain(said(texts(sheet.table, name), room.language, sheet.default), 300)
        lines.append(room.say(phrase("{name}: {value}", name=SHORT[name], value=shown or "–")))
    lines.append(room.say(phrase("The apology is for the unhappy, the thanks for everybody, the title for staff.")))
    rows = [[(room.say(SHORT[name]), f"w.s.{name}")] for name in OWN]
    room.show("\n\n".join(lines), [*rows, [back(room)]])


def show_texts(room: Room, where: str) -> None:
    """Show which texts a question has, to choose one."""
    sheet = room.sheet()
    number = int(where)
    if sheet is None or number >= len(sheet.questions):
        show_tree(room)
        return
    question = sheet.questions[number]
    names = ["text", *(("low", "high") if is_rating(question) else ())]
    choices = [(room.say(SHORT[name]), f"w.{where}.{name}") for name in names]
    listed = LABELLED.get(word(question, "kind"), "")
    for m, entry in enumerate(tables(question, listed)):
        label = plain(said(texts(entry, SAID[listed]), room.language, sheet.default), 30)
        choices.append((f"{m + 1}. {label}", f"w.{where}.{listed}{m}"))
    head = room.say(phrase("Which text of question {number}?", number=number + 1))
    room.show(f"{head}\n{text_of(room, sheet, question, 300)}", [*in_rows(choices, 1), [to_question(room, where)]])


def to_question(room: Room, where: str) -> Choice:
    """Return the button that leads back to a question, or to the texts of the survey itself."""
    if where == "s":
        return (room.say(phrase("‹ Texts")), "w.s")
    return (room.say(phrase("‹ Question {number}", number=int(where) + 1)), f"q.{where}")


def choose_language(room: Room, where: str, name: str) -> None:
    """Show a text in all its languages, to choose which one to change; with only one there is nothing to choose."""
    sheet, path = room.sheet(), path_of(where, name)
    if sheet is None or path is None:
        show_tree(room)
        return
    if len(sheet.languages) == 1:
        ask(room, where, name, sheet.languages[0])
        return
    written = written_at(sheet, path)
    lines = [called(room, path)]
    lines += [in_language(room, tag, written.get(tag, "")) for tag in sheet.languages]
    choices = [(language_name(tag), f"w.{where}.{name}.{tag}") for tag in sheet.languages]
    more: list[Choice] = []
    if written and _may_go(name):
        more.append((room.say(phrase("Remove it")), f"wd.{where}.{name}"))
    room.show("\n\n".join(lines), [*in_rows(choices, 3), more, [to_question(room, where)]])


def _may_go(name: str) -> bool:
    """Say whether a survey can be without that text: makegood has words of its own then."""
    return name in (*OWN, "low", "high")


def remove(room: Room, where: str, name: str) -> None:
    """Take a text away in every language; both ends of a scale go together."""
    path = path_of(where, name)
    sheet = room.sheet()
    if path is None or sheet is None or not _may_go(name):
        show_tree(room)
        return
    names = ("low", "high") if name in ("low", "high") else (name,)
    edits = [Drop((*path[:-1], each)) for each in names if written_at(sheet, (*path[:-1], each))]
    if change(room, edits, phrase("removed {what}", what=called(room, path))):
        room.tell(phrase("✓ Removed: {what}", what=called(room, path)))
        show_tree(room)


# --- asking and taking ----------------------------------------------------------------------------------------------


def ask(room: Room, where: str, name: str, tag: str, *, walk: str = "") -> None:
    """Ask for a text in one language; what stands there now is shown to be copied.

    In a `walk` through what is missing, the next one is asked for after it.
    """
    sheet, path = room.sheet(), path_of(where, name)
    if sheet is None or path is None or tag not in sheet.languages:
        show_tree(room)
        return
    written = written_at(sheet, path)
    lines = [f"{called(room, path)} · {language_name(tag)}"]
    if now := written.get(tag):
        lines += [room.say(phrase("Now it reads:")), now[:LONGEST_SHOWN]]
    elif model := said(written, sheet.default, sheet.default):
        lines += [room.say(phrase("In {language} it reads:", language=language_name(_tag_of(written, sheet)))), model]
    lines.append(room.say(_send_me(name)))
    rows: list[list[Choice]] = []
    if walk:
        rows.append([(room.say(phrase("Skip this one")), f"m.{_further(walk)}"), (room.say(phrase("Later")), "o")])
    else:
        rows.append([to_question(room, where)])
    act = f"m!{walk}.{where}.{name}.{tag}" if walk else f"w.{where}.{name}.{tag}"
    room.show("\n\n".join(lines), rows, asks=act)


def _tag_of(written: dict[str, str], sheet: Sheet) -> str:
    return sheet.default if sheet.default in written else next(iter(written), sheet.default)


def _send_me(name: str) -> Phrase:
    if _ENTRY.fullmatch(name):
        return phrase("Send me the new words, up to {most} characters: they stand on a button.", most=LONGEST_LABEL)
    if name in ("low", "high"):
        return phrase("Send me a few words. Both ends need some.")
    if name == "title":
        return phrase("Send me the new title.")
    return phrase(
        "Send me the new text. {customer} stands for the customer's name, {item} for what they got.",
        customer="{{ customer.name }}",
        item="{{ service.item }}",
    )


def _further(walk: str) -> str:
    """Return a walk with one more text skipped: `zh-Hans~2` is the third that is missing in Chinese."""
    tag, _, skipped = walk.partition("~")
    return f"{tag}~{int(skipped or 0) + 1}"


def take(room: Room, where: str, name: str, tag: str, text: str) -> bool:
    """Keep a text as it was sent; say whether it was kept. What is too long is asked for again."""
    path = path_of(where, name)
    words = clean(text).strip()
    longest = LONGEST_LABEL if _ENTRY.fullmatch(name) else LONGEST_END if name in ("low", "high", "title") else 0
    if path is None or not words:
        show_tree(room)
        return False
    if (longest and len(words) > longest) or len(words.encode()) > LONGEST_TEXT:
        room.tell(
            phrase(
                "That has {count} characters, and {most} fit here.", count=len(words), most=longest or LONGEST_TEXT // 3
            )
        )
        ask(room, where, name, tag)
        return False
    return change(
        room, _edits(room, path, tag, words), phrase("{what} in {language}", what=called(room, path), language=tag)
    )


def _edits(room: Room, path: KeyPath, tag: str, words: str) -> list[Edit]:
    """Return the change of a text. The first end of a scale brings the other with it, as makegood would say it."""
    edits: list[Edit] = [Put((*path, tag), words)]
    sheet = room.sheet()
    if sheet is None or path[-1] not in ("low", "high") or written_at(sheet, path):
        return edits
    question = sheet.questions[int(path[1])]
    usual = dict(zip(("low", "high"), ENDS.get(word(question, "kind"), ({}, {})), strict=True))
    edits = []
    for name in ("low", "high"):
        ours = {each: usual[name][each] for each in sheet.languages if each in usual[name]}
        if name == path[-1]:
            ours[tag] = words
        if ours:
            edits.append(Put((*path[:-1], name), ours))
    return edits


def taken(room: Room, where: str, name: str, tag: str, text: str) -> None:
    """Keep a text, and show the question that it belongs to."""
    from bot.surveying.question import show_question

    if take(room, where, name, tag, text):
        room.tell(phrase("✓ Kept."))
        if where == "s":
            show_own(room)
        else:
            show_question(room, where)


# --- what is missing ------------------------------------------------------------------------------------------------


def ask_missing(room: Room, walk: str) -> None:
    """Ask for the next text that is missing, in one language or (`*`) in any; say so when there is none."""
    tag, _, skipped = walk.partition("~")
    sheet = room.sheet()
    if sheet is None:
        show_tree(room)
        return
    wanted = missing(sheet, tag if tag in sheet.languages else None)
    at = int(skipped) if skipped.isdecimal() else 0
    if at >= len(wanted):
        room.tell(
            phrase("✓ Nothing is missing any more.")
            if not wanted
            else phrase("Still missing: {count}", count=len(wanted))
        )
        show_tree(room)
        return
    path, language = wanted[at]
    room.news.append(room.say(phrase("{count} still to translate.", count=len(wanted) - at)))
    ask(room, *named_by(path), language, walk=f"{tag or '*'}~{at}")


def took_missing(room: Room, walk: str, where: str, name: str, tag: str, text: str) -> None:
    """Keep a text that was missing, and ask for the next one."""
    if take(room, where, name, tag, text):
        ask_missing(room, walk)
