"""The clocks of cases: rows whose `state` the clock machine owns, and whose `climb` is the ladder's."""

from storage.errors import NotFound
from storage.rows import Row, Table


class CaseClock(Row, frozen=True):
    """A clock of a case. `standing` is running, paused, met or breached; `due_at` is when it is, or was,
    breached, while what it is for is still owed and we do not wait for the customer.
    """

    id: int
    case_id: int
    owed: str
    state: str
    climb: str
    standing: str
    due_at: int | None


class Clocks(Table):
    """Clocks: one of each kind for each case, begun anew when the case is opened again."""

    __slots__ = ()

    def begin(self, case_id: int, owed: str, state: str, climb: str, standing: str, due_at: int | None) -> CaseClock:
        """Keep a clock that starts, in place of the one of that kind that the case had."""
        row = self._execute(
            """
            INSERT INTO case_clock (case_id, owed, state, climb, standing, due_at)
            VALUES (:case, :owed, :state, :climb, :standing, :due_at)
            ON CONFLICT (case_id, owed) DO UPDATE
            SET state = excluded.state, climb = excluded.climb, standing = excluded.standing, due_at = excluded.due_at
            RETURNING *
            """,
            {"case": case_id, "owed": owed, "state": state, "climb": climb, "standing": standing, "due_at": due_at},
        ).fetchone()
        return CaseClock(*row)

    def save(self, clock_id: int, *, state: str, climb: str, standing: str, due_at: int | None) -> None:
        """Write what became of a clock."""
        self._execute(
            """
            UPDATE case_clock SET state = :state, climb = :climb, standing = :standing, due_at = :due_at
            WHERE id = :id
            """,
            {"id": clock_id, "state": state, "climb": climb, "standing": standing, "due_at": due_at},
        )

    def get(self, clock_id: int) -> CaseClock:
        """Return the clock. Raises NotFound."""
        row = self._execute("SELECT * FROM case_clock WHERE id = :id", {"id": clock_id}).fetchone()
        if row is None:
            raise NotFound("case_clock", clock_id)
        return CaseClock(*row)

    def of(self, case_id: int) -> list[CaseClock]:
        """Return the clocks of a case, in the order in which they were first started."""
        rows = self._execute("SELECT * FROM case_clock WHERE case_id = :case ORDER BY id", {"case": case_id}).fetchall()
        return [CaseClock(*row) for row in rows]

    def of_open_cases(self, brand: int) -> list[CaseClock]:
        """Return the clocks of all open cases."""
        rows = self._execute(
            """
            SELECT case_clock.* FROM recovery_case JOIN case_clock ON case_clock.case_id = recovery_case.id
            WHERE recovery_case.brand_id = :brand AND recovery_case.closed_at IS NULL
            ORDER BY case_clock.id
            """,
            {"brand": brand},
        ).fetchall()
        return [CaseClock(*row) for row in rows]
