"""The channels under contract, each with a customer at the other end.

A rig plays one customer's screen and fingers on one channel. To put another channel under contract, write a rig
for it and add it to `RIGS`; no test changes.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from bot.channels.messages import Channel, Message
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.http import BotApi
from bot.channels.telegram.limits import parts
from bot.channels.telegram.poller import Poller
from bot.channels.updates import AnyUpdate
from bot.clock import Clock
from tests.fake_telegram import FakeTelegram, Person, Tap


class Shown(msgspec.Struct, frozen=True):
    """A message of ours as the customer sees it now: its text, its labels row by row, its links' addresses."""

    text: str
    rows: list[list[str]] = []
    links: list[str] = []


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
        return await asyncio.wait_for(self._queue.get(), 5)


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
            Shown(message.text, [[button.label for button in row] for row in message.rows], message.links)
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


RIGS: dict[str, Callable[[], AbstractAsyncContextManager[Rig]]] = {"telegram": telegram}
