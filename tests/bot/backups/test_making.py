"""A backup: whole, checked, of what was committed; or none at all."""

import asyncio
import os
import sqlite3
from pathlib import Path

import msgspec
import pytest

from bot.backups import manifest
from bot.backups.making import back_up, checked
from bot.clock import Clock
from bot.lock import DataFolderInUse, FolderLock
from storage.errors import Damaged
from tests.bot.backups.conftest import PHOTO, PHOTO_PATH


async def test_a_backup_holds_what_was_committed_and_says_so(shop, wish):
    """The one who needs it in a year has nothing else to go by."""
    made = await asyncio.to_thread(back_up, wish, Clock())

    with sqlite3.connect(made.path / manifest.DATABASE) as copy:
        [[answers]] = copy.execute("SELECT COUNT(*) FROM answer").fetchall()
    copy.close()
    assert answers == made.manifest.counts["answer"] > 2
    assert made.manifest.counts["recovery_case"] == 1
    assert checked(made.path) == made.manifest
    assert (made.path / manifest.MEDIA / PHOTO_PATH).read_bytes() == PHOTO


async def test_twenty_backups_are_made_while_customers_answer(shop, wish):
    """reliability.md C7, N17: each is whole, and nothing acknowledged before it began is missing from it."""
    made = []
    for number in range(20):
        chats = [f"{number}-{each}" for each in range(3)]
        answering = asyncio.gather(*(answered(shop, chat) for chat in chats))
        before = await shop.count("SELECT COUNT(*) FROM answer")
        made.append((before, await asyncio.to_thread(back_up, msgspec.structs.replace(wish, keep=0), Clock())))
        await answering
    after = await shop.count("SELECT COUNT(*) FROM answer")

    assert len(manifest.listing(wish.folder)) == 20
    for before, each in made:
        assert before <= checked(each.path).counts["answer"] <= after


async def answered(shop, chat: str) -> None:
    await shop.receive(shop.wrote(chat, "/start"))
    await shop.receive(shop.wrote(chat, "5"))


async def test_a_backup_is_for_its_owner_alone(shop, wish):
    """It holds what customers wrote."""
    before = os.umask(0o022)
    try:
        made = await asyncio.to_thread(back_up, wish, Clock())
    finally:
        os.umask(before)

    assert [path.name for path in (made.path, *made.path.glob("*.*")) if path.stat().st_mode & 0o077] == []


async def test_the_second_backup_takes_no_room_for_the_same_files(shop, wish, config):
    """A year of photos is not copied every night."""
    first = await asyncio.to_thread(back_up, wish, Clock())
    second = await asyncio.to_thread(back_up, wish, Clock())
    names = {(each.path / manifest.MEDIA / PHOTO_PATH).stat().st_ino for each in (first, second) if each.path.exists()}

    assert names == {(config.media_folder / PHOTO_PATH).stat().st_ino}


async def test_a_file_erased_meanwhile_is_counted_and_the_rest_is_kept(shop, wish, config):
    """Somebody's right to be forgotten is no reason to have no backup."""
    (config.media_folder / PHOTO_PATH).unlink()
    made = await asyncio.to_thread(back_up, wish, Clock())

    assert (made.manifest.files, made.manifest.missing) == (0, 1)
    assert checked(made.path) == made.manifest


async def test_settings_go_along_without_what_opens_something(shop, wish, tmp_path):
    """reliability.md G13: a backup on a stick in a drawer must not be a key to the bot."""
    config = tmp_path / "config.toml"
    config.write_text('# ours\n[business]\nname = "Lamp Shop"\n[telegram]\ntoken = "123456:abcdef"\n')
    surveys = tmp_path / "surveys"
    surveys.mkdir()
    (surveys / "mine.toml").write_text("format = 1\n")
    recovery = tmp_path / "recovery"
    recovery.mkdir()
    (recovery / "causes.toml").write_text("[[cause]]\n")
    asked = msgspec.structs.replace(wish, config=config, surveys=surveys, recovery=recovery)
    made = await asyncio.to_thread(back_up, asked, Clock())
    text = (made.path / manifest.CONFIG).read_text()

    assert "# ours" in text
    assert 'name = "Lamp Shop"' in text
    assert "abcdef" not in text
    assert (made.path / manifest.SURVEYS / "mine.toml").exists()
    assert (made.path / manifest.RECOVERY / "causes.toml").exists()


async def test_what_a_killed_backup_left_is_cleared_away(shop, wish):
    """It has no name that looks whole, and does not fill the disk either."""
    left = wish.folder / f"{manifest.name_at(5)}{manifest.PART}"
    left.mkdir(parents=True)
    (left / manifest.DATABASE).write_bytes(b"half")
    await asyncio.to_thread(back_up, wish, Clock())

    assert not left.exists()
    assert len(manifest.listing(wish.folder)) == 1


async def test_two_at_once_do_not_get_in_each_others_way(shop, wish):
    """The chore and somebody's own command may meet."""
    with FolderLock.take(wish.folder, "another"), pytest.raises(DataFolderInUse, match="another"):
        back_up(wish, Clock())


async def test_an_answer_that_was_changed_by_hand_is_no_backup(shop, wish):
    """reliability.md C5: SQLite would not notice; the chain of the conversation does. None is made, none goes."""
    await shop.run(lambda unit: unit.execute("UPDATE answer SET number = 5 WHERE number = 1"))

    with pytest.raises(Damaged, match="not as they were written"):
        back_up(wish, Clock())
    assert manifest.listing(wish.folder) == []


@pytest.mark.parametrize("spoil", ["database", "manifest", "file", "gone"])
async def test_a_spoiled_backup_is_told_apart(shop, wish, spoil):
    """A disk that lies is found when the backup is read, not when it was needed."""
    made = await asyncio.to_thread(back_up, wish, Clock())
    damage(made.path, spoil)

    with pytest.raises(Damaged):
        checked(made.path)


def damage(folder: Path, what: str) -> None:
    photo = folder / manifest.MEDIA / PHOTO_PATH
    match what:
        case "database":
            path = folder / manifest.DATABASE
            content = bytearray(path.read_bytes())
            content[-100] ^= 1
            path.write_bytes(content)
        case "manifest":
            (folder / manifest.MANIFEST).write_text("{")
        case "file":
            photo.unlink()
            photo.write_bytes(PHOTO[::-1])
        case _:
            photo.unlink()
