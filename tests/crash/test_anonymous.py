"""An anonymous survey, with deaths: the response is there once, and nothing is left that leads to who gave it.

The turn that ends the conversation keeps the response and removes what led to it, in one commit; what is still to be
sent then is removed when it was sent, by whichever life sends it.
"""

import json
from pathlib import Path

from tests.crash.flows import PATIENCE, WORDS, Cast, Story
from tests.crash.installation import FAST, SURVEY
from tests.crash.test_boundaries import alone, killed, side_by_side, told

CONFIDENTIAL = SURVEY.replace('touchpoint = "service"', 'touchpoint = "service"\nanonymous = true')


async def _confides(cast: Cast) -> None:
    ana = cast.ana
    await ana.starts()
    await ana.hears(PATIENCE, containing="How was your visit?")
    await ana.taps("1")
    await ana.hears(PATIENCE, containing="May one person contact you")
    await ana.taps("No")
    await ana.hears(PATIENCE, containing="What happened?")
    await ana.says(WORDS)
    await ana.hears(PATIENCE, containing="That was the anonymous part")


def kept_once_and_nowhere_else(cast: Cast) -> None:
    """Look into every table for a way from Ana to what she said."""
    house = cast.installation
    [(outcome, said)] = house.read("SELECT outcome, said FROM anonymous_response")
    assert outcome == "complete"
    assert [one["given"]["raw"] for one in json.loads(said)] == ["1", WORDS]
    assert house.read("SELECT anonymous, outcome, closed_at - opened_at, chain FROM conversation") == [
        (1, "apart", 0, "")
    ]
    assert house.read("SELECT COUNT(*) FROM answer") == [(0,)]
    assert house.read("SELECT COUNT(*) FROM recovery_case") == [(0,)]
    assert house.read("SELECT id, purpose, state FROM outbox WHERE chat = ?", str(cast.ana.id)) == []
    assert house.read("SELECT COUNT(*) FROM attempt") == [(0,)]
    assert house.read("SELECT COUNT(*) FROM history WHERE subject LIKE 'conversation:%'") == [(0,)]
    for (table,) in house.read("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'anonymous_response'"):
        for row in house.read(f'SELECT * FROM "{table}"'):
            assert WORDS not in str(row), (table, row)


async def test_a_death_anywhere_neither_loses_the_response_nor_leaves_it_linked(lives, tmp_path: Path):
    """Acknowledged is kept, once; and once the end is committed, no crash brings back whose it was."""
    surveys = tmp_path / "surveys"
    surveys.mkdir()
    (surveys / "visit.toml").write_text(CONFIDENTIAL, encoding="utf-8")
    settings = (*FAST, f"surveys.folder={surveys}")
    story = Story("anonymous", _confides, [], kept_once_and_nowhere_else, settings=settings, forgets=True)
    passed = await alone(lives, tmp_path / "alone", story)
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in range(1, times + 1, 4 if boundary.endswith(".statement") else 1)
    ]

    died = await side_by_side(
        trials, lambda boundary, nth: killed(lives, tmp_path / f"{boundary}-{nth}", story, boundary, nth)
    )

    told(story.name, died)
    assert len(died) >= 0.9 * len(trials)
    assert {boundary for boundary, _ in died} >= {"turn.before_commit", "turn.after_commit", "turn.statement"}
