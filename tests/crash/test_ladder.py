"""Two hours in which nobody acts, and then deaths: each rung of the ladder is told once, and none is lost.

The complaint is played once; each trial begins from a copy of the folder as it was left then, and finds the rungs of
two hours due at once.
"""

from pathlib import Path

import pytest

from storage.unit import Unit
from tests import laid
from tests.crash.evenings import Evening, cut_short, left_alone
from tests.crash.flows import NOBODY_ACTS, Cast, cast_of, climbed
from tests.crash.installation import DAY, STAFF, Installation
from tests.crash.nursery import Nursery
from tests.crash.test_boundaries import side_by_side, told
from tests.fake_telegram import FakeTelegram

TWO_HOURS = DAY // 12
MIA = STAFF + 1


async def join_mia(installation: Installation) -> None:
    """Take on a second one, who hears of it as one of the team."""

    def work(unit: Unit) -> None:
        member = unit.staff.add(1, "Mia", "staff", "en", 1)
        unit.addresses.add(1, "telegram", str(MIA), "staff", 1, staff_member_id=member.id)

    database = await laid.opened(installation.database)
    await database.run(work)
    await database.close()


@pytest.fixture
async def waiting(lives: Nursery, tmp_path: Path) -> Evening:
    """An installation with a case that nobody took, two hours later."""
    async with FakeTelegram() as telegram:
        telegram.person("Mia", user_id=MIA, started=True)
        installation = Installation(tmp_path / "waiting", lives, telegram)
        cast = await cast_of(installation, telegram)
        await join_mia(installation)
        async with await installation.begin() as child:
            await NOBODY_ACTS.play(cast)
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        installation.ahead += TWO_HOURS
        return Evening(installation.folder, cast.ana, installation)


def later(waiting: Evening, folder: Path, lives: Nursery, telegram: FakeTelegram) -> Cast:
    telegram.person("Mia", user_id=MIA, started=True)
    return waiting.morning(folder, lives, telegram)


async def test_each_rung_is_told_once_whatever_dies(lives, tmp_path, waiting):
    """Climbing and telling are one commit; a message of staff may come twice, a decision may not."""
    async with FakeTelegram() as telegram:
        passed = await left_alone(later(waiting, tmp_path / "alone", lives, telegram), climbed, climbed_once)
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in range(1, times + 1, 12 if boundary == "fire.statement" else 1)
        if boundary.partition(".")[0] in ("claim", "fire", "mark", "send", "record", "sendMessage") and nth <= 60
    ]

    async def trial(boundary: str, nth: int) -> int | None:
        async with FakeTelegram() as telegram:
            cast = later(waiting, tmp_path / f"{boundary}-{nth}", lives, telegram)
            return await cut_short(cast, climbed, climbed_once, boundary, nth)

    died = await side_by_side(trials, trial)

    told("ladder", died)
    assert len(died) >= 0.8 * len(trials)
    assert {boundary for boundary, _ in died} >= {"fire.statement", "fire.before_commit", "fire.after_commit"}


def climbed_once(cast: Cast) -> None:
    house = cast.installation
    rungs = house.read("SELECT detail FROM history WHERE what = 'Told' ORDER BY id")
    assert rungs == [("person:first_contact",), ("team:first_contact",)]
    assert house.read("SELECT COUNT(*) FROM history WHERE what = 'Breached'") == [(1,)]
    sent = house.read("SELECT chat, COUNT(*) FROM outbox WHERE purpose = 'case_news' GROUP BY chat ORDER BY chat")
    assert sent == [(str(STAFF), 1), (str(MIA), 1)]
