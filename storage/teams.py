"""Teams: those who work together, their hours, and what they may spend in a month."""

from storage.errors import NotFound
from storage.rows import Row, Table


class Team(Row, frozen=True):
    """A team. Amounts are in minor units of the business's currency; None for no such limit."""

    id: int
    brand_id: int
    name: str
    calendar: str | None
    per_month: int | None
    supervisor_up_to: int | None
    two_above: int | None
    created_at: int
    removed_at: int | None


class Teams(Table):
    """Teams by name."""

    __slots__ = ()

    def add(self, brand: int, name: str, now: int) -> Team | None:
        """Make a team, or bring a removed one back; None when there is one of that name."""
        row = self._execute(
            """
            INSERT INTO team (brand_id, name, created_at) VALUES (:brand, :name, :now)
            ON CONFLICT (brand_id, name) DO UPDATE SET removed_at = NULL WHERE team.removed_at IS NOT NULL
            RETURNING *
            """,
            {"brand": brand, "name": name, "now": now},
        ).fetchone()
        return Team(*row) if row else None

    def get(self, team_id: int) -> Team:
        """Return the team, removed or not. Raises NotFound."""
        row = self._execute("SELECT * FROM team WHERE id = :id", {"id": team_id}).fetchone()
        if row is None:
            raise NotFound("team", team_id)
        return Team(*row)

    def by_name(self, brand: int, name: str) -> Team | None:
        """Return the team of that name, None when there is none (any more)."""
        row = self._execute(
            "SELECT * FROM team WHERE brand_id = :brand AND name = :name AND removed_at IS NULL",
            {"brand": brand, "name": name},
        ).fetchone()
        return Team(*row) if row else None

    def ever_named(self, brand: int, name: str) -> Team | None:
        """Return the team of that name, removed or not, None when there never was one."""
        row = self._execute(
            "SELECT * FROM team WHERE brand_id = :brand AND name = :name", {"brand": brand, "name": name}
        ).fetchone()
        return Team(*row) if row else None

    def listing(self, brand: int) -> list[Team]:
        """Return the teams that there are, by name."""
        rows = self._execute(
            "SELECT * FROM team WHERE brand_id = :brand AND removed_at IS NULL ORDER BY name", {"brand": brand}
        ).fetchall()
        return [Team(*row) for row in rows]

    def change(self, team: Team) -> None:
        """Write a team's name, hours and limits. No other team may have the name, or have had it."""
        self._execute(
            """
            UPDATE team SET name = :name, calendar = :calendar, per_month = :per_month,
                            supervisor_up_to = :supervisor_up_to, two_above = :two_above
            WHERE id = :id
            """,
            {
                "id": team.id,
                "name": team.name,
                "calendar": team.calendar,
                "per_month": team.per_month,
                "supervisor_up_to": team.supervisor_up_to,
                "two_above": team.two_above,
            },
        )

    def open_cases(self, team_id: int) -> int:
        """Return how many cases of a team are open."""
        [[count]] = self._execute(
            "SELECT COUNT(*) FROM recovery_case WHERE team_id = :id AND closed_at IS NULL", {"id": team_id}
        ).fetchall()
        return int(count)

    def remove(self, team_id: int, now: int) -> None:
        """End a team: whoever was in it works for the whole business, and its open cases are everybody's."""
        self._execute("UPDATE team SET removed_at = :now WHERE id = :id", {"id": team_id, "now": now})
        self._execute("UPDATE staff_member SET team_id = NULL WHERE team_id = :id", {"id": team_id})
        self._execute(
            "UPDATE recovery_case SET team_id = NULL WHERE team_id = :id AND closed_at IS NULL", {"id": team_id}
        )
