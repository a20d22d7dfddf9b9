"""The people of the month, and their telephones: what reaches them, and what they do about it, and when.

What somebody does follows from the message, from who they are and from the seed alone. It is written into a file at
once, because people remember what they meant to do when our process dies.
"""

from __future__ import annotations

import heapq
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, NoReturn

import msgspec

from bot.channels.messages import Message, Sending
from bot.channels.updates import AnyUpdate, Pressed, Written
from bot.clock import Clock
from tests.month.seeds import MINUTE, Month

CHANNEL: Final = "telephone"


class Intention(msgspec.Struct, frozen=True, order=True):
    """What somebody will do: at `at`, tap or write; `ident` makes it the same one however often it is tried.

    A staff member does some things only if the case is theirs then, or nobody's: `own` is its number. What puts
    something right (`mends`) they leave when the case is put right already: they see how it stands.
    """

    at: int
    ident: str
    chat: str
    what: Literal["tap", "write"]
    words: str
    ref: str
    reply: bool = False
    own: int = 0
    mends: bool = False

    def update(self) -> AnyUpdate:
        """Return it as the channel hands it in."""
        if self.what == "tap":
            return Pressed(
                channel=CHANNEL, ident=self.ident, chat=self.chat, user=self.chat, sent_at=self.at, press=self.words,
                ref=self.ref, query="",
            )  # fmt: skip
        return Written(
            channel=CHANNEL, ident=self.ident, chat=self.chat, user=self.chat, sent_at=self.at, text=self.words,
            ref=self.ident, reply_to=self.ref if self.reply else None,
        )  # fmt: skip


class Reached(msgspec.Struct, frozen=True):
    """A message that reached somebody, or what it was changed into: who, when, and the channel's id of it."""

    chat: str
    at: int
    ref: str
    message: Message
    edited: bool = False

    @property
    def presses(self) -> list[str]:
        """Return what the buttons below it send back."""
        return [button.press for row in self.message.rows for button in row]

    def ending_in(self, *endings: str) -> str | None:
        """Return the first button that ends in one of these; None when there is none."""
        return next((press for press in self.presses if press.endswith(endings)), None)

    def taps(self, press: str, minutes: int, *, own: int = 0, mends: bool = False) -> Intention:
        """Return the tap on one of its buttons, so many minutes later."""
        at = self.at + minutes * MINUTE
        return Intention(at, f"tap:{self.ref}:{press}", self.chat, "tap", press, self.ref, own=own, mends=mends)


Acts = Callable[[Reached], Iterator[Intention]]
"""What somebody does about a message."""


class People:
    """The channel, and everybody at the other end of it. `dies_at` is when this life of the process ends."""

    name = CHANNEL

    def __init__(self, month: Month, clock: Clock, memory: Path, customers: Acts, staff: Acts, dies_at: int | None):
        self._clock = clock
        self._acts = {"c": customers, "s": staff}
        self._dies_at = dies_at
        self._meant = _remembered(memory, clock.now())
        heapq.heapify(self._meant)
        self._memory = memory.open("ab")
        self.received = 0

    def due(self, now: int) -> list[Intention]:
        """Take what people do up to now, in order."""
        ready = []
        while self._meant and self._meant[0].at <= now:
            ready.append(heapq.heappop(self._meant))
        return ready

    def next_at(self) -> int | None:
        """Return when somebody does something next."""
        return self._meant[0].at if self._meant else None

    # -- the channel

    async def send(self, sending: Sending) -> str:
        """A message reaches a telephone."""
        ref = f"{sending.outbox_id}.{sending.copy}"
        self._reach(Reached(sending.chat, self._clock.now(), ref, sending.message))
        self.received += 1
        if self._dies_at is not None and self._clock.now() >= self._dies_at:
            _die()
        return ref

    async def edit(self, sending: Sending) -> None:
        """What is shown on a telephone changes."""
        ref = sending.edits_ref or ""
        self._reach(Reached(sending.chat, self._clock.now(), ref, sending.message, edited=True))

    def _reach(self, reached: Reached) -> None:
        for intention in self._acts[reached.chat[0]](reached):
            heapq.heappush(self._meant, intention)
            self._memory.write(msgspec.json.encode(intention) + b"\n")
        self._memory.flush()

    async def notice(self, chat: str, query: str, text: str | None) -> None:
        """Somebody reads a word in passing."""


def _die() -> NoReturn:
    """End as a power cut does: the message is on the telephone, and we have not noted it."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody outlives that")


def _remembered(memory: Path, now: int) -> list[Intention]:
    """Return what people meant to do when the last life ended; what they did since the last hour may come again."""
    if not memory.exists():
        return []
    lines = memory.read_bytes().splitlines()
    meant = (msgspec.json.decode(line, type=Intention) for line in lines)
    return [each for each in meant if each.at >= now - 60 * MINUTE]
