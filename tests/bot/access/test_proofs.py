"""Tokens, keys and the proofs that a post comes from our own page."""

import pytest

from bot.access.csrf import carries_token, csrf_token, from_our_page
from bot.access.keys import ApiKey, configured, key_in
from bot.access.secrets import digest, new_token

HOST = {"host": "care.example:8765"}


def test_tokens_are_128_random_bits_and_never_repeat():
    """G2, G11: neither guessed nor met by chance."""
    tokens = {new_token() for _ in range(10_000)}

    assert len(tokens) == 10_000
    assert {len(token) for token in tokens} == {22}


@pytest.mark.parametrize(
    ("headers", "ours"),
    [
        ({"origin": "https://care.example:8765"}, True),
        ({"origin": "https://care.example:8765", "sec-fetch-site": "same-origin"}, True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({}, False),
        ({"origin": "null"}, False),
        ({"origin": "https://care.example"}, False),
        ({"origin": "https://care.example.evil.example:8765"}, False),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({"origin": "https://care.example:8765", "sec-fetch-site": "cross-site"}, False),
        ({"origin": "http://["}, False),
    ],
)
def test_only_our_own_page_is_believed(headers, ours):
    """Either proof against us is enough to refuse; no proof at all is refused."""
    assert from_our_page({**HOST, **headers}) is ours


def test_a_csrf_token_belongs_to_its_session():
    """Another session's token proves nothing, and the token does not give the session away."""
    mine, other = new_token(), new_token()

    assert carries_token({"x-csrf-token": csrf_token(mine)}, mine)
    assert not carries_token({"x-csrf-token": csrf_token(other)}, mine)
    assert not carries_token({}, mine)
    assert mine not in csrf_token(mine)


def test_a_key_says_who_sends():
    """The name goes into logs and history, the key itself is not kept."""
    keys = configured({"shop": "key-of-the-shop", "hotel": "key-of-the-hotel"})
    found = key_in({"authorization": "Bearer key-of-the-hotel"}, keys, now=1)

    assert found is not None
    assert found.name == "hotel"
    assert "key-of-the-hotel" not in repr(keys)


@pytest.mark.parametrize(("now", "good"), [(99, True), (100, False)])
def test_a_key_ends_at_its_moment(now, good):
    """A rotated key works until its grace is over, and not a millisecond longer."""
    key = ApiKey("shop", digest("key-of-the-shop"), expires_at=100)

    assert (key_in({"authorization": "Bearer key-of-the-shop"}, [key], now) is not None) is good


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic key-of-the-shop", "Bearer wrong", f"Bearer {digest('key-of-the-shop')}"]
)
def test_without_a_good_key_one_is_nobody(header):
    """Not even the stored digest opens anything."""
    assert key_in({"authorization": header}, configured({"shop": "key-of-the-shop"}), now=1) is None
