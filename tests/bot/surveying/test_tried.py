"""An experiment in the editor's chat: that there is one, and in one sentence how it stands."""

import pytest

from tests.bot.surveying.chatting import Editor
from tests.bot.test_experiments import play, publish
from tests.bot.turning import World
from tests.experiments import SURVEY


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "surveys.db", start_survey="after_visit")
    yield world
    await world.close()


async def test_the_chat_says_that_a_survey_is_tried_and_how_that_stands(world):
    """The tree is shown after every tap and only says that there is one; the answers are read where it is asked for."""
    await publish(world, SURVEY)
    await play(world, 6)
    eva = await Editor.hired(world)
    await eva.says("/surveys")

    tree = await eva.taps("after_visit")
    assert "It is tried in several ways" in tree
    assert "The experiment: Too few answers to say:" in await eva.taps("More …")
