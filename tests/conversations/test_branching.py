"""Claims about the ways through a survey."""

import pytest

from conversations import branching
from conversations.branching import Ways, following
from conversations.facts import NOTHING_KNOWN, Facts
from conversations.surveys import Branch, Question, Scale, Survey


def rating(key: str, *branches: tuple[str, str], optional: bool = False) -> Question:
    return Question(key, "csat", {}, Scale(1, 5), optional=optional, branches=tuple(Branch(*one) for one in branches))


def survey(*questions: Question, unhappy: str = "", explain: str | None = None) -> Survey:
    return Survey("s", "t", ("en",), questions, unhappy=unhappy, explain=explain)


STAY = survey(
    rating("satisfaction", ("satisfaction >= 4", "end"), ("customer.tier == 'gold'", "host"), ("true", "why")),
    rating("breakfast"),
    rating("why", ("true", "end")),
    rating("host"),
)


@pytest.mark.parametrize(
    ("key", "answers", "tier", "follows"),
    [
        ("satisfaction", {"satisfaction": 5}, "gold", None),
        ("satisfaction", {"satisfaction": 3}, "gold", "host"),
        ("satisfaction", {"satisfaction": 3}, "tin", "why"),
        ("satisfaction", {}, "tin", "why"),
        ("breakfast", {"satisfaction": 3}, "tin", "why"),
        ("host", {"satisfaction": 3}, "gold", None),
    ],
)
def test_the_first_branch_that_holds_decides(key, answers, tier, follows):
    """Authors read branches from top to bottom; without one the file goes on."""
    assert following(STAY, key, answers, Facts(customer={"tier": tier})) == follows


def test_an_unknown_condition_is_passed_by():
    """Nobody is sent to the unhappy's question because of a rating that they skipped."""
    skipping = survey(rating("a", ("a <= 2", "c"), optional=True), rating("b"), rating("c"))

    assert following(skipping, "a", {}, NOTHING_KNOWN) == "b"


def test_nobody_comes_to_a_question_behind_branches_that_take_every_answer():
    """`breakfast` above stands in the file and is asked of nobody."""
    assert Ways(STAY).reachable() == {"satisfaction", "why", "host"}


def test_an_unhappy_answer_leads_to_explain():
    """The engine goes there by itself; no branch needs to say so."""
    unhappy = survey(rating("a", ("true", "end")), rating("why"), unhappy="a <= 2", explain="why")

    assert Ways(unhappy).reachable() == {"a", "why"}


def test_answers_that_together_are_all_answers_leave_no_way_on():
    """`>= 4` and `<= 3` leave nobody for the question behind."""
    [question, *_] = survey(rating("a", ("a >= 4", "end"), ("a <= 3", "c")), rating("b"), rating("c")).questions
    both = survey(question, rating("b"), rating("c"))

    assert set(Ways(both).out[question.key]) == {"c", None}


def test_who_may_skip_may_go_on():
    """A skipped rating fulfils neither branch."""
    question = rating("a", ("a >= 4", "end"), ("a <= 3", "c"), optional=True)

    assert "b" in Ways(survey(question, rating("b"), rating("c"))).out[question.key]


def test_a_branch_that_finds_nothing_left_is_named():
    """It looks as if it did something."""
    assert branching.never_taken(rating("a", ("a >= 2", "end"), ("a >= 4", "b"), ("a == 1", "c"))) == (1,)


def test_a_jump_back_that_closes_a_round_is_found():
    """The same answers would go round for ever."""
    assert set(Ways(survey(rating("a"), rating("b", ("a <= 2", "a")), rating("c"))).loop()) == {"a", "b"}


def test_a_jump_to_itself_is_a_round():
    """The shortest of them."""
    assert Ways(survey(rating("a", ("a <= 2", "a")))).loop() == ("a",)


def test_a_jump_back_to_what_was_not_asked_is_no_round():
    """The order of a file is the author's; only going round is wrong."""
    back = survey(rating("a", ("true", "c")), rating("b", ("true", "end")), rating("c", ("true", "b")))

    assert Ways(back).loop() == ()
    assert Ways(back).reachable() == {"a", "b", "c"}


def test_what_was_asked_before_is_known():
    """A branch may ask about earlier questions only."""
    assert Ways(STAY).comes_before("satisfaction", "why")
    assert not Ways(STAY).comes_before("host", "why")
