"""Leading an older database to the newest version: forwards only, all or nothing, beside a verified copy.

    await migrate(path)      # after Database.open raised NeedsMigration

It runs in a child process, because importing Alembic takes longer than everything else at a start and is needed
once in a year. All migrations share one transaction that begins by taking the write lock: a process killed
half-way leaves the old version, or the new one, and never something between.
"""

import asyncio
import os
import sys
from pathlib import Path

from storage.errors import MigrationFailed

_ROOT = Path(__file__).resolve().parents[2]


async def migrate(target: Path | str, *, more: Path | None = None) -> None:
    """Migrate the SQLite file at a path, or the PostgreSQL database at a URL, to the newest version.

    `more` is a folder of further migrations. A SQLite file is first copied, and the copy checked, to
    `<name>.<version>.backup` beside it. Raises MigrationFailed, and the database is as it was.
    """
    arguments = [str(target)] if more is None else [str(target), str(more)]
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "storage.migrations",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    )
    _, complaint = await child.communicate()
    if child.returncode != 0:
        lines = complaint.decode(errors="replace").strip().splitlines()
        raise MigrationFailed(lines[-1] if lines else f"the migration ended with {child.returncode}")
