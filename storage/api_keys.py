"""Keys of the business's own systems, as digests: who reads the database cannot call us with what it holds."""

from storage.rows import Row, Table


class StoredKey(Row, frozen=True):
    """A key that was made here. `hint` is its last four characters; `last_used_at` is true to the hour.

    `staff_member_id` is the staff member in whose name it may approve and redeem, None for a key of nobody. `surveys`
    is 1 for a key that edits and publishes surveys, and may nothing else.
    """

    id: int
    brand_id: int
    name: str
    digest: str
    hint: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    last_used_at: int | None
    staff_member_id: int | None = None
    surveys: int = 0


class StoredKeys(Table):
    """Keys by name: while one is rotated, two of a name are good."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        name: str,
        digest: str,
        hint: str,
        now: int,
        expires_at: int | None = None,
        staff_member_id: int | None = None,
        *,
        surveys: bool = False,
    ) -> StoredKey:
        """Keep a new key by the hex SHA-256 of it."""
        row = self._execute(
            """
            INSERT INTO api_key (brand_id, name, digest, hint, created_at, expires_at, staff_member_id, surveys)
            VALUES (:brand, :name, :digest, :hint, :now, :expires_at, :staff, :surveys)
            RETURNING *
            """,
            {
                "brand": brand,
                "name": name,
                "digest": digest,
                "hint": hint,
                "now": now,
                "expires_at": expires_at,
                "staff": staff_member_id,
                "surveys": int(surveys),
            },
        ).fetchone()
        return StoredKey(*row)

    def listing(self, brand: int) -> list[StoredKey]:
        """Return all keys there ever were, by name, the newest of a name first."""
        rows = self._execute(
            "SELECT * FROM api_key WHERE brand_id = :brand ORDER BY name, id DESC", {"brand": brand}
        ).fetchall()
        return [StoredKey(*row) for row in rows]

    def good(self, brand: int, now: int, name: str | None = None) -> list[StoredKey]:
        """Return the keys that are good at `now`, of that name or of any, the newest first."""
        rows = self._execute(
            """
            SELECT * FROM api_key
            WHERE brand_id = :brand AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now)
              AND (CAST(:name AS TEXT) IS NULL OR name = CAST(:name AS TEXT))
            ORDER BY id DESC
            """,
            {"brand": brand, "now": now, "name": name},
        ).fetchall()
        return [StoredKey(*row) for row in rows]

    def end_by(self, key_id: int, at: int) -> None:
        """Let a key end at that moment; one that ends sooner keeps its end."""
        self._execute(
            "UPDATE api_key SET expires_at = :at WHERE id = :id AND (expires_at IS NULL OR expires_at > :at)",
            {"id": key_id, "at": at},
        )

    def revoke(self, brand: int, name: str, now: int) -> int:
        """Revoke every key of a name that is still good; return how many."""
        return self._execute(
            """
            UPDATE api_key SET revoked_at = :now
            WHERE brand_id = :brand AND name = :name AND revoked_at IS NULL
              AND (expires_at IS NULL OR expires_at > :now)
            """,
            {"brand": brand, "name": name, "now": now},
        ).rowcount

    def used(self, key_id: int, at: int) -> None:
        """Note when a key was used; an earlier moment changes nothing."""
        self._execute(
            """
            UPDATE api_key SET last_used_at = :at WHERE id = :id AND (last_used_at IS NULL OR last_used_at < :at)
            """,
            {"id": key_id, "at": at},
        )
