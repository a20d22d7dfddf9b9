"""What storage refuses, said as channels know it."""

from collections.abc import Awaitable
from typing import TypeVar

from bot.channels.updates import Unavailable
from storage import errors

T = TypeVar("T")


async def or_unavailable(work: Awaitable[T]) -> T:
    """Return what the work returns. Raises the channels' `Unavailable` when the database takes nothing now."""
    try:
        return await work
    except errors.Unavailable as error:
        raise Unavailable(error.why)
