"""Staff members: who works cases, and where they are in our own chats."""

from storage.addresses import Address
from storage.cases import Case
from storage.errors import NotFound, Taken
from storage.rows import Row, Table


class StaffMember(Row, frozen=True):
    """A staff member. `composing_case_id`: until `composing_until` their next text goes to that case's customer."""

    id: int
    brand_id: int
    name: str
    roles: str
    language: str
    composing_case_id: int | None
    composing_until: int | None
    created_at: int
    removed_at: int | None
    naming_until: int | None = None
    composing_what: str | None = None
    team_id: int | None = None
    skills: str = ""
    areas: str = ""
    speaks: str = ""
    calendar: str | None = None
    load_limit: int = 20
    away_at: int | None = None
    given_at: int | None = None
    per_case: int | None = None
    per_day: int | None = None
    offer_kinds: str | None = None
    authority_ends_at: int | None = None


class Staff(Table):
    """Staff members by name, and those we can write to."""

    __slots__ = ()

    def add(self, brand: int, name: str, roles: str, language: str, now: int) -> StaffMember:
        """Take somebody on; somebody removed before comes back. Raises Taken when the name is in use."""
        row = self._execute(
            """
            INSERT INTO staff_member (brand_id, name, roles, language, created_at)
            VALUES (:brand, :name, :roles, :language, :now)
            ON CONFLICT (brand_id, name) DO UPDATE
            SET roles = excluded.roles, language = excluded.language, removed_at = NULL
            WHERE staff_member.removed_at IS NOT NULL
            RETURNING *
            """,
            {"brand": brand, "name": name, "roles": roles, "language": language, "now": now},
        ).fetchone()
        if row is None:
            raise Taken("staff_member", name)
        return StaffMember(*row)

    def get(self, staff_member_id: int) -> StaffMember:
        """Return the staff member, removed or not. Raises NotFound."""
        row = self._execute("SELECT * FROM staff_member WHERE id = :id", {"id": staff_member_id}).fetchone()
        if row is None:
            raise NotFound("staff_member", staff_member_id)
        return StaffMember(*row)

    def by_name(self, brand: int, name: str) -> StaffMember | None:
        """Return the staff member of that name, removed or not, or None."""
        row = self._execute(
            "SELECT * FROM staff_member WHERE brand_id = :brand AND name = :name", {"brand": brand, "name": name}
        ).fetchone()
        return StaffMember(*row) if row else None

    def listing(self, brand: int) -> list[StaffMember]:
        """Return who works here now, by name."""
        rows = self._execute(
            "SELECT * FROM staff_member WHERE brand_id = :brand AND removed_at IS NULL ORDER BY name", {"brand": brand}
        ).fetchall()
        return [StaffMember(*row) for row in rows]

    def roles(self, brand: int) -> list[str]:
        """Return the roles of each who works here now, as they are stored: cheaper than the whole list."""
        rows = self._execute(
            "SELECT roles FROM staff_member WHERE brand_id = :brand AND removed_at IS NULL", {"brand": brand}
        ).fetchall()
        return [roles for (roles,) in rows]

    def bound(self, brand: int) -> list[tuple[StaffMember, Address]]:
        """Return everybody who works here and has a chat that we can reach, by name; once for each such chat."""
        rows = self._execute(
            """
            SELECT staff_member.*, address.*
            FROM staff_member JOIN address ON address.staff_member_id = staff_member.id
            WHERE staff_member.brand_id = :brand AND staff_member.removed_at IS NULL
              AND address.kind = 'staff' AND address.unreachable_at IS NULL
            ORDER BY staff_member.name, address.id
            """,
            {"brand": brand},
        ).fetchall()
        width = len(StaffMember.__struct_fields__)
        return [(StaffMember(*row[:width]), Address(*row[width:])) for row in rows]

    def change(self, member: StaffMember) -> None:
        """Write what a staff member may do, knows and works by."""
        self._execute(
            """
            UPDATE staff_member
            SET roles = :roles, team_id = :team, skills = :skills, areas = :areas, speaks = :speaks,
                calendar = :calendar, load_limit = :load_limit, per_case = :per_case, per_day = :per_day,
                offer_kinds = :offer_kinds, authority_ends_at = :authority_ends_at
            WHERE id = :id
            """,
            {
                "id": member.id,
                "roles": member.roles,
                "team": member.team_id,
                "skills": member.skills,
                "areas": member.areas,
                "speaks": member.speaks,
                "calendar": member.calendar,
                "load_limit": member.load_limit,
                "per_case": member.per_case,
                "per_day": member.per_day,
                "offer_kinds": member.offer_kinds,
                "authority_ends_at": member.authority_ends_at,
            },
        )

    def away(self, staff_member_id: int, since: int | None) -> None:
        """Note since when somebody is away; None when they are there again."""
        self._execute(
            "UPDATE staff_member SET away_at = :since WHERE id = :id", {"id": staff_member_id, "since": since}
        )

    def set_language(self, staff_member_id: int, language: str) -> None:
        """Keep the language the staff member reads."""
        self._execute(
            "UPDATE staff_member SET language = :language WHERE id = :id",
            {"id": staff_member_id, "language": language},
        )

    def compose(self, staff_member_id: int, case_id: int, until: int, what: str = "write") -> None:
        """Let the next text of this staff member, until then, be for that case: `what` says what it is."""
        self._execute(
            """
            UPDATE staff_member
            SET composing_case_id = :case, composing_until = :until, composing_what = :what, naming_until = NULL
            WHERE id = :id
            """,
            {"id": staff_member_id, "case": case_id, "until": until, "what": what},
        )

    def await_name(self, staff_member_id: int, until: int) -> None:
        """Let the next text of this staff member, until then, name the customer whom they served."""
        self._execute(
            """
            UPDATE staff_member SET naming_until = :until, composing_case_id = NULL, composing_until = NULL
            WHERE id = :id
            """,
            {"id": staff_member_id, "until": until},
        )

    def compose_survey(self, staff_member_id: int, until: int, what: str) -> None:
        """Let the next text of this staff member, until then, be for the survey that they edit in their chat."""
        self._execute(
            """
            UPDATE staff_member
            SET composing_case_id = NULL, composing_until = :until, composing_what = :what, naming_until = NULL
            WHERE id = :id
            """,
            {"id": staff_member_id, "until": until, "what": what},
        )

    def compose_nothing(self, staff_member_id: int) -> None:
        """Let the next text of this staff member go nowhere by itself."""
        self._execute(
            """
            UPDATE staff_member SET composing_case_id = NULL, composing_until = NULL, naming_until = NULL WHERE id = :id
            """,
            {"id": staff_member_id},
        )

    def remove(self, staff_member_id: int, now: int) -> list[Case]:
        """End somebody's work here: sessions ended, open links dead. Return the open cases they own.

        Give each of those back in the same unit of work: a case's state is the case machine's to change.
        """
        self._execute(
            """
            UPDATE staff_member SET removed_at = COALESCE(removed_at, :now), composing_case_id = NULL,
                                    composing_until = NULL
            WHERE id = :id
            """,
            {"id": staff_member_id, "now": now},
        )
        self._execute(
            "UPDATE session SET ended_at = :now WHERE staff_member_id = :id AND ended_at IS NULL",
            {"id": staff_member_id, "now": now},
        )
        self._execute(
            """
            UPDATE link SET expires_at = :now WHERE staff_member_id = :id AND claimed_at IS NULL AND expires_at > :now
            """,
            {"id": staff_member_id, "now": now},
        )
        rows = self._execute(
            "SELECT * FROM recovery_case WHERE owner_id = :id AND closed_at IS NULL ORDER BY id",
            {"id": staff_member_id},
        ).fetchall()
        return [Case(*row) for row in rows]
