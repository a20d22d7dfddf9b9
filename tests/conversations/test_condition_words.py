"""Conditions in words, as people read them who write none."""

import pytest

from bot.phrases import say
from conversations.condition_words import branch_in_words, in_words
from conversations.reading import draft

SURVEY = draft(
    """format = 1
key = "mine"
touchpoint = "x"
languages = ["en", "zh-Hans"]
[[question]]
key = "rated"
kind = "csat"
text.en = "How?"
[[question.branch]]
when = "rated <= 2"
to = "wrong"
[[question.branch]]
to = "end"
[[question]]
key = "wrong"
kind = "choices"
text.en = "What?"
options = [ { key = "late", label.en = "Too late", label.zh-Hans = "太晚" }, { key = "wet", label.en = "Wet" } ]
[[question.branch]]
to = "end"
[[question]]
key = "again"
kind = "yes_no"
text.en = "Again?"
[[question]]
key = "day"
kind = "date"
text.en = "When?"
"""
).survey
assert SURVEY is not None
QUESTIONS = SURVEY.questions


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("rated <= 2", "rated is 2 or less"),
        ("2 >= rated", "rated is 2 or less"),
        ("1 < rated <= 3", "rated is more than 1 and rated is 3 or less"),
        ("rated in [1, 2]", "rated is 1 or 2"),
        ("not rated in [1, 2]", "rated is not 1 or 2"),
        ('"late" in wrong', "wrong includes “Too late”"),
        ('"late" not in wrong', "wrong does not include “Too late”"),
        ('again == "no"', "again is “No”"),
        ("not again", "again is “No”"),
        ("wrong", "wrong is given"),
        ('day < "2026-01-02"', "day is before 2 January 2026"),
        ('day >= "2026-01-02"', "day is 2 January 2026 or later"),
        ('customer.tier == "gold" and rated < 3', "the customer's tier is “gold” and rated is less than 3"),
        ("(rated == 1 or again) and wrong", "(rated is 1 or again is “Yes”) and wrong is given"),
        ("not (rated == 1 and again)", "rated is not 1 or again is “No”"),
        ("not (rated == 1 or again) and wrong", "rated is not 1 and again is “No” and wrong is given"),
        ("true", "always"),
        ("", "never"),
        ("rated =", "“rated =” (cannot be read)"),
        ("(rated < 2) == again", "“(rated < 2) == again” (cannot be read)"),
    ],
)
def test_a_condition_in_words(condition, words):
    """Joined, mirrored and negated as one would say it."""
    assert say(in_words(condition, QUESTIONS, "en"), "en") == words


def test_a_branch_speaks_of_the_answer():
    """At its own question, the key would only be in the way; what is left is otherwise."""
    rated, wrong, *_ = QUESTIONS

    assert say(branch_in_words(rated, 0, QUESTIONS, "en"), "en") == "if the answer is 2 or less"
    assert say(branch_in_words(rated, 1, QUESTIONS, "en"), "en") == "otherwise"
    assert say(branch_in_words(wrong, 0, QUESTIONS, "en"), "en") == "always"


def test_in_the_readers_language():
    """Labels and all."""
    assert (
        say(in_words('"late" in wrong or rated <= 2', QUESTIONS, "zh-Hans"), "zh-Hans") == "wrong含“太晚”或rated不高于2"
    )
