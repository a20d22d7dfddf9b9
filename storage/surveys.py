"""Survey versions: published, unchangeable editions. At most one of a key is published at a time."""

from storage.errors import NotFound
from storage.rows import Row, Table


class SurveyVersion(Row, frozen=True):
    """One edition of a survey, with its source as it was published."""

    id: int
    brand_id: int
    key: str
    number: int
    touchpoint: str
    source: str
    digest: str
    origin: str
    published_at: int
    retired_at: int | None


class SurveyVersions(Table):
    """Survey versions by key, by touchpoint and by id."""

    __slots__ = ()

    def publish(
        self, brand: int, key: str, source: str, digest: str, touchpoint: str, origin: str, now: int
    ) -> SurveyVersion:
        """Publish a survey and return its version; the edition before it is retired.

        The same source as the published one publishes nothing and returns that one.
        """
        earlier = self.by_key(brand, key)
        if earlier is not None and earlier.digest == digest:
            return earlier
        if earlier is not None:
            self.retire(earlier.id, now)
        row = self._execute(
            """
            INSERT INTO survey_version (brand_id, key, number, touchpoint, source, digest, origin, published_at)
            VALUES (:brand, :key,
                    (SELECT COALESCE(MAX(number), 0) + 1 FROM survey_version WHERE brand_id = :brand AND key = :key),
                    :touchpoint, :source, :digest, :origin, :now)
            RETURNING *
            """,
            {
                "brand": brand,
                "key": key,
                "touchpoint": touchpoint,
                "source": source,
                "digest": digest,
                "origin": origin,
                "now": now,
            },
        ).fetchone()
        return SurveyVersion(*row)

    def retire(self, survey_version_id: int, now: int) -> None:
        """Stop asking with this version; conversations that began with it go on."""
        self._execute(
            "UPDATE survey_version SET retired_at = :now WHERE id = :id AND retired_at IS NULL",
            {"id": survey_version_id, "now": now},
        )

    def get(self, survey_version_id: int) -> SurveyVersion:
        """Return the version, retired or not. Raises NotFound."""
        row = self._execute("SELECT * FROM survey_version WHERE id = :id", {"id": survey_version_id}).fetchone()
        if row is None:
            raise NotFound("survey_version", survey_version_id)
        return SurveyVersion(*row)

    def by_key(self, brand: int, key: str) -> SurveyVersion | None:
        """Return the published version of that survey, or None."""
        row = self._execute(
            "SELECT * FROM survey_version WHERE brand_id = :brand AND key = :key AND retired_at IS NULL",
            {"brand": brand, "key": key},
        ).fetchone()
        return SurveyVersion(*row) if row else None

    def for_touchpoint(self, brand: int, touchpoint: str) -> SurveyVersion | None:
        """Return the survey that asks about a touchpoint, the one published last when there are several."""
        row = self._execute(
            """
            SELECT * FROM survey_version
            WHERE brand_id = :brand AND touchpoint = :touchpoint AND retired_at IS NULL
            ORDER BY published_at DESC, id DESC LIMIT 1
            """,
            {"brand": brand, "touchpoint": touchpoint},
        ).fetchone()
        return SurveyVersion(*row) if row else None

    def versions(self, brand: int, key: str) -> list[SurveyVersion]:
        """Return every version of a survey, the newest first."""
        rows = self._execute(
            "SELECT * FROM survey_version WHERE brand_id = :brand AND key = :key ORDER BY number DESC",
            {"brand": brand, "key": key},
        ).fetchall()
        return [SurveyVersion(*row) for row in rows]

    def newest(self, brand: int) -> list[SurveyVersion]:
        """Return the newest version of every survey there ever was: published ones first, the last published first."""
        rows = self._execute(
            """
            SELECT * FROM survey_version WHERE brand_id = :brand AND number = (
                SELECT MAX(number) FROM survey_version AS other
                WHERE other.brand_id = :brand AND other.key = survey_version.key
            )
            ORDER BY CASE WHEN retired_at IS NULL THEN 0 ELSE 1 END, published_at DESC, id DESC
            """,
            {"brand": brand},
        ).fetchall()
        return [SurveyVersion(*row) for row in rows]

    def published(self, brand: int) -> list[SurveyVersion]:
        """Return what is published, by key."""
        rows = self._execute(
            "SELECT * FROM survey_version WHERE brand_id = :brand AND retired_at IS NULL ORDER BY key",
            {"brand": brand},
        ).fetchall()
        return [SurveyVersion(*row) for row in rows]
