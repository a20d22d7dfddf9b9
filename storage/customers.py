"""Customers: whoever received a service, under the business's own reference."""

from typing import Final

from storage.errors import NotFound
from storage.rows import Row, Table

_OF_A_CUSTOMER: Final = (
    "address",
    "conversation",
    "feedback",
    "invitation",
    "link",
    "media",
    "recovery_case",
    "service_event",
    "task",
    "phone_call",
    "offer",
)
"""The tables whose rows belong to a customer, besides whom a chat speaks for."""


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

    def unmix(self, customer_id: int, since: int, consented_at: int | None) -> None:
        """Forget what somebody else said for a customer since then: consent, opt-out, and that they were asked.

        `consented_at` is when that other person agreed, which may have been before.
        """
        self._execute(
            """
            UPDATE customer
            SET consent_version = CASE WHEN consented_at >= :since OR consented_at = CAST(:consented_at AS BIGINT)
                                       THEN NULL ELSE consent_version END,
                consented_at = CASE WHEN consented_at >= :since OR consented_at = CAST(:consented_at AS BIGINT)
                                    THEN NULL ELSE consented_at END,
                opted_out_at = CASE WHEN opted_out_at >= :since THEN NULL ELSE opted_out_at END,
                last_asked_at = (
                    SELECT MAX(decided_at) FROM invitation WHERE customer_id = :id AND state = 'sent'
                ),
                last_proactive_at = CASE WHEN last_proactive_at < :since THEN last_proactive_at END
            WHERE id = :id
            """,
            {"id": customer_id, "since": since, "consented_at": consented_at},
        )

    def set_language(self, customer_id: int, language: str) -> None:
        """Keep the language the customer chose."""
        self._execute(
            "UPDATE customer SET language = :language WHERE id = :id", {"id": customer_id, "language": language}
        )

    def reached_by(self, customer_id: int, phone: str | None, email: str | None) -> None:
        """Note how the customer wants to be reached; what is None stays as it was."""
        self._execute(
            """
            UPDATE customer
            SET phone = COALESCE(CAST(:phone AS TEXT), phone), email = COALESCE(CAST(:email AS TEXT), email)
            WHERE id = :id
            """,
            {"id": customer_id, "phone": phone, "email": email},
        )

    def keep(
        self,
        customer_id: int,
        *,
        name: str | None,
        language: str | None,
        zone: str | None,
        email: str | None,
        phone: str | None,
        more: str | None,
    ) -> None:
        """Keep what the business says of the customer, in place of all that was known; None is forgotten."""
        self._execute(
            """
            UPDATE customer SET name = :name, language = :language, zone = :zone, email = :email, phone = :phone,
                                more = COALESCE(CAST(:more AS TEXT), '{}')
            WHERE id = :id
            """,
            {
                "id": customer_id,
                "name": name,
                "language": language,
                "zone": zone,
                "email": email,
                "phone": phone,
                "more": more,
            },
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
        for table in _OF_A_CUSTOMER:
            self._execute(
                f"UPDATE {table} SET customer_id = :to WHERE customer_id = :from",  # noqa: S608 - the names above
                {"from": from_id, "to": to_id},
            )
        self._execute(
            """
            INSERT INTO chat_customer (address_id, customer_id, link_id, since_at)
            SELECT address_id, :to, link_id, since_at FROM chat_customer WHERE customer_id = :from
            ON CONFLICT (address_id, customer_id) DO NOTHING
            """,
            {"from": from_id, "to": to_id},
        )
        self._execute("DELETE FROM chat_customer WHERE customer_id = :from", {"from": from_id})
        consent = kept if kept.consented_at is not None else known
        self._execute(
            """
            UPDATE customer SET name = :name, language = :language, consented_at = :consented_at,
                                consent_version = :consent_version, opted_out_at = :opted_out_at,
                                last_asked_at = :last_asked_at, last_proactive_at = :last_proactive_at,
                                email = :email, phone = :phone
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
                "email": kept.email or known.email,
                "phone": kept.phone or known.phone,
            },
        )


def _later(one: int | None, other: int | None) -> int | None:
    return max((at for at in (one, other) if at is not None), default=None)
