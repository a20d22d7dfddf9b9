"""A survey that was brought from elsewhere (`bot.editing.bringing`), after it was read and before it is kept.

It waits in memory, one for each session, until its report was looked at. A restart loses it, and then it is brought
again: nobody has worked on it yet.
"""

from typing import Final

import msgspec

from bot.console.form_files import Brought
from bot.editing import drafts
from bot.editing.bringing import OWN, Read
from conversations.differences import Difference, differences
from conversations.importing import FORMATS
from conversations.reading import draft as read_draft
from storage.unit import Unit

ORIGINS: Final = (OWN, *FORMATS)
NAMES: Final = {
    OWN: "makegood (.toml)",
    "formbricks": "Formbricks",
    "typebot": "Typebot",
    "surveyjs": "SurveyJS",
    "rapidpro": "RapidPro, goflow",
    "xlsform": "XLSForm",
}
MOST_WAITING: Final = 30
"""Sessions whose last file is kept; of so many at once the oldest brings theirs again."""


class Standing(msgspec.Struct, frozen=True):
    """What there is under the key already: a draft being written, what is published, and how the new text differs."""

    revision: int = 0
    draft_by: str = ""
    draft_at: int = 0
    version: int = 0
    differences: tuple[Difference, ...] = ()


class Waiting:
    """The file that each session brought last, and what was read of it."""

    def __init__(self) -> None:
        self._files: dict[int, tuple[Brought, Read]] = {}

    def keep(self, session_id: int, file: Brought, found: Read) -> None:
        """Keep what was read in place of what the session brought before; the file itself while it has other parts."""
        self._files.pop(session_id, None)
        self._files[session_id] = (file if len(found.parts) > 1 else Brought(file.name, b""), found)
        if len(self._files) > MOST_WAITING:
            del self._files[next(iter(self._files))]

    def of(self, session_id: int) -> tuple[Brought, Read] | None:
        """Return what a session brought, None when nothing is kept any more."""
        return self._files.get(session_id)

    def forget(self, session_id: int) -> None:
        """Forget it: it was kept as a draft, or is not wanted."""
        self._files.pop(session_id, None)


def standing(unit: Unit, brand: int, found: Read) -> Standing:
    """Return what there is under the key of a file."""
    draft = unit.drafts.newest(brand, found.key)
    version = next(iter(unit.surveys.versions(brand, found.key)), None)
    before = draft.source if draft is not None else version.source if version is not None else None
    was = read_draft(before).survey if before is not None else None
    differing = differences(was, found.survey) if was is not None and found.survey is not None else ()
    number = version.number if version is not None else 0
    if draft is None:
        return Standing(version=number, differences=differing)
    return Standing(draft.revision, draft.actor, draft.at, number, differing)


def keep(unit: Unit, brand: int, found: Read, revision: int, actor: str, now: int) -> bool:
    """Begin the draft, or let it take the place of that revision of one being written; False when that is over."""
    what = f"from {found.file}"
    if not revision:
        return isinstance(drafts.begun(unit, brand, found.key, found.source, actor, what, now), drafts.Saved)
    if unit.drafts.newest(brand, found.key) is None:
        return False
    return isinstance(drafts.saved(unit, brand, found.key, revision, found.source, actor, what, now), drafts.Saved)
