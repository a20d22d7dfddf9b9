"""One writer: the lock, the operator's socket, and a command that finds nothing running."""

import asyncio
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import Config
from bot.lock import DataFolderInUse, FolderLock, holder
from bot.operator import SOCKET, OperatorSocket, operator_app
from bot.operator_client import NotAnswering, asking
from bot.publishing import library, publish
from bot.rest.counter import Counter
from bot.settings.houses import house_of
from bot.settings.sections import Storage
from storage.database import Database


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(storage=Storage(folder=tmp_path / "data"))


async def invite(config: Config, name: str) -> int:
    async with asking(config, "staff invite") as client:
        return (await client.post("/v1/staff/invitations", json={"name": name})).status_code


# --- the lock -------------------------------------------------------------------------------------------------------


def test_two_processes_never_write_to_one_folder(tmp_path):
    """Two writers on one SQLite file is how databases are lost; the second is told who the first is."""
    code = (
        "import sys, time; from pathlib import Path; from bot.lock import FolderLock\n"
        "lock = FolderLock.take(Path(sys.argv[1]), 'run'); print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdin is not None
    assert other.stdout is not None
    other.stdout.readline()
    try:
        with pytest.raises(DataFolderInUse) as busy:
            FolderLock.take(tmp_path, "events import")
        assert (busy.value.holder.pid, busy.value.holder.command) == (other.pid, "run")
        assert holder(tmp_path) == busy.value.holder
    finally:
        other.kill()
        other.communicate()

    FolderLock.take(tmp_path, "events import").release()


def test_a_released_lock_leaves_nobody(tmp_path):
    """`makegood check` says who runs, and must not say so of yesterday."""
    with FolderLock.take(tmp_path, "run"):
        assert holder(tmp_path) is not None

    assert holder(tmp_path) is None
    assert holder(tmp_path / "nowhere") is None


# --- nothing runs ---------------------------------------------------------------------------------------------------


async def test_with_nothing_running_a_command_does_it_itself(config):
    """`makegood staff invite` must work before the first start."""
    assert await invite(config, "Ben") == 201
    assert await invite(config, "Eva") == 201
    assert stat.S_IMODE(config.folder.stat().st_mode) == 0o700


# --- something runs -------------------------------------------------------------------------------------------------


class Running:
    """A process that holds the folder and serves its socket, as `makegood run` does."""

    def __init__(self, config: Config) -> None:
        self.config = config

    async def __aenter__(self) -> "Running":
        self.lock = FolderLock.take(self.config.folder, "run")
        self.database = await Database.open(self.config.database)
        await self.database.run(lambda unit: publish(unit, 1, library(), 1))
        from bot.clock import Clock

        counter = Counter(self.database, house_of(self.config), Clock(), self.config)
        self.socket = OperatorSocket(operator_app(counter), self.config.folder)
        await self.socket.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.stop()
        await self.database.close()
        self.lock.release()


async def test_while_it_runs_a_command_asks_it(config):
    """The command never opens the database: the one that runs is its only writer."""
    async with Running(config) as running:
        assert await invite(config, "Ben") == 201
        names = await running.database.read(lambda unit: [member.name for member in unit.staff.listing(1)])

    assert names == ["Ben"]
    assert not (config.folder / SOCKET).exists()


async def test_only_its_owner_may_open_the_socket(config):
    """Who can write to it is the operator."""
    async with Running(config):
        assert stat.S_IMODE((config.folder / SOCKET).stat().st_mode) == 0o600


async def test_a_stale_socket_is_replaced(config):
    """A killed process leaves its socket behind; the next start must not stumble over it."""
    config.folder.mkdir()
    stale = socket.socket(socket.AF_UNIX)
    folder = os.open(config.folder, os.O_RDONLY)
    stale.bind(f"/proc/self/fd/{folder}/{SOCKET}")
    stale.close()
    os.close(folder)

    async with Running(config):
        assert await invite(config, "Ben") == 201


async def test_a_long_path_has_a_socket_too(tmp_path):
    """The kernel takes 107 bytes; data folders are longer on many servers."""
    config = Config(storage=Storage(folder=tmp_path / ("very-long-name-" * 9) / "data"))

    async with Running(config):
        assert await invite(config, "Ben") == 201


async def test_a_holder_that_does_not_answer_is_named(config, monkeypatch):
    """Better a sentence after a moment than waiting for ever, or writing beside it."""
    monkeypatch.setattr("bot.operator_client.PATIENCE", 0.3)
    with FolderLock.take(config.folder, "migrate"), pytest.raises(NotAnswering, match="in use by migrate"):
        await invite(config, "Ben")


async def test_a_command_waits_for_a_short_one(config):
    """Two commands of a script, one after the other, do not trip over each other."""
    lock = FolderLock.take(config.folder, "link")
    asyncio.get_running_loop().call_later(0.4, lock.release)

    assert await invite(config, "Ben") == 201
