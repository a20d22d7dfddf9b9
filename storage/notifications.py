"""Messages to other systems and mailboxes: decided in a turn, sent after it, at least once, always under one id.

    queued ──mark_sending──> sending ──sent────> sent
       ^                        │────put_off──> queued, later: it was not taken
       │                        └────park─────> parked: given up, shown, sent again when somebody asks
       └──again── parked      queued ──cancel──> cancelled: nobody wants it any more

One process sends, so a row that is `sending` when it begins was cut off by a death: `release` queues it again.
"""

import msgspec

from storage.rows import Row, Table


class NotificationNew(msgspec.Struct, frozen=True, kw_only=True):
    """A notification to be queued. `ident` is the id a receiver knows it by, whatever the number of tries."""

    brand_id: int
    way: str
    type: str
    ident: str
    payload: str
    dedupe_key: str
    queued_at: int
    target: str = ""


class Notification(Row, frozen=True):
    """A message to one endpoint or mailbox. `way` is `webhook:NAME` or `mail`."""

    id: int
    brand_id: int
    way: str
    type: str
    ident: str
    target: str
    payload: str
    dedupe_key: str
    state: str
    attempts: int
    not_before: int
    error: str | None
    queued_at: int
    sent_at: int | None


class WayStanding(msgspec.Struct, frozen=True):
    """How one way stands: rows that wait, since when the oldest of them was queued, and rows given up."""

    way: str
    waiting: int
    oldest_queued_at: int | None
    parked: int


class Notifications(Table):
    """Notifications: added inside a turn, moved on by their sender."""

    __slots__ = ()

    def add(self, new: NotificationNew) -> int | None:
        """Queue a notification; return its id, None when one with its `dedupe_key` is here already."""
        return self._insert(
            """
            INSERT INTO notification (brand_id, way, type, ident, target, payload, dedupe_key, queued_at)
            VALUES (:brand, :way, :type, :ident, :target, :payload, :key, :queued_at)
            ON CONFLICT (brand_id, dedupe_key) DO NOTHING
            RETURNING id
            """,
            {
                "brand": new.brand_id,
                "way": new.way,
                "type": new.type,
                "ident": new.ident,
                "target": new.target,
                "payload": new.payload,
                "key": new.dedupe_key,
                "queued_at": new.queued_at,
            },
        )

    def get(self, notification_id: int) -> Notification | None:
        """Return the row, or None."""
        row = self._execute("SELECT * FROM notification WHERE id = :id", {"id": notification_id}).fetchone()
        return Notification(*row) if row else None

    def by_key(self, brand: int, dedupe_key: str) -> Notification | None:
        """Return the row queued under that key, or None."""
        row = self._execute(
            "SELECT * FROM notification WHERE brand_id = :brand AND dedupe_key = :key",
            {"brand": brand, "key": dedupe_key},
        ).fetchone()
        return Notification(*row) if row else None

    def ready(self, way: str, now: int, limit: int) -> list[Notification]:
        """Return up to `limit` queued rows of one way whose moment has come, the longest waiting first."""
        rows = self._execute(
            """
            SELECT * FROM notification
            WHERE state IN ('queued', 'sending') AND state = 'queued' AND way = :way AND not_before <= :now
            ORDER BY not_before, id LIMIT :limit
            """,
            {"way": way, "now": now, "limit": limit},
        ).fetchall()
        return [Notification(*row) for row in rows]

    def next_at(self, way: str) -> int | None:
        """Return the moment of the first queued row of one way, None when nothing waits there."""
        row = self._execute(
            """
            SELECT not_before FROM notification
            WHERE state IN ('queued', 'sending') AND state = 'queued' AND way = :way
            ORDER BY not_before, id LIMIT 1
            """,
            {"way": way},
        ).fetchone()
        return row[0] if row else None

    def mark_sending(self, notification_id: int) -> bool:
        """Mark a queued row as being sent, counting an attempt. False: it is no longer to be sent."""
        return self._change(
            """
            UPDATE notification SET state = 'sending', attempts = attempts + 1 WHERE id = :id AND state = 'queued'
            """,
            {"id": notification_id},
        )

    def sent(self, notification_id: int, now: int, *, blank: bool) -> bool:
        """Record that the receiver took it; `blank` its payload when that holds what nobody needs any more."""
        return self._change(
            """
            UPDATE notification
            SET state = 'sent', sent_at = :now, error = NULL,
                payload = CASE WHEN CAST(:blank AS BIGINT) = 1 THEN '' ELSE payload END
            WHERE id = :id AND state = 'sending'
            """,
            {"id": notification_id, "now": now, "blank": int(blank)},
        )

    def put_off(self, notification_id: int, not_before: int, error: str) -> bool:
        """Queue a row again that was not taken."""
        return self._change(
            """
            UPDATE notification SET state = 'queued', not_before = :not_before, error = :error
            WHERE id = :id AND state = 'sending'
            """,
            {"id": notification_id, "not_before": not_before, "error": error},
        )

    def park(self, notification_id: int, error: str) -> bool:
        """Give a row up that was tried; it is shown, and sent again when somebody asks."""
        return self._change(
            "UPDATE notification SET state = 'parked', error = :error WHERE id = :id AND state = 'sending'",
            {"id": notification_id, "error": error},
        )

    def cancel(self, notification_id: int, why: str) -> bool:
        """End a queued row that nobody wants any more; what it says is forgotten."""
        return self._change(
            """
            UPDATE notification SET state = 'cancelled', error = :why, payload = ''
            WHERE id = :id AND state = 'queued'
            """,
            {"id": notification_id, "why": why},
        )

    def release(self) -> int:
        """Queue again what a process that died was sending; for the start of the only sender. Return how many."""
        return self._execute(
            "UPDATE notification SET state = 'queued' WHERE state IN ('queued', 'sending') AND state = 'sending'"
        ).rowcount

    def ways_waiting(self) -> list[str]:
        """Return the ways for which something is queued."""
        rows = self._execute(
            "SELECT DISTINCT way FROM notification WHERE state IN ('queued', 'sending') ORDER BY way"
        ).fetchall()
        return [row[0] for row in rows]

    def park_way(self, way: str, error: str) -> int:
        """Give up all that is queued for a way, because there is no such way any more; return how many."""
        return self._execute(
            """
            UPDATE notification SET state = 'parked', error = :error
            WHERE state IN ('queued', 'sending') AND state = 'queued' AND way = :way
            """,
            {"way": way, "error": error},
        ).rowcount

    def again(self, brand: int, *, way: str | None = None, notification_id: int | None = None) -> int:
        """Queue what was given up again, all of one way or one row, as if it were new; return how many."""
        return self._execute(
            """
            UPDATE notification SET state = 'queued', attempts = 0, not_before = 0
            WHERE state = 'parked' AND brand_id = :brand
              AND (CAST(:way AS TEXT) IS NULL OR way = CAST(:way AS TEXT))
              AND (CAST(:id AS BIGINT) IS NULL OR id = CAST(:id AS BIGINT))
            """,
            {"brand": brand, "way": way, "id": notification_id},
        ).rowcount

    def parked(self, limit: int) -> list[Notification]:
        """Return rows that were given up, newest first."""
        rows = self._execute(
            "SELECT * FROM notification WHERE state = 'parked' ORDER BY id DESC LIMIT :limit", {"limit": limit}
        ).fetchall()
        return [Notification(*row) for row in rows]

    def standing(self) -> list[WayStanding]:
        """Return how each way stands for which something waits or was given up."""
        rows = self._execute(
            """
            SELECT way, SUM(waiting), MIN(oldest), SUM(parked)
            FROM (
                SELECT way, COUNT(*) AS waiting, MIN(queued_at) AS oldest, 0 AS parked
                FROM notification WHERE state IN ('queued', 'sending') GROUP BY way
                UNION ALL
                SELECT way, 0, NULL, COUNT(*) FROM notification WHERE state = 'parked' GROUP BY way
            ) AS counted
            GROUP BY way ORDER BY way
            """
        ).fetchall()
        return [WayStanding(way, int(waiting), oldest, int(parked)) for way, waiting, oldest, parked in rows]

    def prune(self, before: int, limit: int) -> int:
        """Delete up to `limit` ended rows that were queued before that moment, oldest first; return how many."""
        return self._execute(
            """
            DELETE FROM notification WHERE id IN (
                SELECT id FROM notification
                WHERE state IN ('sent', 'cancelled') AND queued_at < :before ORDER BY id LIMIT :limit
            )
            """,
            {"before": before, "limit": limit},
        ).rowcount

    def _change(self, sql: str, parameters: dict[str, object]) -> bool:
        return self._execute(sql, parameters).rowcount == 1
