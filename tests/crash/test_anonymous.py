"""An anonymous survey, with deaths: the response is there once, and nothing is left that leads to who gave it.

The turn that ends the conversation keeps the response and removes what led to it, in one commit; what is still to be
sent then is removed when it was sent, by whichever life sends it.
"""

import json
from pathlib import Path

import pytest

from storage.database import Database
from storage.unit import Unit
from tests.crash.evenings import Evening, cut_short, left_alone
from tests.crash.flows import PATIENCE, WORDS, Cast, Story, cast_of
from tests.crash.installation import FAST, SURVEY, Installation
from tests.crash.nursery import Nursery
from tests.crash.test_boundaries import alone, killed, passings, side_by_side, told
from tests.fake_telegram import FakeTelegram
from tests.waiting import until_so

MANY = 6
RELEASED = "SELECT COUNT(*) FROM conversation WHERE anonymous = 3"

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
    trials = [(boundary, nth) for boundary, times in sorted(passed.items()) for nth in passings(boundary, times, 4)]

    died = await side_by_side(
        trials, lambda boundary, nth: killed(lives, tmp_path / f"{boundary}-{nth}", story, boundary, nth)
    )

    told(story.name, died)
    assert len(died) >= 0.9 * len(trials)
    assert {boundary for boundary, _ in died} >= {"turn.before_commit", "turn.after_commit", "turn.statement"}


# -- the night in which they are let out


@pytest.fixture
async def waiting(lives: Nursery, tmp_path: Path) -> Evening:
    """An installation in which so many responses wait that they are let out the next day."""
    surveys = tmp_path / "surveys"
    surveys.mkdir()
    (surveys / "visit.toml").write_text(CONFIDENTIAL, encoding="utf-8")
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "waiting", lives, telegram, *FAST, f"surveys.folder={surveys}")
        cast = await cast_of(installation, telegram)
        async with await installation.begin() as child:
            await _confides(cast)
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        await _joined_by_others(installation)
        installation.let_a_day_pass()
        return Evening(installation.folder, cast.ana, installation)


async def _joined_by_others(installation: Installation) -> None:
    database = await Database.open(installation.database)
    try:
        [(version, said)] = installation.read("SELECT survey_version_id, said FROM anonymous_response")

        def others(unit: Unit) -> None:
            for _ in range(MANY - 1):
                unit.anonymous.keep(1, version, "complete", said)

        await database.run(others)
    finally:
        await database.close()


async def comes_out(cast: Cast) -> None:
    await until_so(lambda: cast.installation.read(RELEASED) == [(MANY,)])


def all_out_once(cast: Cast) -> None:
    house = cast.installation
    assert house.read(RELEASED) == [(MANY,)]
    assert house.read("SELECT COUNT(*) FROM anonymous_response") == [(0,)]
    assert house.read("SELECT COUNT(*), COUNT(DISTINCT at) FROM answer") == [(2 * MANY, 1)]
    assert house.read("SELECT COUNT(*) FROM conversation WHERE anonymous = 2") == [(1,)]
    assert house.read("SELECT SUM(count) FROM rollup WHERE measure = 'complete'") == [(MANY,)]


async def test_a_death_while_they_are_let_out_neither_loses_nor_doubles_one(lives, tmp_path: Path, waiting: Evening):
    """They leave the place where they waited in the commit that makes them responses, and counts them."""
    async with FakeTelegram() as telegram:
        passed = await left_alone(waiting.morning(tmp_path / "alone", lives, telegram), comes_out, all_out_once)
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in range(1, times + 1, 6 if boundary == "fire.statement" else 1)
        if boundary.partition(".")[0] in ("claim", "fire") and nth <= 120
    ]

    async def trial(boundary: str, nth: int) -> int | None:
        async with FakeTelegram() as telegram:
            cast = waiting.morning(tmp_path / f"{boundary}-{nth}", lives, telegram)
            return await cut_short(cast, comes_out, all_out_once, boundary, nth)

    died = await side_by_side(trials, trial)

    told("let out", died)
    assert len(died) >= 0.8 * len(trials)
    assert {boundary for boundary, _ in died} >= {"fire.statement", "fire.before_commit", "fire.after_commit"}
