"""Offers: the row whose `state` the offer's machine owns, saved against the revision it was read at."""

from storage.errors import NotFound, Stale
from storage.rows import Row, Table


class OfferRow(Row, frozen=True):
    """A compensation of one case. `worth` is in minor units; `revision` is the row's, not the offer's own.

    `owner_id` is None while it is nobody's but ours.
    """

    id: int
    brand_id: int
    case_id: int
    customer_id: int
    state: str
    stage: str
    kind: str
    worth: int
    currency: str
    what: str
    reason: str
    owner_id: int | None
    revision: int
    created_at: int
    closed_at: int | None


class Offers(Table):
    """Offers by case, by customer, by owner, and those that wait for a yes."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        case_id: int,
        customer_id: int,
        state: str,
        kind: str,
        worth: int,
        currency: str,
        now: int,
        *,
        what: str = "",
        reason: str = "",
        owner_id: int | None = None,
    ) -> OfferRow:
        """Write a new offer, proposed."""
        row = self._execute(
            """
            INSERT INTO offer (brand_id, case_id, customer_id, state, stage, kind, worth, currency, what, reason,
                               owner_id, created_at)
            VALUES (:brand, :case, :customer, :state, 'proposed', :kind, :worth, :currency, :what, :reason,
                    :owner, :now)
            RETURNING *
            """,
            {
                "brand": brand,
                "case": case_id,
                "customer": customer_id,
                "state": state,
                "kind": kind,
                "worth": worth,
                "currency": currency,
                "what": what,
                "reason": reason,
                "owner": owner_id,
                "now": now,
            },
        ).fetchone()
        return OfferRow(*row)

    def get(self, offer_id: int) -> OfferRow:
        """Return the offer. Raises NotFound."""
        row = self._execute("SELECT * FROM offer WHERE id = :id", {"id": offer_id}).fetchone()
        if row is None:
            raise NotFound("offer", offer_id)
        return OfferRow(*row)

    def save(
        self,
        offer_id: int,
        revision: int,
        *,
        state: str,
        stage: str,
        kind: str,
        worth: int,
        currency: str,
        what: str,
        reason: str,
        owner_id: int | None,
        closed_at: int | None,
    ) -> OfferRow:
        """Write the offer against the row's revision that was read. Raises Stale."""
        row = self._execute(
            """
            UPDATE offer
            SET state = :state, stage = :stage, kind = :kind, worth = :worth, currency = :currency, what = :what,
                reason = :reason, owner_id = :owner, closed_at = :closed_at, revision = revision + 1
            WHERE id = :id AND revision = :revision
            RETURNING *
            """,
            {
                "id": offer_id,
                "revision": revision,
                "state": state,
                "stage": stage,
                "kind": kind,
                "worth": worth,
                "currency": currency,
                "what": what,
                "reason": reason,
                "owner": owner_id,
                "closed_at": closed_at,
            },
        ).fetchone()
        if row is None:
            raise Stale("offer", offer_id, revision)
        return OfferRow(*row)

    def of_case(self, case_id: int) -> list[OfferRow]:
        """Return what was offered in a case, oldest first."""
        rows = self._execute("SELECT * FROM offer WHERE case_id = :case ORDER BY id", {"case": case_id}).fetchall()
        return [OfferRow(*row) for row in rows]

    def of_customer(self, customer_id: int) -> list[OfferRow]:
        """Return what a customer was ever offered, oldest first."""
        rows = self._execute(
            "SELECT * FROM offer WHERE customer_id = :customer ORDER BY id", {"customer": customer_id}
        ).fetchall()
        return [OfferRow(*row) for row in rows]

    def give(self, case_id: int, customer_id: int) -> None:
        """Say that what was offered in a case was offered to another customer."""
        self._execute(
            "UPDATE offer SET customer_id = :customer WHERE case_id = :case", {"case": case_id, "customer": customer_id}
        )

    def awaiting(self, brand: int, limit: int = 100) -> list[OfferRow]:
        """Return the offers that wait for a yes, oldest first."""
        rows = self._execute(
            "SELECT * FROM offer WHERE brand_id = :brand AND stage = 'awaiting' ORDER BY id LIMIT :limit",
            {"brand": brand, "limit": limit},
        ).fetchall()
        return [OfferRow(*row) for row in rows]

    def open_of(self, staff_member_id: int) -> list[OfferRow]:
        """Return the offers in which somebody has a part and something is still to happen. Reads every open one."""
        rows = self._execute(
            "SELECT * FROM offer WHERE closed_at IS NULL AND (owner_id = :staff OR stage = 'awaiting') ORDER BY id",
            {"staff": staff_member_id},
        ).fetchall()
        return [OfferRow(*row) for row in rows]

    def in_other_currencies(self, brand: int, currency: str) -> list[tuple[str, int]]:
        """Return each other currency in which offers are on their way to a yes, with how many those are."""
        rows = self._execute(
            """
            SELECT currency, COUNT(*) FROM offer
            WHERE brand_id = :brand AND closed_at IS NULL AND currency <> :currency AND worth > 0
              AND stage IN ('awaiting', 'approved', 'put')
            GROUP BY currency ORDER BY currency
            """,
            {"brand": brand, "currency": currency},
        ).fetchall()
        return [(str(row[0]), int(row[1])) for row in rows]

    def page(self, brand: int, after: int, limit: int) -> list[OfferRow]:
        """Return offers in the order in which they were made, from behind one."""
        rows = self._execute(
            "SELECT * FROM offer WHERE brand_id = :brand AND id > :after ORDER BY id LIMIT :limit",
            {"brand": brand, "after": after, "limit": limit},
        ).fetchall()
        return [OfferRow(*row) for row in rows]
