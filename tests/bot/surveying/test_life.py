"""The whole life of a survey from a telephone, against a real server that stands for Telegram.

Begun, written in three languages, branched, tried, mended, published, asked of a customer, changed while they answer,
published again, rolled back, retired; sent as a file and taken back in.
"""

import re
from collections.abc import AsyncIterator
from functools import partial
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
from tests.waiting import until, until_so

TOKEN = re.compile(r"start=(\S+)")


class Shop(NamedTuple):
    app: App
    telegram: FakeTelegram
    eva: Person

    async def does(self, *labels: str) -> None:
        """Tap one button after the other, each once it is on the screen."""
        for label in labels:
            await until_so(partial(_offered, self.eva, label))
            await self.eva.taps(label)

    async def says(self, *texts: str) -> None:
        for text in texts:
            await self.eva.says(text)

    async def sees(self, text: str) -> str:
        return (await self.eva.sees(text)).text

    async def serves(self, name: str) -> Person:
        """Record that somebody was served; return them, as they have opened their link."""
        await self.eva.says(f"/done {name}")
        handed = await self.eva.hears(containing=f"✓ {name}")
        found = TOKEN.search(handed.text)
        assert found is not None
        customer = self.telegram.person(name)
        await customer.starts(found[1])
        return customer


def _offered(person: Person, label: str) -> bool:
    return any(shown.button(label) is not None for shown in person.screen())


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with FakeTelegram() as telegram:
        settings = [
            f"telegram.token={telegram.token}",
            f"telegram.api_base={telegram.base}",
            "delivery.chat_per_s=1000",
            "delivery.chat_burst=200",
            "delivery.edit_delay=0s",
            "backup.every=0s",
        ]
        clock = DemoClock(working_day(Clock().real()))
        app = App(load(None, folder=tmp_path, settings=settings, environ={}), clock)
        await app.start()
        try:
            await telegram.until_listening()

            def hire(unit):
                member = unit.staff.add(1, "Eva", "staff,editor", "en", clock.now())
                return make_link(unit, 1, "staff", clock.now(), staff_member_id=member.id).token

            eva = telegram.person("Eva")
            await eva.starts(await app.database.run(hire))
            await eva.hears()
            yield Shop(app, telegram, eva)
        finally:
            await app.stop()


async def _written(shop: Shop) -> None:
    """Write a survey of three questions in three languages, with a branch and a mistake in it."""
    await shop.says("/surveys")
    await shop.does("＋ New survey", "Blank")
    await shop.sees("What shall the survey be called?")
    await shop.says("After a repair")
    await shop.does("＋ Question", "satisfaction")
    await shop.sees("Send me its text")
    await shop.says("How satisfied are you with the repair?")
    await shop.does("＋ Question after it", "own words")
    await shop.sees("Send me its text")
    await shop.says("What went wrong?")
    await shop.does("‹ The survey", "Languages", "＋ Language", "简体中文")
    for number, text in enumerate(("维修之后", "您对维修满意吗？", "哪里没做好？")):
        await shop.sees(f"{3 - number} still to translate.")
        await shop.says(text)
    await shop.sees("✓ Nothing is missing any more.")
    await shop.does("Languages", "＋ Language", "繁體中文")
    for number, text in enumerate(("維修之後", "您對維修滿意嗎？", "哪裡沒做好？")):
        await shop.sees(f"{3 - number} still to translate.")
        await shop.says(text)
    await shop.sees("✓ Nothing is missing any more.")


async def _branched(shop: Shop) -> None:
    await shop.does("1", "Branches", "＋ Branch", "1. How satisfied are you with the re…", "at least", "4")
    await shop.does("That is all", "To the end")
    await shop.sees("└ the answer is 4 or more → the end")
    await shop.does("‹ Question 1", "‹ The survey", "Settings", "Unhappy", "Choose a condition", "Type it")
    await shop.sees("Send me the condition")
    await shop.says("satisfied <= 2")
    await shop.sees('Did you mean "satisfaction"?')
    await shop.says("satisfaction <= 2")
    await shop.sees("Unhappy: satisfaction is 2 or less")
    await shop.does("Touchpoint")
    await shop.sees("Which kind of service it asks about.")
    await shop.says("service")
    await shop.sees("Touchpoint: service")


async def _tried(shop: Shop) -> None:
    """Be asked as a customer is; nothing of it is kept."""
    before = await shop.app.database.read(_counted)
    await shop.does("‹ The survey", "Try it", "English", "2")
    await shop.sees("The apology goes at once, a case is opened, and staff hear of it.")
    await shop.says("It broke again.")
    await shop.does("Let 24 hours pass", "Let 24 hours pass")
    await shop.sees("Was it put right?")
    await shop.does("Stop trying")

    assert await shop.app.database.read(_counted) == before


def _counted(unit):
    return [unit.one(f"SELECT COUNT(*) FROM {table}")[0] for table in ("answer", "conversation", "recovery_case")]


async def test_the_whole_life_of_a_survey_from_a_telephone(shop: Shop):
    await _written(shop)
    await _branched(shop)
    await _tried(shop)
    await shop.does("Publish …")
    assert "⚠ csat_reason is asked at the same touchpoint" in await shop.sees("It is asked for the first time")
    await shop.does("Publish now")
    await shop.sees("✓ Version 1 is asked from now on.")

    ana = await shop.serves("Ana")
    await ana.hears(containing="How satisfied are you with the repair?")
    await shop.does("2", "Words", "Question text", "English")
    await shop.sees("Now it reads:")
    await shop.says("What should we have done better?")
    await shop.does("‹ The survey", "Publish …")
    assert "What went wrong? → What should we have done better?" in await shop.sees("what publishing changes")
    await shop.does("Publish now")
    await shop.sees("✓ Version 2 is asked from now on.")
    await ana.taps("3")
    await ana.hears(containing="What went wrong?")  # she began with version 1

    ben = await shop.serves("Ben")
    await ben.hears(containing="How satisfied are you with the repair?")
    await ben.taps("3")
    await ben.hears(containing="What should we have done better?")
    await shop.does("More …", "Versions", "Roll back to 1")
    await shop.sees("✓ Version 3 is asked from now on.")
    cleo = await shop.serves("Cleo")
    await cleo.hears(containing="How satisfied are you with the repair?")
    await cleo.taps("3")
    await cleo.hears(containing="What went wrong?")

    await shop.does("More …", "Retire …", "Yes, retire it")
    await shop.sees("✓ Retired. Nobody is asked with it any more.")
    dan = await shop.serves("Dan")
    heard = await dan.hears(containing="How satisfied")
    assert "repair" not in heard.text


async def test_a_survey_goes_out_as_a_file_and_comes_back_changed(shop: Shop):
    """Whoever likes a real keyboard better takes it there and back."""
    await shop.says("/surveys")
    await shop.does("After a delivery", "More …", "Export")
    sent = await shop.eva.hears(containing="as a file")
    document = sent.raw["document"]
    source = shop.telegram.world.files[str(document["file_id"])].decode()
    changed = source.replace("What could have gone better?", "What shall we do better?")
    await shop.eva.sends("document", content=changed.encode(), named="after_delivery.toml")
    tree = await shop.sees("✓ after_delivery.toml is a draft now.")

    assert document["file_name"] == "after_delivery.toml"
    assert source.startswith("# After a delivery.")
    assert "What could have gone better? → What shall we do better?" in tree
    assert "2. What shall we do better?" in tree


async def test_a_broken_file_is_answered_with_its_line_and_how_to_mend_it(shop: Shop):
    """The person reads it on a telephone, in their language; what was there stays."""
    await shop.says("/language zh-Hans")
    await shop.eva.hears(containing="好的")
    await shop.eva.sends("document", content=b'format = 1\nkey = "x\n', named="x.toml")
    told = await shop.sees("x.toml无法成为问卷")

    assert "第2行：" in told
    assert await shop.app.database.read(lambda unit: unit.drafts.open(1)) == []


DEFINITION = b"""{"title": {"default": "Visit"}, "pages": [{"name": "p", "elements": [
 {"type": "rating", "name": "kind", "title": "Were we kind?", "rateMin": 1, "rateMax": 5},
 {"type": "comment", "name": "why", "title": "Why?", "visibleIf": "{kind} < 3"},
 {"type": "signaturepad", "name": "sign", "title": "Sign here"}]}]}"""


async def test_a_definition_of_another_program_becomes_a_draft_and_says_what_is_other(shop: Shop):
    await shop.eva.sends("document", content=DEFINITION, named="visit.json")
    tree = await shop.sees("✓ visit.json is a draft now.")

    assert "Not as it was there:" in tree
    assert "Were we kind?" in tree
    row = await until(lambda: shop.app.database.read(lambda unit: next(iter(unit.drafts.open(1)), None)))
    assert row.actor == "staff:1"
    media = await shop.app.database.read(lambda unit: unit.media.get(1))
    assert media is not None
    assert (media.state, media.path, media.name) == ("erased", None, None)
