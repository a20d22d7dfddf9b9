"""The operator's door: the same API, over a socket in the data folder that only its owner can open.

While a process holds the folder's lock it serves that socket; `bot.operator_client` is the other side of it.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from bot.rest.callers import OperatorOnly, operator_door
from bot.rest.counter import Counter
from bot.rest.routes import rest_router
from bot.web.app import create_app

SOCKET: Final = "makegood.sock"

_LONGEST_PATH: Final = 100  # bytes; the kernel takes 107


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


def _bound(path: Path) -> socket.socket:
    """Return a socket that listens at that path, for its owner alone from its first moment."""
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with short_name(path) as short:
            listening.bind(short)
    finally:
        os.umask(before)
    listening.setblocking(False)
    return listening


@contextlib.contextmanager
def short_name(path: Path) -> Iterator[str]:
    """Give a name of the path that is short enough for a socket, which the path itself may not be."""
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
