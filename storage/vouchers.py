"""Vouchers: codes that are worth something, each given out once and redeemed once."""

from collections.abc import Iterable

from storage.rows import Row, Table


class Voucher(Row, frozen=True):
    """A code. `pool` is the import it came with, empty for one that was made; `worth` None is what its offer says.

    It is free while `offer_id` is None. `redeemed_key` is the hashed key under which a caller redeemed it. Both it and
    `redeemed_by` stay when a redemption is taken back and `redeemed_at` is None again: a request of then that arrives
    once more is known by them.
    """

    id: int
    brand_id: int
    code: str
    pool: str
    kind: str
    worth: int | None
    currency: str | None
    offer_id: int | None
    issued_at: int | None
    valid_until: int | None
    redeemed_at: int | None
    redeemed_by: str | None
    redeemed_key: str | None
    created_at: int


class Vouchers(Table):
    """Codes by themselves, by offer, and those that are free."""

    __slots__ = ()

    def take_in(
        self, brand: int, codes: Iterable[str], pool: str, kind: str, worth: int | None, currency: str | None, now: int
    ) -> list[str]:
        """Keep imported codes; return those that were here before, which stay as they are."""
        return [code for code in codes if not self._add(brand, code, pool, kind, worth, currency, now)]

    def _add(
        self, brand: int, code: str, pool: str, kind: str, worth: int | None, currency: str | None, now: int
    ) -> bool:
        added = self._insert(
            """
            INSERT INTO voucher (brand_id, code, pool, kind, worth, currency, created_at)
            VALUES (:brand, :code, :pool, :kind, :worth, :currency, :now)
            ON CONFLICT (brand_id, code) DO NOTHING
            RETURNING id
            """,
            {
                "brand": brand,
                "code": code,
                "pool": pool,
                "kind": kind,
                "worth": worth,
                "currency": currency,
                "now": now,
            },
        )
        return added is not None

    def give_free(
        self, brand: int, kind: str, worth: int, currency: str, offer_id: int, until: int, now: int
    ) -> Voucher | None:
        """Give a free imported code of that kind and worth to an offer, the oldest first; None when there is none.

        One that was imported without a worth fits every offer of its kind, after those that say the same.
        """
        row = self._execute(
            """
            UPDATE voucher SET offer_id = :offer, issued_at = :now, valid_until = :until
            WHERE id = (
                SELECT id FROM voucher
                WHERE brand_id = :brand AND kind = :kind AND offer_id IS NULL AND redeemed_at IS NULL
                  AND (worth IS NULL OR (worth = :worth AND currency = :currency))
                ORDER BY worth IS NULL, id LIMIT 1
            )
            RETURNING *
            """,
            {
                "brand": brand,
                "kind": kind,
                "worth": worth,
                "currency": currency,
                "offer": offer_id,
                "until": until,
                "now": now,
            },
        ).fetchone()
        return Voucher(*row) if row else None

    def has_free(self, brand: int, kind: str, worth: int, currency: str) -> bool:
        """Return whether a code of that kind and worth is free."""
        row = self._execute(
            """
            SELECT 1 FROM voucher
            WHERE brand_id = :brand AND kind = :kind AND offer_id IS NULL
              AND (worth IS NULL OR (worth = :worth AND currency = :currency))
            LIMIT 1
            """,
            {"brand": brand, "kind": kind, "worth": worth, "currency": currency},
        ).fetchone()
        return row is not None

    def make(
        self, brand: int, code: str, kind: str, worth: int, currency: str, offer_id: int, until: int, now: int
    ) -> Voucher | None:
        """Keep a code that was made for an offer; None when that code is in use."""
        row = self._execute(
            """
            INSERT INTO voucher (brand_id, code, kind, worth, currency, offer_id, issued_at, valid_until, created_at)
            VALUES (:brand, :code, :kind, :worth, :currency, :offer, :now, :until, :now)
            ON CONFLICT (brand_id, code) DO NOTHING
            RETURNING *
            """,
            {
                "brand": brand,
                "code": code,
                "kind": kind,
                "worth": worth,
                "currency": currency,
                "offer": offer_id,
                "until": until,
                "now": now,
            },
        ).fetchone()
        return Voucher(*row) if row else None

    def by_code(self, brand: int, code: str) -> Voucher | None:
        """Return the voucher of exactly that code, or None."""
        row = self._execute(
            "SELECT * FROM voucher WHERE brand_id = :brand AND code = :code", {"brand": brand, "code": code}
        ).fetchone()
        return Voucher(*row) if row else None

    def of_offer(self, offer_id: int) -> Voucher | None:
        """Return the voucher that was given for an offer, or None."""
        row = self._execute("SELECT * FROM voucher WHERE offer_id = :offer", {"offer": offer_id}).fetchone()
        return Voucher(*row) if row else None

    def redeem(self, voucher_id: int, now: int, by: str, key: str | None) -> bool:
        """Mark a code as redeemed. False: it was before."""
        return (
            self._execute(
                """
                UPDATE voucher SET redeemed_at = :now, redeemed_by = :by, redeemed_key = :key
                WHERE id = :id AND redeemed_at IS NULL
                """,
                {"id": voucher_id, "now": now, "by": by, "key": key},
            ).rowcount
            == 1
        )

    def give_back(self, voucher_id: int, until: int) -> bool:
        """Take the redemption of a code back; it is good until that moment. False: it is not redeemed."""
        return (
            self._execute(
                """
                UPDATE voucher SET redeemed_at = NULL, valid_until = :until
                WHERE id = :id AND redeemed_at IS NOT NULL
                """,
                {"id": voucher_id, "until": until},
            ).rowcount
            == 1
        )

    def listing(self, brand: int, limit: int, after: int = 0) -> list[Voucher]:
        """Return codes in the order in which they came, from behind one."""
        rows = self._execute(
            "SELECT * FROM voucher WHERE brand_id = :brand AND id > :after ORDER BY id LIMIT :limit",
            {"brand": brand, "after": after, "limit": limit},
        ).fetchall()
        return [Voucher(*row) for row in rows]

    def pools(self, brand: int) -> list[tuple[str, str, int, int]]:
        """Return pool, kind, how many codes of it are free, and how many there are, by name."""
        rows = self._execute(
            """
            SELECT pool, kind, SUM(CASE WHEN offer_id IS NULL THEN 1 ELSE 0 END), COUNT(*)
            FROM voucher WHERE brand_id = :brand GROUP BY pool, kind ORDER BY pool, kind
            """,
            {"brand": brand},
        ).fetchall()
        return [(str(row[0]), str(row[1]), int(row[2]), int(row[3])) for row in rows]
