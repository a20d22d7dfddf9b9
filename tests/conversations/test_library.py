"""Claims about the surveys that we ship."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest

import conversations
from conversations.branching import following
from conversations.checking import check
from conversations.conditions import holds
from conversations.facts import NOTHING_KNOWN, Facts, Value, possible_answers
from conversations.reading import read
from conversations.surveys import RATINGS, Question, Survey
from conversations.wording import render

LIBRARY = sorted((Path(conversations.__file__).parent / "library").glob("*.toml"))
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
SHIPPED = {
    *("csat_reason", "nps_reason", "after_delivery", "after_repair", "pulse", "follow_up"),
    *("ces_effort", "after_checkout", "servqual_short", "service_level", "price_clarity"),
}


@pytest.fixture(params=LIBRARY, ids=lambda path: path.stem)
def source(request):
    return request.param.read_text("utf-8")


def survey_of(name: str) -> Survey:
    [path] = [path for path in LIBRARY if path.stem == name]
    return read(path.read_text("utf-8"), path.name)


def walk(survey: Survey, answers: Mapping[str, Value | None]) -> list[str]:
    """Return the questions that these answers come to, the unhappy condition aside."""
    key: str | None = survey.questions[0].key
    asked: list[str] = []
    given: dict[str, Value] = {}
    while key is not None:
        asked.append(key)
        if (value := answers.get(key)) is not None:
            given[key] = value
        key = following(survey, key, given, NOTHING_KNOWN)
        assert len(asked) <= len(survey.questions)
    return asked


def ways_to_answer(survey: Survey) -> Iterator[dict[str, Value | None]]:
    narrowed = [_narrowed(question) for question in survey.questions]
    keys = [question.key for question in survey.questions]
    return (dict(zip(keys, chosen, strict=True)) for chosen in product(*narrowed))


def _narrowed(question: Question) -> tuple[Value | None, ...]:
    values = (*(possible_answers(question) or ()), None)
    if question.row:  # ten of them have more combinations than anybody waits for
        return (values[0], None)
    return tuple(dict.fromkeys((values[0], values[len(values) // 2], values[-2], None))) if len(values) > 2 else values


def test_the_library_is_complete():
    """The four of the card, the pulse, the check-in of every case, and the five of daily use."""
    assert {path.stem for path in LIBRARY} == SHIPPED


def test_each_shipped_survey_has_a_touchpoint_of_its_own():
    """All of them are published; a service event must lead to one, never to whichever was published last."""
    touchpoints = [survey_of(name).touchpoint for name in SHIPPED]

    assert len(set(touchpoints)) == len(touchpoints)


def test_a_shipped_survey_is_without_fault_and_without_advice(source):
    """What we ship is what authors copy."""
    assert check(source) == []


def test_a_shipped_survey_speaks_three_languages(source):
    """en, zh-Hans and zh-Hant are complete, always."""
    assert read(source).languages == LANGUAGES


def test_every_way_through_a_shipped_survey_ends(source):
    """Whatever is answered or skipped, thanks come at last."""
    survey = read(source)

    assert all(walk(survey, answers) for answers in ways_to_answer(survey))


def test_a_shipped_survey_reads_well_when_nothing_is_known(source):
    """Names and items are often missing; the sentence must not show it."""
    survey = read(source)
    rows = [question.row.introduction for question in survey.questions if question.row]
    texts = [survey.thanks, survey.apology, *(question.text for question in survey.questions), *rows]

    for text in (render(text, NOTHING_KNOWN, {}) for texts_ in texts for text in texts_.values()):
        assert text == text.strip()
        assert not any(
            trace in text for trace in ("None", "{", "  ", " ?", " ,", " .", ",,", "，，", "，？", "「」", "“”")
        )
        assert text[-1] in ".?!。？！"


def test_a_shipped_survey_calls_people_by_name_once_it_knows_it(source):
    """The thanks are for somebody."""
    survey = read(source)

    for text in survey.thanks.values():
        assert "Ana" in render(text, Facts(customer={"name": "Ana"}), {})


def test_chinese_is_written_in_its_own_signs(source):
    """Half-width punctuation between Chinese characters looks like a machine."""
    survey = read(source)

    for texts in (survey.thanks, survey.apology, *(question.text for question in survey.questions)):
        for language in ("zh-Hans", "zh-Hant"):
            text = render(texts.get(language, ""), NOTHING_KNOWN, {})
            assert not set(text) & set(",.?!:;()\"'")


@pytest.mark.parametrize("name", sorted(SHIPPED - {"pulse"}))
def test_low_ratings_are_unhappy_and_lead_to_the_same_question_as_explain(name):
    """A rehearsal without the engine, and the engine, end at the same question."""
    survey = survey_of(name)

    for question in survey.questions:
        if question.kind in RATINGS and question.scale and not question.key.startswith("expected_"):
            answers = {question.key: question.scale.high if question.kind == "ces" else question.scale.low}
            assert holds(survey.unhappy, answers, NOTHING_KNOWN) is True
            if question.branches:
                assert following(survey, question.key, answers, NOTHING_KNOWN) == survey.explain


def test_effort_is_bad_at_its_high_end():
    """The one scale on which a seven is no praise, and it says so."""
    [effort] = [question for question in survey_of("ces_effort").questions if question.kind == "ces"]

    assert effort.high_end is not None
    assert effort.high_end["en"] == "very hard"
    assert walk(survey_of("ces_effort"), {"effort": 1}) == ["effort"]


def test_servqual_asks_for_five_dimensions_twice():
    """What one expects, then what one found; only the second can be unhappy."""
    rows = [question.key for question in survey_of("servqual_short").questions if question.row]
    dimensions = ["tangibles", "reliability", "responsiveness", "assurance", "empathy"]

    assert rows == [f"{matrix}_{dimension}" for matrix in ("expected", "found") for dimension in dimensions]


def test_the_service_level_has_six_levels_and_two_are_unhappy():
    """Kaufman's words are the keys; a customer reads kinder ones."""
    survey = survey_of("service_level")
    levels = [option.key for option in survey.question("level").options]
    unhappy = [level for level in levels if holds(survey.unhappy, {"level": level}, NOTHING_KNOWN)]

    assert levels == ["unbelievable", "surprising", "desired", "expected", "basic", "criminal"]
    assert unhappy == ["basic", "criminal"]


@pytest.mark.parametrize(("name", "rating"), [("csat_reason", 4), ("csat_reason", 5), ("after_delivery", 5)])
def test_one_tap_is_enough_for_the_happy_and_lazy(name, rating):
    """Link, Start, one tap, thanks."""
    assert walk(survey_of(name), {"satisfaction": rating}) == ["satisfaction"]


def test_the_pulse_only_measures():
    """It asks the four questions that others ask too, in their order and on their scales."""
    pulse = survey_of("pulse")

    assert pulse.unhappy == ""
    assert [
        (question.kind, question.scale and (question.scale.low, question.scale.high)) for question in pulse.questions
    ] == [
        ("csat", (1, 5)),
        ("nps", (0, 10)),
        ("ces", (1, 7)),
        ("text", None),
    ]


def test_the_repair_is_rated_in_three_aspects():
    """Timeliness, ease and expertise."""
    aspects = [question.aspect for question in survey_of("after_repair").questions if question.aspect]

    assert aspects == ["timeliness", "ease", "expertise"]


@pytest.mark.parametrize("said", ["no", False])
def test_a_check_in_that_hears_no_is_unhappy(said):
    """It was not put right, whatever the rating would have been."""
    follow_up = survey_of("follow_up")

    assert holds(follow_up.unhappy, {"put_right": said}, NOTHING_KNOWN) is True
    assert following(follow_up, "put_right", {"put_right": said}, NOTHING_KNOWN) == "what_is_missing"


def test_reading_a_survey_does_not_import_jinja(root):
    """That import is a sixth of the cold start; it waits for the first text or condition."""
    path = root / "conversations" / "library" / "csat_reason.toml"
    program = (
        "import sys; from conversations import branching, conditions, wording; from conversations.reading import read; "
        "read(open(sys.argv[1], encoding='utf-8').read()); print('jinja2' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", program, path], cwd=root, capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
