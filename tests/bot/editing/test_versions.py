"""Publishing, going back, putting aside: what is asked with changes, what was asked with never does."""

from pathlib import Path

import pytest

from bot import publishing
from bot.editing import drafts, versions
from bot.editing.drafts import Saved
from bot.editing.versions import Changed, Needed, NoSuchVersion, Published
from bot.publishing import library
from conversations.problems import SurveyInvalid
from storage.database import Database
from tests import laid

NOW = 1_772_445_600_000
KEY = "csat_reason"
ASKS = "What happened? A few words are enough."


@pytest.fixture
async def database(tmp_path: Path):
    database = await laid.opened(tmp_path / "versions.db")
    await start(database)
    yield database
    await database.close()


async def start(database: Database, files: list[publishing.SurveyFile] | None = None) -> None:
    """What every start of makegood does with the survey files that it finds."""
    found = library() if files is None else files
    await database.run(lambda unit: publishing.publish(unit, 1, found, NOW))


async def written(database: Database, old: str, new: str) -> Saved:
    """The draft after one change."""

    def work(unit):
        begun = drafts.opened(unit, 1, KEY, "staff:1", NOW)
        assert old in begun.row.source
        return drafts.saved(unit, 1, KEY, begun.row.revision, begun.row.source.replace(old, new), "staff:1", "", NOW)

    after = await database.run(work)
    assert isinstance(after, Saved)
    return after


async def published(database: Database, draft: Saved) -> Published:
    return await database.run(lambda unit: versions.published(unit, 1, KEY, draft.row.revision, "staff:1", NOW))


async def asked(database: Database) -> tuple[int, bool]:
    """Number of the version that is asked with, and whether it is worded as it was first."""
    version = await database.read(lambda unit: unit.surveys.by_key(1, KEY))
    assert version is not None
    return version.number, ASKS in version.source


async def test_a_draft_becomes_the_next_version(database: Database):
    """It says what it changed, and nothing is being written any more."""
    done = await published(database, await written(database, ASKS, "What went wrong?"))

    assert (done.version.number, done.version.origin) == (2, "editor")
    assert [(each.question, each.after) for each in done.differences] == [("what_happened", "What went wrong?")]
    assert await database.read(lambda unit: unit.drafts.newest(1, KEY)) is None


async def test_a_draft_that_was_saved_again_is_not_published(database: Database):
    """Nobody publishes what they have not seen."""
    seen = await written(database, ASKS, "What went wrong?")
    await written(database, "What went wrong?", "Hm?")
    with pytest.raises(Changed):
        await published(database, seen)

    assert await asked(database) == (1, True)


async def test_a_broken_draft_is_refused_with_every_fault(database: Database):
    """And stays, to be mended."""
    broken = await written(database, 'to = "what_happened"', 'to = "nowhere"')
    with pytest.raises(SurveyInvalid) as refused:
        await published(database, broken)

    assert "nowhere" in str(refused.value)
    assert await asked(database) == (1, True)
    assert await database.read(lambda unit: unit.drafts.newest(1, KEY)) is not None


async def test_a_draft_cannot_become_another_survey(database: Database):
    """Its answers would go on under another name."""
    with pytest.raises(SurveyInvalid, match="never changes"):
        await published(database, await written(database, f'key = "{KEY}"', 'key = "other"'))


async def test_going_back_is_a_new_version_with_the_old_text(database: Database):
    """History says from where it came."""
    await published(database, await written(database, ASKS, "What went wrong?"))
    back = await database.run(lambda unit: versions.rolled_back(unit, 1, KEY, 1, "staff:2", NOW))
    lines = await database.read(lambda unit: unit.history.of(f"survey:{KEY}"))

    assert await asked(database) == (3, True)
    assert [each.after for each in back.differences] == [ASKS]
    assert [(line.actor, line.what, line.detail) for line in lines] == [
        ("staff:1", "SurveyPublished", "2"),
        ("staff:2", "SurveyRolledBack:1", "3"),
    ]


async def test_a_version_that_never_was_cannot_be_gone_back_to(database: Database):
    """It says which ones there are not."""
    with pytest.raises(NoSuchVersion):
        await database.run(lambda unit: versions.rolled_back(unit, 1, KEY, 7, "staff:1", NOW))


async def test_what_an_editor_published_outlives_a_restart(database: Database):
    """The file that we ship is older than they are."""
    await published(database, await written(database, ASKS, "What went wrong?"))
    await start(database)

    assert await asked(database) == (2, False)


async def test_what_an_editor_put_aside_stays_aside(database: Database):
    """Until they publish it again."""
    await database.run(lambda unit: versions.retired(unit, 1, KEY, "staff:1", NOW))
    await start(database)
    assert await database.read(lambda unit: unit.surveys.by_key(1, KEY)) is None

    await database.run(lambda unit: versions.rolled_back(unit, 1, KEY, 1, "staff:1", NOW))
    assert (await asked(database))[1]


async def test_a_changed_file_of_the_business_counts_again(database: Database):
    """Whoever changes the file after an editor means it."""
    mine = next(file for file in library() if file.survey.key == KEY)
    own = publishing.SurveyFile("own.toml", mine.source + "\n# ours\n", mine.survey, "folder")
    await start(database, [own])
    await published(database, await written(database, ASKS, "What went wrong?"))
    await start(database, [own])
    assert (await asked(database))[1] is False

    newer = publishing.SurveyFile("own.toml", mine.source + "\n# ours, changed\n", mine.survey, "folder")
    await start(database, [newer])
    assert (await asked(database))[1] is True


async def test_the_follow_up_cannot_be_put_aside(database: Database):
    """Every unhappy customer is asked with it."""
    with pytest.raises(Needed):
        await database.run(lambda unit: versions.retired(unit, 1, "follow_up", "staff:1", NOW))


async def test_a_preview_names_what_breaks(database: Database):
    """Before anything is published."""
    await written(database, 'kind = "csat"', 'kind = "csat"\nscale = [1, 7]')
    preview = await database.read(lambda unit: versions.previewed(unit, 1, KEY))

    assert [each.what.sentence for each in preview.differences if each.breaks] == ["Another scale"]
    assert not preview.refused


async def test_a_preview_says_when_somebody_published_meanwhile(database: Database):
    """The draft began from version 1, and version 2 is asked with: publishing would take its changes back."""
    await written(database, ASKS, "What went wrong?")
    assert (await database.read(lambda unit: versions.previewed(unit, 1, KEY))).behind is None

    await database.run(lambda unit: versions.rolled_back(unit, 1, KEY, 1, "staff:2", NOW))
    mine = next(file for file in library() if file.survey.key == KEY)
    other = mine.source.replace(ASKS, "Pardon?")
    await database.run(
        lambda unit: unit.surveys.publish(1, KEY, other, publishing.digest_of(other), "service", "editor", NOW)
    )
    preview = await database.read(lambda unit: versions.previewed(unit, 1, KEY))

    assert preview.behind == 2
    assert [(each.before, each.after) for each in preview.differences] == [("Pardon?", "What went wrong?")]


async def test_a_preview_names_whom_it_replaces(database: Database):
    """Only one survey is asked at a touchpoint."""
    await written(database, 'touchpoint = "service"', 'touchpoint = "delivery"')
    preview = await database.read(lambda unit: versions.previewed(unit, 1, KEY))

    assert "after_delivery" in preview.replaces
