"""Claims about the word lists: each word can be found, and says one thing."""

import pytest

from conversations import lexicon
from conversations.spelling import bare, plain, simplified, squeezed
from conversations.understanding import URGENT, is_urgent


@pytest.mark.parametrize(
    "words",
    [lexicon.SATISFACTION, lexicon.YES, lexicon.NO, lexicon.AGREE, lexicon.DECLINE, lexicon.STOP, lexicon.PERSON],
    ids=["satisfaction", "yes", "no", "agree", "decline", "stop", "person"],
)
def test_each_listed_word_is_written_as_replies_are_compared(words):
    """Else it would never be found."""
    assert [word for word in words if squeezed(bare(word)) != word] == []


def test_no_word_is_both_yes_and_no():
    """A slip of the list would be settled by the order of two lines of code."""
    assert not lexicon.YES & lexicon.NO
    assert not lexicon.AGREE & lexicon.DECLINE


@pytest.mark.parametrize("word", URGENT)
def test_each_urgent_word_is_found(word):
    """Also in the midst of a text."""
    assert is_urgent(f"well, {word}! indeed")
    assert simplified(plain(word)) == word
