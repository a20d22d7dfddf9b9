"""Responses in the order in which they closed: for systems that fetch them page by page and may miss none."""

from storage.rows import Row, Table


class ResponseLine(Row, frozen=True):
    """A closed survey conversation with what belongs to it. `closing` is its place in the order of closings.

    An anonymous response has neither customer nor channel.
    """

    closing: int
    conversation_id: int
    outcome: str | None
    opened_at: int
    closed_at: int
    customer: str | None
    customer_name: str | None
    channel: str | None
    survey: str
    survey_number: int
    touchpoint: str
    source: str | None
    event_id: str | None
    case: int | None
    variant: str | None


class Responses(Table):
    """Closed survey conversations, by their closing."""

    __slots__ = ()

    def newest(self) -> int:
        """Return the closing of the newest conversation that closed, 0 when none did: nothing below it is to come."""
        row = self._execute("SELECT COALESCE(MAX(closing), 0) FROM conversation WHERE closing IS NOT NULL").fetchone()
        return int(row[0])

    def of(self, brand: int, conversation_id: int) -> ResponseLine | None:
        """Return the response of one conversation, None when it is not closed or no survey."""
        row = self._execute("SELECT closing FROM conversation WHERE id = :id", {"id": conversation_id}).fetchone()
        if row is None or row[0] is None:
            return None
        found = self.page(brand, row[0] - 1, row[0], 1)
        return found[0] if found else None

    def page(self, brand: int, after: int, upto: int, limit: int, since: int | None = None) -> list[ResponseLine]:
        """Return responses whose closing is above `after` and at most `upto`, of those that closed at `since` or later.

        A span of closings bounds the work, however few of them fit.
        """
        rows = self._execute(
            """
            SELECT conversation.closing, conversation.id, conversation.outcome, conversation.opened_at,
                   conversation.closed_at,
                   CASE conversation.anonymous WHEN 0 THEN customer.reference END, customer.name,
                   CASE conversation.anonymous WHEN 0 THEN address.channel END, survey_version.key,
                   survey_version.number, survey_version.touchpoint, service_event.source, service_event.event_id,
                   recovery_case.number, conversation.variant
            FROM conversation
            JOIN customer ON customer.id = conversation.customer_id
            JOIN address ON address.id = conversation.address_id
            JOIN survey_version ON survey_version.id = conversation.survey_version_id
            LEFT JOIN invitation ON invitation.conversation_id = conversation.id
            LEFT JOIN service_event ON service_event.id = invitation.service_event_id
            LEFT JOIN recovery_case ON recovery_case.id = conversation.case_id
            WHERE conversation.closing > :after AND conversation.closing <= :upto
              AND conversation.brand_id = :brand AND conversation.purpose = 'survey'
              AND conversation.anonymous IN (0, 3)
              AND (CAST(:since AS BIGINT) IS NULL OR conversation.closed_at >= CAST(:since AS BIGINT))
            ORDER BY conversation.closing LIMIT :limit
            """,
            {"brand": brand, "after": after, "upto": upto, "limit": limit, "since": since},
        ).fetchall()
        return [ResponseLine(*row) for row in rows]
