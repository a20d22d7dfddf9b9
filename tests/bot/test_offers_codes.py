"""Codes of vouchers: short enough to be said on the telephone, and a slip never makes somebody else's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.offers_codes import SIGNS, imported_code, new_code, typed_code

CODES = st.text(min_size=1, max_size=20).map(new_code)


@given(CODES, st.integers(0, 11), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_found(code, at, sign):
    """A three for an eight, read out in a noisy shop."""
    signs = code.replace("-", "")
    if signs[at] != sign:
        assert typed_code(signs[:at] + sign + signs[at + 1 :]) is None


@given(CODES, st.integers(0, 11), st.integers(0, 11))
def test_two_signs_that_changed_places_are_found(code, one, other):
    """Fingers are quicker than eyes."""
    signs = list(code.replace("-", ""))
    if signs[one] != signs[other]:
        signs[one], signs[other] = signs[other], signs[one]
        assert typed_code("".join(signs)) is None


@given(CODES)
def test_a_code_is_understood_however_it_is_written(code):
    """Small letters, blanks for dashes, a Chinese keyboard."""
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)

    assert typed_code(code) == code
    assert typed_code(code.lower().replace("-", " ")) == code
    assert typed_code(f"  {wide} ") == code


def test_codes_differ_and_use_every_sign():
    """What is drawn from few is guessed."""
    codes = {new_code(str(number)) for number in range(2_000)}

    assert len(codes) == 2_000
    assert set("".join(codes)) == {*SIGNS, "-"}
    assert not set("01ILO") & set(SIGNS)


@pytest.mark.parametrize("text", ["", "7K3M", "7K3M-XWQ2-9HD", "0000-0000-0000", "7K3M-XWQ2-9HDT-2222", "七折"])
def test_what_is_no_code_is_none(text):
    """It is looked for as a code of an import, and not found."""
    assert typed_code(text) is None


@pytest.mark.parametrize(("text", "code"), [(" LAMP-1 ", "LAMP-1"), ("ＬＡＭＰ", "LAMP"), ("a" * 64, "a" * 64)])
def test_a_code_of_an_import_is_whatever_the_business_made_it(text, code):
    """Its own till has to read it."""
    assert imported_code(text) == code


@pytest.mark.parametrize("text", ["", " ", "A B", "A\nB", "A\u0000", "a" * 65])
def test_what_cannot_be_typed_at_a_counter_is_no_code(text):
    """A blank within is two codes, or half a one."""
    assert imported_code(text) is None
