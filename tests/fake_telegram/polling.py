"""The long poll: one at a time, as Telegram's server does it (reliability.md §0.1, Client.cpp:16232-16356).

A second getUpdates that finds nothing and waits ends the first with 409. If that happens again within three
seconds, the 409 is held back for three, so that two bots do not chase each other in a hot loop.
"""

import asyncio
from collections.abc import Callable

from tests.fake_telegram import refusals
from tests.fake_telegram.parameters import Json
from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.updates import Updates
from tests.fake_telegram.wire import Line

LONGEST_WAIT = 50
LARGEST_BATCH = 100

Answer = Callable[[Line, list[Json]], None]
Refuse = Callable[[Line, Refused], None]


class Poll:
    """A getUpdates that waits for something to come."""

    def __init__(self, line: Line, offset: int, limit: int) -> None:
        self.line = line
        self.offset = offset
        self.limit = limit
        self.timer: asyncio.TimerHandle | None = None


class Poller:
    """Answers getUpdates, at once or when something comes."""

    def __init__(self, updates: Updates, answer: Answer, refuse: Refuse, conflict_hold: float) -> None:
        self._updates = updates
        self._answer = answer
        self._refuse = refuse
        self._hold = conflict_hold
        self._waiting: Poll | None = None
        self._awake = False
        self._next_conflict_at = 0.0

    @property
    def waits(self) -> bool:
        """A bot is listening now."""
        return self._waiting is not None

    def poll(self, params: Json, line: Line) -> None:
        offset, limit = _whole(params, "offset", 0), _whole(params, "limit", LARGEST_BATCH)
        timeout = min(max(_whole(params, "timeout", 0), 0), LONGEST_WAIT)
        if "allowed_updates" in params:
            self._updates.allowed = tuple(params["allowed_updates"] or ())
        limit = min(max(limit, 1), LARGEST_BATCH)
        batch = self._updates.batch(offset, limit)
        if batch or timeout == 0:
            self._answer(line, batch)
            return
        self.end(refusals.OTHER_POLLER)
        self._wait(Poll(line, max(offset, 0), limit), timeout)

    def wake(self) -> None:
        """Something came: what comes in the same moment goes in the same batch."""
        if self._waiting is not None and not self._awake:
            self._awake = True
            asyncio.get_running_loop().call_soon(self._finish)

    def end(self, why: str) -> None:
        """End the poll that waits, if any, with a 409."""
        poll = self._take()
        if poll is None:
            return
        loop = asyncio.get_running_loop()
        if loop.time() >= self._next_conflict_at:
            self._next_conflict_at = loop.time() + self._hold
            self._refuse(poll.line, Refused(409, why))
        else:
            loop.call_later(self._hold, self._refuse, poll.line, Refused(409, why))

    def forget(self) -> None:
        """Drop the poll that waits without an answer."""
        self._take()

    def _wait(self, poll: Poll, timeout: float) -> None:
        self._waiting = poll
        poll.timer = asyncio.get_running_loop().call_later(timeout, self._finish, poll)
        poll.line.on_lost = lambda: self._lost(poll)

    def _lost(self, poll: Poll) -> None:
        if self._waiting is poll:
            self._take()

    def _finish(self, poll: Poll | None = None) -> None:
        self._awake = False
        if self._waiting is None or (poll is not None and self._waiting is not poll):
            return
        found = self._updates.batch(self._waiting.offset, self._waiting.limit)
        if not found and poll is None:
            return  # what came has been taken back or has expired
        taken = self._take()
        assert taken is not None
        self._answer(taken.line, found)

    def _take(self) -> Poll | None:
        poll, self._waiting = self._waiting, None
        if poll is not None:
            poll.line.on_lost = None
            if poll.timer is not None:
                poll.timer.cancel()
        return poll


def _whole(params: Json, name: str, default: int) -> int:
    value = params.get(name)
    try:
        return default if value is None or value == "" else int(value)
    except (TypeError, ValueError):
        raise Refused(400, f"Bad Request: invalid {name} specified") from None
