"""Claims about what is wrong with a draft: each broken survey in `broken/` begins with what is to be said of it."""

from pathlib import Path

import pytest

from conversations.biases import sign
from conversations.checking import accept, check, problems
from conversations.problems import Problem, SurveyInvalid
from conversations.reading import read

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.toml"))
ADVISED = sorted((Path(__file__).parent / "advised").glob("*.toml"))

HEAD = 'format = 1\nkey = "stay"\ntouchpoint = "check_out"\nlanguages = ["en"]\n'
RATING = '[[question]]\nkey = "satisfaction"\nkind = "csat"\ntext.en = "How was it?"\n'


def errors(found: list[Problem]) -> list[str]:
    return [str(problem) for problem in found if problem.severity == "error"]


def advice(source: str) -> list[str]:
    return [problem.message for problem in check(source) if problem.severity == "advice"]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_survey_is_refused_with_file_line_and_mend(path):
    """The comments on top of each file are the words that its author reads."""
    source = path.read_text("utf-8")
    expected = [line.removeprefix("#! ") for line in source.splitlines() if line.startswith("#!")]

    assert errors(check(source, path.name)) == expected
    with pytest.raises(SurveyInvalid) as refused:
        accept(source, path.name)
    assert str(refused.value) == "\n".join(expected)


def test_there_is_a_broken_survey_for_every_kind_of_mistake():
    """Deleting them would make the suite quick and quiet."""
    assert len(BROKEN) >= 70
    assert len(ADVISED) >= 20


@pytest.mark.parametrize("path", ADVISED, ids=lambda path: path.stem)
def test_advice_is_given_and_refuses_nothing(path):
    """The author may have reasons; makegood says once what it knows."""
    source = path.read_text("utf-8")
    expected = [line.removeprefix("#! ") for line in source.splitlines() if line.startswith("#!")]

    assert [str(problem) for problem in check(source, path.name)] == expected
    assert advice(source) != []
    assert accept(source).key == "stay"


def test_a_typed_answer_shown_at_length_does_not_fit_a_message():
    """Long names and long answers come, and then the thanks would not be sent at all."""
    shown = HEAD + 'thanks.en = "' + "{{ answers.reason }} " * 5 + '"\n' + RATING.replace("csat", "text")
    shown = shown.replace('"satisfaction"', '"reason"')

    assert "over 4096 characters" in errors(check(shown))[0]
    assert errors(check(shown.replace("reason }}", "reason|truncate(200) }}"))) == []


def test_texts_are_tried_with_every_kind_of_answer():
    """A text compares ratings; it is filled in with and without them before anybody is asked."""
    text = "{% if answers.satisfaction >= 4 %}Good!{% endif %}"

    assert check(HEAD + f'thanks.en = "{text}"\n' + RATING) == []


def test_a_survey_already_read_can_be_looked_at_again():
    """The console keeps both the survey and its source."""
    source = HEAD + RATING + '[[question.branch]]\nto = "end"\n' + RATING.replace("satisfaction", "again")

    [unreachable] = problems(read(source), source, "stay.toml")

    assert str(unreachable).startswith('stay.toml:11: Nobody is ever asked "again".')


def test_a_condition_of_explain_may_ask_what_was_asked_before():
    """An unhappy answer leads to `explain` from everywhere, so every rating can come before it."""
    why = '[[question]]\nkey = "why"\nkind = "text"\ntext.en = "Why?"\n'
    branch = '[[question.branch]]\nwhen = "satisfaction == 1"\nto = "end"\n'
    ending = '[[question.branch]]\nto = "end"\n'
    source = HEAD + 'unhappy = "satisfaction <= 2"\nexplain = "why"\n' + RATING + ending + why + branch

    assert check(source) == []


def test_what_depends_on_the_day_is_not_tried():
    """The survey is walked on one day of long ago; what is answered later may take the branch."""
    branch = '[[question.branch]]\nwhen = "visited >= \'2026-06-01\'"\nto = "end"\n'
    asks = '[[question]]\nkey = "visited"\nkind = "date"\nlatest = "today"\ntext.en = "When were you here?"\n'
    more = RATING.replace('"How was it?"', '"And how was it?"')

    assert check(HEAD + asks + branch + more) == []


@pytest.mark.parametrize(
    "when",
    [
        "satisfaction <= 2 and customer.tier == 'gold'",
        "customer.since >= 2020 and customer.since < 2021",
        "not (satisfaction >= 4)",
        "visits > 5 and visits < 7",
        "visited > '2026-03-01' and visited < '2026-03-03'",
        "'a' in liked and not ('b' in liked)",
        "reason == 'late' or reason != 'early' and again",
        "again and satisfaction == visits",
        "service.item in ['a lamp', 'a bed'] and not service.late",
    ],
)
def test_a_condition_that_may_hold_is_not_complained_of(when):
    """One false alarm, and authors stop reading."""
    source = (
        HEAD
        + RATING
        + "".join(
            f'[[question]]\nkey = "{key}"\nkind = "{kind}"\ntext.en = "And this?"\n{more}'
            for key, kind, more in (
                ("visits", "number", ""),
                ("visited", "date", ""),
                ("reason", "text", ""),
                ("again", "yes_no", ""),
                ("liked", "choices", 'options = [{ key = "a", label.en = "A" }, { key = "b", label.en = "B" }]\n'),
            )
        )
    )

    assert check(source.replace("touchpoint", f'unhappy = "{when}"\ntouchpoint', 1)) == []


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Excellent", 1),
        ("very good", 1),
        ("not at all likely", -1),
        ("Somewhat dissatisfied", -1),
        ("Not bad", 1),
        ("非常满意", 1),
        ("不太滿意", -1),
        ("不错", 1),
        ("很差", -1),
        ("It came late", 0),
        ("Good food", 0),
        ("一般", 0),
        ("差不多", 0),
        ("", 0),
    ],
)
def test_a_label_judges_only_when_it_says_nothing_else(label, expected):
    """Reasons are no scale: all of them may be bad."""
    assert sign(label) == expected


@pytest.mark.parametrize(
    "text",
    [
        "From 1 to 5 stars, how would you rate us?",
        "Please tap a figure from 0 to 10.",
        "满分10分，您给我们打几分？",
        "您给我们打几颗星？",
        "How satisfied are you?",
        "您对这次配送满意吗？",
    ],
)
def test_a_plain_question_begs_and_leads_nobody(text):
    """These are how everybody asks."""
    assert check(HEAD + RATING.replace("How was it?", text)) == []
