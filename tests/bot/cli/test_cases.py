"""`makegood case why`: how severe a case is and what makes it so, and how it came to whoever has it."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.bot.turning import World

ANA, BO = "1", "99"


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Path:
    """A data folder with one case: a rating of 1, and words about the heating."""
    folder: Path = tmp_path_factory.mktemp("why")

    async def live() -> None:
        world = await World.open(folder / "makegood.db")
        try:
            await world.staff("Bo", BO)
            await world.receive(world.wrote(ANA, "/start"))
            await world.receive(world.pressed(ANA, f"1:seed{world.seeds}.0:1"))
            await world.receive(world.wrote(ANA, "I am furious, I was overcharged and want my money back"))
        finally:
            await world.close()

    asyncio.run(live())
    return folder


def typed(makegood, folder: Path, *line: str):
    return makegood("--data", str(folder), "--set", "log.level=error", "case", "why", *line)


def test_it_says_how_severe_the_case_is_and_why(makegood, shop):
    """Somebody who asks why Bo got it asks first what it needed."""
    out = typed(makegood, shop, "1", "--language", "en").out

    head = out.partition("\n\n")[0].splitlines()
    assert head[:2] == ["Severity 3 of 4", "· The skill that it needs: billing"]
    assert "· Rated 1 on a scale from 1 to 5" in head


def test_a_program_reads_both(makegood, shop):
    """What a person reads in sentences, it finds under names."""
    told = json.loads(typed(makegood, shop, "1", "--json", "--language", "en").out)

    assert (told["severity"], told["skill"], told["given"][-1]["name"]) == (3, "billing", "Bo")
    assert told["weighed"][0] == "Severity 3 of 4"


@pytest.mark.parametrize(("language", "said"), [("zh-Hans", "需要的技能"), ("zh-Hant", "需要的技能")])
def test_it_is_said_in_the_language_of_who_asks(makegood, shop, language, said):
    """The command line speaks all that the chat speaks."""
    assert said in typed(makegood, shop, "1", "--language", language).out
