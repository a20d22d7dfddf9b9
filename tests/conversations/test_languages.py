"""One language more or less: what goes with it into the file and out of it."""

from conversations import toml
from conversations.amending import amended
from conversations.languages import added, completed, removed

SURVEY = """format = 1
key = "visit"
languages = ["en", "zh-Hans"]

[[question]]
key = "satisfaction"
kind = "csat"  # asked since 2019
text.en = "How was it?"
text.zh-Hans = "怎么样？"

[[question]]
key = "recommend"
kind = "nps"
text.en = "Would you recommend us?"
low.en = "never"
high.en = "always"
"""


def with_language(tag: str) -> str:
    return amended(SURVEY, added(toml.loads(SURVEY), tag))


def test_a_language_that_makegood_has_no_ends_in_brings_those_of_the_others_into_the_file():
    """Else the scale would lose its words in every language at once."""
    first, second = toml.loads(with_language("fr"))["question"]

    assert first["low"] == {"en": "very dissatisfied", "zh-Hans": "非常不满意"}
    assert (second["low"], second["high"]) == ({"en": "never"}, {"en": "always"})


def test_a_language_that_makegood_speaks_needs_nothing_but_its_name():
    assert "low" not in toml.loads(with_language("zh-Hant"))["question"][0]


def test_a_language_that_is_there_is_not_added_twice():
    assert added(toml.loads(SURVEY), "en") == []


def test_a_text_that_names_another_language_gets_the_same_as_a_button_does():
    """Whoever edits the file as text need not know what makegood brings along."""
    typed = SURVEY.replace('["en", "zh-Hans"]', '["en", "zh-Hans", "fr"]')
    source = completed(SURVEY, typed)

    assert toml.loads(source) == toml.loads(with_language("fr"))
    assert "# asked since 2019" in source


def test_a_text_that_speaks_what_it_spoke_stays_as_it_was_typed():
    typed = SURVEY.replace("How was it?", "How was  it?").replace("\n\n", "\n\n\n")

    assert completed(SURVEY, typed) == typed
    assert completed(with_language("fr"), with_language("fr")) == with_language("fr")


def test_a_text_that_is_no_toml_stays_as_it_was_typed():
    assert completed(SURVEY, "languages = [") == "languages = ["
    assert completed("languages = [", SURVEY) == SURVEY


def test_a_language_goes_with_every_text_that_is_said_in_it():
    """Those of a variant, too."""
    tried = SURVEY + '\n[[variant]]\nkey = "b"\nquestion.satisfaction.text.zh-Hans = "好吗？"\n'
    after = amended(tried, removed(toml.loads(tried), "zh-Hans"))

    assert "zh-Hans" not in after
    assert removed(toml.loads(after), "en") == []


def test_what_is_no_language_can_be_taken_away_as_well():
    """Somebody typed it into the file."""
    after = amended(SURVEY.replace('"zh-Hans"]', '"Klingon"]'), removed({"languages": ["en", "Klingon"]}, "Klingon"))

    assert toml.loads(after)["languages"] == ["en"]
