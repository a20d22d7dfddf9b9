"""The queue of delivery in memory: rows come in, flights go out, and results say what happens next.

    admit ──> lane, or its id alone in the backlog ──refill──> lane
    lane ──> pacer ──take──> flight ──settled──> next of the lane, or the same again later

Everything here is bookkeeping on one thread: no call, no write, no waiting. What it decides to write it puts
into the round's `Record`.
"""

import heapq
import math
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from bot.clock import Clock
from bot.lanes import Backlog, EditSlot, Flight, Lane
from bot.outcomes import Again, Over, Repeat
from bot.outgoing import files_in
from bot.pacer import PRIORITIES
from bot.recording import Ending, Record, Result, Written
from bot.routes import Route
from storage.outbox import OutboxRow

CHUNK: Final = 500
REMEMBERED: Final = 20_000
"""How many refs of sent messages are kept for edits, and how many prompts of messages that may have arrived."""

EDIT_PRIORITY: Final = 3
"""An edit shows somebody that their tap was taken: after what live chats wait for, before any broadcast."""

EDIT_WAITS_FOR_MESSAGE: Final = 5.0
REPLACED: Final = "replaced by a newer edit"


class Queue:
    """Rows on their way out. `endings` and `proofs` wait to be written in the next round."""

    def __init__(self, routes: Mapping[str, Route], clock: Clock, *, window: int, edit_delay: float) -> None:
        self.endings: list[Ending] = []
        self.proofs: list[str] = []
        self.lookups: list[EditSlot] = []
        self._routes = routes
        self._clock = clock
        self._window = window
        self._edit_delay = edit_delay
        self._lanes: dict[int, Lane] = {}
        self._known: set[int] = set()
        self._in_memory = dict.fromkeys(PRIORITIES, 0)
        self._backlog = Backlog()
        self._wakes: list[tuple[float, int, Lane]] = []
        self._wake_count = 0
        self._refs: dict[int, str] = {}
        self._airborne: dict[str, Flight] = {}
        self._doubts: dict[str, int | None] = {}  # prompt of what may have arrived → its address, if it goes again

    # In

    def admit(self, row: OutboxRow) -> None:
        """Give a row its place: in its lane, or with its id alone in the backlog."""
        if row.id in self._known or row.channel not in self._routes:
            return
        if row.not_before > self._clock.now() and row.fence == 0 and row.edits is None:
            self._backlog.keep_for(row.not_before, row.id)
        elif self._backlog.owes(row.address_id) or self._in_memory[row.priority] >= self._window:
            self._backlog.put_off(row)
        else:
            self._place(row)

    def adopt(self, row: OutboxRow) -> Flight:
        """Take over a row that somebody who died was sending, as a flight of which nobody saw the end."""
        flight = Flight(row, self._lane(row))
        flight.tries, flight.copies, flight.started_at = row.attempts, row.copies, self._clock.now()
        flight.lane.flight = flight
        self._count_in(row)
        if row.prompt is not None:
            self._airborne[row.prompt] = flight
        return flight

    def wanted(self) -> list[int]:
        """Return the ids of rows that there is room for now, or whose moment has come; they are ours to fetch."""
        ids = self._backlog.due(self._clock.now(), CHUNK) + self._backlog.urgent()
        for priority in PRIORITIES:
            room = self._window // 2 - self._in_memory[priority]
            if room > 0:
                ids += self._backlog.claim(priority, min(room, CHUNK))
        return ids

    def give_back(self, ids: Iterable[int]) -> None:
        """Take ids again that could not be fetched."""
        self._backlog.give_back(ids)

    def fetched(self, rows: Iterable[OutboxRow | None]) -> None:
        """Take in rows that `wanted` asked for; what was ended meanwhile needs no place."""
        for row in rows:
            if row is not None and row.state == "queued" and row.id not in self._known:
                self._place(row)

    def saw(self, prompt: str) -> bool:
        """Note that an answer or a press carried this prompt; return whether that is news to be written."""
        flight = self._airborne.get(prompt)
        if flight is not None:
            flight.seen = True
            return False
        if prompt in self._doubts:
            self.proofs.append(prompt)
            return True
        return False

    def doubted(self, address_id: int) -> list[OutboxRow]:
        """Return the questions of an address that may have arrived, in this life or in the one before."""
        lane = self._lanes.get(address_id)
        if lane is None:
            return []
        rows = lane.rows if lane.flight is None else [lane.flight.row, *lane.rows]
        return [row for row in rows if row.copies and row.prompt is not None]

    def first_batch_taken(self, channel: str) -> None:
        """Let go what was held until the taps made in our absence were here."""
        for lane in list(self._lanes.values()):
            if lane.channel == channel and lane.open_at == math.inf:
                lane.open_at = 0.0
                self._look(lane)

    def _place(self, row: OutboxRow) -> None:
        lane = self._lane(row)
        self._count_in(row)
        if row.edits is not None:
            self._place_edit(lane, row, row.edits)
            return
        if row.not_before > self._clock.now():  # tried before: its chat waits with it, so that order is kept
            lane.open_at = max(lane.open_at, self._clock.monotonic() + self._clock.until(row.not_before))
        if row.copies:
            self._doubt(row.prompt, lane.address_id)
            if row.class_ == "A" and not self._routes[row.channel].first_batch_taken:
                lane.open_at = math.inf
        lane.line_up(row)
        if lane.ticket is not None and row.priority < lane.ticket.priority:
            _withdraw(lane)
        self._look(lane)

    def _place_edit(self, lane: Lane, row: OutboxRow, target: int) -> None:
        now = self._clock.monotonic()
        slot = lane.edits.get(target)
        if slot is None:
            slot = lane.edits[target] = EditSlot(target, lane, now + self._edit_delay)
        if row.not_before > self._clock.now():
            slot.open_at = max(slot.open_at, now + self._clock.until(row.not_before))
        self._take_in(slot, row)
        self._look(lane)

    def _take_in(self, slot: EditSlot, row: OutboxRow) -> None:
        replaced = slot.take_in(row)
        if replaced is not None:
            self.endings.append(Ending(replaced, REPLACED))

    def _lane(self, row: OutboxRow) -> Lane:
        lane = self._lanes.get(row.address_id)
        if lane is None:
            lane = self._lanes[row.address_id] = Lane(row.address_id, row.channel)
        return lane

    def _count_in(self, row: OutboxRow) -> None:
        self._known.add(row.id)
        self._in_memory[row.priority] += 1

    def _count_out(self, row: OutboxRow) -> None:
        if row.id in self._known:
            self._known.remove(row.id)
            self._in_memory[row.priority] -= 1

    # Out

    def next_at(self) -> float:
        """Return the monotonic moment of the next thing to do here; infinite when nothing waits for time."""
        now = self._clock.monotonic()
        if self.endings or self.proofs or self.lookups:
            return now
        later = self._backlog.next_at()
        kept = math.inf if later is None else now + self._clock.until(later)
        return min(kept, self._wakes[0][0] if self._wakes else math.inf)

    def wake(self, now: float) -> None:
        """Look at the lanes whose time has come."""
        while self._wakes and self._wakes[0][0] <= now:
            lane = heapq.heappop(self._wakes)[2]
            lane.wakes_at = None
            if self._lanes.get(lane.address_id) is lane:
                self._look(lane)

    def take(self, record: Record, now: float, room: int) -> list[Flight]:
        """Put up to `room` messages that may go into `record`, to be marked; return edits, which may go at once."""
        edits = []
        for route in self._routes.values():
            while room > 0 and (item := route.take(now)) is not None:
                item.ticket = None
                flight = self._take_edit(item, record) if isinstance(item, EditSlot) else self._take(item, record)
                if flight is None:
                    route.in_air -= 1
                    continue
                room -= 1
                if flight.slot is not None:
                    edits.append(flight)
        return edits

    def _take(self, lane: Lane, record: Record) -> Flight | None:
        row = lane.rows.pop(0)
        if row.expires_at is not None and row.expires_at <= record.now:
            record.endings.append(Ending(row, "expired"))
            self._look(lane)
            return None
        lane.flight = Flight(row, lane)
        record.marks.append(lane.flight)
        return lane.flight

    def _take_edit(self, slot: EditSlot, record: Record) -> Flight | None:
        if slot.row is None or slot.lane.flight is not None:  # then it is looked at again when that flight is over
            return None
        slot.ref = slot.ref or self._refs.get(slot.target)
        if slot.ref is None:
            record.edits.append(slot)
            return None
        slot.flight = Flight(slot.row, slot.lane, slot)
        slot.row = None
        return slot.flight

    def _look(self, lane: Lane) -> None:
        """Offer what of a lane may go now, and be woken for what may go later."""
        now = self._clock.monotonic()
        if lane.rows and lane.flight is None and lane.ticket is None:
            if lane.open_at <= now:
                pacer = self._routes[lane.channel].pacer
                first = lane.rows[0]
                lane.ticket = pacer.offer(lane, first.chat, "message", lane.urgency(), files_in(first.payload) or 1)
            else:
                self._wake_at(lane, lane.open_at)
        if lane.edits and lane.calm(now):
            self._look_at_edits(lane, now)
        if lane.empty():
            self._lanes.pop(lane.address_id, None)

    def _look_at_edits(self, lane: Lane, now: float) -> None:
        pacer = self._routes[lane.channel].pacer
        for slot in lane.edits.values():
            if slot.row is None or slot.flight is not None or slot.ticket is not None or lane.still_owes(slot.target):
                continue
            if slot.open_at > now:
                self._wake_at(lane, slot.open_at)
            else:
                slot.ticket = pacer.offer(slot, slot.row.chat, "edit", min(slot.row.priority, EDIT_PRIORITY))

    def _wake_at(self, lane: Lane, at: float) -> None:
        if at < math.inf and (lane.wakes_at is None or at < lane.wakes_at):
            lane.wakes_at = at
            self._wake_count += 1
            heapq.heappush(self._wakes, (at, self._wake_count, lane))

    # What was written, or was not

    def put_back(self, record: Record) -> None:
        """Nothing of `record` was written: what it was to write waits for the next round."""
        self.endings[:0] = record.endings
        self.proofs[:0] = record.proofs
        self.lookups[:0] = record.edits
        for flight in record.marks:
            self._routes[flight.lane.channel].in_air -= 1
            self._return(flight, flight.row)

    def apply(self, record: Record, written: Written) -> list[Flight]:
        """Go on from what was written; return the flights that may go now."""
        for prompt in record.proofs:
            self._prove(prompt)
        for result in record.results:
            self._settled(result)
        for ending in record.endings:
            self._count_out(ending.row)
        for slot in record.edits:
            self._looked_up(slot, written)
        return [flight for flight in record.marks if self._marked(flight, written)]

    def _marked(self, flight: Flight, written: Written) -> bool:
        fence = written.fences.get(flight.row.id)
        if fence is None:  # cancelled meanwhile, or proven to have arrived
            self._routes[flight.lane.channel].in_air -= 1
            self._gone(flight)
            return False
        flight.fence = fence
        if flight.row.prompt is not None:
            self._doubts.pop(flight.row.prompt, None)
            self._airborne[flight.row.prompt] = flight
        return True

    def _looked_up(self, slot: EditSlot, written: Written) -> None:
        slot.ref = written.refs.get(slot.target)
        if slot.target in written.wait_longer:
            slot.open_at = self._clock.monotonic() + EDIT_WAITS_FOR_MESSAGE
        elif slot.ref is None:
            self._drop_edit(slot)
        self._look(slot.lane)

    def _settled(self, result: Result) -> None:
        flight, ruling = result.flight, result.ruling
        if flight.slot is not None:
            self._settled_edit(flight, flight.slot, result)
            return
        row, lane = flight.row, flight.lane
        if row.prompt is not None:
            self._airborne.pop(row.prompt, None)
        if not isinstance(ruling, Over):
            self._queue_again(flight, ruling, result.resume_at)
            return
        if result.ref is not None:
            self._remember_ref(row.id, result.ref)
        elif ruling.state == "unknown":
            self._doubt(row.prompt, None, seen=flight.seen)
        if ruling.chat_gone:
            self._empty(lane)
        self._gone(flight)

    def _queue_again(self, flight: Flight, ruling: Again | Repeat, resume_at: float) -> None:
        lane, surely_not = flight.lane, isinstance(ruling, Again)
        row = msgspec.structs.replace(
            flight.row,
            fence=flight.fence,
            state="queued",
            attempts=flight.tries - (isinstance(ruling, Again) and not ruling.counted),
            copies=flight.copies - surely_not,
        )
        lane.open_at = resume_at
        if isinstance(ruling, Again) and ruling.moved_to is not None:
            row = self._move(lane, row, ruling.moved_to)
        if row.copies:
            self._doubt(row.prompt, lane.address_id, seen=flight.seen)
        self._return(flight, row)

    def _settled_edit(self, flight: Flight, slot: EditSlot, result: Result) -> None:
        ruling, lane, row = result.ruling, flight.lane, flight.row
        slot.flight = None
        if isinstance(ruling, Over):
            self._count_out(row)
            if ruling.chat_gone:
                self._empty(lane)
        else:
            row = msgspec.structs.replace(row, attempts=flight.tries)
            slot.open_at = result.resume_at
            if isinstance(ruling, Again) and ruling.moved_to is not None:
                row = self._move(lane, row, ruling.moved_to)
            self._take_in(slot, row)
        if slot.row is None:
            lane.edits.pop(slot.target, None)
        self._look(lane)

    def _return(self, flight: Flight, row: OutboxRow) -> None:
        """Put the row of a try back at its place in its lane."""
        lane = flight.lane
        lane.flight = None
        lane.line_up(row)
        self._look(lane)

    def _gone(self, flight: Flight) -> None:
        """The row of a try needs nothing more."""
        flight.lane.flight = None
        self._count_out(flight.row)
        self._look(flight.lane)

    def _prove(self, prompt: str) -> None:
        address_id = self._doubts.pop(prompt, None)
        lane = None if address_id is None else self._lanes.get(address_id)
        if lane is None:
            return
        for row in [row for row in lane.rows if row.prompt == prompt and row.copies]:
            lane.rows.remove(row)
            self._count_out(row)
            _withdraw(lane)
            lane.open_at = 0.0
        self._look(lane)

    def _doubt(self, prompt: str | None, address_id: int | None, *, seen: bool = False) -> None:
        """Remember that a message with this prompt may have arrived; one that was seen meanwhile did."""
        if prompt is None:
            return
        self._doubts[prompt] = address_id
        if seen:
            self.proofs.append(prompt)
        if len(self._doubts) > REMEMBERED:
            del self._doubts[next(iter(self._doubts))]

    def _move(self, lane: Lane, row: OutboxRow, chat: str) -> OutboxRow:
        """Lead a lane to its chat's new id, as the unit did in the database."""
        lane.rows = [msgspec.structs.replace(each, chat=chat) for each in lane.rows]
        for slot in lane.edits.values():
            if slot.row is not None:
                _withdraw(slot)
                slot.row = msgspec.structs.replace(slot.row, chat=chat)
        return msgspec.structs.replace(row, chat=chat)

    def _empty(self, lane: Lane) -> None:
        """Drop what waits for a chat that takes nothing; the unit cancelled it in the database."""
        for row in lane.rows:
            self._count_out(row)
        lane.rows.clear()
        _withdraw(lane)
        self._backlog.forget(lane.address_id)
        for slot in list(lane.edits.values()):
            _withdraw(slot)
            self._drop_edit(slot)

    def _drop_edit(self, slot: EditSlot) -> None:
        if slot.row is not None:
            self._count_out(slot.row)
            slot.row = None
        if slot.flight is None:
            slot.lane.edits.pop(slot.target, None)

    def _remember_ref(self, outbox_id: int, ref: str) -> None:
        self._refs[outbox_id] = ref
        if len(self._refs) > REMEMBERED:
            del self._refs[next(iter(self._refs))]


def _withdraw(place: Lane | EditSlot) -> None:
    if place.ticket is not None:
        place.ticket.withdrawn = True
        place.ticket = None
