"""Staff read at a glance what an unhappy answer was."""

import pytest

from bot.publishing import library
from bot.unhappy import chosen_line, rating_line
from conversations.surveys import Survey
from storage.answers import Answer


@pytest.fixture(scope="module")
def surveys() -> dict[str, Survey]:
    return {file.survey.key: file.survey for file in library()}


def answer(question: str, kind: str, text: str | None = None, *, skipped: bool = False, current: bool = True) -> Answer:
    return Answer(1, 1, question, "answer", kind, None, text, text or "", 0, skipped, 5, current, "", "")


def test_a_high_effort_is_told_as_the_bad_end(surveys):
    """6 of 7 alone reads like praise."""
    survey = surveys["ces_effort"]

    assert rating_line(survey, "effort", 6, "en") == "Rated 6 of 7; a high number is hard"
    assert rating_line(survey, "effort", 6, "zh-Hant") == "評分：6/7（數字越高越費力）"
    assert rating_line(surveys["csat_reason"], "satisfaction", 1, "en") == "Rated 1 of 5"


def test_a_row_of_a_matrix_says_which(surveys):
    """Of five sentences rated, staff must know the one that was low."""
    told = rating_line(surveys["servqual_short"], "found_reliability", 2, "zh-Hans")

    assert told == "评分：2/7 · 答应的事，一次就做到。"


def test_without_a_survey_only_the_number_is_known():
    assert rating_line(None, None, 2, "en") == "Rated 2"


def test_a_choice_is_quoted_and_a_yes_stands_with_its_question(surveys):
    """A yes alone says nothing; a question with the customer's name in it is not shown unfilled."""
    level, price = surveys["service_level"], surveys["price_clarity"]

    assert chosen_line(level, [answer("level", "choice", "criminal")], "en") == "“Not what was promised”"
    assert chosen_line(price, [answer("unexpected", "yes_no", "yes")], "zh-Hans") == "账单上有没有您没想到的费用？是"


def test_a_bare_no_is_left_out(surveys):
    """The follow-up's question speaks to the customer by name: without it a no is a riddle."""
    follow_up = surveys["follow_up"]
    key = next(question.key for question in follow_up.questions if question.kind == "yes_no")

    assert chosen_line(follow_up, [answer(key, "yes_no", "no")], "en") == ""


def test_what_was_skipped_or_replaced_was_not_chosen(surveys):
    answers = [answer("level", "choice", "basic", current=False), answer("level", "choice", skipped=True)]

    assert chosen_line(surveys["service_level"], answers, "en") == ""
