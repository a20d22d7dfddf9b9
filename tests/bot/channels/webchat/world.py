"""A whole web chat to test against: real database, real server on loopback, real clients, and an intake that stores."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from fastapi import FastAPI

from bot.access.secrets import digest, new_token
from bot.channels.messages import Message, Sending
from bot.channels.updates import AnyUpdate, Unavailable
from bot.channels.webchat.channel import WebChat
from bot.channels.webchat.log import chat_of
from bot.channels.webchat.routes import webchat_door, webchat_router
from bot.channels.webchat.streams import Streams
from bot.clock import Clock, DemoClock
from bot.media_folder import MediaFolder
from bot.web.app import create_app
from bot.web.serving import Server, server
from bot.webfiles import WebFiles
from bot.weblog import WebLog
from storage.database import Database
from storage.unit import Unit
from tests import laid
from tests.waiting import LIMIT

NOON = 1_772_445_600_000  # Monday, 2 March 2026, 10:00 UTC
DAY = 24 * 3600 * 1000
LARGEST = 200_000  # bytes of a file


class StoringIntake:
    """Stores what it receives in the inbox; `full` refuses everything."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.full = False
        self.came = asyncio.Event()

    async def receive(self, updates: Sequence[AnyUpdate], *, facts: Mapping[str, str] | None = None) -> None:
        if self.full:
            raise Unavailable("full", retry_after=7)
        for update in updates:
            row = (1, update.channel, update.ident, None, update.chat, msgspec.json.encode(update).decode(), NOON)
            await self._database.run(partial(_store, row=row))
        self.came.set()


def _store(unit: Unit, row: Any) -> None:
    unit.inbox.add(*row)


class Page:
    """One browser in one chat: its cookie, its CSRF token, what its stream gave it."""

    def __init__(self, world: "World", http: aiohttp.ClientSession, chat: str, cookie: str, csrf: str) -> None:
        self.world, self.http, self.chat, self.cookie, self.csrf = world, http, chat, cookie, csrf

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Origin": self.world.base, "X-CSRF-Token": self.csrf}

    async def say(self, text: str, ident: str = "", **more: Any) -> aiohttp.ClientResponse:
        return await self.post("say", {"text": text, "id": ident or new_token(), **more})

    async def press(self, ref: str, press: str, ident: str = "") -> aiohttp.ClientResponse:
        return await self.post("press", {"ref": ref, "press": press, "id": ident or new_token()})

    async def post(self, what: str, body: Any, **headers: str) -> aiohttp.ClientResponse:
        address = f"{self.world.base}/chat/{self.chat}/{what}"
        async with self.http.post(address, json=body, headers={**self.headers, **headers}) as answer:
            await answer.read()
            return answer

    async def events(self, after: int = 0, *, header: bool = False) -> AsyncGenerator[tuple[str, Any], None]:
        """Yield (event, data) from the stream."""
        address = f"{self.world.base}/chat/{self.chat}/stream"
        resume = {"Last-Event-ID": str(after)} if header else {}
        query = {} if header else {"after": str(after)}
        async with self.http.get(address, params=query, headers={**self.headers, **resume}) as answer:
            assert answer.status == 200, answer.status
            event: dict[str, str] = {}
            async for raw in answer.content:
                name, _, value = raw.decode().rstrip("\r\n").partition(": ")
                if name:
                    event[name.rstrip(":")] = value
                elif event:
                    yield event.get("event", ""), json.loads(event["data"]) if event.get("data") else None
                    event = {}

    async def entries(self, after: int = 0) -> list[dict[str, Any]]:
        """Return what the stream has at once."""
        return [entry for _, entry in await self.until("caught-up", after)]

    async def until(self, last: str, after: int = 0, *, header: bool = False) -> list[tuple[str, Any]]:
        """Return what the stream gives before the event `last`."""
        found = []
        async with aclosing(self.events(after, header=header)) as events, asyncio.timeout(LIMIT):
            async for event, entry in events:
                if event == last:
                    break
                found.append((event, entry))
        return found


class World:
    """Everything of one test."""

    def __init__(self, database: Database, clock: Clock, folder: Path, embedded_in: Sequence[str] = ()) -> None:
        self.database, self.clock = database, clock
        self.folder = MediaFolder(folder)
        self.log = WebLog(database, clock)
        self.streams = Streams()
        self.intake = StoringIntake(database)
        self.channel = WebChat(self.log, self.streams)
        self.outbox_id = 100
        self.server: Server
        self.http: aiohttp.ClientSession
        chat = webchat_router(
            self.log,
            self.streams,
            self.intake,
            clock,
            business=lambda language: NAMES[language],
            heartbeat=3600.0,  # a page that is not told must wait in vain, also where the machine is slow
            embeds=bool(embedded_in),
            files=WebFiles(database, self.log, self.folder, clock, LARGEST),
        )
        self.app = create_app([chat], doors=[webchat_door(self.log)], embedded_in=embedded_in)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    async def customer_link(self, reference: str = "ana", language: str | None = None, lasts: int = 30 * DAY) -> str:
        token, now = new_token(), self.clock.now()

        def work(unit: Any) -> None:
            customer = unit.customers.ensure(1, reference, now, language=language)
            unit.links.add(1, digest(token), "customer", now, now + lasts, customer_id=customer.id)

        await self.database.run(work)
        return token

    async def staff_link(self, name: str = "Mei", roles: str = "staff", language: str = "en") -> str:
        token, now = new_token(), self.clock.now()

        def work(unit: Any) -> None:
            member = unit.staff.by_name(1, name) or unit.staff.add(1, name, roles, language, now)
            unit.links.add(1, digest(token), "staff", now, now + DAY, staff_member_id=member.id)

        await self.database.run(work)
        return token

    async def opened(self, token: str) -> aiohttp.ClientResponse:
        """Press Start."""
        address, headers = f"{self.base}/c/{token}", {"Origin": self.base, "Accept": "text/html"}
        async with self.http.post(address, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            return answer

    async def page(self, token: str) -> Page:
        """Press Start and load the chat."""
        answer = await self.opened(token)
        assert answer.status == 303, answer.status
        cookie = SimpleCookie(answer.headers["Set-Cookie"])
        [(name, morsel)] = cookie.items()
        return await self.loaded(chat_of(token), f"{name}={morsel.value}")

    async def loaded(self, chat: str, cookie: str) -> Page:
        async with self.http.get(f"{self.base}/chat/{chat}", headers={"Cookie": cookie}) as answer:
            found = re.search(r'name="csrf" content="(\w+)"', await answer.text())
        assert found, answer.status
        return Page(self, self.http, chat, cookie, found[1])

    def sending(self, chat: str, text: str, **more: Any) -> Sending:
        self.outbox_id += 1
        return Sending(self.outbox_id, chat, Message(text, **more))

    async def say(self, chat: str, text: str, **more: Any) -> str:
        """Have the bot say something."""
        return await self.channel.send(self.sending(chat, text, **more))

    async def edit(self, chat: str, ref: str, text: str, **more: Any) -> None:
        self.outbox_id += 1
        await self.channel.edit(Sending(self.outbox_id, chat, Message(text, **more), kind="edit", edits_ref=ref))

    async def inbox(self) -> list[dict[str, Any]]:
        """Return the updates that were stored, oldest first."""
        rows = await self.database.read(lambda unit: unit.all("SELECT update_json FROM inbox ORDER BY id"))
        return [json.loads(row[0]) for row in rows]

    async def updates(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many updates were stored, and return them."""
        async with asyncio.timeout(LIMIT):
            while True:
                self.intake.came.clear()
                if len(found := await self.inbox()) >= count:
                    return found
                await self.intake.came.wait()


NAMES = {"en": "Lotus House", "zh-Hans": "荷花居", "zh-Hant": "荷花居"}


@asynccontextmanager
async def living(folder: Path, clock: Clock | None = None, embedded_in: Sequence[str] = ()) -> AsyncIterator[World]:
    """A world with its server up."""
    database = await laid.opened(folder / "makegood.db")
    world = World(database, clock or DemoClock(NOON), folder / "media", embedded_in)
    try:
        async with (
            listening(world.app) as world.server,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as world.http,
        ):
            yield world
    finally:
        await database.close()


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[Server]:
    """Serve an app without the server's own loop, whose pauses would make each test wait."""
    serving = server(app, host="127.0.0.1", port=0)
    serving.config.load()
    serving.lifespan = serving.config.lifespan_class(serving.config)
    await serving.startup()
    try:
        yield serving
    finally:
        await _hang_up(serving)


async def _hang_up(serving: Server) -> None:
    for each in serving.servers:
        each.close()
    while serving.server_state.tasks:
        await asyncio.wait(serving.server_state.tasks)
    for connection in list(serving.server_state.connections):
        connection.shutdown()
