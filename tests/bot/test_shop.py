"""A shop that has no order system, through a whole day and the next: everything by Telegram, nothing by hand.

`/done`, the code, the tap, the unhappy answer with a photo, the case, the follow-up, the figures: the bot as it is
installed, against a real server that stands for Telegram.
"""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.app import App
from bot.clock import Clock, DemoClock
from bot.config import load
from bot.demo.world import working_day
from bot.links import make_link
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.people import Person

LINK = re.compile(r"https://t\.me/\w+\?start=([A-Za-z0-9_-]{16,64})")


class Shop(NamedTuple):
    app: App
    telegram: FakeTelegram
    bo: Person
    ana: Person


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The corner shop at ten on a working day. Bo works there; Ana comes in."""
    async with FakeTelegram() as telegram:
        settings = [
            f"telegram.token={telegram.token}",
            f"telegram.api_base={telegram.base}",
            "business.name=Corner Shop",
            "delivery.chat_per_s=1000",
            "delivery.chat_burst=100",
            "delivery.edit_delay=0s",
            "reports.fewest=1",
            "backup.every=0s",
        ]
        app = App(load(None, folder=tmp_path, settings=settings, environ={}), DemoClock(working_day(Clock().real())))
        await app.start()
        try:
            await telegram.until_listening()
            await telegram.ledger.wait("getMe")
            yield Shop(app, telegram, telegram.person("Bo"), telegram.person("Ana", language_code="zh-hans"))
        finally:
            await app.stop()


async def works_here(shop: Shop) -> None:
    """Bo opens the invitation that the owner gave him."""
    now = shop.app.clock.now()

    def invited(unit):
        member = unit.staff.add(1, "Bo", "staff,supervisor", "en", now)
        return make_link(unit, 1, "staff", now, staff_member_id=member.id)

    made = await shop.app.database.run(invited)
    await shop.bo.starts(made.token)
    await shop.bo.hears(containing="Welcome, Bo!")


async def served(shop: Shop, words: str) -> str:
    """Bo records whom he served and holds out the code; return the link's token."""
    await shop.bo.says(f"/done {words}")
    handed = await shop.bo.hears(containing="Let them scan the code")
    found = LINK.search(handed.text)

    assert found is not None
    assert "photo" in handed.raw
    return found.group(1)


async def test_a_shop_without_a_system_closes_the_loop(shop):
    """What must show: `/done`, QR, tap, answer, escalation, follow-up, figures."""
    app, _, bo, ana = shop
    await works_here(shop)

    await ana.starts(await served(shop, "Ana, a new battery"))
    await ana.hears(containing="Corner Shop")
    await ana.taps("2")
    await ana.hears(containing="抱歉")
    await bo.hears(containing="Rated 2 of 5")
    await ana.sends("photo", caption="电池又坏了")
    relayed = await bo.hears(containing="电池又坏了")
    assert "photo" in relayed.raw

    await bo.taps("Take it")
    await bo.replies(relayed, "I have a new one here for you, free of charge. So sorry!")
    await ana.hears(containing="free of charge")
    await bo.taps("Put right")
    await bo.hears(containing="I will ask the customer")
    await bo.taps("Something else", await bo.hears(containing="Why did it go wrong?"))
    await bo.hears(containing="What was it, in a few words?")
    await bo.says("A bad batch")
    await bo.hears(containing="Noted with case 1")

    app.clock.shift(timedelta(hours=24, minutes=1))
    await ana.hears(containing="解决")
    await ana.taps("是")
    await ana.hears(containing="满意")
    await ana.taps("5")
    await ana.hears(containing="谢谢您告诉我们")
    await bo.sees("Recovered: the customer says")

    await bo.says("/report")
    report = await bo.hears(containing="answers: 1")

    assert "photo" in report.raw
    assert "Put right: 100%" in report.text
