"""The languages of a survey: added, taken away, the default one chosen, and what is missing asked for."""

import re
from typing import Final

from bot.phrases import LANGUAGES
from bot.surveying.changing import change
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import missing
from bot.surveying.telling import in_rows
from bot.surveying.texts import language_name
from bot.surveying.tree import back, show_tree
from conversations.amending import Put
from conversations.languages import added, removed
from conversations.phrases import phrase

_TAG: Final = re.compile(r"([a-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|[0-9]{3}))?")


def show_languages(room: Room) -> None:
    """Show the languages, with how many texts each one lacks."""
    sheet = room.sheet()
    if sheet is None:
        show_tree(room)
        return
    lines = [room.say(phrase("Languages. A customer who reads none of them gets the first."))]
    choices: list[Choice] = []
    for tag in sheet.languages:
        count = len(missing(sheet, tag))
        state = room.say(phrase("missing: {count}", count=count)) if count else "✓"
        lines.append(f"{language_name(tag)} – {state}")
        choices.append((language_name(tag), f"g.{tag}"))
    rows = in_rows(choices, 3)
    if missing(sheet):
        rows.append([(room.say(phrase("Ask me for what is missing")), "m.*~0")])
    room.show("\n".join(lines), [*rows, [(room.say(phrase("＋ Language")), "ga")], [back(room)]])


def show_language(room: Room, tag: str) -> None:
    """Show one language, with what it lacks and what can be done to it."""
    sheet = room.sheet()
    if sheet is None or tag not in sheet.languages:
        show_languages(room)
        return
    lacking = missing(sheet, tag)
    lines = [language_name(tag)]
    if lacking:
        from bot.surveying.texts import called

        lines.append(room.say(phrase("missing: {count}", count=len(lacking))))
        lines += [f"– {called(room, path)}" for path, _ in lacking[:20]]
    rows: list[list[Choice]] = []
    if lacking:
        rows.append([(room.say(phrase("Ask me for what is missing")), f"m.{tag}~0")])
    if tag != sheet.default:
        rows.append([(room.say(phrase("Make it the first")), f"gf.{tag}")])
    if len(sheet.languages) > 1:
        lines.append(room.say(phrase("Removed, all its texts go; Undo brings them back.")))
        rows.append([(room.say(phrase("Remove")), f"gr.{tag}")])
    room.show("\n".join(lines), [*rows, [(room.say(phrase("‹ Languages")), "g")]])


def choose_language(room: Room) -> None:
    """Ask which language to add."""
    sheet = room.sheet()
    have = sheet.languages if sheet is not None else ()
    choices = [(language_name(tag), f"ga.{tag}") for tag in LANGUAGES if tag not in have]
    text = room.say(phrase("Which language? Tap one, or send me its tag, such as de, pt-BR or zh-Hant."))
    room.show(text, [*in_rows(choices, 3), [(room.say(phrase("‹ Languages")), "g")]], asks="ga")


def add(room: Room, typed: str) -> None:
    """Add a language, and ask for its texts one after the other."""
    sheet, tag = room.sheet(), _tag(typed)
    if sheet is None:
        show_tree(room)
        return
    if tag is None:
        room.tell(phrase("That is no language tag."))
        choose_language(room)
        return
    if tag in sheet.languages:
        show_language(room, tag)
        return
    if change(room, added(sheet.table, tag), phrase("language {language} added", language=tag)):
        from bot.surveying.texts import ask_missing

        room.tell(phrase("✓ {language} is one of its languages now.", language=language_name(tag)))
        ask_missing(room, f"{tag}~0")


def _tag(typed: str) -> str | None:
    """Return a tag in the spelling that survey files have: `ZH_hant` is `zh-Hant`."""
    found = _TAG.fullmatch(typed.strip()) or _TAG.fullmatch(typed.strip().lower())
    if found is None:
        return None
    language, script, region = found.groups()
    return "-".join(part for part in (language, (script or "").title(), (region or "").upper()) if part)


def make_first(room: Room, tag: str) -> None:
    """Let a language be the one for whoever reads none of the others."""
    sheet = room.sheet()
    if sheet is None or tag not in sheet.languages:
        show_languages(room)
        return
    order = [tag, *(other for other in sheet.languages if other != tag)]
    if change(room, [Put(("languages",), order)], phrase("language {language} first", language=tag)):
        show_languages(room)


def remove(room: Room, tag: str) -> None:
    """Take a language away, with all its texts."""
    sheet = room.sheet()
    if sheet is None or tag not in sheet.languages or len(sheet.languages) == 1:
        show_languages(room)
        return
    if change(room, removed(sheet.table, tag), phrase("language {language} removed", language=tag)):
        room.tell(phrase("✓ Removed. Undo brings it back."))
        show_languages(room)
