"""A survey edited and published in the chat, with deaths: each change is made once, and each version is one.

Lin changes a text, sends a file, and publishes; the process dies wherever it passes. Where she was stands in the
database, so that the second life goes on where the first one ended.
"""

from pathlib import Path
from typing import Final

from tests.crash.flows import PATIENCE, Cast, Story, sees_button
from tests.crash.installation import SURVEY
from tests.crash.test_boundaries import alone, killed, side_by_side, told

KINDER: Final = "How did you like it here?"
FILED: Final = SURVEY.replace("What should we know?", "What else should we know?").lstrip()


async def _publishes(cast: Cast) -> None:
    lin, ana = cast.lin, cast.ana
    await lin.says("/surveys visit")
    await lin.sees("How was your visit?", PATIENCE)
    for label in ("1", "Words", "Question text"):
        await sees_button(lin, label)
        await lin.taps(label)
    await lin.sees("Send me the new text.", PATIENCE)
    await lin.says(KINDER)
    await lin.sees("✓ Kept.", PATIENCE)
    await lin.sends("document", content=FILED.encode(), named="visit.toml")
    await lin.sees("✓ visit.toml is a draft now.", PATIENCE)
    await sees_button(lin, "↶ Undo")
    await lin.taps("↶ Undo")
    await lin.sees("✓ Undone.", PATIENCE)
    await sees_button(lin, "Publish …")
    await lin.taps("Publish …")
    await sees_button(lin, "Publish now")
    await lin.taps("Publish now")
    await lin.sees("✓ Version 2 is asked from now on.", PATIENCE)
    await ana.starts()
    await ana.hears(PATIENCE, containing=KINDER)


def _once(cast: Cast) -> None:
    """Begun, changed, replaced by the file, undone: four revisions; published once; the file's bytes are nowhere."""
    house = cast.installation
    revisions = house.read("SELECT revision, shows, ended_at IS NOT NULL FROM draft ORDER BY revision")
    assert revisions == [(1, None, 1), (2, None, 1), (3, None, 1), (4, 2, 1)]
    versions = house.read("SELECT number, retired_at IS NULL FROM survey_version WHERE key = 'visit' ORDER BY number")
    assert versions == [(1, 0), (2, 1)]
    assert house.read("SELECT COUNT(*) FROM history WHERE what = 'SurveyPublished'") == [(1,)]
    assert house.read("SELECT state, path, name FROM media") == [("erased", None, None)]
    assert [path for path in (house.folder / "media").rglob("*") if path.is_file()] == []


PUBLISHED: Final = Story("published", _publishes, [], _once, roles="staff,editor")


async def test_a_death_anywhere_changes_nothing_twice(lives, tmp_path: Path):
    """Neither a change lost nor made twice, nor a version published twice, nor a customer asked with the old one."""
    passed = await alone(lives, tmp_path / "alone", PUBLISHED)
    assert {"want.after_commit", "keep.before_commit", "turn.before_commit", "turn.after_commit"} <= set(passed)
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in range(1, times + 1, 2 if boundary.startswith("turn.") else 4)
        if boundary.partition(".")[0] in ("want", "keep", "turn", "send", "record") and boundary != "turn.statement"
    ]

    died = await side_by_side(
        trials, lambda boundary, nth: killed(lives, tmp_path / f"{boundary}-{nth}", PUBLISHED, boundary, nth)
    )

    told(PUBLISHED.name, died)
    assert len(died) >= 0.9 * len(trials)
