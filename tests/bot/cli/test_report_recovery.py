"""`makegood report recovery`, and what `makegood verify` and `makegood check` say of the forgotten."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot.turning import DAY, World

ANA, BO = "1", "99"
WHOLE = ("--since", "2020-01-01", "--until", "2039-12-31")


@pytest.fixture(scope="module")
def lived(tmp_path_factory) -> Path:
    """A data folder with a case that was put right, and one that is open."""
    folder: Path = tmp_path_factory.mktemp("recovery")

    async def live() -> None:
        world = await World.open(folder / "makegood.db")
        try:
            await world.staff("Bo", BO)
            for number in ("1", "2"):
                await world.receive(world.wrote(number, "/start"))
                await world.receive(world.pressed(number, f"1:seed{number}.0:1"))
            await world.receive(world.pressed(BO, "1:k1:resolved"))
            world.clock.pass_by(DAY / 1000)
            await world.fire_due()
            rows = await world.run(lambda unit: unit.all("SELECT seed FROM conversation WHERE purpose = 'follow_up'"))
            await world.receive(world.pressed(ANA, f"1:{rows[0][0]}.0:yes"))
            await world.receive(world.pressed(ANA, f"1:{rows[0][0]}.1:5"))
            await world.run(_close)
        finally:
            await world.close()

    asyncio.run(live())
    return folder


def _close(unit) -> None:
    """Close what only waits for its root cause, as naming it does."""
    from recovery import cases

    case = unit.cases.get(1)
    state = cases.advance(cases.load(case.state), cases.NamedCause(1, "other"), case.opened_at).case
    unit.cases.save(
        case.id,
        case.revision,
        state=cases.save(state),
        stage=state.stage,
        owner_id=state.owner,
        urgent=state.urgent,
        outcome=state.outcome,
        closed_at=case.opened_at + DAY,
    )
    unit.all("DELETE FROM rollup")
    unit.all("DELETE FROM fact WHERE name = 'rollups'")


def typed(makegood, folder: Path, *line: str):
    return makegood("--data", str(folder), "--set", "log.level=error", *line)


def test_the_report_tells_of_closed_cases(makegood, lived):
    """One of one: it says so, and that this is not enough to go by."""
    out = typed(makegood, lived, "report", "recovery", *WHOLE, "--language", "en").out

    assert "Put right: not enough yet, closed cases: 1 of at least 10" in out
    assert "put right, says the customer 100% (1)" in out


def test_the_report_is_there_for_programs_too(makegood, lived):
    """By team as by touchpoint, each line with its key."""
    made = json.loads(typed(makegood, lived, "report", "recovery", *WHOLE, "--by", "team", "--json").out)

    assert [line["team"] for line in made["lines"]] == [""]
    assert made["total"]["ratings"][0]["after"] == 5


def test_the_report_of_all_figures_is_what_it_was(makegood, lived):
    """Whoever types it without a further word gets it, options and all."""
    assert json.loads(typed(makegood, lived, "report", *WHOLE, "--json").out)["format"] == 1


def test_a_report_before_the_first_day_is_refused_kindly(makegood, lived):
    """The sentence says what to type."""
    told = typed(makegood, lived, "report", "recovery", "--since", "soon")

    assert told.code == 2
    assert "write a day such as 2026-03-01" in told.err


def test_check_and_verify_say_that_nobody_is_forgotten(makegood, lived):
    """And that somebody is, with the number of the case, once what was planned is lost."""
    before = typed(makegood, lived, "verify", "--language", "en").out
    with closing(sqlite3.connect(lived / "makegood.db")) as connection, connection:
        connection.execute("DELETE FROM due")
    after = typed(makegood, lived, "verify", "--language", "en")
    checked = typed(makegood, lived, "check", "--language", "en")

    assert "1 are open, 0 customers forgotten" in before
    assert "1 are open, 1 customers forgotten" in after.out
    assert "Case 2: open, and nothing brings it up again" in after.out
    assert after.code == 1
    assert "whose customers are forgotten: 1" in checked.out
