"""A fake Telegram, our caller and channel on it, and an inbox that remembers what was committed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from bot.channels.messages import Button, Message, Sending
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.http import BotApi
from bot.channels.updates import AnyUpdate, Unavailable
from tests.fake_telegram import FakeTelegram

ONE_TO_FIVE = (tuple(Button(str(figure), f"1:seed.1:{figure}") for figure in range(1, 6)),)


class Inbox:
    """Stands where the database is: idents are unique, facts replace each other, and it can be full for a while."""

    def __init__(self) -> None:
        self.updates: dict[str, AnyUpdate] = {}
        self.facts: dict[str, str] = {}
        self.batches: list[Sequence[AnyUpdate]] = []
        self.refusals = 0
        self.repeats = 0

    async def receive(self, updates: Sequence[AnyUpdate], *, facts: Mapping[str, str] | None = None) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("the disk is full", retry_after=0)
        self.batches.append(updates)
        for update in updates:
            self.repeats += update.ident in self.updates
            self.updates.setdefault(update.ident, update)
        self.facts.update(facts or {})

    @property
    def texts(self) -> list[str]:
        return [getattr(update, "text", "") for update in self.updates.values()]


@pytest.fixture
async def fake() -> AsyncIterator[FakeTelegram]:
    """A Telegram on loopback; waiting times of its own are short."""
    async with FakeTelegram(conflict_hold=0.0) as telegram:
        yield telegram


@pytest.fixture
async def api(fake: FakeTelegram) -> AsyncIterator[BotApi]:
    """Our caller, with the fake's token."""
    api = BotApi(fake.token, fake.base)
    yield api
    await api.close()


@pytest.fixture
def channel(api: BotApi) -> Telegram:
    """The channel on that caller."""
    return Telegram(api)


@pytest.fixture
def inbox() -> Inbox:
    """Where updates go."""
    return Inbox()


def to(chat: int | str, text: str = "How was your stay?", **more: Any) -> Sending:
    """A message on its way; with `rows` for buttons and so on."""
    return Sending(outbox_id=1, chat=str(chat), message=Message(text, **more))
