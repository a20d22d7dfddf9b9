"""What was said in cases, by whom."""

from storage.cases import Case
from storage.rows import Row, Table


class CaseMessage(Row, frozen=True):
    """Something said in a case. `author` is customer, staff or makegood; note and wow are for staff only."""

    id: int
    case_id: int
    author: str
    staff_member_id: int | None
    text: str
    at: int


class CaseMessages(Table):
    """What was said in cases."""

    __slots__ = ()

    def add(self, case_id: int, author: str, text: str, at: int, staff_member_id: int | None = None) -> int:
        """Keep what was said in a case; return its id."""
        row = self._execute(
            """
            INSERT INTO case_message (case_id, author, staff_member_id, text, at)
            VALUES (:case, :author, :staff_member, :text, :at)
            RETURNING id
            """,
            {"case": case_id, "author": author, "staff_member": staff_member_id, "text": text, "at": at},
        ).fetchone()
        message_id: int = row[0]
        return message_id

    def move(self, from_id: int, to_id: int) -> None:
        """Let what was said in one case be read in another."""
        self._execute("UPDATE case_message SET case_id = :to WHERE case_id = :from", {"from": from_id, "to": to_id})

    def get(self, message_id: int) -> CaseMessage | None:
        """Return one thing that was said in a case, None when there is no such."""
        row = self._execute("SELECT * FROM case_message WHERE id = :id", {"id": message_id}).fetchone()
        return CaseMessage(*row) if row else None

    def of(self, case_id: int) -> list[CaseMessage]:
        """Return what was said in a case, in order."""
        rows = self._execute(
            "SELECT * FROM case_message WHERE case_id = :case ORDER BY id", {"case": case_id}
        ).fetchall()
        return [CaseMessage(*row) for row in rows]

    def customer_wrote_since(self, case_id: int, since: int) -> bool:
        """Return whether the customer wrote anything in the case at `since` or later."""
        row = self._execute(
            "SELECT 1 FROM case_message WHERE case_id = :case AND author = 'customer' AND at >= :since LIMIT 1",
            {"case": case_id, "since": since},
        ).fetchone()
        return row is not None

    def said_as(self, brand: int, author: str, limit: int) -> list[tuple[Case, CaseMessage]]:
        """Return what was written in cases by that author, as the kept good stories, newest first."""
        rows = self._execute(
            """
            SELECT recovery_case.*, case_message.*
            FROM case_message JOIN recovery_case ON recovery_case.id = case_message.case_id
            WHERE recovery_case.brand_id = :brand AND case_message.author = :author
            ORDER BY case_message.id DESC LIMIT :limit
            """,
            {"brand": brand, "author": author, "limit": limit},
        ).fetchall()
        width = len(Case.__struct_fields__)
        return [(Case(*row[:width]), CaseMessage(*row[width:])) for row in rows]
