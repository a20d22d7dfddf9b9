"""Putting surveys into use: those that ship with us, and the business's own files.

A survey whose text did not change publishes nothing; a changed one becomes the next version, and conversations
under way stay on theirs. A file that is wrong stops the start with its name, line and mend.
"""

import hashlib
from pathlib import Path
from typing import Final, Literal

import msgspec

from bot.settings.sections import Surveys
from conversations.reading import read
from conversations.surveys import Survey
from storage.database import Database
from storage.unit import Unit

LIBRARY: Final = Path(__file__).parent.parent / "conversations" / "library"


class Edition(msgspec.Struct, frozen=True):
    """A survey file as it is to be published."""

    survey: Survey
    source: str
    origin: Literal["library", "folder"]

    @property
    def digest(self) -> str:
        """Return the hex SHA-256 of the file."""
        return hashlib.sha256(self.source.encode()).hexdigest()


def editions(settings: Surveys) -> list[Edition]:
    """Return every survey to publish; one of the business's own stands in for a shipped one of the same key.

    Raises SurveyInvalid, naming file, line and mend.
    """
    found: dict[str, Edition] = {}
    if settings.library:
        for path in sorted(LIBRARY.glob("*.toml")):
            source = path.read_text("utf-8")
            edition = Edition(read(source, path.name), source, "library")
            found[edition.survey.key] = edition
    if settings.folder is not None:
        from conversations.checking import accept  # late: it needs Jinja2, which takes a sixth of a cold start

        for path in sorted(settings.folder.glob("*.toml")):
            source = path.read_text("utf-8")
            edition = Edition(accept(source, path.name), source, "folder")
            found[edition.survey.key] = edition
    return list(found.values())


async def publish_all(database: Database, settings: Surveys, now: int, brand: int = 1) -> None:
    """Publish what changed since the last start."""
    wanted = editions(settings)

    def work(unit: Unit) -> None:
        for each in wanted:
            survey = each.survey
            unit.surveys.publish(brand, survey.key, each.source, each.digest, survey.touchpoint, each.origin, now)

    await database.run(work)
