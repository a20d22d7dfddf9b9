"""Checking a survey before the unit of work: on the database's thread every customer's turn waits for it."""

from pathlib import Path

import pytest

from bot.editing import drafts, versions
from bot.editing.checked import ahead, checked
from bot.publishing import EDITOR, digest_of
from conversations.problems import SurveyInvalid
from storage.database import Database
from tests import laid
from tests.bot.console.office import opened
from tests.bot.console.test_survey_pages import PAGE, VISIT, drafted, editor
from tests.bot.editing.sources import SURVEY

NOW = 1_772_445_600_000


@pytest.fixture
async def database(tmp_path: Path):
    checked.cache_clear()
    database = await laid.opened(tmp_path / "checked.db")
    await database.run(lambda unit: unit.surveys.publish(1, "visit", SURVEY, digest_of(SURVEY), "service", EDITOR, NOW))
    yield database
    await database.close()


def worked_out() -> int:
    """How many texts were checked so far, and not only looked up."""
    return checked.cache_info().misses


async def test_what_was_checked_ahead_is_not_checked_in_the_unit(database: Database):
    """The preview, and publishing after it."""
    changed = SURVEY.replace("First?", "How was it?")
    await database.run(lambda unit: drafts.begun(unit, 1, "visit", changed, "staff:1", "", NOW))
    await ahead(database, 1, "visit")
    before = worked_out()
    preview = await database.read(lambda unit: versions.previewed(unit, 1, "visit"))
    done = await database.run(lambda unit: versions.published(unit, 1, "visit", preview.revision, "staff:1", NOW + 1))

    assert (before, worked_out()) == (1, 1)
    assert done.version.number == 2


async def test_a_version_is_checked_ahead_before_it_comes_back(database: Database):
    """What was accepted years ago may be refused by now."""
    await ahead(database, 1, "visit", 1)
    before = worked_out()
    await database.run(lambda unit: versions.rolled_back(unit, 1, "visit", 1, "staff:1", NOW + 1))

    assert (before, worked_out()) == (1, 1)


async def test_a_version_that_is_refused_by_now_does_not_come_back(database: Database):
    broken = SURVEY.replace('kind = "csat"', 'kind = "smiles"')
    await database.run(
        lambda unit: unit.surveys.publish(1, "visit", broken, digest_of(broken), "service", EDITOR, NOW + 1)
    )
    await database.run(
        lambda unit: unit.surveys.publish(1, "visit", SURVEY, digest_of(SURVEY), "service", EDITOR, NOW + 2)
    )

    with pytest.raises(SurveyInvalid):
        await database.run(lambda unit: versions.rolled_back(unit, 1, "visit", 2, "staff:1", NOW + 3))


async def test_there_may_be_nothing_to_check(database: Database):
    await ahead(database, 1, "visit")
    await ahead(database, 1, "visit", 9)

    assert worked_out() == 0


async def test_a_draft_that_was_saved_after_the_check_is_not_published(database: Database):
    """The unit sees that it is not the one that was looked at."""
    await database.run(lambda unit: drafts.begun(unit, 1, "visit", SURVEY + "\n# One\n", "staff:1", "", NOW))
    await ahead(database, 1, "visit")
    await database.run(lambda unit: drafts.saved(unit, 1, "visit", 1, SURVEY + "\n# Two\n", "staff:2", "", NOW))

    with pytest.raises(versions.Changed):
        await database.run(lambda unit: versions.published(unit, 1, "visit", 1, "staff:1", NOW + 1))


async def test_the_console_checks_a_draft_once(tmp_path: Path):
    """Its page, and publishing from it."""
    async with opened(tmp_path) as office:
        browser = await editor(office)
        revision = await drafted(office, VISIT + "\n# Nobody looked at this before.\n")
        before = worked_out()
        await browser.get(PAGE)
        await browser.post(f"{PAGE}/publish", revision=str(revision))

        assert worked_out() - before == 1
        assert await office.rows("SELECT number FROM survey_version WHERE key = 'visit'") == [(1,)]
