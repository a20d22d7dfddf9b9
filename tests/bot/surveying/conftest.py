"""An editor at work, each test with an installation of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.surveying.chatting import Editor
from tests.bot.turning import World


@pytest.fixture
async def eva(tmp_path: Path) -> AsyncIterator[Editor]:
    world = await World.open(tmp_path / "surveys.db")
    yield await Editor.hired(world)
    await world.close()
