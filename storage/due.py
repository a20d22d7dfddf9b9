"""Due rows: what is to be done at a time. A row may come late or twice; whoever fires it looks at the state first.

pending ──claim──> pending, claimed ──fire────────────────> fired
                                    ──cancel, late, park──> cancelled, late, parked
                                    ──wait_until──────────> pending, later: it may not be done yet
                                    ──put_off─────────────> pending, later: it failed, which counts
"""

from collections.abc import Collection

from storage.rows import Row, Table


class DueRow(Row, frozen=True):
    """Something to be done at `due_at`, about the row `subject`."""

    id: int
    brand_id: int
    kind: str
    subject: int
    dedupe_key: str
    due_at: int
    zone: str | None
    local_rule: str | None
    state: str
    attempts: int
    claimed_until: int | None
    fired_at: int | None
    why: str | None


class DueRows(Table):
    """Due rows: planned inside a turn, claimed by the scheduler."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        kind: str,
        subject: int,
        dedupe_key: str,
        due_at: int,
        zone: str | None = None,
        local_rule: str | None = None,
    ) -> int | None:
        """Plan something; return its id, or None when its `dedupe_key` was planned before, whatever became of it."""
        return self._insert(
            """
            INSERT INTO due (brand_id, kind, subject, dedupe_key, due_at, zone, local_rule)
            VALUES (:brand, :kind, :subject, :key, :due_at, :zone, :local_rule)
            ON CONFLICT (brand_id, dedupe_key) DO NOTHING
            RETURNING id
            """,
            {
                "brand": brand,
                "kind": kind,
                "subject": subject,
                "key": dedupe_key,
                "due_at": due_at,
                "zone": zone,
                "local_rule": local_rule,
            },
        )

    def plan(
        self,
        brand: int,
        kind: str,
        subject: int,
        dedupe_key: str,
        due_at: int,
        zone: str | None = None,
        local_rule: str | None = None,
    ) -> int | None:
        """Plan something, or move it when it is still pending; return its id, None when it is over already."""
        row = self._execute(
            """
            INSERT INTO due (brand_id, kind, subject, dedupe_key, due_at, zone, local_rule)
            VALUES (:brand, :kind, :subject, :key, :due_at, :zone, :local_rule)
            ON CONFLICT (brand_id, dedupe_key) DO UPDATE
            SET due_at = excluded.due_at, zone = excluded.zone, local_rule = excluded.local_rule,
                claimed_until = NULL, attempts = 0
            WHERE due.state = 'pending'
            RETURNING id
            """,
            {
                "brand": brand,
                "kind": kind,
                "subject": subject,
                "key": dedupe_key,
                "due_at": due_at,
                "zone": zone,
                "local_rule": local_rule,
            },
        ).fetchone()
        return row[0] if row else None

    def get(self, due_id: int) -> DueRow | None:
        """Return the row, or None."""
        row = self._execute("SELECT * FROM due WHERE id = :id", {"id": due_id}).fetchone()
        return DueRow(*row) if row else None

    def by_key(self, brand: int, dedupe_key: str) -> DueRow | None:
        """Return the row planned under that key, or None."""
        row = self._execute(
            "SELECT * FROM due WHERE brand_id = :brand AND dedupe_key = :key", {"brand": brand, "key": dedupe_key}
        ).fetchone()
        return DueRow(*row) if row else None

    def claim(self, now: int, lease_ms: int, limit: int) -> list[DueRow]:
        """Claim up to `limit` rows due at `now`, the longest overdue first.

        A claimed row is nobody else's until `now + lease_ms`; choose a lease longer than the work takes.
        Returns an empty list when nothing is due.
        """
        rows = self._execute(
            """
            UPDATE due SET claimed_until = :until
            WHERE id IN (
                SELECT id FROM due
                WHERE state = 'pending'
                  AND due_at <= :now
                  AND (claimed_until IS NULL OR claimed_until <= :now)
                ORDER BY due_at, id
                LIMIT :limit
            )
            RETURNING *
            """,
            {"now": now, "until": now + lease_ms, "limit": limit},
        ).fetchall()
        return sorted((DueRow(*row) for row in rows), key=lambda due: (due.due_at, due.id))

    def release(self) -> int:
        """Drop the claims of whoever died with them; for the start of the only process. Return how many."""
        return self._execute(
            "UPDATE due SET claimed_until = NULL WHERE state = 'pending' AND claimed_until IS NOT NULL"
        ).rowcount

    def fire(self, due_id: int, now: int) -> bool:
        """Take the row from pending to fired. False: it was fired or ended before, so do nothing."""
        return (
            self._execute(
                """
                UPDATE due SET state = 'fired', fired_at = :now, claimed_until = NULL
                WHERE id = :id AND state = 'pending'
                """,
                {"id": due_id, "now": now},
            ).rowcount
            == 1
        )

    def cancel(self, due_id: int, why: str) -> bool:
        """End a pending row that is no longer wanted."""
        return self._end(due_id, "cancelled", why)

    def late(self, due_id: int, why: str) -> bool:
        """End a pending row that came too late: a person must see to it."""
        return self._end(due_id, "late", why)

    def park(self, due_id: int, why: str) -> bool:
        """Set a pending row aside because it keeps failing; it is listed and blocks nothing."""
        return self._end(due_id, "parked", why)

    def wait_until(self, due_id: int, due_at: int) -> bool:
        """Release the claim and look again at `due_at`; not to be allowed yet is no failed attempt."""
        return (
            self._execute(
                "UPDATE due SET due_at = :due_at, claimed_until = NULL WHERE id = :id AND state = 'pending'",
                {"id": due_id, "due_at": due_at},
            ).rowcount
            == 1
        )

    def put_off(self, due_id: int, due_at: int) -> bool:
        """Count a failed attempt, release the claim and try again at `due_at`."""
        return (
            self._execute(
                """
                UPDATE due SET due_at = :due_at, attempts = attempts + 1, claimed_until = NULL
                WHERE id = :id AND state = 'pending'
                """,
                {"id": due_id, "due_at": due_at},
            ).rowcount
            == 1
        )

    def next_at(self) -> int | None:
        """Return when the next unclaimed row is due, or None when nothing is planned."""
        row = self._execute(
            "SELECT due_at FROM due WHERE state = 'pending' AND claimed_until IS NULL ORDER BY due_at, id LIMIT 1"
        ).fetchone()
        return row[0] if row else None

    def overdue(self, now: int) -> int:
        """Return how many pending rows were due at `now` or before."""
        count: int = self._execute(
            "SELECT COUNT(*) FROM due WHERE state = 'pending' AND due_at <= :now", {"now": now}
        ).fetchone()[0]
        return count

    def pending_for(self, kind: str, subject: int) -> list[DueRow]:
        """Return the pending rows of that kind about that subject, soonest first. Reads every pending row."""
        rows = self._execute(
            """
            SELECT * FROM due WHERE state = 'pending' AND kind = :kind AND subject = :subject ORDER BY due_at, id
            """,
            {"kind": kind, "subject": subject},
        ).fetchall()
        return [DueRow(*row) for row in rows]

    def overdue_of(self, kinds: Collection[str], now: int) -> list[DueRow]:
        """Return the pending rows of these kinds that were due at `now` or before, the longest overdue first."""
        rows = self._execute(
            "SELECT * FROM due WHERE state = 'pending' AND due_at <= :now ORDER BY due_at, id", {"now": now}
        ).fetchall()
        return [due for row in rows if (due := DueRow(*row)).kind in kinds]

    def listing(self, state: str, limit: int) -> list[DueRow]:
        """Return rows in that state (`parked`, `late`), newest first."""
        rows = self._execute(
            "SELECT * FROM due WHERE state = :state ORDER BY id DESC LIMIT :limit", {"state": state, "limit": limit}
        ).fetchall()
        return [DueRow(*row) for row in rows]

    def _end(self, due_id: int, state: str, why: str) -> bool:
        return (
            self._execute(
                """
                UPDATE due SET state = :state, why = :why, claimed_until = NULL WHERE id = :id AND state = 'pending'
                """,
                {"id": due_id, "state": state, "why": why},
            ).rowcount
            == 1
        )
