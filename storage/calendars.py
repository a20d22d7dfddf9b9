"""Working calendars by key: one edition holds, the ones before it stay for the clocks that ran by them."""

from storage.errors import NotFound
from storage.rows import Row, Table


class StoredCalendar(Row, frozen=True):
    """An edition of a calendar. `written` is `recovery.written_calendars`, as JSON, and never changes; `key` may."""

    id: int
    brand_id: int
    key: str
    written: str
    since_at: int
    until_at: int | None


class Calendars(Table):
    """Editions of calendars."""

    __slots__ = ()

    def put(self, brand: int, key: str, written: str, now: int) -> StoredCalendar:
        """Let a calendar hold from now on in place of the edition before; the same one again stays as it is."""
        standing = self.by_key(brand, key)
        if standing is not None and standing.written == written:
            return standing
        self.end(brand, key, now)
        row = self._execute(
            """
            INSERT INTO calendar (brand_id, key, written, since_at) VALUES (:brand, :key, :written, :now)
            RETURNING *
            """,
            {"brand": brand, "key": key, "written": written, "now": now},
        ).fetchone()
        return StoredCalendar(*row)

    def end(self, brand: int, key: str, now: int) -> bool:
        """End the edition that holds; False when there is none."""
        return (
            self._execute(
                "UPDATE calendar SET until_at = :now WHERE brand_id = :brand AND key = :key AND until_at IS NULL",
                {"brand": brand, "key": key, "now": now},
            ).rowcount
            == 1
        )

    def rename(self, brand: int, key: str, to: str) -> None:
        """Give the edition that holds another key, which none may have; whoever works by it still does."""
        self._execute(
            "UPDATE calendar SET key = :to WHERE brand_id = :brand AND key = :key AND until_at IS NULL",
            {"brand": brand, "key": key, "to": to},
        )
        self.move(brand, key, to)

    def move(self, brand: int, key: str, to: str | None) -> None:
        """Let the people and teams that work by a calendar work by another one; None: by none of their own."""
        places = {"brand": brand, "key": key, "to": to}
        self._execute("UPDATE staff_member SET calendar = :to WHERE brand_id = :brand AND calendar = :key", places)
        self._execute("UPDATE team SET calendar = :to WHERE brand_id = :brand AND calendar = :key", places)

    def get(self, calendar_id: int) -> StoredCalendar:
        """Return an edition, over or not. Raises NotFound."""
        row = self._execute("SELECT * FROM calendar WHERE id = :id", {"id": calendar_id}).fetchone()
        if row is None:
            raise NotFound("calendar", calendar_id)
        return StoredCalendar(*row)

    def by_key(self, brand: int, key: str) -> StoredCalendar | None:
        """Return the edition that holds, or None."""
        row = self._execute(
            "SELECT * FROM calendar WHERE brand_id = :brand AND key = :key AND until_at IS NULL",
            {"brand": brand, "key": key},
        ).fetchone()
        return StoredCalendar(*row) if row else None

    def listing(self, brand: int) -> list[StoredCalendar]:
        """Return the editions that hold, by key."""
        rows = self._execute(
            "SELECT * FROM calendar WHERE brand_id = :brand AND until_at IS NULL ORDER BY key", {"brand": brand}
        ).fetchall()
        return [StoredCalendar(*row) for row in rows]

    def users(self, brand: int, key: str) -> list[str]:
        """Return the names of the people and teams that work by a calendar."""
        rows = self._execute(
            """
            SELECT name FROM staff_member WHERE brand_id = :brand AND calendar = :key AND removed_at IS NULL
            UNION ALL
            SELECT name FROM team WHERE brand_id = :brand AND calendar = :key AND removed_at IS NULL
            ORDER BY name
            """,
            {"brand": brand, "key": key},
        ).fetchall()
        return [name for (name,) in rows]
