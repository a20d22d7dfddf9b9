"""Long texts are cut so that nothing is lost, and where a reader would pause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messages import Link, Message
from bot.channels.telegram.limits import LONGEST_TEXT, parts, units
from tests.bot.channels.telegram.conftest import ONE_TO_FIVE


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("您好", 2), ("😀", 2), ("a😀好", 4)])
def test_units_are_telegrams(text: str, length: int):
    """UTF-16 units: an emoji counts twice, a Chinese character once."""
    assert units(text) == length == len(text.encode("utf-16-le")) // 2


def test_a_text_that_fits_is_left_alone():
    """The usual case has no cost."""
    message = Message("x" * LONGEST_TEXT, rows=ONE_TO_FIVE)

    assert parts(message) == [message]


def test_a_long_text_is_cut_between_paragraphs():
    """Buttons and the open reply field go with the last part, the answered message with the first."""
    message = Message(f"{'a' * 3000}\n\n{'b' * 3000}\n\nc", rows=ONE_TO_FIVE, replies_to="7", invites_reply=True)
    first, last = parts(message)

    assert (first.text, last.text) == ("a" * 3000, "b" * 3000 + "\n\nc")
    assert (first.rows, last.rows) == ((), ONE_TO_FIVE)
    assert (first.replies_to, last.replies_to) == ("7", None)
    assert (first.invites_reply, last.invites_reply) == (False, True)


@pytest.mark.parametrize("sentence", ["We are very sorry. ", "我们非常抱歉。", "word "])
def test_without_paragraphs_it_is_cut_between_sentences_or_words(sentence: str):
    """In Chinese there are no blanks to go by."""
    pieces = parts(Message(sentence * 1000))

    assert all(piece.text.endswith(sentence.strip()) for piece in pieces)
    assert all(piece.text.startswith(sentence.strip()) for piece in pieces)


def test_a_link_moves_with_its_words():
    """Offsets are counted anew from each part's beginning, in UTF-16 units."""
    text = "😀" * 1500 + "\n\n" + "b" * 2000 + " here"
    start = units(text) - 4
    first, last = parts(Message(text, links=(Link(0, 2, "https://a.org"), Link(start, 4, "https://b.org"))))

    assert first.links == (Link(0, 2, "https://a.org"),)
    [link] = last.links
    assert last.text[link.offset : link.offset + link.length] == "here"


TEXTS = st.text(st.sampled_from("ab .\n。，😀好"), max_size=120)


@given(TEXTS, st.integers(min_value=2, max_value=40))
def test_nothing_but_blanks_is_lost(text: str, longest: int):
    """Each part fits, none is blank, and together they say the same in the same order."""
    pieces = parts(Message(text), longest)

    assert all(units(piece.text) <= longest for piece in pieces)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(text.split())
    assert len(pieces) == 1 or all(piece.text.strip() for piece in pieces)


@given(TEXTS, st.integers(0, 100), st.integers(1, 40), st.integers(min_value=2, max_value=40))
def test_links_stay_inside_their_part(text: str, offset: int, length: int, longest: int):
    """Telegram refuses a message for one that does not."""
    length = min(length, units(text) - offset)
    if length <= 0:
        return
    for piece in parts(Message(text, links=(Link(offset, length, "https://a.org"),)), longest):
        for link in piece.links:
            assert link.offset >= 0
            assert link.length > 0
            assert link.offset + link.length <= units(piece.text)
