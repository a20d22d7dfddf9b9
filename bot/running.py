"""The bot as a process: from taking the data folder to letting go of it, whatever ends it.

The web is imported when what waited is being answered already: it takes longer to load than all the rest.
"""

import asyncio
import gc
import signal
from pathlib import Path

from bot.app import App
from bot.config import Config
from bot.lock import FolderLock


def calm_the_collector() -> None:
    """Leave what a start made out of every later collection, and collect more rarely: a turn makes no cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


async def run(config: Config, file: Path | None = None) -> int:
    """Run until SIGTERM or SIGINT; return the exit code. Raises DataFolderInUse when another makegood runs there.

    `file` is where the settings stand, for backups.
    """
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    with FolderLock.take(config.folder, "makegood run"):
        app = App(config, file=file)
        await app.start()
        calm_the_collector()
        try:
            from bot.serving import serving

            async with serving(app):
                await ended.wait()
        finally:
            await app.stop()
    return 0
