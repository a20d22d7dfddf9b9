"""An experiment and deaths: whoever was given a side keeps it, and is asked by it, though the bot died in between."""

from pathlib import Path

import pytest

from tests.crash.flows import PATIENCE, Cast, Story
from tests.crash.installation import FAST
from tests.crash.test_boundaries import alone, killed, passings, side_by_side, told

SURVEY = """
format = 1
key = "visit"
touchpoint = "service"
languages = ["en"]
remind = []
thanks.en = "That was all."
experiment.key = "in_other_words"

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "Side a: how was it?"

[[variant]]
key = "b"
share = 0.5
question.satisfaction.text.en = "Side b: how was it?"
"""


async def comes_twice(cast: Cast) -> None:
    """Ana answers, comes back and answers again."""
    ana = cast.ana
    for rating in ("5", "4"):
        await ana.starts()
        await ana.hears(PATIENCE, containing="how was it?")
        await ana.taps(rating)
        await ana.hears(PATIENCE, containing="That was all.")


def on_one_side(cast: Cast) -> None:
    house = cast.installation
    [[side, talks]] = house.read("SELECT variant, COUNT(*) FROM conversation GROUP BY variant")
    assert side in ("a", "b")
    assert talks == 2
    side_of = "substr(payload, instr(payload, 'Side '), 6)"
    asked = house.read(f"SELECT DISTINCT {side_of} FROM outbox WHERE payload LIKE '%how was%'")
    assert asked == [(f"Side {side}",)]
    assert house.read("SELECT COUNT(*) FROM fact WHERE name = 'experiment_salt'") == [(1,)]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    folder = tmp_path / "surveys"
    folder.mkdir()
    (folder / "visit.toml").write_text(SURVEY, encoding="utf-8")
    settings = (*FAST, f"surveys.folder={folder}")
    return Story("experiment", comes_twice, ["5", "4"], on_one_side, settings=settings)


async def test_a_side_given_before_a_death_is_kept(lives, tmp_path, story):
    """The salt, the side and the first question are one commit: all of them, or the turn is taken again."""
    passed = await alone(lives, tmp_path / "alone", story)
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in passings(boundary, times, 3)
        if boundary.partition(".")[0] in ("turn", "mark", "send", "sendMessage") and nth <= 24
    ]

    died = await side_by_side(
        trials, lambda boundary, nth: killed(lives, tmp_path / f"{boundary}-{nth}", story, boundary, nth)
    )

    told(story.name, died)
    assert len(died) >= 0.8 * len(trials)
    assert {boundary for boundary, _ in died} >= {"turn.statement", "turn.before_commit", "turn.after_commit"}
