"""When words beside a rating are a kind word: only the best rating, and only words that say something."""

from datetime import timedelta

import pytest

from conversations import engine
from conversations.events import PassOnPraise, Replied, Tapped
from conversations.facts import Facts
from conversations.reading import read
from conversations.state import Asking

SURVEY = read(
    """
    format = 1
    key = "visit"
    touchpoint = "visit"
    languages = ["en"]
    unhappy = "satisfaction <= 2"
    question = [
        { key = "satisfaction", kind = "csat", text.en = "How was it?" },
        { key = "effort", kind = "ces", text.en = "How hard was it?" },
        { key = "words", kind = "text", text.en = "Anything to add?" },
    ]
    """,
    "visit.toml",
)
NOW = 1_772_445_600_000
LATER = NOW + timedelta(minutes=1) // timedelta(milliseconds=1)


def praise_after(satisfaction: int, effort: int, words: str) -> list[PassOnPraise]:
    """What is passed on when a customer answers so."""
    state = engine.begin(SURVEY, "seed", "en", Facts({}, {}, {}), NOW, consented=True).state
    for number in (satisfaction, effort):
        assert isinstance(state, Asking)
        state = engine.advance(SURVEY, state, Tapped(state.prompt(), str(number)), LATER).state
    assert isinstance(state, Asking)
    effects = engine.advance(SURVEY, state, Replied(words), LATER).effects
    return [effect for effect in effects if isinstance(effect, PassOnPraise)]


def test_words_beside_the_best_rating_are_passed_on():
    """Whoever served should hear it, and that it came with a 5."""
    assert praise_after(5, 1, "Bo has golden hands") == [PassOnPraise("Bo has golden hands", rated=True)]


@pytest.mark.parametrize(("satisfaction", "effort"), [(4, 1), (5, 2), (5, 7), (3, 1)])
def test_less_than_the_best_is_no_praise(satisfaction, effort):
    """A 4 with words is worth reading, in the report; of effort the best is the lowest."""
    assert praise_after(satisfaction, effort, "Bo has golden hands") == []


@pytest.mark.parametrize("words", ["no", "No, thanks", "nothing", "thank you", "谢谢", "没有", "-", "👍"])
def test_nothing_to_add_is_no_praise(words):
    """A message that says only that there is nothing to say wastes a colleague's glance."""
    assert praise_after(5, 1, words) == []


@pytest.mark.parametrize("words", ["Bo was kind", "小王服务太好了", "Très gentil, merci bien"])
def test_a_few_words_are_enough(words):
    """Praise is short."""
    assert len(praise_after(5, 1, words)) == 1


@pytest.mark.parametrize("words", ["There is a fire in the shop", "I want to talk to a person"])
def test_what_calls_for_a_person_is_no_praise(words):
    """It opens a case, whatever the rating was."""
    assert praise_after(5, 1, words) == []
