"""What a turn wants said: written to the outbox inside the turn, handed to delivery after its commit.

Each kind of message has its class (what an uncertain sending means), its priority and its lateness in one table.
"""

from datetime import timedelta
from typing import Final, NamedTuple

import msgspec

from bot.channels.messages import Message
from bot.channels.telegram.limits import parts
from storage.addresses import Address
from storage.outbox import OutboxNew, OutboxRow
from storage.unit import Unit


class Manner(NamedTuple):
    """How a kind of message is sent. `lasts` is how late it may be before it is cancelled.

    A `secret` one carries a link that opens something: its words are forgotten as soon as it needs no sending.
    """

    class_: str  # A question or reply, B we began it, C staff, D compensation, E edit
    priority: int
    lasts: timedelta | None = None
    secret: bool = False


MANNERS: Final[dict[str, Manner]] = {
    "question": Manner("A", 1),
    "reply": Manner("A", 1),
    "apology": Manner("A", 1),
    "relay": Manner("A", 1),
    "restatement": Manner("A", 1),
    "staff_reply": Manner("A", 1),
    "case_shown": Manner("A", 1),
    "sign_in": Manner("A", 1, timedelta(minutes=15), secret=True),
    "ask_name": Manner("A", 1),
    "handed_over": Manner("A", 1, secret=True),
    "escalation": Manner("C", 2),
    "case_news": Manner("C", 2),
    "case_said": Manner("C", 2),
    "notice": Manner("B", 3, timedelta(hours=72)),
    "follow_up": Manner("B", 3, timedelta(hours=72)),
    "reask": Manner("B", 3, timedelta(hours=24)),
    "invitation": Manner("B", 4, timedelta(days=7)),
    "reminder": Manner("B", 4, timedelta(hours=24)),
    "offer": Manner("D", 1),
    "voucher": Manner("D", 1),
    "approval": Manner("C", 2),
    "offer_news": Manner("C", 2),
    "digest": Manner("C", 2),
    "topic": Manner("B", 2, timedelta(hours=72)),
    "topic_edit": Manner("E", 5),
    "edit": Manner("E", 5),
    "take_back": Manner("E", 2),
}

BEGUN: Final = frozenset({"invitation", "reminder", "follow_up", "relay", "restatement", "notice", "offer", "voucher"})
"""What we say to a customer of our own accord: in a web chat nobody may be there to read it."""

CASES: Final = "cases"
"""The kind of thing that pages show anew when a case, or what belongs to one, changed."""

SURVEYS: Final = "surveys"
"""The same of a survey: its draft was changed, or a version of it published or retired."""

ANSWERS: Final = frozenset({"staff_reply", "case_shown", "ask_name", "handed_over"})
"""What staff are answered with where they spoke."""

OUTBOX: Final = "outbox:"
"""A thread that begins so is the topic that the row of that id opens."""

TAKE_BACK: Final = "take_back"
WAITING: Final = "waiting"
GRACE: Final = timedelta(seconds=60) // timedelta(milliseconds=1)
"""How long such a message may lie in a web chat before we see to it that its customer hears of it."""

SECRET: Final = frozenset(purpose for purpose, manner in MANNERS.items() if manner.secret)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Message).decode


class Notice(NamedTuple):
    """What to show in passing to somebody who tapped; best effort, once, after the commit."""

    channel: str
    chat: str
    query: str
    text: str | None


class ShownMenu(NamedTuple):
    """A chat whose menu of commands is to be shown anew: in which language, and whether they edit surveys."""

    address: Address
    language: str
    edits: bool = False


class Outgoing:
    """The messages of one turn, in order."""

    def __init__(self, unit: Unit, now: int) -> None:
        self._unit = unit
        self._now = now
        self.rows: list[OutboxRow] = []
        self.notices: list[Notice] = []
        self.menus: list[ShownMenu] = []
        self.leaves: list[tuple[str, str]] = []
        self.next_due: int | None = None
        self.inbox_id: int | None = None  # of the update that this turn takes in, if it is one
        self.moves_files = False
        self.notified = False
        self.published = False  # which surveys are asked changed: the shelf must look again
        self.threads: dict[int, str] = {}  # by address: the topic in which somebody just spoke, and is answered
        self.touched: set[str] = set()

    def post(
        self,
        address: Address,
        message: Message,
        purpose: str,
        *,
        prompt: str | None = None,
        case_id: int | None = None,
        conversation_id: int | None = None,
        not_before: int = 0,
        dedupe_key: str | None = None,
        edits: int | None = None,
    ) -> OutboxRow | None:
        """Write a message to the outbox; one too long for a chat becomes several, its buttons on the last.

        Returns the row of the (last) message; None when the address takes nothing, or it was written before.
        """
        if case_id is not None:
            self.touched.add(CASES)
        if address.unreachable_at is not None:
            return None
        row = None
        manner, start = MANNERS[purpose], max(self._now, not_before)
        pieces = [message] if edits is not None and message.attachments else parts(message)
        thread = self._thread(address, message, purpose, case_id) if edits is None else ""
        for number, piece in enumerate(pieces, 1):
            if thread:
                piece = msgspec.structs.replace(piece, thread=thread)
            last = number == len(pieces)
            expires_at = None if manner.lasts is None else start + manner.lasts // timedelta(milliseconds=1)
            row = self._unit.outbox.add(
                OutboxNew(
                    brand_id=address.brand_id,
                    channel=address.channel,
                    address_id=address.id,
                    chat=address.chat,
                    class_=manner.class_,
                    priority=manner.priority,
                    purpose=purpose,
                    prompt=prompt if last else None,
                    edits=edits,
                    case_id=case_id,
                    conversation_id=conversation_id,
                    payload=_encode(piece).decode(),
                    dedupe_key=dedupe_key if last or dedupe_key is None else f"{dedupe_key}/{number}",
                    not_before=not_before,
                    expires_at=expires_at,
                    queued_at=self._now,
                )
            )
            if row is not None:
                self.rows.append(row)
        if row is not None and address.channel == "webchat" and purpose in BEGUN and address.kind == "customer":
            self.plan(WAITING, row.id, f"{WAITING}:{row.id}", start + GRACE, address.brand_id)
        return row

    def _thread(self, address: Address, message: Message, purpose: str, case_id: int | None) -> str:
        """Return the topic in which a message to a staff group stands: where they spoke, else that of its case."""
        if address.kind != "group" or message.topic:
            return ""
        if purpose in ANSWERS and address.id in self.threads:
            return self.threads[address.id]
        topic = None if case_id is None else self._unit.messages.topic_of(case_id, address.id)
        return message.thread if topic is None else f"{OUTBOX}{topic.id}"

    def edit(
        self,
        address: Address,
        before: OutboxRow,
        message: Message,
        *,
        again: bool = False,
        dedupe_key: str | None = None,
    ) -> None:
        """Change a message that was posted earlier; `again` when an edit of it may still be waiting.

        The files that came with it stay: then it is what stands below them that changes.
        """
        if files_in(before.payload):
            message = msgspec.structs.replace(message, attachments=message_of(before).attachments)
        edit = self.post(address, message, "edit", edits=before.id, case_id=before.case_id, dedupe_key=dedupe_key)
        if again and edit is not None:
            gone = set(self._unit.messages.newest_edit_replaces(before.id, edit.id))
            self.rows = [row for row in self.rows if row.id not in gone]

    def take_away(self, address: Address, before: OutboxRow, words: str) -> None:
        """Delete a message that was posted earlier; `words` stand in its place where a chat keeps one for it."""
        files = message_of(before).attachments if files_in(before.payload) else ()
        message = Message(words, attachments=files, gone=True)
        self.post(address, message, TAKE_BACK, edits=before.id, case_id=before.case_id)

    def plan(self, kind: str, subject: int, key: str, at: int, brand: int = 1) -> None:
        """Plan something for a moment, once for each key."""
        self._unit.due.add(brand, kind, subject, key, at)
        self.next_due = at if self.next_due is None else min(self.next_due, at)

    def notice(self, channel: str, chat: str, query: str, text: str | None) -> None:
        """Show something in passing to who tapped."""
        self.notices.append(Notice(channel, chat, query, text))


def forget_secret(unit: Unit, row: OutboxRow) -> None:
    """Keep no copy of a link that opens something once its message is over: who reads our rows cannot use it.

    That it had files is kept, because a later edit must know it.
    """
    if row.purpose in SECRET:
        files = tuple(msgspec.structs.replace(file, of="", alt="") for file in message_of(row).attachments)
        unit.outbox.forget(row.id, _encode(Message("…", attachments=files)).decode())


def cancel_chat(unit: Unit, address_id: int, why: str) -> None:
    """End all that waits to be sent to a chat."""
    for outbox_id in unit.outbox.cancel_chat(address_id, why):
        row = unit.outbox.get(outbox_id)
        if row is not None:
            forget_secret(unit, row)


def stored(message: Message) -> str:
    """Return a message as an outbox row keeps it."""
    return _encode(message).decode()


def thread_in(payload: str) -> str:
    """Return the topic that a stored message names; without one no decoding is spent on it."""
    return _decode(payload).thread if '"thread":' in payload else ""


def files_in(payload: str) -> int:
    """Return how many files go with a stored message. Words without any cost no decoding."""
    return len(_decode(payload).attachments) if '"attachments":' in payload else 0


def message_of(row: OutboxRow) -> Message:
    """Return the message of an outbox row, of this or an earlier stored format."""
    return _decode(row.payload)
