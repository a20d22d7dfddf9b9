"""What was done in a case, step by step, with its evidence: append only."""

from storage.rows import Row, Table


class CaseStep(Row, frozen=True):
    """One thing that was done, or found not needed. `how` is done, not_needed, asked, confirmed or corrected.

    `case_message_id` is what was said, where something was; `evidence` says in words what was done, parts used.
    """

    id: int
    case_id: int
    step: str
    how: str
    actor: str
    case_message_id: int | None
    evidence: str
    at: int


class CaseSteps(Table):
    """Steps by case."""

    __slots__ = ()

    def add(
        self,
        case_id: int,
        step: str,
        how: str,
        actor: str,
        at: int,
        *,
        evidence: str = "",
        message_id: int | None = None,
    ) -> int:
        """Append a step; return its id."""
        row = self._execute(
            """
            INSERT INTO case_step (case_id, step, how, actor, case_message_id, evidence, at)
            VALUES (:case, :step, :how, :actor, :message, :evidence, :at)
            RETURNING id
            """,
            {
                "case": case_id,
                "step": step,
                "how": how,
                "actor": actor,
                "message": message_id,
                "evidence": evidence,
                "at": at,
            },
        ).fetchone()
        step_id: int = row[0]
        return step_id

    def of(self, case_id: int) -> list[CaseStep]:
        """Return what was done in a case, in order."""
        rows = self._execute("SELECT * FROM case_step WHERE case_id = :case ORDER BY id", {"case": case_id}).fetchall()
        return [CaseStep(*row) for row in rows]

    def get(self, step_id: int) -> CaseStep | None:
        """Return one step, None when there is no such."""
        row = self._execute("SELECT * FROM case_step WHERE id = :id", {"id": step_id}).fetchone()
        return CaseStep(*row) if row else None

    def move(self, from_id: int, to_id: int) -> None:
        """Let what was done in one case be read in another."""
        self._execute("UPDATE case_step SET case_id = :to WHERE case_id = :from", {"from": from_id, "to": to_id})
