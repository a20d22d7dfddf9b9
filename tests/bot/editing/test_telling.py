"""Claims about what an author reads of a mistake, in their own language."""

from pathlib import Path

import pytest

from bot.editing.telling import told, what
from conversations.checking import check

_EXAMPLES = Path(__file__).parents[2] / "conversations"
BROKEN = sorted([*(_EXAMPLES / "broken").glob("*.toml"), *(_EXAMPLES / "advised").glob("*.toml")])


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_mistake_is_told_in_chinese(path, language):
    """An owner in Taipei who mends a survey on a telephone should not have to read English for it."""
    for problem in check(path.read_text("utf-8"), path.name):
        assert what(problem, language) != what(problem, "en")
        assert any("\u3400" <= character <= "\u9fff" for character in what(problem, language))


def test_a_problem_on_one_line_says_where_and_whether_it_refuses():
    """Editors and scripts jump to FILE:LINE."""
    lines = [told(problem, "en") for problem in check(ADVISED, "stay.toml")]

    assert lines == [
        'stay.toml:8: "great" leads people to a high rating. Ask in neutral words. (advice)',
    ]


ADVISED = """format = 1
key = "stay"
touchpoint = "check_out"
languages = ["en"]
[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How great was it?"
"""
