"""Backups by themselves: planned as a due row, made in a child process, noted when they are whole.

    due row "backup" ──> begun in a child ──> whole: noted, and the row waits for the next
       ^                              └─────> failed: noted and told in the log
       └── an hour later, while nothing was noted as whole: a killed process begins anew

There is one row, and it never ends. Its moment begins the work and does not wait for it.
"""

import asyncio
import logging
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Final

import bot
from bot.backups.making import Made, Wish, read_as, written
from bot.backups.manifest import newest_at
from bot.clock import Clock
from bot.config import Config
from bot.scene import Scene
from storage.database import Database
from storage.due import DueRow
from storage.errors import Unavailable
from storage.unit import Unit

log = logging.getLogger("makegood.backup")

KIND: Final = "backup"
MADE_AT: Final = "backup.made_at"
"""The fact when the newest backup was made (ms)."""
FAILED: Final = "backup.failed"
"""The fact why the last try failed, empty when it did not."""

MILLISECOND: Final = timedelta(milliseconds=1)
FIRST: Final = timedelta(hours=1) // MILLISECOND
AGAIN: Final = timedelta(hours=1) // MILLISECOND
_ROOT: Final = Path(bot.__file__).resolve().parents[1]


def wish_of(config: Config, file: Path | None) -> Wish:
    """Return what the settings say about backups; `file` is the settings' own."""
    settings = config.backup
    return Wish(
        database=config.database.resolve(),
        media=config.media_folder.resolve(),
        folder=config.backups.resolve(),
        config=None if file is None else file.resolve(),
        surveys=None if config.surveys.folder is None else config.surveys.folder.resolve(),
        recovery=None if config.recovery.folder is None else config.recovery.folder.resolve(),
        keep_daily=settings.keep_daily,
        keep_weekly=settings.keep_weekly,
    )


def plan(unit: Unit, brand: int, config: Config, now: int) -> None:
    """Plan the next backup: when the newest is old enough, and the first in an hour. There is one row for all."""
    every = config.backup.every // MILLISECOND
    if every:
        newest = newest_at(config.backups)
        at = now + FIRST if newest is None else max(now, newest + every)
        unit.due.plan(brand, KIND, 0, KIND, at)


def look_again(_due: DueRow, scene: Scene) -> int | None:
    """Let the row wait: what it began moves it on when it is done, and it begins anew when that never happens."""
    return scene.now + AGAIN


class BackupChore:
    """Makes the backups that due rows ask for, one at a time, beside everything else."""

    def __init__(self, database: Database, config: Config, file: Path | None, clock: Clock, brand: int = 1) -> None:
        self._database = database
        self._config = config
        self._file = file
        self._clock = clock
        self._brand = brand
        self._running: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Return whether one is being made."""
        return self._running is not None and not self._running.done()

    def begin(self) -> None:
        """Begin a backup unless one is being made."""
        if not self.running:
            self._running = asyncio.create_task(self._make(), name="backup")

    async def over(self) -> None:
        """Return when the one that is being made is over, whatever came of it."""
        if self._running is not None:
            await asyncio.wait({self._running})

    async def stop(self) -> None:
        """Give up the one that is being made; it leaves no half backup. Safe to repeat."""
        if self._running is not None:
            self._running.cancel()
            await self.over()

    async def _make(self) -> None:
        began = self._clock.monotonic()
        try:
            made = await _child(wish_of(self._config, self._file))
        except (OSError, BackupFailed) as error:
            log.error("no backup was made: %s", error)
            await self._note(None, str(error))
            return
        took = self._clock.monotonic() - began
        log.info(
            "backup %s made and checked in %.1f s, %d bytes, %d older ones gone",
            made.path.name,
            took,
            made.manifest.size,
            made.dropped,
        )
        await self._note(made, "")

    async def _note(self, made: Made | None, failed: str) -> None:
        now, every = self._clock.now(), self._config.backup.every // MILLISECOND

        def work(unit: Unit) -> None:
            unit.facts.put(self._brand, FAILED, failed)
            if made is not None:
                unit.facts.put(self._brand, MADE_AT, str(now))
                unit.due.plan(self._brand, KIND, 0, KIND, now + every)

        try:
            await self._database.run(work, low=True)
        except Unavailable as error:
            log.warning("a backup was made and could not be noted: %s", error)


class BackupFailed(Exception):
    """The child made no backup; it says why."""


async def _child(wish: Wish) -> Made:
    paths = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.backups.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    )
    try:
        out, complaint = await child.communicate(written(wish))
    except asyncio.CancelledError:
        child.kill()
        await child.wait()
        raise
    if child.returncode != 0:
        lines = complaint.decode(errors="replace").strip().splitlines()
        raise BackupFailed(lines[-1] if lines else f"it ended with {child.returncode}")
    return read_as(Made, out)
