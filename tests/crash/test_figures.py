"""Deaths while the figures are counted anew: what was counted stays so, and the rest is counted once."""

from pathlib import Path

import pytest

from storage.database import Database
from storage.rollups import EVERYTHING
from storage.unit import Unit
from tests.crash.flows import answers_happily
from tests.crash.installation import Installation
from tests.fake_telegram import FakeTelegram
from tests.waiting import until_so

TALKS = 900
"""Old conversations of one customer: some chunks of them."""


async def upgraded(installation: Installation) -> None:
    """Leave a database as the first version left it: one answered conversation, many times over, and no figures."""

    def work(unit: Unit) -> None:
        unit.all("DELETE FROM rollup")
        unit.all("DELETE FROM fact WHERE name = 'rollups'")
        [row] = unit.all("SELECT * FROM conversation")
        answers = unit.all("SELECT * FROM answer ORDER BY id")
        [invitation] = unit.all("SELECT * FROM invitation")
        for number in range(1, TALKS):
            _copy(unit, "conversation", row, id=1000 + number, seed=f"copy{number}", closing=None)
            _copy(unit, "invitation", invitation, id=1000 + number, conversation_id=1000 + number)
            for place, answer in enumerate(answers):
                _copy(unit, "answer", answer, id=10 * (1000 + number) + place, conversation_id=1000 + number)

    database = await Database.open(installation.database)
    try:
        await database.run(work)
    finally:
        await database.close()


def _copy(unit: Unit, table: str, row: tuple[object, ...], **changed: object) -> None:
    columns = [column[1] for column in unit.all(f"PRAGMA table_info({table})")]
    values = {**dict(zip(columns, row, strict=True)), **changed}
    unit.execute(f"INSERT INTO {table} VALUES ({', '.join(f':{column}' for column in columns)})", values)


async def whole(installation: Installation) -> None:
    """Return when everything is counted."""

    def counted() -> bool:
        [(standing,)] = installation.read("SELECT value FROM fact WHERE name = 'rollups'") or [("",)]
        return str(standing).count(str(EVERYTHING)) == 2

    await until_so(counted)


@pytest.fixture
async def old(lives, tmp_path: Path):
    """An installation with a past that no figures tell of."""
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "house", lives, telegram)
        async with await installation.begin() as child:
            await answers_happily(telegram.person("Ana"))
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        await upgraded(installation)
        yield installation


@pytest.mark.parametrize(
    ("boundary", "nth"),
    [("count.before_commit", 2), ("count.after_commit", 3), ("count.statement", 20), ("count.before_commit", 6)],
)
async def test_a_death_while_counting_anew_counts_nothing_twice(old, boundary, nth):
    """The chunk and how far it went are one transaction; a turn meanwhile adds to what is counted, or to nothing."""
    async with await old.begin(boundary, nth) as child:
        assert await child.ended() == -9
    old.died()
    assert old.read("SELECT SUM(count) FROM rollup WHERE measure = 'invited'") != [(TALKS,)]
    async with await old.begin() as child:
        await answers_happily(old.telegram.person("Bea"))
        await old.settled()
        await whole(old)
        child.end()
        assert await child.ended() == 0

    await old.verify_figures()
    assert old.read("SELECT SUM(count) FROM rollup WHERE measure = 'invited'") == [(TALKS + 1,)]
