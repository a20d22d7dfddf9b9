"""Copies, of what goes out and of what comes in: two at most, and one effect."""

import asyncio
from functools import partial
from pathlib import Path

from tests.crash.flows import HAPPY, PATIENCE, cast_of
from tests.crash.installation import Installation
from tests.crash.nursery import Child, Nursery
from tests.fake_telegram import Call, FakeTelegram

QUESTION = "How was your visit?"


def _kill(child: Child, _: Call) -> None:
    child.kill()


async def thrice(lives: Nursery, folder: Path) -> int:
    """Kill three lives on receipt of the same question, then answer it; return how often it came."""
    async with FakeTelegram() as telegram:
        installation = Installation(folder, lives, telegram)
        ana = telegram.person("Ana")
        await ana.starts()
        for _ in range(3):
            async with await installation.begin() as child:
                hook = telegram.on_call("sendMessage", partial(_kill, child), once=True)
                settled, end = asyncio.ensure_future(installation.settled()), asyncio.ensure_future(child.ended())
                await asyncio.wait({settled, end}, return_when=asyncio.FIRST_COMPLETED)
                hook.cancel()
                child.kill()
                await end
                settled.cancel()
            installation.died()
        async with await installation.begin() as child:
            await ana.hears(PATIENCE, containing=QUESTION)
            await ana.taps("5")
            await ana.hears(PATIENCE, containing="Would you tell others")
            await installation.settled()
            child.kill()
            await child.ended()
        copies = sum(QUESTION in text for text in telegram.ledger.texts(ana.id))
        await installation.verify()
        assert installation.answers(ana) == ["5"]
        return copies


async def test_a_question_whose_receipt_kills_is_sent_twice_at_most(lives, tmp_path):
    """The third life does not send it again: it is `unknown` until the tap proves that it arrived."""
    assert await thrice(lives, tmp_path / "trial") == 2


async def twice_over(lives: Nursery, folder: Path) -> None:
    """Play the happy story with every update given three times."""
    async with FakeTelegram() as telegram:
        installation = Installation(folder, lives, telegram)
        cast = await cast_of(installation, telegram)
        telegram.duplicate_next(100, copies=3)
        async with await installation.begin():
            await HAPPY.play(cast)
            await installation.settled()
        await installation.verify()
        HAPPY.check(cast)


async def test_updates_given_three_times_count_once(lives, tmp_path):
    """A8: the same update in one batch, or again after it was confirmed, changes nothing."""
    await twice_over(lives, tmp_path / "trial")
