"""Crash images: database and log as they stood at random instants under load, and with the log's tail cut off (C6).

Each image is what a power cut would leave: it must open, be whole, and have every answer that was acknowledged
before. An image with a cut tail has lost its last commits, but is whole as well.
"""

import asyncio
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

from storage.database import Database
from tests.crash.crowds import SAID, Crowd
from tests.crash.installation import Installation
from tests.fake_telegram import FakeTelegram

IMAGES = 50
NOT_MOVED = 900 * (4_096 + 24)  # bytes of a log that SQLite has not moved into the database: it does at 1,000 pages


async def test_an_image_of_any_instant_has_all_that_was_acknowledged(lives, tmp_path):
    """P1 for a power cut: thanks were said after the commit, so the commit is in the image."""
    random = Random(6)
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "house", lives, telegram)
        crowd = Crowd(installation, random)
        crowd.come(5)
        images: list[tuple[Path, list[str]]] = []
        try:
            async with await installation.begin() as child:
                await telegram.ledger.wait("sendMessage", containing="That was all", times=3)
                for number in range(IMAGES):
                    await asyncio.sleep(random.uniform(0.002, 0.06))
                    served = [str(person.id) for person in crowd.served]
                    _stop(child.pid)
                    images.append((_copied(installation.database, tmp_path / f"image{number}"), served))
                    os.kill(child.pid, signal.SIGCONT)
                child.kill()
                await child.ended()
        finally:
            crowd.go()
    for image, served in images:
        cut = _cut(image, random)
        assert _answered(image) >= set(served)
        await _whole(image)
        await _whole(cut)


def _stop(pid: int) -> None:
    """Stop a process and return when each of its threads stands still, so that the copy is of one instant."""
    os.kill(pid, signal.SIGSTOP)
    tasks = Path(f"/proc/{pid}/task")
    while any(_state(each) not in "TtXZ" for each in tasks.iterdir()):
        os.sched_yield()


def _state(task: Path) -> str:
    try:
        return (task / "stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:  # the thread ended this moment
        return "X"


def _copied(database: Path, folder: Path) -> Path:
    """Copy the database's file and its log, and not the index that a crash loses."""
    folder.mkdir()
    shutil.copy(database, folder / database.name)
    wal = Path(f"{database}-wal")
    if wal.exists():
        shutil.copy(wal, folder / wal.name)
    return folder / database.name


def _cut(image: Path, random: Random) -> Path:
    """Copy an image, with its log ending at any byte, or in the middle of a write.

    Once a part of the log was moved into the database it had reached the disk, so only a log that is too short to
    have been moved may end anywhere; a longer one gets a torn write at its end.
    """
    cut = _copied(image, image.parent.with_name(f"{image.parent.name}-cut"))
    wal = Path(f"{cut}-wal")
    if wal.exists():
        with wal.open("r+b") as file:
            if wal.stat().st_size < NOT_MOVED:
                file.truncate(random.randint(0, wal.stat().st_size))
            else:
                file.seek(0, os.SEEK_END)
                file.write(random.randbytes(random.randint(1, 9_000)))
    return cut


def _answered(image: Path) -> set[str]:
    """Whoever has all their answers in this image, and in order."""
    with closing(sqlite3.connect(image)) as connection:
        rows = connection.execute(
            """
            SELECT address.chat, group_concat(answer.raw, '|') FROM
            (SELECT * FROM answer ORDER BY id) AS answer
            JOIN conversation ON conversation.id = answer.conversation_id
            JOIN address ON address.id = conversation.address_id GROUP BY address.chat
            """
        ).fetchall()
    return {chat for chat, said in rows if said == "|".join(SAID)}


async def _whole(image: Path) -> None:
    """Open an image as the product does; it must be whole, each chain of answers too."""
    with closing(sqlite3.connect(image)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database = await Database.open(image)
    try:
        talks = await database.read(lambda unit: unit.all("SELECT id FROM conversation ORDER BY id"))
        assert await database.read(lambda unit: all(unit.answers.verify(talk) for (talk,) in talks))
    finally:
        await database.close()
