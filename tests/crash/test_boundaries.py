"""The real process, killed at every boundary of the turn and the delivery, and begun again.

A trial plays one story once: the first life dies when it passes the boundary for the n-th time, a second one goes on,
and the people in the story notice nothing but a delay. How often a story passes each boundary is counted in a life
that is left alone.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.crash.flows import CHANGED, HAPPY, OFFERED, RESTATED, SERVED, TAKEN_BACK, UNHAPPY, Cast, Story, cast_of
from tests.crash.installation import Installation
from tests.crash.nursery import Child, Nursery
from tests.fake_telegram import Call, FakeTelegram

AT_ONCE = 3
"""Trials side by side: while one waits for its bot, another plays."""

RECEIVED = {"sendMessage": "send", "editMessageText": "edit", "answerCallbackQuery": "notice"}
"""Calls at whose receipt Telegram, having done them, sees the bot die; each is made as often as its `before_post`."""

SAME = [
    ("inbox.after_commit", "poll.before_confirm"),
    ("turn.after_commit", "turn.before_offer", "turn.after_offer"),
    ("mark.after_commit", "send.before_post"),
    ("sendMessage.received", "send.after_answer", "record.before_commit"),
    ("editMessageText.received", "edit.after_answer", "edit.before_commit"),
    ("answerCallbackQuery.received", "notice.after_answer"),
]
"""Boundaries that follow each other with nothing kept between them: whoever died at either left the same behind."""


@pytest.mark.parametrize(
    ("story", "every"),
    [(HAPPY, 2), (UNHAPPY, 8), (CHANGED, 5), (SERVED, 5), (TAKEN_BACK, 30), (OFFERED, 40), (RESTATED, 25)],
    ids=lambda each: getattr(each, "name", ""),
)
async def test_a_death_at_any_boundary_costs_nothing(lives, tmp_path, story, every):
    """P1 to P4: answers neither lost nor doubled, nothing sent again that was recorded, two copies at most.

    The happy story dies at every passing of every boundary. In the others, boundaries that leave the same behind
    take turns: each is died at, and so is each passing of a group of them.
    """
    passed = await alone(lives, tmp_path / "alone", story)
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in passings(boundary, times, every, story.each, alike=story is not HAPPY)
    ]

    died = await side_by_side(
        trials, lambda boundary, nth: killed(lives, tmp_path / f"{boundary}-{nth}", story, boundary, nth)
    )

    told(story.name, died)
    assert len(died) >= 0.9 * len(trials)
    assert {boundary for boundary, _ in died} >= set(passed) - {"edit.before_commit", "edit.after_commit"}


def passings(boundary: str, times: int, statements: int, each: int = 1, *, alike: bool = True) -> range:
    """Return at which of the passings of a boundary to die: at every so-many-th statement, else at each.

    `alike` lets boundaries that leave the same behind take turns, so long as each passing is died at; every one of
    them is died at once at least.
    """
    if boundary.endswith(".statement"):
        return range(1, times + 1, statements)
    group = next((names for names in SAME if boundary in names), (boundary,))
    if not alike or each > 1 or len(group) == 1:
        return range(1, times + 1, each)
    return range(min(1 + group.index(boundary), times), times + 1, len(group))


async def side_by_side(
    trials: list[tuple[str, int]], run: Callable[[str, int], Awaitable[int | None]], at_once: int = AT_ONCE
) -> dict[tuple[str, int], int]:
    """Run trials, some at a time, and return the copies that each death cost; the others passed no such boundary."""
    room = asyncio.Semaphore(at_once)
    faults: list[str] = []
    copies: dict[tuple[str, int], int] = {}

    async def one(boundary: str, nth: int) -> None:
        async with room:
            try:
                cost = await run(boundary, nth)
            except AssertionError as fault:
                faults.append(f"killed at {boundary}, pass {nth}: {fault}")
            else:
                if cost is not None:
                    copies[boundary, nth] = cost

    await asyncio.gather(*(one(*trial) for trial in trials))
    assert not faults, f"{len(faults)} of {len(trials)} trials:\n" + "\n".join(faults)
    return copies


def told(name: str, died: dict[tuple[str, int], int]) -> None:
    """Say what was proven; `pytest -s` shows it."""
    names = {boundary for boundary, _ in died}
    costly = Counter(boundary for (boundary, _), cost in died.items() if cost)
    print(f"\nPASS {name}: {len(died)} deaths at {len(names)} boundaries, {sum(died.values())} copies {dict(costly)}")  # noqa: T201 - `pytest -s` shows what was proven


async def alone(lives: Nursery, folder: Path, story: Story) -> Counter[str]:
    """Play a story in a life that is left alone; return how often it passed each boundary."""
    async with FakeTelegram() as telegram:
        installation = Installation(folder, lives, telegram, *story.settings)
        installation.forgets = story.forgets
        cast = await cast_of(installation, telegram, led=story.led, roles=story.roles)
        async with await installation.begin() as child:
            await story.play(cast)
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        assert await installation.verify() == 0
        story.check(cast)
        if not story.forgets:
            assert installation.purposes(cast.ana).total() == len(telegram.ledger.sent(cast.ana.id))
    passed = installation.passed()
    for method, call in RECEIVED.items():
        if times := passed[f"{call}.before_post"]:
            passed[f"{method}.received"] = times
    return passed


async def killed(lives: Nursery, folder: Path, story: Story, boundary: str, nth: int) -> int | None:
    """Play a story whose first life dies at a boundary; return the copies it cost, None if it did not come there."""
    async with FakeTelegram() as telegram:
        installation = Installation(folder, lives, telegram, *story.settings)
        installation.forgets = story.forgets
        cast = await cast_of(installation, telegram, led=story.led, roles=story.roles)
        playing = asyncio.ensure_future(story.play(cast))
        try:
            async with await first_life(installation, boundary, nth) as child:
                if not await dies(installation, child, playing):
                    return None
            installation.died()
            return await second_life(installation, story, cast, playing)
        finally:
            playing.cancel()


async def first_life(installation: Installation, boundary: str, nth: int) -> Child:
    """Begin a life that dies at the boundary, by its own trap or on receipt of a call."""
    method, _, at = boundary.partition(".")
    if at != "received":
        return await installation.begin(boundary, nth)
    child = await installation.begin()
    count = 0

    def kill(_: Call) -> None:
        nonlocal count
        count += 1
        if count == nth:
            child.kill()

    installation.telegram.on_call(method, kill)
    return child


async def dies(installation: Installation, child: Child, playing: asyncio.Future[None]) -> bool:
    """Wait for the death; when the story is over and nothing happens any more, there will be none."""
    end = asyncio.ensure_future(child.ended())
    over = asyncio.ensure_future(_over(installation, playing))
    try:
        either: set[asyncio.Future[Any]] = {end, over}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not end.done():
            return False
        assert end.result() == -9, f"the process ended by itself with {end.result()}"
        return True
    finally:
        end.cancel()
        over.cancel()
        await asyncio.wait({end, over})


async def _over(installation: Installation, playing: asyncio.Future[None]) -> None:
    """Return when the story is told, all is settled, and what follows a last commit has had its time."""
    await asyncio.wait({playing})
    await installation.settled()
    await asyncio.sleep(0.3)


async def second_life(installation: Installation, story: Story, cast: Cast, playing: asyncio.Future[None]) -> int:
    """Let the story end in a life that nothing happens to, and hold the ledgers against each other."""
    async with await installation.begin() as child:
        await playing
        await installation.settled()
        child.kill()
        await child.ended()
    copies = await installation.verify()
    story.check(cast)
    return copies
