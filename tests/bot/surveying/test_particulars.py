"""What only some kinds of question have, changed in the chat without a file: each by a tap or a word."""

import re
from typing import Any

import pytest

from bot.editing import drafts
from conversations import toml
from tests.bot.surveying.chatting import Editor

VISIT = """format = 1
key = "visit"
touchpoint = "visit"
languages = ["en"]
title.en = "Visit"

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was it?"

[[question]]
key = "order"
kind = "ranking"
text.en = "What matters most?"
options = [
    { key = "price", label.en = "Price" },
    { key = "speed", label.en = "Speed" },
    { key = "kindness", label.en = "Kindness" },
]

[[question]]
key = "reach"
kind = "contact"
text.en = "How can we reach you?"

[[question]]
key = "day"
kind = "date"
text.en = "When were you here?"

[[question]]
key = "sides"
kind = "matrix"
text.en = "Please rate:"
rows = [
    { key = "staff", text.en = "The staff were kind." },
    { key = "room", aspect = "room", text.en = "The room was clean." },
]
"""


@pytest.fixture
async def visit(eva: Editor) -> Editor:
    """An editor in front of a draft that has one of each."""
    await eva.world.run(lambda unit: drafts.begun(unit, 1, "visit", VISIT, "staff:1", "", eva.world.clock.now()))
    await eva.says("/surveys visit")
    return eva


async def question(eva: Editor, n: int) -> dict[str, Any]:
    row = await eva.world.run(lambda unit: unit.drafts.newest(1, "visit"))
    assert row is not None
    table = toml.loads(row.source)["question"][n]
    assert isinstance(table, dict)
    return table


async def test_a_ranking_asks_for_as_many_places_as_are_tapped(visit: Editor):
    first = await visit.taps("2")
    asked = await visit.taps("How many to put in order")
    shown = await visit.taps("2")
    two = await question(visit, 1)
    await visit.taps("How many to put in order", "all")

    assert "How many to put in order: all" in first
    assert "[all] [1] [2]" in asked
    assert "✓ Kept." in shown
    assert "How many to put in order: 2" in shown
    assert two["top"] == 2
    assert "top" not in await question(visit, 1)


async def test_a_contact_question_says_which_details_count(visit: Editor):
    first = await visit.taps("3")
    shown = await visit.taps("What counts", "E-mail")
    mail = await question(visit, 2)
    await visit.taps("What counts", "Telephone number, E-mail")

    assert "What counts: Telephone number, E-mail" in first
    assert "What counts: E-mail" in shown
    assert mail["wants"] == ["email"]
    assert "wants" not in await question(visit, 2)


async def test_a_day_lies_within_bounds_that_are_tapped_or_typed(visit: Editor):
    """As people write days: the twenty-second of November is one day, the third of the fourth may be two."""
    await visit.taps("4", "Past or future", "in the past", "Latest day", "today", "Earliest day")
    unclear = await visit.says("3/4/2026")
    shown = await visit.says("1 Jan 2026")
    day = await question(visit, 3)
    await visit.taps("Earliest day", "no bound")

    assert "I cannot read that as one day. Write it like this: 2026-11-22" in unclear
    assert "Earliest day: 2026-01-01" in shown
    assert "Latest day: today" in shown
    assert (day["sense"], day["earliest"], day["latest"]) == ("past", "2026-01-01", "today")
    assert "earliest" not in await question(visit, 3)


async def test_bounds_that_leave_no_day_are_refused_with_how_to_mend_them(visit: Editor):
    """Nobody could answer; the draft keeps what it had."""
    await visit.taps("4", "Latest day")
    await visit.says("2026-01-01")
    await visit.taps("Earliest day")
    refused = await visit.says("2026-02-01")

    assert "⚠ No day lies between 2026-02-01 and 2026-01-01. Write the earlier day as earliest." in refused
    assert "Now: no bound" in refused
    assert "earliest" not in await question(visit, 3)


async def test_a_rating_is_about_a_side_of_the_service(visit: Editor):
    """Those of the survey are offered; a new one is typed as people spell it."""
    asked = await visit.taps("1", "Side of the service")
    none = await visit.says("员工")
    await visit.says("Front desk")
    typed = await question(visit, 0)
    shown = await visit.taps("Side of the service", "room")

    assert "[none] [room]" in asked
    assert "A side of the service is named by small letters" in none
    assert typed["aspect"] == "front_desk"
    assert "Side of the service: room" in shown


async def test_each_row_of_a_matrix_has_its_own_side(visit: Editor):
    await visit.taps("5", "Rows", "1", "Side of the service")
    shown = await visit.says("staff")
    rows = (await question(visit, 4))["rows"]

    assert "Side of the service: staff" in shown
    assert [row["aspect"] for row in rows] == ["staff", "room"]
    assert "aspect" not in await question(visit, 4)


async def test_what_is_wrong_already_stands_where_it_is_mended(visit: Editor):
    """A file that somebody sent said more places than there are options."""
    await visit.world.run(
        lambda unit: drafts.saved(
            unit,
            1,
            "visit",
            1,
            VISIT.replace('kind = "ranking"', 'kind = "ranking"\ntop = 9'),
            "staff:1",
            "",
            visit.world.clock.now(),
        )
    )
    await visit.says("/surveys visit")
    shown = await visit.taps("2", "How many to put in order")
    after = await visit.taps("1")

    assert "⚠ 2: top = 9 is no number of options." in shown
    assert "⚠" not in after
    assert (await question(visit, 1))["top"] == 1


async def test_a_button_of_a_question_that_is_gone_shows_the_survey(visit: Editor):
    """A colleague took it away meanwhile."""
    await visit.taps("2")
    await visit.world.run(
        lambda unit: drafts.saved(unit, 1, "visit", 1, "format = 1\n", "staff:1", "", visit.world.clock.now())
    )
    shown = await visit.taps("How many to put in order")

    assert "No question yet." in shown


async def test_it_is_all_there_in_chinese(visit: Editor):
    await visit.says("/language zh-Hans")
    await visit.says("/surveys visit")
    day = await visit.taps("4")
    bound = await visit.taps("最早日期")
    kept = await visit.says("今天")

    assert "最晚日期：不限" in day
    assert "今天" in kept
    assert bound.count("When were you here?") == 1
    assert not re.search("[a-zA-Z]{2}", bound.replace("When were you here?", ""))
