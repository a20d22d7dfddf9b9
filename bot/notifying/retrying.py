"""What follows a try to notify somebody: taken, tried again later, or given up and shown.

Pure. The waits are those that Standard Webhooks proposes: quick at first, because most faults last seconds, then
slower and slower over three days, so that a weekend's outage loses nothing.
"""

from datetime import timedelta
from random import Random
from typing import Final

import msgspec

WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first try, the second, …; after the try that follows the last wait it is given up."""

SPREAD: Final = 0.2
"""Waits are stretched or shortened by up to this share, so that what failed together does not come back together."""

LONGEST_ASKED: Final = timedelta(hours=24)
"""A receiver may ask us to wait; longer than this we believe to be a mistake."""


class Taken(msgspec.Struct, frozen=True):
    """The receiver has it."""


class Failed(msgspec.Struct, frozen=True):
    """It was not taken, or nobody knows: try again. `retry_after` is seconds that the receiver asked for."""

    why: str
    retry_after: float | None = None


class Refused(msgspec.Struct, frozen=True):
    """It will never be taken: no such mailbox."""

    why: str


Verdict = Taken | Failed | Refused


def wait_after(attempts: int, failure: Failed, random: Random) -> timedelta | None:
    """Return how long to wait after the `attempts`-th try; None when it is given up."""
    if attempts > len(WAITS):
        return None
    wait = WAITS[max(0, attempts - 1)] * random.uniform(1 - SPREAD, 1 + SPREAD)
    if failure.retry_after is None:
        return wait
    return max(wait, min(LONGEST_ASKED, timedelta(seconds=max(0.0, failure.retry_after))))
