"""Claims about what an anonymous survey should not say."""

from conversations.checking import accept, check
from conversations.differences import differences
from conversations.reading import read

SURVEY = """\
format = 1
key = "pulse_in_secret"
touchpoint = "pulse"
languages = ["en"]
anonymous = true
unhappy = "mood <= 2"

[[question]]
key = "mood"
kind = "csat"
text.en = "How are you?"
"""


def _said(source: str) -> list[str]:
    return [problem.message for problem in check(source) if problem.severity == "advice"]


def test_an_anonymous_survey_that_names_nobody_gets_no_advice():
    """Advice for everybody is advice that nobody reads."""
    assert check(SURVEY) == []
    assert accept(SURVEY).anonymous


def test_a_greeting_by_name_is_hard_to_believe():
    """Who is called by name does not believe that nobody knows who they are."""
    assert "hard to believe" in _said(SURVEY.replace("How are you?", "How are you, {{ customer.name }}?"))[0]
    assert _said(SURVEY.replace("How are you?", "How are you, customer?")) == []


def test_a_question_for_an_address_is_advised_against_at_its_place():
    """An address is a name; the editor shows the advice at that question."""
    source = f'{SURVEY}\n[[question]]\nkey = "reach"\nkind = "contact"\ntext.en = "Where can we reach you?"\n'
    [advice] = [problem for problem in check(source) if "who somebody is" in problem.message]

    assert advice.path == ("question", 1)
    assert advice.severity == "advice"


def test_an_apology_of_ones_own_must_promise_nobody():
    """Nobody comes unless the customer agrees, whatever the apology says."""
    assert any("unless they say yes" in said for said in _said('apology.en = "Somebody calls you."\n' + SURVEY))


def test_neither_true_nor_false_is_no_survey():
    """A promise is made or not made."""
    [problem] = check(SURVEY.replace("anonymous = true", 'anonymous = "yes"'))
    assert problem.path == ("anonymous",)


def test_taking_the_promise_back_is_named_before_it_is_published():
    """Answers given in the dark and answers given with a name are not the same answers."""
    [found] = differences(read(SURVEY), read(SURVEY.replace("anonymous = true", "")))

    assert (found.before, found.after) == ("true", "false")
    assert found.breaks is not None
