"""Comments from elsewhere: mentions, reviews, notes. They stand beside the answers and are part of no score."""

from storage.errors import NotFound
from storage.rows import Row, Table


class Comment(Row, frozen=True):
    """What was said elsewhere, under its sender's own id. `kind` is mention, review, note or message."""

    id: int
    brand_id: int
    source: str
    feedback_id: str
    digest: str
    kind: str
    customer_id: int | None
    touchpoint: str | None
    author: str | None
    text: str
    url: str | None
    occurred_at: int
    received_at: int
    case_id: int | None = None


class Feedback(Table):
    """Comments by their sender's id, and by customer."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        source: str,
        feedback_id: str,
        digest: str,
        kind: str,
        text: str,
        occurred_at: int,
        now: int,
        *,
        customer_id: int | None = None,
        touchpoint: str | None = None,
        author: str | None = None,
        url: str | None = None,
    ) -> Comment | None:
        """Keep a comment; None when its id is here already, whatever it said."""
        row = self._execute(
            """
            INSERT INTO feedback (brand_id, source, feedback_id, digest, kind, customer_id, touchpoint, author, text,
                                  url, occurred_at, received_at)
            VALUES (:brand, :source, :feedback_id, :digest, :kind, :customer, :touchpoint, :author, :text, :url,
                    :occurred_at, :now)
            ON CONFLICT (brand_id, source, feedback_id) DO NOTHING
            RETURNING *
            """,
            {
                "brand": brand,
                "source": source,
                "feedback_id": feedback_id,
                "digest": digest,
                "kind": kind,
                "customer": customer_id,
                "touchpoint": touchpoint,
                "author": author,
                "text": text,
                "url": url,
                "occurred_at": occurred_at,
                "now": now,
            },
        ).fetchone()
        return Comment(*row) if row else None

    def of(self, brand: int, source: str, feedback_id: str) -> Comment | None:
        """Return the comment that the sender calls `feedback_id`, or None."""
        row = self._execute(
            "SELECT * FROM feedback WHERE brand_id = :brand AND source = :source AND feedback_id = :feedback_id",
            {"brand": brand, "source": source, "feedback_id": feedback_id},
        ).fetchone()
        return Comment(*row) if row else None

    def get(self, comment_id: int) -> Comment:
        """Return the comment. Raises NotFound."""
        row = self._execute("SELECT * FROM feedback WHERE id = :id", {"id": comment_id}).fetchone()
        if row is None:
            raise NotFound("feedback", comment_id)
        return Comment(*row)

    def of_customer(self, customer_id: int, limit: int) -> list[Comment]:
        """Return what a customer said elsewhere, the newest first."""
        rows = self._execute(
            """
            SELECT * FROM feedback WHERE customer_id = :customer ORDER BY occurred_at DESC, id DESC LIMIT :limit
            """,
            {"customer": customer_id, "limit": limit},
        ).fetchall()
        return [Comment(*row) for row in rows]

    def led_to(self, comment_id: int, case_id: int) -> None:
        """Record the case that somebody asked to open for a comment."""
        self._execute("UPDATE feedback SET case_id = :case WHERE id = :id", {"id": comment_id, "case": case_id})
