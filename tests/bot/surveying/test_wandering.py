"""Somebody who taps whatever there is, and types whatever comes to mind: no turn ever falls over it."""

from pathlib import Path
from random import Random

import pytest

from bot.outgoing import message_of
from tests.bot.surveying.chatting import Editor
from tests.bot.turning import World

STEPS = 250
TEXTS = (
    "ok",
    "30 %",
    "2 days",
    "satisfaction <= 2",
    "de",
    "One\nTwo\nThree",
    "{{ customer.name }}",
    "{% for x in y %}",
    "长" * 80,
    "5",
    "🙂",
    '"',
    "/cancel",
    "/surveys",
    "/back",
    "\u202e",
)


@pytest.mark.parametrize("seed", range(4))
async def test_a_walk_at_random_ends_in_no_dead_row(tmp_path: Path, seed: int):
    """250 steps of one person who pays no attention; the draft stays a file that can be read."""
    random = Random(seed)
    world = await World.open(tmp_path / "walk.db")
    eva = await Editor.hired(world)
    await eva.says("/surveys")
    for _ in range(STEPS):
        screen = await eva.screen()
        buttons = [(row, button) for row, message in screen[-3:] for line in message.rows for button in line]
        if buttons and random.random() < 0.8:
            row, button = random.choice(buttons)
            await eva.presses(button.press, row)
        else:
            await eva.says(random.choice(TEXTS))
    fallen = await world.count("SELECT COUNT(*) FROM inbox WHERE state = 'dead' OR attempts > 1")
    presses = [b.press for row in await world.rows(eva.chat) for line in message_of(row).rows for b in line]
    longest = max(len(message_of(row).text) for row in await world.rows(eva.chat))
    await world.close()

    assert fallen == 0
    assert max(len(press.encode()) for press in presses) <= 64
    assert longest <= 4_096
