"""How fast we may send: limits overall, per chat and per group, and the more urgent first.

One `Pacer` a channel. Whatever is ready to go is offered to it and taken from it, one at a time, when every
limit that counts for it allows. Only the next message of a chat is offered, so order within a chat is the
caller's; between chats the smaller priority overtakes. Pure: each call is told what the monotonic clock shows.

    offer ──> ready, by priority ──> take, when overall, chat and group allow
                 ^         │
                 └─ waits <┘  its chat or group is not open yet
"""

import heapq
import math
from collections import deque
from collections.abc import Mapping
from typing import Final, Generic, Literal, TypeVar

import msgspec

Kind = Literal["message", "edit"]
Limit = Literal["overall", "chat", "group"]
Item = TypeVar("Item")

PRIORITIES: Final = range(1, 6)
"""1 reply · 2 staff alert · 3 breach notice, follow-up, asking again · 4 invitation, reminder · 5 digest."""

COUNTS: Final[Mapping[Kind, frozenset[Limit]]] = {
    "message": frozenset({"overall", "chat", "group"}),
    # An edit must never make the next question wait a second, and Telegram counts it less strictly there.
    "edit": frozenset({"overall", "group"}),
}
"""Which limits a call counts towards. Answering a tap counts towards none: it is one try, outside the queue."""

OVERALL_BURST: Final = 0.12  # seconds' worth: with 25 a second at most 28 in any second, under Telegram's 30
GROUP_WINDOW: Final = 60.0
MANY_REFUSALS: Final = 3
REFUSALS_WITHIN: Final = 10.0
FORGET_EVERY: Final = 60.0


class Pace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The limits of one channel. The defaults keep a margin below Telegram's 30 a second and 20 a minute."""

    overall_per_s: float = 25.0
    chat_per_s: float = 1.0
    chat_burst: int = 3
    group_per_min: int = 18

    def __post_init__(self) -> None:
        if min(self.overall_per_s, self.chat_per_s, self.chat_burst, self.group_per_min) <= 0:
            raise ValueError("every limit of a pace must be above 0")


UNLIMITED: Final = Pace(overall_per_s=math.inf, chat_per_s=math.inf, chat_burst=1, group_per_min=1_000_000)


def in_group(chat: str) -> bool:
    """Tell whether a chat has several people in it: Telegram's ids of groups are negative, no other id is."""
    return chat.startswith("-")


class Ticket(Generic[Item]):
    """One item's place in the queue; `withdrawn` once it shall not be taken any more."""

    __slots__ = ("chat", "item", "kind", "priority", "weight", "withdrawn")

    def __init__(self, item: Item, chat: str, kind: Kind, priority: int, weight: int = 1) -> None:
        self.item = item
        self.chat = chat
        self.kind: Kind = kind
        self.priority = priority
        self.weight = weight
        self.withdrawn = False


class Bucket:
    """A token bucket in one number, the moment at which it will be full again (the cell rate algorithm)."""

    __slots__ = ("full_at",)

    def __init__(self, full_at: float = -math.inf) -> None:
        self.full_at = full_at

    def opens_at(self, every: float, burst: float) -> float:
        """Return from when on one more may go, with `burst` tokens at most and a new one `every` seconds."""
        return self.full_at - (burst - 1) * every

    def take(self, now: float, every: float) -> None:
        self.full_at = max(now, self.full_at) + every


class Pacer(Generic[Item]):
    """Lets items go in order of urgency, as fast as `pace` allows and no faster.

    It starts with its overall bucket empty: what a process before us sent in its last second counts as well.
    """

    def __init__(self, pace: Pace, now: float) -> None:
        self._pace = pace
        self._overall_every = 1 / pace.overall_per_s
        self._overall_burst = max(1.0, pace.overall_per_s * OVERALL_BURST) if pace.overall_per_s < math.inf else 1.0
        self._chat_every = 1 / pace.chat_per_s
        self._overall = Bucket(now + (self._overall_burst - 1) * self._overall_every)
        self._chats: dict[str, Bucket] = {}
        self._groups: dict[str, deque[float]] = {}
        self._held: dict[str, float] = {}
        self._held_overall = -math.inf
        self._refusals: deque[tuple[float, float]] = deque(maxlen=MANY_REFUSALS)
        self._ready: dict[int, deque[Ticket[Item]]] = {priority: deque() for priority in PRIORITIES}
        self._waiting: list[tuple[float, int, Ticket[Item]]] = []
        self._waits = 0
        self._forgets_at = now + FORGET_EVERY

    @property
    def pace(self) -> Pace:
        """The limits it keeps."""
        return self._pace

    def offer(self, item: Item, chat: str, kind: Kind, priority: int, weight: int = 1) -> Ticket[Item]:
        """Queue an item that could go now; `withdraw` its ticket to take it back.

        `weight` is how many messages it is: an album goes whole, and what follows waits for all of it.
        """
        ticket = Ticket(item, chat, kind, min(max(priority, 1), 5), weight)
        self._ready[ticket.priority].append(ticket)
        return ticket

    def withdraw(self, ticket: Ticket[Item]) -> None:
        """Take an item back; nothing is counted for it."""
        ticket.withdrawn = True

    def take(self, now: float) -> Item | None:
        """Return the most urgent item that may go now and count it, or None."""
        if self._overall_opens_at() > now:
            return None
        self._wake(now)
        for priority in PRIORITIES:
            ready = self._ready[priority]
            while ready:
                ticket = ready.popleft()
                if ticket.withdrawn:
                    continue
                opens_at = self._chat_opens_at(ticket.chat, ticket.kind)
                if opens_at <= now:
                    self._count(ticket, now)
                    return ticket.item
                self._wait(ticket, opens_at)
        return None

    def opens_at(self) -> float | None:
        """Return the moment from which `take` may give something, perhaps past; None when nothing is queued."""
        while self._waiting and self._waiting[0][2].withdrawn:
            heapq.heappop(self._waiting)
        if any(self._ready.values()):
            return self._overall_opens_at()
        return max(self._waiting[0][0], self._overall_opens_at()) if self._waiting else None

    def remember(self, chat: str, at: float) -> None:
        """Count a message that a process before us sent at `at`, oldest first: a restart does not open the limits."""
        self._count_chat(chat, "message", at)

    def _count_chat(self, chat: str, kind: Kind, at: float) -> None:
        limits = COUNTS[kind]
        if "chat" in limits and self._chat_every > 0:
            self._chats.setdefault(chat, Bucket()).take(at, self._chat_every)
        if "group" in limits and in_group(chat):
            self._groups.setdefault(chat, deque(maxlen=self._pace.group_per_min)).append(at)

    def refused(self, chat: str, wait: float, now: float) -> None:
        """Note that the channel told us to wait `wait` seconds with this chat.

        Told so three times within ten seconds, whatever the chats, it is about all of them: then everything
        waits as long as the shortest of the three.
        """
        self._held[chat] = max(self._held.get(chat, -math.inf), now + wait)
        self._refusals.append((now, now + wait))
        if len(self._refusals) == MANY_REFUSALS and now - self._refusals[0][0] <= REFUSALS_WITHIN:
            self._held_overall = max(self._held_overall, min(until for _, until in self._refusals))

    def held_until(self, now: float) -> float:
        """Return the latest moment until which the channel told us to wait, with any chat; `now` when none."""
        return max((self._held_overall, now, *self._held.values()))

    def _count(self, ticket: Ticket[Item], now: float) -> None:
        ticket.withdrawn = True
        for _ in range(ticket.weight):
            self._overall.take(now, self._overall_every)
            self._count_chat(ticket.chat, ticket.kind, now)
        if now >= self._forgets_at:
            self._forget(now)

    def _overall_opens_at(self) -> float:
        return max(self._held_overall, self._overall.opens_at(self._overall_every, self._overall_burst))

    def _chat_opens_at(self, chat: str, kind: Kind) -> float:
        limits = COUNTS[kind]
        opens_at = self._held.get(chat, -math.inf)
        if "chat" in limits and (bucket := self._chats.get(chat)):
            opens_at = max(opens_at, bucket.opens_at(self._chat_every, self._pace.chat_burst))
        if "group" in limits and (sent := self._groups.get(chat)) and len(sent) == sent.maxlen:
            opens_at = max(opens_at, sent[0] + GROUP_WINDOW)
        return opens_at

    def _wait(self, ticket: Ticket[Item], opens_at: float) -> None:
        self._waits += 1
        heapq.heappush(self._waiting, (opens_at, self._waits, ticket))

    def _wake(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            ticket = heapq.heappop(self._waiting)[2]
            self._ready[ticket.priority].append(ticket)

    def _forget(self, now: float) -> None:
        """Drop what limits nothing any more, so that chats of long ago take no memory."""
        self._forgets_at = now + FORGET_EVERY
        self._chats = {chat: bucket for chat, bucket in self._chats.items() if bucket.full_at > now}
        self._groups = {chat: sent for chat, sent in self._groups.items() if sent[-1] + GROUP_WINDOW > now}
        self._held = {chat: until for chat, until in self._held.items() if until > now}
