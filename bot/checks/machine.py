"""What is so of the data folder, the disk, the clock, and the backups."""

import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from babel.dates import format_timedelta

from bot.backups.manifest import listing, newest_at
from bot.checks.findings import Finding, fault, note, ok, run
from bot.clock import Clock
from bot.config import Config
from bot.lock import holder
from bot.phrases import babel_locale
from bot.settings import secrets
from conversations.phrases import phrase
from storage import inspecting

LITTLE: Final = 1024**3
"""Bytes of free disk below which it is time to see to it, and a tenth of which is a fault."""

FIRST_DAY: Final = 1_735_689_600_000
"""2025-01-01: no makegood ran before, so a clock that says so is wrong."""

LATE: Final = timedelta(hours=2)
"""How much later than planned a backup may be before somebody is told."""


def of_folder(config: Config, clock: Clock) -> Iterator[Finding]:
    """Yield what is so of the data folder, the disk and the clock."""
    folder = config.folder
    if clock.real() < FIRST_DAY:
        yield fault(
            "clock",
            phrase("This machine's time is years behind."),
            run("timedatectl set-ntp true"),
        )
    if not folder.is_dir():
        yield note(
            "folder",
            phrase("There is no data folder at {folder} yet.", folder=str(folder)),
            phrase("The first run makes it."),
        )
        return
    yield from _of_rights("folder", folder, 0o700)
    running = holder(folder)
    if running is None:
        yield ok("running", phrase("Nothing runs here now."))
    else:
        yield ok("running", phrase("{command} runs here (process {pid}).", command=running.command, pid=running.pid))
    path = folder / secrets.FILE
    if path.exists():
        yield from _of_rights("secrets", path, 0o600)
    else:
        yield note("secrets", phrase("There is no {path} yet.", path=str(path)), phrase("The first run makes it."))
    yield _of_disk(folder)
    if config.media_folder.is_dir():
        yield _of_files(config.media_folder)


def _of_rights(name: str, path: Path, wanted: int) -> Iterator[Finding]:
    rights = stat.S_IMODE(path.stat().st_mode)
    if rights & 0o077:
        told = phrase("Others may look into {path} (its rights are {rights}).", path=str(path), rights=f"{rights:04o}")
        yield fault(name, told, run(f"chmod {wanted:o} {path}"))


def _of_disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    told = phrase("{size} GiB are free for {folder}.", size=f"{free / 1024**3:.1f}", folder=str(folder))
    if free < LITTLE // 10:
        return fault("disk", told, phrase("Make room now: when the disk is full, nothing can be taken in."))
    return note("disk", told, phrase("Make room soon.")) if free < LITTLE else ok("disk", told)


def _of_files(folder: Path) -> Finding:
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return ok(
        "media",
        phrase("{count} files that people sent take {size} MiB.", count=len(sizes), size=f"{sum(sizes) / 1024**2:.1f}"),
    )


def of_backups(config: Config, clock: Clock, language: str) -> Iterator[Finding]:
    """Yield how old the newest backup is, and whether it is where a dying disk would take it along."""
    if not config.database.exists():
        return
    newest, every = newest_at(config.backups), config.backup.every
    by_hand = run("makegood backup")
    if newest is None:
        yield note("backup.age", phrase("There is no backup in {folder} yet.", folder=str(config.backups)), by_hand)
        return
    age = timedelta(milliseconds=max(0, clock.real() - newest))
    told = phrase(
        "The newest of {count} backups in {folder} is {age} old.",
        count=len(listing(config.backups)),
        folder=str(config.backups),
        age=format_timedelta(age, locale=babel_locale(language), threshold=1.5),
    )
    if every and age > every + LATE:
        mend = phrase(
            "While makegood runs, it makes one whenever {setting} has passed; its log says why not.",
            setting="backup.every",
        )
        yield fault("backup.age", told, mend)
    elif not every and age > timedelta(days=7):
        yield note("backup.age", told, by_hand)
    else:
        yield ok("backup.age", told)
    if config.backups.stat().st_dev == config.database.stat().st_dev:
        yield note(
            "backup.disk",
            phrase("Backups are on the disk that they are to save you from."),
            phrase("Set {setting} to another one, or copy them away.", setting="backup.folder"),
        )


def of_sqlite() -> Iterator[Finding]:
    """Yield what is known of the SQLite in use."""
    version = inspecting.sqlite_version()
    told = ".".join(map(str, version))
    if version >= inspecting.SAFE:
        yield ok("sqlite", phrase("SQLite {version}.", version=told))
    else:
        yield note(
            "sqlite",
            phrase("SQLite {version} can damage a database when two programs write to it at one moment.", version=told),
            phrase("Let no other program write to the database; a newer Python brings a newer SQLite."),
        )
