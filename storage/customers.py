"""Customers: whoever received a service, under the business's own reference."""

from storage.errors import NotFound
from storage.rows import Row, Table


class Customer(Row, frozen=True):
    """A customer. `more` is a JSON object of further facts for templates; None means not known."""

    id: int
    brand_id: int
    reference: str
    name: str | None
    language: str | None
    zone: str | None
    more: str
    consented_at: int | None
    consent_version: str | None
    opted_out_at: int | None
    last_asked_at: int | None
    last_proactive_at: int | None
    created_at: int
    email: str | None = None
    phone: str | None = None


class Customers(Table):
    """Customers by their reference, and what contact rules need to know of them."""

    __slots__ = ()

    def get(self, customer_id: int) -> Customer:
        """Return the customer. Raises NotFound."""
        row = self._execute("SELECT * FROM customer WHERE id = :id", {"id": customer_id}).fetchone()
        if row is None:
            raise NotFound("customer", customer_id)
        return Customer(*row)

    def by_reference(self, brand: int, reference: str) -> Customer | None:
        """Return the customer whom the business calls `reference`, or None."""
        row = self._execute(
            "SELECT * FROM customer WHERE brand_id = :brand AND reference = :reference",
            {"brand": brand, "reference": reference},
        ).fetchone()
        return Customer(*row) if row else None

    def ensure(
        self,
        brand: int,
        reference: str,
        now: int,
        name: str | None = None,
        language: str | None = None,
        zone: str | None = None,
        more: str | None = None,
    ) -> Customer:
        """Return the customer of that reference, made if new, with the facts that were given (not None) set."""
        row = self._execute(
            """
            INSERT INTO customer (brand_id, reference, name, language, zone, more, created_at)
            VALUES (:brand, :reference, :name, :language, :zone, COALESCE(CAST(:more AS TEXT), '{}'), :now)
            ON CONFLICT (brand_id, reference) DO UPDATE
            SET name = COALESCE(excluded.name, customer.name),
                language = COALESCE(excluded.language, customer.language),
                zone = COALESCE(excluded.zone, customer.zone),
                more = COALESCE(CAST(:more AS TEXT), customer.more)
            RETURNING *
            """,
            {
                "brand": brand,
                "reference": reference,
                "name": name,
                "language": language,
                "zone": zone,
                "more": more,
                "now": now,
            },
        ).fetchone()
        return Customer(*row)

    def opt_out(self, customer_id: int, now: int) -> None:
        """Record that the customer wants no more questions; the first moment stands."""
        self._execute(
            "UPDATE customer SET opted_out_at = COALESCE(opted_out_at, :now) WHERE id = :id",
            {"id": customer_id, "now": now},
        )

    def opt_in(self, customer_id: int) -> None:
        """Record that the customer may be asked again."""
        self._execute("UPDATE customer SET opted_out_at = NULL WHERE id = :id", {"id": customer_id})

    def consent(self, customer_id: int, now: int, version: str) -> None:
        """Record consent to that version of the privacy notice."""
        self._execute(
            "UPDATE customer SET consented_at = :now, consent_version = :version WHERE id = :id",
            {"id": customer_id, "now": now, "version": version},
        )

    def asked(self, customer_id: int, now: int) -> None:
        """Record that an invitation was sent: it counts as asked and as begun by us."""
        self._execute(
            "UPDATE customer SET last_asked_at = :now, last_proactive_at = :now WHERE id = :id",
            {"id": customer_id, "now": now},
        )

    def began(self, customer_id: int, now: int) -> None:
        """Record a message that we began and that is no invitation: a follow-up, a notice."""
        self._execute("UPDATE customer SET last_proactive_at = :now WHERE id = :id", {"id": customer_id, "now": now})

    def set_language(self, customer_id: int, language: str) -> None:
        """Keep the language the customer chose."""
        self._execute(
            "UPDATE customer SET language = :language WHERE id = :id", {"id": customer_id, "language": language}
        )

    def rename(self, customer_id: int, name: str) -> None:
        """Keep what the customer is called."""
        self._execute("UPDATE customer SET name = :name WHERE id = :id", {"id": customer_id, "name": name})

    def merge(self, from_id: int, to_id: int) -> None:
        """Give all that one customer has to another, because both are the same person; the record itself stays.

        An opt-out and a consent hold on, and what `to_id` lacks is taken over. Of two open cases the caller ends
        one first: two open ones of a customer are an integrity error. Raises NotFound.
        """
        known, kept = self.get(from_id), self.get(to_id)
        for table in ("address", "conversation", "invitation", "link", "recovery_case", "service_event"):
            self._execute(
                f"UPDATE {table} SET customer_id = :to WHERE customer_id = :from",  # noqa: S608 - the names above
                {"from": from_id, "to": to_id},
            )
        consent = kept if kept.consented_at is not None else known
        self._execute(
            """
            UPDATE customer SET name = :name, language = :language, consented_at = :consented_at,
                                consent_version = :consent_version, opted_out_at = :opted_out_at,
                                last_asked_at = :last_asked_at, last_proactive_at = :last_proactive_at
            WHERE id = :id
            """,
            {
                "id": to_id,
                "name": kept.name or known.name,
                "language": kept.language or known.language,
                "consented_at": consent.consented_at,
                "consent_version": consent.consent_version,
                "opted_out_at": kept.opted_out_at or known.opted_out_at,
                "last_asked_at": _later(kept.last_asked_at, known.last_asked_at),
                "last_proactive_at": _later(kept.last_proactive_at, known.last_proactive_at),
            },
        )


def _later(one: int | None, other: int | None) -> int | None:
    return max((at for at in (one, other) if at is not None), default=None)
