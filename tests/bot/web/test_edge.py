"""What no client on loopback shows: a body that dawdles."""

import asyncio
from typing import Any

import pytest
from starlette.exceptions import HTTPException

from bot.web.edge import BodyLimit

SCOPE: dict[str, Any] = {"type": "http", "method": "POST", "path": "/v1/events", "query_string": b"", "headers": []}


async def nobody(message: Any) -> None:
    """Nothing is answered in these tests."""


async def test_a_body_that_dawdles_is_given_up():
    """G7: who sends a byte a minute must not hold a place for hours."""

    async def reading(scope, receive, send):
        while (await receive())["more_body"]:
            pass

    first: list[dict[str, Any]] = [{"type": "http.request", "body": b"{", "more_body": True}]

    async def dawdling() -> dict[str, Any]:
        if not first:
            await asyncio.Event().wait()
        return first.pop()

    with pytest.raises(HTTPException) as refused:
        await BodyLimit(reading, limits={}, patience=0.02)(SCOPE, dawdling, nobody)

    assert refused.value.status_code == 408


async def test_waiting_for_the_end_of_a_stream_is_no_dawdling():
    """A page that listens for an hour has long sent its whole request."""
    told: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"", "more_body": False},
        {"type": "http.disconnect"},
    ]
    seen = []

    async def listening(scope, receive, send):
        seen.append((await receive())["type"])
        await asyncio.sleep(0.05)
        seen.append((await receive())["type"])

    async def receive() -> dict[str, Any]:
        return told.pop(0)

    await BodyLimit(listening, limits={}, patience=0.01)(SCOPE, receive, nobody)

    assert seen == ["http.request", "http.disconnect"]
