"""What differs between two editions: every change is named once, with what can no longer be compared after it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.publishing import library
from conversations.differences import breaks, differences
from conversations.reading import read

BEFORE = """format = 1
key = "visit"
touchpoint = "service"
languages = ["en", "zh-Hans"]
unhappy = "satisfaction <= 2"
apology.en = "I am sorry."
apology.zh-Hans = "很抱歉。"

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was it?"
text.zh-Hans = "您满意吗？"

[[question.branch]]
when = "satisfaction >= 4"
to = "end"

[[question]]
key = "reason"
kind = "choice"
text.en = "Why?"
text.zh-Hans = "为什么？"
options = [
    { key = "late", label.en = "Late", label.zh-Hans = "晚了" },
    { key = "broken", label.en = "Broken", label.zh-Hans = "坏了" },
]

[[question]]
key = "words"
kind = "text"
text.en = "Anything else?"
text.zh-Hans = "还有什么要说的吗？"
"""


def found(*changes: tuple[str, str]):
    """What differs after these replacements in the file: what, question, before, after, whether it breaks."""
    after = BEFORE
    for old, new in changes:
        assert old in after, old
        after = after.replace(old, new)
    return [
        (each.what.sentence, each.question, each.before, each.after, each.breaks is not None)
        for each in differences(read(BEFORE), read(after))
    ]


@pytest.mark.parametrize("file", library(), ids=lambda file: file.survey.key)
def test_a_survey_does_not_differ_from_itself(file):
    """Nothing is named where nothing changed."""
    assert differences(file.survey, file.survey) == ()


def test_a_text_is_named_in_its_language():
    """Who translates sees their own line only."""
    assert found(("您满意吗", "您觉得怎么样")) == [
        ("Changed in {language}: {what}", "satisfaction", "您满意吗？", "您觉得怎么样？", False)
    ]


def test_another_scale_breaks_what_is_compared():
    """A 4 of 5 and a 4 of 7 are not the same."""
    [scale] = found(('kind = "csat"', 'kind = "csat"\nscale = [1, 7]'))

    assert scale == ("Another scale", "satisfaction", "1–5", "1–7", True)


def test_a_question_that_is_gone_ends_its_score():
    """Reports cannot show what nobody was asked."""
    rest = BEFORE[BEFORE.index("[[question]]") : BEFORE.index('[[question]]\nkey = "reason"')]
    gone = found((rest, ""), ('unhappy = "satisfaction <= 2"', ""))

    assert ("Question removed", "satisfaction", "How was it?", "", True) in gone
    assert any(what == "Changed: {what}" and broken for what, _, _, _, broken in gone)


def test_another_key_is_another_question():
    """So a question that only looks the same begins a score of its own."""
    renamed = found(('key = "words"', 'key = "comment"'))

    assert [(what, key) for what, key, *_ in renamed] == [("Question removed", "words"), ("New question", "comment")]


def test_choices_that_come_or_go_shift_all_shares():
    """A label in other words does not."""
    late = '{ key = "late", label.en = "Late", label.zh-Hans = "晚了" }'
    swapped = found((late, late.replace('"late"', '"rude"')))
    reworded = found(('"Late"', '"Too late"'))

    assert [(what, broken) for what, _, _, _, broken in swapped] == [("Choice removed", True), ("New choice", True)]
    assert [(what, broken) for what, _, _, _, broken in reworded] == [("Changed in {language}: {what}", False)]


def test_other_branches_show_as_written():
    """With their condition and where they lead."""
    assert found(("satisfaction >= 4", "satisfaction == 5")) == [
        ("Other ways on", "satisfaction", "satisfaction >= 4 → end", "satisfaction == 5 → end", False)
    ]


@given(st.permutations(["satisfaction", "reason", "words"]))
def test_as_few_questions_are_moved_as_explain_the_order(order):
    """Who moves one question is told of one."""
    survey = read(BEFORE)
    after = replace(survey, questions=tuple(survey.question(key) for key in order))
    moved = {each.question for each in differences(survey, after)}
    stayed = [key for key in order if key not in moved]

    assert stayed == [question.key for question in survey.questions if question.key in stayed]
    assert len(moved) <= 2
    assert (not moved) == (list(order) == [question.key for question in survey.questions])


def test_what_breaks_can_be_asked_for_alone():
    """It is named before publishing."""
    before, after = read(BEFORE), read(BEFORE.replace('kind = "csat"', 'kind = "stars"').replace("Why?", "Why so?"))

    assert [each.what.sentence for each in breaks(differences(before, after))] == ["Another kind of question"]
