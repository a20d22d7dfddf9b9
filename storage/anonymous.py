"""Responses without a customer: cut off in the turn that ends them, kept where nothing leads back, let out together.

    conversation.anonymous   0  ordinary; also one whose customer agreed to be known
                             1  its survey promised to keep no link: under way, or over and not counted yet
                             2  over and counted as invited; what was answered, it never knows again
                             3  a response that was let out, nobody's: it has no address, event or invitation of its own

    anonymous_response       what waits to be let out, under a random id, without any moment

The messages of such a conversation are known by their `dedupe_key`, `apart:12:…`: no ordinary message pays for it.
"""

import secrets
from collections.abc import Sequence
from typing import Final

from storage.conversations import Conversation
from storage.errors import Stale
from storage.rows import Row, Table

UNDER_WAY: Final = 1
COUNTED: Final = 2
RELEASED: Final = 3

DAY: Final = 86_400_000
SPENT: Final = 1_000_000
"""The revision of every conversation that is over: how many turns it took would tell short ones from long ones."""

NOBODY: Final = "nobody:anonymous"
"""The reference of the customer who stands for all whose responses were let out."""

_IDS: Final = 2**52


class AnonymousResponse(Row, frozen=True):
    """A response that waits for others. `said` is a tuple of `conversations.state.Said`, as JSON."""

    id: int
    brand_id: int
    survey_version_id: int
    outcome: str
    said: str


class Waiting(Row, frozen=True):
    """How many responses to a survey wait."""

    brand_id: int
    survey: str
    count: int


class Invited(Row, frozen=True):
    """How many conversations with one version of a survey are over and not counted."""

    survey_version_id: int
    count: int


def message_key(conversation_id: int, unique: str) -> str:
    """Return the `dedupe_key` of a message of an anonymous conversation."""
    return f"apart:{conversation_id}:{unique}"


def conversation_in(dedupe_key: str | None) -> int | None:
    """Return the anonymous conversation that a message belongs to by its key, None for every other message."""
    if dedupe_key is None or not dedupe_key.startswith("apart:"):
        return None
    return int(dedupe_key.split(":")[1])


class Anonymous(Table):
    """What must be gone when an anonymous conversation is over, and what is kept instead."""

    __slots__ = ()

    # -- while it goes on

    def forget_update(self, inbox_id: int, now: int) -> None:
        """Drop what an update said as soon as its turn is through; that there was one stays known for some days.

        A repetition of it must be known as one. Of its moment only the day is kept.
        """
        self._execute(
            """
            UPDATE inbox SET state = 'apart', update_json = NULL, update_id = NULL, received_at = :day WHERE id = :id
            """,
            {"id": inbox_id, "day": now - now % DAY},
        )

    def give_name(self, conversation_id: int) -> None:
        """Make it a conversation like any other: its customer wants a person to write to them."""
        self._execute("UPDATE conversation SET anonymous = 0 WHERE id = :id", {"id": conversation_id})
        first, last = _keys(conversation_id)
        self._execute(
            "UPDATE outbox SET dedupe_key = NULL WHERE dedupe_key >= :first AND dedupe_key < :last",
            {"first": first, "last": last},
        )

    def discard(self, media: Sequence[int]) -> None:
        """Keep nothing of files that somebody sent; what lies in the folder follows."""
        for media_id in media:
            self._execute(
                """
                UPDATE media SET state = 'erased', why = 'anonymous', channel_file = NULL, name = NULL, digest = NULL,
                                 size = NULL, waiting = NULL, erase_at = NULL
                WHERE id = :id
                """,
                {"id": media_id},
            )

    # -- when it ends

    def part(self, talk: Conversation, state: str) -> None:
        """Leave of a conversation only that it was held: not what was said in it, how long it took, nor when it ended.

        `state` is what its late taps are answered from. Raises Stale.
        """
        changed = self._execute(
            """
            UPDATE conversation
            SET state = :state, chain = '', outcome = 'apart', closed_at = opened_at, revision = :spent
            WHERE id = :id AND revision = :revision
            """,
            {"id": talk.id, "revision": talk.revision, "state": state, "spent": SPENT},
        ).rowcount
        if changed == 0:
            raise Stale("conversation", talk.id, talk.revision)
        self._execute("DELETE FROM history WHERE subject = :subject", {"subject": f"conversation:{talk.id}"})
        self._execute(
            """
            UPDATE inbox SET update_json = NULL, update_id = NULL
            WHERE state = 'dead'
              AND EXISTS (SELECT 1 FROM address
                          WHERE address.id = :address AND address.brand_id = inbox.brand_id
                            AND address.channel = inbox.channel AND address.chat = inbox.chat)
            """,
            {"address": talk.address_id},
        )
        self.sweep(talk.id, shown_too=True)

    def sweep(self, conversation_id: int, *, shown_too: bool = False) -> None:
        """Remove the messages of a conversation that is over, all that need no sending any more.

        With `shown_too` also from the page of a web chat, on which else the last words are still to be read.
        """
        first, last = _keys(conversation_id)
        rows = self._execute(
            """
            SELECT id, address_id, edits, state, channel FROM outbox
            WHERE dedupe_key >= :first AND dedupe_key < :last ORDER BY id DESC
            """,
            {"first": first, "last": last},
        ).fetchall()
        needed = {row[0] for row in rows if row[3] in ("queued", "sending")}
        needed |= {row[2] for row in rows if row[0] in needed}
        for outbox_id, address_id, _, _, channel in rows:
            if outbox_id in needed or (channel == "webchat" and not shown_too):
                continue
            if channel == "webchat":
                self._execute(
                    "DELETE FROM web_entry WHERE address_id = :address AND outbox_id = :id",
                    {"address": address_id, "id": outbox_id},
                )
            self._execute("DELETE FROM attempt WHERE outbox_id = :id", {"id": outbox_id})
            self._execute("DELETE FROM outbox WHERE id = :id", {"id": outbox_id})

    def is_over(self, conversation_id: int) -> bool:
        """Return whether a conversation is over and keeps no link to what was said."""
        row = self._execute(
            "SELECT 1 FROM conversation WHERE id = :id AND anonymous <> 0 AND closed_at IS NOT NULL",
            {"id": conversation_id},
        ).fetchone()
        return row is not None

    def keep(self, brand: int, survey_version_id: int, outcome: str, said: str) -> None:
        """Keep a response: under a random id, so that the order of the rows says nothing."""
        self._execute(
            """
            INSERT INTO anonymous_response (id, brand_id, survey_version_id, outcome, said)
            VALUES (:id, :brand, :version, :outcome, :said)
            """,
            {
                "id": 1 + secrets.randbelow(_IDS),
                "brand": brand,
                "version": survey_version_id,
                "outcome": outcome,
                "said": said,
            },
        )

    # -- when several are let out together

    def left_over(self, limit: int) -> list[int]:
        """Return conversations that are over and of which messages are still there, however they came to stay."""
        rows = self._execute(
            """
            SELECT DISTINCT outbox.conversation_id
            FROM outbox JOIN conversation ON conversation.id = outbox.conversation_id
            WHERE outbox.dedupe_key >= 'apart:' AND outbox.dedupe_key < 'apart;'
              AND conversation.anonymous <> 0 AND conversation.closed_at IS NOT NULL
              AND outbox.state NOT IN ('queued', 'sending')
            ORDER BY outbox.conversation_id LIMIT :limit
            """,
            {"limit": limit},
        ).fetchall()
        return [row[0] for row in rows]

    def forget_repeats(self, before: int) -> None:
        """Forget that there were updates, once nobody repeats them any more."""
        self._execute("DELETE FROM inbox WHERE state = 'apart' AND received_at < :before", {"before": before})

    def waiting(self, brand: int) -> list[Waiting]:
        """Return the surveys with responses that wait, and how many."""
        rows = self._execute(
            """
            SELECT anonymous_response.brand_id, survey_version.key, COUNT(*)
            FROM anonymous_response JOIN survey_version ON survey_version.id = anonymous_response.survey_version_id
            WHERE anonymous_response.brand_id = :brand
            GROUP BY anonymous_response.brand_id, survey_version.key ORDER BY survey_version.key
            """,
            {"brand": brand},
        ).fetchall()
        return [Waiting(*row) for row in rows]

    def take(self, brand: int, survey: str, most: int) -> list[AnonymousResponse]:
        """Take responses to a survey out of those that wait, in the order of their random ids."""
        rows = self._execute(
            """
            SELECT anonymous_response.*
            FROM anonymous_response JOIN survey_version ON survey_version.id = anonymous_response.survey_version_id
            WHERE anonymous_response.brand_id = :brand AND survey_version.key = :survey
            ORDER BY anonymous_response.id LIMIT :most
            """,
            {"brand": brand, "survey": survey, "most": most},
        ).fetchall()
        taken = [AnonymousResponse(*row) for row in rows]
        for one in taken:
            self._execute("DELETE FROM anonymous_response WHERE id = :id", {"id": one.id})
        return taken

    def count_invited(self, brand: int, survey: str, now: int) -> list[Invited]:
        """Count conversations with a survey that are over and were not counted, as of this moment."""
        rows = self._execute(
            """
            SELECT conversation.survey_version_id, COUNT(*)
            FROM conversation JOIN survey_version ON survey_version.id = conversation.survey_version_id
            WHERE conversation.anonymous = 1 AND conversation.closed_at IS NOT NULL AND conversation.brand_id = :brand
              AND survey_version.key = :survey
            GROUP BY conversation.survey_version_id ORDER BY conversation.survey_version_id
            """,
            {"brand": brand, "survey": survey},
        ).fetchall()
        for version_id, _ in rows:
            self._execute(
                """
                UPDATE conversation SET anonymous = 2, closed_at = :now
                WHERE anonymous = 1 AND closed_at IS NOT NULL AND survey_version_id = :version
                """,
                {"now": now, "version": version_id},
            )
        return [Invited(*row) for row in rows]

    def release(
        self, brand: int, address_id: int, customer_id: int, version_id: int, seed: str, state: str, now: int
    ) -> int:
        """Write a response as a conversation of nobody, and return its id."""
        row = self._execute(
            """
            INSERT INTO conversation (brand_id, address_id, customer_id, purpose, survey_version_id, seed, state,
                                      opened_at, closed_at, anonymous)
            VALUES (:brand, :address, :customer, 'survey', :version, :seed, :state, :now, :now, 3)
            RETURNING id
            """,
            {
                "brand": brand,
                "address": address_id,
                "customer": customer_id,
                "version": version_id,
                "seed": seed,
                "state": state,
                "now": now,
            },
        ).fetchone()
        return int(row[0])


def _keys(conversation_id: int) -> tuple[str, str]:
    """Return between which keys the messages of a conversation are: a semicolon comes right after a colon."""
    return f"apart:{conversation_id}:", f"apart:{conversation_id};"
