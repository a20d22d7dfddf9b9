"""docs/operate.md says what is so: its commands run, in their order, as they are printed."""

import asyncio
import os
import re
import shlex
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.backups import manifest
from tests.fake_telegram import TOKEN, FakeTelegram

AS_USER = "runuser -u makegood -- "
ASKS = {"makegood init", "makegood run"}
"""Commands of the page that wait for a person or run until they are stopped: other tests have those."""

RUN = {"init", "responses", "staff", "team", "calendar", "check", "backup", "restore"}
"""What a fresh installation can do; what needs another system's settings is run by that part's own tests."""


def blocks(root: Path, language: str) -> list[str]:
    """Return the boxes of the page that are in that language."""
    return re.findall(
        rf"^```{language}\n(.*?)^```", (root / "docs" / "operate.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def commands(root: Path) -> list[str]:
    """Return what the page types of makegood itself, in its order."""
    lines = [line for block in blocks(root, "console") for line in block.splitlines()]
    typed = [line.removeprefix(AS_USER) for line in lines]
    return [line for line in typed if line not in ASKS and line.startswith("makegood ") and line.split()[1] in RUN]


@contextmanager
def telegram() -> Iterator[FakeTelegram]:
    """A Telegram that the commands reach, each of which is a process of its own."""
    ready, done = threading.Event(), threading.Event()
    found: list[FakeTelegram] = []

    async def serve() -> None:
        async with FakeTelegram() as fake:
            found.append(fake)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        done.set()
        thread.join()


def in_this_world(line: str, place: Path) -> str:
    """Return a command as it is here: the fake's token, the newest backup, a stick that is a folder."""
    line = line.replace('"$TOKEN"', TOKEN).replace("/mnt/usb", str(place / "usb"))
    if not line.startswith("makegood restore "):
        return line + (" --yes" if line.startswith("makegood init") and "--yes" not in line else "")
    newest = manifest.listing(place / "data" / "backups")[-1]
    return re.sub(r"data/backups/makegood-\S+", str(newest), line)


def test_the_commands_of_the_page_run_in_their_order(root, tmp_path):
    """Whoever follows it at night types what is printed, and nothing else."""
    typed = commands(root)
    with telegram() as fake:
        environ = {**os.environ, "PYTHONPATH": str(root), "MAKEGOOD_TELEGRAM__API_BASE": fake.base, "LANG": "C.UTF-8"}
        for line in sorted(typed, key=lambda line: not line.startswith("makegood init --business")):
            words = shlex.split(in_this_world(line, tmp_path))
            done = subprocess.run(
                [sys.executable, "-m", "bot", *words[1:]],
                cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"

    assert {line.split()[1] for line in typed} == RUN
    assert list(tmp_path.glob("data/before-restore-*/makegood.db"))


def test_its_settings_are_settings(root, tmp_path):
    """A line of TOML that is copied from it must be allowed."""
    from bot.config import load

    whole = [block for block in blocks(root, "toml") if "..." not in block]  # one with a gap is to be filled in
    assert whole
    for number, block in enumerate(whole):
        assert tomllib.loads(block)
        path = tmp_path / f"{number}.toml"
        path.write_text(block, "utf-8")
        load(path, environ={})


def test_the_proxy_does_not_hold_the_stream_back(root):
    """Tried with Caddy 2.6.2: with `encode gzip` a message of the web chat came only after a reload."""
    [caddyfile] = blocks(root, "caddy")
    said = [line.strip() for line in caddyfile.splitlines() if not line.startswith("#")]

    assert "reverse_proxy 127.0.0.1:8765" in said
    assert not any(line.startswith("encode") for line in said)
    assert len(caddyfile.splitlines()) == 5
