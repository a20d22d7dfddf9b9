"""`makegood run`, `makegood demo`, `makegood migrate`."""

import asyncio
import os
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

from bot.cli.common import Command, Mistake, awaited, chosen

T = TypeVar("T")


@click.command(
    cls=Command,
    example="makegood run\n"
    "MAKEGOOD_TELEGRAM__TOKEN=123456:ABC makegood run --data /var/lib/makegood --set web.port=8080",
)
def run() -> int:
    """Run the bot, the web chat and the API until it is stopped (Ctrl+C or SIGTERM)."""
    asked = chosen()
    config = asked.load(make_secrets=True)
    from bot.logs import begin_logging
    from bot.running import run as run_app

    os.umask(0o077)  # whatever is written holds what customers wrote
    begin_logging(config)
    return _on_fast_loop(run_app(config, asked.file()))


@click.command(cls=Command, example="makegood demo\nmakegood demo --script\nmakegood demo --script recovery")
@click.option(
    "--script",
    is_flag=False,
    flag_value="loop",
    type=click.Choice(["loop", "recovery"]),
    help="Play a story in the terminal, without a browser, and end: the loop, or recovery by night.",
)
@click.option("--port", type=click.IntRange(1, 65535), help="The page's port; the next free one when not given.")
@click.option("--language", default="en", show_default=True, help="en, zh-Hans or zh-Hant.")
def demo(*, script: str | None, port: int | None, language: str) -> int:
    """Show the whole loop on a fresh database: two telephones and a faster clock. Nothing of yours is touched."""
    from bot.demo.running import run as run_demo
    from bot.phrases import LANGUAGES

    if language not in LANGUAGES:
        raise Mistake(f"{language!r} is none of the demo's languages; write {', '.join(LANGUAGES)}.")
    return _on_fast_loop(run_demo(script=script, port=port, language=language))


@click.command(cls=Command, example="makegood migrate --data /var/lib/makegood")
def migrate() -> int:
    """Lead the database to this makegood's version, after a verified copy. `makegood run` does it by itself."""
    config = chosen().load()
    from bot.lock import FolderLock
    from storage import migrations
    from storage.schema import VERSIONS

    if not config.database.exists():
        raise Mistake(f"there is no database at {config.database}; makegood run makes one.")
    with FolderLock.take(config.folder, "makegood migrate"):
        awaited(migrations.migrate(config.database))
    click.echo(f"{config.database} is at version {VERSIONS[-1]}.")
    return 0


def _on_fast_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run on uvloop where there is one: a fifth more turns a second."""
    try:
        import uvloop
    except ImportError:  # not on Windows
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
