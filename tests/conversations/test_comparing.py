"""Claims about before and after: which ratings are compared, and what a follow-up knows of the one before."""

import pytest

from conversations import comparing
from conversations.branching import following
from conversations.conditions import holds
from conversations.facts import Facts
from conversations.reading import read
from conversations.surveys import Question, Scale
from tests.conversations.test_library import survey_of

RATED = {
    "csat": Question("one", "csat", {"en": "?"}, scale=Scale(1, 5)),
    "nps": Question("one", "nps", {"en": "?"}, scale=Scale(0, 10)),
    "ces": Question("one", "ces", {"en": "?"}, scale=Scale(1, 7)),
    "ces_5": Question("one", "ces", {"en": "?"}, scale=Scale(1, 5)),
    "stars": Question("one", "stars", {"en": "?"}, scale=Scale(1, 5)),
}
ASKS = {"csat": "satisfaction", "nps": "recommend", "ces": "effort", "ces_5": "effort_of_five", "stars": "satisfaction"}
BAD = {"satisfaction": 2, "recommend": 4, "effort": 6, "effort_of_five": 4}


@pytest.mark.parametrize("kind", RATED)
def test_our_follow_up_asks_the_same_kind_again(kind):
    """Whoever would not have recommended us says whether they would now, and not how satisfied they are."""
    follow_up = survey_of("follow_up")
    known = comparing.after(Facts(), RATED[kind])

    assert following(follow_up, "put_right", {"put_right": "yes"}, known) == ASKS[kind]
    assert next(comparing.ratings(follow_up, RATED[kind])).key == ASKS[kind]


@pytest.mark.parametrize(("key", "rating"), BAD.items())
def test_a_yes_with_a_low_rating_is_none_on_every_scale(key, rating):
    """They are asked what is missing, and the case is open again; one better, and it is over."""
    follow_up = survey_of("follow_up")
    better = rating - 1 if key.startswith("effort") else rating + 1
    low, high = ({"put_right": "yes", key: given} for given in (rating, better))

    assert (following(follow_up, key, low, Facts()), following(follow_up, key, high, Facts())) == (
        "what_is_missing",
        None,
    )
    assert (holds(follow_up.unhappy, low, Facts()), holds(follow_up.unhappy, high, Facts()) is True) == (True, False)


def test_who_rated_nothing_before_is_asked_as_ever():
    """A complaint has no rating, and what the shop's own system calls *rated* is no rating of ours."""
    known = comparing.after(Facts(service={"item": "bread", "rated": "nps"}), None)

    assert known.service == {"item": "bread"}
    assert following(survey_of("follow_up"), "put_right", {"put_right": "yes"}, known) == "satisfaction"


def test_a_follow_up_of_their_own_without_that_kind_is_read_by_its_first_rating():
    """What a business asks is its own affair; the report then says that it was not compared."""
    text = """format = 1
key = "follow_up"
touchpoint = "follow_up"
languages = ["en"]
[[question]]
key = "stars"
kind = "stars"
text.en = "Now?"
[[question]]
key = "again"
kind = "csat"
text.en = "And us?"
"""
    own = read(text, "follow_up.toml")

    assert [one.key for one in comparing.ratings(own, RATED["nps"])] == ["stars", "again"]
    assert [one.key for one in comparing.ratings(own, RATED["csat"])] == ["again", "stars"]
