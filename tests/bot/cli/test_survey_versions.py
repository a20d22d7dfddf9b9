"""Versions at the terminal: what is asked, what would be, and the question before it is."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SURVEY = """format = 1
key = "visit"
touchpoint = "visit"
languages = ["en"]
unhappy = "satisfaction <= 2"

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was your visit?"
"""


@pytest.fixture
def mine(place: Path) -> Path:
    path = place / "mine.toml"
    path.write_text(SURVEY, "utf-8")
    return path


def test_a_file_is_published_shown_and_gone_back_to(mine, makegood):
    """The whole life of a survey for who likes files."""
    first = makegood("survey", "publish", "mine.toml", "--yes")
    mine.write_text(SURVEY.replace("csat", "stars").replace("visit?", "day?"), "utf-8")
    second = makegood("survey", "publish", "mine.toml", "--yes")
    back = makegood("survey", "rollback", "visit", "1", "--yes")
    versions = json.loads(makegood("survey", "versions", "visit", "--json").out)

    assert [told.code for told in (first, second, back)] == [0, 0, 0]
    assert "    + How was your day?" in second.out
    assert "    ! " in second.out  # other answers do not compare, and it says so before
    assert [one["number"] for one in versions] == [3, 2, 1]
    assert {one["by"] for one in versions} == {"operator"}
    assert versions[1]["changed"][0]["question"] == "satisfaction"


def test_nothing_is_published_unasked(mine, makegood):
    """A script that forgets --yes changes nothing, and is told."""
    told = makegood("survey", "publish", "mine.toml")

    assert (told.code, "--yes" in told.err) == (2, True)
    assert makegood("survey", "versions", "visit").code == 2


def test_a_no_leaves_everything_as_it_was(mine, makegood, monkeypatch):
    """The question stands there for a reason; not even a draft stays behind."""
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda _question: False)
    told = makegood("survey", "publish", "mine.toml")

    assert told.code != 0
    assert "No draft" in makegood("survey", "drafts").out


def test_a_survey_with_errors_is_told_by_line_and_not_published(mine, makegood):
    """As `survey check` tells it."""
    mine.write_text(SURVEY.replace("<= 2", "<= 0"), "utf-8")
    told = makegood("survey", "publish", "mine.toml", "--yes", "--language", "zh-Hans")

    assert told.code == 2
    assert told.out.startswith("mine.toml:5: ")
    assert "永远不会成立" in told.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("publish",), "--draft KEY"),
        (("publish", "nowhere.toml"), "nowhere.toml"),
        (("publish", "--draft", "visit", "--yes"), "draft"),
        (("rollback", "pulse", "7", "--yes"), "no version 7"),
        (("retire", "follow_up", "--yes"), "itself"),
        (("retire", "nowhere", "--yes"), "nowhere"),
        (("versions", "nowhere"), "nowhere"),
        (("diff", "pulse", "4", "5"), "no version 4"),
    ],
)
def test_a_mistake_is_one_sentence(makegood, line, said):
    """Code 2, and nothing to scroll through."""
    makegood("survey", "publish", "--draft", "nothing")  # makes the database
    told = makegood("survey", *line)

    assert (told.code, said in told.err, told.err.count("\n")) == (2, True, 1)


def test_what_a_draft_would_change_is_shown(mine, makegood):
    """Before it is published, and after: two numbers compare two versions."""
    makegood("survey", "publish", "mine.toml", "--yes")
    mine.write_text(SURVEY.replace("<= 2", "<= 1"), "utf-8")
    makegood("survey", "publish", "mine.toml", "--yes")
    told = makegood("survey", "diff", "visit")

    assert "+ satisfaction <= 1" in told.out
    assert makegood("survey", "diff", "visit", "1", "2").out == told.out
    assert makegood("survey", "diff", "visit", "2", "2").out == "Nothing differs.\n"


def test_a_retired_survey_says_until_when_it_was_asked(mine, makegood):
    """The figures of that month have a reason."""
    makegood("survey", "publish", "mine.toml", "--yes")
    told = makegood("survey", "retire", "visit", "--yes")

    assert (told.code, "visit is retired" in told.out) == (0, True)
    assert "until" in makegood("survey", "versions", "visit").out


def test_it_is_done_by_the_makegood_that_runs(mine, place, makegood):
    """The folder has one writer; who publishes need not stop it."""
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "run", "--set", "web.port=0", "--set", "telegram.token="],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        socket = place / "data" / "makegood.sock"
        assert running.stdout is not None
        for _ in running.stdout:
            if socket.exists():
                break
        told = makegood("survey", "publish", "mine.toml", "--yes")
        assert (told.code, told.err) == (0, "")
        assert running.poll() is None
    finally:
        running.terminate()
        running.communicate(timeout=30)
    assert "operator" in makegood("survey", "versions", "visit").out
