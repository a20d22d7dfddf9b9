"""Time that stands still until the month goes on."""

from datetime import timedelta
from typing import Final

from bot.clock import Clock

NEVER: Final = 86_400.0
"""Seconds that nobody here waits for."""


class MonthClock(Clock):
    """Business time moves only by `shift`; the machine's own stays the machine's."""

    rate = 1e-9

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def now(self) -> int:
        return self._at

    def until(self, at: int) -> float:
        return 0.0 if at <= self._at else NEVER

    def shift(self, span: timedelta) -> None:
        """Let time pass, and wake whoever waits for it."""
        self._at += span // timedelta(milliseconds=1)
        for wake in self._shifted:
            wake(span)
