"""The ledger's lines: only ever added, each under the next number of its brand."""

from storage.rows import Row, Table


class LedgerLine(Row, frozen=True):
    """One movement of one offer's money, as `recovery.ledgers.Entry` has it. `day` is days since 1970-01-01."""

    brand_id: int
    number: int
    movement: str
    offer_id: int
    worth: int
    currency: str
    case_number: int
    team_id: int
    staff_member_id: int
    ground: str
    day: int
    at: int
    digest: str


class Ledger(Table):
    """The newest line, and an offer's newest: all that the next one is made from."""

    __slots__ = ()

    def newest(self, brand: int) -> LedgerLine | None:
        """Return the newest line of a brand, None when there is none."""
        row = self._execute(
            "SELECT * FROM ledger_entry WHERE brand_id = :brand ORDER BY number DESC LIMIT 1", {"brand": brand}
        ).fetchone()
        return LedgerLine(*row) if row else None

    def newest_of(self, offer_id: int) -> LedgerLine | None:
        """Return the newest line of an offer, None when it is not in the books."""
        row = self._execute(
            "SELECT * FROM ledger_entry WHERE offer_id = :offer ORDER BY number DESC LIMIT 1", {"offer": offer_id}
        ).fetchone()
        return LedgerLine(*row) if row else None

    def add(self, line: LedgerLine) -> None:
        """Add a line. A number that is in use is an integrity error: nobody writes over what was written."""
        self._execute(
            """
            INSERT INTO ledger_entry (brand_id, number, movement, offer_id, worth, currency, case_number, team_id,
                                      staff_member_id, ground, day, at, digest)
            VALUES (:brand, :number, :movement, :offer, :worth, :currency, :case, :team, :staff, :ground, :day, :at,
                    :digest)
            """,
            {
                "brand": line.brand_id,
                "number": line.number,
                "movement": line.movement,
                "offer": line.offer_id,
                "worth": line.worth,
                "currency": line.currency,
                "case": line.case_number,
                "team": line.team_id,
                "staff": line.staff_member_id,
                "ground": line.ground,
                "day": line.day,
                "at": line.at,
                "digest": line.digest,
            },
        )

    def thanked(self, case_id: int) -> bool:
        """Return whether a thank-you of that case stands: it was reserved, and not released since."""
        row = self._execute(
            """
            SELECT 1 FROM offer
            WHERE case_id = :case AND 'thanks' = (
                SELECT CASE movement WHEN 'released' THEN '' ELSE ground END FROM ledger_entry
                WHERE offer_id = offer.id ORDER BY number DESC LIMIT 1
            )
            LIMIT 1
            """,
            {"case": case_id},
        ).fetchone()
        return row is not None

    def page(self, brand: int, after: int, limit: int) -> list[LedgerLine]:
        """Return lines in their order, from behind a number."""
        rows = self._execute(
            "SELECT * FROM ledger_entry WHERE brand_id = :brand AND number > :after ORDER BY number LIMIT :limit",
            {"brand": brand, "after": after, "limit": limit},
        ).fetchall()
        return [LedgerLine(*row) for row in rows]
