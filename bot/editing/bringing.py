"""A survey from elsewhere as it was read, before anything is kept: our own file, or one of the five other programs.

The same for a file that was sent in the chat and for one that was brought to the console. It reads for a while (a
large file takes seconds), so not on the database's thread.
"""

import re
from typing import Final

import msgspec

from conversations import amending, toml
from conversations.amending import CannotAmend, Put
from conversations.checking import check
from conversations.importing import Group, NotReadable, grouped, naming, read
from conversations.phrases import Phrase, phrase
from conversations.problems import Problem
from conversations.reading import LARGEST_FILE
from conversations.reading import draft as read_draft
from conversations.slots import LONGEST_KEY
from conversations.surveys import Survey

OWN: Final = "makegood"
"""The origin of a file of ours."""

KEY: Final = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_KEY - 1}}}")
"""What a survey can be called in the database; without such a key no draft is found again."""


class Read(msgspec.Struct, frozen=True):
    """A file as read. Without a `source` it cannot become a survey, and `refused`, the groups or problems say why.

    `verdict` is as an import's, empty for our own file; `problems` are those of the survey that it became. Our own
    file may have a source that says no `survey` yet: it is mended in the editor, as text.
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


def read_file(name: str, content: bytes, origin: str = "", part: str | None = None) -> Read:
    """Return what a file says. `origin` is empty to find that out, `part` one of several definitions in it."""
    if origin == OWN or (not origin and _is_ours(name, content)):
        return _own(name, content)
    try:
        made = read(name, content, origin or None, part=part)
    except NotReadable as error:
        return Read(name, origin, refused=error.phrase)
    found = Read(
        name,
        made.format,
        verdict=made.verdict,
        groups=grouped(made.changes),
        assumed=made.assumed,
        part=made.part,
        parts=made.parts,
    )
    if made.survey is None:
        return found
    key = made.survey.key
    problems = tuple(check(made.toml, f"{key}.toml"))
    return msgspec.structs.replace(found, key=key, source=made.toml, survey=made.survey, problems=problems)


def _is_ours(name: str, content: bytes) -> bool:
    if name.lower().endswith(".toml"):
        return True
    try:
        table = toml.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return "question" in table


def _own(name: str, content: bytes) -> Read:
    """Return what our own file says; one with mistakes is taken, too, for they are mended where it is edited."""
    if len(content) > LARGEST_FILE:
        return Read(name, OWN, refused=phrase("The file is larger than {most} KB.", most=LARGEST_FILE // 1024))
    try:
        source = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Read(name, OWN, refused=phrase("The file is not in UTF-8; save it as UTF-8."))
    try:
        key, source = _with_key(name, source)
    except CannotAmend as refused:
        problems = read_draft(source, name).problems
        return Read(name, OWN, problems=problems, refused=None if problems else refused.said)
    found = read_draft(source, name)
    return Read(name, OWN, key, source, found.survey, problems=tuple(check(source, name)))


def _with_key(name: str, source: str) -> tuple[str, str]:
    """Return the key of a file, made from its name where it has none, and the file with it. Raises CannotAmend."""
    key = amending.read(source).get("key")
    if isinstance(key, str) and KEY.fullmatch(key):
        return key, source
    made = naming.key(name.rpartition(".")[0], set(), "survey", question=False)
    return made, amending.amended(source, [Put(("key",), made)])
