"""Places: a counter, a table, a room, with the token of the QR code that hangs there for everybody."""

from storage.rows import Row, Table


class PlaceRow(Row, frozen=True):
    """A place. Its token is no secret: it is printed, and stays the same."""

    id: int
    brand_id: int
    key: str
    name: str
    touchpoint: str
    token: str
    created_at: int
    retired_at: int | None


class Places(Table):
    """Places by key and by token."""

    __slots__ = ()

    def by_token(self, brand: int, token: str) -> PlaceRow | None:
        """Return the place whose code has that token, retired or not, or None."""
        row = self._execute(
            "SELECT * FROM place WHERE brand_id = :brand AND token = :token", {"brand": brand, "token": token}
        ).fetchone()
        return PlaceRow(*row) if row else None

    def by_key(self, brand: int, key: str) -> PlaceRow | None:
        """Return the place of that key, retired or not, or None."""
        row = self._execute(
            "SELECT * FROM place WHERE brand_id = :brand AND key = :key", {"brand": brand, "key": key}
        ).fetchone()
        return PlaceRow(*row) if row else None

    def add(self, brand: int, key: str, name: str, touchpoint: str, token: str, now: int) -> PlaceRow:
        """Keep a new place. A key or token that is known already is an integrity error."""
        row = self._execute(
            """
            INSERT INTO place (brand_id, key, name, touchpoint, token, created_at)
            VALUES (:brand, :key, :name, :touchpoint, :token, :now)
            RETURNING *
            """,
            {"brand": brand, "key": key, "name": name, "touchpoint": touchpoint, "token": token, "now": now},
        ).fetchone()
        return PlaceRow(*row)

    def change(self, place_id: int, name: str, touchpoint: str) -> PlaceRow:
        """Call a place otherwise, or ask another survey there; a retired one is in use again."""
        row = self._execute(
            "UPDATE place SET name = :name, touchpoint = :touchpoint, retired_at = NULL WHERE id = :id RETURNING *",
            {"id": place_id, "name": name, "touchpoint": touchpoint},
        ).fetchone()
        return PlaceRow(*row)

    def retire(self, place_id: int, now: int) -> None:
        """Record that nothing is asked there any more; the first moment stands."""
        self._execute(
            "UPDATE place SET retired_at = COALESCE(retired_at, :now) WHERE id = :id", {"id": place_id, "now": now}
        )

    def listing(self, brand: int) -> list[PlaceRow]:
        """Return all places by key, the retired ones too."""
        rows = self._execute("SELECT * FROM place WHERE brand_id = :brand ORDER BY key", {"brand": brand}).fetchall()
        return [PlaceRow(*row) for row in rows]
