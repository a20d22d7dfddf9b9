"""What came in: an update is a row here before it is acknowledged, and stays one until its turn is committed.

new ──finish──> done ──prune──> text dropped, later the row
new ──bury────> dead
"""

from collections.abc import Iterable

from storage.rows import Row, Table


class InboxRow(Row, frozen=True):
    """An update as it was stored. `update_json` is None once pruned; `attempts` counts the first try already."""

    id: int
    brand_id: int
    channel: str
    ident: str
    update_id: int | None
    chat: str
    update_json: str | None
    state: str
    attempts: int
    deaths: int
    error: str | None
    not_before: int
    received_at: int


class Inbox(Table):
    """Updates: stored once each, taken in the order of their ids."""

    __slots__ = ()

    def add(
        self, brand: int, channel: str, ident: str, update_id: int | None, chat: str, update_json: str, now: int
    ) -> int | None:
        """Store an update with its first attempt counted; return its id, or None when it is here already."""
        return self._insert(
            """
            INSERT INTO inbox (brand_id, channel, ident, update_id, chat, update_json, received_at)
            VALUES (:brand, :channel, :ident, :update_id, :chat, :update_json, :now)
            ON CONFLICT (brand_id, channel, ident) DO NOTHING
            RETURNING id
            """,
            {
                "brand": brand,
                "channel": channel,
                "ident": ident,
                "update_id": update_id,
                "chat": chat,
                "update_json": update_json,
                "now": now,
            },
        )

    def add_dead(self, brand: int, channel: str, ident: str, chat: str, raw: str, error: str, now: int) -> int | None:
        """Store something nobody can read, so that it is counted and never asked for again."""
        return self._insert(
            """
            INSERT INTO inbox (brand_id, channel, ident, chat, update_json, state, error, received_at)
            VALUES (:brand, :channel, :ident, :chat, :raw, 'dead', :error, :now)
            ON CONFLICT (brand_id, channel, ident) DO NOTHING
            RETURNING id
            """,
            {
                "brand": brand,
                "channel": channel,
                "ident": ident,
                "chat": chat,
                "raw": raw,
                "error": error,
                "now": now,
            },
        )

    def get(self, inbox_id: int) -> InboxRow | None:
        """Return the row, or None."""
        row = self._execute("SELECT * FROM inbox WHERE id = :id", {"id": inbox_id}).fetchone()
        return InboxRow(*row) if row else None

    def pressed(self, channel: str, prompt: str, most: int = 20_000) -> bool:
        """Tell whether a press that carries this prompt is among the newest `most` updates. For start-up: it looks
        at each of them."""
        return (
            self._execute(
                """
                SELECT 1 FROM inbox
                WHERE id > (SELECT COALESCE(MAX(id), 0) FROM inbox) - :most AND channel = :channel
                  AND update_json LIKE :press
                LIMIT 1
                """,
                {"most": most, "channel": channel, "press": f'%"press":"1:{prompt}:%'},
            ).fetchone()
            is not None
        )

    def finish(self, inbox_id: int) -> bool:
        """Mark the update as done. False: it was done or given up before, so this turn must change nothing."""
        return (
            self._execute("UPDATE inbox SET state = 'done' WHERE id = :id AND state = 'new'", {"id": inbox_id}).rowcount
            == 1
        )

    def unfinished(self, limit: int, after: int = 0) -> list[InboxRow]:
        """Return updates whose turn is not committed, oldest first, from the id after `after`."""
        rows = self._execute(
            "SELECT * FROM inbox WHERE state = 'new' AND id > :after ORDER BY id LIMIT :limit",
            {"after": after, "limit": limit},
        ).fetchall()
        return [InboxRow(*row) for row in rows]

    def count_again(self, ids: Iterable[int]) -> None:
        """Count another attempt of each update, before it is made and in a commit of its own."""
        for inbox_id in ids:
            self._execute("UPDATE inbox SET attempts = attempts + 1 WHERE id = :id", {"id": inbox_id})

    def count_death(self, inbox_id: int) -> None:
        """Count that the process died while this update ran alone."""
        self._execute("UPDATE inbox SET deaths = deaths + 1 WHERE id = :id", {"id": inbox_id})

    def bury(self, inbox_id: int, error: str) -> bool:
        """Give the update up: it is kept, listed and never tried again by itself."""
        return (
            self._execute(
                "UPDATE inbox SET state = 'dead', error = :error WHERE id = :id AND state = 'new'",
                {"id": inbox_id, "error": error},
            ).rowcount
            == 1
        )

    def put_off(self, inbox_id: int, error: str, not_before: int) -> None:
        """Note why the attempt failed and when the next may be made."""
        self._execute(
            "UPDATE inbox SET error = :error, not_before = :not_before WHERE id = :id",
            {"id": inbox_id, "error": error, "not_before": not_before},
        )

    def newest(self) -> int:
        """Return the id of the newest row, 0 when there is none."""
        row = self._execute("SELECT MAX(id) FROM inbox").fetchone()
        return row[0] or 0

    def dead(self, limit: int) -> list[InboxRow]:
        """Return updates that were given up, newest first."""
        rows = self._execute(
            "SELECT * FROM inbox WHERE state = 'dead' ORDER BY id DESC LIMIT :limit", {"limit": limit}
        ).fetchall()
        return [InboxRow(*row) for row in rows]

    def waiting(self) -> int:
        """Return how many updates have no committed turn yet."""
        count: int = self._execute("SELECT COUNT(*) FROM inbox WHERE state = 'new'").fetchone()[0]
        return count

    def prune(self, texts_before: int, rows_before: int, limit: int, after: int = 0) -> int | None:
        """Look at `limit` rows after the id `after`: drop old texts, and rows that are older still.

        Return the id to go on after, or None when everything old has been looked at. Only finished updates
        are pruned. Looking costs as much as pruning, so a chunk is bounded by what it looks at.
        """
        rows = self._execute(
            """
            SELECT id, received_at, state, update_json IS NOT NULL FROM inbox WHERE id > :after ORDER BY id LIMIT :limit
            """,
            {"after": after, "limit": limit},
        ).fetchall()
        for inbox_id, received_at, state, has_text in rows:
            if state != "done":
                continue
            if received_at < rows_before:
                self._execute("DELETE FROM inbox WHERE id = :id", {"id": inbox_id})
            elif has_text and received_at < texts_before:
                self._execute("UPDATE inbox SET update_json = NULL WHERE id = :id", {"id": inbox_id})
        if len(rows) < limit or rows[-1][1] >= texts_before:
            return None
        last: int = rows[-1][0]
        return last
