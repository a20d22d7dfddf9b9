"""Claims about telephone numbers and e-mail addresses as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.contact_details import WAYS, Details, details, stored

UNDERSTOOD = {
    "+44 (0)20 7946-0958": "+442079460958",
    "0044 20 7946 0958": "+442079460958",
    "＋86 138 0013 8000": "+8613800138000",
    "138-0013-8000": "13800138000",
    "１３８００１３８０００": "13800138000",
    "my number is +1 (415) 555-2671": "+14155552671",
    "电话：138 0013 8000": "13800138000",
    "手機號是 0912-345-678": "0912345678",
    "030/123456": "030123456",
    "Ana@Example.ORG.": "Ana@example.org",
    "ana＠example。org": "ana@example.org",
    "邮箱：ana@example.org": "ana@example.org",
    "<ana.b+c@mail.example.co.uk>": "ana.b+c@mail.example.co.uk",
    "mailto:ana@example.org": "ana@example.org",
    "13800138000, ana@example.org": "13800138000 ana@example.org",
    "ana@example.org or +44 20 7946 0958": "+442079460958 ana@example.org",
    "138 0013 8000\nana@example.org": "13800138000 ana@example.org",
}
NOT_PLAIN = """
    12345|1234567890123456|+0 1234 5678|5551234 5559876|555123, 555124|555123 or 555124|0301234567 ext 12|call me
    |ana@|a@b|a..b@example.org|ana@-example.org|ana@example|ana b@example.org x|one@example.org two@example.org
    |555123 ana@example.org 555124|no|+|(|@|+44 (20 7946 0958|\u202e13800138000|ana at example dot org|
""".replace("\n", "")


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_what_is_plain_is_brought_to_one_form(text):
    """Whoever rings up, or sends a mail, must not have to read it twice."""
    found = details(text, WAYS)

    assert found is not None
    assert found.text == UNDERSTOOD[text]
    assert stored(found.text) == found


@pytest.mark.parametrize("text", [each.strip() for each in NOT_PLAIN.split("|")])
def test_what_is_not_plain_is_not_guessed(text):
    """A wrong number rings at a stranger's."""
    assert details(text, WAYS) is None


def test_only_what_is_wanted_counts():
    """A question for a number is not answered by an address."""
    assert details("ana@example.org", ["phone"]) is None
    assert details("13800138000", ["email"]) is None
    assert details("13800138000", ["phone"]) == Details("13800138000")


@given(st.text(max_size=60) | st.from_regex(r"[0-9+() @.a-z-]{0,40}", fullmatch=True))
def test_whatever_is_typed_does_no_harm(text):
    """And what is understood is understood again from its stored form."""
    found = details(text, WAYS)

    assert found is None or stored(found.text) == found
    assert found is None or details(found.text, WAYS) == found
