"""Bringing a backup back: checked first, settled beside what is there, put in its place by one rename.

    check the backup ─> copy ─> lead to our version ─> settle ─> files ─> set the old database aside ─> rename

Killed before the rename, everything is as it was; after it, the restored database is there. What was there before is
never deleted: it stands in `before-restore-…` in the data folder. Files that people sent are only added.
"""

import asyncio
import contextlib
import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

from bot.backups import files, making
from bot.backups.manifest import CONFIG, DATABASE, MEDIA, Manifest, name_at
from bot.backups.settling import Settled, settle
from bot.clock import Clock
from bot.config import Config
from bot.lock import FolderLock
from bot.settings import secrets
from bot.settings.houses import house_of
from storage import copies, schema
from storage.database import Database
from storage.errors import NeedsMigration, Unavailable
from storage.migrations import migrate

COMMAND: Final = "makegood restore"
PART: Final = "restoring.part"
ASIDE: Final = "before-restore-"

_LOGS: Final = ("-wal", "-shm")


class InTheWay(Exception):
    """There is a database already: restore elsewhere, or ask for it to be replaced."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"there is a database at {path}; with --replace it is set aside and the backup takes its place"
        )
        self.path = path


class Restored(msgspec.Struct, frozen=True):
    """What was brought back, and where the database before it stands now, None when there was none."""

    manifest: Manifest
    settled: Settled
    led_from: str | None
    aside: Path | None
    config: Path | None
    secrets: Path | None


def restore(
    backup: Path,
    config: Config,
    clock: Clock,
    *,
    replace: bool = False,
    config_to: Path | None = None,
    told: making.Told = lambda _what, _share: None,
) -> Restored:
    """Bring a backup, or a single database file, into the data folder of these settings.

    `config_to` is where the backup's settings go when there is nothing yet. Raises DataFolderInUse while anything
    runs there, InTheWay for a database that may not be replaced, Damaged for a backup that cannot be relied on,
    WrongVersion for one of a newer makegood, and OSError; then everything is as it was.
    """
    with FolderLock.take(config.folder, COMMAND):
        if config.database.exists() and not replace:
            raise InTheWay(config.database)
        manifest = _known(_looked_at(backup, told))
        config.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = config.database.parent / PART
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        try:
            return _bring_back(backup, part, manifest, config, clock, config_to)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _looked_at(backup: Path, told: making.Told) -> Manifest:
    if backup.is_dir():
        return making.checked(backup, told)
    contents = copies.examine(backup, lambda share: told("check", share))
    return Manifest(
        format=1,
        made_at=int(backup.stat().st_mtime * 1000),
        version=contents.version,
        counts=contents.counts,
        newest_answer_at=contents.newest_answer_at,
        size=backup.stat().st_size,
        digest="",
        files=0,
        missing=0,
        secrets=False,
    )


def _known(manifest: Manifest) -> Manifest:
    """Return a manifest whose version we know or can lead to ours. Raises WrongVersion."""
    with contextlib.suppress(NeedsMigration):
        schema.check(manifest.version)
    return manifest


def _bring_back(
    backup: Path, part: Path, manifest: Manifest, config: Config, clock: Clock, config_to: Path | None
) -> Restored:
    database = part / DATABASE
    files.copied(backup / DATABASE if backup.is_dir() else backup, database)
    newest = schema.VERSIONS[-1]
    if manifest.version != newest:
        asyncio.run(migrate(database))
    settled = asyncio.run(_settled(database, config, manifest.made_at, clock))
    copies.skip_ids(database)
    copies.settle_log(database)
    kept = [*copies.kept_files(database)]
    if backup.is_dir() and kept:
        config.media_folder.mkdir(mode=0o700, exist_ok=True)
        files.bring(kept, [backup / MEDIA], config.media_folder)
    brought = _bring_settings(backup, config, config_to) if backup.is_dir() else (None, None)
    aside = _set_aside(config.database, clock)
    _put_in_place(database, config.database)
    return Restored(
        manifest, settled, None if manifest.version == newest else manifest.version, aside, brought[0], brought[1]
    )


async def _settled(path: Path, config: Config, made_at: int, clock: Clock) -> Settled:
    database = await Database.open(path, synchronous="FULL")
    try:
        house, now = house_of(config), clock.now()
        asks_again = config.telegram.mode == "webhook"
        return await database.run(lambda unit: settle(unit, house, made_at, now, asks_again=asks_again))
    finally:
        await database.close()


def _bring_settings(backup: Path, config: Config, config_to: Path | None) -> tuple[Path | None, Path | None]:
    """Bring settings and secrets where there are none; what is there stays as it is."""
    brought: list[Path | None] = []
    for source, target in ((CONFIG, config_to), (secrets.FILE, config.folder / secrets.FILE)):
        if target is None or target.exists() or not (backup / source).is_file():
            brought.append(None)
        else:
            files.copied(backup / source, target)
            brought.append(target)
    return brought[0], brought[1]


def _set_aside(database: Path, clock: Clock) -> Path | None:
    """Give the database that is there a second name in a folder of its own; return that folder.

    Its log is copied before anything opens it: opening a damaged database may cut its log.
    """
    if not database.exists():
        return None
    at = clock.real()
    while (aside := database.parent / f"{ASIDE}{name_at(at).removeprefix('makegood-')}").exists():
        at += 1000  # twice in one second: each has its own
    aside.mkdir(mode=0o700)
    logs = [path for log in _LOGS if (path := database.with_name(database.name + log)).exists()]
    for log in logs:
        files.copied(log, aside / log.name)
    with contextlib.suppress(Unavailable):  # too damaged to open: then its log is kept beside it
        copies.settle_log(database)
        for log in logs:
            (aside / log.name).unlink()
    files.link_or_copy(database, aside / database.name)
    copies.flush(aside)
    copies.flush(aside.parent)
    return aside


def _put_in_place(restored: Path, database: Path) -> None:
    """Put the restored file in the place of the old one, at one moment.

    A log that is left belongs to the old one, and would be written into the new one: it goes first. It is empty, or
    the old database could not be opened; its second name is kept aside.
    """
    for log in _LOGS:
        database.with_name(database.name + log).unlink(missing_ok=True)
    copies.flush(restored)
    os.replace(restored, database)
    copies.flush(database.parent)
