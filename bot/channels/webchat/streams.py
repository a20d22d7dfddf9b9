"""The open pages of each chat, and how they are woken.

A wake says only "look again": what there is to see is in the log, so a wake that comes twice, early or not at all
costs a look and never an entry. Notices are in passing: who is not looking now does not get them.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import msgspec

TABS: Final = 12  # open streams a chat may have; the oldest ends when one more comes, it is a lost connection

CHATS: Final = 20_000  # of so many we remember what their pages have shown


class Notice(msgspec.Struct, frozen=True):
    """The answer to a tap, shown in passing. `query` is the page's own id of the tap."""

    query: str
    text: str | None


class Stream:
    """One open page."""

    def __init__(self) -> None:
        self.ended = False
        self._woken = asyncio.Event()
        self._notices: deque[Notice] = deque(maxlen=16)

    async def wait(self, seconds: float) -> bool:
        """Wait until something may be new; False when `seconds` passed without."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True

    def notices(self) -> Iterator[Notice]:
        """Take the notices that came since the last time."""
        while self._notices:
            yield self._notices.popleft()

    def wake(self, notice: Notice | None = None) -> None:
        """Have the page look again, and pass it a notice."""
        if notice is not None:
            self._notices.append(notice)
        self._woken.set()

    def end(self) -> None:
        """Have the page let go; it comes back by itself if anybody is there."""
        self.ended = True
        self._woken.set()


class Streams:
    """All open pages."""

    def __init__(self) -> None:
        self._open: defaultdict[str, list[Stream]] = defaultdict(list)
        self._closed = False
        self._shown: dict[str, int] = {}

    @contextmanager
    def joined(self, chat: str) -> Iterator[Stream]:
        """Hold a stream of this chat open."""
        stream = Stream()
        mine = self._open[chat]
        mine.append(stream)
        if len(mine) > TABS:
            mine[0].end()
        if self._closed:
            stream.end()
        try:
            yield stream
        finally:
            self._leave(chat, stream)

    def wake(self, chat: str, notice: Notice | None = None) -> None:
        """Wake every page of a chat."""
        for stream in self._open.get(chat, ()):
            stream.wake(notice)

    def show(self, chat: str, entry_id: int) -> None:
        """Note that a page of this chat has shown its log up to that entry."""
        newest = max(entry_id, self._shown.pop(chat, 0))
        self._shown[chat] = newest
        if len(self._shown) > CHATS:
            del self._shown[next(iter(self._shown))]

    def shown(self, chat: str) -> int:
        """Return the newest entry of the chat's log that a page has shown; 0 when none did since we began."""
        return self._shown.get(chat, 0)

    def close(self) -> None:
        """End every stream, now and from now on: the bot stops."""
        self._closed = True
        for streams in self._open.values():
            for stream in streams:
                stream.end()

    def _leave(self, chat: str, stream: Stream) -> None:
        self._open[chat].remove(stream)
        if not self._open[chat]:
            del self._open[chat]
