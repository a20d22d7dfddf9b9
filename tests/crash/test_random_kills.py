"""Deaths at random instants, under load: several people at once, one update in five given twice, short lives.

The scaled run of `reliability.md` N1. The seed is printed; `CRASH_SEED` and `CRASH_KILLS` repeat a run or lengthen it.
"""

import asyncio
import os
import secrets
from functools import partial
from random import Random

from tests.crash.flows import PATIENCE, answers_happily
from tests.crash.installation import Installation
from tests.fake_telegram import FakeTelegram, Message, Person

KILLS = int(os.environ.get("CRASH_KILLS", "50"))
PEOPLE = 6
SHORTEST, LONGEST = 0.05, 0.6  # seconds that a life lasts


async def test_deaths_at_random_instants_lose_nothing(lives, tmp_path):
    """0 lost, 0 doubled, 0 stuck; copies only of what was in doubt, at most two of each."""
    seed = os.environ.get("CRASH_SEED") or secrets.token_hex(4)
    random = Random(seed)
    print(f"\nseed {seed}")  # noqa: T201
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "house", lives, telegram)
        people = Crowd(installation, random)
        crowd = [asyncio.ensure_future(people.live()) for _ in range(PEOPLE)]
        try:
            for _ in range(KILLS):
                async with await installation.begin() as child:
                    await asyncio.sleep(random.uniform(SHORTEST, LONGEST))
                    child.kill()
                    assert await child.ended() == -9, (installation.folder / "life.log").read_text()[-3000:]
                installation.died()
            people.over.set()
            async with await installation.begin() as child:
                await asyncio.gather(*crowd)
                await installation.settled()
                child.end()
                assert await child.ended() == 0
        finally:
            for each in crowd:
                each.cancel()
        copies = await installation.verify()
        for person in people.met:
            assert installation.answers(person) == ["5", "9", "The bread was warm"], f"seed {seed}"
        outcomes = installation.read("SELECT outcome, COUNT(*) FROM conversation GROUP BY outcome")
        assert outcomes == [("complete", len(people.met))], f"seed {seed}"
        assert installation.read("SELECT id FROM inbox WHERE state <> 'done'") == [], f"seed {seed}"
        most = max(telegram.ledger.prompts(chat=None).values())
    answers = 3 * len(people.met)
    proven = f"{KILLS} kills, {answers} answers, {copies} copies, at most {most} of one, {people.nudged} nudged"
    print(f"PASS {proven}")  # noqa: T201
    assert copies <= KILLS * PEOPLE
    assert most <= 2
    assert people.nudged <= KILLS // 10


class Crowd:
    """People who come one after the other until it is over; whoever began also ends."""

    def __init__(self, installation: Installation, random: Random) -> None:
        self.met: list[Person] = []
        self.nudged = 0
        self.over = asyncio.Event()
        self._installation = installation
        self._random = random

    async def live(self) -> None:
        telegram = self._installation.telegram
        while not self.over.is_set():
            person = telegram.person(f"Guest {len(self.met) + 1}")
            self.met.append(person)
            if self._random.random() < 0.5:
                telegram.duplicate_next(2)
            await answers_happily(person, partial(self._hears, person))

    async def _hears(self, person: Person, *, containing: str) -> Message:
        """Wait as people do. Only where two deaths each left it in doubt may a question fail to come.

        Nobody can know then whether it arrived, and a third copy is not allowed; whoever waits in vain presses
        Start, which shows the open question again.
        """
        await asyncio.sleep(self._random.uniform(0, 0.05))
        try:
            return await person.hears(6, containing=containing)
        except AssertionError:
            doubt = "SELECT COUNT(*) FROM outbox WHERE chat = ? AND state = 'unknown' AND copies = 2"
            assert self._installation.read(doubt, str(person.id)) == [(1,)]
            self.nudged += 1
            await person.starts()
            return await person.hears(PATIENCE, containing=containing)
