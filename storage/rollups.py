"""Rollups: what the answers add up to, day by day, and how far they are counted.

A count is changed by the turn that changes what it counts, in the same transaction. While they are counted anew,
`Standing` says which conversations and cases are in them: a turn writes about those alone, and the rest is reached
later as it then stands. So nothing is counted twice and nothing is left out, whenever the process ends.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec

from storage.cases import Case
from storage.conversations import Conversation
from storage.rows import Row, Table

FORMAT: Final = 1
"""Of what is counted: one more with a release that counts otherwise, and everything is counted anew."""

EVERYTHING: Final = 2**62
_STANDING: Final = "rollups"
_CLEARED_DAYS: Final = 14
_ROWS: Final = 8
_PLACES: Final = [(f"question{n}", f"measure{n}", f"value{n}", f"count{n}") for n in range(_ROWS)]


class Standing(msgspec.Struct, frozen=True):
    """How far the rollups go: conversations and cases up to these ids are counted, by the days of that zone.

    A negative `conversations` says that what was counted before is still to be removed.
    """

    zone: str
    conversations: int = -1
    cases: int = 0
    format: int = FORMAT

    @property
    def whole(self) -> bool:
        """Return whether everything is counted, and what is new is counted as it comes."""
        return self.conversations == EVERYTHING and self.cases == EVERYTHING


class RollupRow(Row, frozen=True):
    """A count. `day` is days since 1970-01-01 by the business's calendar."""

    brand_id: int
    day: int
    touchpoint: str
    survey: str
    question: str
    measure: str
    value: str
    count: int


class Rollups(Table):
    """Rollups by day."""

    __slots__ = ()

    def standing(self, brand: int) -> Standing | None:
        """Return how far is counted; None when counting never began."""
        row = self._execute(
            "SELECT value FROM fact WHERE brand_id = :brand AND name = :name", {"brand": brand, "name": _STANDING}
        ).fetchone()
        return msgspec.json.decode(row[0], type=Standing) if row else None

    def stand(self, brand: int, standing: Standing) -> None:
        """Note how far is counted; in the unit that counted it."""
        self._execute(
            """
            INSERT INTO fact (brand_id, name, value) VALUES (:brand, :name, :value)
            ON CONFLICT (brand_id, name) DO UPDATE SET value = excluded.value
            """,
            {"brand": brand, "name": _STANDING, "value": msgspec.json.encode(standing).decode()},
        )

    def add(
        self, brand: int, day: int, touchpoint: str, survey: str, changes: Mapping[tuple[str, str, str], int]
    ) -> None:
        """Add to the counts of one day and survey, by (question, measure, value); one statement for up to eight."""
        keys = list(changes)
        for start in range(0, len(keys), _ROWS):
            some = keys[start : start + _ROWS]
            values: dict[str, object] = {"brand": brand, "day": day, "touchpoint": touchpoint, "survey": survey}
            for (question, measure, value, count), key in zip(_PLACES, some, strict=False):
                values[question], values[measure], values[value] = key
                values[count] = changes[key]
            self._execute(_upsert(len(some)), values)

    def clear(self, brand: int) -> bool:
        """Remove the rollups of the two oldest weeks there are; False when there were none."""
        removed = self._execute(
            """
            DELETE FROM rollup WHERE brand_id = :brand
              AND day < (SELECT MIN(day) FROM rollup WHERE brand_id = :brand) + :days
            """,
            {"brand": brand, "days": _CLEARED_DAYS},
        ).rowcount
        return removed > 0

    def between(self, brand: int, first: int, last: int) -> list[RollupRow]:
        """Return the counts of some days, both included, without those that came back to nothing."""
        rows = self._execute(
            """
            SELECT * FROM rollup WHERE brand_id = :brand AND day BETWEEN :first AND :last AND count <> 0
            ORDER BY day, touchpoint, survey, question, measure, value
            """,
            {"brand": brand, "first": first, "last": last},
        ).fetchall()
        return [RollupRow(*row) for row in rows]

    def summed(self, brand: int, first: int, last: int) -> list[RollupRow]:
        """Return the counts of some days together, under the first of them."""
        rows = self._execute(
            """
            SELECT :brand, CAST(:first AS BIGINT), touchpoint, survey, question, measure, value,
                   CAST(SUM(count) AS BIGINT)
            FROM rollup WHERE brand_id = :brand AND day BETWEEN :first AND :last
            GROUP BY touchpoint, survey, question, measure, value HAVING SUM(count) <> 0
            ORDER BY touchpoint, survey, question, measure, value
            """,
            {"brand": brand, "first": first, "last": last},
        ).fetchall()
        return [RollupRow(*row) for row in rows]

    # -- what is counted anew; the plus keeps SQLite from an index on the brand, after which it sorts all rows by id

    def conversations_after(self, brand: int, after: int, limit: int) -> list[Conversation]:
        """Return conversations by id that may count, from the id after `after`."""
        rows = self._execute(
            """
            SELECT * FROM conversation
            WHERE id > :after AND +brand_id = :brand AND purpose = 'survey' AND survey_version_id IS NOT NULL
            ORDER BY id LIMIT :limit
            """,
            {"brand": brand, "after": after, "limit": limit},
        ).fetchall()
        return [Conversation(*row) for row in rows]

    def cases_after(self, brand: int, after: int, limit: int) -> list[Case]:
        """Return cases by id, from the id after `after`."""
        rows = self._execute(
            "SELECT * FROM recovery_case WHERE id > :after AND +brand_id = :brand ORDER BY id LIMIT :limit",
            {"brand": brand, "after": after, "limit": limit},
        ).fetchall()
        return [Case(*row) for row in rows]


@cache
def _upsert(rows: int) -> str:
    """Return the statement for so many counts; there are eight of them."""
    row = "(:brand, :day, :touchpoint, :survey, :question{0}, :measure{0}, :value{0}, :count{0})"
    return f"""
        INSERT INTO rollup (brand_id, day, touchpoint, survey, question, measure, value, count)
        VALUES {", ".join(row.format(place) for place in range(rows))}
        ON CONFLICT (brand_id, day, touchpoint, survey, question, measure, value)
        DO UPDATE SET count = rollup.count + excluded.count
        """  # noqa: S608 - nothing but the places of values goes in
