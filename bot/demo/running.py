"""Starting the demo: a temporary folder, the next free port, and either a page or a story."""

import asyncio
import signal
import socket
import tempfile
from pathlib import Path
from typing import Final

import click

from bot.demo.phone import Silence
from bot.demo.recovery import RecoveryStory
from bot.demo.routes import demo_router, visitor_door
from bot.demo.story import Story
from bot.demo.world import RECOVERY, World
from bot.phrases import language_for, say
from bot.serving import served, web_of
from conversations.phrases import phrase

FIRST_PORT: Final = 8765
PORTS: Final = 100


def free_port(first: int = FIRST_PORT) -> int:
    """Return the first port from `first` on that nobody listens on. Raises OSError when there is none near."""
    for port in range(first, first + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"no port from {first} to {first + PORTS - 1} is free; name another with --port")


async def run(*, script: str | None, port: int | None = None, language: str = "en") -> int:
    """Run the demo until it is stopped, or play the story of that name; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="makegood-demo-") as folder:
        chosen = free_port() if port is None else port
        world = World(Path(folder), chosen, language_for(language), RECOVERY if script == "recovery" else {})
        await world.app.start()
        try:
            web = web_of(world.app, routers=[demo_router(world, chosen)], doors=[visitor_door])
            async with served(world.app, web, chosen):
                base = f"http://127.0.0.1:{chosen}"
                if script is None:
                    return await _show_page(base, language)
                story = RecoveryStory(world, base, _print) if script == "recovery" else Story(world, base, _print)
                return await _tell(story)
        finally:
            await world.app.stop()


async def _show_page(base: str, language: str) -> int:
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    _print(say(phrase("The demo is at {address} – open it in a browser; Ctrl+C ends it.", address=base), language))
    await ended.wait()
    return 0


async def _tell(story: Story | RecoveryStory) -> int:
    try:
        await story.play()
    except Silence as silence:
        click.echo(f"makegood demo: the story broke off: {silence}", err=True)
        return 1
    _print("\nThe loop is closed: every step happened.")
    return 0


def _print(line: str) -> None:
    click.echo(line)
