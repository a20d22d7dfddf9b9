"""Whom a chat speaks for: one customer mostly, several where a family shares a telephone.

The one spoken for now stands in the address itself, so that a turn need not look here; it is always one of these.
"""

from storage.rows import Row, Table


class ChatCustomer(Row, frozen=True):
    """A customer whom a chat speaks for. `link_id` is the personal link by which it became theirs, if there was one."""

    address_id: int
    customer_id: int
    link_id: int | None
    since_at: int


class ChatCustomers(Table):
    """The customers of each chat."""

    __slots__ = ()

    def join(self, address_id: int, customer_id: int, now: int, link_id: int | None = None) -> None:
        """Let the chat speak for a customer, too; safe to repeat, and the link that is known stands."""
        self._execute(
            """
            INSERT INTO chat_customer (address_id, customer_id, link_id, since_at)
            VALUES (:address, :customer, :link, :now)
            ON CONFLICT (address_id, customer_id) DO UPDATE
            SET link_id = COALESCE(chat_customer.link_id, excluded.link_id)
            """,
            {"address": address_id, "customer": customer_id, "link": link_id, "now": now},
        )

    def leave(self, address_id: int, customer_id: int) -> None:
        """Let the chat speak for a customer no more."""
        self._execute(
            "DELETE FROM chat_customer WHERE address_id = :address AND customer_id = :customer",
            {"address": address_id, "customer": customer_id},
        )

    def of(self, address_id: int) -> list[ChatCustomer]:
        """Return whom the chat speaks for, who came last first."""
        rows = self._execute(
            "SELECT * FROM chat_customer WHERE address_id = :address ORDER BY since_at DESC, customer_id DESC",
            {"address": address_id},
        ).fetchall()
        return [ChatCustomer(*row) for row in rows]

    def untried_link(self, address_id: int, customer_id: int) -> int | None:
        """Return the link by which the chat became this customer's, while nothing was answered or complained of."""
        row = self._execute(
            """
            SELECT link_id FROM chat_customer
            WHERE address_id = :address AND customer_id = :customer AND link_id IS NOT NULL
              AND NOT EXISTS (
                  SELECT 1 FROM conversation JOIN answer ON answer.conversation_id = conversation.id
                  WHERE conversation.customer_id = :customer AND conversation.address_id = :address
              )
              AND NOT EXISTS (
                  SELECT 1 FROM recovery_case WHERE customer_id = :customer AND address_id = :address
              )
            """,
            {"address": address_id, "customer": customer_id},
        ).fetchone()
        return row[0] if row else None

    def last_proactive_at(self, address_id: int) -> int | None:
        """Return when we last began to write to anybody of this chat, None when we never did."""
        row = self._execute(
            """
            SELECT MAX(customer.last_proactive_at)
            FROM chat_customer JOIN customer ON customer.id = chat_customer.customer_id
            WHERE chat_customer.address_id = :address
            """,
            {"address": address_id},
        ).fetchone()
        at: int | None = row[0]
        return at

    def opt_out(self, address_id: int, now: int) -> list[str]:
        """Record that whoever is at the chat wants no more questions, for all it speaks for; return their names."""
        rows = self._execute(
            """
            UPDATE customer SET opted_out_at = COALESCE(opted_out_at, :now)
            WHERE id IN (SELECT customer_id FROM chat_customer WHERE address_id = :address)
            RETURNING COALESCE(name, reference)
            """,
            {"address": address_id, "now": now},
        ).fetchall()
        return sorted(row[0] for row in rows)

    def opt_in(self, address_id: int) -> None:
        """Record that all whom the chat speaks for may be asked again."""
        self._execute(
            """
            UPDATE customer SET opted_out_at = NULL
            WHERE id IN (SELECT customer_id FROM chat_customer WHERE address_id = :address)
            """,
            {"address": address_id},
        )
