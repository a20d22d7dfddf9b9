"""Claims about text as it is stored and as it is compared."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.spelling import plain
from conversations.understanding import clean, shorten


@given(st.text(st.characters(exclude_categories=[])))
@example("\ud83d\ude00")
@example(" \0 a")
def test_cleaning_removes_what_no_database_keeps_and_is_done_once(text):
    """NUL stops PostgreSQL, a lone surrogate stops UTF-8."""
    cleaned = clean(text)

    assert "\0" not in cleaned
    cleaned.encode()
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("text", ["👨‍👩‍👧", "שלום", "\u202eabc", "a\u200bb", "2\u00b2 Ⅴ ５", "a  b\n\nc", "क्‍ष", "❤️"])
def test_cleaning_keeps_what_the_customer_typed(text):
    """E5: stored as typed."""
    assert clean(text) == text


def test_a_surrogate_pair_becomes_its_character_and_a_lone_one_goes():
    """Some clients send an emoji as two halves."""
    assert clean("\ud83d\ude00 a\ud800 ") == "😀 a"


def test_letters_are_composed_so_that_search_finds_them():
    """One spelling of é in the database."""
    assert clean("cafe\u0301") == "caf\u00e9"


@pytest.mark.parametrize("bomb", ["a" + "\u0301\u0316" * 22_000, "\u0f73" * 22_000])
def test_a_bomb_of_combining_marks_is_kept_as_typed(bomb):
    """Sorting its marks would hold up every other chat for seconds."""
    assert clean(bomb) == bomb


@given(st.text(), st.integers(1, 50))
def test_shortening_keeps_the_beginning_and_says_so(text, limit):
    """Nothing is shortened unsaid, nothing is invented."""
    kept, shortened = shorten(text, limit)

    assert text.startswith(kept)
    assert len(kept) <= limit
    assert shortened == (kept != text)
    assert kept or not text


@pytest.mark.parametrize(
    ("text", "kept"), [("ab👨‍👩‍👧", "ab"), ("abe\u0301", "ab"), ("ab👍🏽", "ab"), ("ab🇨🇳", "ab"), ("abcd", "abc")]
)
def test_shortening_does_not_cut_a_sign_in_two(text, kept):
    """Half a family is another emoji."""
    assert shorten(text, 3) == (kept, True)


@given(st.text())
def test_the_plain_form_of_a_plain_form_is_itself(text):
    """Else a label might not equal itself."""
    once = plain(text)

    assert plain(once) == once
    assert not any(unicodedata.category(character) == "Nd" and not character.isascii() for character in once)
