"""Waiting for what comes about in its own time: work on a thread, a call over the network, another process.

A test waits for the very state that it claims, never for one on the way there, and never for a span. The limit is
there only so that a test can fail at all: a right one never comes near it, on the slowest machine either.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bot.clock import Clock

T = TypeVar("T")

CLOCK: Final = Clock()

LIMIT: Final = 60.0
"""Real seconds."""

PAUSE: Final = 0.003
"""Real seconds between two looks: short enough to cost no test anything, and what is waited for can work meanwhile."""


async def until(found: Callable[[], Awaitable[T | None]]) -> T:
    """Return what `found` finds, once that is true; look again and again. Raises AssertionError after the limit."""
    ends = CLOCK.monotonic() + LIMIT
    while not (result := await found()):
        assert CLOCK.monotonic() < ends, f"it never came about; at last it was {result!r}"
        await asyncio.sleep(PAUSE)
    return result


async def until_so(claim: Callable[[], object]) -> None:
    """Return once a claim holds that needs no waiting to be looked at."""
    ends = CLOCK.monotonic() + LIMIT
    while not (result := claim()):
        assert CLOCK.monotonic() < ends, f"it never came about; at last it was {result!r}"
        await asyncio.sleep(PAUSE)


def blocked_until(claim: Callable[[], object]) -> None:
    """Return once a claim holds, where there is no loop."""
    ends = CLOCK.monotonic() + LIMIT
    while not (result := claim()):
        assert CLOCK.monotonic() < ends, f"it never came about; at last it was {result!r}"
        time.sleep(PAUSE)
