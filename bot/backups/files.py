"""The files of a backup beside its database: linked where the disk allows it, else copied.

A file of the media folder never changes once it is there, so a second name for it is as good as a copy and costs
no room. On another disk the backup before lends its copy in the same way.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from storage.copies import KeptFile, flush
from storage.errors import Damaged

_CHUNK: Final = 1 << 20


def bring(files: Iterable[KeptFile], sources: Sequence[Path], target: Path) -> tuple[int, int]:
    """Bring files into the folder `target` from the first of `sources` that has each; return how many, how many not.

    A file that was erased meanwhile is in none of them.
    """
    brought = missing = 0
    for file in files:
        place = target / file.path
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source = next((found for root in sources if _has(found := root / file.path, file.size)), None)
        if source is None:
            missing += 1
        else:
            link_or_copy(source, place)
            brought += 1
    _flush_folders(target)
    return brought, missing


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file that never changes a second name, or a copy of it where that cannot be; what is there stays."""
    if target.exists():
        return
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without links
        copied(source, target)


def copied(source: Path, target: Path) -> None:
    """Copy a file for its owner alone, under its name only when it is whole and on the disk."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    with source.open("rb") as given, os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to:
        shutil.copyfileobj(given, to, _CHUNK)
        to.flush()
        os.fsync(to.fileno())
    part.replace(target)


def digest_of(path: Path) -> str:
    """Return the hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(files: Iterable[KeptFile], folder: Path, missing: int) -> None:
    """Return if the files of a backup are as they were kept, but for `missing` of them. Raises Damaged."""
    gone = 0
    for file in files:
        place = folder / file.path
        if not place.exists():
            gone += 1
        elif digest_of(place) != file.digest:
            raise Damaged(place, "it is not the file that was kept")
    if gone > missing:
        raise Damaged(folder, f"{gone - missing} of its files are gone")


def _has(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _flush_folders(top: Path) -> None:
    if top.is_dir():
        for folder in (top, *(each for each in top.iterdir() if each.is_dir())):
            flush(folder)
