"""Who was given which case, and why: lines that are only added; and how much everybody has to do."""

from storage.rows import Row, Table


class Assignment(Row, frozen=True):
    """A case was given to somebody, or to the whole team (None). `choice` is empty when a person handed it over.

    `severity` is the case's at that moment.
    """

    id: int
    case_id: int
    staff_member_id: int | None
    actor: str
    choice: str
    at: int
    severity: int


class Assignments(Table):
    """Assignments, and what they add up to."""

    __slots__ = ()

    def add(
        self, case_id: int, staff_member_id: int | None, team_id: int | None, actor: str, choice: str, now: int
    ) -> int:
        """Give a case to somebody of a team, and write that down; return the id of the line."""
        self._execute(
            "UPDATE recovery_case SET assignee_id = :staff_member, team_id = :team WHERE id = :case",
            {"case": case_id, "staff_member": staff_member_id, "team": team_id},
        )
        self._execute("UPDATE staff_member SET given_at = :now WHERE id = :id", {"id": staff_member_id, "now": now})
        row = self._execute(
            """
            INSERT INTO assignment (case_id, staff_member_id, actor, choice, at, severity)
            VALUES (:case, :staff_member, :actor, :choice, :now, (SELECT severity FROM recovery_case WHERE id = :case))
            RETURNING id
            """,
            {"case": case_id, "staff_member": staff_member_id, "actor": actor, "choice": choice, "now": now},
        ).fetchone()
        assignment_id: int = row[0]
        return assignment_id

    def of(self, case_id: int) -> list[Assignment]:
        """Return who was given a case, in order."""
        rows = self._execute("SELECT * FROM assignment WHERE case_id = :case ORDER BY id", {"case": case_id}).fetchall()
        return [Assignment(*row) for row in rows]

    def newest(self, case_id: int) -> Assignment | None:
        """Return who was given a case last, or None."""
        row = self._execute(
            "SELECT * FROM assignment WHERE case_id = :case ORDER BY id DESC LIMIT 1", {"case": case_id}
        ).fetchone()
        return Assignment(*row) if row else None

    def loads(self, brand: int) -> dict[int, int]:
        """Return for each staff member the severities of the cases that wait for them, added up.

        A case is its owner's, else whose it was given to; one that was put right waits for its customer only.
        """
        rows = self._execute(
            """
            SELECT COALESCE(owner_id, assignee_id), SUM(severity) FROM recovery_case
            WHERE brand_id = :brand AND closed_at IS NULL AND stage IN ('open', 'taken')
              AND COALESCE(owner_id, assignee_id) IS NOT NULL
            GROUP BY COALESCE(owner_id, assignee_id)
            """,
            {"brand": brand},
        ).fetchall()
        return {staff_member_id: int(load) for staff_member_id, load in rows}

    def given_since(self, brand: int, since: int) -> dict[int, int]:
        """Return for each staff member the severities of the cases that they were given at `since` or later."""
        rows = self._execute(
            """
            SELECT staff_member_id, SUM(severity) FROM assignment
            WHERE staff_member_id IN (SELECT id FROM staff_member WHERE brand_id = :brand AND removed_at IS NULL)
              AND at >= :since
            GROUP BY staff_member_id
            """,
            {"brand": brand, "since": since},
        ).fetchall()
        return {staff_member_id: int(given) for staff_member_id, given in rows}
