"""Messages of the outbox as those who write them know them: found again, and changed while they wait.

What becomes of them on their way is `storage.outbox`'s.
"""

from storage.outbox import OutboxRow, row_or_none
from storage.rows import Table


class Messages(Table):
    """Messages to customers and staff, by the chat, the case or the button that they belong to."""

    __slots__ = ()

    def by_ref(self, address_id: int, ref: str) -> OutboxRow | None:
        """Return the message that the channel knows as `ref` in that chat."""
        return row_or_none(
            self._execute(
                "SELECT * FROM outbox WHERE address_id = :address AND channel_ref = :ref ORDER BY id DESC LIMIT 1",
                {"address": address_id, "ref": ref},
            ).fetchone()
        )

    def by_prompt(self, prompt: str) -> OutboxRow | None:
        """Return the newest message that carries this prompt."""
        return row_or_none(
            self._execute(
                "SELECT * FROM outbox WHERE prompt = :prompt ORDER BY id DESC LIMIT 1", {"prompt": prompt}
            ).fetchone()
        )

    def of_case(self, case_id: int) -> list[OutboxRow]:
        """Return the messages about a case, oldest first."""
        rows = self._execute("SELECT * FROM outbox WHERE case_id = :case ORDER BY id", {"case": case_id}).fetchall()
        return [OutboxRow(*row) for row in rows]

    def topic_of(self, case_id: int, address_id: int) -> OutboxRow | None:
        """Return the row that opens a case's topic in a group, None when there is none or it was refused."""
        return next((row for row in self.topics_of(case_id) if row.address_id == address_id), None)

    def topics_of(self, case_id: int) -> list[OutboxRow]:
        """Return the rows that open topics for a case and were not refused, newest first."""
        rows = self._execute(
            """
            SELECT * FROM outbox
            WHERE case_id = :case AND purpose = 'topic' AND state IN ('queued', 'sending', 'sent') ORDER BY id DESC
            """,
            {"case": case_id},
        ).fetchall()
        return [OutboxRow(*row) for row in rows]

    def posted_since(self, address_id: int, since: int, most: int = 500) -> int:
        """Return how many messages were written for an address at `since` or later, among the newest `most` of all."""
        count: int = self._execute(
            """
            SELECT COUNT(*) FROM outbox
            WHERE id > (SELECT COALESCE(MAX(id), 0) FROM outbox) - :most AND address_id = :address
              AND queued_at >= :since AND edits IS NULL
            """,
            {"most": most, "address": address_id, "since": since},
        ).fetchone()[0]
        return count

    def open_digest(self, address_id: int, after: int) -> OutboxRow | None:
        """Return the digest of an address that goes later than `after`, so that more can be written into it."""
        return row_or_none(
            self._execute(
                """
                SELECT * FROM outbox
                WHERE state IN ('queued', 'sending') AND state = 'queued' AND purpose = 'digest'
                  AND address_id = :address AND not_before > :after AND copies = 0
                ORDER BY id DESC LIMIT 1
                """,
                {"address": address_id, "after": after},
            ).fetchone()
        )

    def rewrite(self, outbox_id: int, payload: str) -> bool:
        """Put other words into a message that waits; return whether it still did."""
        return (
            self._execute(
                "UPDATE outbox SET payload = :payload WHERE id = :id AND state = 'queued' AND copies = 0",
                {"id": outbox_id, "payload": payload},
            ).rowcount
            == 1
        )

    def take_out(self, outbox_id: int, why: str) -> bool:
        """Cancel a message that waits and was never tried; return whether it was such a one."""
        return (
            self._execute(
                """
                UPDATE outbox SET state = 'cancelled', error = :why
                WHERE id = :id AND state = 'queued' AND copies = 0
                """,
                {"id": outbox_id, "why": why},
            ).rowcount
            == 1
        )

    def newest_edit_replaces(self, edits: int, newest: int) -> list[int]:
        """Cancel queued edits of a message that are older than the edit `newest`; return their ids."""
        rows = self._execute(
            """
            UPDATE outbox SET state = 'cancelled', error = 'replaced by a newer edit'
            WHERE edits = :edits AND state = 'queued' AND id < :newest
            RETURNING id
            """,
            {"edits": edits, "newest": newest},
        ).fetchall()
        return sorted(row[0] for row in rows)
