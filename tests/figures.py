"""The figures as they are kept, and as they are counted by hand from the rows."""

from collections.abc import Iterator
from typing import Any

from storage.recounting import Counted, Recount
from storage.rows import Parameters
from storage.unit import Unit

Counts = dict[Counted, int]


def kept(unit: Unit, brand: int = 1) -> Counts:
    """What the rollups say, without the counts that came back to nothing."""
    return {
        Counted(row.day, row.touchpoint, row.survey, row.question, row.measure, row.value): row.count
        for row in unit.rollups.between(brand, -100_000, 100_000)
    }


def counted(unit: Unit, zone: str, brand: int = 1) -> Counts:
    """What the rows add up to."""

    def rows(sql: str, parameters: Parameters) -> Iterator[Any]:
        return iter(unit.all(sql, parameters))

    return Recount(rows, brand, zone).count()
