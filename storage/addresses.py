"""Addresses: where one customer, one staff member or one staff group is on one channel."""

from storage.chats import ChatCustomers
from storage.errors import NotFound
from storage.rows import Execute, Insert, Row, Table


class Address(Row, frozen=True):
    """A chat on a channel. `kind` is customer, staff or group; `language` is the one chosen in this chat."""

    id: int
    brand_id: int
    channel: str
    chat: str
    kind: str
    customer_id: int | None
    staff_member_id: int | None
    language: str | None
    unreachable_at: int | None
    unreachable_why: str | None
    last_heard_at: int | None
    created_at: int


class Addresses(Table):
    """Addresses by chat, by customer and by staff member."""

    __slots__ = ("_customers",)

    def __init__(self, execute: Execute, insert: Insert) -> None:
        super().__init__(execute, insert)
        self._customers = ChatCustomers(execute, insert)

    def add(
        self,
        brand: int,
        channel: str,
        chat: str,
        kind: str,
        now: int,
        *,
        customer_id: int | None = None,
        staff_member_id: int | None = None,
        language: str | None = None,
        link_id: int | None = None,
    ) -> Address:
        """Keep a chat that we heard of for the first time. A chat we know already is an integrity error.

        `link_id` is the personal link by which it became the customer's.
        """
        row = self._execute(
            """
            INSERT INTO address (brand_id, channel, chat, kind, customer_id, staff_member_id, language, last_heard_at,
                                 created_at)
            VALUES (:brand, :channel, :chat, :kind, :customer, :staff_member, :language, :now, :now)
            RETURNING *
            """,
            {
                "brand": brand,
                "channel": channel,
                "chat": chat,
                "kind": kind,
                "customer": customer_id,
                "staff_member": staff_member_id,
                "language": language,
                "now": now,
            },
        ).fetchone()
        address = Address(*row)
        if customer_id is not None:
            self._customers.join(address.id, customer_id, now, link_id)
        return address

    def get(self, address_id: int) -> Address:
        """Return the address. Raises NotFound."""
        row = self._execute("SELECT * FROM address WHERE id = :id", {"id": address_id}).fetchone()
        if row is None:
            raise NotFound("address", address_id)
        return Address(*row)

    def at(self, brand: int, channel: str, chat: str) -> Address | None:
        """Return the address of that chat, or None."""
        row = self._execute(
            "SELECT * FROM address WHERE brand_id = :brand AND channel = :channel AND chat = :chat",
            {"brand": brand, "channel": channel, "chat": chat},
        ).fetchone()
        return Address(*row) if row else None

    def of_customer(self, customer_id: int) -> list[Address]:
        """Return where the customer can be reached, most recently heard from first."""
        rows = self._execute(
            """
            SELECT address.* FROM chat_customer JOIN address ON address.id = chat_customer.address_id
            WHERE chat_customer.customer_id = :customer AND address.kind = 'customer'
              AND address.unreachable_at IS NULL
            ORDER BY address.last_heard_at DESC NULLS LAST, address.id DESC
            """,
            {"customer": customer_id},
        ).fetchall()
        return [Address(*row) for row in rows]

    def nowhere(self, brand: int, customer_id: int, now: int) -> Address:
        """Return what stands for the chat of a customer who has none: nothing can be sent there, so they are rung up.

        It is not among their chats: a chat of theirs takes its place as soon as there is one.
        """
        row = self._execute(
            """
            INSERT INTO address (brand_id, channel, chat, kind, customer_id, unreachable_at, unreachable_why,
                                 created_at)
            VALUES (:brand, 'none', :chat, 'customer', :customer, :now, 'no_chat', :now)
            ON CONFLICT (brand_id, channel, chat) DO UPDATE SET customer_id = excluded.customer_id
            RETURNING *
            """,
            {"brand": brand, "chat": f"customer:{customer_id}", "customer": customer_id, "now": now},
        ).fetchone()
        return Address(*row)

    def any_of_customer(self, customer_id: int) -> Address | None:
        """Return an address of the customer, reachable or not, most recently heard from first; or None."""
        row = self._execute(
            """
            SELECT address.* FROM chat_customer JOIN address ON address.id = chat_customer.address_id
            WHERE chat_customer.customer_id = :customer AND address.kind = 'customer'
            ORDER BY address.last_heard_at DESC NULLS LAST, address.id DESC LIMIT 1
            """,
            {"customer": customer_id},
        ).fetchone()
        return Address(*row) if row else None

    def of_staff(self, staff_member_id: int) -> list[Address]:
        """Return where the staff member can be reached, most recently heard from first."""
        rows = self._execute(
            """
            SELECT * FROM address WHERE staff_member_id = :staff_member AND unreachable_at IS NULL
            ORDER BY last_heard_at DESC NULLS LAST, id DESC
            """,
            {"staff_member": staff_member_id},
        ).fetchall()
        return [Address(*row) for row in rows]

    def staff_group(self, brand: int) -> Address | None:
        """Return the group of the brand's staff that was added last and can be reached, or None."""
        row = self._execute(
            """
            SELECT * FROM address WHERE brand_id = :brand AND kind = 'group' AND unreachable_at IS NULL
            ORDER BY id DESC LIMIT 1
            """,
            {"brand": brand},
        ).fetchone()
        return Address(*row) if row else None

    def heard(self, address_id: int, now: int) -> None:
        """Record that somebody wrote or tapped here: so the chat can be reached."""
        self._execute(
            """
            UPDATE address SET last_heard_at = :now, unreachable_at = NULL, unreachable_why = NULL WHERE id = :id
            """,
            {"id": address_id, "now": now},
        )

    def unreachable(self, address_id: int, now: int, why: str) -> None:
        """Record that the chat takes nothing from us."""
        self._execute(
            "UPDATE address SET unreachable_at = :now, unreachable_why = :why WHERE id = :id",
            {"id": address_id, "now": now, "why": why},
        )

    def reachable(self, address_id: int) -> None:
        """Record that the chat takes our messages again."""
        self._execute(
            "UPDATE address SET unreachable_at = NULL, unreachable_why = NULL WHERE id = :id", {"id": address_id}
        )

    def set_language(self, address_id: int, language: str) -> None:
        """Keep the language chosen in this chat."""
        self._execute(
            "UPDATE address SET language = :language WHERE id = :id", {"id": address_id, "language": language}
        )

    def bind_customer(self, address_id: int, customer_id: int, now: int, link_id: int | None = None) -> None:
        """Let this chat speak for a customer from now on, beside whom it spoke for before."""
        self._customers.join(address_id, customer_id, now, link_id)
        self.turn_to(address_id, customer_id)

    def turn_to(self, address_id: int, customer_id: int | None) -> None:
        """Let this chat speak now for another customer of it; for nobody with None."""
        self._execute(
            "UPDATE address SET kind = 'customer', customer_id = :customer, staff_member_id = NULL WHERE id = :id",
            {"id": address_id, "customer": customer_id},
        )

    def bind_staff(self, address_id: int, staff_member_id: int) -> None:
        """Make this the chat of a staff member, and no customer's any more."""
        self._execute(
            "UPDATE address SET kind = 'staff', staff_member_id = :staff_member, customer_id = NULL WHERE id = :id",
            {"id": address_id, "staff_member": staff_member_id},
        )
        self._execute("DELETE FROM chat_customer WHERE address_id = :id", {"id": address_id})

    def bind_group(self, address_id: int) -> None:
        """Make this chat the staff's group."""
        self._execute("UPDATE address SET kind = 'group' WHERE id = :id", {"id": address_id})

    def move(self, brand: int, channel: str, old_chat: str, new_chat: str) -> Address | None:
        """Lead an address to its chat's new id; return it, or None when neither id is known.

        Safe to repeat. When the new id was heard of before the move was, the older address keeps everything
        that refers to it, and the newer one is set aside.
        """
        old, new = self.at(brand, channel, old_chat), self.at(brand, channel, new_chat)
        if old is None:
            return new
        if new is not None:
            self._execute(
                """
                UPDATE address SET chat = :aside, kind = 'customer', unreachable_at = created_at,
                                   unreachable_why = 'moved'
                WHERE id = :id
                """,
                {"id": new.id, "aside": f"moved:{new.id}:{new_chat}"},
            )
        self._execute("UPDATE address SET chat = :chat WHERE id = :id", {"id": old.id, "chat": new_chat})
        return self.get(old.id)
