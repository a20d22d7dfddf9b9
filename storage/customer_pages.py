"""Customers as a page shows them: found by name, reference or telephone, and one history of everything that is known.

`seen_by` is the team of whoever looks, None for who sees all: a team sees the customers of whom it, or nobody's team,
has or had a case.
"""

from storage.case_lists import within
from storage.rows import Row, Table


class FoundCustomer(Row, frozen=True):
    """A customer in a list."""

    id: int
    name: str | None
    reference: str
    phone: str | None
    opted_out_at: int | None
    cases: int
    standing: int
    last_asked_at: int | None


class PastEvent(Row, frozen=True):
    """A service event of a customer, and what became of the invitation to say how it was."""

    id: int
    touchpoint: str
    subject: str
    occurred_at: int
    cancelled: int
    served_by: str | None
    invitation: str | None
    reason: str | None


class PastTalk(Row, frozen=True):
    """A conversation with a customer."""

    id: int
    purpose: str
    survey_version_id: int | None
    touchpoint: str | None
    outcome: str | None
    opened_at: int
    variant: str | None


class PastAnswer(Row, frozen=True):
    """What a customer answered in a conversation."""

    conversation_id: int
    question: str
    role: str
    kind: str
    number: int | None
    raw: str
    at: int


class PastCase(Row, frozen=True):
    """A case of a customer."""

    number: int
    team_id: int | None
    stage: str
    outcome: str | None
    cause: str
    opened_at: int
    closed_at: int | None


class PastOffer(Row, frozen=True):
    """An offer to a customer, with its voucher when there is one."""

    case_number: int
    team_id: int | None
    stage: str
    kind: str
    worth: int
    currency: str
    what: str
    created_at: int
    redeemed_at: int | None
    valid_until: int | None


class PastComment(Row, frozen=True):
    """What was said elsewhere."""

    kind: str
    source: str
    text: str
    occurred_at: int


class CustomerPages(Table):
    """Reading customers for pages."""

    __slots__ = ()

    def page(self, brand: int, words: str, seen_by: int | None, before: int | None, limit: int) -> list[FoundCustomer]:
        """Return the customers that fit, the newest first, known before the one with the id `before`."""
        rows = self._execute(
            """
            SELECT customer.id, customer.name, customer.reference, customer.phone, customer.opted_out_at,
                   (SELECT COUNT(*) FROM recovery_case WHERE recovery_case.customer_id = customer.id),
                   (SELECT COUNT(*) FROM recovery_case
                    WHERE recovery_case.customer_id = customer.id AND recovery_case.closed_at IS NULL),
                   customer.last_asked_at
            FROM customer
            WHERE customer.brand_id + 0 = :brand AND customer.reference <> 'nobody:anonymous'
              AND (CAST(:before AS BIGINT) IS NULL OR customer.id < CAST(:before AS BIGINT))
              AND (CAST(:words AS TEXT) IS NULL
                   OR LOWER(customer.name) LIKE CAST(:words AS TEXT) ESCAPE '!'
                   OR LOWER(customer.reference) LIKE CAST(:words AS TEXT) ESCAPE '!'
                   OR REPLACE(REPLACE(REPLACE(customer.phone, ' ', ''), '-', ''), '/', '')
                      LIKE CAST(:figures AS TEXT) ESCAPE '!')
              AND (CAST(:seen_by AS BIGINT) IS NULL OR EXISTS (
                   SELECT 1 FROM recovery_case WHERE recovery_case.customer_id = customer.id
                     AND (recovery_case.team_id IS NULL OR recovery_case.team_id = CAST(:seen_by AS BIGINT))))
            ORDER BY customer.id DESC LIMIT :limit
            """,
            {
                "brand": brand,
                "words": within(words),
                "figures": _figures(words),
                "seen_by": seen_by,
                "before": before,
                "limit": limit,
            },
        ).fetchall()
        return [FoundCustomer(*row) for row in rows]

    def may_see(self, brand: int, customer_id: int, seen_by: int | None) -> bool:
        """Return whether there is such a customer whom this team sees."""
        row = self._execute(
            """
            SELECT 1 FROM customer
            WHERE id = :id AND brand_id = :brand
              AND (CAST(:seen_by AS BIGINT) IS NULL OR EXISTS (
                   SELECT 1 FROM recovery_case WHERE recovery_case.customer_id = customer.id
                     AND (recovery_case.team_id IS NULL OR recovery_case.team_id = CAST(:seen_by AS BIGINT))))
            """,
            {"id": customer_id, "brand": brand, "seen_by": seen_by},
        ).fetchone()
        return row is not None

    def events(self, customer_id: int, limit: int) -> list[PastEvent]:
        """Return a customer's newest service events."""
        rows = self._execute(
            """
            SELECT service_event.id, service_event.touchpoint, service_event.subject, service_event.occurred_at,
                   service_event.cancelled, staff_member.name, invitation.state, invitation.reason
            FROM service_event
            LEFT JOIN invitation ON invitation.service_event_id = service_event.id
            LEFT JOIN staff_member ON staff_member.id = service_event.staff_member_id
            WHERE service_event.customer_id = :customer
            ORDER BY service_event.id DESC LIMIT :limit
            """,
            {"customer": customer_id, "limit": limit},
        ).fetchall()
        return [PastEvent(*row) for row in rows]

    def talks(self, customer_id: int, limit: int) -> list[PastTalk]:
        """Return a customer's newest surveys and follow-ups."""
        rows = self._execute(
            """
            SELECT conversation.id, conversation.purpose, conversation.survey_version_id, survey_version.touchpoint,
                   conversation.outcome, conversation.opened_at, conversation.variant
            FROM conversation LEFT JOIN survey_version ON survey_version.id = conversation.survey_version_id
            WHERE conversation.customer_id = :customer AND conversation.purpose IN ('survey', 'follow_up')
              AND conversation.anonymous = 0
            ORDER BY conversation.id DESC LIMIT :limit
            """,
            {"customer": customer_id, "limit": limit},
        ).fetchall()
        return [PastTalk(*row) for row in rows]

    def answers(self, customer_id: int, first_talk: int) -> list[PastAnswer]:
        """Return what a customer answered, as it stands, in the conversation with that id and those after it."""
        rows = self._execute(
            """
            SELECT answer.conversation_id, answer.question, answer.role, answer.kind, answer.number, answer.raw,
                   answer.at
            FROM conversation JOIN answer ON answer.conversation_id = conversation.id
            WHERE conversation.customer_id = :customer AND conversation.id >= :first AND answer.current = 1
              AND answer.skipped = 0
            ORDER BY answer.id
            """,
            {"customer": customer_id, "first": first_talk},
        ).fetchall()
        return [PastAnswer(*row) for row in rows]

    def cases(self, customer_id: int, limit: int) -> list[PastCase]:
        """Return a customer's newest cases."""
        rows = self._execute(
            """
            SELECT number, team_id, stage, outcome, cause, opened_at, closed_at FROM recovery_case
            WHERE customer_id = :customer ORDER BY id DESC LIMIT :limit
            """,
            {"customer": customer_id, "limit": limit},
        ).fetchall()
        return [PastCase(*row) for row in rows]

    def offers(self, customer_id: int, limit: int) -> list[PastOffer]:
        """Return the newest offers to a customer."""
        rows = self._execute(
            """
            SELECT recovery_case.number, recovery_case.team_id, offer.stage, offer.kind, offer.worth, offer.currency,
                   offer.what, offer.created_at, voucher.redeemed_at, voucher.valid_until
            FROM offer JOIN recovery_case ON recovery_case.id = offer.case_id
            LEFT JOIN voucher ON voucher.offer_id = offer.id
            WHERE offer.customer_id = :customer ORDER BY offer.id DESC LIMIT :limit
            """,
            {"customer": customer_id, "limit": limit},
        ).fetchall()
        return [PastOffer(*row) for row in rows]

    def comments(self, customer_id: int, limit: int) -> list[PastComment]:
        """Return what a customer said elsewhere, the newest first."""
        rows = self._execute(
            """
            SELECT kind, source, text, occurred_at FROM feedback
            WHERE customer_id = :customer ORDER BY id DESC LIMIT :limit
            """,
            {"customer": customer_id, "limit": limit},
        ).fetchall()
        return [PastComment(*row) for row in rows]


def _figures(words: str) -> str | None:
    """Return the pattern that finds a telephone number, however it is spaced; None for what is none."""
    figures = "".join(sign for sign in words if sign.isascii() and (sign.isdecimal() or sign == "+"))
    only = all(sign in " -/()+" or sign.isdecimal() for sign in words)
    return f"%{figures}%" if only and len(figures) >= 3 else None
