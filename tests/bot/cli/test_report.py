"""`makegood report` and `makegood verify`, over a year that was lived by real turns."""

import asyncio
import json
import os
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.bot.turning import World
from tests.bot.years import lived

ZONE = "Asia/Shanghai"
WEEKS = 52
A_WEEK = int(os.environ.get("YEAR_A_WEEK", "8"))
WHOLE = ("--since", "2020-01-01", "--until", "2039-12-31")


@pytest.fixture(scope="module")
def year(tmp_path_factory) -> Path:
    """A data folder with a year in it."""
    folder: Path = tmp_path_factory.mktemp("year")

    async def live() -> None:
        world = await World.open(folder / "makegood.db", zone=ZONE)
        try:
            await lived(world, 7, WEEKS, A_WEEK)
        finally:
            await world.close()

    asyncio.run(live())
    return folder


@pytest.fixture
def typed(makegood, year):
    """Types a command about that year, in the business's zone."""
    return lambda *line: makegood("--data", str(year), "--set", f"business.zone={ZONE}", *line)


def rows(year: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{year / 'makegood.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()


def local(at: int) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(ZONE)).date()


def recounted(year: Path, first: date, last: date) -> dict[str, dict[str, Any]]:
    """Everything by touchpoint as anybody would count it who has only the answers in front of them."""
    asked: Counter[str] = Counter()
    stands: Counter[tuple[str, str]] = Counter()
    ratings: dict[tuple[str, str], Counter[int]] = {}
    sql = """
        SELECT conversation.id, survey_version.touchpoint, conversation.opened_at, conversation.outcome
        FROM conversation JOIN survey_version ON survey_version.id = conversation.survey_version_id
        WHERE conversation.purpose = 'survey'
    """
    answers: dict[int, list[Any]] = {}
    for talk, question, number in rows(
        year, "SELECT conversation_id, question, number FROM answer WHERE current = 1 AND role = 'answer'"
    ):
        answers.setdefault(talk, []).append((question, number))
    for talk, touchpoint, opened_at, outcome in rows(year, sql):
        if not first <= local(opened_at) <= last:
            continue
        asked[touchpoint] += 1
        rated = [each for each in answers.get(talk, []) if each[1] is not None]
        how = outcome
        if outcome in (None, "stopped"):
            how = "partial" if rated else "break_off" if talk in answers else "none"
        stands[touchpoint, how] += 1
        for question, number in rated:
            ratings.setdefault((touchpoint, question), Counter())[number] += 1
    return {
        touchpoint: {
            "invited": asked[touchpoint],
            "responses": {how: stands[touchpoint, how] for how in ("complete", "partial", "break_off", "none")},
            "ratings": {question: dict(found) for (at, question), found in ratings.items() if at == touchpoint},
        }
        for touchpoint in asked
    }


def told(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        line["touchpoint"]: {
            "invited": line["invited"],
            "responses": line["responses"],
            "ratings": {
                score["question"]: {int(rating): count for rating, count in score["ratings"].items()}
                for score in line["scores"]
            },
        }
        for line in report["lines"]
        if line["invited"]
    }


def test_a_year_is_reported_as_anybody_would_count_it(typed, year):
    """Every count of every touchpoint, exactly; and what was lived is worth counting."""
    report = json.loads(typed("report", *WHOLE, "--json").out)
    expected = recounted(year, date(2020, 1, 1), date(2039, 12, 31))

    assert told(report) == expected
    assert sum(line["invited"] for line in expected.values()) == WEEKS * A_WEEK
    assert report["total"]["cases"]["closed"].keys() >= {"recovered", "unreachable"}
    assert min(sum(line["responses"][how] for line in expected.values()) for how in ("complete", "partial", "none")) > 5


def test_the_scores_follow_from_the_counts(typed):
    """A share is so many of so many, and a net promoter score promoters less detractors."""
    report = json.loads(typed("report", *WHOLE, "--json").out)
    scores = [score for line in report["lines"] for score in line["scores"]]
    seen = set()
    for score in scores:
        counts = {int(rating): count for rating, count in score["ratings"].items()}
        total = sum(counts.values())
        seen.add(score["kind"])
        match score["kind"]:
            case "csat":
                assert score["score"]["value"] == (counts.get(4, 0) + counts.get(5, 0)) / total
            case "nps":
                up = counts.get(9, 0) + counts.get(10, 0)
                down = sum(count for rating, count in counts.items() if rating < 7)
                assert score["score"]["value"] == 100 * (up - down) / total
            case "ces":
                easy = sum(count for rating, count in counts.items() if rating < (score["scale"][1] + 1) / 2)
                assert score["score"]["value"] == easy / total
        assert score["mean"]["value"] == sum(rating * count for rating, count in counts.items()) / total
        assert score["score"]["count"] == total

    assert seen >= {"csat", "nps", "ces", "matrix"}


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_the_parts_of_a_year_are_the_year(typed, by):
    """Nobody is counted in two weeks, or in none."""
    parts = json.loads(typed("report", *WHOLE[:1], "2026-01-01", *WHOLE[2:3], "2027-12-31", "--by", by, "--json").out)
    whole = json.loads(typed("report", *WHOLE, "--json").out)["total"]

    assert sum(line["invited"] for line in parts["lines"]) == whole["invited"]
    assert parts["total"]["responses"] == whole["responses"]
    assert parts["total"]["scores"] == whole["scores"]


def test_a_month_is_reported_by_the_calendar_of_the_business(typed, year):
    """Who was asked late in the evening of the 31st in London was asked on the 1st in Shanghai."""
    first, last = date(2026, 5, 1), date(2026, 5, 31)
    report = json.loads(typed("report", "--since", str(first), "--until", str(last), "--json").out)

    assert told(report) == recounted(year, first, last)
    assert report["from"] == "2026-04-30T16:00:00.000Z"
    assert report["to"] == "2026-05-31T16:00:00.000Z"


def test_the_table_can_be_read(typed):
    """Blocks by touchpoint, a table by month, and what stands in brackets is said below."""
    blocks, table = (
        typed("report", *WHOLE).out,
        typed("report", *WHOLE[:1], "2026-03-01", "--until", "2026-08-31", "--by", "month").out,
    )

    assert "Satisfied (CSAT): " in blocks
    assert "Put right: " in blocks
    assert table.splitlines()[2].split()[:3] == ["Days", "Asked", "Answered"]
    assert len(table.splitlines()) == 2 + 2 + 6 + 1 + 3


def test_a_report_speaks_chinese(typed):
    """To whoever asks for it, or whose terminal does."""
    assert "满意（CSAT）：" in typed("report", *WHOLE, "--language", "zh-Hans").out


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (("--since", "soon"), "write a day such as 2026-03-01"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "is after the last day"),
        (("--language", "de"), "none of our languages"),
    ],
)
def test_what_cannot_be_reported_is_told_in_one_sentence(typed, line, why):
    """With what to type instead."""
    printed = typed("report", *line)

    assert printed.code == 2
    assert why in printed.err


def test_a_sound_year_is_verified(typed, year):
    """Counted by hand on a copy, which is gone afterwards."""
    printed = typed("verify")

    assert printed.code == 0
    assert "each exactly what the rows add up to" in printed.out
    assert "all as they were written" in printed.out
    assert [path.name for path in year.iterdir() if path.name.startswith("verify-")] == []


def test_a_wrong_figure_is_found_and_counted_anew(typed, year):
    """Somebody wrote into the database: verify says where, and what to type; then it is right again."""
    with closing(sqlite3.connect(year / "makegood.db")) as connection, connection:
        connection.execute("UPDATE rollup SET count = count + 1 WHERE rowid = 1")
    wrong, mended, after = typed("verify"), typed("verify", "--rebuild"), typed("verify")

    assert (wrong.code, mended.code, after.code) == (1, 0, 0)
    assert "Figures: 1 are not what the rows add up to." in wrong.out
    assert "makegood verify --rebuild" in wrong.out


def test_a_changed_answer_is_found(typed, year):
    """The chain of its conversation no longer holds; the figures are not counted from it either."""
    with closing(sqlite3.connect(year / "makegood.db")) as connection, connection:
        [(answer, raw)] = connection.execute("SELECT id, raw FROM answer WHERE raw <> '' LIMIT 1").fetchall()
        connection.execute("UPDATE answer SET raw = 'splendid' WHERE id = ?", (answer,))
    printed = typed("verify")
    with closing(sqlite3.connect(year / "makegood.db")) as connection, connection:
        connection.execute("UPDATE answer SET raw = ? WHERE id = ?", (raw, answer))

    assert printed.code == 1
    assert "Answers: 1 conversations were changed after they were written:" in printed.out


def test_before_anybody_was_asked_there_is_nothing_to_report(makegood):
    """And no database is made by looking for one."""
    assert makegood("report").code == 2
    assert makegood("verify").code == 2


def test_figures_that_are_still_counted_are_called_so(typed, year):
    """An upgraded database that never ran since."""
    with closing(sqlite3.connect(year / "makegood.db")) as connection, connection:
        [(kept,)] = connection.execute("SELECT value FROM fact WHERE name = 'rollups'").fetchall()
        connection.execute("DELETE FROM fact WHERE name = 'rollups'")
    report, verified = typed("report", *WHOLE), typed("verify")
    with closing(sqlite3.connect(year / "makegood.db")) as connection, connection:
        connection.execute("INSERT INTO fact (brand_id, name, value) VALUES (1, 'rollups', ?)", (kept,))

    assert "still being counted" in report.out
    assert verified.code == 1
