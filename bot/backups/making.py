"""Making a backup: copied while makegood runs, opened, checked, and only then called by its name.

    copy the database ─> its files, linked ─> open the copy: every page, key and chain ─> backup.json ─> rename

Killed at any moment it leaves a `.part` folder, which the next one clears away, and never a backup that looks whole
and is not. It takes no lock of the data folder: it reads what is committed, and no turn waits for it.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from bot.backups import files, rotation
from bot.backups.manifest import (
    CONFIG,
    DATABASE,
    MANIFEST,
    MEDIA,
    PART,
    RECOVERY,
    SURVEYS,
    Manifest,
    listing,
    made_at,
    name_at,
    read,
)
from bot.clock import Clock
from bot.lock import FolderLock
from bot.settings import secrets
from storage import copies
from storage.copies import Contents
from storage.errors import Damaged

T = TypeVar("T")

COMMAND: Final = "makegood backup"

Told = Callable[[str, float], None]
"""Hears what is being done ("copy" or "check"), and how much of it is done, from 0 to 1."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be backed up, where to, and what may go afterwards.

    `keep` is a number of backups that stay; None: `keep_daily` and `keep_weekly` say so; 0: all of them.
    """

    database: Path
    media: Path
    folder: Path
    config: Path | None = None
    surveys: Path | None = None
    recovery: Path | None = None
    secrets: Path | None = None
    keep: int | None = None
    keep_daily: int = 7
    keep_weekly: int = 4


class Made(msgspec.Struct, frozen=True):
    """A whole backup, and how many older ones went."""

    path: Path
    manifest: Manifest
    dropped: int


def written(value: Wish | Made) -> bytes:
    """Return a wish, or what was made, as it goes from one process to another."""
    return msgspec.json.encode(value, enc_hook=str)


def read_as(form: type[T], text: bytes) -> T:
    """Return what another process wrote."""
    return msgspec.json.decode(text, type=form, dec_hook=lambda kind, found: kind(found))


def back_up(wish: Wish, clock: Clock, told: Told = lambda _what, _share: None) -> Made:
    """Make a backup, check it, rotate; return it.

    Raises DataFolderInUse while another one is made in the same folder, Unavailable and OSError when nothing can be
    read or written, Damaged when the database is not sound. Then no backup was made, and none went.
    """
    with FolderLock.take(wish.folder, COMMAND):
        _clear(wish.folder)
        at = _free(wish.folder, clock.real())
        part = wish.folder / f"{name_at(at)}{PART}"
        part.mkdir(mode=0o700)
        try:
            manifest = _fill(part, wish, at, told)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        whole = part.with_name(name_at(at))
        part.rename(whole)
        copies.flush(wish.folder)
        return Made(whole, manifest, _rotate(wish))


def _free(folder: Path, at: int) -> int:
    """Return that moment, or the next second whose name is free."""
    while (folder / name_at(at)).exists():
        at += 1000
    return at


def _clear(folder: Path) -> None:
    """Take away what a killed backup left; nobody else is at work here, or the lock would be held."""
    for left in folder.glob(f"makegood-*{PART}"):
        shutil.rmtree(left)


def _fill(part: Path, wish: Wish, at: int, told: Told) -> Manifest:
    before = copies.last_ids(wish.database)
    copies.copy(wish.database, part / DATABASE, lambda share: told("copy", share))
    kept = [*copies.kept_files(part / DATABASE)]
    earlier = [each / MEDIA for each in listing(wish.folder)[-1:]]
    brought, missing = files.bring(kept, [wish.media, *earlier], part / MEDIA) if kept else (0, 0)
    _bring_settings(part, wish)
    contents = copies.examine(part / DATABASE, lambda share: told("check", share))
    _nothing_lost(before, contents, wish.database)
    database = part / DATABASE
    manifest = Manifest(
        format=1,
        made_at=at,
        version=contents.version,
        counts=contents.counts,
        newest_answer_at=contents.newest_answer_at,
        size=database.stat().st_size,
        digest=files.digest_of(database),
        files=brought,
        missing=missing,
        secrets=wish.secrets is not None,
    )
    (part / MANIFEST).touch(mode=0o600)
    (part / MANIFEST).write_bytes(manifest.written())
    copies.flush(part / MANIFEST)
    copies.flush(part)
    return manifest


def _bring_settings(part: Path, wish: Wish) -> None:
    if wish.config is not None and wish.config.is_file():
        _bring_config(wish.config, part / CONFIG, keeps_secrets=wish.secrets is not None)
    if wish.secrets is not None and wish.secrets.is_file():
        files.copied(wish.secrets, part / secrets.FILE)
    for folder, name in ((wish.surveys, SURVEYS), (wish.recovery, RECOVERY)):
        if folder is not None and folder.is_dir():
            (part / name).mkdir(mode=0o700)
            for written in sorted(folder.glob("*.toml")):
                files.copied(written, part / name / written.name)


def _bring_config(source: Path, target: Path, *, keeps_secrets: bool) -> None:
    """A token that stands in the settings is as secret as one in the file of secrets."""
    from bot.settings.writing import without_secrets

    text = source.read_text(encoding="utf-8-sig")
    target.touch(mode=0o600)
    target.write_text(text if keeps_secrets else without_secrets(text), encoding="utf-8")
    copies.flush(target)


def _nothing_lost(before: dict[str, int], contents: Contents, source: Path) -> None:
    """The copy is of a moment after we began, so no table may have given out fewer row numbers in it."""
    behind = [table for table, last in before.items() if contents.last_ids.get(table, 0) < last]
    if behind:
        raise Damaged(source, f"its copy is behind in {', '.join(behind)}")


def _rotate(wish: Wish) -> int:
    found = {made: each for each in listing(wish.folder) if (made := made_at(each)) is not None}
    if wish.keep == 0:
        return 0
    if wish.keep is not None:
        going = rotation.surplus([*found], wish.keep)
    else:
        going = rotation.outdated([*found], wish.keep_daily, wish.keep_weekly)
    for at in going:
        (found[at] / MANIFEST).unlink()  # first: what is half removed is no backup
        shutil.rmtree(found[at])
    return len(going)


def checked(folder: Path, told: Told = lambda _what, _share: None) -> Manifest:
    """Return what a backup holds, once all of it was read and is as it was written. Raises Damaged."""
    try:
        manifest = read(folder)
    except (OSError, msgspec.DecodeError):
        raise Damaged(folder, f"there is no readable {MANIFEST} in it, so it is no whole backup")
    database = folder / DATABASE
    if not database.is_file() or files.digest_of(database) != manifest.digest:
        raise Damaged(database, "it is not the file that was backed up")
    contents = copies.examine(database, lambda share: told("check", share))
    if (contents.version, contents.counts) != (manifest.version, manifest.counts):
        raise Damaged(database, f"it does not hold what {MANIFEST} says")
    files.verify(copies.kept_files(database), folder / MEDIA, manifest.missing)
    return manifest
