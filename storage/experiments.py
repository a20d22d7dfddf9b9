"""What the sides of an experiment gave, in the order in which it came: the rows that a comparison stands on.

Each survey version is asked for by itself, its first conversations only: an experiment that needs more of them than
that will not find what it looks for. What belongs to a conversation that was somebody else's counts nothing.
"""

from typing import Final

from storage.rows import Row, Table

MOST: Final = 20_000
"""Conversations of one version that are looked at: half a second, so that no page holds up the others."""


class Rating(Row, frozen=True):
    """A rating that stands, of a customer on one side; `answer_id` says in which order they came."""

    answer_id: int
    customer_id: int
    variant: str
    question: str
    number: int


class Ended(Row, frozen=True):
    """A response that was begun and is over; `closing` says in which order they were. `whole`: 1 when complete."""

    closing: int
    customer_id: int
    variant: str
    whole: int


class Experiments(Table):
    """Conversations that have a side, by the version of their survey."""

    __slots__ = ()

    def ratings(self, survey_version_id: int) -> list[Rating]:
        """Return every rating that stands, the first given first, of conversations under way, too."""
        rows = self._execute(
            """
            SELECT answer.id, talk.customer_id, talk.variant, answer.question, answer.number
            FROM (SELECT id, customer_id, variant, purpose, outcome FROM conversation
                  WHERE survey_version_id = :version AND variant IS NOT NULL ORDER BY id LIMIT :most) AS talk
            JOIN answer ON answer.conversation_id = talk.id
            WHERE talk.purpose = 'survey' AND COALESCE(talk.outcome, '') <> 'mistaken'
              AND answer.role = 'answer' AND answer.current = 1 AND answer.number IS NOT NULL
            ORDER BY answer.id
            """,
            {"version": survey_version_id, "most": MOST},
        ).fetchall()
        return [Rating(*row) for row in rows]

    def ended(self, survey_version_id: int) -> list[Ended]:
        """Return every response that was begun and is over, by when it ended; whoever stopped us did not end it."""
        rows = self._execute(
            """
            SELECT closing, customer_id, variant, CASE WHEN outcome = 'complete' THEN 1 ELSE 0 END
            FROM (SELECT id, customer_id, variant, purpose, outcome, closing FROM conversation
                  WHERE survey_version_id = :version AND variant IS NOT NULL ORDER BY id LIMIT :most) AS talk
            WHERE purpose = 'survey' AND closing IS NOT NULL
              AND (outcome IN ('complete', 'partial', 'break_off')
                   OR (outcome = 'stopped' AND EXISTS (SELECT 1 FROM answer WHERE answer.conversation_id = talk.id)))
            ORDER BY closing
            """,
            {"version": survey_version_id, "most": MOST},
        ).fetchall()
        return [Ended(*row) for row in rows]

    def asked(self, survey_version_id: int) -> list[tuple[int, str]]:
        """Return each customer who was asked, with their side, once for each."""
        rows = self._execute(
            """
            SELECT DISTINCT customer_id, variant
            FROM (SELECT customer_id, variant, purpose, outcome FROM conversation
                  WHERE survey_version_id = :version AND variant IS NOT NULL ORDER BY id LIMIT :most) AS talk
            WHERE purpose = 'survey' AND COALESCE(outcome, '') <> 'mistaken'
            """,
            {"version": survey_version_id, "most": MOST},
        ).fetchall()
        return [(customer, variant) for customer, variant in rows]
