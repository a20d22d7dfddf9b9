"""What delivery writes down: marks before sending, results after, many of both in one unit of work.

A message is sent only when its mark is committed, and the next of its chat only when its result is. A unit may
be run twice by the database, so it keeps nothing between runs: what it found out is in what it returns.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Literal, Protocol

import msgspec

from bot import anonymous
from bot.lanes import EditSlot, Flight
from bot.outcomes import Again, Over, Repeat, Ruling
from bot.outgoing import OUTBOX, TAKE_BACK, cancel_chat, forget_secret, thread_in
from storage.outbox import OutboxRow
from storage.unit import Unit

LEASE: Final = timedelta(seconds=60)
"""How long a row is ours while we send it: longer than any channel waits for an answer (35 s)."""

STALE_AFTER: Final = timedelta(minutes=10)
"""A message that we begin is looked at again before it goes when it has waited longer than this."""


class Consequences(Protocol):
    """What the product does about a message's fate, in the unit that records it.

    The rows it returns are new messages, delivered after the commit. It may run twice, like any work.
    """

    def on_unreachable(self, unit: Unit, address_id: int, why: str) -> Sequence[OutboxRow]:
        """The address takes nothing more from us; its queued rows are cancelled already."""
        ...

    def on_lost(self, unit: Unit, row: OutboxRow, state: Literal["unknown", "dead"], why: str) -> Sequence[OutboxRow]:
        """A message ended `unknown` or `dead`: a follow-up becomes a task of the case's owner.

        Of edits only one that was to take a message away is told: whoever wanted that believes it done.
        """
        ...

    def on_incomplete(self, unit: Unit, row: OutboxRow) -> Sequence[OutboxRow]:
        """A message arrived without a file of it, and says so to its reader: its sender believes that it went, too."""
        ...

    def answered(self, unit: Unit, row: OutboxRow) -> bool:
        """Say whether somebody has answered what this message asks, so that it arrived and needs no second copy."""
        ...

    def outdated(self, unit: Unit, row: OutboxRow) -> str | None:
        """Say why a message of class B that waited long is no longer wanted; None when it still is."""
        ...

    def repeat_mark(self, unit: Unit, row: OutboxRow) -> str:
        """Return what stands before a second copy to staff, in their language: "(may be a repeat) "."""
        ...


class Result(msgspec.Struct, frozen=True):
    """What became of one try: `ruling` says what follows, `outcome` and `detail` go to the attempt."""

    flight: Flight
    ruling: Ruling
    outcome: str
    detail: str = ""
    ref: str | None = None
    resume_at: float = 0.0  # monotonic; what `ruling.wait` comes to


class Ending(msgspec.Struct, frozen=True):
    """A queued row that ends without a try."""

    row: OutboxRow
    why: str


class Written(msgspec.Struct):
    """What the unit found out: fences of what may go, texts to prefix, topics, refs of edited messages, new rows."""

    fences: dict[int, int] = {}
    prefixes: dict[int, str] = {}
    threads: dict[int, str] = {}
    refs: dict[int, str | None] = {}
    wait_longer: set[int] = set()
    rows: list[OutboxRow] = []


class Record(msgspec.Struct):
    """Everything that one pass of delivery writes."""

    now: int  # business time, ms
    lease_until: int  # the machine's time, ms
    rate: float = 1.0  # business milliseconds in a real one
    marks: list[Flight] = []
    edits: list[EditSlot] = []  # due, and where their message stands is not known
    results: list[Result] = []
    endings: list[Ending] = []
    proofs: list[str] = []
    muted: bool = False  # without the product's consequences, because they failed

    def __bool__(self) -> bool:
        return bool(self.marks or self.edits or self.results or self.endings or self.proofs)

    def parts(self) -> list["Record"]:
        """Return records of one entry each, or this one muted: so a single failing entry holds up no other."""
        alone = [
            *(self._part(proofs=[proof]) for proof in self.proofs),
            *(self._part(results=[result]) for result in self.results),
            *(self._part(endings=[ending]) for ending in self.endings),
            *(self._part(edits=[slot]) for slot in self.edits),
            *(self._part(marks=[flight]) for flight in self.marks),
        ]
        return alone if len(alone) > 1 else [msgspec.structs.replace(self, muted=True)]

    def _part(
        self,
        *,
        marks: list[Flight] | None = None,
        edits: list[EditSlot] | None = None,
        results: list[Result] | None = None,
        endings: list[Ending] | None = None,
        proofs: list[str] | None = None,
    ) -> "Record":
        return Record(
            self.now, self.lease_until, self.rate, marks or [], edits or [], results or [], endings or [], proofs or []
        )

    def write(self, unit: Unit, consequences: Consequences) -> Written:
        """Write it all; proofs before marks, so that nothing that surely arrived is sent again."""
        written = Written()
        for prompt in self.proofs:
            unit.outbox.proven(prompt, self.now)
        for result in self.results:
            self._write_result(unit, result, consequences, written)
        for ending in self.endings:
            unit.outbox.finish(ending.row.id, ending.row.fence, "cancelled", ending.why)
            forget_secret(unit, ending.row)
            anonymous.swept(unit, ending.row)
        for slot in self.edits:
            self._look_up(unit, slot, written)
        if self.marks:
            self._mark(unit, consequences, written)
        return written

    def _mark(self, unit: Unit, consequences: Consequences, written: Written) -> None:
        wanted = []
        for flight in self.marks:
            row = flight.row
            why = None
            if not self.muted:
                if row.prompt is not None and row.copies > 0 and consequences.answered(unit, row):
                    unit.outbox.proven(row.prompt, self.now)
                    continue
                stale = self.now - row.queued_at > STALE_AFTER / timedelta(milliseconds=1)
                if row.class_ == "D" or (row.class_ == "B" and stale):
                    why = consequences.outdated(unit, row)
                elif row.class_ == "C" and row.copies > 0:
                    written.prefixes[row.id] = consequences.repeat_mark(unit, row)
            if why is None:
                wanted.append(row.id)
                if thread := _thread(unit, row):
                    written.threads[row.id] = thread
            else:
                unit.outbox.finish(row.id, row.fence, "cancelled", why)
        written.fences = unit.outbox.mark_sending(wanted, self.lease_until)

    def _look_up(self, unit: Unit, slot: EditSlot, written: Written) -> None:
        """Find the channel's id of the message that an edit changes; one that never went needs no change."""
        message = unit.outbox.get(slot.target)
        if message is not None and message.channel_ref is not None:
            written.refs[slot.target] = message.channel_ref
        elif message is not None and message.state in ("queued", "sending"):
            written.wait_longer.add(slot.target)
        elif slot.row is not None:
            unit.outbox.finish(slot.row.id, slot.row.fence, "cancelled", "the message it changes was not sent")

    def _write_result(self, unit: Unit, result: Result, consequences: Consequences, written: Written) -> None:
        flight, ruling = result.flight, result.ruling
        kept = _keep_edit(self, unit, result) if flight.slot else _keep_message(self, unit, result)
        if result.ref is None or not kept:
            outcome = result.outcome if kept else f"{result.outcome}, and the row was no longer ours"
            unit.outbox.note_attempt(
                flight.row.id, flight.fence, flight.started_at, self.now, outcome, result.detail or None
            )
        if not kept:
            return
        if isinstance(ruling, Over):
            forget_secret(unit, flight.row)
            anonymous.swept(unit, flight.row)
        if isinstance(ruling, Again) and ruling.moved_to is not None:
            row = flight.row
            unit.addresses.move(row.brand_id, row.channel, row.chat, ruling.moved_to)
            unit.outbox.readdress(row.brand_id, row.channel, row.chat, ruling.moved_to)
        if isinstance(ruling, Over) and ruling.state != "sent":
            self._write_loss(unit, result, ruling, consequences, written)
        elif flight.incomplete and isinstance(ruling, Over) and not self.muted:
            written.rows.extend(consequences.on_incomplete(unit, flight.row))

    def _write_loss(
        self, unit: Unit, result: Result, ruling: Over, consequences: Consequences, written: Written
    ) -> None:
        row = result.flight.row
        if ruling.chat_gone:
            unit.addresses.unreachable(row.address_id, self.now, result.detail)
            cancel_chat(unit, row.address_id, "the chat takes nothing from us")
        if self.muted:
            return
        if ruling.chat_gone:
            written.rows.extend(consequences.on_unreachable(unit, row.address_id, result.detail))
        if ruling.state != "sent" and (row.class_ != "E" or row.purpose == TAKE_BACK):
            written.rows.extend(consequences.on_lost(unit, row, ruling.state, result.detail))

    def moment(self, wait: float) -> int:
        """Return the business moment that is `wait` real seconds from now."""
        return self.now + int(wait * 1000 * self.rate)


def _thread(unit: Unit, row: OutboxRow) -> str:
    """Return the channel's id of the topic that a message stands in; "" for none, or when that was not opened."""
    thread = thread_in(row.payload)
    if not thread.startswith(OUTBOX):
        return thread
    opened = unit.outbox.get(int(thread.removeprefix(OUTBOX)))
    return "" if opened is None else opened.channel_ref or ""


def _keep_message(record: Record, unit: Unit, result: Result) -> bool:
    """Write a message's result where its fence still holds; return whether it did."""
    row, fence, outbox = result.flight.row, result.flight.fence, unit.outbox
    error = f"{result.outcome}: {result.detail}"
    ruling = result.ruling
    if isinstance(ruling, Over):
        if ruling.state != "sent":
            return outbox.finish(row.id, fence, ruling.state, error)
        if result.ref is not None:
            return outbox.sent(row.id, fence, result.ref, record.now)
        return row.prompt is not None and outbox.proven(row.prompt, record.now) > 0
    moment = record.moment(ruling.wait)
    if isinstance(ruling, Repeat):
        return outbox.ambiguous(row.id, fence, moment, error)
    return outbox.requeue(row.id, fence, moment, error, copies_back=True, attempts_back=not ruling.counted)


def _keep_edit(record: Record, unit: Unit, result: Result) -> bool:
    """Write an edit's result; it was not marked, so only a row that is still queued is changed."""
    row, outbox, ruling = result.flight.row, unit.outbox, result.ruling
    error = f"{result.outcome}: {result.detail}"
    if not isinstance(ruling, Over):
        return outbox.put_off(row.id, record.moment(ruling.wait), error)
    if ruling.state == "sent":
        return outbox.sent_edit(row.id, record.now)
    return outbox.finish(row.id, row.fence, ruling.state, error)
