"""The only place that reads a clock.

`now()` is business time: what people see, due rows, expiries. `real()` and `monotonic()` are the machine's:
leases, pacing, signatures, sessions. A demo or a simulation runs on a clock whose business time is faster and
can be shifted; no other code knows.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """The machine's own time, in whole milliseconds UTC."""

    rate: float = 1.0

    def __init__(self) -> None:
        self._shifted: list[Callable[[timedelta], None]] = []

    def now(self) -> int:
        """Return business time in ms."""
        return time.time_ns() // 1_000_000

    def real(self) -> int:
        """Return the machine's wall time in ms."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back, comparable only with itself."""
        return time.monotonic()

    def until(self, at: int) -> float:
        """Return the real seconds until `now()` reaches `at`; 0 when it has passed."""
        return max(0.0, (at - self.now()) / 1000 / self.rate)

    def when_shifted(self, wake: Callable[[timedelta], None]) -> None:
        """Have `wake` called with the span, each time business time is shifted on purpose."""
        self._shifted.append(wake)


class DemoClock(Clock):
    """Business time that begins where it is told, runs at a rate and can be shifted forwards."""

    def __init__(self, begins_at: int, rate: float = 1.0) -> None:
        super().__init__()
        self.rate = rate
        self._base = begins_at
        self._began = time.monotonic()

    def now(self) -> int:
        return self._base + int((time.monotonic() - self._began) * 1000 * self.rate)

    def shift(self, span: timedelta) -> None:
        """Let `span` pass at once; all who asked are told, so that due rows are looked at."""
        if span < timedelta(0):
            raise ValueError("time only goes forwards")
        self._base += span // timedelta(milliseconds=1)
        for wake in self._shifted:
            wake(span)


def iso(at: int | None) -> str | None:
    """Return a moment as RFC 3339 in UTC, to the millisecond."""
    return None if at is None else moment(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(at: int) -> datetime:
    """Return the moment `at`, in ms, as an aware datetime in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC)
