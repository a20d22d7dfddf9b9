"""Service events as they were received, and the invitations they led to."""

from typing import Final

from storage.errors import NotFound
from storage.rows import Row, Table

_OPEN: Final = frozenset({"planned", "waiting_for_link"})


class ServiceEvent(Row, frozen=True):
    """A fact from the business's system. `service` is a JSON object; `version` is the sender's, if there is one."""

    id: int
    brand_id: int
    source: str
    event_id: str
    digest: str
    type: str
    touchpoint: str
    subject: str
    customer_id: int
    service: str
    version: int | None
    cancelled: int
    occurred_at: int
    received_at: int
    superseded_at: int | None
    staff_member_id: int | None = None


class Added(Row, frozen=True):
    """The service event is new and stored."""

    event: ServiceEvent


class Duplicate(Row, frozen=True):
    """The same service event, with the same body, is here already."""

    event: ServiceEvent


class Clash(Row, frozen=True):
    """Another body came under an id that was used before; what is stored stands."""

    event: ServiceEvent


class Invitation(Row, frozen=True):
    """The decision to ask one customer about one service event.

    `state` is planned, waiting_for_link, sent, withheld or cancelled; `reason` says why not.
    """

    id: int
    brand_id: int
    customer_id: int
    service_event_id: int | None
    survey_version_id: int
    touchpoint: str
    state: str
    reason: str | None
    conversation_id: int | None
    planned_at: int
    decided_at: int | None


class Count(Row, frozen=True):
    """How many invitations ended in a state for a reason."""

    state: str
    reason: str | None
    count: int


class ServiceEvents(Table):
    """Service events by their sender's id, and the newest about one service."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        source: str,
        event_id: str,
        digest: str,
        type_: str,
        touchpoint: str,
        subject: str,
        customer_id: int,
        service: str,
        occurred_at: int,
        received_at: int,
        *,
        version: int | None = None,
        cancelled: bool = False,
        staff_member_id: int | None = None,
    ) -> Added | Duplicate | Clash:
        """Store a service event unless its id is here already: then say whether it is the same one."""
        row = self._execute(
            """
            INSERT INTO service_event (brand_id, source, event_id, digest, type, touchpoint, subject, customer_id,
                                       service, version, cancelled, occurred_at, received_at, staff_member_id)
            VALUES (:brand, :source, :event_id, :digest, :type, :touchpoint, :subject, :customer, :service, :version,
                    :cancelled, :occurred_at, :received_at, :staff_member)
            ON CONFLICT (brand_id, source, event_id) DO NOTHING
            RETURNING *
            """,
            {
                "brand": brand,
                "source": source,
                "event_id": event_id,
                "digest": digest,
                "type": type_,
                "touchpoint": touchpoint,
                "subject": subject,
                "customer": customer_id,
                "service": service,
                "version": version,
                "cancelled": int(cancelled),
                "occurred_at": occurred_at,
                "received_at": received_at,
                "staff_member": staff_member_id,
            },
        ).fetchone()
        if row:
            return Added(ServiceEvent(*row))
        stored = self.of(brand, source, event_id)
        if stored is None:
            raise NotFound("service_event", event_id)
        return Duplicate(stored) if stored.digest == digest else Clash(stored)

    def get(self, service_event_id: int) -> ServiceEvent:
        """Return the service event. Raises NotFound."""
        row = self._execute("SELECT * FROM service_event WHERE id = :id", {"id": service_event_id}).fetchone()
        if row is None:
            raise NotFound("service_event", service_event_id)
        return ServiceEvent(*row)

    def of(self, brand: int, source: str, event_id: str) -> ServiceEvent | None:
        """Return the service event that the sender calls `event_id`, or None."""
        row = self._execute(
            "SELECT * FROM service_event WHERE brand_id = :brand AND source = :source AND event_id = :event_id",
            {"brand": brand, "source": source, "event_id": event_id},
        ).fetchone()
        return ServiceEvent(*row) if row else None

    def newest_of(self, brand: int, source: str, subject: str) -> ServiceEvent | None:
        """Return the newest fact about one service: by the sender's version, then by when it happened."""
        row = self._execute(
            """
            SELECT * FROM service_event WHERE brand_id = :brand AND source = :source AND subject = :subject
            ORDER BY version DESC NULLS LAST, occurred_at DESC, id DESC LIMIT 1
            """,
            {"brand": brand, "source": source, "subject": subject},
        ).fetchone()
        return ServiceEvent(*row) if row else None

    def of_subject(self, brand: int, source: str, subject: str) -> list[ServiceEvent]:
        """Return all that was received about one service, in the order received."""
        rows = self._execute(
            """
            SELECT * FROM service_event WHERE brand_id = :brand AND source = :source AND subject = :subject
            ORDER BY id
            """,
            {"brand": brand, "source": source, "subject": subject},
        ).fetchall()
        return [ServiceEvent(*row) for row in rows]

    def named_between(self, brand: int, source: str, first: str, last: str) -> list[tuple[ServiceEvent, str]]:
        """Return the service events with a subject from `first` up to `last`, newest first, with the customer's name.

        Those that were cancelled, or whose customer has no name, are not among them.
        """
        rows = self._execute(
            """
            SELECT service_event.*, customer.name
            FROM service_event JOIN customer ON customer.id = service_event.customer_id
            WHERE service_event.brand_id = :brand AND service_event.source = :source
              AND service_event.subject >= :first AND service_event.subject < :last
              AND service_event.cancelled = 0 AND customer.name IS NOT NULL
            ORDER BY service_event.id DESC
            """,
            {"brand": brand, "source": source, "first": first, "last": last},
        ).fetchall()
        return [(ServiceEvent(*row[:-1]), row[-1]) for row in rows]

    def answered_since(self, customer_id: int, source: str, since: int) -> bool:
        """Return whether the customer answered, at `since` or later, about a service that came from that source."""
        row = self._execute(
            """
            SELECT 1 FROM conversation
            JOIN invitation ON invitation.conversation_id = conversation.id
            JOIN service_event ON service_event.id = invitation.service_event_id
            WHERE conversation.customer_id = :customer AND conversation.opened_at >= :since
              AND conversation.outcome IN ('complete', 'partial', 'apart') AND service_event.source = :source
            LIMIT 1
            """,
            {"customer": customer_id, "source": source, "since": since},
        ).fetchone()
        return row is not None

    def touchpoints(self, brand: int, newest: int) -> dict[str, int]:
        """Return the touchpoints of the newest service events, so many of them looked at, with their number of each."""
        rows = self._execute(
            """
            SELECT touchpoint, COUNT(*) FROM (
                SELECT touchpoint FROM service_event WHERE brand_id = :brand ORDER BY id DESC LIMIT :newest
            ) AS recent GROUP BY touchpoint ORDER BY touchpoint
            """,
            {"brand": brand, "newest": newest},
        ).fetchall()
        return dict(rows)

    def supersede(self, service_event_id: int, now: int) -> None:
        """Record that a newer fact about the same service has taken this one's place."""
        self._execute(
            "UPDATE service_event SET superseded_at = :now WHERE id = :id AND superseded_at IS NULL",
            {"id": service_event_id, "now": now},
        )

    def cancel(self, service_event_id: int) -> None:
        """Record that the service did not happen after all."""
        self._execute("UPDATE service_event SET cancelled = 1 WHERE id = :id", {"id": service_event_id})


class Invitations(Table):
    """Invitations: one for each service event at most, and never forgotten."""

    __slots__ = ()

    def add(
        self,
        brand: int,
        customer_id: int,
        service_event_id: int | None,
        survey_version_id: int,
        touchpoint: str,
        state: str,
        now: int,
        reason: str | None = None,
    ) -> Invitation | None:
        """Store an invitation; None when the service event has one already."""
        row = self._execute(
            """
            INSERT INTO invitation (brand_id, customer_id, service_event_id, survey_version_id, touchpoint, state,
                                    reason, planned_at, decided_at)
            VALUES (:brand, :customer, :service_event, :survey_version, :touchpoint, :state, :reason, :now, :decided_at)
            ON CONFLICT (service_event_id) DO NOTHING
            RETURNING *
            """,
            {
                "brand": brand,
                "customer": customer_id,
                "service_event": service_event_id,
                "survey_version": survey_version_id,
                "touchpoint": touchpoint,
                "state": state,
                "reason": reason,
                "now": now,
                "decided_at": None if state in _OPEN else now,
            },
        ).fetchone()
        return Invitation(*row) if row else None

    def get(self, invitation_id: int) -> Invitation:
        """Return the invitation. Raises NotFound."""
        row = self._execute("SELECT * FROM invitation WHERE id = :id", {"id": invitation_id}).fetchone()
        if row is None:
            raise NotFound("invitation", invitation_id)
        return Invitation(*row)

    def of_event(self, service_event_id: int) -> Invitation | None:
        """Return the invitation of a service event, or None."""
        row = self._execute(
            "SELECT * FROM invitation WHERE service_event_id = :service_event", {"service_event": service_event_id}
        ).fetchone()
        return Invitation(*row) if row else None

    def of_conversation(self, conversation_id: int) -> Invitation | None:
        """Return the invitation that a conversation followed, or None."""
        row = self._execute(
            "SELECT * FROM invitation WHERE conversation_id = :conversation", {"conversation": conversation_id}
        ).fetchone()
        return Invitation(*row) if row else None

    def decide(
        self, invitation_id: int, state: str, reason: str | None, now: int, conversation_id: int | None = None
    ) -> bool:
        """Move an undecided invitation on. False: it was sent, withheld or cancelled before, and stays so."""
        return (
            self._execute(
                """
                UPDATE invitation
                SET state = :state, reason = :reason, decided_at = :decided_at, conversation_id = :conversation
                WHERE id = :id AND state IN ('planned', 'waiting_for_link')
                """,
                {
                    "id": invitation_id,
                    "state": state,
                    "reason": reason,
                    "decided_at": None if state in _OPEN else now,
                    "conversation": conversation_id,
                },
            ).rowcount
            == 1
        )

    def wait_again(self, invitation_id: int) -> None:
        """Let an invitation that reached the wrong person wait for its link again, as if it had never been sent."""
        self._execute(
            """
            UPDATE invitation SET state = 'waiting_for_link', reason = NULL, decided_at = NULL, conversation_id = NULL
            WHERE id = :id AND state = 'sent'
            """,
            {"id": invitation_id},
        )

    def plan_again(self, invitation_id: int) -> None:
        """Let an invitation that waits for a link be decided once more: its customer has another chat."""
        self._execute(
            "UPDATE invitation SET state = 'planned' WHERE id = :id AND state = 'waiting_for_link'",
            {"id": invitation_id},
        )

    def give(self, invitation_id: int, customer_id: int) -> None:
        """Say that an invitation is another customer's."""
        self._execute(
            "UPDATE invitation SET customer_id = :customer WHERE id = :id",
            {"id": invitation_id, "customer": customer_id},
        )

    def waiting_of(self, customer_id: int) -> list[Invitation]:
        """Return the customer's undecided invitations, oldest first."""
        rows = self._execute(
            """
            SELECT * FROM invitation WHERE customer_id = :customer AND state IN ('planned', 'waiting_for_link')
            ORDER BY id
            """,
            {"customer": customer_id},
        ).fetchall()
        return [Invitation(*row) for row in rows]

    def counts(self, brand: int) -> list[Count]:
        """Return how many invitations there are by state and reason: the denominator of every rate."""
        rows = self._execute(
            """
            SELECT state, reason, COUNT(*) FROM invitation WHERE brand_id = :brand
            GROUP BY state, reason ORDER BY state, reason NULLS FIRST
            """,
            {"brand": brand},
        ).fetchall()
        return [Count(*row) for row in rows]
