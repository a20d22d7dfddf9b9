"""Which surveys are published when makegood starts: those we ship, and the business's own in their place.

A file of the business replaces the shipped survey of the same key, and any shipped one for the same touchpoint.
Published is only what is new or changed: an edition never changes, and conversations go on with theirs.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, Literal

import msgspec

from bot.config import Config
from conversations.phrases import phrase
from conversations.problems import Problem, SurveyInvalid
from conversations.reading import read
from conversations.surveys import Survey
from storage.surveys import SurveyVersion
from storage.unit import Unit

Origin = Literal["library", "folder"]
ORIGINS: Final = ("library", "folder")
RETIRED: Final = "SurveyRetired"
"""What history says of a survey that an editor put aside."""

EDITOR: Final = "editor"
"""Where a version comes from that was published by an editor: it stays until a file of the business changes."""


class SurveyFile(msgspec.Struct, frozen=True):
    """A survey file as it was read, fit for publishing as far as reading can tell."""

    name: str
    source: str
    survey: Survey
    origin: Origin

    @property
    def digest(self) -> str:
        """Return the hex SHA-256 of the source."""
        return digest_of(self.source)


def digest_of(source: str) -> str:
    """Return the hex SHA-256 of a survey's source."""
    return hashlib.sha256(source.encode()).hexdigest()


def library() -> list[SurveyFile]:
    """Return the surveys we ship, by name."""
    return list(_shipped())


@cache
def _shipped() -> tuple[SurveyFile, ...]:
    """Read what we ship, once: a turn that offers copies of it reads no file."""
    folder = resources.files("conversations") / "library"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(_read(file.name, file.read_text(encoding="utf-8"), "library") for file in files)


def own(folder: Path | None) -> list[SurveyFile]:
    """Return the business's own surveys, by name. Raises SurveyInvalid for a broken one or two of one key."""
    if folder is None:
        return []
    if not folder.is_dir():
        said = phrase("There is no such folder of surveys.")
        mend = phrase("Make it, or leave {setting} empty.", setting="surveys.folder")
        raise SurveyInvalid((Problem(str(folder), 1, said, mend),))
    found = [_read(str(path), path.read_text(encoding="utf-8"), "folder") for path in sorted(folder.glob("*.toml"))]
    _each_key_once(found)
    return found


def wanted(config: Config) -> list[SurveyFile]:
    """Return the surveys that are to be published. Raises SurveyInvalid."""
    ours = own(config.surveys.folder)
    keys, touchpoints = {each.survey.key for each in ours}, {each.survey.touchpoint for each in ours}
    shipped = library() if config.surveys.library else []
    kept = [each for each in shipped if each.survey.key not in keys and each.survey.touchpoint not in touchpoints]
    return [*kept, *ours]


def publish(unit: Unit, brand: int, surveys: list[SurveyFile], now: int) -> list[str]:
    """Publish what is new or changed and retire what is gone; return the keys of both.

    What an editor published stays: above all we ship, and above a file of the business that was published before. A
    changed file of the business is checked in full first (ours are, by a test). Raises SurveyInvalid; then
    nothing is published.
    """
    published = {version.key: version for version in unit.surveys.published(brand)}
    changed = [
        each for each in surveys if not _same(each, published) and not _edited_since(unit, brand, each, published)
    ]
    _accept([each for each in changed if each.origin == "folder"])
    for each in changed:
        unit.surveys.publish(brand, each.survey.key, each.source, each.digest, each.survey.touchpoint, each.origin, now)
    keys = {each.survey.key for each in surveys}
    gone = [each for each in published.values() if each.key not in keys and each.origin in ORIGINS]
    for version in gone:
        unit.surveys.retire(version.id, now)
    return [each.survey.key for each in changed] + [version.key for version in gone]


def _accept(files: list[SurveyFile]) -> None:
    if files:
        from conversations.checking import accept  # late: Jinja2 takes a sixth of a cold start

        for file in files:
            accept(file.source, file.name)


def _same(file: SurveyFile, published: Mapping[str, SurveyVersion]) -> bool:
    version = published.get(file.survey.key)
    return version is not None and version.digest == file.digest


def _edited_since(unit: Unit, brand: int, file: SurveyFile, published: Mapping[str, SurveyVersion]) -> bool:
    """Say whether what an editor did counts above a file: they published another text, or put the survey aside."""
    key, version = file.survey.key, published.get(file.survey.key)
    if version is None:
        lines = unit.history.of(f"survey:{key}")
        if not lines or lines[-1].what != RETIRED:
            return False
    elif version.origin != EDITOR:
        return False
    return file.origin == "library" or file.digest in {each.digest for each in unit.surveys.versions(brand, key)}


def _read(name: str, source: str, origin: Origin) -> SurveyFile:
    return SurveyFile(name, source, read(source, name), origin)


def _each_key_once(files: list[SurveyFile]) -> None:
    first: dict[str, SurveyFile] = {}
    for file in files:
        if first.setdefault(file.survey.key, file) is not file:
            key, other = file.survey.key, first[file.survey.key].name
            said = phrase('The key "{key}" is already that of {name}.', key=key, name=other)
            raise SurveyInvalid((Problem(file.name, 1, said, phrase("Give this survey another key."), ("key",)),))
