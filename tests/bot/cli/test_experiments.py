"""An experiment at the terminal: rehearsed on either side, read, and ended."""

import json
from pathlib import Path

import pytest

from tests.experiments import SURVEY


@pytest.fixture
def tried(place: Path, makegood):
    (place / "mine.toml").write_text(SURVEY, "utf-8")
    assert makegood("survey", "publish", "mine.toml", "--yes").code == 0
    return makegood


def test_an_experiment_is_read_in_words_and_by_programs(tried):
    """What nobody answered yet is said as such."""
    told = tried("report", "experiment", "after_visit")
    parsed = json.loads(tried("report", "experiment", "after_visit", "--json").out)

    assert "Too few answers to say: 0 of about 200 from each side." in told.out
    assert "A: as written, 50% of the customers, 0 asked" in told.out
    assert parsed["experiment"] == "recommend_first"
    assert "回答太少" in tried("report", "experiment", "after_visit", "--language", "zh-Hans").out


def test_a_survey_that_is_asked_in_one_way_is_named(tried):
    """With where to read how to try two."""
    told = tried("report", "experiment", "after_delivery")

    assert told.code == 2
    assert "tried in one way only" in told.err


def test_keeping_a_side_ends_in_a_draft(tried):
    """Published like every other draft."""
    kept = tried("survey", "keep", "after_visit", "b")
    again = tried("survey", "keep", "after_visit", "b")
    wrong = tried("survey", "keep", "after_delivery", "b")

    assert kept.code == 0
    assert "A draft of after_visit asks everybody as side b was asked" in kept.out
    assert [told.code for told in (again, wrong)] == [2, 2]
    assert "A draft of that survey is being written" in again.err
    assert "not tried in several ways" in wrong.err


@pytest.mark.parametrize(("side", "first"), [("a", "How was your visit?"), ("b", "How likely are you")])
def test_a_side_is_rehearsed_as_its_customers_are_asked(tried, place, side, first):
    """Before anybody is."""
    (place / "replies.txt").write_text("", "utf-8")
    told = tried("survey", "rehearse", "mine.toml", "--variant", side, "--replies", "replies.txt")

    assert first in told.out.splitlines()[0]
    assert "it has a, b" in tried("survey", "rehearse", "mine.toml", "--variant", "z").err
