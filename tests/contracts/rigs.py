"""The channels under contract, each with a customer at the other end.

A rig plays one customer's screen and fingers on one channel. To put another channel under contract, write a rig
for it and add it to `RIGS`; no test changes.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

import msgspec

from bot.channels.messages import Channel, Message
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.http import BotApi
from bot.channels.telegram.limits import parts
from bot.channels.telegram.poller import Poller
from bot.channels.updates import AnyUpdate, Pressed, Written
from bot.channels.webchat.log import chat_of
from bot.clock import Clock
from tests.bot.channels.webchat.world import Page, World, living
from tests.fake_telegram import FakeTelegram, Person, Tap
from tests.waiting import LIMIT

SHOWN_AS = ("photo", "voice", "audio", "video", "document")


class Shown(msgspec.Struct, frozen=True):
    """A message of ours as the customer sees it now: its text, its labels row by row, its links, kinds of files."""

    text: str
    rows: list[list[str]] = []
    links: list[str] = []
    files: list[str] = []


class Rig(Protocol):
    """One customer on one channel."""

    channel: Channel
    chat: str

    def parts(self, message: Message) -> list[Message]:
        """What the turn writes into the outbox for this message."""
        ...

    async def screen(self) -> list[Shown]:
        """What of ours is on the customer's screen now, oldest first."""
        ...

    async def writes(self, text: str) -> AnyUpdate:
        """The customer writes; returns what came in."""
        ...

    async def taps(self, label: str) -> AnyUpdate:
        """The customer taps a button on the screen; returns what came in."""
        ...

    async def notices(self) -> list[str]:
        """What the customer was shown in passing."""
        ...

    async def unreachable(self) -> str:
        """A chat that takes nothing from us."""
        ...


class Received:
    """An inbox that hands out what comes in."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[AnyUpdate] = asyncio.Queue()

    async def receive(self, updates: Sequence[AnyUpdate], *, facts: Mapping[str, str] | None = None) -> None:
        for update in updates:
            self._queue.put_nowait(update)

    async def next(self) -> AnyUpdate:
        return await asyncio.wait_for(self._queue.get(), LIMIT)


class TelegramRig:
    """A customer on the fake Telegram, polled over real HTTP."""

    def __init__(self, fake: FakeTelegram, channel: Telegram, ana: Person, received: Received) -> None:
        self.channel: Channel = channel
        self.chat = str(ana.id)
        self._fake = fake
        self._ana = ana
        self._received = received
        self._taps: list[Tap] = []

    def parts(self, message: Message) -> list[Message]:
        return parts(message)

    async def screen(self) -> list[Shown]:
        return [
            Shown(
                message.text,
                [[button.label for button in row] for row in message.rows],
                message.links,
                [kind for kind in SHOWN_AS if kind in message.raw],
            )
            for message in self._ana.screen()
            if message.from_bot
        ]

    async def writes(self, text: str) -> AnyUpdate:
        await self._ana.says(text)
        return await self._received.next()

    async def taps(self, label: str) -> AnyUpdate:
        self._taps.append(await self._ana.taps(label))
        return await self._received.next()

    async def notices(self) -> list[str]:
        return [tap.notice.text for tap in self._taps if tap.notice is not None]

    async def unreachable(self) -> str:
        eve = self._fake.person("Eve", started=True)
        await eve.blocks()
        await self._received.next()
        return str(eve.id)


@contextlib.asynccontextmanager
async def telegram() -> AsyncIterator[Rig]:
    """Telegram, with a poller that runs."""
    async with FakeTelegram() as fake:
        api = BotApi(fake.token, fake.base)
        received = Received()
        poller = Poller(api, received, Clock())
        polling = asyncio.create_task(poller.run())
        try:
            yield TelegramRig(fake, Telegram(api), fake.person("Ana", started=True), received)
        finally:
            poller.stop()
            await polling
            await api.close()


class WebChatRig:
    """A customer with our own page open, over real HTTP and a real database."""

    def __init__(self, world: World, page: Page) -> None:
        self.channel: Channel = world.channel
        self.chat = page.chat
        self._world = world
        self._page = page
        self._notices: asyncio.Queue[str | None] = asyncio.Queue()

    def parts(self, message: Message) -> list[Message]:
        return parts(message)

    async def screen(self) -> list[Shown]:
        return [shown(message) for message in (await self._messages()).values()]

    async def writes(self, text: str) -> AnyUpdate:
        assert (await self._page.say(text)).status == 204
        return await self._last()

    async def taps(self, label: str) -> AnyUpdate:
        [(ref, press)] = [
            (ref, button.press)
            for ref, message in (await self._messages()).items()
            for row in message.rows
            for button in row
            if button.label == label
        ]
        assert (await self._page.press(ref, press)).status == 204
        return await self._last()

    async def notices(self) -> list[str]:
        """Each notice comes after those before it; the last one is ours."""
        await self.channel.notice(self.chat, "", "that is all")
        found: list[str] = []
        while (text := await asyncio.wait_for(self._notices.get(), LIMIT)) != "that is all":
            found.extend([text] if text else [])
        return found

    async def unreachable(self) -> str:
        return chat_of("a link that nobody was given")

    async def watch(self, looking: asyncio.Event) -> None:
        """Keep a page open, as a customer does who taps."""
        async for event, told in self._page.events():
            looking.set()
            if event == "notice":
                self._notices.put_nowait(told["text"])

    async def _messages(self) -> dict[str, Message]:
        """Return what of ours is on the page, as its script would show it: each edit where its message stands."""
        bodies = [entry["body"] for entry in await self._page.entries()]
        return {
            body["ref"]: msgspec.convert(body["message"], Message)
            for body in bodies
            if body["is"] in ("said", "edited")
        }

    async def _last(self) -> AnyUpdate:
        update: AnyUpdate = msgspec.convert((await self._world.inbox())[-1], Written | Pressed)
        return update


def shown(message: Message) -> Shown:
    return Shown(
        message.text,
        [[button.label for button in row] for row in message.rows],
        [link.url for link in message.links],
        [attachment.kind for attachment in message.attachments],
    )


@contextlib.asynccontextmanager
async def webchat() -> AsyncIterator[Rig]:
    """The web chat, with a page open."""
    with tempfile.TemporaryDirectory() as folder:
        async with living(Path(folder)) as world:
            rig = WebChatRig(world, await world.page(await world.customer_link()))
            looking = asyncio.Event()
            watching = asyncio.create_task(rig.watch(looking))
            await asyncio.wait_for(looking.wait(), LIMIT)
            try:
                yield rig
            finally:
                watching.cancel()
                await asyncio.wait([watching])


RIGS: dict[str, Callable[[], AbstractAsyncContextManager[Rig]]] = {"telegram": telegram, "webchat": webchat}
