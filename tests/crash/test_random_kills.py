"""Deaths at random instants, under load: several people at once, one update in five given twice, short lives.

The scaled run of `reliability.md` N1. The seed is printed; `CRASH_SEED` and `CRASH_KILLS` repeat a run or lengthen it.
"""

import asyncio
import os
import secrets
from random import Random

from tests.crash.crowds import SAID, Crowd
from tests.crash.installation import Installation
from tests.fake_telegram import FakeTelegram

KILLS = int(os.environ.get("CRASH_KILLS", "50"))
PEOPLE = 6
DUPLICATES = 0.8  # one in four updates of such a person: 20 % of all
SHORTEST, LONGEST = 0.05, 0.6  # seconds that a life lasts
STARTS = 3.0
"""So many starts the longest life lasts at least: where no life ends a turn, its update is buried as deadly."""


async def test_deaths_at_random_instants_lose_nothing(lives, tmp_path):
    """0 lost, 0 doubled, 0 stuck; copies only of what was in doubt, at most two of each."""
    seed = os.environ.get("CRASH_SEED") or secrets.token_hex(4)
    random = Random(seed)
    print(f"\nseed {seed}")  # noqa: T201 - `pytest -s` shows what was proven
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "house", lives, telegram)
        crowd = Crowd(installation, random, duplicates=DUPLICATES)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        async with await installation.begin():
            await telegram.until_listening()
            longest = max(LONGEST, STARTS * (loop.time() - begun))
        crowd.come(PEOPLE)
        try:
            for _ in range(KILLS):
                async with await installation.begin() as child:
                    await asyncio.sleep(random.uniform(SHORTEST, longest))
                    child.kill()
                    assert await child.ended() == -9, (installation.folder / "life.log").read_text()[-3000:]
                installation.died()
            async with await installation.begin() as child:
                await crowd.leave()
                await installation.settled()
                child.end()
                assert await child.ended() == 0
        finally:
            crowd.go()
        copies = await installation.verify()
        for person in crowd.met:
            assert installation.answers(person) == SAID, f"seed {seed}"
        outcomes = installation.read("SELECT outcome, COUNT(*) FROM conversation GROUP BY outcome")
        assert outcomes == [("complete", len(crowd.met))], f"seed {seed}"
        assert installation.read("SELECT id FROM inbox WHERE state <> 'done'") == [], f"seed {seed}"
        most = max(telegram.ledger.prompts().values())
    answers = 3 * len(crowd.met)
    proven = f"{KILLS} kills, {answers} answers, {copies} copies, at most {most} of one, {crowd.nudged} nudged"
    print(f"PASS {proven}")  # noqa: T201 - `pytest -s` shows what was proven
    assert copies <= KILLS * PEOPLE
    assert most <= 2
    assert crowd.nudged <= KILLS // 10
