"""How a survey begins on a page: blank with one question, or as a copy; its key is made from its name."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from bot.console.survey_lines import shipped_file
from bot.editing import drafts
from bot.editing.bringing import KEY
from bot.editing.drafts import Saved
from bot.phrases import LANGUAGES, say
from bot.publishing import library
from conversations import amending
from conversations.amending import CannotAmend, Put
from conversations.importing import naming
from conversations.phrases import Phrase, phrase
from conversations.surveys import Question, Survey, Texts
from conversations.translating import TAG, languages_of
from conversations.writing import toml
from storage.unit import Unit

LONGEST_NAME: Final = 200
"""Bytes of a survey's title."""

MOST_LANGUAGES: Final = 20

_FIRST: Final = phrase("How satisfied are you with our service?")
_THANKS: Final = phrase("Thank you! Every answer helps us to do better.")
_APOLOGY: Final = phrase("I'm sorry that it went like this. We want to put it right.")


class Wanted(msgspec.Struct, frozen=True):
    """What a form says of a new survey. An empty `key` is made from the name; an empty `copy` is none."""

    name: str = ""
    key: str = ""
    touchpoint: str = ""
    languages: tuple[str, ...] = ()
    copy: str = ""


class Begun(msgspec.Struct, frozen=True):
    """The key of the draft that was begun; without one, what is wrong with what was wanted."""

    key: str = ""
    mistakes: tuple[Phrase, ...] = ()


def wanted_of(fields: Mapping[str, str]) -> Wanted:
    """Return what a form says."""
    more = re.split(r"[\s,;、，]+", fields.get("more_languages", ""))
    ticked = [tag for tag in LANGUAGES if fields.get(f"speaks_{tag}")]
    return Wanted(
        name=" ".join(fields.get("name", "").split()),
        key=fields.get("key", "").strip(),
        touchpoint=fields.get("touchpoint", "").strip(),
        languages=tuple(dict.fromkeys(tag for tag in (*ticked, *more) if tag)),
        copy=fields.get("copy", ""),
    )


def begin(unit: Unit, brand: int, wanted: Wanted, actor: str, now: int) -> Begun:
    """Begin the draft of a new survey, or say what is wrong."""
    original = _original(unit, brand, wanted.copy) if wanted.copy else None
    if wanted.copy and original is None:
        return Begun(mistakes=(phrase("What was to be copied is not there any more."),))
    mistakes = tuple(_mistakes(wanted, original))
    taken = keys_in_use(unit, brand)
    if wanted.key and wanted.key in taken:
        mistakes = (*mistakes, phrase('There is a survey with the key "{key}" already.', key=wanted.key))
    if mistakes:
        return Begun(mistakes=mistakes)
    key = wanted.key or naming.key(wanted.name, taken, "survey", question=False)
    touchpoint = wanted.touchpoint or key
    try:
        source = _copied(original, wanted, key) if original is not None else _blank(wanted, key, touchpoint)
    except CannotAmend as error:
        return Begun(mistakes=(error.said,))
    what = "copied" if original is not None else "begun"
    made = drafts.begun(unit, brand, key, source, actor, what, now)
    assert isinstance(made, Saved)  # noqa: S101 - a key in use was refused above
    return Begun(key)


def keys_in_use(unit: Unit, brand: int) -> set[str]:
    """Return the keys that no new survey can have: published ever, being written, or shipped."""
    stored = {version.key for version in unit.surveys.newest(brand)}
    return stored | {row.key for row in unit.drafts.open(brand)} | {file.survey.key for file in library()}


def free_key(unit: Unit, brand: int, key: str) -> str:
    """Return a key like this one that nothing has yet."""
    return naming.key(key, keys_in_use(unit, brand), "survey", question=False)


def renamed(source: str, key: str) -> str:
    """Return a survey file under another key. Raises CannotAmend for what is no TOML."""
    return amending.amended(source, [Put(("key",), key)])


def _mistakes(wanted: Wanted, original: str | None) -> list[Phrase]:
    found = []
    if not wanted.name or len(wanted.name.encode()) > LONGEST_NAME:
        found.append(phrase("Please give it a name, of one line."))
    if wanted.key and not KEY.fullmatch(wanted.key):
        found.append(phrase("A key has small letters, figures and _, a letter first, 32 at most."))
    if wanted.touchpoint and not KEY.fullmatch(wanted.touchpoint):
        found.append(phrase("A touchpoint has small letters, figures and _, a letter first, 32 at most."))
    if original is None:
        found += [
            phrase('"{tag}" is no language tag. Write tags such as en, zh-Hans, pt-BR.', tag=tag[:40])
            for tag in wanted.languages
            if not TAG.fullmatch(tag)
        ]
        if not wanted.languages:
            found.append(phrase("Please choose at least one language."))
        if len(wanted.languages) > MOST_LANGUAGES:
            found.append(phrase("These are more than {most} languages.", most=MOST_LANGUAGES))
    return found


def _original(unit: Unit, brand: int, key: str) -> str | None:
    """Return the file to be copied: the draft as it stands, else the newest version, else what we ship."""
    draft = unit.drafts.newest(brand, key)
    if draft is not None:
        return draft.source
    versions = unit.surveys.versions(brand, key)
    if versions:
        return versions[0].source
    shipped = shipped_file(key)
    return shipped.source if shipped is not None else None


def _copied(original: str, wanted: Wanted, key: str) -> str:
    tags = languages_of(amending.read(original))
    edits = [Put(("key",), key), *(Put(("title", tag), wanted.name) for tag in tags)]
    if wanted.touchpoint:
        edits.append(Put(("touchpoint",), wanted.touchpoint))
    return amending.amended(original, edits)


def _blank(wanted: Wanted, key: str, touchpoint: str) -> str:
    tags = wanted.languages
    first = Question(key="satisfaction", kind="csat", text=_said(_FIRST, tags))
    return toml(
        Survey(
            key=key,
            touchpoint=touchpoint,
            languages=tags,
            questions=(first,),
            title=dict.fromkeys(tags, wanted.name),
            unhappy="satisfaction <= 2",
            apology=_said(_APOLOGY, tags),
            thanks=_said(_THANKS, tags),
        )
    )


def _said(sentence: Phrase, tags: tuple[str, ...]) -> Texts:
    """Return a sentence in those of the languages that we speak, else in English to be translated from."""
    spoken = {tag: say(sentence, tag) for tag in tags if tag in LANGUAGES}
    return spoken or {tags[0]: say(sentence, "en")}
