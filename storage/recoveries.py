"""Cases read for what they took and what came of them, and open cases with all that will bring them up again."""

from storage.rows import Row, Table


class ClosedCase(Row, frozen=True):
    """A closed case with what it took. `spent` is in minor units; the survey version is the one that was rated."""

    id: int
    touchpoint: str | None
    team_id: int | None
    survey_version_id: int | None
    rating_question: str | None
    rating: int | None
    rating_after_on: str | None
    rating_after: int | None
    opened_at: int
    closed_at: int
    first_contact_at: int | None
    resolved_at: int | None
    outcome: str | None
    told_by: str | None
    contacts: int
    reopened: int
    on_the_spot: int | None
    spent: int


class OpenCase(Row, frozen=True):
    """A case that is not closed, and what will bring it up again: an open follow-up, what is to be done (`calls`)."""

    id: int
    number: int
    state: str
    asked: int
    calls: int


class Due(Row, frozen=True):
    """Something planned for a case: a due row of itself, or of one of its clocks."""

    case_id: int
    due_at: int
    dedupe_key: str


class ClockOf(Row, frozen=True):
    """A clock of an open case."""

    case_id: int
    owed: str
    standing: str
    due_at: int | None


class Recoveries(Table):
    """Reading cases for reports, and for the question whether anybody is forgotten."""

    __slots__ = ()

    def closed(
        self, brand: int, since: int, until: int, after: tuple[int, int] = (0, 0), limit: int = 2000
    ) -> list[ClosedCase]:
        """Return cases that closed in a period, `until` no longer included; page by (closed_at, id) of the last."""
        rows = self._execute(
            """
            SELECT recovery_case.id, recovery_case.touchpoint, recovery_case.team_id, conversation.survey_version_id,
                   recovery_case.rating_question, recovery_case.rating, recovery_case.rating_after_on,
                   recovery_case.rating_after, recovery_case.opened_at, recovery_case.closed_at,
                   recovery_case.first_contact_at, recovery_case.resolved_at, recovery_case.outcome,
                   recovery_case.told_by, recovery_case.contacts, recovery_case.reopened, recovery_case.on_the_spot,
                   COALESCE((
                       SELECT CAST(SUM(CASE ledger_entry.movement WHEN 'spent' THEN ledger_entry.worth
                                       WHEN 'returned' THEN -ledger_entry.worth ELSE 0 END) AS BIGINT)
                       FROM offer JOIN ledger_entry ON ledger_entry.offer_id = offer.id
                       WHERE offer.case_id = recovery_case.id
                   ), 0)
            FROM recovery_case LEFT JOIN conversation ON conversation.id = recovery_case.conversation_id
            WHERE recovery_case.brand_id = :brand AND recovery_case.closed_at IS NOT NULL
              AND recovery_case.closed_at >= :since AND recovery_case.closed_at < :until
              AND (recovery_case.closed_at > :at OR (recovery_case.closed_at = :at AND recovery_case.id > :id))
            ORDER BY recovery_case.closed_at, recovery_case.id LIMIT :limit
            """,
            {
                "brand": brand,
                "since": max(since, after[0]),
                "until": until,
                "at": after[0],
                "id": after[1],
                "limit": limit,
            },
        ).fetchall()
        return [ClosedCase(*row) for row in rows]

    def unfinished(self, brand: int, after: int = 0, limit: int = 1000) -> list[OpenCase]:
        """Return the cases that are not closed, by id; page with `after`."""
        rows = self._execute(
            """
            SELECT recovery_case.id, recovery_case.number, recovery_case.state,
                   (SELECT COUNT(*) FROM conversation
                    WHERE conversation.customer_id = recovery_case.customer_id AND conversation.closed_at IS NULL
                      AND conversation.purpose = 'follow_up' AND conversation.case_id = recovery_case.id),
                   (SELECT COUNT(*) FROM task
                    WHERE task.case_id = recovery_case.id AND task.done_at IS NULL)
            FROM recovery_case
            WHERE recovery_case.closed_at IS NULL AND recovery_case.brand_id + 0 = :brand AND recovery_case.id > :after
            ORDER BY recovery_case.id LIMIT :limit
            """,
            {"brand": brand, "after": after, "limit": limit},
        ).fetchall()
        return [OpenCase(*row) for row in rows]

    def without_outcome(self, brand: int) -> int:
        """Return how many cases are closed of which nobody knows how they ended."""
        row = self._execute(
            """
            SELECT COUNT(*) FROM recovery_case
            WHERE brand_id = :brand AND closed_at IS NOT NULL AND outcome IS NULL
            """,
            {"brand": brand},
        ).fetchone()
        return int(row[0])

    def planned(self, brand: int) -> list[Due]:
        """Return all that is planned for cases. Reads every pending due row."""
        rows = self._execute(
            """
            SELECT due.subject, due.due_at, due.dedupe_key FROM due
            WHERE due.state = 'pending' AND due.brand_id = :brand AND due.kind IN ('follow_up', 'cause', 'duty')
            UNION ALL
            SELECT case_clock.case_id, due.due_at, due.dedupe_key
            FROM due JOIN case_clock ON case_clock.id = due.subject
            WHERE due.state = 'pending' AND due.brand_id = :brand AND due.kind = 'clock'
            """,
            {"brand": brand},
        ).fetchall()
        return [Due(*row) for row in rows]

    def clocks(self, brand: int) -> list[ClockOf]:
        """Return the clocks of the cases that are not closed."""
        rows = self._execute(
            """
            SELECT case_clock.case_id, case_clock.owed, case_clock.standing, case_clock.due_at
            FROM case_clock JOIN recovery_case ON recovery_case.id = case_clock.case_id
            WHERE recovery_case.closed_at IS NULL AND recovery_case.brand_id = :brand
            ORDER BY case_clock.case_id, case_clock.id
            """,
            {"brand": brand},
        ).fetchall()
        return [ClockOf(*row) for row in rows]
