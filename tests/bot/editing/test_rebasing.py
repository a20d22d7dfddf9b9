"""One editor's change on top of another's: found again by keys, or not made at all."""

from bot.editing.rebasing import rebased
from conversations.amending import Drop, Insert, Move, Put, amended
from conversations.reading import draft as read_draft
from tests.bot.editing.sources import SURVEY


def keys(source: str) -> list[str]:
    survey = read_draft(source).survey
    assert survey is not None
    return [question.key for question in survey.questions]


def test_a_text_follows_its_question():
    """Somebody put a question before it: position 1 is another question now."""
    theirs = amended(SURVEY, [Insert(("question",), 0, {"key": "new", "kind": "yes_no", "text": {"en": "New?"}})])
    both = rebased([Put(("question", 1, "text", "en"), "Mine?")], SURVEY, theirs)

    assert both is not None
    survey = read_draft(both).survey
    assert survey is not None
    assert keys(both) == ["new", "first", "second", "third"]
    assert survey.question("second").text["en"] == "Mine?"
    assert survey.question("first").text["en"] == "First?"


def test_what_was_taken_away_cannot_be_changed():
    theirs = amended(SURVEY, [Drop(("question", 1))])

    assert rebased([Put(("question", 1, "text", "en"), "Mine?")], SURVEY, theirs) is None


def test_a_new_question_comes_after_the_same_neighbour():
    theirs = amended(SURVEY, [Move(("question",), 0, 2)])
    new = {"key": "mine", "kind": "yes_no", "text": {"en": "Mine?"}}
    both = rebased([Insert(("question",), 1, new)], SURVEY, theirs)

    assert both is not None
    assert keys(both) == ["second", "third", "first", "mine"]


def test_a_question_moves_as_far_as_it_was_meant():
    theirs = amended(SURVEY, [Insert(("question",), 0, {"key": "new", "kind": "yes_no", "text": {"en": "New?"}})])
    both = rebased([Move(("question",), 2, 1)], SURVEY, theirs)

    assert both is not None
    assert keys(both) == ["new", "first", "third", "second"]


def test_several_changes_are_made_one_after_the_other():
    """The second one counts positions as the first one left them."""
    theirs = amended(SURVEY, [Put(("title", "en"), "Theirs")])
    both = rebased([Drop(("question", 0)), Put(("question", 0, "text", "en"), "Mine?")], SURVEY, theirs)

    assert both is not None
    survey = read_draft(both).survey
    assert survey is not None
    assert survey.question("second").text["en"] == "Mine?"
    assert survey.title["en"] == "Theirs"


def test_an_option_and_a_branch_are_found_by_what_they_are():
    theirs = amended(
        SURVEY,
        [
            Insert(("question", 1, "options"), 0, {"key": "new", "label": {"en": "New"}}),
            Insert(("question", 0, "branch"), 0, {"when": "first <= 1", "to": "third"}),
        ],
    )
    edits = [
        Put(("question", 1, "options", 0, "label", "en"), "Mine"),
        Put(("question", 0, "branch", 0, "to"), "third"),
    ]
    both = rebased(edits, SURVEY, theirs)

    assert both is not None
    survey = read_draft(both).survey
    assert survey is not None
    assert [option.label["en"] for option in survey.question("second").options] == ["New", "Mine", "Dear"]
    assert [branch.to for branch in survey.question("first").branches] == ["third", "third"]


def test_a_file_that_is_no_toml_takes_nothing():
    assert rebased([Put(("title", "en"), "Mine")], SURVEY, "key = ") is None
