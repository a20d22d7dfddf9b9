"""Messages decided and not yet sent, and what became of them.

    queued ──mark_sending──> sending ──sent──────────────> sent
                             sending ──requeue, ambiguous─> queued
                             sending ──finish────────────> unknown, dead, cancelled

Every change by delivery names the fence it was given by `mark_sending`: whoever lost the row changes nothing.
"""

from collections.abc import Collection, Iterable
from typing import Literal

import msgspec

from storage.rows import Row, Table

End = Literal["unknown", "dead", "cancelled"]


class OutboxNew(msgspec.Struct, frozen=True, gc=False):
    """A message to be queued; `class_` and `priority` as the delivery protocol's table gives them."""

    brand_id: int
    channel: str
    address_id: int
    chat: str
    class_: str
    priority: int
    purpose: str
    payload: str
    queued_at: int
    prompt: str | None = None
    edits: int | None = None
    case_id: int | None = None
    conversation_id: int | None = None
    dedupe_key: str | None = None
    not_before: int = 0
    expires_at: int | None = None


class OutboxRow(Row, frozen=True):
    """A message of the outbox. `copies` says how many may have reached the chat."""

    id: int
    brand_id: int
    channel: str
    address_id: int
    chat: str
    class_: str
    priority: int
    purpose: str
    prompt: str | None
    edits: int | None
    case_id: int | None
    conversation_id: int | None
    payload: str
    dedupe_key: str | None
    state: str
    not_before: int
    expires_at: int | None
    attempts: int
    copies: int
    fence: int
    lease_until: int | None
    channel_ref: str | None
    error: str | None
    queued_at: int
    sent_at: int | None


class Attempt(Row, frozen=True):
    """A try that did not simply succeed."""

    id: int
    outbox_id: int
    fence: int
    started_at: int
    ended_at: int | None
    outcome: str
    detail: str | None


class Standing(msgspec.Struct, frozen=True):
    """How many rows wait, since when the oldest of them was queued, and how many ended `unknown` or `dead`."""

    queued: int
    oldest_queued_at: int | None
    unknown: int
    dead: int


class Outbox(Table):
    """Messages: added inside a turn, moved on by delivery."""

    __slots__ = ()

    def add(self, new: OutboxNew) -> OutboxRow | None:
        """Queue a message and return its row; None when one with its `dedupe_key` is here already."""
        inserted = self._insert(
            """
            INSERT INTO outbox (brand_id, channel, address_id, chat, class, priority, purpose, prompt, edits, case_id,
                                conversation_id, payload, dedupe_key, not_before, expires_at, queued_at)
            VALUES (:brand, :channel, :address, :chat, :class, :priority, :purpose, :prompt, :edits, :case,
                    :conversation, :payload, :key, :not_before, :expires_at, :queued_at)
            ON CONFLICT (brand_id, dedupe_key) WHERE dedupe_key IS NOT NULL DO NOTHING
            RETURNING id
            """,
            {
                "brand": new.brand_id,
                "channel": new.channel,
                "address": new.address_id,
                "chat": new.chat,
                "class": new.class_,
                "priority": new.priority,
                "purpose": new.purpose,
                "prompt": new.prompt,
                "edits": new.edits,
                "case": new.case_id,
                "conversation": new.conversation_id,
                "payload": new.payload,
                "key": new.dedupe_key,
                "not_before": new.not_before,
                "expires_at": new.expires_at,
                "queued_at": new.queued_at,
            },
        )
        return None if inserted is None else _queued(inserted, new)

    def get(self, outbox_id: int) -> OutboxRow | None:
        """Return the row, or None."""
        return row_or_none(self._execute("SELECT * FROM outbox WHERE id = :id", {"id": outbox_id}).fetchone())

    def mark_sending(self, ids: Iterable[int], lease_until: int) -> dict[int, int]:
        """Mark queued rows as being sent, counting an attempt and a copy of each; return id → fence.

        An id that is missing from the result is no longer ours to send.
        """
        fences = {}
        for outbox_id in ids:
            row = self._execute(
                """
                UPDATE outbox
                SET state = 'sending', fence = fence + 1, attempts = attempts + 1, copies = copies + 1,
                    lease_until = :lease_until
                WHERE id = :id AND state = 'queued'
                RETURNING fence
                """,
                {"id": outbox_id, "lease_until": lease_until},
            ).fetchone()
            if row:
                fences[outbox_id] = row[0]
        return fences

    def sent(self, outbox_id: int, fence: int, ref: str, now: int) -> bool:
        """Record that the channel took the message as its `ref`. False: the row was taken from us meanwhile."""
        return (
            self._execute(
                """
                UPDATE outbox SET state = 'sent', channel_ref = :ref, sent_at = :now, lease_until = NULL, error = NULL
                WHERE id = :id AND fence = :fence AND state IN ('sending', 'unknown')
                """,
                {"id": outbox_id, "fence": fence, "ref": ref, "now": now},
            ).rowcount
            == 1
        )

    def sent_edit(self, outbox_id: int, now: int) -> bool:
        """Record that an edit was made. Edits may be repeated, so they are not marked before."""
        return (
            self._execute(
                """
                UPDATE outbox SET state = 'sent', sent_at = :now, attempts = attempts + 1, error = NULL
                WHERE id = :id AND state = 'queued'
                """,
                {"id": outbox_id, "now": now},
            ).rowcount
            == 1
        )

    def put_off(self, outbox_id: int, not_before: int, error: str) -> bool:
        """Count a failed try of a row that was never marked (an edit) and wait until `not_before`."""
        return (
            self._execute(
                """
                UPDATE outbox SET attempts = attempts + 1, not_before = :not_before, error = :error
                WHERE id = :id AND state = 'queued'
                """,
                {"id": outbox_id, "not_before": not_before, "error": error},
            ).rowcount
            == 1
        )

    def requeue(
        self,
        outbox_id: int,
        fence: int,
        not_before: int,
        error: str,
        copies_back: bool,
        attempts_back: bool = False,
    ) -> bool:
        """Put a row that was being sent back into the queue.

        `copies_back`: it is proven that nothing reached the chat. `attempts_back`: the try does not count
        either (the channel asked us to wait).
        """
        return (
            self._execute(
                """
                UPDATE outbox
                SET state = 'queued', lease_until = NULL, not_before = :not_before, error = :error,
                    copies = copies - :copies_back, attempts = attempts - :attempts_back
                WHERE id = :id AND fence = :fence AND state = 'sending'
                """,
                {
                    "id": outbox_id,
                    "fence": fence,
                    "not_before": not_before,
                    "error": error,
                    "copies_back": int(copies_back),
                    "attempts_back": int(attempts_back),
                },
            ).rowcount
            == 1
        )

    def ambiguous(self, outbox_id: int, fence: int, resend_at: int | None, error: str) -> bool:
        """Record that the message may have reached the chat: send it again at `resend_at`, or never (None)."""
        if resend_at is None:
            return self.finish(outbox_id, fence, "unknown", error)
        return self.requeue(outbox_id, fence, resend_at, error, copies_back=False)

    def finish(self, outbox_id: int, fence: int, state: End, error: str) -> bool:
        """End a row that was not sent: `unknown`, `dead` or `cancelled`, and why."""
        return (
            self._execute(
                """
                UPDATE outbox SET state = :state, error = :error, lease_until = NULL
                WHERE id = :id AND fence = :fence AND state IN ('queued', 'sending')
                """,
                {"id": outbox_id, "fence": fence, "state": state, "error": error},
            ).rowcount
            == 1
        )

    def forget(self, outbox_id: int, payload: str) -> None:
        """Put `payload` in the place of the words of a message that is over: they opened something."""
        self._execute(
            """
            UPDATE outbox SET payload = :payload WHERE id = :id AND state NOT IN ('queued', 'sending')
            """,
            {"id": outbox_id, "payload": payload},
        )

    def proven(self, prompt: str, now: int) -> int:
        """Record that the chat has this prompt, because somebody answered or pressed it; return how many rows."""
        return self._execute(
            """
            UPDATE outbox SET state = 'sent', sent_at = :now, lease_until = NULL
            WHERE prompt = :prompt AND copies > 0 AND state IN ('queued', 'sending', 'unknown')
            """,
            {"prompt": prompt, "now": now},
        ).rowcount

    def unsent(self, limit: int, after: int = 0) -> list[OutboxRow]:
        """Return rows that are queued or being sent, by id, from the id after `after`."""
        rows = self._execute(
            """
            SELECT * FROM outbox WHERE state IN ('queued', 'sending') AND id > :after ORDER BY id LIMIT :limit
            """,
            {"after": after, "limit": limit},
        ).fetchall()
        return [OutboxRow(*row) for row in rows]

    def left_sending(self) -> list[OutboxRow]:
        """Return rows that somebody who died was sending: each is ambiguous. For the start of the process."""
        rows = self._execute(
            "SELECT * FROM outbox WHERE state IN ('queued', 'sending') AND state = 'sending' ORDER BY id"
        ).fetchall()
        return [OutboxRow(*row) for row in rows]

    def cancel_chat(self, address_id: int, why: str, keep_classes: Collection[str] = ()) -> list[int]:
        """Cancel what is queued for an address, except the classes to keep; return the ids."""
        rows = self._execute(
            """
            SELECT id, class FROM outbox
            WHERE state IN ('queued', 'sending') AND state = 'queued' AND address_id = :address
            ORDER BY id
            """,
            {"address": address_id},
        ).fetchall()
        cancelled = [outbox_id for outbox_id, class_ in rows if class_ not in keep_classes]
        for outbox_id in cancelled:
            self._execute(
                "UPDATE outbox SET state = 'cancelled', error = :why WHERE id = :id", {"id": outbox_id, "why": why}
            )
        return cancelled

    def cancel_about(self, address_id: int, customer_id: int, why: str) -> None:
        """End what waits to be sent to a chat about one customer: in their conversations and cases."""
        self._execute(
            """
            UPDATE outbox SET state = 'cancelled', error = :why
            WHERE state IN ('queued', 'sending') AND state = 'queued' AND address_id = :address
              AND (conversation_id IN (SELECT id FROM conversation WHERE customer_id = :customer)
                   OR case_id IN (SELECT id FROM recovery_case WHERE customer_id = :customer))
            """,
            {"address": address_id, "customer": customer_id, "why": why},
        )

    def readdress(self, brand: int, channel: str, old_chat: str, new_chat: str) -> int:
        """Lead unsent rows to a chat's new id; return how many."""
        return self._execute(
            """
            UPDATE outbox SET chat = :new
            WHERE state IN ('queued', 'sending') AND brand_id = :brand AND channel = :channel AND chat = :old
            """,
            {"brand": brand, "channel": channel, "old": old_chat, "new": new_chat},
        ).rowcount

    def doubt_after_restore(self, now: int, own_log: str, why: str) -> list[OutboxRow]:
        """End what may have been sent since a backup was made, and return those rows, edits apart.

        A message becomes `unknown`, an edit is cancelled. What may not go before `now` was not sent, and waits on.
        The channel `own_log` keeps its messages in this database: what it lost is sent again.
        """
        self._execute(
            """
            UPDATE outbox SET state = 'queued', lease_until = NULL
            WHERE state IN ('queued', 'sending') AND state = 'sending' AND channel = :own_log
            """,
            {"own_log": own_log},
        )
        rows = self._execute(
            """
            UPDATE outbox
            SET state = CASE WHEN edits IS NULL THEN 'unknown' ELSE 'cancelled' END, error = :why, lease_until = NULL
            WHERE state IN ('queued', 'sending') AND channel <> :own_log AND (state = 'sending' OR not_before <= :now)
            RETURNING *
            """,
            {"own_log": own_log, "why": why, "now": now},
        ).fetchall()
        ended = sorted((OutboxRow(*row) for row in rows), key=lambda row: row.id)
        return [row for row in ended if row.edits is None]

    def trouble(self, limit: int) -> list[OutboxRow]:
        """Return rows that ended `unknown` or `dead`, newest first."""
        rows = self._execute(
            "SELECT * FROM outbox WHERE state IN ('unknown', 'dead') ORDER BY id DESC LIMIT :limit", {"limit": limit}
        ).fetchall()
        return [OutboxRow(*row) for row in rows]

    def standing(self) -> Standing:
        """Return how the outbox stands as a whole."""
        queued, oldest = self._execute(
            "SELECT COUNT(*), MIN(queued_at) FROM outbox WHERE state IN ('queued', 'sending')"
        ).fetchone()
        ended = dict(
            self._execute(
                "SELECT state, COUNT(*) FROM outbox WHERE state IN ('unknown', 'dead') GROUP BY state"
            ).fetchall()
        )
        return Standing(queued, oldest, ended.get("unknown", 0), ended.get("dead", 0))

    def sent_since(self, since: int, most: int) -> list[tuple[str, str, int]]:
        """Return channel, chat and moment of messages sent since then, among the newest `most` rows; oldest first."""
        return self._execute(
            """
            SELECT channel, chat, sent_at FROM outbox
            WHERE id > (SELECT COALESCE(MAX(id), 0) FROM outbox) - :most AND sent_at >= :since AND edits IS NULL
            ORDER BY sent_at
            """,
            {"most": most, "since": since},
        ).fetchall()

    def tries(self, outbox_id: int) -> list[Attempt]:
        """Return the tries of a message that did not simply succeed, in order."""
        rows = self._execute("SELECT * FROM attempt WHERE outbox_id = :id ORDER BY id", {"id": outbox_id}).fetchall()
        return [Attempt(*row) for row in rows]

    def note_attempt(
        self,
        outbox_id: int,
        fence: int,
        started_at: int,
        ended_at: int | None,
        outcome: str,
        detail: str | None = None,
    ) -> None:
        """Keep a try that did not simply succeed, also one whose row was taken from us."""
        self._execute(
            """
            INSERT INTO attempt (outbox_id, fence, started_at, ended_at, outcome, detail)
            VALUES (:outbox_id, :fence, :started_at, :ended_at, :outcome, :detail)
            """,
            {
                "outbox_id": outbox_id,
                "fence": fence,
                "started_at": started_at,
                "ended_at": ended_at,
                "outcome": outcome,
                "detail": detail,
            },
        )


def row_or_none(row: tuple[object, ...] | None) -> OutboxRow | None:
    """Return what a statement found as a row of the outbox; None when it found nothing."""
    return OutboxRow(*row) if row else None  # type: ignore[arg-type]  # columns in the table's order


def _queued(outbox_id: int, new: OutboxNew) -> OutboxRow:
    """Return the row as the database now has it, without asking the database for it."""
    return OutboxRow(
        outbox_id,
        new.brand_id,
        new.channel,
        new.address_id,
        new.chat,
        new.class_,
        new.priority,
        new.purpose,
        new.prompt,
        new.edits,
        new.case_id,
        new.conversation_id,
        new.payload,
        new.dedupe_key,
        "queued",
        new.not_before,
        new.expires_at,
        0,
        0,
        0,
        None,
        None,
        None,
        new.queued_at,
        None,
    )
