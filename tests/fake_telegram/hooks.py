"""Callbacks of a test at the moment a call was received and done, before its answer leaves.

The crash suite kills the bot there: Telegram has done it, and the bot will never know (reliability.md A6).
"""

import inspect
from collections.abc import Awaitable, Callable

from tests.fake_telegram.ledger import Call

Callback = Callable[[Call], Awaitable[None] | None]


class Hook:
    """One callback, for the calls of a method that satisfy a predicate."""

    def __init__(self, method: str, predicate: Callable[[Call], bool], callback: Callback, *, once: bool) -> None:
        self._method = method
        self._predicate = predicate
        self._callback = callback
        self._once = once
        self._cancelled = False
        self.calls: list[Call] = []

    def cancel(self) -> None:
        self._cancelled = True

    def fits(self, call: Call) -> bool:
        if self._cancelled or (self._once and self.calls):
            return False
        return call.outcome == "accepted" and self._method in ("*", call.method) and self._predicate(call)

    def run(self, call: Call) -> Awaitable[None] | None:
        self.calls.append(call)
        result = self._callback(call)
        return result if inspect.isawaitable(result) else None
