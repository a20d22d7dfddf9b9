"""The playbook of this installation: what we ship, and the business's own files over it."""

from functools import cache
from importlib import resources
from pathlib import Path

from conversations.problems import Problem, in_words
from recovery.playbooks import FILES, Playbook, PlaybookInvalid, Written, read


def shipped() -> list[Written]:
    """Return the files that we ship."""
    folder = resources.files("recovery") / "library"
    return [Written(name, (folder / name).read_text(encoding="utf-8"), trusted=True) for name in FILES]


def own(folder: Path | None) -> list[Written]:
    """Return the business's own files, those there are. Raises PlaybookInvalid when there is no such folder."""
    if folder is None:
        return []
    if not folder.is_dir():
        mend = in_words("Make it, or leave recovery.folder empty.")
        raise PlaybookInvalid((Problem(str(folder), 1, in_words("There is no such folder."), mend),))
    paths = [folder / name for name in FILES]
    return [Written(str(path), path.read_text(encoding="utf-8")) for path in paths if path.is_file()]


@cache
def playbook_of(folder: Path | None) -> Playbook:
    """Return the playbook, read once in the life of a process. Raises PlaybookInvalid with everything wrong."""
    return read([*shipped(), *own(folder)])


class Shelved:
    """The playbook of one house, read before its first turn, since a turn opens no files."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        playbook_of(folder)

    @property
    def book(self) -> Playbook:
        """Return the playbook."""
        return playbook_of(self._folder)
