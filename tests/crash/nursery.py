"""Lives of the bot, quickly: one process imports everything once and forks a child for each life.

Each child is a real process of its own, killed with a real SIGKILL. Only what every life would load and read anew is
saved: the modules, our own surveys, catalogues and templates. That is found by rehearsing one story here, to its end,
before the first child is forked; it took two thirds of a child's time.

Who asks connects to a socket, writes a `Life`, reads the child's process id and, when it has ended, its exit code. A
child whose connection is closed is killed, so a test that fails leaves nobody behind.
"""

import asyncio
import gc
import importlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import msgspec

from tests.crash.child import Life

LOADED_LATE = (
    "apscheduler.executors.asyncio",
    "apscheduler.triggers.date",
    "apscheduler.triggers.interval",
    "bot.channels.telegram.admin",
    "bot.channels.telegram.request",
    "bot.channels.telegram.source",
    "bot.channels.webchat.channel",
    "bot.fetching",
    "bot.menus",
    "bot.notifying.sender",
    "bot.notifying.ways",
    "bot.offers_checking",
    "bot.serving",
    "bot.settings.houses",
    "bot.weblog",
    "conversations.checking",
    "conversations.expressions",
    "conversations.mistakes",
    "conversations.templates",
    "encodings.idna",
    "encodings.utf_16_le",
    "netrc",
    "pydantic.v1",
    "uvicorn.lifespan.off",
    "uvicorn.protocols.http.httptools_impl",
)
"""What the product imports once it runs and the rehearsal does not come to: here it is loaded once for all lives."""


def main(path: str) -> None:
    """Fork a child for each connection until the process is ended."""
    from tests.crash.child import live

    _load()
    wakes = _woken_by_the_dead()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    children: dict[int, socket.socket] = {}
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    selector.register(wakes, selectors.EVENT_READ)
    gc.collect()
    gc.freeze()
    while True:
        for key, _ in selector.select():
            if key.fileobj is wakes:
                wakes.recv(4096)
                continue
            if key.fileobj is not listener:
                pid, line = key.data
                selector.unregister(line)
                if pid in children:
                    os.kill(pid, signal.SIGKILL)
                continue
            line, _ = listener.accept()
            life = msgspec.json.decode(line.makefile("rb").readline(), type=Life)
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                selector.close()
                for each in (listener, wakes, line, *children.values()):
                    each.close()
                os._exit(_life(live, life))
            children[pid] = line
            line.sendall(f"{pid}\n".encode())
            selector.register(line, selectors.EVENT_READ, (pid, line))
        for pid, code in _ended(children):
            line = children.pop(pid)
            try:
                selector.unregister(line)
                line.sendall(f"{code}\n".encode())
            except (KeyError, OSError):
                pass
            line.close()


def _load() -> None:
    """Read and import what each life would."""
    from bot.playbooks import playbook_of
    from bot.publishing import library

    library()
    playbook_of(None)
    for name in LOADED_LATE:
        importlib.import_module(name)
    asyncio.run(rehearsed())


async def rehearsed() -> None:
    """Live through an unhappy customer's story in this process, as a life does; nothing of it is left but memory."""
    from bot.app import App
    from tests.crash.flows import UNHAPPY, cast_of
    from tests.crash.installation import Installation
    from tests.fake_telegram import FakeTelegram

    with tempfile.TemporaryDirectory() as folder:
        async with FakeTelegram() as telegram:
            installation = Installation(Path(folder) / "house", None, telegram)
            cast = await cast_of(installation, telegram)
            app = App(installation.config())
            await app.start()
            try:
                await UNHAPPY.play(cast)
                await installation.settled()
            finally:
                await app.stop()


def _woken_by_the_dead() -> socket.socket:
    """Return what can be read from whenever a child has ended: then nobody looks again and again."""
    wakes, woken = socket.socketpair()
    woken.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken.detach(), warn_on_full_buffer=False)
    return wakes


def _life(live, life: Life) -> int:
    try:
        code: int = live(life)
    except BaseException:  # noqa: BLE001 - told in the log of that life; the fork must end here
        with (Path(life.notes) / "fault.log").open("a") as log:
            traceback.print_exc(file=log)
        return 70
    return code


def _ended(children: dict[int, socket.socket]) -> Iterator[tuple[int, int]]:
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        yield pid, os.waitstatus_to_exitcode(status)


class Child:
    """A life that is being lived. `ended` gives its exit code: minus the signal that killed it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pid: int) -> None:
        self.pid = pid
        self._reader = reader
        self._writer = writer
        self._over = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._over:
            self.kill()
            await self.ended()

    def kill(self) -> None:
        """SIGKILL, now."""
        if not self._over:
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> None:
        """SIGTERM: the life ends in good order."""
        os.kill(self.pid, signal.SIGTERM)

    async def ended(self, patience: float = 60.0) -> int:
        """Return the exit code once the process has ended. Raises AssertionError when it does not."""
        try:
            line = await asyncio.wait_for(self._reader.readline(), patience)
        except TimeoutError:
            raise AssertionError(f"the process did not end within {patience} s") from None
        self._over = True
        self._writer.close()
        return int(line)


class Nursery:
    """Where lives begin."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def begin(self, life: Life) -> Child:
        """Begin a life."""
        reader, writer = await asyncio.open_unix_connection(str(self._path))
        writer.write(msgspec.json.encode(life) + b"\n")
        return Child(reader, writer, int(await reader.readline()))


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """A nursery while the block runs; its socket and its log are in the folder."""
    path = folder / "nursery"
    with (folder / "nursery.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "tests.crash.nursery", str(path)], stdout=log, stderr=log)
        try:
            while not path.exists():
                assert process.poll() is None, (folder / "nursery.log").read_text()
                try:
                    process.wait(0.02)
                except subprocess.TimeoutExpired:
                    continue
            yield Nursery(path)
        finally:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main(sys.argv[1])
