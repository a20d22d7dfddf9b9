"""Publishing at the start: only what changed, the business's own in the place of ours, nothing when one is broken."""

from pathlib import Path

import pytest

from bot.config import Config
from bot.publishing import library, publish, wanted
from bot.settings.sections import Surveys
from conversations.checking import check
from conversations.problems import SurveyInvalid
from storage.database import Database
from tests import laid

NOW = 1_772_445_600_000
OWN = """format = 1
key = "{key}"
touchpoint = "{touchpoint}"
languages = ["en"]

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was it?"
"""


@pytest.fixture
async def database(tmp_path: Path):
    database = await laid.opened(tmp_path / "surveys.db")
    yield database
    await database.close()


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    (tmp_path / "ours").mkdir()
    return tmp_path / "ours"


def config(folder: Path | None = None, *, shipped: bool = True) -> Config:
    return Config(surveys=Surveys(folder=folder, library=shipped))


def write(folder: Path, key: str, touchpoint: str = "delivery", more: str = "") -> None:
    (folder / f"{key}.toml").write_text(OWN.format(key=key, touchpoint=touchpoint) + more, "utf-8")


async def published(database: Database, settings: Config) -> list[str]:
    files = wanted(settings)
    return await database.run(lambda unit: publish(unit, 1, files, NOW))


async def keys(database: Database) -> dict[str, int]:
    return await database.read(lambda unit: {version.key: version.number for version in unit.surveys.published(1)})


def test_what_we_ship_passes_the_full_check():
    """At a start only the business's own files are checked in full; ours are checked here."""
    assert [problem for file in library() for problem in check(file.source, file.name)] == []


async def test_a_second_start_publishes_nothing(database):
    """Else every restart would make a version, and reports would fall apart."""
    assert len(await published(database, config())) == len(library())
    assert await published(database, config()) == []


async def test_a_changed_file_is_the_next_version(database, ours):
    """Conversations under way stay with theirs."""
    write(ours, "mine")
    await published(database, config(ours))
    write(ours, "mine", more="optional = true\n")
    changed = await published(database, config(ours))

    assert changed == ["mine"]
    assert (await keys(database))["mine"] == 2


async def test_ones_own_survey_takes_the_place_of_ours(database, ours):
    """By its key, or because it asks about the same touchpoint; taken away, ours is back."""
    await published(database, config())
    write(ours, "mine", "delivery")
    await published(database, config(ours))
    with_own = await keys(database)
    (ours / "mine.toml").unlink()
    await published(database, config(ours))

    assert "after_delivery" not in with_own
    assert with_own["mine"] == 1
    assert set(await keys(database)) == {file.survey.key for file in library()}


async def test_a_broken_survey_publishes_nothing(database, ours):
    """Half a publication would ask with old and new at once."""
    write(ours, "good", "a_visit")
    write(ours, "mine", more='[[question.branch]]\nwhen = "satisfaction <= nowhere"\nto = "end"\n')

    with pytest.raises(SurveyInvalid, match=r"mine\.toml:\d+"):
        await published(database, config(ours))
    assert await keys(database) == {}


async def test_two_files_of_one_key_are_refused(ours):
    """Which of them is asked would depend on the alphabet."""
    write(ours, "mine")
    (ours / "other.toml").write_text((ours / "mine.toml").read_text("utf-8"), "utf-8")

    with pytest.raises(SurveyInvalid, match="already that of"):
        wanted(config(ours))


async def test_ours_can_be_left_out(database, ours):
    """A business with its own questions wants no others in its lists."""
    write(ours, "mine")
    await published(database, config(ours, shipped=False))

    assert set(await keys(database)) == {"mine"}
