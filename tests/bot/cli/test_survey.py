"""Surveys at the terminal: checked by line, listed, and talked with."""

import pytest

BAD = """format = 1
key = "mine"
touchpoint = "delivery"
languages = ["en"]

[[question]]
key = "satisfaction"
kind = "csatt"
text.en = "How was it?"
"""


@pytest.fixture
def bad(place):
    path = place / "bad.toml"
    path.write_text(BAD, "utf-8")
    return path


def test_what_we_ship_is_ok(makegood, root):
    """The first thing an author tries is the example."""
    for file in sorted((root / "conversations" / "library").glob("*.toml")):
        told = makegood("survey", "check", str(file))

        assert (told.code, told.out.splitlines()[-1]) == (0, "ok")


def test_a_broken_survey_is_told_by_line_with_its_mend(makegood, bad):
    """File, line, what, mend: in this order, so that editors can jump there."""
    told = makegood("survey", "check", "bad.toml")

    assert told.code == 1
    assert told.out.startswith("bad.toml:8: ")
    assert '"csat"' in told.out
    assert "ok" not in told.out.split()


def test_one_bad_file_among_good_ones_is_enough(makegood, bad, root):
    """In a check before a deployment, any fault counts."""
    good = root / "conversations" / "library" / "pulse.toml"
    told = makegood("survey", "check", "bad.toml", str(good))

    assert (told.code, told.out.splitlines()[-1]) == (1, f"{good}: ok")


def test_the_list_says_whose_a_survey_is(makegood, place):
    """The business's own takes the place of ours for the same touchpoint."""
    (place / "ours").mkdir()
    good = BAD.replace("csatt", "csat")
    (place / "ours" / "mine.toml").write_text(good, "utf-8")
    told = makegood("survey", "list", "--set", "surveys.folder=ours")

    lines = {line.split()[0]: line for line in told.out.splitlines()}
    assert lines["mine"].endswith("ours/mine.toml")
    assert "after_delivery" not in lines
    assert lines["after_repair"].endswith("shipped")


def test_a_broken_own_survey_stops_a_command_with_its_line(makegood, bad, place):
    """Running on without it would ask customers something else."""
    (place / "ours").mkdir()
    bad.rename(place / "ours" / "mine.toml")
    told = makegood("survey", "list", "--set", "surveys.folder=ours")

    assert told.code == 2
    assert "ours/mine.toml:8: " in told.err


def rehearsed(makegood, place, *replies: str, more: tuple[str, ...] = ()) -> str:
    (place / "replies.txt").write_text("\n".join(replies), "utf-8")
    told = makegood("survey", "rehearse", "after_delivery", "--replies", "replies.txt", *more)
    assert told.code == 0, told.err
    return str(told.out)


def test_a_rehearsal_is_a_transcript(makegood, place):
    """The author reads what a customer would, and what would be done."""
    out = rehearsed(makegood, place, "5", more=("--save", "kept.txt", "--fact", "customer.name=Bo"))

    assert "bot>you   Hello Bo! How satisfied are you with the delivery of the lamp?" in out
    assert "[1] [2] [3] [4] [5]" in out
    assert "you       [tap 5]" in out
    assert "->        kept satisfaction=5" in out
    assert out.splitlines()[-1].endswith("->        survey over, complete")
    assert out in (place / "kept.txt").read_text("utf-8")


def test_an_unhappy_rehearsal_shows_the_case(makegood, place):
    """What staff would hear of is part of the survey."""
    out = rehearsed(makegood, place, "# a comment", "dunno", "1", "It came broken", more=("--language", "zh-Hant"))

    assert "comment on satisfaction: dunno" in out
    assert "open a case: unhappy, satisfaction 1" in out
    assert "非常抱歉" in out


def test_time_passes_in_a_rehearsal(makegood, place):
    """A reminder and the end of patience are texts, too."""
    out = rehearsed(makegood, place, "wake", "wake")

    assert "gentle reminder" in out
    assert out.splitlines()[-1].endswith("survey over, none")


def test_a_photo_and_a_contact_are_rehearsed(makegood, place):
    """An author sees what becomes of them, too."""
    out = rehearsed(makegood, place, "[photo the box]", "[contact 138 0013 8000]", "1", "[photo]")

    assert "comment on satisfaction: [photo the box]" in out
    assert "comment on satisfaction: 138 0013 8000" in out
    assert "kept what_happened=[photo]" in out
    assert "tell staff: [photo]" in out


def test_commands_are_rehearsed(makegood, place):
    """They are what customers type."""
    out = rehearsed(makegood, place, "/language zh-Hans", "/stop")

    assert "您对这次" in out
    assert "never ask again" in out
