"""Pages that bring themselves up to date: one stream each, which says what kinds of things changed, never which or how.

    a committed turn ── the kinds it touched ──> every open page ── asks for itself anew ──> what it may see

A page that is not told loses nothing: it asks again by itself when its stream begins anew.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import Any, Final

from fastapi import Request
from sse_starlette.sse import EventSourceResponse
from starlette.responses import Response

from bot.channels.webchat.streams import Streams
from bot.clock import Clock
from bot.console.desk import visit_of
from bot.console.sessions import StaffSessions
from bot.turn import Turned

HEARTBEAT: Final = 15.0
"""Seconds without news after which a page is told that we are there, and its session is looked at."""

GATHER: Final = 0.7
"""Seconds in which changes are gathered, so that a busy minute is a few refreshes and not hundreds."""

Event = dict[str, Any]


class Hub:
    """All open pages, and how often each kind of thing has changed since we began."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.editions: dict[str, int] = {}
        self._open: dict[str, int] = {}

    def heard(self, done: Turned) -> None:
        """Take in what a committed turn touched."""
        self.touch(done.touched)

    def touch(self, kinds: Iterable[str]) -> None:
        """Let every open page know that things of these kinds changed."""
        changed = tuple(kinds)
        for kind in changed:
            self.editions[kind] = self.editions.get(kind, 0) + 1
        if changed:
            for who in self._open:
                self.streams.wake(who)

    def join(self, who: str) -> None:
        """Count a page of somebody's."""
        self._open[who] = self._open.get(who, 0) + 1

    def leave(self, who: str) -> None:
        """Count it no more."""
        self._open[who] -= 1
        if not self._open[who]:
            del self._open[who]


class LivePage:
    """The route of the streams. One person has at most `TABS` of them, as in the web chat; the oldest ends first."""

    def __init__(
        self, hub: Hub, sessions: StaffSessions, clock: Clock, heartbeat: float = HEARTBEAT, gather: float = GATHER
    ) -> None:
        self._hub = hub
        self._sessions = sessions
        self._clock = clock
        self._heartbeat = heartbeat
        self._gather = gather

    async def events(self, request: Request) -> Response:
        """Follow what changes until the session ends, or we stop."""
        visit = visit_of(request)

        async def still() -> bool:
            return await self._sessions.visit(visit.token, prolongs=False) is not None

        events = self._follow(f"console:{visit.member.id}", still)
        return EventSourceResponse(events, ping=0, send_timeout=30, headers={"Cache-Control": "no-store"})

    async def _follow(self, who: str, still: Callable[[], Awaitable[bool]]) -> AsyncGenerator[Event, None]:
        hub = self._hub
        hub.join(who)
        try:
            with hub.streams.joined(who) as stream:
                seen = dict(hub.editions)
                yield {"event": "begun", "data": ""}
                while not stream.ended:
                    woken = await stream.wait(self._heartbeat)
                    if not await still():
                        yield {"event": "ended", "data": ""}
                        return
                    if woken and not stream.ended:
                        await asyncio.sleep(self._gather)
                    now = dict(hub.editions)
                    kinds = sorted(kind for kind, edition in now.items() if seen.get(kind) != edition)
                    seen = now
                    yield {"event": "changed", "data": ",".join(kinds)} if kinds else {"event": "beat", "data": ""}
        finally:
            hub.leave(who)
