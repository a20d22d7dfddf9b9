"""A day later, with deaths: a follow-up is asked once or not at all, and then a person is told to ring.

The day before is played once; each trial begins from a copy of that evening's folder.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.crash.evenings import Evening, left_alone
from tests.crash.flows import PATIENCE, UNHAPPY, Cast, cast_of, followed_up
from tests.crash.installation import Installation
from tests.crash.nursery import Child, Nursery
from tests.crash.test_boundaries import dies, first_life, side_by_side, told
from tests.fake_telegram import FakeTelegram

ASKED = "Was it put right?"
IN_DOUBT = {
    "mark.after_commit",
    "send.before_post",
    "sendMessage.received",
    "send.after_answer",
    "record.before_commit",
}
"""Where a death leaves nobody knowing whether the follow-up arrived."""


@pytest.fixture
async def evening(lives: Nursery, tmp_path: Path) -> Evening:
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "evening", lives, telegram)
        cast = await cast_of(installation, telegram)
        async with await installation.begin() as child:
            await UNHAPPY.play(cast)
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        installation.let_a_day_pass()
        return Evening(installation.folder, cast.ana, installation)


async def test_a_follow_up_is_asked_once_whatever_dies(lives, tmp_path, evening):
    """P4 and P6: at most one copy; and where it may be lost, staff hear of it."""
    async with FakeTelegram() as telegram:
        passed = await left_alone(evening.morning(tmp_path / "alone", lives, telegram), followed_up, recovered)
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in range(1, times + 1, 6 if boundary.endswith(".statement") else 1)
        if boundary.partition(".")[0] in ("claim", "fire") or nth <= 3 or boundary == "turn.statement"
    ]

    async def trial(boundary: str, nth: int) -> int | None:
        async with FakeTelegram() as telegram:
            return await cut_short(evening.morning(tmp_path / f"{boundary}-{nth}", lives, telegram), boundary, nth)

    died = await side_by_side(trials, trial)

    told("follow-up", died)
    assert len(died) >= 0.9 * len(trials)
    assert {boundary for boundary, _ in died} >= IN_DOUBT | {
        "fire.statement",
        "fire.before_commit",
        "claim.after_commit",
    }


async def cut_short(cast: Cast, boundary: str, nth: int) -> int | None:
    """Play the morning with a death in it; return the copies it cost, None when it did not come there."""
    installation = cast.installation
    playing = asyncio.ensure_future(followed_up(cast))
    try:
        async with await first_life(installation, boundary, nth) as child:
            if not await dies(installation, child, playing):
                return None
        installation.died()
        doubtful = installation.read("SELECT state FROM outbox WHERE purpose = 'follow_up'") == [("sending",)]
        async with await installation.begin() as child:
            await ends(cast, playing, child, doubtful=doubtful)
        copies = await installation.verify()
        asked = installation.telegram.ledger.calls("sendMessage", cast.ana.id, outcome="accepted")
        assert sum(ASKED in call.text for call in asked) <= 1
        return copies
    finally:
        playing.cancel()


async def ends(cast: Cast, playing: asyncio.Future[None], child: Child, *, doubtful: bool) -> None:
    """Wait for one of the two ends there may be, and look at it."""
    installation = cast.installation
    lost = asyncio.ensure_future(cast.lin.hears(PATIENCE, containing="I could not reach the customer"))
    either: set[asyncio.Future[Any]] = {playing, lost}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if not playing.done():
        assert doubtful, "the follow-up was given up, and nothing was in doubt"
        if any(ASKED in message.text for message in cast.ana.screen()):  # then she answers it all the same
            await playing
        else:
            assert installation.read("SELECT state, copies FROM outbox WHERE purpose = 'follow_up'") == [("unknown", 1)]
    await installation.settled()
    lost.cancel()
    await asyncio.wait({lost})
    if playing.done():
        playing.result()
        recovered(cast)
    else:
        assert installation.read("SELECT kind FROM task") == [("telephone",)]
    child.kill()
    await child.ended()


def recovered(cast: Cast) -> None:
    house = cast.installation
    assert house.answers(cast.ana) == [*UNHAPPY.said, "yes", "5"]
    case = house.read("SELECT stage, outcome FROM recovery_case")
    assert case == [("settled", "recovered")], "over for Ana; Lin has still to name its cause"
    assert house.read("SELECT COUNT(*) FROM conversation WHERE purpose = 'follow_up'") == [(1,)]
