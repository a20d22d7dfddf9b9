"""The texts of a survey side by side: every one of them, what is missing, what was lost, and a table there and back."""

import tomllib
from importlib import resources

import pytest

from conversations.phrases import in_english
from conversations.translating import gaps, languages_of, lost, read_table, table_of, texts_of, variables

LIBRARY = [file for file in (resources.files("conversations") / "library").iterdir() if file.name.endswith(".toml")]
MATRIX = """format = 1
key = "visit"
touchpoint = "visit"
languages = ["en", "fr"]

[[question]]
key = "stay"
kind = "matrix"
text.en = "Tell us:"
low.en = "bad"
high.en = "good"
rows = [{ key = "room", text.en = "The room" }, { key = "food", text.en = "The food", text.fr = "La cuisine" }]

[[question.branch]]
to = "end"
"""


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.name)
def test_every_text_of_what_we_ship_is_found_and_comes_back_unchanged(file):
    """As many as the file says in its default language; a table of them changes nothing."""
    source = file.read_text(encoding="utf-8")
    table = tomllib.loads(source)
    texts, languages = texts_of(table), languages_of(table)
    back = read_table(table_of(texts, languages), texts, languages)

    assert len(texts) == source.count(".en = ")
    assert gaps(source) == dict.fromkeys(languages, 0)
    assert (back.changes, back.same, back.mistakes) == ((), len(texts), ())


def test_introductions_rows_and_ends_are_texts_and_branches_are_none():
    """Whatever speaks; a table with short keys is no text for that."""
    texts = texts_of(tomllib.loads(MATRIX))

    assert [text.ident for text in texts] == [
        "question.stay.text", "question.stay.low", "question.stay.high",
        "question.stay.rows.room.text", "question.stay.rows.food.text",
    ]  # fmt: skip
    assert gaps(MATRIX) == {"en": 0, "fr": 4}
    assert {text.question for text in texts} == {"stay"}


@pytest.mark.parametrize("source", ["key = ", "[" * 5000, "languages = 3", "", "languages = [1, 'x!']"])
def test_what_is_no_survey_has_no_gaps(source):
    """A draft may say anything while it is written."""
    assert gaps(source) == {}


def test_what_a_translation_does_not_mention_is_lost():
    """Conditions mention, too; a text that says nothing yet loses nothing."""
    original = "{% if customer.name %}Hi {{ customer.name }}{% endif %}, your {{ service.item|upper }}?"
    [text] = texts_of({"title": {"en": original, "fr": "Salut {{ customer.name }} ?"}, "languages": ["en", "fr", "de"]})

    assert variables(original) == {"customer.name", "service.item"}
    assert (lost(text, "fr", "en"), lost(text, "de", "en"), lost(text, "en", "en")) == (("service.item",), (), ())


@pytest.mark.parametrize("said", ["=1+1", "-5", "+49", "@all", "'quoted'", "two\nlines", 'a "b", c; d', " spaced "])
def test_no_cell_is_a_formula_and_every_text_comes_back(said):
    """A spreadsheet that opens the table runs nothing; reading takes our apostrophe away again."""
    texts = texts_of({"title": {"en": "Title", "fr": said}})
    table = table_of(texts, ("en", "fr"))
    others = texts_of({"title": {"en": "Title"}})
    back = read_table(table, others, ("en", "fr"))

    assert [change.after for change in back.changes] == [said]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in table.split(","))


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_a_table_is_read_whatever_parts_its_columns(sign):
    """As a spreadsheet of this country or that writes it."""
    texts = texts_of({"title": {"en": "Title"}})
    back = read_table(f"text{sign}en{sign}fr\r\ntitle{sign}Title{sign}Titre\r\n\r\n", texts, ("en", "fr"))

    assert [(change.tag, change.after, change.stale) for change in back.changes] == [("fr", "Titre", False)]


def test_too_long_a_table_is_refused():
    """Nobody has so many texts."""
    back = read_table("text,fr\n" + "title,x\n" * 5001, texts_of({"title": {"en": "T"}}), ("en", "fr"))

    assert "more than 5000 lines" in in_english(back.mistakes[0])
