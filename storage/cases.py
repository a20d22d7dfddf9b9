"""Recovery cases: the row whose `state` the case machine owns."""

from typing import Final

from storage.errors import NotFound, Stale
from storage.rows import Row, Table

TAKEN: Final = "cases.taken"
"""The fact up to which case numbers were given out and lost again: after a restore, old messages still name them."""


class Case(Row, frozen=True):
    """The work opened for one unhappy response. `number` counts per brand; `urgent` is 0 or 1."""

    id: int
    brand_id: int
    number: int
    customer_id: int
    address_id: int
    conversation_id: int | None
    service_event_id: int | None
    touchpoint: str | None
    cause: str
    urgent: int
    rating_question: str | None
    rating: int | None
    state: str
    stage: str
    owner_id: int | None
    revision: int
    outcome: str | None
    opened_at: int
    closed_at: int | None
    severity: int = 2
    skill: str | None = None
    area: str | None = None
    team_id: int | None = None
    assignee_id: int | None = None
    plan: str = "short"
    root_cause: str | None = None
    first_contact_at: int | None = None
    resolved_at: int | None = None
    contacts: int = 0
    reopened: int = 0
    on_the_spot: int | None = None
    rating_after: int | None = None
    rating_after_on: str | None = None
    told_by: str | None = None


class Cases(Table):
    """Recovery cases. At most one of a customer is open."""

    __slots__ = ()

    def open(
        self,
        brand: int,
        customer_id: int,
        address_id: int,
        cause: str,
        state: str,
        stage: str,
        now: int,
        *,
        conversation_id: int | None = None,
        service_event_id: int | None = None,
        touchpoint: str | None = None,
        urgent: bool = False,
        rating_question: str | None = None,
        rating: int | None = None,
        severity: int = 2,
        skill: str | None = None,
        plan: str = "short",
    ) -> Case:
        """Open a case under the brand's next number. A second open case of the customer is an integrity error."""
        row = self._execute(
            """
            INSERT INTO recovery_case (brand_id, number, customer_id, address_id, conversation_id, service_event_id,
                                       touchpoint, cause, urgent, rating_question, rating, state, stage, opened_at,
                                       severity, skill, plan)
            VALUES (:brand,
                    (SELECT MAX(taken) + 1 FROM (
                        SELECT COALESCE(MAX(number), 0) AS taken FROM recovery_case WHERE brand_id = :brand
                        UNION ALL
                        SELECT CAST(value AS BIGINT) FROM fact WHERE brand_id = :brand AND name = :taken
                    ) AS numbers),
                    :customer, :address, :conversation, :service_event, :touchpoint, :cause, :urgent,
                    :rating_question, :rating, :state, :stage, :now, :severity, :skill, :plan)
            RETURNING *
            """,
            {
                "brand": brand,
                "taken": TAKEN,
                "customer": customer_id,
                "address": address_id,
                "conversation": conversation_id,
                "service_event": service_event_id,
                "touchpoint": touchpoint,
                "cause": cause,
                "urgent": int(urgent),
                "rating_question": rating_question,
                "rating": rating,
                "state": state,
                "stage": stage,
                "now": now,
                "severity": severity,
                "skill": skill,
                "plan": plan,
            },
        ).fetchone()
        return Case(*row)

    def get(self, case_id: int) -> Case:
        """Return the case. Raises NotFound."""
        row = self._execute("SELECT * FROM recovery_case WHERE id = :id", {"id": case_id}).fetchone()
        if row is None:
            raise NotFound("recovery_case", case_id)
        return Case(*row)

    def newest_number(self, brand: int) -> int:
        """Return the highest number that a case has, 0 when there is none."""
        row = self._execute(
            "SELECT COALESCE(MAX(number), 0) FROM recovery_case WHERE brand_id = :brand", {"brand": brand}
        ).fetchone()
        return int(row[0])

    def by_number(self, brand: int, number: int) -> Case | None:
        """Return the case that people call by that number, or None."""
        row = self._execute(
            "SELECT * FROM recovery_case WHERE brand_id = :brand AND number = :number",
            {"brand": brand, "number": number},
        ).fetchone()
        return Case(*row) if row else None

    def open_of(self, customer_id: int) -> Case | None:
        """Return the customer's open case, or None; one that is settled is over for the customer."""
        case = self.unclosed_of(customer_id)
        return case if case is not None and case.stage != "settled" else None

    def unclosed_of(self, customer_id: int) -> Case | None:
        """Return the one case of the customer that is not closed, settled or not, or None."""
        row = self._execute(
            "SELECT * FROM recovery_case WHERE customer_id = :customer AND closed_at IS NULL",
            {"customer": customer_id},
        ).fetchone()
        return Case(*row) if row else None

    def weigh(self, case_id: int, severity: int, skill: str | None) -> Case:
        """Write down how severe a case is and what it needs, and return it. It is no part of the state."""
        row = self._execute(
            "UPDATE recovery_case SET severity = :severity, skill = :skill WHERE id = :id RETURNING *",
            {"id": case_id, "severity": severity, "skill": skill},
        ).fetchone()
        return Case(*row)

    def at(self, address_id: int, customer_id: int) -> list[Case]:
        """Return a customer's cases that were opened in one chat, oldest first."""
        rows = self._execute(
            "SELECT * FROM recovery_case WHERE customer_id = :customer AND address_id = :address ORDER BY id",
            {"address": address_id, "customer": customer_id},
        ).fetchall()
        return [Case(*row) for row in rows]

    def give(self, case_id: int, customer_id: int) -> None:
        """Say that a case is another customer's. A second open one of theirs is an integrity error."""
        self._execute(
            "UPDATE recovery_case SET customer_id = :customer WHERE id = :id", {"id": case_id, "customer": customer_id}
        )

    def open_ones(self, brand: int, limit: int) -> list[Case]:
        """Return the cases that are not closed, the gravest first, then the longest waiting."""
        rows = self._execute(
            """
            SELECT * FROM recovery_case WHERE brand_id = :brand AND closed_at IS NULL
            ORDER BY urgent DESC, severity DESC, opened_at, id LIMIT :limit
            """,
            {"brand": brand, "limit": limit},
        ).fetchall()
        return [Case(*row) for row in rows]

    def held_by(self, staff_member_id: int) -> list[Case]:
        """Return the open cases that somebody has taken or was given, oldest first."""
        rows = self._execute(
            """
            SELECT * FROM recovery_case
            WHERE closed_at IS NULL AND (owner_id = :staff_member OR assignee_id = :staff_member)
            ORDER BY id
            """,
            {"staff_member": staff_member_id},
        ).fetchall()
        return [Case(*row) for row in rows]

    def newest_of(self, customer_id: int) -> Case | None:
        """Return the customer's newest case, open or closed, or None."""
        row = self._execute(
            "SELECT * FROM recovery_case WHERE customer_id = :customer ORDER BY id DESC LIMIT 1",
            {"customer": customer_id},
        ).fetchone()
        return Case(*row) if row else None

    def save(
        self,
        case_id: int,
        revision: int,
        *,
        state: str,
        stage: str,
        owner_id: int | None,
        urgent: bool,
        outcome: str | None = None,
        closed_at: int | None = None,
        root_cause: str | None = None,
    ) -> int:
        """Write the case against the revision it was read at, and return the new one. Raises Stale."""
        changed = self._execute(
            """
            UPDATE recovery_case
            SET state = :state, stage = :stage, owner_id = :owner, urgent = :urgent, outcome = :outcome,
                closed_at = :closed_at, root_cause = :root_cause, revision = revision + 1
            WHERE id = :id AND revision = :revision
            """,
            {
                "id": case_id,
                "revision": revision,
                "state": state,
                "stage": stage,
                "owner": owner_id,
                "urgent": int(urgent),
                "outcome": outcome,
                "closed_at": closed_at,
                "root_cause": root_cause,
            },
        ).rowcount
        if changed == 0:
            raise Stale("recovery_case", case_id, revision)
        return revision + 1

    def keep_effect(
        self,
        case_id: int,
        *,
        first_contact_at: int | None = None,
        resolved_at: int | None = None,
        contacts: int | None = None,
        reopened: int | None = None,
        on_the_spot: bool | None = None,
        rating_after: int | None = None,
        rating_after_on: str | None = None,
        told_by: str | None = None,
    ) -> None:
        """Write down what a case took and what came of it; None leaves what is there. It is no part of the state."""
        self._execute(
            """
            UPDATE recovery_case
            SET first_contact_at = COALESCE(CAST(:first_contact_at AS BIGINT), first_contact_at),
                resolved_at = COALESCE(CAST(:resolved_at AS BIGINT), resolved_at),
                contacts = COALESCE(CAST(:contacts AS BIGINT), contacts),
                reopened = COALESCE(CAST(:reopened AS BIGINT), reopened),
                on_the_spot = COALESCE(CAST(:on_the_spot AS BIGINT), on_the_spot),
                rating_after = COALESCE(CAST(:rating_after AS BIGINT), rating_after),
                rating_after_on = COALESCE(CAST(:rating_after_on AS TEXT), rating_after_on),
                told_by = COALESCE(CAST(:told_by AS TEXT), told_by)
            WHERE id = :id
            """,
            {
                "id": case_id,
                "first_contact_at": first_contact_at,
                "resolved_at": resolved_at,
                "contacts": contacts,
                "reopened": reopened,
                "on_the_spot": None if on_the_spot is None else int(on_the_spot),
                "rating_after": rating_after,
                "rating_after_on": rating_after_on,
                "told_by": told_by,
            },
        )

    def listing(self, brand: int, stage: str | None = None, limit: int = 100) -> list[Case]:
        """Return cases in a stage, or in any (None), newest first."""
        rows = self._execute(
            """
            SELECT * FROM recovery_case
            WHERE brand_id = :brand AND (CAST(:stage AS TEXT) IS NULL OR stage = CAST(:stage AS TEXT))
            ORDER BY number DESC LIMIT :limit
            """,
            {"brand": brand, "stage": stage, "limit": limit},
        ).fetchall()
        return [Case(*row) for row in rows]
