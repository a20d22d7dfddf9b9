"""Group commit: the works that wait at one moment share a transaction.

    run ──> waiting ──take ≤ 64, ≤ 20 ms──> BEGIN · work · work · … · COMMIT ──> every caller hears
        └─> low ──────take ≤ 64, ≤ 5 ms, and only while nothing waits──┘
                                                       │
                        any error:             roll back, and run them again, now each in a savepoint:
                        the work's own error:  back to its savepoint, its caller hears of it, and later works of
                                               its chat wait for the next batch
                        any other error:       nothing of the batch happened; the works are run again one by one

Low works are mass work that nobody waits for, due rows above all. They share a commit like others, but whoever is
not low waits for one of them at most, and for the commit of those before it: when one comes, the rest stay behind.

A caller hears of its work only after the commit. A work may therefore run twice, never count twice, and changes
nothing but the database. It runs on the connection's thread; the loop and the thread share nothing but two
queues whose ends they append to and pop from, so no lock is needed.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import msgspec

from storage.errors import Unavailable, Why, WorkQuit
from storage.unit import Unit

T = TypeVar("T")

_MOST = 64
_LONGEST = 0.020  # seconds of work in one batch
_LONGEST_LOW = 0.005  # as little as pays for a commit: a turn that comes meanwhile waits for all of it on the disk


class Engine(Protocol):
    """What group commit needs of a database: one connection that one thread uses."""

    unit: Unit

    def post(self, function: Callable[[], None]) -> None:
        """Have the connection's thread call `function` after what it was given before."""
        ...

    def begin(self) -> None:
        """Begin a writing transaction; wait for the lock as long as is sensible."""
        ...

    def commit(self) -> bool:
        """Commit; return whether that wrote anything."""
        ...

    def rollback(self) -> None:
        """Leave no transaction, whatever state it is in. Raises nothing."""
        ...

    def mark(self) -> None:
        """Set the savepoint of one work."""
        ...

    def back(self) -> None:
        """Undo what was done since `mark`."""
        ...

    def release(self) -> None:
        """Keep what was done since `mark`."""
        ...

    def whole(self) -> bool:
        """Return whether the transaction that was begun still stands."""
        ...

    def own(self, error: Exception) -> bool:
        """Return whether the error is the work's own affair, not the database's."""
        ...

    def trouble(self, error: Exception) -> Why | None:
        """Return why the database takes nothing, if that is what the error says."""
        ...


class _Work(msgspec.Struct, frozen=True):
    run: Callable[[Unit], Any]
    future: asyncio.Future[Any]
    chat: str | None
    alone: bool
    low: bool


class _Outcome(msgspec.Struct, frozen=True):
    future: asyncio.Future[Any]
    value: Any = None
    error: Exception | None = None


class _Batch(msgspec.Struct):
    """One round of works: what came of them, and which must wait for the next round, in order."""

    outcomes: list[_Outcome] = []
    later: list[_Work] = []
    held: set[str] = set()

    def holds(self, work: _Work) -> bool:
        if work.chat is None or work.chat not in self.held:
            return False
        self.later.append(work)
        return True

    def failed(self, work: _Work, error: Exception) -> None:
        self.outcomes.append(_Outcome(work.future, None, error))
        if work.chat is not None:
            self.held.add(work.chat)


class Batches:
    """The works that wait for one connection. Made and used on the loop; `_drain` and below on the thread."""

    def __init__(self, engine: Engine, monotonic: Callable[[], float]) -> None:
        self.healthy = True
        self._engine = engine
        self._monotonic = monotonic
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Work] = deque()
        self._low: deque[_Work] = deque()
        self._busy = False
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def run(self, run: Callable[[Unit], T], *, chat: str | None, alone: bool, low: bool) -> T:
        """Return what the work returned, once it is committed."""
        if self._closed:
            raise Unavailable("closed")
        future: asyncio.Future[T] = self._loop.create_future()
        (self._low if low else self._waiting).append(_Work(run, future, chat, alone, low))
        if not self._busy:
            self._busy = True
            self._idle.clear()
            self._loop.call_soon(self._begin)  # soon, not now: whoever runs in this round of the loop joins
        return await future

    async def drain(self) -> None:
        """Take no more works, and return when those that wait are through."""
        self._closed = True
        await self._idle.wait()

    def _begin(self) -> None:
        self._engine.post(self._drain)

    def _settle(self, outcomes: list[_Outcome], more: bool) -> None:
        for outcome in outcomes:
            if outcome.future.done():  # cancelled: the caller left, the work is committed all the same
                continue
            if outcome.error is None:
                outcome.future.set_result(outcome.value)
            else:
                outcome.future.set_exception(outcome.error)
        if more:
            return
        if self._waiting or self._low:
            self._loop.call_soon(self._begin)  # after the callers just settled have had their turn
        else:
            self._busy = False
            self._idle.set()

    def _drain(self) -> None:
        more = True
        while more:
            batch = self._round()
            for work in reversed(batch.later):
                (self._low if work.low else self._waiting).appendleft(work)
            more = bool(self._waiting or self._low)
            self._loop.call_soon_threadsafe(self._settle, batch.outcomes, more)

    def _round(self) -> _Batch:
        works = self._take()
        if len(works) == 1:
            return self._one_by_one(works)
        return self._in_hope(works) or self._together(works) or self._one_by_one(works)

    def _take(self) -> list[_Work]:
        waiting = self._waiting or self._low
        if not waiting:
            return []
        works = [waiting.popleft()]
        while waiting and len(works) < _MOST and not works[0].alone and not waiting[0].alone:
            works.append(waiting.popleft())
        return works

    def _in_hope(self, works: list[_Work]) -> _Batch | None:
        """Run the works in one transaction without savepoints, which cost a tenth. None: one failed, none happened."""
        engine, monotonic, unit = self._engine, self._monotonic, self._engine.unit
        batch = _Batch()
        try:
            engine.begin()
            until = monotonic() + _longest(works)
            for place, work in enumerate(works, start=1):
                batch.outcomes.append(_Outcome(work.future, work.run(unit)))
                if monotonic() >= until or (work.low and self._waiting):
                    batch.later.extend(works[place:])
                    break
            self._committed(engine.commit())
        except BaseException:  # noqa: BLE001 - whatever it was, the works meet it again, each in its own savepoint
            engine.rollback()
            return None
        return batch

    def _together(self, works: list[_Work]) -> _Batch | None:
        """Run the works in one transaction. None: nothing of it happened."""
        engine = self._engine
        batch = _Batch()
        try:
            engine.begin()
        except Exception as error:  # noqa: BLE001 - every caller must hear of it, whatever it is
            self._nobody(batch, works, error)
            return batch
        try:
            if self._run_all(batch, works):
                self._committed(engine.commit())
                return batch
        except Exception:  # noqa: BLE001, S110 - run one by one, the works meet it again, each for itself
            pass
        engine.rollback()
        return None

    def _run_all(self, batch: _Batch, works: list[_Work]) -> bool:
        """Run the works in their savepoints until their time is over. False: the transaction is spoiled."""
        engine, monotonic = self._engine, self._monotonic
        mark, release, unit = engine.mark, engine.release, engine.unit
        until = monotonic() + _longest(works)
        for place, work in enumerate(works, start=1):
            if batch.holds(work):
                continue
            mark()
            try:
                value = work.run(unit)
            except Exception as error:  # noqa: BLE001 - it is the caller's, who hears of it
                if not engine.own(error) or not engine.whole():
                    return False
                engine.back()
                batch.failed(work, error)
            except BaseException as error:  # noqa: BLE001 - it would end the thread, and with it the database
                engine.back()
                batch.failed(work, _quit(error))
            else:
                release()
                batch.outcomes.append(_Outcome(work.future, value))
            if monotonic() >= until or (work.low and self._waiting):
                batch.later.extend(works[place:])
                break
        return True

    def _one_by_one(self, works: list[_Work]) -> _Batch:
        """Run each work in a transaction of its own."""
        batch = _Batch()
        for place, work in enumerate(works):
            if batch.holds(work):
                continue
            try:
                self._engine.begin()
            except Exception as error:  # noqa: BLE001 - every caller must hear of it, whatever it is
                self._nobody(batch, works[place:], error)
                break
            self._alone(batch, work)
            if work.low and self._waiting:
                batch.later.extend(works[place + 1 :])
                break
        return batch

    def _alone(self, batch: _Batch, work: _Work) -> None:
        try:
            value = work.run(self._engine.unit)
            self._committed(self._engine.commit())
        except Exception as error:  # noqa: BLE001 - it is the caller's, who hears of it
            self._engine.rollback()
            batch.failed(work, self._told(error))
        except BaseException as error:  # noqa: BLE001 - it would end the thread, and with it the database
            self._engine.rollback()
            batch.failed(work, _quit(error))
        else:
            batch.outcomes.append(_Outcome(work.future, value))

    def _nobody(self, batch: _Batch, works: list[_Work], error: Exception) -> None:
        """Tell every work that no transaction could begin: waiting for the lock once is enough for all."""
        self._engine.rollback()
        batch.outcomes.extend(_Outcome(work.future, None, self._told(error)) for work in works)

    def _told(self, error: Exception) -> Exception:
        """Return the error as its caller hears it."""
        why = self._engine.trouble(error)
        if why is None:
            return error
        self.healthy = False
        unavailable = Unavailable(why, str(error))
        unavailable.__cause__ = error
        return unavailable

    def _committed(self, wrote: bool) -> None:
        if wrote:
            self.healthy = True


def _longest(works: list[_Work]) -> float:
    return _LONGEST_LOW if works[0].low else _LONGEST


def _quit(error: BaseException) -> WorkQuit:
    quit_ = WorkQuit(repr(error))
    quit_.__cause__ = error
    return quit_
