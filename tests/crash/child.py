"""One life of the real bot, with a trap at a named boundary: the process kills itself when it passes there.

    python -m tests.crash.child '{"folder": …, "boundary": "turn.before_commit", "nth": 2}'

The product knows nothing of it: its classes are wrapped before `bot.running.run` is called. A boundary is passed

    inbox turn fire claim mark record edit death    .before_commit  .after_commit   on the database's thread
    turn fire count                                 .statement                      before each SQL statement
    count                                           .before_commit  .after_commit   a chunk of figures counted anew
    want keep                                       .before_commit  .after_commit   a file claimed; kept, or taken in
    turn                                            .before_offer   .after_offer    a committed turn to delivery
    send edit notice                                .before_post    .after_answer   around a call to Telegram
    notify_mark notify_record .before_commit .after_commit, notify .before_post .after_answer   around a webhook
    poll.before_confirm                             updates are stored, the next getUpdates is not out
    start.adopt                                     a row that an earlier life left `sending` is looked at
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import uvloop

import bot.app
import bot.calls
import bot.delivery
import bot.intake
import bot.outcomes
import bot.recording
import bot.running
import bot.scheduler
import bot.serving
import bot.tallying
import storage.sqlite
from bot.arrivals import Arrivals
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.poller import Poller
from bot.clock import Clock
from bot.config import load
from bot.notifying.webhooks import WebhookWay
from storage.due import DueRows
from storage.inbox import Inbox
from storage.media import Media
from storage.notifications import Notifications
from storage.outbox import Outbox
from storage.sqlite import SqliteEngine
from storage.unit import Unit

RECORDED: Final = "recorded.jsonl"
PASSED: Final = "passed.json"


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """How one life of the bot is lived. `ahead` is how far business time is before the machine's, in ms.

    `poison` is a text whose turn kills the process; `without` names a guard that is taken away, for the controls.
    """

    folder: str
    notes: str  # a folder for what this side writes down: it must be writable when the other is full
    settings: list[str] = []
    boundary: str = ""
    nth: int = 1
    ahead: int = 0
    poison: str = ""
    without: str = ""
    web: bool = False  # most lives need no pages, and are quicker without


class Ahead(Clock):
    """Business time that is ahead of the machine's, so that a day has passed since the life before."""

    def __init__(self, span: int) -> None:
        super().__init__()
        self._span = span

    def now(self) -> int:
        return super().now() + self._span


class Trap:
    """Counts who passes which boundary, and kills the process at the one that was named."""

    def __init__(self, boundary: str, nth: int) -> None:
        self.passed: Counter[str] = Counter()
        self._boundary = boundary
        self._nth = nth

    def at(self, boundary: str) -> None:
        self.passed[boundary] += 1
        if boundary == self._boundary and self.passed[boundary] == self._nth:
            die()


def die() -> None:
    """End this process as a power cut would: no cleaning up, no goodbye."""
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Put something around a function of the product."""
    setattr(owner, name, make(getattr(owner, name)))


class Commits:
    """What is in the transaction that is open now, and the boundaries of its commit."""

    def __init__(self, trap: Trap, journal: Path) -> None:
        self._trap = trap
        self._journal = journal.open("ab", buffering=0)
        self._kinds: dict[str, None] = {}
        self._recorded: list[tuple[int, str]] = []
        self._inside = threading.local()

    def lay(self) -> None:
        """Wrap the database's side of the product."""
        wrap(SqliteEngine, "begin", self._begin)
        wrap(SqliteEngine, "commit", self._commit)
        wrap(storage.sqlite, "Unit", lambda _: self._unit)
        wrap(bot.intake, "take", lambda real: self._within("turn", real))
        wrap(bot.scheduler, "fire", lambda real: self._within("fire", real))
        wrap(bot.tallying, "count_some", lambda real: self._within("count", real))
        wrap(Arrivals, "_store", lambda real: self._noting("inbox", real, lambda _, args: bool(args[2])))
        wrap(Media, "claim", lambda real: self._noting("want", real, lambda rows, _: bool(rows)))
        wrap(Media, "kept", lambda real: self._noting("keep", real, lambda kept, _: kept))
        wrap(Media, "read", lambda real: self._noting("keep", real, lambda read, _: read))
        wrap(DueRows, "claim", lambda real: self._noting("claim", real, lambda rows, _: bool(rows)))
        wrap(Inbox, "count_death", lambda real: self._noting("death", real, lambda *_: True))
        wrap(bot.recording.Record, "write", self._record)
        wrap(Outbox, "sent", self._sent)
        wrap(Notifications, "mark_sending", lambda real: self._noting("notify_mark", real, lambda kept, _: kept))
        wrap(Notifications, "sent", lambda real: self._noting_named("notify_record", real))

    def _begin(self, real: Callable[[SqliteEngine], None]) -> Callable[[SqliteEngine], None]:
        def begin(engine: SqliteEngine) -> None:
            self._kinds.clear()
            self._recorded.clear()
            real(engine)

        return begin

    def _commit(self, real: Callable[[SqliteEngine], bool]) -> Callable[[SqliteEngine], bool]:
        def commit(engine: SqliteEngine) -> bool:
            kinds = list(self._kinds)
            for kind in kinds:
                self._trap.at(f"{kind}.before_commit")
            wrote = real(engine)
            for recorded in self._recorded:
                self._journal.write(msgspec.json.encode(recorded) + b"\n")
            for kind in kinds:
                self._trap.at(f"{kind}.after_commit")
            return wrote

        return commit

    def _unit(self, execute: Callable[..., Any], insert: Callable[..., Any]) -> Unit:
        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def run(*arguments: Any) -> Any:
                kind = getattr(self._inside, "kind", None)
                if kind is not None:
                    self._trap.at(f"{kind}.statement")
                return real(*arguments)

            return run

        return Unit(counted(execute), counted(insert))

    def _within(self, kind: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            self._kinds[kind] = None
            self._inside.kind = kind
            try:
                return real(*arguments, **named)
            finally:
                self._inside.kind = None

        return run

    def _noting(self, kind: str, real: Any, counts: Callable[[Any, tuple[Any, ...]], bool]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            result = real(*arguments)
            if counts(result, arguments):
                self._kinds[kind] = None
            return result

        return run

    def _noting_named(self, kind: str, real: Any) -> Callable[..., Any]:
        """Note a kept result of a function that takes keywords, too."""

        def run(*arguments: Any, **named: Any) -> Any:
            kept = real(*arguments, **named)
            if kept:
                self._kinds[kind] = None
            return kept

        return run

    def _record(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def write(record: bot.recording.Record, *arguments: Any) -> Any:
            written = real(record, *arguments)
            if record.marks:
                self._kinds["mark"] = None
            for result in record.results:
                self._kinds["record" if result.flight.slot is None else "edit"] = None
            return written

        return write

    def _sent(self, real: Callable[..., bool]) -> Callable[..., bool]:
        def sent(outbox: Outbox, outbox_id: int, fence: int, ref: str, now: int) -> bool:
            kept = real(outbox, outbox_id, fence, ref, now)
            if kept:
                self._recorded.append((outbox_id, ref))
            return kept

        return sent


class Passages:
    """What happens on the loop: the way from a committed turn to Telegram and back."""

    def __init__(self, trap: Trap) -> None:
        self._trap = trap

    def lay(self) -> None:
        """Wrap the loop's side of the product."""
        wrap(bot.intake.Turns, "hand_on", self._offer)
        wrap(Telegram, "send", partial(self._call, "send"))
        wrap(Telegram, "edit", partial(self._call, "edit"))
        wrap(Telegram, "notice", partial(self._call, "notice"))
        wrap(WebhookWay, "post", partial(self._call_named, "notify"))
        wrap(Poller, "_receive", self._received)
        wrap(bot.delivery.Delivery, "_adopt", self._adopt)

    def _offer(self, real: Callable[..., None]) -> Callable[..., None]:
        def run(*arguments: Any) -> None:
            self._trap.at("turn.before_offer")
            real(*arguments)
            self._trap.at("turn.after_offer")

        return run

    def _call(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        async def run(*arguments: Any) -> Any:
            self._trap.at(f"{name}.before_post")
            result = await real(*arguments)
            self._trap.at(f"{name}.after_answer")
            return result

        return run

    def _call_named(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        async def run(*arguments: Any, **named: Any) -> Any:
            self._trap.at(f"{name}.before_post")
            result = await real(*arguments, **named)
            self._trap.at(f"{name}.after_answer")
            return result

        return run

    def _received(self, real: Callable[..., Any]) -> Callable[..., Any]:
        async def run(poller: Poller, updates: list[Any], facts: dict[str, str]) -> None:
            await real(poller, updates, facts)
            if updates:
                self._trap.at("poll.before_confirm")

        return run

    def _adopt(self, real: Callable[..., Any]) -> Callable[..., Any]:
        async def run(*arguments: Any) -> None:
            self._trap.at("start.adopt")
            await real(*arguments)

        return run


def lay_poison(text: str) -> None:
    """Let the turn of one text kill the process, as a fault in a library of C would."""

    def make(real: Callable[..., Any]) -> Callable[..., Any]:
        def take(inbox_id: int, update: Any, *arguments: Any) -> Any:
            if getattr(update, "text", "") == text:
                die()
            return real(inbox_id, update, *arguments)

        return take

    wrap(bot.intake, "take", make)


@asynccontextmanager
async def unserved(_: bot.app.App) -> AsyncIterator[None]:
    """Serve nobody."""
    yield


def without_receipts() -> None:
    """Take every copy of an update for a new one."""

    def every(real: Callable[..., Any]) -> Callable[..., Any]:
        def add(inbox: Inbox, brand: int, channel: str, ident: str, *rest: Any) -> Any:
            return real(inbox, brand, channel, f"{ident}.{os.urandom(4).hex()}", *rest)

        return add

    wrap(Inbox, "add", every)


def without_commit_first() -> None:
    """Confirm updates before they are stored."""
    waiting: list[asyncio.Task[None]] = []

    def later(real: Callable[..., Any]) -> Callable[..., Any]:
        async def store(arrivals: Arrivals, updates: Any, facts: Any) -> None:
            await asyncio.sleep(0.1)
            await real(arrivals, updates, facts=facts)

        async def receive(arrivals: Arrivals, updates: Any, *, facts: Any = None) -> None:
            waiting.append(asyncio.create_task(store(arrivals, updates, facts)))

        return receive

    wrap(Arrivals, "receive", later)


def without_at_most_once() -> None:
    """Send a follow-up in doubt again."""
    wrap(bot.outcomes, "REPEAT_AFTER", lambda real: {**real, "B": timedelta(seconds=0)})


def without_at_most_twice() -> None:
    """Send a question in doubt again, and again."""
    wrap(bot.outcomes, "MOST_COPIES", lambda _: 99)


GUARDS: Final[dict[str, Callable[[], None]]] = {
    "receipts": without_receipts,
    "commit first": without_commit_first,
    "at most once": without_at_most_once,
    "at most twice": without_at_most_twice,
}
"""What can be taken away, for the controls: the suite must notice each."""


def live(life: Life) -> int:
    """Live this life to its end, by a trap or by SIGTERM, and return the exit code."""
    folder = Path(life.folder)
    folder.mkdir(parents=True, exist_ok=True)
    notes = Path(life.notes)
    logging.basicConfig(filename=folder / "life.log", level=logging.INFO, force=True)
    trap = Trap(life.boundary, life.nth)
    if life.poison:
        lay_poison(life.poison)
    if life.without:
        GUARDS[life.without]()
    Commits(trap, notes / RECORDED).lay()
    Passages(trap).lay()
    if life.ahead:
        wrap(bot.app, "Clock", lambda _: lambda: Ahead(life.ahead))
    if not life.web:
        wrap(bot.serving, "serving", lambda _: unserved)
    config = load(None, folder=folder, settings=life.settings, environ={})
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        code = runner.run(bot.running.run(config))
    (notes / PASSED).write_bytes(msgspec.json.encode(trap.passed))
    return code


if __name__ == "__main__":
    sys.exit(live(msgspec.json.decode(sys.argv[1], type=Life)))
