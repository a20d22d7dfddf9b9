"""Claims about reading survey files."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import questions, reading
from conversations.reading import SurveyInvalid, draft, read
from conversations.surveys import Branch, Option, Row, Scale

HEAD = 'format = 1\nkey = "stay"\ntouchpoint = "check_out"\nlanguages = ["en", "zh-Hans"]\n'
RATING = '[[question]]\nkey = "satisfaction"\nkind = "csat"\ntext.en = "How was it?"\ntext.zh-Hans = "您满意吗？"\n'
WHOLE = (
    HEAD
    + """
title.en = "Stay"
title.zh-Hans = "住宿"
delay = "30m"
expires = "2d"
remind = ["12h", "24h"]
follow_up = "36h"
share = 0.5
consent = "step"
unhappy = "satisfaction <= 2"
explain = "why"
apology.en = "Sorry."
apology.zh-Hans = "抱歉。"
thanks.en = "Thank you."
thanks.zh-Hans = "谢谢您。"

[[question]]
key = "satisfaction"
kind = "csat"
scale = [1, 7]
low.en = "bad"
low.zh-Hans = "差"
high.en = "good"
high.zh-Hans = "好"
aspect = "overall"
text.en = "How was it?"
text.zh-Hans = "您满意吗？"

[[question.branch]]
when = "satisfaction >= 6"
to = "end"
[[question.branch]]
to = "why"

[[question]]
key = "reasons"
kind = "choices"
optional = true
text.en = "Why?"
text.zh-Hans = "为什么？"
options = [
    { key = "noise", label.en = "Noise", label.zh-Hans = "噪音" },
    { key = "dirt", label.en = "Dirt", label.zh-Hans = "不干净" },
]

[[question]]
key = "why"
kind = "text"
text.en = "What happened?"
text.zh-Hans = "发生了什么？"
"""
)


def problems_of(source: str) -> list[str]:
    return [str(problem) for problem in draft(source).problems]


def test_every_key_of_a_survey_is_read():
    """A key that the file sets and the survey does not get would be a silent lie."""
    survey = read(WHOLE)

    assert (survey.key, survey.touchpoint, survey.languages) == ("stay", "check_out", ("en", "zh-Hans"))
    assert survey.title == {"en": "Stay", "zh-Hans": "住宿"}
    assert (survey.delay, survey.expires) == (timedelta(minutes=30), timedelta(days=2))
    assert survey.remind == (timedelta(hours=12), timedelta(hours=24))
    assert (survey.follow_up, survey.share, survey.consent) == (timedelta(hours=36), 0.5, "step")
    assert (survey.unhappy, survey.explain) == ("satisfaction <= 2", "why")
    assert (survey.apology["zh-Hans"], survey.thanks["en"]) == ("抱歉。", "Thank you.")


def test_every_key_of_a_question_is_read():
    """Likewise for what a question says."""
    rating, choices, _why = read(WHOLE).questions

    assert (rating.scale, rating.aspect, rating.line) == (Scale(1, 7), "overall", 21)
    assert (rating.low_end, rating.high_end) == ({"en": "bad", "zh-Hans": "差"}, {"en": "good", "zh-Hans": "好"})
    assert rating.branches == (Branch("satisfaction >= 6", "end", 33), Branch("true", "why", 36))
    assert (choices.optional, choices.options[0]) == (True, Option("noise", {"en": "Noise", "zh-Hans": "噪音"}))


@pytest.mark.parametrize(
    ("kind", "scale"), [("csat", (1, 5)), ("nps", (0, 10)), ("ces", (1, 7)), ("stars", (1, 5)), ("text", None)]
)
def test_a_kind_brings_its_usual_scale(kind, scale):
    """Nobody should have to know that NPS begins at 0."""
    [question] = read(HEAD + RATING.replace("csat", kind)).questions

    assert question.scale == (Scale(*scale) if scale else None)


def test_the_ends_of_a_scale_have_words_in_the_three_languages():
    """A bare 1 to 7 leaves people guessing which end is good."""
    [question] = read(HEAD + RATING.replace("csat", "ces")).questions

    assert question.low_end is not None
    assert (question.low_end["en"], question.low_end["zh-Hans"]) == ("very easy", "非常轻松")


def test_ends_are_left_bare_in_a_language_that_we_do_not_speak():
    """English words beside a French question would be worse than none."""
    french = (HEAD + RATING).replace("zh-Hans", "fr")

    assert read(french).questions[0].low_end is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("format = 2", "has format 2"),
        ("format = true", "has format True"),
        ('format = "1"', "has format '1'"),
    ],
)
def test_another_format_is_named_and_nothing_else_is_judged(line, message):
    """A later file may be right in everything that looks wrong to us."""
    [problem] = problems_of((HEAD + "whatever = 1\n" + RATING).replace("format = 1", line))

    assert message in problem


def test_all_problems_come_at_once_and_in_order():
    """An author mends a file in one go, from top to bottom."""
    source = HEAD.replace('"stay"', '"Stay"') + "share = 2\n" + RATING + "scael = [1, 5]\n" + 'low.en = "bad"\n'

    lines = [problem.line for problem in draft(source).problems]

    assert lines == sorted(lines)
    assert lines == [2, 5, 11, 12, 12]


def test_a_problem_names_file_line_fault_and_mend():
    """That is all an author needs, and in one line it fits into any editor."""
    with pytest.raises(SurveyInvalid) as refused:
        read(HEAD + "shar = 0.5\n" + RATING, "stay.toml")

    assert str(refused.value) == 'stay.toml:5: "shar" is no key of a survey. Did you mean "share"?'


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('format = 1\nkey = "stay\n', 2),
        ("format = 1\nkey = stay\n", 2),
        ('format = 1\nkey = "a"\nkey = "b"\n', 3),
        ("format = 1\nremind = [\n", 2),
        ("format 1\n", 1),
        ('format = 1\nkey = "\\x"\n', 2),
        ("=", 1),
        ("a = " + "[" * 5000, 1),
        ("a = " + "9" * 5000, 1),
    ],
)
def test_what_is_no_toml_has_a_line_and_a_mend(source, line):
    """The first mistake of a newcomer is a missing quote."""
    [problem] = draft(source).problems

    assert problem.line == line
    assert problem.mend.endswith(".")


def test_sizes_are_limited():
    """A survey is kept in memory, sent to telephones and read by people."""
    text = HEAD + RATING.replace("How was it?", "W" * 9000)
    many = HEAD + "".join(RATING.replace('"satisfaction"', f'"q{n}"') for n in range(51))

    assert "longer than 8 KB" in problems_of(text)[0]
    assert "51 questions" in problems_of(many)[0]
    assert "larger than 256 KB" in problems_of(HEAD + RATING + "#" * 300_000)[0]


@pytest.mark.parametrize("key", ["end", "customer", "answers", "and", "if", "true", "none"])
def test_words_of_the_language_are_no_keys_of_questions(key):
    """`if` as a key would make conditions about it unreadable to man and machine."""
    assert "is a word of texts and conditions" in problems_of(HEAD + RATING.replace("satisfaction", key))[0]


def test_a_byte_order_mark_is_no_mistake():
    """Notepad writes one, and its author cannot see it."""
    assert read("\ufeff" + HEAD + RATING).key == "stay"


MATRIX = """
[[question]]
key = "visit"
kind = "matrix"
optional = true
text.en = "Do you agree?"
text.zh-Hans = "您同意吗？"
rows = [
    { key = "staff", aspect = "people", text.en = "Kind staff.", text.zh-Hans = "店员亲切。" },
    { key = "price", text.en = "Clear prices.", text.zh-Hans = "价格清楚。" },
]

[[question.branch]]
when = "visit_price <= 2"
to = "end"
"""


def test_a_matrix_is_read_as_a_rating_for_each_row():
    """Everything behind the reader knows ratings, and nothing else of a matrix."""
    staff, price = read(HEAD + MATRIX).questions

    assert (staff.key, price.key) == ("visit_staff", "visit_price")
    assert staff.scale == price.scale == Scale(1, 5)
    assert staff.optional
    assert (staff.aspect, price.aspect) == ("people", None)
    assert staff.row is not None
    assert staff.row == Row("visit", {"en": "Do you agree?", "zh-Hans": "您同意吗？"}, 1, (staff.key, price.key))
    assert (staff.line, price.line) == (13, 14)


def test_the_branches_of_a_matrix_follow_its_last_row():
    """Before it there is nothing to decide: the other rows come."""
    staff, price = read(HEAD + MATRIX).questions

    assert staff.branches == ()
    assert [branch.when for branch in price.branches] == ["visit_price <= 2"]


def test_a_branch_to_a_matrix_leads_to_its_first_row():
    """Its author thinks of it as one question."""
    asked = read(HEAD + RATING + '[[question.branch]]\nto = "visit"\n' + MATRIX).questions

    assert asked[0].branches[0].to == "visit_staff"


def test_a_date_may_be_written_as_toml_has_it():
    """With quotes or without, it is the same day."""
    date = '[[question]]\nkey = "when_"\nkind = "date"\ntext.en = "When?"\ntext.zh-Hans = "哪天？"\n'
    [bare] = read(HEAD + date + "earliest = 2026-01-01\n").questions
    [quoted] = read(HEAD + date + 'earliest = "2026-01-01"\n').questions

    assert bare.earliest == quoted.earliest == "2026-01-01"


VALUES = st.recursive(
    st.sampled_from(
        [
            '"past"',
            '"today"',
            '{key = "a"}',
            "1",
            "-1",
            "1.5",
            "nan",
            "true",
            '""',
            '"end"',
            '"24h"',
            '"csat"',
            "1979-05-27",
            "'{{ x }}'",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda values: f"[{', '.join(values)}]"),
        st.lists(inner, max_size=3).map(
            lambda values: "{" + ", ".join(f"{key} = {value}" for key, value in zip("abc", values, strict=False)) + "}"
        ),
    ),
    max_leaves=5,
)
KEYS = (*reading.KEYS, *questions.KEYS, "when", "to", "label", "text.en", "low.en", "thanks.en", "apology.en")
LINES = st.tuples(
    st.sampled_from(KEYS),
    VALUES,
).map(" = ".join)


@given(
    st.lists(st.one_of(LINES, st.sampled_from(["[[question]]", "[[question.branch]]", 'kind = "matrix"'])), max_size=12)
)
def test_no_file_breaks_the_reader(lines):
    """Whatever stands where, the author gets problems or a survey, never a traceback."""
    found = draft("format = 1\n" + "\n".join(lines))

    assert found.problems or found.survey
