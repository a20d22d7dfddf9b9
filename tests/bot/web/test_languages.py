"""Which language a page speaks."""

import pytest

from bot.web.languages import accepted, choose, known


@pytest.mark.parametrize(
    ("tag", "ours"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("en-GB", "en"),
        ("fr", None),
        ("", None),
        (None, None),
    ],
)
def test_a_tag_means_one_of_our_languages_or_none(tag, ours):
    """Hong Kong and Taiwan read traditional characters; a script that is named wins over the place."""
    assert known(tag) == ours


def test_the_browsers_order_counts():
    """Weights, not the order of writing; nonsense is passed over."""
    assert accepted("fr, en;q=0.3, zh-TW;q=0.9, xx;q=nonsense") == "zh-Hant"
    assert accepted("*;q=0.1, de") is None


def test_a_wish_wins_over_the_browser():
    """Somebody chose it on purpose."""
    assert choose(None, "zh-Hans", header="en") == "zh-Hans"
    assert choose("klingon", None, header="") == "en"
