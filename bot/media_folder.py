"""The folder in which people's files lie: each under a random name, written whole or not at all.

Nothing of what a sender says about a file (its name, its type) becomes part of a path, and a path that comes from
the database is taken only when it is one of ours: two hexadecimal figures, a slash, thirty-two of them.
"""

import hashlib
import os
import re
import secrets
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from bot.filetypes import HEAD

UNFINISHED: Final = ".part"
_PATH: Final = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")


class TooLarge(Exception):
    """There is more of a file than we keep."""


def new_path() -> str:
    """Return a path that nobody can guess, below the media folder."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


class MediaFolder:
    """The folder `root`, for this account alone. Its methods touch the disk: call them off the event loop."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def begin(self, path: str, largest: int) -> "Draft":
        """Begin to write a file of at most `largest` bytes; it is there once it is `finish`ed."""
        place = self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Draft(place, largest)

    def read(self, path: str, largest: int) -> bytes:
        """Return a file's content. Raises OSError when it is not there, TooLarge when it grew."""
        descriptor = os.open(self.place(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            content = file.read(largest + 1)
        if len(content) > largest:
            raise TooLarge(path)
        return content

    def erase(self, path: str) -> None:
        """Remove a file, begun or whole; one that is not there is success."""
        place = self.place(path)
        place.unlink(missing_ok=True)
        place.with_suffix(UNFINISHED).unlink(missing_ok=True)

    def place(self, path: str) -> Path:
        """Return where a file lies. Raises ValueError for a path that is none of ours."""
        if not _PATH.fullmatch(path):
            raise ValueError(f"no path of the media folder: {path[:80]!r}")
        return self.root / path


class Draft:
    """A file being written. Leaving its block without `finish` takes it away again."""

    def __init__(self, place: Path, largest: int) -> None:
        self._place = place
        self._part = place.with_suffix(UNFINISHED)
        self._largest = largest
        self._digest = hashlib.sha256()
        self._finished = False
        self._part.unlink(missing_ok=True)  # a life before us may have died in it
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = open(os.open(self._part, flags, 0o600), "wb")  # noqa: SIM115 - closed by __exit__
        self.size = 0
        self.head = b""

    def write(self, piece: bytes) -> None:
        """Add to the file. Raises TooLarge as soon as there is more than was allowed, and OSError."""
        self.size += len(piece)
        if self.size > self._largest:
            raise TooLarge(f"more than {self._largest} bytes")
        if len(self.head) < HEAD:
            self.head += piece[: HEAD - len(self.head)]
        self._digest.update(piece)
        self._file.write(piece)

    def finish(self) -> str:
        """Put the file in its place so that it survives a power cut; return its SHA-256 in hexadecimal."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._place)
        _sync_folder(self._place.parent)
        self._finished = True
        return self._digest.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if not self._finished:
            self._part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
