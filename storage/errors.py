"""Everything that `storage` can refuse, and what the caller should do.

StorageError
├── NotFound        no such row: answer 404, or tell the customer it is over
├── Taken           the name is in use: ask for another
├── Stale           somebody else changed the row first: run the whole turn again
├── Unavailable     the database takes nothing now: acknowledge nothing, come again later
├── WorkQuit        a unit of work tried to end the process: treat it as a failed turn
├── WrongVersion    the file was written by another makegood: do not touch it
├── NeedsMigration  the file is of an earlier version: run `storage.migrations.migrate` first
├── MigrationFailed the migration did not succeed, and the database is as it was: tell the operator
└── Damaged         a copy is not what it should be: keep it, and use another
"""

from pathlib import Path
from typing import Literal

Why = Literal["full", "io", "read-only", "corrupt", "locked", "lost", "closed"]
"""Why the database takes nothing: the disk is full or fails, the file may not be written or is damaged, somebody
else holds its lock, the server is gone, or we have closed it ourselves."""


class StorageError(Exception):
    """Something that storage refuses."""


class NotFound(StorageError):
    """There is no such row."""

    def __init__(self, table: str, key: object) -> None:
        super().__init__(f"{table} has no row {key!r}")
        self.table = table
        self.key = key


class Taken(StorageError):
    """Another row has this name already."""

    def __init__(self, table: str, key: object) -> None:
        super().__init__(f"{table} already has {key!r}")
        self.table = table
        self.key = key


class Stale(StorageError):
    """The row is no longer at the revision that was read."""

    def __init__(self, table: str, key: object, revision: int) -> None:
        super().__init__(f"{table} {key!r} is no longer at revision {revision}")
        self.table = table
        self.key = key
        self.revision = revision


class Unavailable(StorageError):
    """Nothing of the work was kept, and it is not the work's fault."""

    def __init__(self, why: Why, detail: str = "") -> None:
        super().__init__(f"the database takes nothing now ({why}){': ' if detail else ''}{detail}")
        self.why: Why = why
        self.detail = detail


class WorkQuit(StorageError):
    """A unit of work raised what would have ended the database's thread."""

    def __init__(self, what: str) -> None:
        super().__init__(f"a unit of work raised {what}")


class WrongVersion(StorageError):
    """The database is of a version that this makegood does not know."""

    def __init__(self, found: str, newest: str) -> None:
        super().__init__(
            f"the database has version {found!r}, and this makegood knows versions up to {newest!r}: "
            "run the makegood that wrote it, or restore a backup"
        )
        self.found = found
        self.newest = newest


class NeedsMigration(StorageError):
    """The database is of an earlier version, and must be migrated before it is opened."""

    def __init__(self, found: str, newest: str) -> None:
        super().__init__(f"the database has version {found!r}, and this makegood needs {newest!r}")
        self.found = found
        self.newest = newest


class MigrationFailed(StorageError):
    """The migration stopped, and nothing of it was kept."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"the database could not be migrated and is as it was: {detail}")
        self.detail = detail


class Damaged(StorageError):
    """A copy of a database, or a file beside it, is not as it was written."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path} cannot be relied on: {detail}")
        self.path = path
        self.detail = detail
