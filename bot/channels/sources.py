"""Where the files that people send are fetched from, whatever the channel."""

from collections.abc import Callable
from typing import Literal, Protocol


class NotFetched(Exception):
    """A file could not be fetched, and what follows from that.

    LATER      nobody knows: try again
    GONE       the channel has it no more, or not now: a few tries are worth it
    TOO_LARGE  the channel does not hand out files of this size
    """

    Reason = Literal["LATER", "GONE", "TOO_LARGE"]

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class Source(Protocol):
    """What hands out the content of files that came in by one channel."""

    async def fetch(self, channel_file: str, take: Callable[[bytes], None]) -> None:
        """Give the file that the channel knows by this id to `take`, piece by piece, in order.

        What `take` raises ends the fetching and is raised here. Raises NotFetched, and nothing else of its own.
        """
        ...
