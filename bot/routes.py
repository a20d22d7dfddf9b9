"""One channel as delivery uses it: its pace, its circuit, and how many calls of it are in the air."""

import math

from bot.channels.messages import Channel
from bot.circuits import Circuit
from bot.lanes import EditSlot, Flight, Lane
from bot.pacer import Pacer


class Route:
    """A channel with what limits it. `left` are tries that the process before us did not see the end of."""

    __slots__ = ("channel", "circuit", "first_batch_taken", "in_air", "left", "pacer")

    def __init__(self, channel: Channel, pacer: Pacer[Lane | EditSlot]) -> None:
        self.channel = channel
        self.pacer = pacer
        self.circuit = Circuit()
        self.in_air = 0
        self.first_batch_taken = False
        self.left: list[Flight] = []

    def take(self, now: float) -> Lane | EditSlot | None:
        """Return what may go now, counted as in the air, or None."""
        if not self.circuit.allows(now, self.in_air):
            return None
        item = self.pacer.take(now)
        if item is not None:
            self.in_air += 1
        return item

    def opens_at(self) -> float:
        """Return the monotonic moment from which something may go; infinite when nothing can by itself."""
        opens_at = self.pacer.opens_at()
        if opens_at is None:
            return math.inf
        probes_at = self.circuit.probes_at()
        if probes_at is None:
            return opens_at
        return math.inf if self.in_air else max(opens_at, probes_at)
