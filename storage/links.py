"""One-time links and browser sessions. Both are kept as digests: who reads the database cannot use them."""

from storage.errors import NotFound
from storage.rows import Row, Table


class Link(Row, frozen=True):
    """A token that one person may use once: a customer's deep link, a staff invitation, a sign-in."""

    id: int
    brand_id: int
    digest: str
    purpose: str
    customer_id: int | None
    staff_member_id: int | None
    created_at: int
    expires_at: int
    claimed_at: int | None
    claimed_by: str | None


class Session(Row, frozen=True):
    """A browser that may speak for one web chat, one staff member or the operator."""

    id: int
    brand_id: int
    digest: str
    kind: str
    address_id: int | None
    staff_member_id: int | None
    created_at: int
    expires_at: int
    ended_at: int | None


class Links(Table):
    """One-time links, by the digest of their token."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        digest: str,
        purpose: str,
        now: int,
        expires_at: int,
        *,
        customer_id: int | None = None,
        staff_member_id: int | None = None,
        claimed_by: str | None = None,
    ) -> Link:
        """Keep a new link by the hex SHA-256 of its token; one that leads back into a chat is claimed by it at once."""
        row = self._execute(
            """
            INSERT INTO link (brand_id, digest, purpose, customer_id, staff_member_id, created_at, expires_at,
                              claimed_at, claimed_by)
            VALUES (:brand, :digest, :purpose, :customer, :staff_member, :now, :expires_at, :claimed_at, :claimed_by)
            RETURNING *
            """,
            {
                "brand": brand,
                "digest": digest,
                "purpose": purpose,
                "customer": customer_id,
                "staff_member": staff_member_id,
                "now": now,
                "expires_at": expires_at,
                "claimed_at": None if claimed_by is None else now,
                "claimed_by": claimed_by,
            },
        ).fetchone()
        return Link(*row)

    def look(self, brand: int, digest: str) -> Link | None:
        """Return the link, claimed, expired or not, or None."""
        row = self._execute(
            "SELECT * FROM link WHERE brand_id = :brand AND digest = :digest", {"brand": brand, "digest": digest}
        ).fetchone()
        return Link(*row) if row else None

    def get(self, link_id: int) -> Link:
        """Return the link. Raises NotFound."""
        row = self._execute("SELECT * FROM link WHERE id = :id", {"id": link_id}).fetchone()
        if row is None:
            raise NotFound("link", link_id)
        return Link(*row)

    def claimed(self, customer_id: int, by: str) -> Link | None:
        """Return the link of a customer that `by` (channel:chat) used last, or None."""
        row = self._execute(
            """
            SELECT * FROM link WHERE customer_id = :customer AND claimed_by = :by AND purpose = 'customer'
            ORDER BY claimed_at DESC, id DESC LIMIT 1
            """,
            {"customer": customer_id, "by": by},
        ).fetchone()
        return Link(*row) if row else None

    def claim(self, brand: int, digest: str, by: str, now: int) -> Link | None:
        """Use the link, once and for all, as `by` (channel:chat). None: unknown, used or expired."""
        row = self._execute(
            """
            UPDATE link SET claimed_at = :now, claimed_by = :by
            WHERE brand_id = :brand AND digest = :digest AND claimed_at IS NULL AND expires_at > :now
            RETURNING *
            """,
            {"brand": brand, "digest": digest, "by": by, "now": now},
        ).fetchone()
        return Link(*row) if row else None

    def free(self, link_id: int) -> bool:
        """Let a used link be used again by whom it was made for, until its own end. False: it was free already."""
        return (
            self._execute(
                "UPDATE link SET claimed_at = NULL, claimed_by = NULL WHERE id = :id AND claimed_at IS NOT NULL",
                {"id": link_id},
            ).rowcount
            == 1
        )

    def withdraw_of_event(self, customer_id: int, made_at: int, now: int) -> bool:
        """Let the personal link that was made for a customer at that moment end now. False: it was used, or is over."""
        return (
            self._execute(
                """
                UPDATE link SET expires_at = :now
                WHERE customer_id = :customer AND created_at = :made_at AND claimed_at IS NULL AND expires_at > :now
                """,
                {"customer": customer_id, "made_at": made_at, "now": now},
            ).rowcount
            > 0
        )

    def withdraw(self, staff_member_id: int, now: int, purpose: str | None = None) -> int:
        """Let the links of a staff member that nobody has used (of one purpose) end now; return how many."""
        return self._execute(
            """
            UPDATE link SET expires_at = :now
            WHERE staff_member_id = :staff_member AND claimed_at IS NULL AND expires_at > :now
              AND (CAST(:purpose AS TEXT) IS NULL OR purpose = CAST(:purpose AS TEXT))
            """,
            {"staff_member": staff_member_id, "now": now, "purpose": purpose},
        ).rowcount

    def withdraw_of_team(self, brand: int, now: int) -> int:
        """Let every invitation and sign-in of the team that nobody has used end now; return how many."""
        return self._execute(
            """
            UPDATE link SET expires_at = :now
            WHERE brand_id = :brand AND staff_member_id IS NOT NULL AND claimed_at IS NULL AND expires_at > :now
            """,
            {"brand": brand, "now": now},
        ).rowcount


class Sessions(Table):
    """Browser sessions, by the digest of their token."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        digest: str,
        kind: str,
        now: int,
        expires_at: int,
        *,
        address_id: int | None = None,
        staff_member_id: int | None = None,
    ) -> Session:
        """Keep a new session by the hex SHA-256 of its token."""
        row = self._execute(
            """
            INSERT INTO session (brand_id, digest, kind, address_id, staff_member_id, created_at, expires_at)
            VALUES (:brand, :digest, :kind, :address, :staff_member, :now, :expires_at)
            RETURNING *
            """,
            {
                "brand": brand,
                "digest": digest,
                "kind": kind,
                "address": address_id,
                "staff_member": staff_member_id,
                "now": now,
                "expires_at": expires_at,
            },
        ).fetchone()
        return Session(*row)

    def by_digest(self, brand: int, digest: str, now: int) -> Session | None:
        """Return the session if it is good at `now`: neither ended nor expired."""
        row = self._execute(
            """
            SELECT * FROM session
            WHERE brand_id = :brand AND digest = :digest AND ended_at IS NULL AND expires_at > :now
            """,
            {"brand": brand, "digest": digest, "now": now},
        ).fetchone()
        return Session(*row) if row else None

    def prolong(self, session_id: int, expires_at: int) -> None:
        """Let a session that has not ended last until then."""
        self._execute(
            "UPDATE session SET expires_at = :expires_at WHERE id = :id AND ended_at IS NULL",
            {"id": session_id, "expires_at": expires_at},
        )

    def good_of_staff(self, staff_member_id: int, kind: str, now: int) -> list[Session]:
        """Return the sessions of one kind that a staff member has open at `now`, newest first."""
        rows = self._execute(
            """
            SELECT * FROM session
            WHERE staff_member_id = :staff_member AND kind = :kind AND ended_at IS NULL AND expires_at > :now
            ORDER BY id DESC
            """,
            {"staff_member": staff_member_id, "kind": kind, "now": now},
        ).fetchall()
        return [Session(*row) for row in rows]

    def end(self, session_id: int, now: int) -> None:
        """End one session; it stays ended."""
        self._execute(
            "UPDATE session SET ended_at = :now WHERE id = :id AND ended_at IS NULL", {"id": session_id, "now": now}
        )

    def end_of_staff(self, staff_member_id: int, now: int) -> int:
        """End every session of a staff member; return how many."""
        return self._execute(
            "UPDATE session SET ended_at = :now WHERE staff_member_id = :staff_member AND ended_at IS NULL",
            {"staff_member": staff_member_id, "now": now},
        ).rowcount

    def end_of_team(self, brand: int, now: int) -> int:
        """End every session of the team, whoever's; return how many."""
        return self._execute(
            """
            UPDATE session SET ended_at = :now
            WHERE brand_id = :brand AND staff_member_id IS NOT NULL AND ended_at IS NULL
            """,
            {"brand": brand, "now": now},
        ).rowcount

    def prune_staffs(self, before: int, limit: int) -> int:
        """Delete up to `limit` sessions of staff that ended or expired before that moment; return how many."""
        return self._execute(
            """
            DELETE FROM session WHERE id IN (
                SELECT id FROM session
                WHERE staff_member_id IS NOT NULL AND (ended_at < :before OR expires_at < :before)
                ORDER BY staff_member_id, id LIMIT :limit
            )
            """,
            {"before": before, "limit": limit},
        ).rowcount
