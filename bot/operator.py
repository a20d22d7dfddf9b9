"""The operator's door: the same API, over a socket in the data folder that only its owner can open.

While a process holds the folder's lock it serves that socket, and a command that writes asks it. With nothing
running, the command takes the lock itself, opens the database and asks the same API in its own process. So there
is one writer at any time, and one way of doing each thing.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from bot.clock import Clock
from bot.config import Config
from bot.lock import DataFolderInUse, FolderLock
from bot.publishing import publish, wanted
from bot.rest.callers import OperatorOnly, operator_door
from bot.rest.counter import Counter
from bot.rest.routes import rest_router
from bot.settings.houses import house_of
from bot.web.app import create_app
from storage.database import Database

SOCKET: Final = "makegood.sock"
BASE: Final = "http://localhost"
PATIENCE: Final = 5.0
"""Seconds that a command waits for another one to let go of the data folder, or for the bot to open its door."""

_LONGEST_PATH: Final = 100  # bytes; the kernel takes 107
_PAUSE: Final = 0.1


class NotAnswering(Exception):
    """A process holds the data folder but does not answer at its socket: wait until it is done, or stop it."""

    def __init__(self, busy: DataFolderInUse) -> None:
        super().__init__(f"{busy}, which does not answer; wait until it is done, or stop it")


class OperatorSocket:
    """Serves an app on the operator's socket, from `start` until `stop`. Only the holder of the lock may."""

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._path = folder / SOCKET
        self._server = _Server(
            uvicorn.Config(
                OperatorOnly(app),
                http="httptools",
                ws="none",
                lifespan="off",
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=2,
            )
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the socket in place of a stale one, and serve."""
        listening = _bound(self._path)
        self._task = asyncio.create_task(self._server.serve([listening]))
        opened = asyncio.create_task(self._server.opened.wait())
        await asyncio.wait({opened, self._task}, return_when=asyncio.FIRST_COMPLETED)
        opened.cancel()

    async def stop(self) -> None:
        """Finish what was begun and take the socket away. Safe to repeat."""
        if self._task is not None:
            self._server.should_exit = True
            await self._task
            self._task = None
            self._path.unlink(missing_ok=True)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.opened = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open, and say so."""
        await super().startup(sockets)
        self.opened.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process that we are a part of."""
        yield


def operator_app(counter: Counter) -> FastAPI:
    """Return the app that serves the API to the operator alone."""
    return create_app([rest_router(counter)], doors=[operator_door])


@contextlib.asynccontextmanager
async def asking(config: Config, command: str, clock: Clock | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the API that speaks as the operator: to the running process, or to an app of our own.

    `command` names us to whoever waits. Raises NotAnswering; storage's errors when the database cannot be opened;
    SurveyInvalid when the survey files cannot be published.
    """
    async with contextlib.AsyncExitStack() as closing:
        client = await _client(config, command, clock or Clock(), closing)
        closing.push_async_callback(client.aclose)
        yield client


async def _client(config: Config, command: str, clock: Clock, closing: contextlib.AsyncExitStack) -> httpx.AsyncClient:
    ends = clock.monotonic() + PATIENCE
    while True:
        try:
            closing.enter_context(FolderLock.take(config.folder, command))
        except DataFolderInUse as busy:
            client = await _running(config.folder, closing)
            if client is not None:
                return client
            if clock.monotonic() >= ends:
                raise NotAnswering(busy)
            await asyncio.sleep(_PAUSE)
        else:
            return await _our_own(config, clock, closing)


async def _running(folder: Path, closing: contextlib.AsyncExitStack) -> httpx.AsyncClient | None:
    """Return a client of the process that runs, None when it does not answer (yet)."""
    path = closing.enter_context(_short(folder / SOCKET))
    client = httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(uds=path, verify=False), base_url=BASE, timeout=60)
    try:
        await client.get("/v1/health")
    except httpx.TransportError:
        await client.aclose()
        return None
    return client


async def _our_own(config: Config, clock: Clock, closing: contextlib.AsyncExitStack) -> httpx.AsyncClient:
    surveys = wanted(config)
    config.database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(config.database, os.O_WRONLY | os.O_CREAT, 0o600))  # for its owner alone from its first moment
    database = await Database.open(config.database, synchronous=config.storage.synchronous)
    closing.push_async_callback(database.close)
    house, now = house_of(config), clock.now()
    await database.run(lambda unit: publish(unit, house.brand, surveys, now))
    app = OperatorOnly(operator_app(Counter(database, house, clock, config)))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, timeout=60)


def _bound(path: Path) -> socket.socket:
    """Return a socket that listens at that path, for its owner alone from its first moment."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with _short(path) as short:
            listening.bind(short)
    finally:
        os.umask(before)
    listening.setblocking(False)
    return listening


@contextlib.contextmanager
def _short(path: Path) -> Iterator[str]:
    """Give a name of the path that is short enough for a socket, which the path itself may not be."""
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
