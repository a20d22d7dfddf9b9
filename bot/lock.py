"""The lock on the data folder: one writer. Who holds it stands in it, for whoever has to wait.

The kernel lets go of the lock when its process dies, however it dies, so a stale one cannot be.
"""

import fcntl
import os
from pathlib import Path
from typing import IO, Final

import msgspec

FILE: Final = "lock"


class Holder(msgspec.Struct, frozen=True):
    """Who holds the lock: the process and the command it runs."""

    pid: int = 0
    command: str = "another makegood"


class DataFolderInUse(Exception):
    """Another process writes here: ask it over the operator's socket, or wait until it is done."""

    def __init__(self, folder: Path, holder: Holder) -> None:
        super().__init__(f"{folder} is in use by {holder.command} (process {holder.pid})")
        self.folder = folder
        self.holder = holder


class FolderLock:
    """The lock, held from `take` until `release` or the end of the process. Usable as a context manager."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    @classmethod
    def take(cls, folder: Path, command: str) -> "FolderLock":
        """Take the lock on a data folder, which is made if there is none. Raises DataFolderInUse."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.fdopen(os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with file:
                raise DataFolderInUse(folder, _read(file))
        _write(file, Holder(os.getpid(), command))
        return cls(file)

    def release(self) -> None:
        """Let go. Safe to repeat."""
        if not self._file.closed:
            self._file.truncate(0)
            self._file.close()

    def __enter__(self) -> "FolderLock":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def holder(folder: Path) -> Holder | None:
    """Return who holds the lock of a data folder now, None when nobody does. Changes nothing."""
    try:
        file = (folder / FILE).open(encoding="utf-8")
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(file)
    return None


def _read(file: IO[str]) -> Holder:
    try:
        return msgspec.json.decode(file.read(), type=Holder)
    except msgspec.DecodeError:  # it was taken this very moment
        return Holder()


def _write(file: IO[str], holder: Holder) -> None:
    file.seek(0)
    file.truncate()
    file.write(msgspec.json.encode(holder).decode())
    file.flush()
