"""Proving a database against itself: the figures against the rows, the answers against their chains.

It reads everything there is, so it is given a copy. Nothing here trusts what the turns wrote down about their own
work: figures are counted by `storage.recounting`, chains are followed from their first link.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from storage.copies import broken_chains
from storage.parameters import positional
from storage.recounting import Counted, Recount
from storage.rollups import Standing
from storage.rows import Parameters

Told = Callable[[str, float], None]
"""Called with what is being done (`count`, `chains`) and the share of it that is done."""


class Difference(msgspec.Struct, frozen=True):
    """A figure that is not what the rows add up to."""

    counted: Counted
    kept: int
    rows: int


class Verified(msgspec.Struct, frozen=True):
    """What was found. `standing` is None when no figures were ever kept, and not whole while they are counted."""

    standing: Standing | None
    figures: int
    differences: tuple[Difference, ...]
    conversations: int
    answers: int
    broken: tuple[int, ...]

    @property
    def sound(self) -> bool:
        """Return whether everything is as it was written."""
        whole = self.standing is not None and self.standing.whole
        return whole and not self.differences and not self.broken


def verify(path: Path, brand: int, told: Told = lambda _what, _share: None) -> Verified:
    """Return what a copy of the database proves."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:

        def rows(sql: str, parameters: Parameters) -> Iterator[Any]:
            text, values = positional(sql)
            return iter(connection.execute(text, values(parameters)))

        row = next(rows("SELECT value FROM fact WHERE brand_id = :brand AND name = 'rollups'", {"brand": brand}), None)
        standing = msgspec.json.decode(row[0], type=Standing) if row else None
        figures = 0
        differences: tuple[Difference, ...] = ()
        if standing is not None and standing.whole:
            figures, differences = _compare(rows, brand, standing.zone, told)
        conversations, answers, broken = _chains(connection, told)
    return Verified(standing, figures, differences, conversations, answers, broken)


def _compare(
    rows: Callable[[str, Parameters], Iterator[Any]], brand: int, zone: str, told: Told
) -> tuple[int, tuple[Difference, ...]]:
    sql = """
        SELECT day, touchpoint, survey, question, measure, value, count FROM rollup
        WHERE brand_id = :brand AND count <> 0
    """
    kept = {Counted(*row[:-1]): row[-1] for row in rows(sql, {"brand": brand})}
    progress = _Progress(partial(told, "count"))
    recount = Recount(rows, brand, zone, progress.passed)
    progress.of(recount.steps())
    found = recount.count()
    differing = sorted(each for each in kept.keys() | found.keys() if kept.get(each, 0) != found.get(each, 0))
    differences = (Difference(each, kept.get(each, 0), found.get(each, 0)) for each in differing)
    return len(found), tuple(differences)


def _chains(connection: sqlite3.Connection, told: Told) -> tuple[int, int, tuple[int, ...]]:
    """Follow every chain; return how many conversations and answers there are, and the conversations broken."""
    [(talks, answers)] = connection.execute("SELECT (SELECT COUNT(*) FROM conversation), (SELECT COUNT(*) FROM answer)")
    return talks, answers, tuple(broken_chains(connection, answers, partial(told, "chains")))


class _Progress:
    def __init__(self, told: Callable[[float], None]) -> None:
        self._told = told
        self._total = 0
        self._done = 0

    def of(self, total: int) -> None:
        self._total = total
        self._told(0.0)

    def passed(self, count: int) -> None:
        self._done += count
        self._told(min(1.0, self._done / self._total) if self._total else 1.0)
