"""What a page says once after an act, and that a form counts once. Both for the life of this process: no word is lost
with them that is not written down elsewhere.
"""

from typing import Final

from bot.console.page_talk import Said

_MOST: Final = 2_000


class Answers:
    """The answer that the next page of a session begins with."""

    def __init__(self) -> None:
        self._waiting: dict[int, Said] = {}

    def put(self, session_id: int, said: Said | None) -> None:
        """Let the next page of this session say it, in place of what it was to say before."""
        self._waiting.pop(session_id, None)
        if said is not None:
            self._waiting[session_id] = said
        if len(self._waiting) > _MOST:
            del self._waiting[next(iter(self._waiting))]

    def take(self, session_id: int) -> Said | None:
        """Return what is to be said, once."""
        return self._waiting.pop(session_id, None)


class Once:
    """Forms that were sent: one that comes again, by a second press or a reload, does nothing."""

    def __init__(self) -> None:
        self._used: dict[str, None] = {}

    def first(self, mark: str) -> bool:
        """Return whether a form comes for the first time; the last few thousand are remembered."""
        if mark in self._used:
            return False
        self._used[mark] = None
        if len(self._used) > _MOST:
            del self._used[next(iter(self._used))]
        return True
