"""What is only ever appended or noted: the history of subjects, and small facts of the installation."""

from storage.rows import Row, Table


class HistoryLine(Row, frozen=True):
    """Who did what to which subject. `detail` holds ids and numbers, never a customer's words."""

    id: int
    brand_id: int
    subject: str
    actor: str
    what: str
    detail: str
    at: int


class History(Table):
    """The append-only record, by subject: `conversation:12`, `case:3`, `customer:7`."""

    __slots__ = ()

    def add(self, brand: int, subject: str, actor: str, what: str, detail: str, at: int) -> None:
        """Append a line."""
        self._execute(
            """
            INSERT INTO history (brand_id, subject, actor, what, detail, at)
            VALUES (:brand, :subject, :actor, :what, :detail, :at)
            """,
            {"brand": brand, "subject": subject, "actor": actor, "what": what, "detail": detail, "at": at},
        )

    def count_since(self, subject: str, what: str, since: int) -> int:
        """Return how often that happened to the subject at `since` or later."""
        count: int = self._execute(
            "SELECT COUNT(*) FROM history WHERE subject = :subject AND what = :what AND at >= :since",
            {"subject": subject, "what": what, "since": since},
        ).fetchone()[0]
        return count

    def of(self, subject: str) -> list[HistoryLine]:
        """Return what happened to a subject, in order."""
        rows = self._execute(
            "SELECT * FROM history WHERE subject = :subject ORDER BY id", {"subject": subject}
        ).fetchall()
        return [HistoryLine(*row) for row in rows]


class Facts(Table):
    """Small facts by name: poll offsets, the clock's high-water mark, cursors of long work."""

    __slots__ = ()

    def get(self, brand: int, name: str) -> str | None:
        """Return the fact, or None when nobody noted it."""
        row = self._execute(
            "SELECT value FROM fact WHERE brand_id = :brand AND name = :name", {"brand": brand, "name": name}
        ).fetchone()
        return row[0] if row else None

    def put(self, brand: int, name: str, value: str) -> None:
        """Note a fact in place of what was noted before."""
        self._execute(
            """
            INSERT INTO fact (brand_id, name, value) VALUES (:brand, :name, :value)
            ON CONFLICT (brand_id, name) DO UPDATE SET value = excluded.value
            """,
            {"brand": brand, "name": name, "value": value},
        )
