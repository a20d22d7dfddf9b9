"""Files that people sent: where each is, whether we keep it, and what it belongs to.

    wanted ── fetched and looked at ──> kept ── its retention ends, or somebody asks ──> erased
    wanted ── too large, no such type, gone ──> refused
    coming ── wholly here ──> unsent ── its message came ──> kept      a file that comes to us by itself, on the web

The bytes are files in the media folder, never here. A row's `path` is chosen before anything is written there, so
that a file begun twice is one file; an erased row keeps it until the file is really gone.
"""

from collections.abc import Sequence
from typing import Literal

from storage.rows import Row, Table

MediaState = Literal["wanted", "coming", "unsent", "kept", "refused", "erased"]


class MediaFile(Row, frozen=True):
    """One file that somebody sent. `kind` is photo, voice, audio, video or document; `size` is bytes."""

    id: int
    brand_id: int
    channel: str
    chat: str
    kind: str
    channel_file: str | None
    name: str | None
    mime: str | None
    size: int | None
    digest: str | None
    path: str | None
    state: str
    why: str | None
    customer_id: int | None
    conversation_id: int | None
    question: str | None
    case_message_id: int | None
    attempts: int
    not_before: int
    at: int
    erase_at: int | None
    album: str | None
    waiting: str | None


class Media(Table):
    """Media: wanted by a turn, fetched after it, erased when their time is over."""

    __slots__ = ()

    def want(
        self,
        brand: int,
        channel: str,
        chat: str,
        kind: str,
        channel_file: str,
        now: int,
        *,
        name: str | None = None,
        mime: str | None = None,
        size: int | None = None,
        customer_id: int | None = None,
        erase_at: int | None = None,
        album: str | None = None,
        waiting: str | None = None,
    ) -> int:
        """Note a file that is to be fetched; return its id."""
        row = self._execute(
            """
            INSERT INTO media (brand_id, channel, chat, kind, channel_file, name, mime, size, state, customer_id,
                               at, erase_at, album, waiting)
            VALUES (:brand, :channel, :chat, :kind, :channel_file, :name, :mime, :size, 'wanted', :customer,
                    :now, :erase_at, :album, :waiting)
            RETURNING id
            """,
            {
                "brand": brand,
                "channel": channel,
                "chat": chat,
                "kind": kind,
                "channel_file": channel_file,
                "name": name,
                "mime": mime,
                "size": size,
                "customer": customer_id,
                "now": now,
                "erase_at": erase_at,
                "album": album,
                "waiting": waiting,
            },
        ).fetchone()
        return int(row[0])

    # -- files that come to us by themselves

    def begin(self, brand: int, channel: str, chat: str, path: str, now: int, erase_at: int) -> int:
        """Note that a file begins to come and where it will lie; return its id. It goes then unless it is sent."""
        row = self._execute(
            """
            INSERT INTO media (brand_id, channel, chat, kind, path, state, at, erase_at)
            VALUES (:brand, :channel, :chat, 'document', :path, 'coming', :now, :erase_at)
            RETURNING id
            """,
            {"brand": brand, "channel": channel, "chat": chat, "path": path, "now": now, "erase_at": erase_at},
        ).fetchone()
        return int(row[0])

    def arrived(self, media_id: int, kind: str, name: str | None, mime: str, size: int, digest: str) -> None:
        """Note that a file is wholly in the folder, and not sent yet."""
        self._execute(
            """
            UPDATE media SET state = 'unsent', kind = :kind, name = :name, mime = :mime, size = :size, digest = :digest
            WHERE id = :id AND state = 'coming'
            """,
            {"id": media_id, "kind": kind, "name": name, "mime": mime, "size": size, "digest": digest},
        )

    def give_up(self, media_id: int) -> None:
        """Note that a file did not come wholly, or is not kept: what of it lies in the folder goes."""
        self._execute(
            """
            UPDATE media SET state = 'erased', why = 'never came', erase_at = NULL WHERE id = :id AND state = 'coming'
            """,
            {"id": media_id},
        )

    def sent(self, ids: Sequence[int], customer_id: int | None, erase_at: int) -> None:
        """Note that the message of these files came: from now on they are kept as all others are."""
        for media_id in ids:
            self._execute(
                """
                UPDATE media SET state = 'kept', customer_id = :customer, erase_at = :erase_at
                WHERE id = :id AND state = 'unsent'
                """,
                {"id": media_id, "customer": customer_id, "erase_at": erase_at},
            )

    def came_since(self, channel: str, chat: str, since: int) -> tuple[int, int]:
        """Return how many files came from a chat since a moment, and their bytes."""
        row = self._execute(
            """
            SELECT COUNT(*), CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM media
            WHERE channel = :channel AND chat = :chat AND at >= :since
            """,
            {"channel": channel, "chat": chat, "since": since},
        ).fetchone()
        return int(row[0]), int(row[1])

    # -- looking

    def get(self, media_id: int) -> MediaFile | None:
        """Return a file's row, None when there is none."""
        row = self._execute("SELECT * FROM media WHERE id = :id", {"id": media_id}).fetchone()
        return None if row is None else MediaFile(*row)

    def several(self, ids: Sequence[int]) -> list[MediaFile]:
        """Return the rows of these ids that exist, in the order asked for."""
        return [found for media_id in ids if (found := self.get(media_id)) is not None]

    # -- what it belongs to

    def answers(self, ids: Sequence[int], conversation_id: int, question: str | None) -> None:
        """Note that these files were shown in a conversation, for a question of it if one was open."""
        for media_id in ids:
            self._execute(
                "UPDATE media SET conversation_id = :conversation, question = :question WHERE id = :id",
                {"id": media_id, "conversation": conversation_id, "question": question},
            )

    def said_in_case(self, ids: Sequence[int], case_message_id: int, customer_id: int) -> None:
        """Note that these files are part of what was said in a case, by its customer or to them."""
        for media_id in ids:
            self._execute(
                "UPDATE media SET case_message_id = :message, customer_id = :customer WHERE id = :id",
                {"id": media_id, "message": case_message_id, "customer": customer_id},
            )

    def of_conversation(self, conversation_id: int) -> list[MediaFile]:
        """Return the files shown in a conversation, in order."""
        rows = self._execute(
            "SELECT * FROM media WHERE conversation_id = :conversation ORDER BY id", {"conversation": conversation_id}
        ).fetchall()
        return [MediaFile(*row) for row in rows]

    def of_answers(self, conversations: Sequence[int]) -> dict[int, list[str]]:
        """Return the paths of files that are kept, by the id of the answer or comment that they came with."""
        if not conversations:
            return {}
        rows = self._execute(
            """
            SELECT media.path,
                   (SELECT MIN(answer.id) FROM answer
                    WHERE answer.conversation_id = media.conversation_id AND answer.question = media.question
                      AND answer.at >= media.at)
            FROM media
            WHERE media.conversation_id BETWEEN :first AND :last AND media.state = 'kept'
            ORDER BY media.id
            """,
            {"first": min(conversations), "last": max(conversations)},
        ).fetchall()
        found: dict[int, list[str]] = {}
        for path, answer_id in rows:
            found.setdefault(answer_id, []).append(path)
        return found

    def of_case_message(self, case_message_id: int) -> list[MediaFile]:
        """Return the files of one thing said in a case, in order."""
        rows = self._execute(
            "SELECT * FROM media WHERE case_message_id = :message ORDER BY id", {"message": case_message_id}
        ).fetchall()
        return [MediaFile(*row) for row in rows]

    # -- albums

    def album_waits(self, channel: str, chat: str, album: str) -> list[MediaFile]:
        """Return what came of an album and is not taken in yet, in order."""
        rows = self._execute(
            """
            SELECT * FROM media
            WHERE channel = :channel AND chat = :chat AND album = :album AND waiting IS NOT NULL
            ORDER BY id
            """,
            {"channel": channel, "chat": chat, "album": album},
        ).fetchall()
        return [MediaFile(*row) for row in rows]

    def album_taken(self, ids: Sequence[int]) -> None:
        """Note that these files were taken in; nothing more of their update is wanted."""
        for media_id in ids:
            self._execute("UPDATE media SET waiting = NULL WHERE id = :id", {"id": media_id})

    # -- fetching

    def claim(self, now: int, lease_until: int, paths: Sequence[str]) -> list[MediaFile]:
        """Claim as many wanted files as there are `paths`, oldest first; a file keeps the path it had before.

        Why the last try failed is forgotten with it: a claimed file is being fetched.
        """
        rows = self._execute(
            "SELECT * FROM media WHERE state = 'wanted' AND not_before <= :now ORDER BY not_before, id LIMIT :most",
            {"now": now, "most": len(paths)},
        ).fetchall()
        claimed = []
        for row, path in zip(rows, paths, strict=False):
            changed = self._execute(
                """
                UPDATE media SET attempts = attempts + 1, not_before = :until, why = NULL, path = COALESCE(path, :path)
                WHERE id = :id RETURNING *
                """,
                {"id": row[0], "until": lease_until, "path": path},
            ).fetchone()
            claimed.append(MediaFile(*changed))
        return claimed

    def next_wanted_at(self) -> int | None:
        """Return the moment from which the next wanted file may be fetched; None when none is wanted."""
        row = self._execute(
            "SELECT not_before FROM media WHERE state = 'wanted' ORDER BY not_before, id LIMIT 1"
        ).fetchone()
        return None if row is None else int(row[0])

    def release(self) -> None:
        """Let go what a life before us had claimed, and give up what was just coming to it."""
        self._execute("UPDATE media SET not_before = 0 WHERE state = 'wanted' AND not_before > 0")
        self._execute("UPDATE media SET state = 'erased', why = 'never came', erase_at = NULL WHERE state = 'coming'")

    def kept(self, media_id: int, mime: str, size: int, digest: str) -> bool:
        """Note that a file is in the folder. False: it is not wanted any more, and must go from there."""
        return (
            self._execute(
                """
                UPDATE media SET state = 'kept', mime = :mime, size = :size, digest = :digest, why = NULL
                WHERE id = :id AND state = 'wanted'
                """,
                {"id": media_id, "mime": mime, "size": size, "digest": digest},
            ).rowcount
            == 1
        )

    def put_off(self, media_id: int, not_before: int, why: str) -> None:
        """Try a file again at that moment."""
        self._execute(
            "UPDATE media SET not_before = :at, why = :why WHERE id = :id AND state = 'wanted'",
            {"id": media_id, "at": not_before, "why": why},
        )

    def read(self, media_id: int) -> bool:
        """Note that what a file said was taken in, and that it is kept nowhere. False: it was not wanted any more."""
        return (
            self._execute(
                """
                UPDATE media SET state = 'erased', why = 'read', path = NULL, channel_file = NULL, name = NULL,
                                 waiting = NULL, erase_at = NULL
                WHERE id = :id AND state = 'wanted'
                """,
                {"id": media_id},
            ).rowcount
            == 1
        )

    def refuse(self, media_id: int, why: str) -> bool:
        """Note that a file is not kept, and why. False: it was not wanted any more."""
        return (
            self._execute(
                "UPDATE media SET state = 'refused', why = :why, path = NULL WHERE id = :id AND state = 'wanted'",
                {"id": media_id, "why": why},
            ).rowcount
            == 1
        )

    # -- erasing

    def erase(
        self,
        why: str,
        limit: int,
        *,
        customer_id: int | None = None,
        conversation_id: int | None = None,
        ended_by: int | None = None,
    ) -> int:
        """Erase up to `limit` files of a customer, of a conversation, or whose retention ended by a moment.

        Exactly one of the three is given. The rows stay, with what they belong to and why they are empty; the files
        follow (`leaving`). Returns how many: fewer than `limit` means that none is left.
        """
        if customer_id is not None:
            chosen = "SELECT id FROM media WHERE customer_id = :which AND state != 'erased' ORDER BY id LIMIT :most"
        elif conversation_id is not None:
            chosen = "SELECT id FROM media WHERE conversation_id = :which AND state != 'erased' ORDER BY id LIMIT :most"
        else:
            chosen = "SELECT id FROM media WHERE erase_at <= :which ORDER BY erase_at, id LIMIT :most"
        which = next(given for given in (customer_id, conversation_id, ended_by) if given is not None)
        ids = [row[0] for row in self._execute(chosen, {"which": which, "most": limit}).fetchall()]
        for media_id in ids:
            self._execute(
                """
                UPDATE media SET state = 'erased', why = :why, channel_file = NULL, name = NULL, digest = NULL,
                                 waiting = NULL, erase_at = NULL
                WHERE id = :id
                """,
                {"id": media_id, "why": why},
            )
        return len(ids)

    def leaving(self, limit: int) -> list[tuple[int, str]]:
        """Return id and path of erased files that may still lie in the folder."""
        rows = self._execute(
            "SELECT id, path FROM media WHERE state = 'erased' AND path IS NOT NULL ORDER BY id LIMIT :most",
            {"most": limit},
        ).fetchall()
        return [(row[0], row[1]) for row in rows]

    def gone(self, media_id: int) -> None:
        """Note that an erased file is gone from the folder."""
        self._execute("UPDATE media SET path = NULL WHERE id = :id AND state = 'erased'", {"id": media_id})
