"""What needs a person now, read straight from the rows: for the page that staff look at all day.

Each query walks an index of what is open, never the whole table, and returns a bounded list. `brand_id + 0` keeps
SQLite from preferring a unique key that begins with the brand, under which every row of a small shop stands.
"""

from storage.case_lists import DONE
from storage.rows import Row, Table

MOST = 1_000
"""More than that is told as that: a number to worry about, not to count."""


class WaitingCase(Row, frozen=True):
    """A case that waits for an act of staff. `words` is what the customer said last; `owner` is None for nobody."""

    id: int
    number: int
    customer: str
    touchpoint: str | None
    survey_version_id: int | None
    cause: str
    rating: int | None
    rating_question: str | None
    urgent: int
    owner_id: int | None
    owner: str | None
    opened_at: int
    words: str | None
    due_at: int | None
    late: int


class PlannedFollowUp(Row, frozen=True):
    """A planned follow-up, perhaps re-planned since: it stands if the case's `state` says so."""

    case_id: int
    number: int
    customer: str
    owner: str | None
    state: str
    dedupe_key: str
    due_at: int


class OpenTask(Row, frozen=True):
    """A task that nobody has done. `number` is of its case, `owner` whose it is."""

    id: int
    kind: str
    dedupe_key: str
    created_at: int
    number: int | None
    customer: str | None
    phone: str | None
    owner_id: int | None
    owner: str | None


class Counted(Row, frozen=True):
    """How many there are, at most `MOST`, and the reason of the newest."""

    count: int
    why: str | None


NONE = Counted(0, None)


class Today(Table):
    """Reading what is open now."""

    __slots__ = ()

    def waiting(self, brand: int, limit: int, now: int = 0, seen_by: int | None = None) -> list[WaitingCase]:
        """Return the cases that nobody has put right yet: urgent ones first, then the longest waiting.

        `seen_by` narrows to what one team sees: its own cases and nobody's team's.
        """
        rows = self._execute(
            """
            SELECT standing.id, standing.number, COALESCE(customer.name, customer.reference), standing.touchpoint,
                   conversation.survey_version_id, standing.cause, standing.rating, standing.rating_question,
                   standing.urgent, standing.owner_id, staff_member.name, standing.opened_at,
                   (SELECT case_message.text FROM case_message
                    WHERE case_message.case_id = standing.id AND case_message.author = 'customer'
                    ORDER BY case_message.id DESC LIMIT 1),
                   (SELECT MIN(due_at) FROM case_clock WHERE case_clock.case_id = standing.id),
                   (SELECT COUNT(*) FROM case_clock
                    WHERE case_clock.case_id = standing.id AND case_clock.state NOT LIKE :done
                      AND (case_clock.standing = 'breached' OR case_clock.due_at <= :now))
            FROM (
                SELECT * FROM recovery_case
                WHERE brand_id = :brand AND stage IN ('open', 'taken') AND closed_at IS NULL
                  AND (CAST(:seen_by AS BIGINT) IS NULL OR team_id IS NULL OR team_id = CAST(:seen_by AS BIGINT))
                ORDER BY urgent DESC, opened_at, id LIMIT :limit
            ) AS standing
            JOIN customer ON customer.id = standing.customer_id
            LEFT JOIN conversation ON conversation.id = standing.conversation_id
            LEFT JOIN staff_member ON staff_member.id = standing.owner_id
            ORDER BY standing.urgent DESC, standing.opened_at, standing.id
            """,
            {"brand": brand, "limit": limit, "now": now, "seen_by": seen_by, "done": DONE},
        ).fetchall()
        return [WaitingCase(*row) for row in rows]

    def count_due(self, brand: int, now: int, until: int, seen_by: int | None = None) -> tuple[int, int]:
        """Return how many cases that wait are overdue at `now`, and how many more will be before `until`."""
        late, soon = self._execute(
            """
            SELECT COALESCE(SUM(found.late), 0), COALESCE(SUM(1 - found.late), 0) FROM (
                SELECT MAX(CASE WHEN case_clock.standing = 'breached' OR case_clock.due_at <= :now THEN 1 ELSE 0 END)
                       AS late
                FROM recovery_case JOIN case_clock ON case_clock.case_id = recovery_case.id
                WHERE recovery_case.brand_id = :brand AND recovery_case.stage IN ('open', 'taken')
                  AND recovery_case.closed_at IS NULL AND case_clock.state NOT LIKE :done
                  AND (case_clock.standing = 'breached' OR case_clock.due_at < :until)
                  AND (CAST(:seen_by AS BIGINT) IS NULL OR recovery_case.team_id IS NULL
                       OR recovery_case.team_id = CAST(:seen_by AS BIGINT))
                GROUP BY recovery_case.id
            ) AS found
            """,
            {"brand": brand, "now": now, "until": until, "seen_by": seen_by, "done": DONE},
        ).fetchone()
        return int(late), int(soon)

    def count_waiting(self, brand: int, seen_by: int | None = None) -> int:
        """Return how many cases wait for an act of staff, at most `MOST`."""
        count: int = self._execute(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 FROM recovery_case
                WHERE brand_id = :brand AND stage IN ('open', 'taken') AND closed_at IS NULL
                  AND (CAST(:seen_by AS BIGINT) IS NULL OR team_id IS NULL OR team_id = CAST(:seen_by AS BIGINT))
                LIMIT :most
            ) AS found
            """,
            {"brand": brand, "most": MOST, "seen_by": seen_by},
        ).fetchone()[0]
        return count

    def follow_ups(self, brand: int, until: int, limit: int, seen_by: int | None = None) -> list[PlannedFollowUp]:
        """Return the follow-ups of open cases that are planned before `until`, soonest first."""
        rows = self._execute(
            """
            SELECT recovery_case.id, recovery_case.number, COALESCE(customer.name, customer.reference),
                   staff_member.name, recovery_case.state, due.dedupe_key, due.due_at
            FROM due
            JOIN recovery_case ON recovery_case.id = due.subject
            JOIN customer ON customer.id = recovery_case.customer_id
            LEFT JOIN staff_member ON staff_member.id = recovery_case.owner_id
            WHERE due.state = 'pending' AND due.due_at < :until AND due.kind = 'follow_up'
              AND due.brand_id + 0 = :brand
              AND recovery_case.closed_at IS NULL
              AND (CAST(:seen_by AS BIGINT) IS NULL OR recovery_case.team_id IS NULL
                   OR recovery_case.team_id = CAST(:seen_by AS BIGINT))
            ORDER BY due.due_at, due.id LIMIT :limit
            """,
            {"brand": brand, "until": until, "limit": limit, "seen_by": seen_by},
        ).fetchall()
        return [PlannedFollowUp(*row) for row in rows]

    def tasks(self, brand: int, limit: int, now: int | None = None, seen_by: int | None = None) -> list[OpenTask]:
        """Return what is still to be done by a person, oldest first; at `now`, if that is given."""
        rows = self._execute(
            """
            SELECT standing.id, standing.kind, standing.dedupe_key, standing.created_at, recovery_case.number,
                   COALESCE(customer.name, customer.reference), customer.phone, staff_member.id, staff_member.name
            FROM (
                SELECT task.* FROM task LEFT JOIN recovery_case AS about ON about.id = task.case_id
                WHERE task.brand_id = :brand AND task.done_at IS NULL
                  AND (CAST(:now AS BIGINT) IS NULL OR task.not_before <= CAST(:now AS BIGINT))
                  AND (CAST(:seen_by AS BIGINT) IS NULL OR about.team_id IS NULL
                       OR about.team_id = CAST(:seen_by AS BIGINT))
                ORDER BY task.id LIMIT :limit
            ) AS standing
            LEFT JOIN recovery_case ON recovery_case.id = standing.case_id
            LEFT JOIN customer ON customer.id = COALESCE(standing.customer_id, recovery_case.customer_id)
            LEFT JOIN staff_member ON staff_member.id = COALESCE(recovery_case.owner_id, standing.staff_member_id)
            ORDER BY standing.id
            """,
            {"brand": brand, "limit": limit, "now": now, "seen_by": seen_by},
        ).fetchall()
        return [OpenTask(*row) for row in rows]

    def lost_messages(self, brand: int, state: str, since: int) -> Counted:
        """Return the messages queued since then that ended `unknown` or `dead`."""
        return self._counted(
            """
            SELECT error FROM outbox
            WHERE state IN ('unknown', 'dead') AND state = :state AND brand_id + 0 = :brand AND queued_at >= :since
            ORDER BY id DESC LIMIT :most
            """,
            {"brand": brand, "state": state, "since": since, "most": MOST},
        )

    def unread_updates(self, brand: int, since: int) -> Counted:
        """Return what came in since then and could not be taken in."""
        return self._counted(
            """
            SELECT error FROM inbox
            WHERE state = 'dead' AND brand_id + 0 = :brand AND received_at >= :since ORDER BY id DESC LIMIT :most
            """,
            {"brand": brand, "since": since, "most": MOST},
        )

    def set_aside(self, brand: int, state: str, since: int) -> Counted:
        """Return the due rows planned for since then that were `parked` or came too `late`."""
        return self._counted(
            """
            SELECT why FROM due
            WHERE state IN ('parked', 'late') AND state = :state AND brand_id + 0 = :brand AND due_at >= :since
            ORDER BY id DESC LIMIT :most
            """,
            {"brand": brand, "state": state, "since": since, "most": MOST},
        )

    def oldest_unsent(self, brand: int, now: int) -> int | None:
        """Return when the first message was queued that may go at `now` and has not, None when there is none."""
        row = self._execute(
            """
            SELECT queued_at FROM outbox
            WHERE state IN ('queued', 'sending') AND not_before <= :now AND brand_id + 0 = :brand ORDER BY id LIMIT 1
            """,
            {"brand": brand, "now": now},
        ).fetchone()
        return row[0] if row else None

    def overdue(self, brand: int, before: int) -> Counted:
        """Return the due rows that should have fired before that moment and have not."""
        return self._counted(
            """
            SELECT kind FROM due
            WHERE state = 'pending' AND due_at < :before AND brand_id + 0 = :brand ORDER BY due_at LIMIT :most
            """,
            {"brand": brand, "before": before, "most": MOST},
        )

    def parked_notifications(self, brand: int) -> Counted:
        """Return the webhooks and e-mails that were set aside because their receiver stays down."""
        return self._counted(
            """
            SELECT way FROM notification
            WHERE state = 'parked' AND brand_id + 0 = :brand ORDER BY id DESC LIMIT :most
            """,
            {"brand": brand, "most": MOST},
        )

    def _counted(self, sql: str, parameters: dict[str, int | str]) -> Counted:
        rows = self._execute(sql, parameters).fetchall()
        return Counted(len(rows), rows[0][0]) if rows else NONE
