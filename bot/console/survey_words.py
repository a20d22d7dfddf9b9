"""What several pages about surveys say in the same way: languages, people, problems, differences."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
from babel import Locale, UnknownLocaleError

from bot.console.wording import words
from bot.phrases import NAMES, say
from conversations.condition_words import in_words
from conversations.differences import Difference
from conversations.phrases import Phrase, phrase
from conversations.problems import KeyPath, Problem
from conversations.surveys import Question, Survey
from storage.errors import NotFound
from storage.unit import Unit

BY_ITSELF: Final = {
    "operator": phrase("the operator"),
    "demo": phrase("the demo"),
    "editor": phrase("an editor"),
}


UNHAPPY: Final = "when an answer counts as unhappy"
SWITCHES: Final = ("how consent is asked for", "whether answers are kept without a name")
WAYS: Final = "Other ways on"
"""What `conversations.differences` calls what is said otherwise here than it is written."""

VALUES: Final = {"line": "set_consent_line", "step": "set_consent_step", "true": "is_so", "false": "is_not_so"}


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


def questions_of(*surveys: Survey | None) -> tuple[Question, ...]:
    """Return the questions of some editions together, of each key the first."""
    found = {one.key: one for survey in surveys if survey is not None for one in reversed(survey.questions)}
    return tuple(found.values())


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


def differing(found: Iterable[Difference], language: str, questions: Sequence[Question] = ()) -> tuple[Differs, ...]:
    """Return differences in words. Languages are named as their speakers name them.

    With the questions of both editions conditions are said in words, too; without them they stand as written.
    """
    return tuple(
        Differs(
            say(_named(each.what), language),
            each.question or "",
            _read(each, each.before, language, questions),
            _read(each, each.after, language, questions),
            say(each.breaks, language) if each.breaks is not None else "",
        )
        for each in found
    )


def _read(each: Difference, written: str, language: str, questions: Sequence[Question]) -> str:
    """Return one side of a difference as people read it."""
    setting = each.what.places.get("what")
    if written and each.what.sentence == WAYS and questions:
        return "\n".join(_way(line, each.question or "", language, questions) for line in written.splitlines())
    if not written or not isinstance(setting, Phrase):
        return written
    if setting.sentence == UNHAPPY and questions:
        return say(in_words(written, questions, language), language)
    known = VALUES.get(written) if setting.sentence in SWITCHES else None
    return words(known, language) if known is not None else written


def _way(line: str, question: str, language: str, questions: Sequence[Question]) -> str:
    when, arrow, to = line.rpartition(" → ")
    if when in ("*", "true"):
        return say(phrase("otherwise → {question}", question=to), language)
    said = in_words(when, questions, language, question)
    return say(phrase("if {condition} → {question}", condition=said, question=to), language) if arrow else line


def _named(what: Phrase) -> Phrase:
    tag = what.places.get("language")
    if not isinstance(tag, str):
        return what
    return Phrase(what.sentence, {**what.places, "language": language_name(tag)})
