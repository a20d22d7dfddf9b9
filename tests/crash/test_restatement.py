"""A customer who does not say whether they were understood, and deaths: whoever asked is told once to go ahead.

What was said back is played once; each trial begins from a copy of the folder as it was left then, twenty minutes on.
"""

from pathlib import Path

import pytest

from tests.crash.evenings import Evening, cut_short, left_alone
from tests.crash.flows import PATIENCE, SAID_BACK, Cast, cast_of
from tests.crash.installation import DAY, Installation
from tests.crash.nursery import Nursery
from tests.crash.test_boundaries import side_by_side, told
from tests.fake_telegram import FakeTelegram

TWENTY_MINUTES = DAY // 72


async def goes_ahead(cast: Cast) -> None:
    """Lin reads that nobody answered her."""
    await cast.lin.hears(PATIENCE, containing="Please do not wait for it")


@pytest.fixture
async def silent(lives: Nursery, tmp_path: Path) -> Evening:
    """An installation whose customer was asked whether they were understood, and said nothing."""
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "silent", lives, telegram)
        cast = await cast_of(installation, telegram)
        async with await installation.begin() as child:
            await SAID_BACK.play(cast)
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        installation.ahead += TWENTY_MINUTES
        return Evening(installation.folder, cast.ana, installation)


async def test_whoever_asked_is_told_once_whatever_dies(lives, tmp_path, silent):
    """The due row and what it says are one commit; a message of staff may come twice, a decision may not."""
    async with FakeTelegram() as telegram:
        passed = await left_alone(silent.morning(tmp_path / "alone", lives, telegram), goes_ahead, told_once)
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in range(1, times + 1, 4 if boundary == "fire.statement" else 1)
        if boundary.partition(".")[0] in ("claim", "fire", "mark", "send", "record", "sendMessage") and nth <= 24
    ]

    async def trial(boundary: str, nth: int) -> int | None:
        async with FakeTelegram() as telegram:
            cast = silent.morning(tmp_path / f"{boundary}-{nth}", lives, telegram)
            return await cut_short(cast, goes_ahead, told_once, boundary, nth)

    died = await side_by_side(trials, trial)

    told("restatement", died)
    assert len(died) >= 0.8 * len(trials)
    assert {boundary for boundary, _ in died} >= {"fire.statement", "fire.before_commit", "fire.after_commit"}


def told_once(cast: Cast) -> None:
    house = cast.installation
    assert house.read("SELECT state, COUNT(*) FROM due WHERE kind = 'restatement' GROUP BY state") == [("fired", 1)]
    assert house.read("SELECT how FROM case_step WHERE step = 'restatement'") == [("asked",)]
    assert house.read("SELECT COUNT(*) FROM outbox WHERE purpose = 'case_news'") == [(1,)]
