"""GET /v1/health: that it lives, for anybody; what is overdue, stuck or dead, for who runs it. Only numbers."""

from typing import Any

from bot.audience import name_of
from bot.rest.counter import Counter
from storage.errors import Unavailable
from storage.unit import Unit

MOST = 100
"""More than that is told as that: a number to worry about, not to count."""


async def health_of(counter: Counter, *, fully: bool) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and what is told."""
    try:
        found = await counter.database.read(lambda unit: _looked(unit, counter.clock.now()))
    except Unavailable as error:
        return 503, {"status": "no storage", **({"why": error.why} if fully else {})}
    if not counter.database.healthy:
        return 503, {"status": "no storage"}
    return 200, {"status": "ok", **({**found, **counter.more_health()} if fully else {})}


def _looked(unit: Unit, now: int) -> dict[str, Any]:
    standing = unit.outbox.standing()
    ways = unit.notifications.standing()
    return {
        "due": {
            "overdue": unit.due.overdue(now),
            "parked": len(unit.due.listing("parked", MOST)),
            "late": len(unit.due.listing("late", MOST)),
        },
        "inbox": {"waiting": unit.inbox.waiting(), "dead": len(unit.inbox.dead(MOST))},
        "notifications": {
            name_of(each.way): {
                "waiting": each.waiting,
                "oldest_queued_at": each.oldest_queued_at,
                "parked": each.parked,
            }
            for each in ways
        },
        "outbox": {name: getattr(standing, name) for name in standing.__struct_fields__},
    }
