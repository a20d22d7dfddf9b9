"""Drafts: surveys being written. Each save is a revision of its own, against the one it was made from."""

from storage.rows import Row, Table


class DraftRow(Row, frozen=True):
    """One revision of a draft, with the survey file as it stood. `shows` is set after undo and redo."""

    id: int
    brand_id: int
    key: str
    revision: int
    source: str
    based_on: int | None
    actor: str
    what: str
    at: int
    ended_at: int | None
    shows: int | None = None


class Revision(Row, frozen=True):
    """One revision of a draft without its text: who saved what, when. `shows` is set after undo and redo."""

    revision: int
    shows: int | None
    actor: str
    what: str
    at: int


class Crowded(Row, frozen=True):
    """A draft being written with many revisions from before a moment."""

    brand_id: int
    key: str


class Drafts(Table):
    """Drafts by the key of their survey. At most one of a key is being written at a time."""

    __slots__ = ()

    def newest(self, brand: int, key: str) -> DraftRow | None:
        """Return the draft of a survey as it stands, None when none is being written."""
        row = self._execute(
            """
            SELECT * FROM draft WHERE brand_id = :brand AND key = :key AND ended_at IS NULL
            ORDER BY revision DESC LIMIT 1
            """,
            {"brand": brand, "key": key},
        ).fetchone()
        return DraftRow(*row) if row else None

    def at(self, brand: int, key: str, revision: int) -> DraftRow | None:
        """Return one revision, of this draft or of an earlier one; None when there is no such."""
        row = self._execute(
            "SELECT * FROM draft WHERE brand_id = :brand AND key = :key AND revision = :revision",
            {"brand": brand, "key": key, "revision": revision},
        ).fetchone()
        return DraftRow(*row) if row else None

    def revisions(self, brand: int, key: str) -> list[Revision]:
        """Return the revisions of the draft being written, in order."""
        rows = self._execute(
            "SELECT revision, shows, actor, what, at FROM draft"
            " WHERE brand_id = :brand AND key = :key AND ended_at IS NULL ORDER BY revision",
            {"brand": brand, "key": key},
        ).fetchall()
        return [Revision(*row) for row in rows]

    def crowded(self, before: int, more_than: int) -> list[Crowded]:
        """Return the drafts being written that have more revisions from before a moment than that, by key."""
        rows = self._execute(
            """
            SELECT brand_id, key FROM draft WHERE ended_at IS NULL AND at < :before
            GROUP BY brand_id, key HAVING COUNT(*) > :more_than ORDER BY brand_id, key
            """,
            {"before": before, "more_than": more_than},
        ).fetchall()
        return [Crowded(*row) for row in rows]

    def forget(self, brand: int, key: str, first: int, last: int) -> int:
        """Delete the revisions from one to another of the draft being written. Return how many there were."""
        return self._execute(
            """
            DELETE FROM draft WHERE brand_id = :brand AND key = :key AND ended_at IS NULL
            AND revision BETWEEN :first AND :last
            """,
            {"brand": brand, "key": key, "first": first, "last": last},
        ).rowcount

    def forget_ended(self, before: int, most: int) -> int:
        """Delete revisions of drafts that ended before a moment and cannot be brought back; return how many.

        A draft can be brought back when it was thrown away, and no other was begun since. The last revision of each
        draft stays: numbers go on from it, and it says what became of the draft.
        """
        return self._execute(
            """
            DELETE FROM draft WHERE id IN (
                SELECT one.id FROM draft AS one WHERE one.ended_at < :before
                AND EXISTS (
                    SELECT 1 FROM draft AS newer WHERE newer.brand_id = one.brand_id AND newer.key = one.key
                    AND newer.revision > one.revision AND newer.ended_at = one.ended_at
                )
                AND (
                    EXISTS (
                        SELECT 1 FROM draft AS later WHERE later.brand_id = one.brand_id AND later.key = one.key
                        AND (later.ended_at IS NULL OR later.ended_at > one.ended_at)
                    )
                    OR EXISTS (
                        SELECT 1 FROM survey_version AS version WHERE version.brand_id = one.brand_id
                        AND version.key = one.key AND version.published_at = one.ended_at
                    )
                )
                ORDER BY one.id LIMIT :most
            )
            """,
            {"before": before, "most": most},
        ).rowcount

    def last(self, brand: int, key: str) -> int:
        """Return the number of the last revision there ever was of a survey's drafts; 0 when there was none."""
        row = self._execute(
            "SELECT COALESCE(MAX(revision), 0) FROM draft WHERE brand_id = :brand AND key = :key",
            {"brand": brand, "key": key},
        ).fetchone()
        return int(row[0])

    def add(
        self,
        brand: int,
        key: str,
        revision: int,
        source: str,
        actor: str,
        what: str,
        now: int,
        *,
        based_on: int | None,
        shows: int | None = None,
    ) -> DraftRow | None:
        """Keep a revision; None when somebody else has kept one under that number."""
        row = self._execute(
            """
            INSERT INTO draft (brand_id, key, revision, source, based_on, actor, what, at, shows)
            VALUES (:brand, :key, :revision, :source, :based_on, :actor, :what, :now, :shows)
            ON CONFLICT (brand_id, key, revision) DO NOTHING
            RETURNING *
            """,
            {
                "brand": brand,
                "key": key,
                "revision": revision,
                "source": source,
                "based_on": based_on,
                "actor": actor,
                "what": what,
                "now": now,
                "shows": shows,
            },
        ).fetchone()
        return DraftRow(*row) if row else None

    def end(self, brand: int, key: str, now: int) -> int:
        """End the draft of a survey: published, or thrown away. Return how many revisions it had."""
        return self._execute(
            "UPDATE draft SET ended_at = :now WHERE brand_id = :brand AND key = :key AND ended_at IS NULL",
            {"brand": brand, "key": key, "now": now},
        ).rowcount

    def last_ended(self, brand: int, key: str) -> DraftRow | None:
        """Return the last revision of the draft that ended last, None when none of this survey ever did."""
        row = self._execute(
            """
            SELECT * FROM draft WHERE brand_id = :brand AND key = :key AND ended_at IS NOT NULL
            ORDER BY revision DESC LIMIT 1
            """,
            {"brand": brand, "key": key},
        ).fetchone()
        return DraftRow(*row) if row else None

    def thrown_unpublished(self, brand: int) -> list[DraftRow]:
        """Return drafts that ended without ever becoming a version, as they stood, by key."""
        rows = self._execute(
            """
            SELECT * FROM draft WHERE brand_id = :brand AND revision = (
                SELECT MAX(other.revision) FROM draft AS other WHERE other.brand_id = :brand AND other.key = draft.key
            ) AND ended_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM survey_version WHERE survey_version.brand_id = :brand AND survey_version.key = draft.key
            )
            ORDER BY key
            """,
            {"brand": brand},
        ).fetchall()
        return [DraftRow(*row) for row in rows]

    def reopen(self, brand: int, key: str, ended_at: int) -> int:
        """Take up again the draft that ended at that moment. Return how many revisions it has."""
        return self._execute(
            "UPDATE draft SET ended_at = NULL WHERE brand_id = :brand AND key = :key AND ended_at = :ended_at",
            {"brand": brand, "key": key, "ended_at": ended_at},
        ).rowcount

    def open(self, brand: int) -> list[DraftRow]:
        """Return every draft being written as it stands, by key."""
        rows = self._execute(
            """
            SELECT * FROM draft WHERE brand_id = :brand AND ended_at IS NULL AND revision = (
                SELECT MAX(other.revision) FROM draft AS other
                WHERE other.brand_id = :brand AND other.key = draft.key AND other.ended_at IS NULL
            )
            ORDER BY key
            """,
            {"brand": brand},
        ).fetchall()
        return [DraftRow(*row) for row in rows]
