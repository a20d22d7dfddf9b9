"""The queue of updates, as Telegram's own server keeps it (reliability.md §0.1).

Message updates live a day from the message's date, callback queries 150 seconds. Polling reads them in order of
their ids, and an offset confirms everything below it. Tests may hold, reorder and repeat them, and make the ids
jump.
"""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from tests.fake_telegram.parameters import Json
from tests.fake_telegram.world import Clock

CALLBACK_LIFE = 150.0
MESSAGE_LIFE = 86_400.0
NEAR_THE_END = 10  # an offset further than this above the newest id is one that the queue does not know

NOT_BY_DEFAULT = frozenset(["chat_member", "message_reaction", "message_reaction_count"])


class Pending(msgspec.Struct):
    """An update that nobody has confirmed. `lane` is its queue when it is pushed to a webhook."""

    update_id: int
    body: Json
    lane: str
    expires_at: float
    copies: int = 1

    def json(self) -> Json:
        return {"update_id": self.update_id, **self.body}


class Updates:
    """What waits for the bot. `arrived` is called when there is something new to fetch or push."""

    def __init__(self, clock: Clock, arrived: Callable[[], None], first_id: int = 100_000_001) -> None:
        self._clock = clock
        self._arrived = arrived
        self._next_id = first_id
        self._queue: deque[Pending] = deque()
        self._behind_jump: deque[Pending] = deque()
        self._jump: int | None = None
        self._held: list[Pending] | None = None
        self._reorder = 0
        self._repeat = (0, 1)  # how many of the next updates come how many times
        self.allowed: Sequence[str] = ()  # empty: all but the three that must be asked for
        self.expired: list[Json] = []
        self.history: list[Json] = []

    def __len__(self) -> int:
        return len(self._queue)

    # Coming in.

    def put(self, kind: str, content: Json, lane: str, *, life: float = MESSAGE_LIFE) -> None:
        """Queue an update, unless the bot has not asked for this kind."""
        if (self.allowed and kind not in self.allowed) or (not self.allowed and kind in NOT_BY_DEFAULT):
            return
        many, copies = self._repeat
        if many:
            self._repeat = (many - 1, copies)
        self._take(Pending(0, {kind: content}, lane, self._clock.now() + life, copies if many else 1))

    def put_raw(self, update: Json, lane: str = "raw") -> None:
        """Queue an update as it is, with its own update_id (reliability.md A9: the same id, other content)."""
        body = {name: value for name, value in update.items() if name != "update_id"}
        self._queue.append(Pending(update["update_id"], body, lane, self._clock.now() + MESSAGE_LIFE))
        self._arrived()

    def _take(self, pending: Pending) -> None:
        if self._held is not None:
            self._held.append(pending)
            if self._reorder and len(self._held) >= self._reorder:
                self.release("reversed")
        elif self._jump is not None and self._queue:
            self._behind_jump.append(pending)
        else:
            self._append(pending)

    def _append(self, pending: Pending) -> None:
        if self._jump is not None:
            self._next_id, self._jump = self._jump, None
        pending.update_id = self._next_id
        self._next_id += 1
        self._queue.append(pending)
        self.history.append(pending.json())
        self._arrived()

    # What a test may do to them.

    def duplicate_next(self, updates: int = 1, *, copies: int = 2) -> None:
        self._repeat = (updates, copies)

    def hold(self) -> None:
        """Keep what comes from now on until `release`."""
        self._held = self._held or []

    def release(self, order: Literal["kept", "reversed"] | Sequence[int] = "kept") -> None:
        """Queue what was held: as it came, reversed, or by the given positions. Ids follow the new order."""
        held, self._held, self._reorder = self._held or [], None, 0
        if order == "reversed":
            held.reverse()
        elif not isinstance(order, str):
            held = [held[position] for position in order]
        for pending in held:
            self._take(pending)

    def reorder(self, updates: int = 2) -> None:
        """The next `updates` updates wait for each other and come last first."""
        self.hold()
        self._reorder = updates

    @property
    def next_update_id(self) -> int:
        return self._next_id if self._jump is None else self._jump

    @next_update_id.setter
    def next_update_id(self, update_id: int) -> None:
        """Jump, as Telegram does after an idle week; it takes effect once what waits is confirmed."""
        self._jump = update_id

    # Going out by polling.

    def batch(self, offset: int, limit: int) -> list[Json]:
        """What getUpdates gives for this offset, after it has confirmed what lies below."""
        self._expire()
        self._confirm(self._absolute(offset))
        found: list[Json] = []
        for pending in self._queue:
            found.extend([pending.json()] * pending.copies)
            if len(found) >= limit:
                break
        return found[:limit]

    def _absolute(self, offset: int) -> int:
        """A negative offset counts from the end, and what lies before it is forgotten."""
        return offset if offset >= 0 else self._next_id + offset

    def _confirm(self, offset: int) -> None:
        if offset > self._next_id + NEAR_THE_END:
            return  # unknown to the queue: everything is given from its head
        while self._queue and self._queue[0].update_id < offset:
            self._queue.popleft()
        if not self._queue:
            self._pass_jump()

    def _pass_jump(self) -> None:
        behind, self._behind_jump = self._behind_jump, deque()
        for pending in behind:
            self._append(pending)

    # Going out by webhook.

    def waiting(self) -> list[Pending]:
        self._expire()
        return list(self._queue)

    def holds(self, pending: Pending) -> bool:
        self._expire()
        return any(entry is pending for entry in self._queue)

    def forget(self, pending: Pending) -> None:
        """It was accepted."""
        self._queue = deque(entry for entry in self._queue if entry is not pending)
        if not self._queue:
            self._pass_jump()

    def drop_all(self) -> None:
        self._queue.clear()
        self._pass_jump()

    def _expire(self) -> None:
        now = self._clock.now()
        if any(pending.expires_at <= now for pending in self._queue):
            self.expired.extend(pending.json() for pending in self._queue if pending.expires_at <= now)
            self._queue = deque(pending for pending in self._queue if pending.expires_at > now)
