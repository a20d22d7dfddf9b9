"""What recovery is, by Telegram from end to end: a complaint at night that is put right, and one that nobody answers.

The bot as it is installed, against a real server that stands for Telegram. The demo plays the same by web chat.
"""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.app import App
from bot.clock import Clock, DemoClock
from bot.config import load
from bot.demo import crew
from bot.demo.recovery import RUNGS
from bot.demo.world import RECOVERY, working_day
from bot.rungs import TOLD
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.people import Person
from tests.waiting import until_so

TWENTY_TO_ELEVEN = timedelta(hours=12, minutes=40)
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2,}\b")


class Night(NamedTuple):
    app: App
    clock: DemoClock
    people: dict[str, Person]

    async def taps(self, who: str, *labels: str) -> None:
        """One button after the other, each once it is on the screen."""
        person = self.people[who]
        for label in labels:
            await until_so(partial(_offered, person, label))
            await person.taps(label)

    async def hears(self, who: str, words: str) -> str:
        return (await self.people[who].hears(containing=words)).text

    async def says(self, who: str, words: str) -> None:
        await self.people[who].says(words)


def _offered(person: Person, label: str) -> bool:
    return any(shown.button(label) is not None for shown in person.screen())


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    """Twenty to eleven on a working day: Bo and Cleo have the night shift, Dora and Finn sleep."""
    async with FakeTelegram() as telegram:
        settings = [
            f"telegram.token={telegram.token}",
            f"telegram.api_base={telegram.base}",
            "business.name=Corner Shop",
            "delivery.chat_per_s=1000",
            "delivery.chat_burst=100",
            "delivery.edit_delay=0s",
            "backup.every=0s",
            *(f"{name}={value}" for name, value in RECOVERY.items()),
        ]
        clock = DemoClock(working_day(Clock().real()) + TWENTY_TO_ELEVEN // timedelta(milliseconds=1))
        app = App(load(None, folder=tmp_path, settings=settings, environ={}), clock)
        await app.start()
        try:
            await telegram.until_listening()
            names = {**{key: one.name for key, one in crew.CREW.items()}, "ana": crew.ANA, "ivo": crew.IVO}
            links = await app.database.run(lambda unit: crew.hire(unit, names, app.house.zone, clock.now()))
            people = {key: telegram.person(names[key]) for key in links.tokens}
            for key, token in links.tokens.items():
                await people[key].starts(token)
                await people[key].hears()
            yield Night(app, clock, people)
        finally:
            await app.stop()


async def test_a_complaint_at_night_is_put_right(night: Night):
    """What must show, each step: understood, repaired, made up for above authority, redeemed once, asked after."""
    await night.says("ana", "My heating is leaking, and nobody came!")
    await night.taps("ana", "Complain")
    assert "sorry" in await night.hears("ana", "sorry")
    assert "Given to Bo" in await night.hears("bo", "A complaint")
    await night.taps("bo", "Take it", "More …", "Say it back")
    await night.hears("bo", "What did you understand?")
    await night.says("bo", "Your heating leaks since this morning.")
    await night.hears("ana", "Did I understand you rightly?")
    await night.taps("ana", "Not quite")
    await night.hears("ana", "What did I get wrong?")
    await night.says("ana", "Since yesterday, and it drips into the flat below.")
    await night.hears("bo", "corrects what you understood")

    code = await _is_made_up_for(night)
    await night.says("cleo", f"/redeem {code}")
    assert "Redeemed" in await night.hears("cleo", "✓")
    await night.says("cleo", f"/redeem {code}")
    assert "redeemed already" in await night.hears("cleo", "redeemed already")

    await night.taps("bo", "Put right", "Something else")
    await night.says("bo", "An old valve")
    await night.hears("bo", "Noted with case 1")
    night.clock.shift(timedelta(hours=24))
    night.clock.shift(timedelta(hours=10, minutes=30))
    await night.hears("ana", "Was it put right?")
    await night.taps("ana", "Yes", "5")
    await night.hears("ana", "Thank you for telling us")
    await night.people["bo"].sees("Recovered")

    case = await night.app.database.read(lambda unit: unit.cases.by_number(1, 1))
    books = await night.app.database.read(lambda unit: [line.movement for line in unit.ledger.page(1, 0, 10)])
    assert case is not None
    assert (case.outcome, case.stage, case.rating_after, books) == ("recovered", "closed", 5, ["reserved", "spent"])


async def _is_made_up_for(night: Night) -> str:
    """A voucher of fifty, where Bo may give twenty; return its code."""
    await night.says("bo", "/case 1")
    await night.hears("bo", "drips into the flat below")
    await night.taps("bo", "More …", "Offer", "Voucher", "Another amount")
    await night.hears("bo", "How much is it to be?")
    await night.says("bo", "50")
    await night.taps("bo", "Send")
    await night.hears("bo", "write in a sentence why")
    await night.says("bo", "The flat below got wet, too.")
    assert "50.00" in await night.hears("eva", "Your yes is needed")
    await night.taps("eva", "Yes, give it")
    await night.hears("bo", "Agreed by Eva")
    await night.hears("ana", "a voucher worth €50.00")
    await night.taps("ana", "Yes, please")
    code = CODE.search(await night.hears("ana", "Your code"))
    assert code is not None
    return code.group()


async def test_where_nobody_answers_each_rung_is_told_at_its_time(night: Night):
    """The person at three quarters of the hour, the next and the team when it is over, then whoever leads."""
    night.clock.shift(timedelta(hours=11))
    await night.app.scheduler.catch_up()
    await night.says("ivo", "I was charged twice, and nobody answers my calls.")
    await night.taps("ivo", "Complain")
    await night.hears("ivo", "sorry")
    began = night.clock.now()
    for _ in range(24):
        night.clock.shift(timedelta(minutes=5))
        await night.app.scheduler.catch_up()

    def told(unit):
        case = unit.cases.by_number(1, 1)
        return [line for line in unit.history.of(f"case:{case.id}") if line.what == TOLD]

    lines = await night.app.database.read(told)
    climbed = [line.detail.partition(":")[0] for line in lines]
    minutes = [(line.at - began) // 60_000 for line in lines]
    assert climbed == [who for who, _ in RUNGS]
    assert all(abs(at - due) <= 6 for at, due in zip(minutes, (45, 60, 60, 75, 90), strict=True)), minutes
    assert "customer" in await night.hears("max", "Case 1")
