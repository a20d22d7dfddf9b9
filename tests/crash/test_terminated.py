"""SIGTERM in the middle of sending: what is in the air lands and is recorded, so nothing is ever in doubt (A17)."""

from random import Random

from tests.crash.crowds import SAID, Crowd
from tests.crash.installation import Installation
from tests.fake_telegram import FakeTelegram, faults

TIMES = 10


async def test_an_orderly_end_leaves_nothing_in_doubt(lives, tmp_path):
    """Ten ends while Telegram is slow to answer: exit code 0 each time, and no copy of anything."""
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "house", lives, telegram)
        telegram.script("sendMessage", then=[faults.Delay(seconds=0.05)], times=None)
        random = Random(17)
        crowd = Crowd(installation, random)
        crowd.come(4)
        try:
            for _ in range(TIMES):
                async with await installation.begin() as child:
                    sent = len(telegram.ledger.calls("sendMessage"))
                    await telegram.ledger.wait("sendMessage", times=sent + random.randint(2, 9))
                    child.end()
                    assert await child.ended() == 0
                assert installation.died() == 0, "something was left in doubt"
            async with await installation.begin() as child:
                await crowd.leave()
                await installation.settled()
                child.end()
                assert await child.ended() == 0
        finally:
            crowd.go()
        assert await installation.verify() == 0
        assert all(installation.answers(person) == SAID for person in crowd.met)
