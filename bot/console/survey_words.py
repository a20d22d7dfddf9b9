"""What several pages about surveys say in the same way: languages, people, problems, differences."""

from collections.abc import Iterable
from typing import Final

import msgspec
from babel import Locale, UnknownLocaleError

from bot.console.wording import words
from bot.phrases import NAMES, say
from conversations.differences import Difference
from conversations.phrases import Phrase, phrase
from conversations.problems import KeyPath, Problem
from storage.errors import NotFound
from storage.unit import Unit

BY_ITSELF: Final = {
    "operator": phrase("the operator"),
    "demo": phrase("the demo"),
    "editor": phrase("an editor"),
}


class Told(msgspec.Struct, frozen=True):
    """A problem or a piece of advice, ready to be shown: its place in the file, what it is, and how to mend it."""

    place: str
    line: int
    said: str
    mend: str
    error: bool


class Differs(msgspec.Struct, frozen=True):
    """A difference, ready to be shown."""

    what: str
    question: str
    before: str
    after: str
    breaks: str


def language_name(tag: str) -> str:
    """Return a language's own name: `Deutsch`, `简体中文`; the tag where nobody knows one."""
    if tag in NAMES:
        return NAMES[tag]
    try:
        name = Locale.parse(tag, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        return tag
    return str(name)[:1].upper() + str(name)[1:] if name else tag


def who(unit: Unit, actor: str, language: str) -> str:
    """Return the name of whoever did something, as `staff:4` says it."""
    kind, _, ident = actor.partition(":")
    if kind == "staff" and ident.isdecimal():
        try:
            return unit.staff.get(int(ident)).name
        except NotFound:
            return words("somebody", language)
    known = BY_ITSELF.get(kind)
    return say(known, language) if known is not None else words("somebody", language)


def place_of(path: KeyPath) -> str:
    """Return a place in a survey file as one word, which a field's id can carry."""
    return "-".join(str(part) for part in path)


def told(problems: Iterable[Problem], language: str) -> tuple[Told, ...]:
    """Return problems in words, errors first, each once."""
    found = [
        Told(
            place_of(each.path),
            each.line,
            say(each.said, language),
            say(each.to_mend, language),
            each.severity == "error",
        )
        for each in problems
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda each: not each.error))


def differing(found: Iterable[Difference], language: str) -> tuple[Differs, ...]:
    """Return differences in words. Languages are named as their speakers name them."""
    return tuple(
        Differs(
            say(_named(each.what), language),
            each.question or "",
            each.before,
            each.after,
            say(each.breaks, language) if each.breaks is not None else "",
        )
        for each in found
    )


def _named(what: Phrase) -> Phrase:
    tag = what.places.get("language")
    if not isinstance(tag, str):
        return what
    return Phrase(what.sentence, {**what.places, "language": language_name(tag)})
