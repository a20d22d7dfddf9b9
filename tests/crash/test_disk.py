"""A full disk: nothing is acknowledged that is not kept, and all goes on when there is room again (C2)."""

import asyncio
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.flows import PATIENCE
from tests.crash.installation import Installation
from tests.fake_telegram import FakeTelegram

SIZE = 2 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of two megabytes."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=False)
    if mounted.returncode != 0:
        pytest.skip("this machine lets nobody mount a small file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


async def test_a_full_disk_delays_and_loses_nothing(lives, small_disk):
    """What people said while it was full is unconfirmed or kept in memory, and taken in without a restart."""
    async with FakeTelegram() as telegram:
        installation = Installation(small_disk / "house", lives, telegram)
        ana, bo = telegram.person("Ana"), telegram.person("Bo")
        async with await installation.begin() as child:
            await ana.starts()
            await ana.hears(PATIENCE, containing="How was your visit?")
            await installation.settled()
            fill(small_disk / "ballast")
            tap = await ana.taps("5")
            await bo.starts()
            await asyncio.sleep(1.0)
            unkept = not len(installation.read("SELECT id FROM answer"))
            assert (tap.notice is None, unkept) == (True, True)
            assert telegram.ledger.texts(bo.id) == []
            assert len(telegram.updates) >= 2, "an update was confirmed that could not be stored"

            (small_disk / "ballast").unlink()
            await ana.hears(PATIENCE, containing="Would you tell others")
            await bo.hears(PATIENCE, containing="How was your visit?")
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        assert await installation.verify() == 0
        assert installation.answers(ana) == ["5"]


def fill(path: Path) -> None:
    """Write until there is no room for one more byte."""
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
