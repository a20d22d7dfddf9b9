"""Claims about what is wrong with a draft: each broken survey in `broken/` begins with what is to be said of it."""

from pathlib import Path

import pytest

from conversations.checking import accept, check, problems
from conversations.problems import Problem, SurveyInvalid
from conversations.reading import read

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.toml"))

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
    assert len(BROKEN) >= 40


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (HEAD + RATING + "scale = [1, 4]\n", 'The scale of "satisfaction" has no middle.'),
        (HEAD + RATING.replace("How was it", "How great was it"), '"great" leads people to a high rating.'),
        (HEAD + 'apology.en = "Sorry."\n' + RATING, '"apology" is for the unhappy, and nothing says who that is.'),
        (
            HEAD + "".join(RATING.replace("satisfaction", f"q{n}") for n in range(9)),
            "9 questions are many: people stop half-way.",
        ),
        (
            HEAD + RATING + '[[question.branch]]\nto = "end"\n' * 2,
            "This branch is never taken: those above it take every answer.",
        ),
    ],
)
def test_advice_is_given_and_refuses_nothing(source, said):
    """The author may have reasons; makegood says once what it knows."""
    assert advice(source) == [said]
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
