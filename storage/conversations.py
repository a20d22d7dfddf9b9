"""Conversations: the row whose `state` the engine owns, and the one query with which every turn begins."""

from storage.addresses import Address
from storage.customers import Customer
from storage.errors import NotFound, Stale
from storage.rows import Row, Table
from storage.staff import StaffMember


class Conversation(Row, frozen=True):
    """An exchange with a customer. `seed` begins every prompt of it; `chain` is the newest answer's digest."""

    id: int
    brand_id: int
    address_id: int
    customer_id: int
    purpose: str
    survey_version_id: int | None
    case_id: int | None
    seed: str
    state: str
    revision: int
    chain: str
    outcome: str | None
    opened_at: int
    closed_at: int | None
    closing: int | None = None
    variant: str | None = None
    anonymous: int = 0


class Place(Row, frozen=True):
    """Whom a chat belongs to and what is going on there: the open conversation and the customer's open case."""

    address: Address
    customer: Customer | None
    staff: StaffMember | None
    conversation: Conversation | None
    case_id: int | None


_CUSTOMER = len(Address.__struct_fields__)
_CONVERSATION = _CUSTOMER + len(Customer.__struct_fields__)
_CASE = _CONVERSATION + len(Conversation.__struct_fields__)


class Conversations(Table):
    """Conversations. At most one is open at an address."""

    __slots__ = ()

    def place(self, brand: int, channel: str, chat: str) -> Place | None:
        """Return all that a turn must know of a chat; None for a chat nobody knows.

        One statement for a customer, and one more for staff: their many columns would cost every customer's turn.
        """
        row = self._execute(
            """
            SELECT address.*, customer.*, conversation.*, recovery_case.id
            FROM address
            LEFT JOIN customer ON customer.id = address.customer_id
            LEFT JOIN conversation ON conversation.address_id = address.id AND conversation.closed_at IS NULL
            LEFT JOIN recovery_case
                   ON recovery_case.customer_id = address.customer_id AND recovery_case.closed_at IS NULL
                      AND recovery_case.stage <> 'settled'
            WHERE address.brand_id = :brand AND address.channel = :channel AND address.chat = :chat
            """,
            {"brand": brand, "channel": channel, "chat": chat},
        ).fetchone()
        if row is None:
            return None
        address = Address(*row[:_CUSTOMER])
        return Place(
            address,
            Customer(*row[_CUSTOMER:_CONVERSATION]) if row[_CUSTOMER] is not None else None,
            self._staff(address.staff_member_id) if address.staff_member_id is not None else None,
            Conversation(*row[_CONVERSATION:_CASE]) if row[_CONVERSATION] is not None else None,
            row[_CASE],
        )

    def _staff(self, member_id: int) -> StaffMember:
        row = self._execute("SELECT * FROM staff_member WHERE id = :id", {"id": member_id}).fetchone()
        return StaffMember(*row)

    def open(
        self,
        brand: int,
        address_id: int,
        customer_id: int,
        purpose: str,
        seed: str,
        state: str,
        now: int,
        *,
        survey_version_id: int | None = None,
        case_id: int | None = None,
        variant: str | None = None,
        anonymous: bool = False,
    ) -> Conversation:
        """Open a conversation at revision 1. A second open one at the address is an integrity error."""
        row = self._execute(
            """
            INSERT INTO conversation (brand_id, address_id, customer_id, purpose, survey_version_id, case_id, seed,
                                      state, opened_at, variant, anonymous)
            VALUES (:brand, :address, :customer, :purpose, :survey_version, :case, :seed, :state, :now, :variant,
                    :anonymous)
            RETURNING id
            """,
            {
                "brand": brand,
                "address": address_id,
                "customer": customer_id,
                "purpose": purpose,
                "survey_version": survey_version_id,
                "case": case_id,
                "seed": seed,
                "state": state,
                "now": now,
                "variant": variant,
                "anonymous": int(anonymous),
            },
        ).fetchone()
        return Conversation(
            row[0],
            brand,
            address_id,
            customer_id,
            purpose,
            survey_version_id,
            case_id,
            seed,
            state,
            1,
            "",
            None,
            now,
            None,
            variant=variant,
            anonymous=int(anonymous),
        )

    def save(
        self,
        conversation_id: int,
        revision: int,
        state: str,
        chain: str,
        outcome: str | None = None,
        closed_at: int | None = None,
    ) -> int:
        """Write the conversation against the revision it was read at, and return the new one. Raises Stale.

        With `closed_at` it is over, with that outcome; one that is over stays so, and each time it is written it is
        the newest of all that closed: whoever reads them in the order of `closing` misses neither a late one nor a
        correction. A transaction that is alone in writing counts in the order of the commits; where several write
        at once, the unique index refuses the later of two, whose turn is taken again.
        """
        kept = {"id": conversation_id, "revision": revision, "state": state, "chain": chain}
        if closed_at is None:  # most turns: what is not said to change costs no index anything
            changed = self._execute(
                """
                UPDATE conversation SET state = :state, chain = :chain, revision = revision + 1
                WHERE id = :id AND revision = :revision
                """,
                kept,
            ).rowcount
        else:
            changed = self._execute(
                """
                UPDATE conversation
                SET state = :state, chain = :chain, outcome = :outcome, closed_at = :closed_at, revision = revision + 1,
                    closing = (SELECT COALESCE(MAX(closing), 0) + 1 FROM conversation WHERE closing IS NOT NULL)
                WHERE id = :id AND revision = :revision
                """,
                {**kept, "outcome": outcome, "closed_at": closed_at},
            ).rowcount
        if changed == 0:
            raise Stale("conversation", conversation_id, revision)
        return revision + 1

    def set_case(self, conversation_id: int, case_id: int) -> None:
        """Say which case the conversation belongs to. It is no part of the state, so the revision stays."""
        self._execute(
            "UPDATE conversation SET case_id = :case WHERE id = :id", {"id": conversation_id, "case": case_id}
        )

    def get(self, conversation_id: int) -> Conversation:
        """Return the conversation. Raises NotFound."""
        row = self._execute("SELECT * FROM conversation WHERE id = :id", {"id": conversation_id}).fetchone()
        if row is None:
            raise NotFound("conversation", conversation_id)
        return Conversation(*row)

    def by_seed(self, brand: int, seed: str) -> Conversation | None:
        """Return the conversation whose prompts begin with `seed`, open or closed, or None."""
        row = self._execute(
            "SELECT * FROM conversation WHERE brand_id = :brand AND seed = :seed", {"brand": brand, "seed": seed}
        ).fetchone()
        return Conversation(*row) if row else None

    def open_at(self, address_id: int) -> Conversation | None:
        """Return the open conversation at an address, or None."""
        row = self._execute(
            "SELECT * FROM conversation WHERE address_id = :address AND closed_at IS NULL", {"address": address_id}
        ).fetchone()
        return Conversation(*row) if row else None

    def at(self, address_id: int, customer_id: int) -> list[Conversation]:
        """Return all conversations about a customer that were held in one chat, oldest first."""
        rows = self._execute(
            """
            SELECT * FROM conversation WHERE customer_id = :customer AND address_id = :address ORDER BY id
            """,
            {"address": address_id, "customer": customer_id},
        ).fetchall()
        return [Conversation(*row) for row in rows]

    def give(self, conversation_id: int, customer_id: int) -> None:
        """Say that a conversation, with what was sent in it, is another customer's."""
        for sql in (
            "UPDATE conversation SET customer_id = :customer WHERE id = :id",
            "UPDATE media SET customer_id = :customer WHERE conversation_id = :id",
        ):
            self._execute(sql, {"id": conversation_id, "customer": customer_id})

    def of_customer(self, customer_id: int, limit: int) -> list[Conversation]:
        """Return the customer's conversations, newest first."""
        rows = self._execute(
            "SELECT * FROM conversation WHERE customer_id = :customer ORDER BY id DESC LIMIT :limit",
            {"customer": customer_id, "limit": limit},
        ).fetchall()
        return [Conversation(*row) for row in rows]

    def with_open_question_since(
        self, brand: int, channel: str, since: int, limit: int = 500, after: int = 0
    ) -> list[Conversation]:
        """Return open conversations on a channel that were asked a question at `since` or later, by id.

        For asking again after taps were lost; page with `after`.
        """
        rows = self._execute(
            """
            SELECT conversation.* FROM conversation JOIN address ON address.id = conversation.address_id
            WHERE conversation.closed_at IS NULL AND conversation.id > :after
              AND address.brand_id = :brand AND address.channel = :channel AND address.unreachable_at IS NULL
              AND EXISTS (
                  SELECT 1 FROM outbox
                  WHERE outbox.address_id = conversation.address_id AND outbox.channel_ref IS NOT NULL
                    AND outbox.conversation_id = conversation.id AND outbox.prompt IS NOT NULL
                    AND outbox.sent_at >= :since
              )
            ORDER BY conversation.id LIMIT :limit
            """,
            {"brand": brand, "channel": channel, "since": since, "limit": limit, "after": after},
        ).fetchall()
        return [Conversation(*row) for row in rows]
