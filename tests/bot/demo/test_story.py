"""The demo's story, through the same HTTP as a browser's."""

from pathlib import Path

from bot.clock import moment
from bot.demo.recovery import RUNGS, RecoveryStory
from bot.demo.routes import demo_router, visitor_door
from bot.demo.running import free_port
from bot.demo.story import Story
from bot.demo.world import RECOVERY, STEPS, World, working_day
from bot.serving import served, web_of

WORDS = (
    "service event accepted",
    "asked",
    "rated 1",
    "apology",
    "escalation taken",
    "message relayed",
    "case resolved",
    "follow-up, a day later",
    "rated 5",
    "outcome recovered",
)


async def test_the_story_tells_every_step_of_the_loop_and_each_happened(tmp_path: Path) -> None:
    """It is what a newcomer sees first, and what says that the whole loop holds together."""
    port = free_port(18_765)
    world = World(tmp_path, port)
    lines: list[str] = []
    await world.app.start()
    try:
        web = web_of(world.app, routers=[demo_router(world, port)], doors=[visitor_door])
        async with served(world.app, web, port):
            await Story(world, f"http://127.0.0.1:{port}", lines.append).play()
        standing = await world.standing("demo-1")
    finally:
        await world.app.stop()

    told = "\n".join(lines)
    assert [word for word in WORDS if word not in told] == []
    assert standing == dict.fromkeys((step for step, _ in STEPS), True)


RECOVERED = (
    "Monday at 22:40",
    "apology",
    "dispatch, by skill, to the one on duty",
    "restatement",
    "restatement corrected",
    "approved",
    "voucher accepted",
    "redeemed",
    "the second redemption refused",
    "follow-up, a day later",
    "outcome recovered",
    "in the same second",
    "reserved, spent",
)


async def test_the_story_of_recovery_tells_every_step_and_each_happened(tmp_path: Path) -> None:
    """A case that goes well by night, and one that nobody answers, up the whole ladder."""
    port = free_port(18_865)
    world = World(tmp_path, port, more=RECOVERY)
    lines: list[str] = []
    await world.app.start()
    try:
        async with served(world.app, web_of(world.app), port):
            await RecoveryStory(world, f"http://127.0.0.1:{port}", lines.append).play()
    finally:
        await world.app.stop()

    told = "\n".join(lines)
    assert [word for word in RECOVERED if word not in told] == []
    climbed = [line.partition("told ")[2] for line in lines if "ladder ->" in line]
    assert climbed == [who for _, who in RUNGS]


def test_the_demo_begins_at_ten_on_a_working_day() -> None:
    """Nobody should wait for the demo's own quiet hours, nor meet a shop on a Sunday."""
    saturday = 1_772_236_800_000  # 2026-02-28

    assert moment(working_day(saturday)).isoformat() == "2026-03-02T10:00:00+00:00"
