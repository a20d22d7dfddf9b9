"""Drafts: two editors lose nothing, and every step can be taken back and taken again."""

from pathlib import Path

import pytest

from bot.editing import drafts, versions
from bot.editing.drafts import Behind, NoDraft, NothingPublished, Saved
from bot.publishing import EDITOR, digest_of
from storage.database import Database
from tests import laid

NOW = 1_772_445_600_000
SOURCE = """format = 1
key = "visit"
touchpoint = "service"
languages = ["en"]

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was it?"
"""


@pytest.fixture
async def database(tmp_path: Path):
    database = await laid.opened(tmp_path / "drafts.db")
    await database.run(lambda unit: unit.surveys.publish(1, "visit", SOURCE, digest_of(SOURCE), "service", EDITOR, NOW))
    yield database
    await database.close()


async def opened(database: Database, actor: str = "staff:1") -> Saved:
    return await database.run(lambda unit: drafts.opened(unit, 1, "visit", actor, NOW))


async def saved(database: Database, base: int, source: str, actor: str = "staff:1") -> Saved | Behind:
    return await database.run(lambda unit: drafts.saved(unit, 1, "visit", base, source, actor, "typed", NOW))


async def shown(database: Database, step: str) -> str | None:
    """The question's text after an undo or a redo; None when there was nothing to take."""
    take = drafts.undone if step == "undo" else drafts.redone
    after = await database.run(lambda unit: take(unit, 1, "visit", "staff:1", NOW))
    return None if after is None else asked(after)


def asked(found: Saved) -> str:
    assert found.survey is not None
    return found.survey.questions[0].text["en"]


def asking(words: str) -> str:
    return SOURCE.replace("How was it?", words)


async def test_a_draft_begins_from_what_is_published(database: Database):
    """And whoever opens it next sees the same one."""
    first, second = await opened(database), await opened(database, "staff:2")

    assert first.row == second.row
    assert (first.row.revision, first.row.based_on, first.row.source) == (1, 1, SOURCE)


async def test_nothing_published_cannot_be_opened(database: Database):
    """It says which key was meant."""
    with pytest.raises(NothingPublished) as refused:
        await database.run(lambda unit: drafts.opened(unit, 1, "stay", "staff:1", NOW))

    assert refused.value.key == "stay"


async def test_a_draft_that_nobody_began_cannot_be_saved(database: Database):
    """A page that was left open after publishing must not begin a draft by itself."""
    with pytest.raises(NoDraft):
        await saved(database, 1, asking("And now?"))


async def test_who_saves_second_changes_nothing_and_sees_what_the_first_did(database: Database):
    """Their own words are still in their page; the other's are not lost."""
    begun = await opened(database)
    await saved(database, begun.row.revision, asking("How were we?"), "staff:1")
    late = await saved(database, begun.row.revision, asking("Happy?"), "staff:2")

    assert isinstance(late, Behind)
    assert asked(late.newest) == "How were we?"
    assert [(each.question, each.before, each.after) for each in late.changed] == [
        ("satisfaction", "How was it?", "How were we?")
    ]
    assert asked(await opened(database)) == "How were we?"


async def test_the_same_text_again_is_no_revision(database: Database):
    """An editor that saves by itself saves often."""
    begun = await opened(database)
    again = await saved(database, begun.row.revision, SOURCE)

    assert isinstance(again, Saved)
    assert again.row.revision == begun.row.revision


async def test_what_cannot_be_read_is_kept_all_the_same(database: Database):
    """Half a sentence is saved, too; it says what is wrong and where."""
    begun = await opened(database)
    half = await saved(database, begun.row.revision, SOURCE + "\n[[question]]\nkey = ")

    assert isinstance(half, Saved)
    assert half.problems
    assert (await opened(database)).row.source.endswith("key = ")


async def test_every_step_is_taken_back_and_taken_again(database: Database):
    """In order, down to how it began, and up again."""
    begun = await opened(database)
    one = await saved(database, begun.row.revision, asking("One?"))
    assert isinstance(one, Saved)
    await saved(database, one.row.revision, asking("Two?"))

    assert [await shown(database, "undo") for _ in range(3)] == ["One?", "How was it?", None]
    assert [await shown(database, "redo") for _ in range(3)] == ["One?", "Two?", None]


async def test_a_file_does_not_push_a_draft_aside(database: Database):
    """Somebody is writing it: what they have is shown, and nothing is lost."""
    begun = await opened(database)
    await saved(database, begun.row.revision, asking("One?"))
    sent = await database.run(
        lambda unit: drafts.begun(unit, 1, "visit", asking("From a file?"), "staff:2", "visit.toml", NOW)
    )

    assert isinstance(sent, Behind)
    assert asked(sent.newest) == "One?"
    assert [(each.before, each.after) for each in sent.changed] == [("One?", "From a file?")]


async def test_looking_at_a_survey_begins_no_draft(database: Database):
    """Its text is at hand as revision 0, and the first save begins the draft by itself, to be undone as well."""
    at_hand = await database.run(lambda unit: drafts.at_hand(unit, 1, "visit"))
    assert (at_hand.revision, at_hand.source) == (drafts.NOT_BEGUN, SOURCE)
    assert await database.run(lambda unit: unit.drafts.newest(1, "visit")) is None

    await saved(database, drafts.NOT_BEGUN, asking("One?"))
    assert await shown(database, "undo") == "How was it?"


async def test_two_who_begin_at_once_lose_nothing(database: Database):
    """The second to save learns what the first made of what is published."""
    await saved(database, drafts.NOT_BEGUN, asking("One?"))
    late = await saved(database, drafts.NOT_BEGUN, asking("Two?"), "staff:2")

    assert isinstance(late, Behind)
    assert [(each.before, each.after) for each in late.changed] == [("How was it?", "One?")]


async def test_a_draft_thrown_away_comes_back_with_its_steps(database: Database):
    """The last one, for as long as nobody begins another."""
    first = await opened(database)
    await saved(database, first.row.revision, asking("How did you like it?"))
    await database.run(lambda unit: drafts.thrown_away(unit, 1, "visit", NOW + 1))
    back = await database.run(lambda unit: drafts.brought_back(unit, 1, "visit"))
    again = await database.run(lambda unit: drafts.brought_back(unit, 1, "visit"))

    assert back is not None
    assert (asked(back), again) == ("How did you like it?", None)
    assert await shown(database, "undo") == "How was it?"


async def test_a_draft_that_was_published_is_not_brought_back(database: Database):
    """It is a version now; and a draft that was never thrown away is no draft thrown away."""
    nothing = await database.run(lambda unit: drafts.thrown(unit, 1, "visit"))
    first = await opened(database)
    later = await saved(database, first.row.revision, asking("How did you like it?"))
    assert isinstance(later, Saved)
    revision = later.row.revision
    await database.run(lambda unit: versions.published(unit, 1, "visit", revision, "staff:1", NOW + 1))

    assert nothing is None
    assert await database.run(lambda unit: drafts.thrown(unit, 1, "visit")) is None
