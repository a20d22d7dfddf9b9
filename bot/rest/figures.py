"""Counting the figures anew, for the operator: begun by a POST, looked at by a GET until it is done."""

import asyncio
from typing import Any, Final

from bot import tallying
from bot.rest.counter import Counter, stored
from storage.unit import Unit

_AT_WORK: Final[set[asyncio.Task[None]]] = set()
"""Counting goes on after its answer; a task that nobody holds may vanish."""


async def count_anew(counter: Counter) -> dict[str, Any]:
    """Begin to count all figures anew from the rows, while turns go on."""
    await stored(tallying.prepare(counter.database, counter.house, anew=True))
    if not _AT_WORK:
        task = asyncio.create_task(tallying.count(counter.database, counter.house))
        _AT_WORK.add(task)
        task.add_done_callback(_AT_WORK.discard)
    return await counting(counter)


async def counting(counter: Counter) -> dict[str, Any]:
    """Return whether all is counted, and the share that is."""
    return await stored(counter.database.read(lambda unit: _standing(unit, counter.house.brand)))


def _standing(unit: Unit, brand: int) -> dict[str, Any]:
    standing = unit.rollups.standing(brand)
    if standing is None:
        return {"counted": False, "share": 0.0}
    if standing.whole:
        return {"counted": True, "share": 1.0}
    newest = unit.one("SELECT COALESCE(MAX(id), 0) FROM conversation WHERE brand_id = :brand", {"brand": brand})
    share = max(0, standing.conversations) / newest[0] if newest and newest[0] else 0.0
    return {"counted": False, "share": min(0.99, share)}
