"""Who waits behind whom: each chat's messages in order, its edits beside them, the rest in the database.

A lane is one address. Of its messages only the first may go, and the next only when that one's fate is
recorded; while one is tried it is the lane's flight. Edits stand outside that order: one slot for each message
they change, holding the newest edit alone. Nothing here knows the network, the database or a clock.
"""

import heapq
from bisect import insort
from collections import deque
from collections.abc import Iterable

from bot.pacer import PRIORITIES, Ticket
from storage.outbox import OutboxRow

LIVE = 2
"""Up to this priority somebody waits for the message, so that it fetches what stands before it."""


class Flight:
    """One try to send a row. `seen` turns true when an answer or a press carried its prompt.

    `incomplete` says that it goes without a file of its message, `thread` into which topic of its chat.
    """

    __slots__ = (
        "began_at",
        "copies",
        "fence",
        "incomplete",
        "lane",
        "row",
        "seen",
        "slot",
        "started_at",
        "thread",
        "tries",
    )

    def __init__(self, row: OutboxRow, lane: "Lane", slot: "EditSlot | None" = None) -> None:
        self.row = row
        self.lane = lane
        self.slot = slot
        self.fence = row.fence
        self.tries = row.attempts + 1
        self.copies = row.copies + 1
        self.seen = False
        self.incomplete = False
        self.thread = ""
        self.started_at = 0  # ms, for the record
        self.began_at = 0.0  # monotonic, for the lease


class EditSlot:
    """The newest edit of one message. `open_at` is the monotonic moment before which it stays quiet."""

    __slots__ = ("flight", "lane", "open_at", "ref", "row", "target", "ticket")

    def __init__(self, target: int, lane: "Lane", open_at: float) -> None:
        self.target = target
        self.lane = lane
        self.open_at = open_at
        self.row: OutboxRow | None = None
        self.ref: str | None = None
        self.ticket: Ticket[Lane | EditSlot] | None = None
        self.flight: Flight | None = None

    def take_in(self, row: OutboxRow) -> OutboxRow | None:
        """Keep the newer of two edits; return the one that it replaces."""
        if self.row is None:
            self.row = row
            return None
        older, self.row = sorted((self.row, row), key=_id_of)
        return older


class Lane:
    """The messages of one address in the order of their ids. Until `open_at` (monotonic) none of them goes."""

    __slots__ = ("address_id", "channel", "edits", "flight", "open_at", "rows", "ticket", "wakes_at")

    def __init__(self, address_id: int, channel: str) -> None:
        self.address_id = address_id
        self.channel = channel
        self.rows: list[OutboxRow] = []
        self.flight: Flight | None = None
        self.ticket: Ticket[Lane | EditSlot] | None = None
        self.edits: dict[int, EditSlot] = {}
        self.open_at = 0.0
        self.wakes_at: float | None = None

    def line_up(self, row: OutboxRow) -> None:
        """Put a message in its place."""
        if not self.rows or row.id > self.rows[-1].id:
            self.rows.append(row)
        else:
            insort(self.rows, row, key=_id_of)

    def urgency(self) -> int:
        """Return the most urgent priority in the lane: what stands before an answer goes as fast as the answer."""
        first = self.rows[0].priority
        return first if first == 1 or len(self.rows) == 1 else min(row.priority for row in self.rows)

    def calm(self, now: float) -> bool:
        """Tell whether no message is on its way or about to be."""
        return self.flight is None and self.ticket is None and (not self.rows or self.open_at > now)

    def still_owes(self, outbox_id: int) -> bool:
        """Tell whether that message is not sent yet."""
        return (self.flight is not None and self.flight.row.id == outbox_id) or any(
            row.id == outbox_id for row in self.rows
        )

    def empty(self) -> bool:
        """Tell whether the lane can be forgotten."""
        return not self.rows and self.flight is None and not self.edits


class Backlog:
    """Rows of which only the ids are kept in memory: beyond the window of their priority, or for a later moment.

    What an address has here stands before anything offered for it later, so it comes back whole.
    """

    def __init__(self) -> None:
        self._of_address: dict[int, tuple[int, ...]] = {}
        self._addresses: dict[int, deque[int]] = {priority: deque() for priority in PRIORITIES}
        self._urgent: deque[int] = deque()
        self._later: list[tuple[int, int]] = []

    def owes(self, address_id: int) -> bool:
        """Tell whether the address has rows here."""
        return address_id in self._of_address

    def put_off(self, row: OutboxRow) -> None:
        """Keep a row's id until its priority has room; somebody waiting for it calls its address at once."""
        waiting = self._of_address.get(row.address_id, ())
        self._of_address[row.address_id] = (*waiting, row.id)
        if not waiting:
            self._addresses[row.priority].append(row.address_id)
        elif row.priority <= LIVE:
            self._urgent.append(row.address_id)

    def keep_for(self, not_before: int, outbox_id: int) -> None:
        """Keep a row's id until the moment `not_before`, in ms."""
        heapq.heappush(self._later, (not_before, outbox_id))

    def next_at(self) -> int | None:
        """Return the moment in ms at which the next kept row is due."""
        return self._later[0][0] if self._later else None

    def due(self, now_ms: int, most: int) -> list[int]:
        """Give up to `most` ids of rows whose moment has come."""
        ids: list[int] = []
        while self._later and self._later[0][0] <= now_ms and len(ids) < most:
            ids.append(heapq.heappop(self._later)[1])
        return ids

    def urgent(self) -> list[int]:
        """Give the ids of all addresses for which somebody waits."""
        return self._claim(self._urgent, len(self._urgent))

    def claim(self, priority: int, most: int) -> list[int]:
        """Give the ids of rows, whole addresses at a time, about `most` of them."""
        return self._claim(self._addresses[priority], most)

    def forget(self, address_id: int) -> None:
        """Drop what an address has here."""
        self._of_address.pop(address_id, None)

    def _claim(self, addresses: deque[int], most: int) -> list[int]:
        ids: list[int] = []
        while addresses and len(ids) < most:
            ids.extend(self._of_address.pop(addresses.popleft(), ()))
        return ids

    def give_back(self, ids: Iterable[int]) -> None:
        """Take ids again that could not be fetched: they are due at once."""
        for outbox_id in ids:
            self.keep_for(0, outbox_id)


def _id_of(row: OutboxRow) -> int:
    return row.id
