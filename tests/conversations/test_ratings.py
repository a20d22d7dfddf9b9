"""Claims about typed ratings. The two tables are law; the rest is what people were seen to type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.spelling import bare
from conversations.understanding import Scale, rating

CSAT = Scale(1, 5)
NPS = Scale(0, 10, words=False)
EFFORT = Scale(1, 5, words=False)

FIVES = (
    *(
        "5",
        "５",
        "٥",
        "5️⃣",
        "⑤",
        "五",
        "五星",
        "5星",
        "5分",
        "5 stars",
        "5 STARS",
        "5!",
        "05",
        "5\u200b",
        "\u202e5",
        "5/5",
    ),
    *(
        "⭐⭐⭐⭐⭐",
        "⭐️⭐️⭐️⭐️⭐️",
        "★★★★★",
        "🌟🌟🌟🌟🌟",
        "⭐ ⭐ ⭐ ⭐ ⭐",
        "5⭐",
        "5 ⭐️",
        " 5 ",
        "5\n",
        "5。",
        "５！",
        "5.",
        "❺",
        "۵",
        "५",
    ),
    *(
        "五颗星",
        "五顆星",
        "5 out of 5",
        "5 of 5",
        "５／５",
        "5 / 5",
        "5/5 stars",
        "5 points",
        "给5分",
        "給五星",
        "打5分",
        "我给5分",
    ),
    *(
        "rating 5",
        "Rating: 5",
        "my rating is 5",
        "I'd give it a 5",
        "I’d give it a 5",
        "score = 5",
        "评分：5",
        "評分是5",
        "5分吧",
    ),
    *(
        "满分",
        "滿分",
        "给满分",
        "五 星",
        "\ufeff5",
        "5\u2069",
        "非常满意",
        "非常滿意",
        "很满意",
        "我非常满意",
        "Very satisfied!",
    ),
)
ASKED_AGAIN = (
    *("10/10", "-1", "4.5", "+5", "1_0", "0", "6", "nan", "inf", "1e1", "Ⅴ", "4 or 5", "not 5", "five", "", "9" * 5000),
    *(
        "5\x00",
        "\x005",
        "−5",
        "－5",
        "4,5",
        "4-5",
        "4~5",
        "4到5",
        "五六",
        "3/4",
        "5%",
        "5?",
        "²",
        "5²",
        "½",
        "㈤",
        "5 5",
        "1 2",
    ),
    *(
        "5 but slow",
        "5 minutes",
        "5分钟",
        "5点",
        "五分之一",
        "不给5分",
        "不是5分",
        "别给1分",
        "10分",
        "十分",
        "80分",
        "55",
        "0005",
    ),
    *(
        "⭐⭐⭐⭐⭐⭐",
        "☆☆☆☆☆",
        "★★★☆",
        "⭐⭐⭐⭐⭐ 5",
        "5\ud800",
        "5̶",
        "4星半",
        "四星半",
        "four",
        "5 stars?",
        "第5",
        "V",
        "5 or more",
    ),
    *(
        "满意吗",
        "不",
        "good",
        "不错",
        "satisfied with the food",
        "\u202e15",
        "5 👎",
        "５５",
        "①②",
        "1️⃣2️⃣",
        "٤٫٥",
        "5\u0660",
    ),
)


@pytest.mark.parametrize("text", FIVES)
def test_five_is_five_however_it_is_typed(text):
    """Telephones, keyboards and languages write one figure in many ways."""
    assert rating(text, CSAT) == 5


@pytest.mark.parametrize("text", ASKED_AGAIN, ids=lambda text: ascii(text[:20]))
def test_what_is_not_plainly_one_rating_is_asked_again(text):
    """A guessed, clamped or rounded rating would be our answer and not the customer's."""
    assert rating(text, CSAT) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("⭐⭐", 2),
        ("★★★☆☆", 3),
        ("一星", 1),
        ("两星", 2),
        ("兩顆星", 2),
        ("4 out of 5", 4),
        ("4/5", 4),
        ("三", 3),
        ("a 4", 4),
        ("满意", 4),
        ("滿意", 4),
        ("一般", 3),
        ("还行", 3),
        ("還行", 3),
        ("普通", 3),
        ("不满意", 2),
        ("不太滿意", 2),
        ("非常不满意", 1),
        ("很不滿意", 1),
        ("Satisfied", 4),
        ("neutral", 3),
        ("dissatisfied", 2),
        ("Very Dissatisfied.", 1),
        ("not satisfied", 2),
        ("I'm satisfied", 4),
        ("我很不满意", 1),
        ("满意的", 4),
    ],
)
def test_stars_fractions_and_words_of_satisfaction_count_on_one_to_five(text, meant):
    """A customer who answers the question in its own words has answered it."""
    assert rating(text, CSAT) == meant


@pytest.mark.parametrize("text", ["10/10", "🔟", "10", "十", "十分", "10分", "满分", "１０", "⑩", "1️⃣0️⃣", "010", "١٠"])
def test_ten_is_ten_on_zero_to_ten(text):
    """E7: the scale decides what a figure can mean."""
    assert rating(text, NPS) == 10


@pytest.mark.parametrize(
    "text", ["5/5", "⭐⭐⭐⭐⭐", "五星", "5 stars", "5⭐", "满意", "very satisfied", "11", "100%", "\u202e01"]
)
def test_another_scale_is_not_translated_to_zero_to_ten(text):
    """Five of five stars is not 5, and whether it is 10 only the customer knows."""
    assert rating(text, NPS) is None


@pytest.mark.parametrize(
    ("text", "meant"), [("0", 0), ("零", 0), ("〇", 0), ("00", 0), ("8分", 8), ("给8分", 8), ("7/10", 7)]
)
def test_zero_to_ten_has_a_zero(text, meant):
    """The low end is a rating like any other, and must not be lost as something false."""
    assert rating(text, NPS) == meant


def test_words_of_satisfaction_mean_nothing_on_other_scales():
    """满意 is no effort and no recommendation."""
    assert rating("满意", EFFORT) is None
    assert rating("满意", Scale(1, 7)) is None


def test_stars_count_to_ten_where_the_scale_is_of_stars():
    """A survey may show ten stars."""
    assert rating("⭐" * 8, Scale(1, 10, stars=True)) == 8


@given(st.text(), st.integers(-3, 20), st.integers(0, 20))
def test_a_rating_is_on_the_scale_or_none(text, low, span):
    """Whatever is typed, no figure from outside the scale gets into the figures."""
    value = rating(text, Scale(low, low + span))

    assert value is None or low <= value <= low + span


@given(
    st.lists(
        st.sampled_from("0123456789+-.,/_ e五十两百零星分⭐☆５٥⑤🔟\u200b\u202e\x00\ufe0f\u20e3not满意给"), max_size=6
    )
)
def test_two_different_figures_are_never_one_rating(pieces):
    """Which of the two was meant is the customer's to say; only a fraction of the whole scale has two."""
    text = "".join(pieces)
    apart = bare(text).replace("/5", " ").split()
    figures = {word for word in apart if word.isascii() and word.isdecimal()}

    if len(figures) > 1:
        assert rating(text, CSAT) is None
