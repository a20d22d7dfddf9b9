"""The log of a web chat, in order: what its page shows, replayed from any entry onwards."""

from storage.rows import Row, Table


class WebEntry(Row, frozen=True):
    """One thing on the page. `kind` is said (by us), heard (from the person) or edited; `body` is JSON."""

    id: int
    address_id: int
    kind: str
    outbox_id: int | None
    body: str
    dedupe_key: str
    at: int


class WebEntries(Table):
    """The entries of a web chat by its address."""

    __slots__ = ()

    def add(self, address_id: int, kind: str, outbox_id: int | None, body: str, dedupe_key: str, at: int) -> int | None:
        """Append an entry; return its id, or None when the chat has one under that key."""
        return self._insert(
            """
            INSERT INTO web_entry (address_id, kind, outbox_id, body, dedupe_key, at)
            VALUES (:address, :kind, :outbox_id, :body, :key, :at)
            ON CONFLICT (address_id, dedupe_key) DO NOTHING
            RETURNING id
            """,
            {
                "address": address_id,
                "kind": kind,
                "outbox_id": outbox_id,
                "body": body,
                "key": dedupe_key,
                "at": at,
            },
        )

    def say_instead(self, address_id: int, outbox_id: int, body: str) -> None:
        """Put other words in the place of what a message of ours said: it was taken back."""
        self._execute(
            "UPDATE web_entry SET body = :body WHERE address_id = :address AND dedupe_key = :key",
            {"address": address_id, "key": f"said:{outbox_id}", "body": body},
        )

    def forget_heard(self, address_id: int, since: int) -> None:
        """Drop what was heard from a person at `since` or later: it must not be known any more."""
        self._execute(
            "DELETE FROM web_entry WHERE address_id = :address AND kind = 'heard' AND at >= :since",
            {"address": address_id, "since": since},
        )

    def after(self, address_id: int, entry_id: int, limit: int) -> list[WebEntry]:
        """Return the chat's entries after `entry_id` (0 for all), in order."""
        rows = self._execute(
            "SELECT * FROM web_entry WHERE address_id = :address AND id > :after ORDER BY id LIMIT :limit",
            {"address": address_id, "after": entry_id, "limit": limit},
        ).fetchall()
        return [WebEntry(*row) for row in rows]

    def of_outbox(self, address_id: int, outbox_id: int) -> int | None:
        """Return the entry by which a message of ours was said in the chat, None when it was not yet."""
        row = self._execute(
            "SELECT id FROM web_entry WHERE address_id = :address AND dedupe_key = :key",
            {"address": address_id, "key": f"said:{outbox_id}"},
        ).fetchone()
        return row[0] if row else None

    def heard_after(self, address_id: int, entry_id: int) -> bool:
        """Return whether the person of the chat wrote or tapped after that entry."""
        row = self._execute(
            "SELECT id FROM web_entry WHERE address_id = :address AND id > :after AND kind = 'heard' LIMIT 1",
            {"address": address_id, "after": entry_id},
        ).fetchone()
        return row is not None

    def before_newest(self, address_id: int, keep: int) -> int:
        """Return the id after which only the chat's newest `keep` entries follow; 0 when it has no more."""
        row = self._execute(
            "SELECT id FROM web_entry WHERE address_id = :address ORDER BY id DESC LIMIT 1 OFFSET :keep",
            {"address": address_id, "keep": keep},
        ).fetchone()
        return row[0] if row else 0
