"""The versions of a survey: publishing a draft, going back to an earlier one, putting a survey aside.

A version never changes, so going back is going on: the earlier text becomes a version of its own, and history says
from where it came. Conversations stay on the version they began with.
"""

import msgspec

from bot.editing.checked import checked
from bot.editing.drafts import NoDraft, NothingPublished
from bot.publishing import EDITOR, RETIRED, digest_of
from conversations.differences import Difference, differences
from conversations.phrases import phrase
from conversations.problems import Problem, SurveyInvalid
from conversations.reading import read
from conversations.surveys import Survey
from storage.surveys import SurveyVersion
from storage.unit import Unit

REQUIRED: tuple[str, ...] = ("follow_up",)
"""Surveys that makegood itself asks with: they cannot be put aside."""


class Preview(msgspec.Struct, frozen=True):
    """What publishing would do: what changes, what is wrong, and whose place it would take.

    `behind` is set when another version was published since the draft was begun. `replaces` are keys of other
    surveys that are asked at the same touchpoint now, and would not be any more.
    """

    revision: int
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]
    behind: int | None = None
    replaces: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Say whether something is wrong that must be mended first."""
        return any(problem.severity == "error" for problem in self.problems)


class Published(msgspec.Struct, frozen=True):
    """A version that is asked with from now on, and how it differs from the one before it."""

    version: SurveyVersion
    differences: tuple[Difference, ...]


class NoSuchVersion(Exception):
    """The survey has no version of that number."""

    def __init__(self, key: str, number: int) -> None:
        super().__init__(f"{key!r} has no version {number}")
        self.key = key
        self.number = number


class Changed(Exception):
    """The draft was saved again since it was looked at: look again."""


class Needed(Exception):
    """makegood asks with this survey itself."""


def previewed(unit: Unit, brand: int, key: str) -> Preview:
    """Return what publishing the draft of a survey would do. Raises NoDraft. Call `checked.ahead` before the unit."""
    row = unit.drafts.newest(brand, key)
    if row is None:
        raise NoDraft(key)
    newest = next(iter(unit.surveys.versions(brand, key)), None)
    behind = newest.number if newest is not None and newest.number != row.based_on else None
    return previewed_source(unit, brand, key, row.source, row.revision, behind)


def previewed_source(
    unit: Unit, brand: int, key: str, source: str, revision: int = 0, behind: int | None = None
) -> Preview:
    """Return what publishing a text would do that need not be a draft yet, as a file."""
    published, found = unit.surveys.by_key(brand, key), checked(source, f"{key}.toml")
    survey = found.survey
    if survey is None:
        return Preview(revision, (), found.problems)
    replaces = tuple(
        each.key for each in unit.surveys.published(brand) if each.touchpoint == survey.touchpoint and each.key != key
    )
    problems = (*found.problems, *_moved(key, survey))
    return Preview(revision, _from(published, survey), problems, behind, replaces)


def _moved(key: str, survey: Survey) -> tuple[Problem, ...]:
    """Return what is wrong with a draft that says that it is another survey."""
    if survey.key == key:
        return ()
    said = phrase('The key of this survey is "{key}", and the draft says "{other}".', key=key, other=survey.key)
    mend = phrase("Write {example}; a survey's key never changes.", example=f'key = "{key}"')
    return (Problem(f"{key}.toml", 1, said, mend, ("key",)),)


def published(unit: Unit, brand: int, key: str, revision: int, actor: str, now: int) -> Published:
    """Publish the draft as it stood at `revision`. Raises NoDraft, Changed and SurveyInvalid; then nothing changed.

    Call `checked.ahead` before the unit, and `house.shelf.forget_published` once it is committed.
    """
    row = unit.drafts.newest(brand, key)
    if row is None:
        raise NoDraft(key)
    if row.revision != revision:
        raise Changed
    preview = previewed(unit, brand, key)
    if preview.refused:
        raise SurveyInvalid(tuple(each for each in preview.problems if each.severity == "error"))
    done = _published(unit, brand, key, row.source, actor, "SurveyPublished", now)
    unit.drafts.end(brand, key, now)
    return done


def rolled_back(unit: Unit, brand: int, key: str, number: int, actor: str, now: int) -> Published:
    """Publish an earlier version anew; a draft being written stays. Raises NoSuchVersion and SurveyInvalid.

    Call `checked.ahead` with its number before the unit.
    """
    earlier = next((each for each in unit.surveys.versions(brand, key) if each.number == number), None)
    if earlier is None:
        raise NoSuchVersion(key, number)
    if errors := checked(earlier.source, f"{key}.toml").errors:  # what was accepted years ago may be refused by now
        raise SurveyInvalid(errors)
    return _published(unit, brand, key, earlier.source, actor, f"SurveyRolledBack:{number}", now)


def retired(unit: Unit, brand: int, key: str, actor: str, now: int) -> SurveyVersion:
    """Ask nobody with a survey any more. Raises NothingPublished and Needed."""
    if key in REQUIRED:
        raise Needed
    version = unit.surveys.by_key(brand, key)
    if version is None:
        raise NothingPublished(key)
    unit.surveys.retire(version.id, now)
    _note(unit, brand, version, actor, RETIRED, now)
    return version


def _published(unit: Unit, brand: int, key: str, source: str, actor: str, what: str, now: int) -> Published:
    before, survey = unit.surveys.by_key(brand, key), read(source, f"{key}.toml")
    version = unit.surveys.publish(brand, key, source, digest_of(source), survey.touchpoint, EDITOR, now)
    if before is None or before.id != version.id:
        _note(unit, brand, version, actor, what, now)
    return Published(version, _from(before, survey))


def _from(before: SurveyVersion | None, after: Survey) -> tuple[Difference, ...]:
    return () if before is None else differences(read(before.source, f"{before.key}.toml"), after)


def _note(unit: Unit, brand: int, version: SurveyVersion, actor: str, what: str, now: int) -> None:
    unit.history.add(brand, f"survey:{version.key}", actor, what, str(version.number), now)
