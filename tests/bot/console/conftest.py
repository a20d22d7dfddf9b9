"""An office for each test."""

import pytest

from tests.bot.console.office import opened


@pytest.fixture
async def office(tmp_path):
    """A console over an installation with nobody in it."""
    async with opened(tmp_path) as office:
        yield office
