"""Fetching: what turns wanted is brought into the media folder, looked at, and kept or refused.

    wanted ── claimed, with a path of its own ──> fetched ──> looked at ──> kept
                  │ later: again, for a day                      └──> refused, and its sender told
    erased ──> gone from the folder

It works from the rows alone: what a life before us had begun is begun again, over the same path. Nothing here is
in the way of a turn or a message.
"""

import asyncio
import logging
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from random import Random
from typing import Final

from bot import files_told
from bot.channels.sources import NotFetched, Source
from bot.clock import Clock
from bot.filetypes import type_of
from bot.house import House
from bot.media_folder import MediaFolder, TooLarge, new_path
from bot.surveying.door import LARGEST, is_survey
from bot.turn import Turned
from storage.database import Database
from storage.errors import Unavailable
from storage.media import MediaFile
from storage.unit import Unit

log = logging.getLogger("makegood.media")

AT_ONCE: Final = 4
LEASE: Final = timedelta(minutes=10) // timedelta(milliseconds=1)
PATIENCE: Final = timedelta(hours=24) // timedelta(milliseconds=1)
"""How long we try to fetch a file that cannot be reached, in ms since it was sent."""

GONE_TRIES: Final = 5
"""How often a file that the channel says it has no more is asked for: sometimes it has it again."""

RESERVE: Final = 500_000_000
"""Bytes of the disk that files leave free."""

LONGEST_WAIT: Final = 300.0
RETRY_STORING: Final = 1.0
CHUNK: Final = 100


class Fetching:
    """One lane beside everything else. `start` it after the database, `stop` it before; `look` after each turn.

    `reserve` is how many bytes of the disk it leaves free.
    """

    def __init__(
        self,
        database: Database,
        folder: MediaFolder,
        sources: Mapping[str, Source],
        clock: Clock,
        house: House,
        hand_on: Callable[[Turned], None],
        random: Random | None = None,
        reserve: int = RESERVE,
    ) -> None:
        self._database = database
        self._folder = folder
        self._sources = sources
        self._clock = clock
        self._house = house
        self._hand_on = hand_on
        self._reserve = reserve
        self._random = random or Random()  # noqa: S311 - spreads retries, guards nothing
        self._woken = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        clock.when_shifted(lambda _span: self._woken.set())

    async def start(self) -> None:
        """Begin; what an earlier life had claimed is wanted at once. Raises Unavailable."""
        await self._database.run(lambda unit: unit.media.release())
        self._loop = asyncio.create_task(self._run(), name="fetching")

    async def stop(self) -> None:
        """Give up what is under way: its rows say that it is wanted still."""
        tasks = [*self._running, *([self._loop] if self._loop else [])]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def look(self, done: Turned) -> None:
        """Hear of a turn: it may want files, or have erased some."""
        if done.moves_files:
            self._woken.set()

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self._erase()
                await self._begin()
                wait = await self._wait()
            except Unavailable as error:
                log.warning("files wait: %s", error.why)
                wait = RETRY_STORING
            except Exception as error:
                log.error("fetching met a fault of its own and goes on", exc_info=error)
                wait = RETRY_STORING
            try:
                async with asyncio.timeout(wait):
                    await self._woken.wait()
            except TimeoutError:
                pass

    async def _wait(self) -> float | None:
        """Return the seconds until a wanted file's moment comes; None while nothing waits for time."""
        if len(self._running) >= AT_ONCE:
            return None
        at = await self._database.read(lambda unit: unit.media.next_wanted_at())
        return None if at is None else self._clock.until(at)

    async def _begin(self) -> None:
        while free := AT_ONCE - len(self._running):
            now, paths = self._clock.now(), [new_path() for _ in range(free)]
            claim = partial(_claim, now=now, paths=paths)
            claimed = await self._database.run(claim, low=True)
            for file in claimed:
                task = asyncio.create_task(self._fetch(file))
                self._running.add(task)
                task.add_done_callback(self._ended)
            if len(claimed) < free:
                return

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._woken.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a file could not be recorded; it is fetched again later: %s", type(error).__name__)

    # -- one file

    async def _fetch(self, file: MediaFile) -> None:
        try:
            if is_survey(file):
                await self._read_survey(file)
                return
            mime, size, digest = await self._brought(file)
        except TooLarge:
            await self._refuse(file, "too_large")
        except NotFetched as failure:
            await self._failed(file, failure)
        except OSError as error:  # the disk is full, say: it will not stay so
            log.error("media:%d could not be written: %s", file.id, error.strerror)
            await self._put_off(file, type(error).__name__)
        else:
            await self._keep(file, mime, size, digest)

    async def _read_survey(self, file: MediaFile) -> None:
        """Read a survey that staff sent, in memory, and take it in. Raises TooLarge, NotFetched."""
        from bot.editing.bringing import read_file  # late: it brings what reads the files of five programs
        from bot.surveying.files import take_in

        source, content = self._sources.get(file.channel), bytearray()
        if source is None:
            raise NotFetched("LATER", "its channel is not set up")

        def keep(piece: bytes) -> None:
            content.extend(piece)
            if len(content) > LARGEST:
                raise TooLarge(f"more than {LARGEST} bytes")

        await source.fetch(file.channel_file or "", keep)
        brought = await asyncio.to_thread(read_file, file.name or "survey.toml", bytes(content))
        now, house = self._clock.now(), self._house
        self._hand_on(await self._database.run(lambda unit: take_in(unit, file, brought, house, now), low=True))

    async def _brought(self, file: MediaFile) -> tuple[str, int, str]:
        """Bring a file into its place; return its type, bytes and digest. Raises TooLarge, NotFetched, OSError."""
        source = self._sources.get(file.channel)
        if source is None:
            raise NotFetched("LATER", "its channel is not set up")
        await asyncio.to_thread(self._require_room)
        largest = self._house.media_largest
        with await asyncio.to_thread(self._folder.begin, file.path or "", largest) as draft:
            await source.fetch(file.channel_file or "", draft.write)
            mime = type_of(draft.head)
            if mime is None:
                return "", draft.size, ""
            return mime, draft.size, await asyncio.to_thread(draft.finish)

    def _require_room(self) -> None:
        """Raise NotFetched while the disk is nearly full: answers need what is left of it more than files do."""
        root = self._folder.root
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(root).free < self._reserve:
            log.error("files wait: less than %d MB of the disk are free", self._reserve // 1_000_000)
            raise NotFetched("LATER", "the disk is nearly full")

    async def _keep(self, file: MediaFile, mime: str, size: int, digest: str) -> None:
        if not mime:
            await self._refuse(file, "type" if size else "empty")
            return
        late = self._clock.now() - file.at
        done = await self._database.run(
            partial(
                files_told.keep,
                file=file,
                mime=mime,
                size=size,
                digest=digest,
                house=self._house,
                now=self._clock.now(),
            ),
            low=True,
        )
        if done is None:  # erased meanwhile
            await asyncio.to_thread(self._folder.erase, file.path or "")
            return
        log.info("media:%d kept, %d bytes, %s, after %d ms", file.id, size, mime, late)
        self._hand_on(done)

    async def _failed(self, file: MediaFile, failure: NotFetched) -> None:
        if failure.reason == "TOO_LARGE":
            await self._refuse(file, "too_large")
        elif (failure.reason == "GONE" and file.attempts >= GONE_TRIES) or self._clock.now() - file.at > PATIENCE:
            await self._refuse(file, "gone")
        else:
            log.info("media:%d not fetched yet: %s", file.id, failure.reason)
            await self._put_off(file, failure.reason)

    async def _put_off(self, file: MediaFile, why: str) -> None:
        wait = self._random.uniform(0.5, 1.0) * min(LONGEST_WAIT, 2.0 ** min(file.attempts, 9))
        at = self._clock.now() + int(wait * 1000 * self._clock.rate)
        await self._database.run(lambda unit: unit.media.put_off(file.id, at, why), low=True)

    async def _refuse(self, file: MediaFile, why: str) -> None:
        """Refuse a file, and tell its sender so in the same unit."""
        log.warning("media:%d refused: %s", file.id, why)
        now, house = self._clock.now(), self._house
        self._hand_on(await self._database.run(lambda unit: files_told.refuse(unit, file, why, house, now), low=True))

    # -- what leaves

    async def _erase(self) -> None:
        """Take erased files out of the folder, then note that they are gone: begun again after a death."""
        while leaving := await self._database.read(lambda unit: unit.media.leaving(CHUNK)):
            for _, path in leaving:
                await asyncio.to_thread(self._folder.erase, path)
            await self._database.run(partial(_gone, ids=[media_id for media_id, _ in leaving]), low=True)


def _claim(unit: Unit, now: int, paths: list[str]) -> list[MediaFile]:
    return unit.media.claim(now, now + LEASE, paths)


def _gone(unit: Unit, ids: list[int]) -> None:
    for media_id in ids:
        unit.media.gone(media_id)
