"""A shop with a past: answers, a case, a file that somebody sent, and things under way."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.backups.chore import wish_of
from bot.backups.making import Wish
from bot.config import Config
from bot.settings.sections import Backup, Business, Storage
from tests.bot.turning import World

PHOTO = b"\xff\xd8 a photo of the lamp"
PHOTO_PATH = "ab/abcdefabcdefabcdefabcdefabcdefab"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings of an installation in a folder of its own."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    return Config(business=Business(name="Lamp Shop"), storage=Storage(folder=data), backup=Backup())


@pytest.fixture
def wish(config: Config) -> Wish:
    """What the settings say about backups."""
    return wish_of(config, None)


@pytest.fixture
async def shop(config: Config) -> AsyncIterator[World]:
    """The shop at work: two happy customers, an unhappy one with a case, and a photo."""
    world = await World.open(config.database)
    for chat, rating in (("1", "5"), ("2", "4"), ("3", "1")):
        await world.receive(world.wrote(chat, "/start"))
        await world.receive(world.wrote(chat, rating))
    place = config.media_folder / PHOTO_PATH
    place.parent.mkdir(parents=True)
    place.write_bytes(PHOTO)
    digest = hashlib.sha256(PHOTO).hexdigest()
    await world.run(
        lambda unit: unit.execute(
            """
            INSERT INTO media (brand_id, channel, chat, kind, size, digest, path, state, at)
            VALUES (1, 'telegram', '3', 'photo', :size, :digest, :path, 'kept', 5)
            """,
            {"size": len(PHOTO), "digest": digest, "path": PHOTO_PATH},
        )
    )
    yield world
    await world.close()
