"""What a backup says of itself, and how its folder is laid out and named.

    makegood-2026-11-22T081503Z/
        makegood.db      the database, whole and compact: any SQLite opens it
        media/           the files that people sent and that the database speaks of
        config.toml      the settings of that moment, for you to read
        surveys/         your own survey files; recovery/ your own words, plans and causes
        secrets.toml     only when it was asked for
        backup.json      what follows here; written last

A backup grows in a folder whose name ends in `.part`; only a whole one gets its name.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from bot.clock import moment

DATABASE: Final = "makegood.db"
MEDIA: Final = "media"
CONFIG: Final = "config.toml"
SURVEYS: Final = "surveys"
RECOVERY: Final = "recovery"
MANIFEST: Final = "backup.json"
PART: Final = ".part"

_NAME: Final = re.compile(r"makegood-([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}Z)")
_STAMP: Final = "%Y-%m-%dT%H%M%SZ"


class Manifest(msgspec.Struct, frozen=True):
    """What is in a backup. Moments in ms; `digest` is the database's hex SHA-256, `missing` files that were gone."""

    format: int
    made_at: int
    version: str
    counts: dict[str, int]
    newest_answer_at: int | None
    size: int
    digest: str
    files: int
    missing: int
    secrets: bool

    def written(self) -> bytes:
        """Return the manifest as the file has it."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


def name_at(at: int) -> str:
    """Return the name of a backup made at that moment."""
    return f"makegood-{moment(at).strftime(_STAMP)}"


def made_at(folder: Path) -> int | None:
    """Return when a folder's name says that it was made, None when it is not the name of a backup."""
    found = _NAME.fullmatch(folder.name)
    if found is None:
        return None
    return int(datetime.strptime(found[1], _STAMP).replace(tzinfo=UTC).timestamp() * 1000)


def read(folder: Path) -> Manifest:
    """Return what a backup says of itself. Raises OSError and msgspec.DecodeError."""
    return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)


def listing(folder: Path) -> list[Path]:
    """Return the whole backups in a folder, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(each for each in folder.iterdir() if made_at(each) is not None and (each / MANIFEST).is_file())


def newest_at(folder: Path) -> int | None:
    """Return when the newest backup in a folder was made, None when there is none."""
    found = listing(folder)
    return made_at(found[-1]) if found else None
