"""When a whole channel takes nothing: stop, say why, and try one message a minute until it does again.

closed ── our credentials are refused ───────────────────> open ("stopped")
closed ── refused for good in six chats one after another ─> open ("refusing")
open ── a minute later, one message as a probe: taken ───> closed; else open for another minute
"""

from typing import Final, Literal

CircuitState = Literal["closed", "stopped", "refusing"]

DEAD_IN_A_ROW: Final = 6
PROBE_EVERY: Final = 60.0


class Circuit:
    """Whether a channel may be used; told what became of each try."""

    def __init__(self) -> None:
        self.state: CircuitState = "closed"
        self.why = ""
        self._opens_at = 0.0
        self._dead: set[str] = set()

    def allows(self, now: float, in_air: int) -> bool:
        """Tell whether one more may go at `now`: while it is open, a single probe at a time."""
        return self.state == "closed" or (now >= self._opens_at and in_air == 0)

    def probes_at(self) -> float | None:
        """Return when the next probe may go, None while everything may."""
        return None if self.state == "closed" else self._opens_at

    def took(self) -> None:
        """The channel took a message, so it works."""
        self._dead.clear()
        self.state, self.why = "closed", ""

    def stopped(self, why: str, now: float) -> None:
        """Our own credentials were refused."""
        self.state, self.why, self._opens_at = "stopped", why, now + PROBE_EVERY

    def refused(self, chat: str, why: str, now: float) -> None:
        """A message was refused for good: one is that message's affair, many in a row are the channel's or ours."""
        self._dead.add(chat)
        if len(self._dead) >= DEAD_IN_A_ROW and self.state != "stopped":
            self.state, self.why, self._opens_at = "refusing", why, now + PROBE_EVERY

    def unanswered(self, now: float) -> None:
        """A try proved nothing about the channel: an open circuit then waits for its next probe."""
        if self.state != "closed":
            self._opens_at = now + PROBE_EVERY
