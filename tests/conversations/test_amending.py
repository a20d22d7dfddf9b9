"""Edits by place: each changes what it names and nothing else, and one that does not fit changes nothing."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.amending import CannotAmend, Drop, Edit, Insert, Move, Put, amended

SURVEY = """\
# Stays.
format = 1
key = "stay"
touchpoint = "check_out"
languages = ["en", "de"]

# How was it?
[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was your stay?"  # short
text.de = "Wie war es?"

[[question.branch]]
when = "satisfaction <= 2"
to = "end"

# Why?
[[question]]
key = "why"
kind = "choice"
text.en = "Why?"
text.de = "Warum?"
options = [
    { key = "a", label.en = "A", label.de = "A" },  # first
    { key = "b", label.en = "B", label.de = "B" },
]
"""


def table(source: str) -> dict[str, Any]:
    """Return what a file says."""
    return tomllib.loads(source)


def test_a_text_is_put_in_its_place() -> None:
    """One line changes; its comment and all others stay."""
    after = amended(SURVEY, [Put(("question", 0, "text", "en"), "How was it?")])
    assert after == SURVEY.replace("How was your stay?", "How was it?")


def test_a_new_language_stands_with_the_others() -> None:
    """Tables on the way are made, and a dotted key follows its neighbours."""
    after = amended(SURVEY, [Put(("question", 0, "text", "fr"), "Et alors ?"), Put(("thanks", "en"), "Bye")])
    assert 'text.de = "Wie war es?"\ntext.fr = "Et alors ?"\n' in after
    assert table(after)["thanks"] == {"en": "Bye"}


def test_a_question_moves_with_its_comments_and_branches() -> None:
    """What was written above a question is about that question."""
    after = amended(SURVEY, [Move(("question",), 1, 0)])
    assert [one["key"] for one in table(after)["question"]] == ["why", "satisfaction"]
    assert after.index("# Why?") < after.index("# How was it?") < after.index("[[question.branch]]")
    assert amended(after, [Move(("question",), 0, 1)]) == SURVEY


def test_a_question_is_added_and_removed() -> None:
    """Both ways, the file is as it was."""
    asked = {"key": "more", "kind": "text", "text": {"en": "Anything else?"}}
    added = amended(SURVEY, [Insert(("question",), 1, asked)])
    assert table(added)["question"][1] == asked
    assert amended(added, [Drop(("question", 1))]) == SURVEY


def test_a_list_is_made_for_its_first_element_and_goes_with_its_last() -> None:
    """A question without branches has no empty list of them."""
    branch = {"when": 'why == "a"', "to": "end"}
    added = amended(SURVEY, [Insert(("question", 1, "branch"), 0, branch)])
    assert table(added)["question"][1]["branch"] == [branch]
    assert amended(added, [Drop(("question", 1, "branch", 0))]) == SURVEY


def test_an_option_keeps_its_comment_when_it_moves() -> None:
    """Comments beside elements of a list are theirs."""
    after = amended(SURVEY, [Move(("question", 1, "options"), 0, 1)])
    assert after.index('key = "b"') < after.index('key = "a"') < after.index("# first")


def test_nothing_changed_is_the_same_file() -> None:
    """Also one that is written in another manner than ours."""
    odd = "format=1\nkey='stay'\n"
    assert amended(odd, [Put(("key",), "stay")]) == odd
    assert amended("optional = 1\n", [Put(("optional",), True)]) == "optional = true\n"


@pytest.mark.parametrize(
    "edit",
    [
        Put((), "x"),
        Put((0, "key"), "x"),
        Put(("question", 7, "key"), "x"),
        Put(("question", -1, "key"), "x"),
        Put(("key", "en"), "x"),
        Put(("question", "0", "key"), "x"),
        Put(("title", "en"), None),
        Put(("title", "en"), {"": "x"}),
        Put(("title", "en"), {1: "x"}),
        Put(("a",) * 9, "x"),
        Drop(("nothing",)),
        Drop(("question", 2)),
        Drop(("question", -1)),
        Insert(("question",), 3, {}),
        Insert(("key",), 0, "x"),
        Move(("question",), 0, 2),
        Move(("question",), -1, 0),
        Move(("nothing",), 0, 0),
    ],
    ids=repr,
)
def test_what_does_not_fit_is_refused(edit: Edit) -> None:
    """An editor that looked at another revision, or somebody who writes their own requests."""
    with pytest.raises(CannotAmend) as refused:
        amended(SURVEY, [edit])
    assert refused.value.path == edit.path


def test_a_draft_that_is_no_toml_is_mended_as_text() -> None:
    """Nothing of it is lost: it is not touched."""
    with pytest.raises(CannotAmend, match="no TOML"):
        amended("key = [", [Put(("key",), "x")])


_PLACES = st.lists(st.one_of(st.sampled_from(["question", "options", "text", "en", "key"]), st.integers(-2, 3)))


@given(st.lists(st.builds(Put, _PLACES.map(tuple), st.text(max_size=5)) | st.builds(Drop, _PLACES.map(tuple))))
def test_edits_never_break_a_file(edits: list[Edit]) -> None:
    """Whatever is asked for, what comes back can be read, or CannotAmend says no."""
    source = SURVEY
    for edit in edits:
        try:
            source = amended(source, [edit])
        except CannotAmend:
            continue
    table(source)
