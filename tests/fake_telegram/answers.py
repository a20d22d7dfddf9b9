"""How an answer leaves, or fails to: the network's half of every fault (reliability.md §0.3)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from tests.fake_telegram.faults import (
    AnyFault,
    BadGateway,
    Delay,
    HangUp,
    NotJson,
    OkFalse,
    Refuse,
    Reset,
    Silence,
    Truncate,
)
from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.wire import Line

GATEWAY_PAGE = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


def ok(result: Any) -> bytes:
    return msgspec.json.encode({"ok": True, "result": result})


def deliver(line: Line, fault: AnyFault, result: Any, later: Callable[[Awaitable[None]], None]) -> None:
    """Answer with the result as the fault will have it."""
    status, body = (result.code or 200, result.body()) if isinstance(result, Refused) else (200, ok(result))
    match fault:
        case Delay(seconds=seconds):
            later(_after(seconds, line, status, body))
        case Silence():
            pass
        case Reset():
            line.reset()
        case HangUp():
            line.hang_up()
        case Truncate():
            line.truncate(status, body)
        case NotJson():
            line.answer(200, b"<html>Welcome to this network. Please sign in.</html>", "text/html")
        case OkFalse():
            line.answer(200, b'{"ok":false}')
        case BadGateway():
            line.answer(502, GATEWAY_PAGE, "text/html")
        case Refuse():
            refused = fault.error()
            line.answer(refused.code, refused.body())
        case _:
            line.answer(status, body)


async def _after(seconds: float, line: Line, status: int, body: bytes) -> None:
    await asyncio.sleep(seconds)
    line.answer(status, body)
