"""What came of an import: the survey, and everything that is not as it was.

Nothing is dropped silently: whatever of the source has no place here is a `Change`, with where it stood and why.
"""

from typing import Final, Literal

import msgspec

from conversations.phrases import Phrase
from conversations.surveys import Survey

Format = Literal["formbricks", "typebot", "surveyjs", "rapidpro", "xlsform"]
FORMATS: Final[tuple[Format, ...]] = ("formbricks", "typebot", "surveyjs", "rapidpro", "xlsform")

Verdict = Literal["exact", "with changes", "cannot"]


class Remark(msgspec.Struct, frozen=True):
    """One kind of change: what became of something, and why."""

    what: Phrase
    why: Phrase


class Change(msgspec.Struct, frozen=True):
    """Something of the source that is not as it was. `where` is its path there: block, question, rule."""

    where: str
    what: Phrase
    why: Phrase


class Group(msgspec.Struct, frozen=True):
    """Changes that say the same, and all the places where they apply."""

    what: Phrase
    why: Phrase
    places: tuple[str, ...]


class Import(msgspec.Struct, frozen=True):
    """One definition, read. `survey` and its `toml` are there unless the verdict is `cannot`.

    `assumed` is what the source does not say and a survey needs; look at it before publishing. `part` names the
    definition that was read, `parts` all that are in the file. `said` is how many questions and statements the
    source has; 0 means that it neither asks nor says anything, and so is no survey at all.
    """

    format: Format
    survey: Survey | None
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    assumed: tuple[Phrase, ...] = ()
    toml: str = ""
    part: str = ""
    parts: tuple[str, ...] = ()
    said: int = 0


class NotReadable(Exception):
    """The file holds no definition that can be read: say the phrase, which names what is wrong and how to mend it."""

    def __init__(self, phrase: Phrase, where: str) -> None:
        super().__init__(f"{where}: {phrase.sentence}")
        self.phrase = phrase
        self.where = where


def grouped(changes: tuple[Change, ...]) -> tuple[Group, ...]:
    """Return equal changes together, each kind once, in the order of their first."""
    found: dict[tuple[str, str], tuple[Phrase, Phrase, list[str]]] = {}
    for change in changes:
        _, _, places = found.setdefault((str(change.what), str(change.why)), (change.what, change.why, []))
        if change.where not in places:
            places.append(change.where)
    return tuple(Group(what, why, tuple(places)) for what, why, places in found.values())
