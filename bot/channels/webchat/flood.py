"""How much one chat may send us at once."""

from collections import deque
from collections.abc import Callable
from typing import Final

POSTS: Final = 20
SPAN: Final = 10.0  # seconds


class Flood:
    """Counts per chat over a sliding span. It forgets chats that have been quiet."""

    def __init__(self, monotonic: Callable[[], float], posts: int = POSTS, span: float = SPAN) -> None:
        self._monotonic = monotonic
        self._posts = posts
        self._span = span
        self._seen: dict[str, deque[float]] = {}

    def wait(self, chat: str) -> float:
        """Count one post. Return 0, or the seconds after which the chat may send again: then it was not counted."""
        now = self._monotonic()
        seen = self._seen.setdefault(chat, deque())
        while seen and seen[0] <= now - self._span:
            seen.popleft()
        if len(seen) >= self._posts:
            return seen[0] + self._span - now
        seen.append(now)
        if len(self._seen) > 10_000:
            self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        self._seen = {chat: seen for chat, seen in self._seen.items() if seen and seen[-1] > now - self._span}
