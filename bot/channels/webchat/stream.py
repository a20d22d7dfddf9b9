"""A chat's log as server-sent events: everything after what the page has seen, once and in order, then live."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import msgspec

from bot.channels.updates import Unavailable
from bot.channels.webchat.log import ChatLog, Entry, Visitor
from bot.channels.webchat.streams import Stream, Streams

BATCH: Final = 100
HEARTBEAT: Final = 15.0  # seconds; at each one the log is looked at, whoever wrote to it

Event = dict[str, Any]


async def follow(
    log: ChatLog,
    streams: Streams,
    visitor: Visitor,
    seen: int,
    still: Callable[[], Awaitable[Visitor | None]],
    heartbeat: float = HEARTBEAT,
) -> AsyncGenerator[Event, None]:
    """Yield the events of a chat after entry `seen` until the session ends, as `still` tells, or the bot stops.

    The stream is joined before the log is read, so an entry that comes in between wakes it. When the database
    gives nothing the stream ends: the page comes again by itself and says what it has seen.
    """
    with streams.joined(visitor.chat) as stream, suppress(Unavailable):
        caught_up = False
        while not stream.ended:
            entries = await log.after(visitor.chat, seen, BATCH)
            for entry in entries:
                yield _entry(entry)
                seen = entry.id
            streams.show(visitor.chat, seen)
            if len(entries) == BATCH:
                continue
            if not caught_up:
                caught_up = True
                yield {"event": "caught-up", "data": ""}
            woken = await stream.wait(heartbeat)
            for event in _passing(stream, woken=woken):
                yield event
            for event in _changed(stream, visitor, await still()):
                yield event


def _passing(stream: Stream, *, woken: bool) -> Iterator[Event]:
    if not woken:
        yield {"event": "beat", "data": ""}
    for notice in stream.notices():
        yield {"event": "notice", "data": msgspec.json.encode(notice).decode()}


def _changed(stream: Stream, before: Visitor, now: Visitor | None) -> Iterator[Event]:
    """A session that ended, or another language of the chat: either way the page has to begin anew."""
    if now is None:
        yield {"event": "ended", "data": ""}
        stream.end()
    elif now.language != before.language:
        yield {"event": "language", "data": msgspec.json.encode(now.language).decode()}
        stream.end()


def _entry(entry: Entry) -> Event:
    return {"id": str(entry.id), "event": "entry", "data": msgspec.json.encode(entry).decode()}
