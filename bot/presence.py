"""Whether somebody is looking: what open chat pages have shown, as far as this process knows."""

from typing import Protocol


class Presence(Protocol):
    """The open pages of the web chat."""

    def shown(self, chat: str) -> int:
        """Return the newest entry of the chat's log that a page has shown; 0 when none did since we began."""
        ...


class NobodyLooks:
    """Where there are no pages."""

    def shown(self, chat: str) -> int:
        return 0
