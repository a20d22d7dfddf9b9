"""A survey from elsewhere, as it was read and before it is kept: our own file, or one of the five other programs.

What was brought waits in memory, one for each session, until its report was looked at. A restart loses it, and then
it is brought again: nobody has worked on it yet.
"""

from typing import Final

import msgspec

from bot.console.form_files import Brought
from bot.console.survey_beginning import KEY
from bot.editing import drafts
from conversations import amending, toml
from conversations.amending import CannotAmend, Put
from conversations.checking import check
from conversations.differences import Difference, differences
from conversations.importing import FORMATS, Group, NotReadable, grouped, naming, read
from conversations.phrases import Phrase, phrase
from conversations.problems import Problem
from conversations.reading import LARGEST_FILE
from conversations.reading import draft as read_draft
from conversations.surveys import Survey
from storage.unit import Unit

OWN: Final = "makegood"
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


class Read(msgspec.Struct, frozen=True):
    """A file as read. Without a `source` it cannot become a survey, and `refused` or the groups say why.

    `verdict` is as an import's, empty for our own file; `problems` are those of the survey that it became.
    """

    file: str
    origin: str
    key: str = ""
    source: str = ""
    survey: Survey | None = None
    verdict: str = ""
    groups: tuple[Group, ...] = ()
    assumed: tuple[Phrase, ...] = ()
    problems: tuple[Problem, ...] = ()
    part: str = ""
    parts: tuple[str, ...] = ()
    refused: Phrase | None = None


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


def read_file(file: Brought, origin: str, part: str | None) -> Read:
    """Return what a file says. `origin` is empty to find that out, `part` one of several definitions in it."""
    if origin == OWN or (not origin and _is_ours(file)):
        return _own(file)
    try:
        made = read(file.name, file.content, origin or None, part=part)
    except NotReadable as error:
        return Read(file.name, origin, refused=error.phrase)
    found = Read(
        file.name,
        made.format,
        verdict=made.verdict,
        groups=grouped(made.changes),
        assumed=made.assumed,
        part=made.part,
        parts=made.parts,
    )
    if made.survey is None:
        return found
    return msgspec.structs.replace(
        found,
        key=made.survey.key,
        source=made.toml,
        survey=made.survey,
        problems=tuple(check(made.toml, f"{made.survey.key}.toml")),
    )


def _is_ours(file: Brought) -> bool:
    if file.name.lower().endswith(".toml"):
        return True
    try:
        table = toml.loads(file.content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return "question" in table


def _own(file: Brought) -> Read:
    """Return what our own file says; one with mistakes is taken, too, for they are mended in the editor."""
    if len(file.content) > LARGEST_FILE:
        said = phrase("The file is larger than {most} KB.", most=LARGEST_FILE // 1024)
        return Read(file.name, OWN, refused=said)
    try:
        source = file.content.decode("utf-8-sig")
        table = amending.read(source)
    except UnicodeDecodeError:
        return Read(file.name, OWN, refused=phrase("The file is not in UTF-8; save it as UTF-8."))
    except CannotAmend:
        problems = read_draft(file.content.decode("utf-8-sig"), file.name).problems
        return Read(file.name, OWN, problems=problems)
    key = table.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        key = naming.key(file.name.rpartition(".")[0], set(), "survey", question=False)
        source = amending.amended(source, [Put(("key",), key)])
    found = read_draft(source, file.name)
    return Read(file.name, OWN, key, source, found.survey, problems=tuple(check(source, file.name)))


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
