"""Files brought from Telegram into the folder: over real HTTP, with everything that can go wrong on the way."""

import asyncio
import hashlib
import json
import stat
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.channels.sources import NotFetched
from bot.channels.telegram.http import BotApi
from bot.channels.telegram.source import TelegramFiles
from bot.fetching import Fetching
from bot.keeping import bring
from bot.media_folder import MediaFolder
from bot.outgoing import Outgoing
from bot.scene import Scene
from bot.turn import Turned
from storage.media import MediaFile
from storage.outbox import OutboxRow
from storage.unit import Unit
from tests.bot.turning import DAY, World
from tests.fake_telegram import FakeTelegram, Person, faults
from tests.fake_telegram import media as files
from tests.waiting import until, until_so

JPEG = files.content_of("photo", 51_200)


class Lane:
    """A database, a folder, a Telegram, and the fetching between them."""

    def __init__(self, world: World, fake: FakeTelegram, api: BotApi, root: Path) -> None:
        self.world = world
        self.fake = fake
        self.api = api
        self.folder = MediaFolder(root)
        self.ana = fake.person("Ana", started=True)
        self.told: list[Turned] = []
        self.fetching = self.made()

    def made(self, source: Any = None, **more: Any) -> Fetching:
        sources = {"telegram": source or TelegramFiles(self.api)}
        return Fetching(
            self.world.database, self.folder, sources, self.world.clock, self.world.house, self.told.append, **more
        )

    async def sends(self, kind: str, content: bytes | None = None, who: Person | None = None, **more: Any) -> MediaFile:
        """Ana sends a file; its row is committed."""
        message = await self.ana.sends(kind, content=content)
        part = message.raw[kind]
        file = part[-1] if isinstance(part, list) else part
        chat = str((who or self.ana).id)
        update = self.world.sent(chat, kind, file=file["file_id"], **more)

        def work(unit: Unit) -> int:
            house, now = self.world.house, self.world.clock.now()
            if unit.addresses.at(1, "telegram", chat) is None:
                unit.addresses.add(1, "telegram", chat, "customer", now)
            return bring(Scene(unit, house, Outgoing(unit, now), now), update).media[0]

        return await self.row(await self.world.run(work))

    async def row(self, media_id: int) -> MediaFile:
        row = await self.world.run(lambda unit: unit.media.get(media_id))
        assert row is not None
        return row

    async def until(self, found: Callable[[MediaFile], bool], media_id: int = 1) -> MediaFile:
        """Return the row once it is so; time of the trade stands still while we wait for the network."""

        async def so() -> MediaFile | None:
            row = await self.row(media_id)
            return row if found(row) else None

        return await until(so)

    async def settled(self, media_id: int = 1) -> MediaFile:
        return await self.until(lambda row: row.state != "wanted", media_id)

    async def said(self) -> list[OutboxRow]:
        """Return what was decided beside the row, once it is handed on: that follows its commit."""
        await until_so(lambda: self.told)
        return self.told[-1].rows

    def stored(self, file: MediaFile) -> bytes:
        return self.folder.read(file.path or "", 50_000_000)

    @property
    def in_folder(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder.root)) for path in self.folder.root.rglob("*") if path.is_file())


@pytest.fixture
async def lane(tmp_path: Path) -> AsyncIterator[Lane]:
    world = await World.open(tmp_path / "makegood.db")
    async with FakeTelegram() as fake:
        api = BotApi(fake.token, fake.base)
        lane = Lane(world, fake, api, tmp_path / "media")
        yield lane
        await lane.fetching.stop()
        await api.close()
    await world.close()


async def test_a_photo_lies_in_the_folder_for_us_alone(lane: Lane):
    """Under a random name that says nothing, with the type that it really has and its digest in the row."""
    await lane.sends("photo", JPEG)
    await lane.fetching.start()
    file = await lane.settled()

    assert (file.state, file.mime, file.size) == ("kept", "image/jpeg", 51_200)
    assert file.digest == hashlib.sha256(JPEG).hexdigest()
    assert lane.stored(file) == JPEG
    assert lane.in_folder == [file.path]
    place = lane.folder.place(file.path or "")
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700


async def test_a_turn_wakes_it(lane: Lane):
    """Nobody waits for a heartbeat."""
    await lane.fetching.start()
    await asyncio.sleep(0.02)
    await lane.sends("voice")
    lane.fetching.look(Turned([], [], [], moves_files=True))

    assert (await lane.settled()).mime == "audio/ogg"


async def test_many_files_come_a_few_at_a_time(lane: Lane):
    """And all of them."""
    for _ in range(12):
        await lane.sends("photo", JPEG)
    await lane.fetching.start()
    for media_id in range(1, 13):
        await lane.settled(media_id)

    assert len(lane.in_folder) == 12


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  \n<html><body>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"hello <script>alert(1)</script>",
        b"#!/bin/sh\nrm -rf /",
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(60),
        b"\x1f\x8b\x08\x00" + bytes(40),
        bytes(4096),
        b"%!PS-Adobe-3.0",
    ],
)
async def test_what_is_no_document_is_refused_and_its_sender_told(lane: Lane, content: bytes):
    """Whatever it is called: pages, drawings with scripts, programs, archives, noise. Nothing of it stays."""
    await lane.sends("document", content, file_name="invoice.pdf", mime="application/pdf")
    await lane.fetching.start()
    file = await lane.settled()

    assert (file.state, file.why, file.path) == ("refused", "type", None)
    assert lane.in_folder == []
    [row] = await lane.said()
    assert "I could not take the file that you sent" in row.payload


async def test_a_file_that_turns_out_too_large_is_cut_off(lane: Lane):
    """Telegram may not say how large it is, and a server may lie: no more is read than we keep."""
    lane.world.house = lane.world.made_house(media_largest=100_000)
    lane.fetching = lane.made()
    await lane.sends("document", files.content_of("document", 5_000_000))
    await lane.fetching.start()
    file = await lane.settled()

    assert (file.state, file.why) == ("refused", "too_large")
    assert lane.in_folder == []
    assert "That file is too large: I can take up to 0.1 MB." in (await lane.said())[0].payload


async def test_what_telegram_does_not_hand_out_is_said(lane: Lane):
    """Bots get 20 MB; the person is told and can send less."""
    lane.fake.script("getFile", then=[faults.Refuse(code=400, description="Bad Request: file is too big")])
    await lane.sends("video")
    await lane.fetching.start()

    assert (await lane.settled()).why == "too_large"


@pytest.mark.parametrize(
    "fault",
    [
        faults.Reset(),
        faults.HangUp(),
        faults.Truncate(),
        faults.NotJson(),
        faults.internal_error(),
        faults.BadGateway(),
    ],
    ids=faults.tag,
)
async def test_a_broken_connection_is_tried_again(lane: Lane, fault: faults.AnyFault):
    """Soon, then more and more slowly; nothing begun is left behind."""
    lane.fake.script("getFile", then=[fault])
    await lane.sends("photo", JPEG)
    await lane.fetching.start()
    put_off = await lane.until(lambda row: row.why == "LATER")
    assert put_off.attempts == 1
    assert lane.in_folder == []

    lane.world.clock.pass_by(3)
    assert (await lane.settled()).attempts == 2


async def test_an_address_that_expired_is_asked_for_anew(lane: Lane):
    """It is good for an hour; the id is good for long."""
    photo = await lane.sends("photo", JPEG)
    content = lane.fake.world.files.pop(photo.channel_file or "")
    lane.fake.world.files[photo.channel_file or ""] = content
    lane.fake.broken_files = 1
    await lane.fetching.start()
    await lane.until(lambda row: row.why == "GONE")

    lane.world.clock.pass_by(3)
    assert (await lane.settled()).state == "kept"


async def test_a_file_that_telegram_forgot_is_given_up_after_some_tries(lane: Lane):
    """And its sender is asked to send it once more."""
    photo = await lane.sends("photo", JPEG)
    del lane.fake.world.files[photo.channel_file or ""]
    await lane.fetching.start()
    for tries in range(1, 5):
        await lane.until(partial(_gone_after, tries))
        lane.world.clock.pass_by(40)

    file = await lane.settled()
    assert (file.state, file.why, file.attempts) == ("refused", "gone", 5)
    assert "Please send it once more, to be sure that it arrives." in (await lane.said())[0].payload


def _gone_after(tries: int, row: MediaFile) -> bool:
    return (row.attempts, row.why) == (tries, "GONE")


async def test_a_day_without_network_is_waited_for(lane: Lane):
    """A photo of a complaint is worth it; after that its sender is told."""
    lane.fake.refuse()
    await lane.sends("photo", JPEG)
    await lane.fetching.start()
    await lane.until(lambda row: row.attempts == 1 and row.why == "LATER")
    lane.world.clock.pass_by(DAY // 1000 - 10)
    await lane.until(lambda row: row.attempts == 2 and row.why == "LATER")
    lane.world.clock.pass_by(400)

    assert (await lane.settled()).why == "gone"


async def test_what_a_life_before_us_had_begun_is_begun_again_over_the_same_path(lane: Lane):
    """Killed in the middle: neither lost nor there twice."""
    await lane.sends("photo", JPEG)

    in_the_middle = asyncio.Event()

    class Dying:
        async def fetch(self, channel_file: str, take: Callable[[bytes], None]) -> None:
            take(JPEG[:1000])
            in_the_middle.set()
            await asyncio.Event().wait()

    dying = lane.made(Dying())
    await dying.start()
    await in_the_middle.wait()
    begun = await lane.row(1)
    for task in [*dying._running, dying._loop]:  # as a kill does it: nothing is tidied up in the database
        assert task is not None
        task.cancel()
    (lane.folder.place(begun.path or "")).with_suffix(".part").write_bytes(b"half")

    await lane.fetching.start()
    file = await lane.settled()
    assert file.path == begun.path
    assert lane.in_folder == [file.path]
    assert lane.stored(file) == JPEG


async def test_a_file_erased_while_it_is_fetched_does_not_come_back(lane: Lane):
    """The row says so before the file is there (reliability.md G15)."""
    await lane.sends("photo", JPEG)
    begun, here = asyncio.Event(), asyncio.Event()

    class Slow:
        async def fetch(self, channel_file: str, take: Callable[[bytes], None]) -> None:
            take(JPEG)
            begun.set()
            await here.wait()

    lane.fetching = lane.made(Slow())
    await lane.fetching.start()
    await begun.wait()
    await lane.world.run(lambda unit: unit.media.erase("retention", 10, ended_by=lane.world.clock.now() + 200 * DAY))
    here.set()

    file = await lane.until(lambda row: row.path is None)
    await until_so(lambda: not lane.in_folder)
    assert file.state == "erased"


async def test_erased_files_leave_the_folder_even_after_a_death(lane: Lane):
    """The row keeps its path until the file is really gone."""
    await lane.sends("photo", JPEG)
    await lane.fetching.start()
    await lane.settled()
    await lane.fetching.stop()
    await lane.world.run(lambda unit: unit.media.erase("retention", 10, ended_by=lane.world.clock.now() + 200 * DAY))
    assert len(lane.in_folder) == 1

    lane.fetching = lane.made()
    await lane.fetching.start()
    file = await lane.until(lambda row: row.path is None)
    assert (file.state, file.name, file.channel_file, file.digest) == ("erased", None, None, None)
    assert lane.in_folder == []


async def test_a_full_disk_is_waited_for(lane: Lane, tmp_path: Path):
    """It will not stay so; nothing is refused for it."""
    lane.folder.root.write_text("in the way")
    await lane.sends("photo", JPEG)
    await lane.fetching.start()
    await lane.until(lambda row: row.attempts == 1 and row.why is not None)

    lane.folder.root.unlink()
    lane.world.clock.pass_by(3)
    assert (await lane.settled()).state == "kept"


async def test_a_disk_that_is_nearly_full_is_left_to_the_answers(lane: Lane):
    """Photos must not be what stops the taking in of words."""
    await lane.sends("photo", JPEG)
    lane.fetching = lane.made(reserve=1 << 60)
    await lane.fetching.start()
    await lane.until(lambda row: row.why == "LATER")
    await lane.fetching.stop()
    assert lane.in_folder == []

    lane.fetching = lane.made()
    await lane.fetching.start()
    assert (await lane.settled()).state == "kept"


async def test_a_file_that_comes_after_its_words_went_on_follows_them(lane: Lane):
    """They waited a minute for it, then said that it was missing."""
    await lane.world.staff("Bo", "8")
    world, chat = lane.world, str(lane.ana.id)
    await world.receive(world.wrote(chat, "/complain"))
    await world.receive(world.wrote(chat, "It never came"))
    bill = await lane.ana.sends("document")
    await world.receive(world.sent(chat, "document", file=bill.raw["document"]["file_id"]))
    world.clock.pass_by(90)
    await lane.fetching.start()
    await lane.settled()

    [row] = await lane.said()
    assert row.chat == "8"
    assert '"attachments":[{"kind":"document","media":1}]' in row.payload


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "photos/../../x", "a b", "a\r\nHost: b", ""])
async def test_only_a_place_below_the_servers_own_is_asked_for(lane: Lane, path: str):
    """Whatever answers in Telegram's place cannot lead us elsewhere, and a server's own disk is not ours to open."""

    class Lying:
        async def call(self, method: str, body: bytes, seconds: float) -> tuple[int, bytes]:
            return 200, json.dumps({"ok": True, "result": {"file_path": path}}).encode()

    api: Any = Lying()
    with pytest.raises(NotFetched) as raised:
        await TelegramFiles(api).fetch("x", lambda piece: None)
    assert raised.value.reason == "GONE"


async def test_the_token_is_in_no_log(lane: Lane, caplog: pytest.LogCaptureFixture):
    """It is part of the address of every file (reliability.md G12)."""
    caplog.set_level("DEBUG")
    lane.fake.broken_files = 1
    await lane.sends("photo", JPEG)
    await lane.fetching.start()
    await lane.until(lambda row: row.why == "GONE")

    assert lane.fake.token not in caplog.text
    assert "TEST-TOKEN" not in caplog.text
