"""GET /v1/responses: what customers answered, page by page in the order in which the conversations closed.

A page ends with a cursor for the next; it is good for ever, so that whoever keeps it fetches only what came since.
A response that a customer corrects after its end comes once more, with the same `conversation_id`.
"""

import re
from typing import Any, Final

from fastapi import Request

from bot.responses import response_told
from bot.rest.cloudevents import moment_of
from bot.rest.counter import Counter, parameters_of, stored
from storage.unit import Unit

USUAL: Final = 50
MOST: Final = 200
"""Responses on a page."""

SPAN: Final = 5_000
"""Closings looked at in one read transaction: it may not last, however few of them fit."""

KNOWN: Final = ("since", "limit", "cursor")

_CURSOR: Final = re.compile(r"c(0|[1-9][0-9]{0,17})")
_LIMIT: Final = re.compile(r"[0-9]{1,4}")


async def page_of_responses(counter: Counter, request: Request) -> dict[str, Any]:
    """Return the responses after the cursor, oldest first, and where to go on. Raises Problem."""
    given = parameters_of(request, KNOWN)
    since = given.read("since", moment_of, 'must be a moment with its zone, as "2026-03-02T12:00:00Z"')
    limit = given.read("limit", _limit, f"must be a whole number from 1 to {MOST}")
    after = given.read("cursor", _after, "must be a cursor that an earlier page gave")
    given.check()
    found, place, more = await _page(counter, after or 0, limit or USUAL, since)
    return {"responses": found, "cursor": f"c{place}", "more": more}


async def _page(counter: Counter, after: int, limit: int, since: int | None) -> tuple[list[dict[str, Any]], int, bool]:
    """Return a page, the closing it reaches to, and whether something closed after that."""
    brand = counter.house.brand

    def look(unit: Unit) -> tuple[list[dict[str, Any]], int, int]:
        newest = unit.responses.newest()
        upto = min(after + SPAN, newest)
        lines = unit.responses.page(brand, after, upto, limit - len(found), since)
        told = [response_told(line, unit.answers.of(line.conversation_id)) for line in lines]
        full = len(lines) == limit - len(found)
        return told, (lines[-1].closing if full else max(after, upto)), newest

    found: list[dict[str, Any]] = []
    while True:
        more, after, newest = await stored(counter.database.read(look))
        found += more
        if len(found) == limit or after >= newest:
            return found, after, after < newest


def _limit(written: str) -> int | None:
    limit = int(written) if _LIMIT.fullmatch(written) else 0
    return limit if 1 <= limit <= MOST else None


def _after(written: str) -> int | None:
    found = _CURSOR.fullmatch(written)
    return None if found is None else int(found[1])
