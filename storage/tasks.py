"""Tasks: things only a person can do, such as ringing somebody whose follow-up could not be sent."""

from storage.errors import NotFound
from storage.rows import Row, Table


class Task(Row, frozen=True):
    """Something for a person to do. `tries` are calls that nobody answered; it is offered again at `not_before`."""

    id: int
    brand_id: int
    case_id: int | None
    staff_member_id: int | None
    kind: str
    dedupe_key: str
    created_at: int
    done_at: int | None
    customer_id: int | None = None
    invitation_id: int | None = None
    tries: int = 0
    not_before: int = 0


class Tasks(Table):
    """Tasks: made once each, done once each."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        kind: str,
        dedupe_key: str,
        now: int,
        *,
        case_id: int | None = None,
        staff_member_id: int | None = None,
        customer_id: int | None = None,
        invitation_id: int | None = None,
    ) -> int | None:
        """Make a task; return its id, or None when it was made before."""
        return self._insert(
            """
            INSERT INTO task (brand_id, case_id, staff_member_id, kind, dedupe_key, created_at, customer_id,
                              invitation_id)
            VALUES (:brand, :case, :staff_member, :kind, :key, :now, :customer, :invitation)
            ON CONFLICT (brand_id, dedupe_key) DO NOTHING
            RETURNING id
            """,
            {
                "brand": brand,
                "case": case_id,
                "staff_member": staff_member_id,
                "kind": kind,
                "key": dedupe_key,
                "now": now,
                "customer": customer_id,
                "invitation": invitation_id,
            },
        )

    def listing(self, brand: int, limit: int = 100) -> list[Task]:
        """Return what is still to be done, oldest first."""
        rows = self._execute(
            "SELECT * FROM task WHERE brand_id = :brand AND done_at IS NULL ORDER BY id LIMIT :limit",
            {"brand": brand, "limit": limit},
        ).fetchall()
        return [Task(*row) for row in rows]

    def get(self, task_id: int) -> Task:
        """Return the task, done or not. Raises NotFound."""
        row = self._execute("SELECT * FROM task WHERE id = :id", {"id": task_id}).fetchone()
        if row is None:
            raise NotFound("task", task_id)
        return Task(*row)

    def done(self, task_id: int, now: int) -> bool:
        """Record that a task is done. False: it was so before."""
        return (
            self._execute(
                "UPDATE task SET done_at = :now WHERE id = :id AND done_at IS NULL", {"id": task_id, "now": now}
            ).rowcount
            == 1
        )

    def of_case(self, case_id: int) -> list[Task]:
        """Return what is still to be done about a case, oldest first."""
        rows = self._execute(
            "SELECT * FROM task WHERE case_id = :case AND done_at IS NULL ORDER BY id", {"case": case_id}
        ).fetchall()
        return [Task(*row) for row in rows]

    def try_again(self, task_id: int, not_before: int) -> None:
        """Count a call that nobody answered, and offer the task again from that moment on."""
        self._execute(
            "UPDATE task SET tries = tries + 1, not_before = :not_before WHERE id = :id AND done_at IS NULL",
            {"id": task_id, "not_before": not_before},
        )
