"""Deaths while the week's sample of the silent is drawn: the same few are rung up, once, and nobody else."""

import json
from functools import partial
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.silent import CHUNK, chance
from reports.periods import date_of, day_of
from storage.database import Database
from storage.unit import Unit
from tests.crash.flows import PATIENCE, UNHAPPY, answers_happily, cast_of
from tests.crash.installation import DAY, Installation
from tests.fake_telegram import FakeTelegram
from tests.waiting import until_so

SILENT = CHUNK + 60
"""Some chunks of conversations that nobody answered."""

SAMPLE = 3


async def silence(installation: Installation) -> None:
    """Leave many customers who were asked, said nothing, and can be rung up."""

    def work(unit: Unit) -> None:
        [talk] = unit.all("SELECT * FROM conversation")
        [invitation] = unit.all("SELECT * FROM invitation")
        state = json.dumps({**json.loads(talk[8]), "outcome": "none", "answers": {}})
        for number in range(1, SILENT):
            key = 1000 + number
            unit.execute(
                """
                INSERT INTO customer (id, brand_id, reference, name, phone, created_at)
                VALUES (:id, 1, :reference, :reference, :phone, 0)
                """,
                {"id": key, "reference": f"c{number}", "phone": f"+49 30 {number}"},
            )
            _copy(
                unit,
                "conversation",
                talk,
                id=key,
                customer_id=key,
                seed=f"copy{number}",
                outcome="none",
                state=state,
                closing=key,
                chain="",
            )
            _copy(unit, "invitation", invitation, id=key, customer_id=key, conversation_id=key)
        unit.all("DELETE FROM rollup")
        unit.all("DELETE FROM fact WHERE name = 'rollups'")

    database = await Database.open(installation.database)
    try:
        await database.run(work)
    finally:
        await database.close()


def _copy(unit: Unit, table: str, row: tuple[object, ...], **changed: object) -> None:
    columns = [column[1] for column in unit.all(f"PRAGMA table_info({table})")]
    values = {**dict(zip(columns, row, strict=True)), **changed}
    unit.execute(f"INSERT INTO {table} VALUES ({', '.join(f':{column}' for column in columns)})", values)


@pytest.fixture
async def week(lives, tmp_path: Path):
    """An installation on the Monday after a week in which hardly anybody answered."""
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "house", lives, telegram)
        await installation.employ()
        async with await installation.begin() as child:
            await answers_happily(telegram.person("Ana"))
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        await silence(installation)
        today = date_of(day_of(Clock().now(), "UTC"))
        installation.ahead = (7 - today.weekday()) * DAY
        yield installation


def rung(installation: Installation) -> list[int]:
    rows = installation.read("SELECT invitation_id FROM task WHERE invitation_id IS NOT NULL ORDER BY invitation_id")
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("boundary", "nth"),
    [
        ("claim.after_commit", 1),
        ("fire.before_commit", 1),
        ("fire.before_commit", 2),
        ("fire.statement", 12),
        ("fire.statement", 30),
        ("fire.after_commit", 2),
    ],
)
async def test_a_death_while_drawing_rings_the_same_few_once(week, boundary, nth):
    """The cursor, the few who are first and the calls lie in the row's own transactions."""
    async with await week.begin(boundary, nth) as child:
        died = await child.ended() == -9
    assert died
    week.died()
    async with await week.begin() as child:
        await until_so(lambda: len(rung(week)) == SAMPLE)
        await week.settled()
        child.end()
        assert await child.ended() == 0

    [(monday,)] = week.read("SELECT subject FROM due WHERE kind = 'silent' AND state = 'fired'")
    everybody = range(1001, 1000 + SILENT)
    assert rung(week) == sorted(sorted(everybody, key=lambda number: chance(date_of(monday), number))[:SAMPLE])
    asked = [row for row in week.outbox() if "did not answer" in row.payload]
    assert len(asked) == SAMPLE
    await week.verify()


@pytest.fixture
async def unanswered(lives, tmp_path: Path):
    """A case that was put right, whose customer was asked and said nothing for days."""
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "shop", lives, telegram)
        cast = await cast_of(installation, telegram)
        async with await installation.begin() as child:
            await UNHAPPY.play(cast)
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        installation.let_a_day_pass()
        async with await installation.begin() as child:
            await cast.ana.hears(PATIENCE, containing="Was it put right?")
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        installation.ahead += 4 * DAY
        yield installation


@pytest.mark.parametrize(
    ("boundary", "nth"),
    [("claim.after_commit", 1), ("fire.before_commit", 1), ("fire.before_commit", 2), ("fire.statement", 25)],
)
async def test_a_death_between_silence_and_the_call_leaves_one_call(unanswered, boundary, nth):
    """It is made once, brought up the next day once, and its customer is in somebody's hands at every moment."""
    async with await unanswered.begin(boundary, nth) as child:
        assert await child.ended() == -9
    unanswered.died()
    for times in (1, 2):
        async with await unanswered.begin() as child:
            await until_so(partial(said, unanswered, times))
            await unanswered.settled()
            child.end()
            assert await child.ended() == 0
        assert unanswered.read("SELECT kind, done_at FROM task WHERE kind = 'telephone'") == [("telephone", None)]
        unanswered.let_a_day_pass()

    await unanswered.verify()


def said(installation: Installation, times: int) -> bool:
    """Say whether staff were told of the call so often."""
    return sum("reached" in row.payload and row.purpose == "case_news" for row in installation.outbox()) == times
