"""The web chat, whole and running."""

import pytest

from tests.bot.channels.webchat.world import living


@pytest.fixture
async def world(tmp_path):
    async with living(tmp_path) as world:
        yield world


@pytest.fixture
async def page(world):
    """A customer who has pressed Start."""
    return await world.page(await world.customer_link())
