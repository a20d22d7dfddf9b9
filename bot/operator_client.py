"""How a command that writes gets its work done: by the process that runs, or by itself when nothing does.

It asks the API over the operator's socket while a process holds the data folder's lock. With nothing running it
takes the lock itself, opens the database and asks the same API in its own process. So there is one writer at any
time, and one way of doing each thing.
"""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import httpx

from bot.clock import Clock
from bot.config import Config
from bot.lock import DataFolderInUse, FolderLock
from bot.operator import SOCKET, operator_app, short_name
from bot.publishing import publish, wanted
from bot.rest.callers import OperatorOnly
from bot.rest.counter import Counter
from bot.settings.houses import house_of
from storage.database import Database

BASE: Final = "http://localhost"
PATIENCE: Final = 5.0
"""Seconds that a command waits for another one to let go of the data folder, or for the bot to open its door."""

_PAUSE: Final = 0.1


class NotAnswering(Exception):
    """A process holds the data folder but does not answer at its socket: wait until it is done, or stop it."""

    def __init__(self, busy: DataFolderInUse) -> None:
        super().__init__(f"{busy}, which does not answer; wait until it is done, or stop it")


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
    path = closing.enter_context(short_name(folder / SOCKET))
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
