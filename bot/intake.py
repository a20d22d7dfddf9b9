"""Turns for what has arrived: each chat in order, a failing row tried again alone, then buried and shown.

    arrivals ──> a turn each, group-committed ──> delivery, words for taps
                  └─ fails ─> tried again alone ─> buried after three, and the chat told

After a crash every unfinished row is counted again and runs alone, so that a row that kills the process is found
out after two deaths.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any, Final

from bot import escalation
from bot.arrivals import Arrivals, Arrived
from bot.channels.messages import Channel, Message
from bot.channels.updates import AnyUpdate, Pressed, Written, read_stored
from bot.clock import Clock
from bot.composing import pressed
from bot.delivery import Delivery
from bot.house import House
from bot.outgoing import Notice, Outgoing
from bot.people import newcomer
from bot.phrases import say
from bot.scene import Scene
from bot.turn import Turned, take, turned
from conversations.phrases import phrase
from storage import errors
from storage.database import Database
from storage.errors import Stale
from storage.inbox import InboxRow
from storage.unit import Unit

log = logging.getLogger("makegood.turn")

TRIES: Final = 3
DEATHS: Final = 2
CHUNK: Final = 100
PAUSE: Final = 1.0

SORRY: Final = phrase("I could not make sense of that, and I am sorry. Could you say it in other words, or send /help?")


class Turns:
    """Takes in what `Arrivals` stored, from `begin` on."""

    def __init__(
        self, database: Database, clock: Clock, house: House, delivery: Delivery, channels: Mapping[str, Channel]
    ) -> None:
        self._database = database
        self._clock = clock
        self._house = house
        self._delivery = delivery
        self._channels = channels
        self._after: list[Callable[[Turned], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    # -- the life of the loop

    async def begin(self, arrivals: Arrivals) -> None:
        """Take in what an earlier life left, oldest first and each alone; then what comes."""
        last = 0
        while rows := await self._unfinished(last, arrivals.left_over):
            for row in rows:
                await self._take_again(row)
            last = rows[-1].id
        arrivals.hear(self.take_in)

    async def _unfinished(self, after: int, upto: int) -> list[InboxRow]:
        rows = await self._database.run(lambda unit: unit.inbox.unfinished(CHUNK, after))
        return [row for row in rows if row.id <= upto]

    async def drain(self) -> None:
        """Return when every turn begun is through."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def after_each(self, hear: Callable[[Turned], None]) -> None:
        """Have `hear` called with what each committed turn hands on."""
        self._after.append(hear)

    def take_in(self, arrived: Arrived) -> None:
        """Begin the turns of updates just stored, in their order."""
        for inbox_id, update in arrived:
            self._spawn(self._turn(inbox_id, update))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- turns

    async def _turn(self, inbox_id: int, update: AnyUpdate) -> None:
        house, now = self._house, self._clock.now()
        if isinstance(update, Pressed):
            self._prove(update)
        chat = f"{update.channel}:{update.chat}"
        try:
            done = await self._database.run(lambda unit: take(inbox_id, update, unit, house, now), chat=chat)
        except Exception as error:  # noqa: BLE001 - the row is kept; it is tried again alone, then buried and shown
            await self._failed(inbox_id, update, error, 1)
        else:
            self.hand_on(done)
            log.info("turn inbox:%d %s messages:%d", inbox_id, type(update).__name__, len(done.rows))
            if isinstance(update, Written):
                await self._prove_by_words(update, done)

    async def _prove_by_words(self, update: Written, done: Turned) -> None:
        """Let delivery see whether these words answered what it is about to repeat; the chat need not wait then."""
        address_id = next((row.address_id for row in done.rows if row.chat == update.chat), None)
        if address_id is not None:
            with suppress(errors.Unavailable):  # then the repetition itself looks again
                await self._delivery.words_came(address_id)

    def _prove(self, update: Pressed) -> None:
        parsed = pressed(update.press)
        if parsed is not None:
            self._delivery.evidence(parsed[0])

    async def _failed(self, inbox_id: int, update: AnyUpdate, error: Exception, tries: int) -> None:
        """Try a turn again, alone; after three tries bury its row, say so once, and let the chat go on."""
        self._house.shelf.forget_published()  # it may have looked at what a turn published that was then undone
        while tries < TRIES:
            if isinstance(error, errors.Unavailable):
                await asyncio.sleep(PAUSE)
            elif not isinstance(error, Stale):
                log.error("turn inbox:%d failed: %s", inbox_id, type(error).__name__, exc_info=error)
            outcome = await self._try_alone(inbox_id, update)
            if isinstance(outcome, Turned):
                self.hand_on(outcome)
                return
            if not isinstance(outcome, errors.Unavailable):
                tries += 1
            error = outcome
        await self._bury(inbox_id, update, error)

    async def _try_alone(self, inbox_id: int, update: AnyUpdate) -> Turned | Exception:
        house = self._house
        try:
            await self._database.run(lambda unit: unit.inbox.count_again([inbox_id]), alone=True)
            now = self._clock.now()
            return await self._database.run(lambda unit: take(inbox_id, update, unit, house, now), alone=True)
        except Exception as error:  # noqa: BLE001 - returned to who decides whether to try again
            return error

    async def _bury(self, inbox_id: int, update: AnyUpdate, error: Exception) -> None:
        house, now = self._house, self._clock.now()
        why = type(error).__name__

        def apologise(unit: Unit) -> Turned:
            out = Outgoing(unit, now)
            place = unit.conversations.place(house.brand, update.channel, update.chat)
            address = place.address if place is not None else newcomer(unit, house, update, now).address
            out.post(address, Message(say(SORRY, address.language or house.language)), "reply")
            if address.customer_id is not None and address.staff_member_id is None:
                customer = unit.customers.get(address.customer_id)
                escalation.tell_of_a_buried_message(Scene(unit, house, out, now), customer)
            return turned(out)

        log.error("turn inbox:%d is buried after %d tries: %s", inbox_id, TRIES, why)
        if await self._database.run(lambda unit: unit.inbox.bury(inbox_id, why)) and not update.group:
            self.hand_on(await self._database.run(apologise))

    async def _take_again(self, row: InboxRow) -> None:
        """Take in a row that an earlier life of ours did not finish."""
        if row.update_json is None:
            return
        update = read_stored(row.update_json)
        if row.deaths >= DEATHS:
            await self._bury(row.id, update, RuntimeError("the process died in it twice"))
            return
        if isinstance(update, Pressed):
            self._prove(update)
        await self._database.run(lambda unit: unit.inbox.count_death(row.id), alone=True)
        outcome = await self._try_alone(row.id, update)
        if isinstance(outcome, Turned):
            self.hand_on(outcome)
            if isinstance(update, Written):
                await self._prove_by_words(update, outcome)
        else:
            await self._failed(row.id, update, outcome, row.attempts)

    # -- out

    def hand_on(self, done: Turned) -> None:
        """Give what a committed turn decided to delivery, and answer its taps."""
        if done.published:
            self._house.shelf.forget_published()
        if done.rows:
            self._house.recent.remember(done.rows)
            self._delivery.offer(done.rows)
        for notice in done.notices:
            self._spawn(self._answer(notice))
        for hear in self._after:
            hear(done)

    async def _answer(self, notice: Notice) -> None:
        """Answer a tap, best effort: after 150 s nobody waits for it anyway."""
        channel = self._channels.get(notice.channel)
        if channel is not None:
            try:
                await channel.notice(notice.chat, notice.query, notice.text)
            except Exception as error:  # noqa: BLE001 - one try; the turn stands whatever became of this
                log.info("a tap was not answered: %s", type(error).__name__)
