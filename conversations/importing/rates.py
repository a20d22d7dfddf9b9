"""How many definitions of a collection become surveys, and what most often changes on the way."""

from collections import Counter
from typing import Final

import msgspec

from conversations import rehearsing
from conversations.importing import NotReadable, read
from conversations.importing.results import Import

MOST_REASONS: Final = 6


class Reason(msgspec.Struct, frozen=True):
    """One kind of change by its sentence, and in how many definitions it occurs."""

    sentence: str
    count: int


class Rate(msgspec.Struct, frozen=True):
    """What became of the definitions of one peer.

    `empty` neither ask nor say anything (they pay, call, or change a record), and `unread` files hold no definition;
    both are outside the rate. `rehearsed` surveys were walked through on every branch to their end.
    """

    peer: str
    files: int = 0
    definitions: int = 0
    exact: int = 0
    changed: int = 0
    cannot: int = 0
    empty: int = 0
    unread: int = 0
    rehearsed: int = 0
    reasons: tuple[Reason, ...] = ()

    @property
    def converted(self) -> int:
        return self.exact + self.changed

    @property
    def share(self) -> float | None:
        """Return the share of definitions that became surveys, from 0 to 1; None when there is none."""
        asked = self.converted + self.cannot
        return self.converted / asked if asked else None


class Counting:
    """Counts the files of one peer, one after the other."""

    def __init__(self, peer: str) -> None:
        self._rate = Rate(peer)
        self._reasons: Counter[str] = Counter()

    def add(self, name: str, content: bytes) -> None:
        """Count one file with every definition in it."""
        self._count(files=1)
        try:
            first = read(name, content)
        except NotReadable:
            self._count(unread=1)
            return
        for part in first.parts:
            self._definition(first if part == first.part else read(name, content, first.format, part=part))

    def _definition(self, made: Import) -> None:
        if made.said == 0:
            self._count(empty=1)
            return
        walked = made.survey is not None and _to_its_end(rehearsing.walk(made.survey))
        self._count(
            definitions=1,
            exact=made.verdict == "exact",
            changed=made.verdict == "with changes",
            cannot=made.verdict == "cannot",
            rehearsed=walked,
        )
        self._reasons.update({change.what.sentence for change in made.changes})

    def _count(self, **more: int) -> None:
        counts = {name: getattr(self._rate, name) + int(count) for name, count in more.items()}
        self._rate = msgspec.structs.replace(self._rate, **counts)

    @property
    def rate(self) -> Rate:
        """Return what was counted, with the most frequent changes first."""
        ranked = sorted(self._reasons.items(), key=lambda reason: (-reason[1], reason[0]))[:MOST_REASONS]
        return msgspec.structs.replace(self._rate, reasons=tuple(Reason(*reason) for reason in ranked))


def _to_its_end(walk: rehearsing.Walk) -> bool:
    return walk.whole and walk.ended > 0 and not walk.stuck and not walk.unasked and not walk.untaken


def total(rates: list[Rate], peer: str) -> Rate:
    """Return all of them together."""
    names = ("files", "definitions", "exact", "changed", "cannot", "empty", "unread", "rehearsed")
    return Rate(peer, **{name: sum(getattr(rate, name) for rate in rates) for name in names})
