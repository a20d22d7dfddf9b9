"""Answers: one row for each thing a customer said to a question. Nothing is overwritten, and a chain shows it.

The rows of a conversation form a chain: a row's digest covers the digest before it and a salted digest of its
content. Changing, dropping or reordering a row breaks it. Erasing keeps the salted digest in the salt's place, so
the chain still holds, and without its salt the digest says nothing about what was answered.
"""

import hashlib
import secrets
from collections.abc import Iterable

import msgspec

from storage.rows import Row, Table

_ERASED = "erased:"


class Answer(Row, frozen=True):
    """An answer as it was understood. The newest to a question in its role (answer, comment) is `current`."""

    id: int
    conversation_id: int
    question: str
    role: str
    kind: str
    number: int | None
    text: str | None
    raw: str
    shortened: int
    skipped: int
    at: int
    current: int
    salt: str
    digest: str


class AnswerLine(Row, frozen=True):
    """An answer with all that an export says beside it; an anonymous one has neither customer nor channel."""

    id: int
    conversation_id: int
    purpose: str
    outcome: str | None
    opened_at: int
    closed_at: int | None
    customer: str | None
    customer_name: str | None
    channel: str | None
    survey: str | None
    survey_number: int | None
    touchpoint: str | None
    question: str
    role: str
    kind: str
    number: int | None
    text: str | None
    raw: str
    shortened: int
    skipped: int
    current: int
    at: int
    variant: str | None


class Answers(Table):
    """Answers by conversation."""

    __slots__ = ()

    def add(
        self,
        conversation_id: int,
        question: str,
        role: str,
        kind: str,
        number: int | None,
        text: str | None,
        raw: str,
        at: int,
        previous: str,
        *,
        shortened: bool = False,
        skipped: bool = False,
        replaces: bool = False,
    ) -> str:
        """Append an answer and return its digest: the conversation's new chain.

        `previous` is the chain so far, "" for the first. Say `replaces` when the question was answered before
        in this role: then the earlier answer is no longer current.
        """
        salt = secrets.token_hex(16)
        digest = _link(previous, _sealed(salt, question, role, kind, number, text, raw, shortened, skipped, at))
        if replaces:
            self._execute(
                """
                UPDATE answer SET current = 0
                WHERE conversation_id = :conversation AND question = :question AND role = :role AND current = 1
                """,
                {"conversation": conversation_id, "question": question, "role": role},
            )
        self._execute(
            """
            INSERT INTO answer (conversation_id, question, role, kind, number, text, raw, shortened, skipped, at, salt,
                                digest)
            VALUES (:conversation, :question, :role, :kind, :number, :text, :raw, :shortened, :skipped, :at, :salt,
                    :digest)
            """,
            {
                "conversation": conversation_id,
                "question": question,
                "role": role,
                "kind": kind,
                "number": number,
                "text": text,
                "raw": raw,
                "shortened": int(shortened),
                "skipped": int(skipped),
                "at": at,
                "salt": salt,
                "digest": digest,
            },
        )
        return digest

    def of(self, conversation_id: int) -> list[Answer]:
        """Return everything that was answered in a conversation, in order, replaced answers too."""
        rows = self._execute(
            "SELECT * FROM answer WHERE conversation_id = :conversation ORDER BY id",
            {"conversation": conversation_id},
        ).fetchall()
        return [Answer(*row) for row in rows]

    def verify(self, conversation_id: int) -> bool:
        """Return whether the conversation's answers are as they were written, all of them and in order."""
        row = self._execute("SELECT chain FROM conversation WHERE id = :id", {"id": conversation_id}).fetchone()
        return row is not None and row[0] == chain_of(self.of(conversation_id))

    def erase(self, conversation_id: int) -> None:
        """Drop what was answered in a conversation; the chain still verifies."""
        for answer in self.of(conversation_id):
            self._execute(
                "UPDATE answer SET number = NULL, text = NULL, raw = '', salt = :seal WHERE id = :id",
                {"id": answer.id, "seal": _ERASED + _seal_of(answer)},
            )

    def page(self, after_id: int, limit: int) -> list[AnswerLine]:
        """Return answers for an export by id, from the id after `after_id`."""
        rows = self._execute(
            """
            SELECT answer.id, answer.conversation_id, conversation.purpose, conversation.outcome,
                   conversation.opened_at, conversation.closed_at,
                   CASE conversation.anonymous WHEN 0 THEN customer.reference END, customer.name,
                   CASE conversation.anonymous WHEN 0 THEN address.channel END,
                   survey_version.key, survey_version.number, survey_version.touchpoint, answer.question, answer.role,
                   answer.kind, answer.number, answer.text, answer.raw, answer.shortened, answer.skipped,
                   answer.current, answer.at, conversation.variant
            FROM answer
            JOIN conversation ON conversation.id = answer.conversation_id
            JOIN customer ON customer.id = conversation.customer_id
            JOIN address ON address.id = conversation.address_id
            LEFT JOIN survey_version ON survey_version.id = conversation.survey_version_id
            WHERE answer.id > :after
            ORDER BY answer.id LIMIT :limit
            """,
            {"after": after_id, "limit": limit},
        ).fetchall()
        return [AnswerLine(*row) for row in rows]


def chain_of(answers: Iterable[Answer]) -> str | None:
    """Return the chain of a conversation's answers, given in order; None when one of them is not as it was written."""
    chain = ""
    for answer in answers:
        chain = _link(chain, _seal_of(answer))
        if chain != answer.digest:
            return None
    return chain


def _sealed(
    salt: str,
    question: str,
    role: str,
    kind: str,
    number: int | None,
    text: str | None,
    raw: str,
    shortened: bool | int,
    skipped: bool | int,
    at: int,
) -> str:
    content = msgspec.json.encode((question, role, kind, number, text, raw, int(shortened), int(skipped), at))
    return hashlib.sha256(salt.encode() + content).hexdigest()


def _seal_of(answer: Answer) -> str:
    if answer.salt.startswith(_ERASED):
        return answer.salt.removeprefix(_ERASED)
    return _sealed(
        answer.salt,
        answer.question,
        answer.role,
        answer.kind,
        answer.number,
        answer.text,
        answer.raw,
        answer.shortened,
        answer.skipped,
        answer.at,
    )


def _link(previous: str, seal: str) -> str:
    return hashlib.sha256((previous + seal).encode()).hexdigest()
