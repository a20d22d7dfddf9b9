"""Calls to customers: who rang, whether they were reached, and what they said, as a staff member typed it.

What is here was typed by staff. It is no answer of a customer's own hand, and no score ever counts it: whoever shows
it says where it comes from.
"""

from storage.rows import Row, Table


class PhoneCall(Row, frozen=True):
    """One call. `put_right` is 1 or 0, None when it was not asked; `rated_on` is the rating's kind and scale."""

    id: int
    brand_id: int
    task_id: int
    customer_id: int
    case_id: int | None
    invitation_id: int | None
    staff_member_id: int
    outcome: str
    put_right: int | None
    question: str | None
    rated_on: str | None
    rating: int | None
    words: str
    at: int


class PhoneCalls(Table):
    """Calls, each recorded once and then only added to: the customer's words may follow."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        task_id: int,
        customer_id: int,
        staff_member_id: int,
        outcome: str,
        at: int,
        *,
        case_id: int | None = None,
        invitation_id: int | None = None,
        put_right: bool | None = None,
        question: str | None = None,
        rated_on: str | None = None,
        rating: int | None = None,
        words: str = "",
    ) -> int:
        """Record a call; return its id."""
        row = self._execute(
            """
            INSERT INTO phone_call (brand_id, task_id, customer_id, case_id, invitation_id, staff_member_id, outcome,
                                    put_right, question, rated_on, rating, words, at)
            VALUES (:brand, :task, :customer, :case, :invitation, :staff_member, :outcome,
                    :put_right, :question, :rated_on, :rating, :words, :at)
            RETURNING id
            """,
            {
                "brand": brand,
                "task": task_id,
                "customer": customer_id,
                "case": case_id,
                "invitation": invitation_id,
                "staff_member": staff_member_id,
                "outcome": outcome,
                "put_right": None if put_right is None else int(put_right),
                "question": question,
                "rated_on": rated_on,
                "rating": rating,
                "words": words,
                "at": at,
            },
        ).fetchone()
        call_id: int = row[0]
        return call_id

    def at(self, customer_id: int, at: int) -> PhoneCall | None:
        """Return the call to a customer that was recorded at that very moment, or None."""
        row = self._execute(
            "SELECT * FROM phone_call WHERE customer_id = :customer AND at = :at ORDER BY id DESC LIMIT 1",
            {"customer": customer_id, "at": at},
        ).fetchone()
        return PhoneCall(*row) if row else None

    def say(self, call_id: int, words: str) -> None:
        """Add what the customer said, below what was typed before."""
        self._execute(
            """
            UPDATE phone_call SET words = CASE words WHEN '' THEN :words ELSE words || :line || :words END
            WHERE id = :id
            """,
            {"id": call_id, "words": words, "line": "\n"},
        )

    def of_case(self, case_id: int) -> list[PhoneCall]:
        """Return the calls about a case, in order."""
        rows = self._execute("SELECT * FROM phone_call WHERE case_id = :case ORDER BY id", {"case": case_id}).fetchall()
        return [PhoneCall(*row) for row in rows]

    def belong(self, call_id: int, case_id: int) -> None:
        """Say which case a call is about: the one that was opened for what the customer said in it."""
        self._execute("UPDATE phone_call SET case_id = :case WHERE id = :id", {"id": call_id, "case": case_id})

    def between(self, brand: int, since: int, until: int, after: int = 0, limit: int = 1000) -> list[PhoneCall]:
        """Return the calls of a period, `until` no longer included, by id; page with `after`."""
        rows = self._execute(
            """
            SELECT * FROM phone_call WHERE brand_id = :brand AND at >= :since AND at < :until AND id > :after
            ORDER BY id LIMIT :limit
            """,
            {"brand": brand, "since": since, "until": until, "after": after, "limit": limit},
        ).fetchall()
        return [PhoneCall(*row) for row in rows]
