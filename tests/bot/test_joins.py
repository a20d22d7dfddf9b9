"""Messages put together from several sentences, as each language puts them together."""

from typing import Final

import pytest

from bot.composing import ConsentLine, Voice, label_text, question_message
from bot.phrases import LANGUAGES, listed
from bot.wall_clock import wall_day, wall_time
from conversations.events import Ask, Label
from conversations.facts import Facts
from conversations.replies import YES, in_a_sentence
from conversations.state import Given
from conversations.surveys import Option, Question, Scale, Survey

MONDAY_TEN: Final = 1_793_613_600_000
"""2 November 2026, 10:00 UTC, in ms."""

RATING: Final = Question(
    key="ease",
    kind="csat",
    text={"en": "How easy was it?", "zh-Hans": "方便吗？", "zh-Hant": "方便嗎？"},
    scale=Scale(1, 5),
    low_end={"en": "very hard", "zh-Hans": "非常麻烦", "zh-Hant": "非常麻煩"},
    high_end={"en": "very easy", "zh-Hans": "非常方便", "zh-Hant": "非常方便"},
)
FAULTS: Final = Question(
    key="faults",
    kind="choices",
    text={"en": "What was wrong?", "zh-Hans": "哪里不好？", "zh-Hant": "哪裡不好？"},
    options=(
        Option("late", {"en": "Late", "zh-Hans": "晚了", "zh-Hant": "晚了"}),
        Option("wet", {"en": "Wet", "zh-Hans": "湿了", "zh-Hant": "濕了"}),
    ),
)
SEVERAL: Final = [("en", "Late, Wet"), ("zh-Hans", "晚了、湿了"), ("zh-Hant", "晚了、濕了")]
SURVEY: Final = Survey("delivery", "delivery", LANGUAGES, (FAULTS, RATING))


def voice(language: str) -> Voice:
    return Voice(language, "en", Facts(customer={}, service={}, business={}), {})


@pytest.mark.parametrize(
    ("language", "ends"),
    [
        ("en", "1 = very hard · 5 = very easy"),
        ("zh-Hans", "1＝非常麻烦，5＝非常方便"),
        ("zh-Hant", "1＝非常麻煩，5＝非常方便"),
    ],
)
def test_the_ends_of_a_scale_are_joined_as_the_language_does(language, ends):
    """A customer looks there to see which end is the good one."""
    assert question_message(Ask("p.0", RATING), voice(language), None).text.endswith(f"\n\n{ends}")


@pytest.mark.parametrize(("language", "several"), SEVERAL)
def test_several_choices_are_listed_as_the_language_does(language, several):
    """Chinese lists by its own comma."""
    label = Label(tuple(option.label for option in FAULTS.options))

    assert label_text(label, voice(language)) == several
    assert listed(["a"], language) == "a"


@pytest.mark.parametrize(("language", "said"), SEVERAL)
def test_an_answer_is_repeated_as_its_buttons_read(language, said):
    """A customer never saw the keys `late` and `wet`."""
    given = Given(raw="late,wet", at=0, text="late,wet")

    assert in_a_sentence(SURVEY, FAULTS, given, language) == said


def test_a_yes_is_repeated_in_the_language_of_its_reader():
    """It was stored as `yes`, whatever the button said."""
    question = Question(key="again", kind="yes_no", text={"en": "Would you come again?"})

    assert in_a_sentence(SURVEY, question, Given(raw="yes", at=0, text="yes"), "zh-Hans") == YES


def test_a_long_answer_is_repeated_in_part():
    """The customer knows what they wrote; only its beginning is needed to recognise it."""
    question = Question(key="why", kind="text", text={"en": "Why?"})
    said = in_a_sentence(SURVEY, question, Given(raw="x" * 99, at=0, text="x" * 99), "en")

    assert said == "x" * 59 + "…"


@pytest.mark.parametrize(
    ("language", "line", "name"),
    [
        ("en", "By answering you let The Inn keep your answer to improve its service. ", "Privacy"),
        ("zh-Hans", "作答即表示您同意The Inn保存您的回答，用来改进服务。", "隐私说明"),
        ("zh-Hant", "作答即表示您同意The Inn保存您的回答，用來改善服務。", "隱私說明"),
    ],
)
def test_the_consent_line_ends_in_its_link(language, line, name):
    """The link is found by counting UTF-16 units; one off and it lies beside its word."""
    text, [link] = ConsentLine("The Inn", "https://example.com/privacy").below("😊 How was it?", language)
    linked = text.encode("utf-16-le")[2 * link.offset : 2 * (link.offset + link.length)].decode("utf-16-le")

    assert text == f"😊 How was it?\n\n{line}{name}"
    assert linked == name


def test_a_house_without_a_name_speaks_of_itself():
    """ "By answering you let we keep" is not English."""
    text, links = ConsentLine("", "").below("How was it?", "en")

    assert text == "How was it?\n\nBy answering you let us keep your answer to improve our service. /privacy"
    assert links == ()


@pytest.mark.parametrize(
    ("language", "when", "day"),
    [
        ("en", "Monday at 18:00", "2 Nov 2026"),
        ("zh-Hans", "星期一18:00", "2026年11月2日"),
        ("zh-Hant", "星期一18:00", "2026年11月2日"),
    ],
)
def test_moments_read_as_the_language_writes_them(language, when, day):
    """By the wall clock of whoever is told, in an order that they know."""
    assert wall_time(MONDAY_TEN, "Asia/Shanghai", language) == when
    assert wall_day(MONDAY_TEN, "Asia/Shanghai", language) == day
