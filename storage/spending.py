"""What is held against each limit, so that weighing an offer reads one row a limit and never the ledger.

The condition stands in the statement that adds, so two who add at once cannot both fit where one does; the table's
CHECK is the last wall behind it.
"""

from typing import Literal

from storage.rows import Row, Table

Scope = Literal["case", "person_day", "team_month"]


class SpendingRow(Row, frozen=True):
    """What is held against one limit, in minor units; `most` is the limit when something was last added."""

    brand_id: int
    scope: str
    subject: int
    period: int
    currency: str
    held: int
    most: int


class Spending(Table):
    """Sums by scope, subject, period and currency."""

    __slots__ = ()

    def held(self, brand: int, scope: Scope, subject: int, period: int, currency: str) -> int:
        """Return what is held against a limit, 0 when nothing ever was."""
        row = self._execute(
            """
            SELECT held FROM spending
            WHERE brand_id = :brand AND scope = :scope AND subject = :subject AND period = :period
              AND currency = :currency
            """,
            {"brand": brand, "scope": scope, "subject": subject, "period": period, "currency": currency},
        ).fetchone()
        return int(row[0]) if row else 0

    def hold(self, brand: int, scope: Scope, subject: int, period: int, currency: str, amount: int, most: int) -> bool:
        """Hold that much more against a limit. False: it would be more than `most`, and nothing changed."""
        return (
            self._execute(
                """
                INSERT INTO spending (brand_id, scope, subject, period, currency, held, most)
                SELECT :brand, :scope, :subject, :period, :currency, :amount, :most
                WHERE CAST(:amount AS BIGINT) <= CAST(:most AS BIGINT)
                ON CONFLICT (brand_id, scope, subject, period, currency) DO UPDATE
                SET held = spending.held + excluded.held, most = excluded.most
                WHERE spending.held + excluded.held <= excluded.most
                """,
                {
                    "brand": brand,
                    "scope": scope,
                    "subject": subject,
                    "period": period,
                    "currency": currency,
                    "amount": amount,
                    "most": most,
                },
            ).rowcount
            == 1
        )

    def free(self, brand: int, scope: Scope, subject: int, period: int, currency: str, amount: int) -> bool:
        """Hold that much less. The limit stands as it was, so one that was lowered since is in nobody's way."""
        return (
            self._execute(
                """
                UPDATE spending SET held = held - :amount
                WHERE brand_id = :brand AND scope = :scope AND subject = :subject AND period = :period
                  AND currency = :currency
                """,
                {
                    "brand": brand,
                    "scope": scope,
                    "subject": subject,
                    "period": period,
                    "currency": currency,
                    "amount": amount,
                },
            ).rowcount
            == 1
        )

    def listing(self, brand: int) -> list[SpendingRow]:
        """Return every sum there is."""
        rows = self._execute(
            "SELECT * FROM spending WHERE brand_id = :brand ORDER BY scope, subject, period, currency",
            {"brand": brand},
        ).fetchall()
        return [SpendingRow(*row) for row in rows]
