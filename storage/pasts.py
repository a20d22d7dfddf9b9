"""What a customer went through with us, in a few lines."""

from storage.rows import Row, Table


class PastConversation(Row, frozen=True):
    """An earlier conversation and the first rating given in it, if any."""

    id: int
    opened_at: int
    touchpoint: str | None
    outcome: str | None
    kind: str | None
    rating: int | None


class PastCase(Row, frozen=True):
    """An earlier case."""

    number: int
    cause: str
    outcome: str | None
    opened_at: int
    closed_at: int | None


class Past(Row, frozen=True):
    """A customer's history in short, newest first; the counts are of everything."""

    services: int
    conversations: int
    cases: int
    last_conversations: tuple[PastConversation, ...]
    last_cases: tuple[PastCase, ...]
    comments: int = 0


class Pasts(Table):
    """The past of customers."""

    __slots__ = ()

    def of(self, customer_id: int, limit: int = 3) -> Past:
        """Return the customer's history in short: what an escalation message says in three lines.

        It includes the conversation and the case that are open now.
        """
        customer = {"customer": customer_id, "limit": limit}
        services, talks, cases, comments = self._execute(
            """
            SELECT (SELECT COUNT(DISTINCT subject) FROM service_event WHERE customer_id = :customer AND cancelled = 0),
                   (SELECT COUNT(*) FROM conversation WHERE customer_id = :customer AND purpose = 'survey'),
                   (SELECT COUNT(*) FROM recovery_case WHERE customer_id = :customer),
                   (SELECT COUNT(*) FROM feedback WHERE customer_id = :customer)
            """,
            {"customer": customer_id},
        ).fetchone()
        last_conversations = self._execute(
            """
            SELECT conversation.id, conversation.opened_at, survey_version.touchpoint, conversation.outcome,
                   rating.kind, rating.number
            FROM conversation
            LEFT JOIN survey_version ON survey_version.id = conversation.survey_version_id
            LEFT JOIN answer AS rating ON rating.id = (
                SELECT MIN(answer.id) FROM answer
                WHERE answer.conversation_id = conversation.id AND answer.current = 1 AND answer.role = 'answer'
                  AND answer.kind IN ('csat', 'nps', 'ces', 'stars') AND answer.number IS NOT NULL
            )
            WHERE conversation.customer_id = :customer AND conversation.purpose = 'survey'
              AND conversation.anonymous = 0
            ORDER BY conversation.id DESC LIMIT :limit
            """,
            customer,
        ).fetchall()
        last_cases = self._execute(
            """
            SELECT number, cause, outcome, opened_at, closed_at FROM recovery_case
            WHERE customer_id = :customer ORDER BY id DESC LIMIT :limit
            """,
            customer,
        ).fetchall()
        return Past(
            services,
            talks,
            cases,
            tuple(PastConversation(*row) for row in last_conversations),
            tuple(PastCase(*row) for row in last_cases),
            comments,
        )
