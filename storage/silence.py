"""Those who were asked and never answered: the silent, among whom are most of the unhappy.

They are read backwards in the order in which their conversations closed, a span of closings at a time, so that each
reading is short however many there are.
"""

from storage.rows import Row, Table


class Silent(Row, frozen=True):
    """An invitation that was sent and never answered, of a customer who can be rung up."""

    invitation_id: int
    customer_id: int


class Silence(Table):
    """Reading who said nothing."""

    __slots__ = ()

    def newest(self) -> int:
        """Return the closing from which to read backwards: one after the newest."""
        row = self._execute(
            "SELECT COALESCE(MAX(closing), 0) + 1 FROM conversation WHERE closing IS NOT NULL"
        ).fetchone()
        return int(row[0])

    def reaches_back(self, before: int, span: int, since: int) -> bool:
        """Return whether any conversation of that span, or none at all, closed at `since` or later: else read no on."""
        row = self._execute(
            """
            SELECT COUNT(*), MAX(closed_at) FROM conversation
            WHERE closing < :before AND closing >= CAST(:before AS BIGINT) - CAST(:span AS BIGINT)
            """,
            {"before": before, "span": span},
        ).fetchone()
        return before > 1 and (row[0] == 0 or row[1] >= since)

    def found(
        self, brand: int, before: int, span: int, since: int, until: int, rung_since: int, most: int
    ) -> list[Silent]:
        """Return who was silent among the conversations of a span of closings that closed from `since` to `until`.

        Left out is whom we may not or need not ring: who wants no more of us, has no number, has an open case, or was
        rung up at `rung_since` or later.
        """
        rows = self._execute(
            """
            SELECT invitation.id, customer.id
            FROM conversation
            JOIN invitation ON invitation.conversation_id = conversation.id AND invitation.state = 'sent'
            JOIN customer ON customer.id = invitation.customer_id
            WHERE conversation.closing < :before
              AND conversation.closing >= CAST(:before AS BIGINT) - CAST(:span AS BIGINT)
              AND conversation.brand_id = :brand AND conversation.purpose = 'survey' AND conversation.outcome = 'none'
              AND conversation.closed_at >= :since AND conversation.closed_at < :until
              AND customer.opted_out_at IS NULL AND customer.phone IS NOT NULL
              AND NOT EXISTS (
                  SELECT 1 FROM recovery_case
                  WHERE recovery_case.customer_id = customer.id AND recovery_case.closed_at IS NULL
              )
              AND NOT EXISTS (
                  SELECT 1 FROM task
                  WHERE task.customer_id = customer.id AND task.kind = 'telephone'
                    AND (task.done_at IS NULL OR task.created_at >= :rung_since)
              )
            ORDER BY invitation.id LIMIT :most
            """,
            {
                "brand": brand,
                "before": before,
                "span": span,
                "since": since,
                "until": until,
                "rung_since": rung_since,
                "most": most,
            },
        ).fetchall()
        return [Silent(*row) for row in rows]
