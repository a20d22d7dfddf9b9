"""An update whose turn kills the process each time, and nobody else suffers for it (A16)."""

from tests.crash.flows import PATIENCE, answers_happily
from tests.crash.installation import Installation
from tests.fake_telegram import FakeTelegram


async def test_a_deadly_update_is_buried_after_two_deaths_alone(lives, tmp_path):
    """The first death proves nothing, others ran beside it; two more, alone, and the row is given up and shown."""
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "house", lives, telegram)
        ana, bo = telegram.person("Ana"), telegram.person("Bo")
        async with await installation.begin(poison="boom") as child:
            await ana.starts()
            await ana.hears(PATIENCE, containing="How was your visit?")
            await installation.settled()
            await ana.says("boom")
            assert await child.ended() == -9
        deaths = 1
        await bo.starts()
        while True:
            async with await installation.begin(poison="boom") as child:
                if deaths < 3:
                    assert await child.ended() == -9
                    deaths += 1
                    continue
                await ana.hears(PATIENCE, containing="I could not make sense of that")
                await ana.taps("5")
                await ana.hears(PATIENCE, containing="Would you tell others")
                await bo.hears(PATIENCE, containing="How was your visit?")
                await answers_happily(telegram.person("Cy"))
                await installation.settled()
                child.end()
                assert await child.ended() == 0
                break
        buried = installation.read("SELECT chat, deaths, update_json IS NOT NULL FROM inbox WHERE state = 'dead'")
        assert buried == [(str(ana.id), 2, 1)]
        await installation.verify()
