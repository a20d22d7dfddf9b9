"""The calls in the air: each ends in a result, whatever the channel does."""

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from random import Random
from traceback import format_tb
from typing import Final

import msgspec

from bot.channels.messages import Channel, Link, Message, NotDelivered, Sending
from bot.clock import Clock
from bot.enclosing import Enclosing, Way
from bot.lanes import Flight
from bot.outcomes import Again, Over, Ruling, Try, after
from bot.recording import LEASE, Result
from bot.routes import Route

log = logging.getLogger(__name__)

LEASE_SECONDS: Final = LEASE.total_seconds()

_message = msgspec.json.Decoder(Message).decode


class Calls:
    """Makes calls and collects what became of them in `results`; `wake` is called when there is something new."""

    def __init__(
        self,
        routes: Mapping[str, Route],
        clock: Clock,
        random: Random,
        wake: Callable[[], None],
        enclosing: Enclosing | None = None,
    ) -> None:
        self.results: list[Result] = []
        self._routes = routes
        self._clock = clock
        self._random = random
        self._wake = wake
        self._enclosing = enclosing
        self._air: dict[int, tuple[Flight, asyncio.Task[None]]] = {}

    def __len__(self) -> int:
        return len(self._air)

    def begin(self, flight: Flight, prefix: str = "") -> None:
        """Make the call of a flight that may go; the words of `prefix` stand before its text."""
        flight.started_at = self._clock.now()
        flight.began_at = self._clock.monotonic()
        task = asyncio.get_running_loop().create_task(self._call(flight, prefix))
        self._air[flight.row.id] = (flight, task)

    def next_at(self) -> float:
        """Return the monotonic moment at which the oldest call is given up; infinite when there is none."""
        for flight, _ in self._air.values():
            return flight.began_at + LEASE_SECONDS
        return math.inf

    def give_up_late(self, now: float) -> None:
        """End calls that outlived their lease and prove nothing any more; a channel should not let it come to that."""
        while self.next_at() <= now:
            flight, task = next(iter(self._air.values()))
            task.cancel()
            self._landed(flight, NotDelivered("AMBIGUOUS", "the channel gave no answer in time"))

    async def drain(self, patience: float) -> None:
        """Wait up to `patience` seconds for the calls in the air; those still there then stay `sending`.

        A call whose mark was being committed begins only while we wait, and is waited for as well.
        """
        until = self._clock.monotonic() + patience
        while tasks := {task for _, task in self._air.values()}:
            _, late = await asyncio.wait(tasks, timeout=max(0.0, until - self._clock.monotonic()))
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
                self._air.clear()

    def settle(self, flight: Flight, ruling: Ruling, outcome: str, detail: str, ref: str | None = None) -> None:
        """Add a result to be recorded."""
        wait = 0.0 if isinstance(ruling, Over) else ruling.wait
        self.results.append(Result(flight, ruling, outcome, detail, ref, self._clock.monotonic() + wait))
        self._wake()

    def try_of(self, flight: Flight) -> Try:
        """Return what is known of a flight, as the rules want it."""
        row = flight.row
        age_ms = self._clock.now() - row.queued_at
        return Try(send_class=row.class_, tries=flight.tries, copies=flight.copies, age_ms=age_ms, seen=flight.seen)

    async def _call(self, flight: Flight, prefix: str) -> None:
        """Make one call; whatever comes of it comes to `_landed`, unless we are cancelled."""
        row, channel = flight.row, self._routes[flight.lane.channel].channel
        try:
            message = prefixed(prefix, _message(row.payload))
            if flight.slot is None:
                send = self._send_enclosed if message.attachments else self._send
                self._landed(flight, await send(channel, flight, message))
            else:
                await channel.edit(Sending(row.id, row.chat, message, 1, "edit", flight.slot.ref))
                self._landed(flight, "")
        except NotDelivered as failure:
            self._landed(flight, failure)
        except msgspec.MsgspecError as error:
            log.error("the message of outbox row %d cannot be read", row.id)
            self._landed(flight, NotDelivered("REJECTED", f"not a message: {type(error).__name__}"))
        except Exception as error:  # noqa: BLE001 - delivery goes on whatever a channel does
            log.error("the channel %s raised what no channel may: %s", channel.name, told(error))
            self._landed(flight, NotDelivered("AMBIGUOUS", type(error).__name__))

    @staticmethod
    async def _send(channel: Channel, flight: Flight, message: Message) -> str:
        row = flight.row
        return await channel.send(Sending(row.id, row.chat, message, flight.copies, thread=flight.thread))

    async def _send_enclosed(self, channel: Channel, flight: Flight, message: Message) -> str:
        """Send a message with its files; what is refused goes in a plainer way, since nothing of it arrived."""
        row, enclosing = flight.row, self._enclosing
        if enclosing is None:
            return await self._send(channel, flight, message)
        way: Way | None = "known"
        while way is not None:
            enclosed = await enclosing.enclose(row, message, way)
            flight.incomplete = len(enclosed.files) < len(message.attachments)
            sending = Sending(
                row.id, row.chat, enclosed.message, flight.copies, thread=flight.thread, files=enclosed.files
            )
            try:
                return await channel.send(sending)
            except NotDelivered as failure:
                way = enclosed.plainer
                if failure.reason != "REJECTED" or way is None:
                    raise
                log.warning("outbox row %d was refused with its files (%s); now %s", row.id, failure.detail, way)
        raise AssertionError("the last way returns or raises")

    def _landed(self, flight: Flight, outcome: str | NotDelivered) -> None:
        """Decide what follows a call; what the channel told us about itself holds from now on."""
        if self._air.pop(flight.row.id, None) is None:
            return
        route = self._routes[flight.lane.channel]
        route.in_air -= 1
        if isinstance(outcome, str):
            route.circuit.took()
            self.settle(flight, Over("sent"), "SENT", "", outcome)
            return
        ruling = after(self.try_of(flight), outcome, self._random)
        self._learn(route, flight, ruling, outcome)
        self.settle(flight, ruling, outcome.reason, outcome.detail)

    def _learn(self, route: Route, flight: Flight, ruling: Ruling, failure: NotDelivered) -> None:
        now = self._clock.monotonic()
        if isinstance(ruling, Again) and ruling.whole_channel:
            if route.circuit.state != "stopped":
                log.critical("sending by %s stopped, its credentials are refused: %s", route.channel.name, failure)
            route.circuit.stopped(failure.detail, now)
        elif isinstance(ruling, Again) and ruling.whole_chat:
            route.pacer.refused(flight.row.chat, ruling.wait, now)
            route.circuit.unanswered(now)
        elif failure.reason == "REJECTED" and flight.slot is None:
            route.circuit.refused(flight.row.chat, failure.detail, now)
        else:
            route.circuit.unanswered(now)


def told(error: Exception) -> str:
    """Return an error's type and where it was raised, without its words: they may be a customer's."""
    return type(error).__name__ + "\n" + "".join(format_tb(error.__traceback__))


def prefixed(prefix: str, message: Message) -> Message:
    """Return the message with words before its text, its links still where they were in it."""
    if not prefix:
        return message
    units = len(prefix.encode("utf-16-le")) // 2
    links = tuple(Link(link.offset + units, link.length, link.url) for link in message.links)
    return msgspec.structs.replace(message, text=prefix + message.text, links=links)
