"""Claims about experiments: who is asked how, what a variant may change, and how the file says so."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conversations.checking import check
from conversations.differences import breaks, differences
from conversations.experiments import AS_WRITTEN, as_asked, assigned, same_experiment, shares
from conversations.reading import draft, read
from conversations.writing import toml
from tests.experiments import SURVEY

TWICE = f"""{SURVEY.replace("share = 0.5", "share = 0.25")}
[[variant]]
key = "c"
share = 0.25
order = ["recommend", "satisfaction"]
"""


def problems(source: str) -> list[str]:
    return [f"{'.'.join(map(str, problem.path))}: {problem.message}" for problem in draft(source).problems]


# --- who is asked how ------------------------------------------------------------------------------------------------


@given(st.text(min_size=1))
def test_a_customer_is_always_asked_in_the_same_way(reference):
    """Also by another edition, as long as the experiment keeps its key."""
    survey = read(SURVEY)
    later = replace(survey, thanks={"en": "Thanks.", "zh-Hans": "谢谢。"})

    assert assigned(later, reference, "salt") == assigned(survey, reference, "salt") in ("a", "b")


def test_the_sides_are_as_large_as_their_shares():
    """A quarter is a quarter, whatever the references look like."""
    sides = Counter(assigned(read(TWICE), f"c-{n}", "salt") for n in range(20_000))

    assert shares(read(TWICE)) == {"a": 0.5, "b": 0.25, "c": 0.25}
    assert all(abs(sides[side] / 20_000 - share) < 0.015 for side, share in shares(read(TWICE)).items())


def test_another_experiment_shares_everybody_out_anew():
    """Or what the first did to people would count in the second."""
    survey, other = read(SURVEY), read(SURVEY.replace("recommend_first", "another"))
    both = Counter((assigned(survey, f"c-{n}", "salt"), assigned(other, f"c-{n}", "salt")) for n in range(8_000))

    assert all(abs(count - 2_000) < 200 for count in both.values())
    assert len(both) == 4


def test_another_installation_has_other_sides():
    """So that nobody who reads this code knows on which side a reference falls."""
    survey = read(SURVEY)

    one, other = ([assigned(survey, f"c-{n}", salt) for n in range(64)] for salt in ("one", "other"))
    assert one != other


def test_without_an_experiment_nobody_has_a_side():
    """So nothing is stored, and nothing is looked up."""
    assert assigned(replace(read(SURVEY), experiment=None), "c-1", "salt") is None


# --- how a side is asked ---------------------------------------------------------------------------------------------


def test_a_variant_is_the_survey_with_its_words_and_its_order():
    """And with everything else as it was: keys, kinds, scales, conditions."""
    survey = read(SURVEY)
    varied = as_asked(survey, "b")

    assert [question.key for question in varied.questions] == ["recommend", "satisfaction"]
    assert varied.question("satisfaction").text["en"] == "And how was today's visit?"
    assert varied.question("recommend") == survey.question("recommend")
    assert replace(varied, questions=survey.questions, experiment=survey.experiment) == survey


@pytest.mark.parametrize("side", [AS_WRITTEN, None])
def test_the_survey_as_it_is_written_is_itself(side):
    """Not a copy: no memory for what does not differ."""
    survey = read(SURVEY)

    assert as_asked(survey, side) is survey


def test_an_order_moves_only_what_it_names(root):
    """The others keep their places; a matrix moves with all its rows."""
    survey = read((root / "tests/conversations/golden/survey_experiment_1.toml").read_text("utf-8"))

    assert [question.key for question in as_asked(survey, "b").questions] == [
        "satisfaction", "recommend", "sides_staff", "sides_wait",
    ]  # fmt: skip


def test_the_words_of_a_matrix_and_of_its_rows_are_changed_apart(root):
    """The ends of the scale go with the question that has them."""
    survey = read((root / "tests/conversations/golden/survey_experiment_1.toml").read_text("utf-8"))
    satisfaction, *rows, _ = as_asked(survey, "c").questions

    assert [row.text["en"] for row in rows] == ["The staff were kind.", "It was my turn soon."]
    assert {row.row.introduction["en"] for row in rows if row.row} == {"True or not?"}
    assert (satisfaction.high_end or {})["en"] == "very much"


def test_what_is_said_around_the_questions_does_not_end_an_experiment():
    """Nor does a line more in the file; another wording does, and another share."""
    survey = read(SURVEY)

    assert same_experiment(survey, read('# a comment\nthanks.en = "T"\nthanks.zh-Hans = "谢"\n' + SURVEY))
    assert not same_experiment(survey, read(SURVEY.replace("How was your visit?", "How did we do?")))
    assert not same_experiment(survey, read(SURVEY.replace("share = 0.5", "share = 0.4")))
    assert not same_experiment(survey, replace(survey, experiment=None))


# --- the file --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [SURVEY, TWICE])
def test_an_experiment_is_written_as_it_is_read(source):
    """An editor saves, and the experiment is still there."""
    assert toml(read(toml(read(source)))) == toml(read(source))
    assert read(toml(read(source))).experiment == read(source).experiment


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('key = "b"', 'key = "a"', 'variant.0.key: "a" is the survey as it is written.'),
        (
            "share = 0.5",
            "share = 1",
            "variant.0.share: The variant does not say for which share of the customers it is.",
        ),
        ("share = 0.5", "", "variant.0.share: The variant does not say for which share of the customers it is."),
        ("share = 0.5", "share = 0.9999999", "variant.0.share: Together the shares are all there is."),
        ('"recommend", "sat', '"satisfaction", "recommend", "sat', 'variant.0.order: "satisfaction" is there twice.'),
        (
            '["recommend", "satisfaction"]',
            '["nobody"]',
            'variant.0.order: There is no question "nobody" to put in order.',
        ),
        (
            '["recommend", "satisfaction"]',
            '["recommend"]',
            "variant.0.order: The order is that of the survey as it is written.",
        ),
        ('["recommend", "satisfaction"]', '"b"', "variant.0.order: The order is no list of questions."),
        (
            "question.satisfaction.text.zh-Hans",
            "question.satisfaction.text.fr",
            "variant.0.question.satisfaction.text.zh-Hans: text is missing in zh-Hans.",
        ),
        (
            'question.satisfaction.text.zh-Hans = "那么，今天这次光临您满意吗？"',
            'question.nobody.text.en = "?"',
            'variant.0.question.nobody: There is no question "nobody".',
        ),
        (
            "order =",
            "question.satisfaction.scale = [1, 7]\norder =",
            (
                'variant.0.question.satisfaction.scale: A variant cannot change "scale": '
                "the answers of both sides could not be compared."
            ),
        ),
        (
            "order =",
            "question.satisfaction.low.en = 'no'\norder =",
            "variant.0.question.satisfaction.low: Only one end of the scale has words.",
        ),
        ("answers = 200", "answers = 7", "experiment.answers: answers = 7 is no number of answers to plan with."),
        ('experiment.key = "recommend_first"\nexperiment.answers = 200', "", "experiment: The experiment has no name."),
        (
            "languages =",
            "anonymous = true\nlanguages =",
            "experiment: An anonymous survey is asked in one way only: a side would tell who answered.",
        ),
        ('key = "after_visit"', 'key = "follow_up"', "experiment: The follow-up is asked in one way only."),
    ],
)
def test_what_cannot_be_tried_is_named_at_its_place(right, wrong, said):
    """Whatever would keep the sides from being compared is refused before anybody is asked."""
    assert right in SURVEY

    assert said in problems(SURVEY.replace(right, wrong))


def test_a_variant_without_a_difference_and_an_experiment_without_a_variant_are_refused():
    """They would cost half a year of answers and show nothing."""
    head, _, _ = SURVEY.partition("[[variant]]")

    assert problems(head) == ["variant: The experiment has nothing to try."]
    assert problems(head + '[[variant]]\nkey = "b"\nshare = 0.5\n') == ["variant.0: The variant differs in nothing."]
    assert problems(TWICE.replace('key = "c"', 'key = "b"')) == ['variant.1.key: The variant "b" is there twice.']


def test_each_variant_is_checked_as_the_whole_survey_that_it_comes_to():
    """A branch that asks about what comes first in the file asks too early in another order."""
    branch = '[[question.branch]]\nwhen = "satisfaction <= 2"\nto = "end"\n\n'
    source = SURVEY.replace("[[variant]]", branch + "[[variant]]").replace("# what happens after", branch)

    [problem] = [each for each in check(source) if each.path[0] == "variant"]
    assert problem.path == ("variant", 0, "order")
    assert problem.message.startswith('Asked as variant "b": "satisfaction" has no answer yet')


def test_words_of_a_variant_are_checked_where_they_stand():
    """A text that cannot be shown is as bad on one side as on both."""
    [problem] = check(SURVEY.replace("today's visit?", "{{ nobody }}?"))

    assert problem.path == ("variant", 0, "question", "satisfaction", "text", "en")
    assert problem.line == SURVEY[: SURVEY.index("question.satisfaction.text.en")].count("\n") + 1


def test_what_is_wrong_with_the_survey_itself_is_said_once():
    """Not once for each variant."""
    found = check(TWICE.replace("How likely are you", "How great are we, and how likely are you"))

    assert {problem.path[0] for problem in found} == {"question"}
    assert len(found) == len(set(found))


# --- what differs ----------------------------------------------------------------------------------------------------


def told(before: str, after: str) -> list[str]:
    from conversations.phrases import in_english

    return [in_english(each.what) for each in differences(read(before), read(after))]


def test_what_an_editor_changed_in_an_experiment_is_read_line_by_line():
    """Begun, changed, ended."""
    without = toml(replace(read(SURVEY), experiment=None))

    assert told(without, SURVEY)[:2] == ["New experiment", "New variant"]
    assert told(SURVEY, without) == ["Experiment ended"]
    assert told(SURVEY, SURVEY.replace("share = 0.5", "share = 0.4")) == ["Changed: the share of variant b"]
    assert told(SURVEY, SURVEY.replace("today's", "this")) == ["Changed in en: the text in variant b"]


def test_what_begins_the_counting_anew_is_named_before_it_is_published():
    """An experiment half-way through is worth something."""
    changed = differences(read(SURVEY), read(SURVEY.replace("share = 0.5", "share = 0.4")))

    assert len(breaks(changed)) == 1
