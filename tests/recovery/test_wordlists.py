"""Claims about looking for words: in two scripts without spaces and one with, and never for long."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.wordlists import LONGEST, WordList, Wordlists

LISTS = Wordlists(
    [
        WordList(
            "fault",
            {
                "en": ("broken", "not working", "crack*", "broke down", "nobody answers"),
                "zh-Hans": ("坏了", "坏", "没修好", "太差", "差"),
                "zh-Hant": ("壞了", "壞", "沒修好"),
            },
        ),
        WordList("topic", {"en": ("refund*",), "zh-Hans": ("退款",)}, deniable=False),
    ]
)


def words(text: str) -> list[str]:
    return [one.word for one in LISTS.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is BROKEN!", ["broken"]),
        ("ｂｒｏｋｅｎ", ["broken"]),
        ("unbroken", []),
        ("brokenhearted", []),
        ("The screen cracked, and there are cracks", ["crack*", "crack*"]),
        ("it broke   down", ["broke down"]),
        ("it is not working", ["not working"]),
        ("我的手机坏了", ["坏了"]),
        ("我的手機壞了", ["壞了"]),
        ("手 机 坏 了", ["坏了"]),
        ("还是没修好", ["沒修好"]),
        ("服务太差", ["太差"]),
        ("broken,坏", ["broken", "坏"]),
        ("", []),
        ("😡😡", []),
    ],
)
def test_the_longest_word_is_found_in_every_script(text: str, found: list[str]):
    """Chinese has no spaces, English has endings, and telephones type in full width."""
    assert words(text) == found


@pytest.mark.parametrize(
    "text",
    [
        *("not broken", "it isn't broken", "it isn’t really broken", "never broken", "nothing is broken"),
        *("没有坏", "沒有壞", "没坏", "并没有坏", "並不差", "不是坏了", "没有很差", "没有那么差", "未坏"),
    ],
)
def test_what_is_denied_does_not_count(text: str):
    """ "Not broken" is no fault, and a case must not go to the repair shop for it."""
    assert words(text) == []


@pytest.mark.parametrize(
    "text",
    [
        *("not only broken but late", "No. Broken!", "never came and is broken", "not mine\nbroken"),
        *("有没有坏", "是不是坏了", "没有人来，坏了", "不，坏了", "不小心坏了"),
    ],
)
def test_a_denial_of_something_else_denies_nothing(text: str):
    """It reaches as far as its clause; a Chinese question that holds a no is none."""
    assert len(words(text)) == 1


def test_a_subject_is_a_subject_whether_denied_or_not():
    """ "No refund" is about the refund more than anything."""
    assert words("I got no refund") == ["refund*"]
    assert words("没有退款") == ["退款"]


@given(st.text(max_size=300))
def test_any_text_can_be_looked_through(text: str):
    """Customers write anything, and where a word stands is always inside of it."""
    for one in LISTS.find(text):
        assert one.at >= 0


@given(st.text(alphabet="坏没不有broken tcrack*'.,\n", max_size=200))
def test_what_is_found_stands_in_order_and_apart(text: str):
    """Each place counts once."""
    places = [one.at for one in LISTS.find(text)]
    assert places == sorted(set(places))


@pytest.mark.parametrize("text", ["坏没" * 50_000, "crack " * 50_000, "c" * 200_000, "not " * 50_000, "没" * 100_000])
def test_a_flood_of_words_takes_no_time(text: str):
    """Only so much of it is looked at: nobody holds up the others' turns by pasting a book."""
    began = process_time()
    found = LISTS.find(text)

    assert process_time() - began < 0.5
    assert len(found) <= LONGEST
