"""The picture of a survey's ways: what stands in it, that nothing breaks out of it, and how long it takes."""

import re
import time
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.branches.chart import ENDS, NOWHERE, UNHAPPY, chart
from bot.branches.drawing import drawn
from bot.branches.layout import BOX, LEFT, WIDTH, laid_out, width, wrapped
from bot.publishing import library
from conversations.checking import check
from conversations.reading import draft
from conversations.surveys import Survey

SHIPPED = [file.survey for file in library()]
BY_KEY = {survey.key: survey for survey in SHIPPED}
SVG = "{http://www.w3.org/2000/svg}"


def survey_of(source: str) -> Survey:
    survey = draft(source).survey
    assert survey is not None
    return survey


def written(*questions: str, top: str = "") -> str:
    head = f'format = 1\nkey = "mine"\ntouchpoint = "x"\nlanguages = ["en"]\n{top}\n'
    return head + "\n".join(f"[[question]]\n{question}" for question in questions)


def question(key: str, *branches: str, text: str = "How?", kind: str = "csat") -> str:
    lines = [f'key = "{key}"', f'kind = "{kind}"', f"text.en = '''{text}'''"]
    return "\n".join([*lines, *(f"[[question.branch]]\n{branch}" for branch in branches)])


@pytest.mark.parametrize("survey", SHIPPED, ids=lambda survey: survey.key)
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_what_we_ship_is_drawn_within_its_width(survey, language):
    """Nothing stands outside of the picture, and every question has its box and its link."""
    picture = laid_out(chart(survey, language, language))
    root = ElementTree.fromstring(drawn(survey, language, language))

    assert all(lane.x < WIDTH for lane in picture.lanes.values())
    assert all(width(line, 14) <= BOX for laid in picture.boxes for line in laid.lines)
    links = {link.get("href") for link in root.iter(f"{SVG}a")}
    keys = {one.row.matrix if one.row else one.key for one in survey.questions}
    assert links == {f"#question-{key}" for key in keys}


def test_the_ways_are_said_in_words():
    """What an author reads in the picture is what is asked."""
    boxes = {box.key: box for box in chart(BY_KEY["after_delivery"], "en", "en").boxes}

    assert [(way.words, way.to) for way in boxes["satisfaction"].exits] == [
        ("if the answer is 4 or more", ENDS),
        ("if the answer is 2 or less", "what_happened"),
    ]
    assert (boxes["satisfaction"].falls_to, boxes["satisfaction"].falls_words) == ("went_wrong", "otherwise")
    assert boxes["went_wrong"].falls_to == ""
    assert boxes[UNHAPPY].exits[0].to == "what_happened"
    assert boxes["satisfaction"].text == "Hello Ana! How satisfied are you with the delivery of the lamp?"


def test_a_matrix_is_one_box():
    """Its rows are asked one after the other, but an author wrote one question."""
    boxes = chart(BY_KEY["after_checkout"], "en", "en").boxes

    assert [box.number for box in boxes if box.kind == "question"] == [1, 2, 3, 4, 5]
    assert boxes[2].text.startswith("Four taps help us")


def test_what_is_wrong_is_marked():
    """A question nobody comes to is dashed, a branch to nowhere has a question mark, an error its sign."""
    source = written(
        question("a", 'to = "end"'), question("b", 'when = "a == 9"\nto = "nowhere"'), question("c", text="{{ x y }}")
    )
    picture = drawn(survey_of(source), "en", "en", check(source))
    boxes = chart(survey_of(source), "en", "en", check(source)).boxes

    assert boxes[1].unasked
    assert boxes[1].exits[0].to == NOWHERE
    assert [box.wrong for box in boxes[:3]] == [False, True, True]
    assert 'stroke-dasharray="5 4"' in picture
    assert "⚠" in picture
    assert ">?</text>" in picture


def test_who_does_not_see_it_hears_it():
    """The same in words, in order."""
    told = chart(BY_KEY["after_delivery"], "en", "en").told.splitlines()

    assert told[2].startswith("1. Hello Ana!")
    assert told[3] == "if the answer is 4 or more: to The end, with thanks"
    assert told[4] == "if the answer is 2 or less: to question 3"


@given(st.text(max_size=300), st.text(max_size=80))
def test_hostile_texts_stay_texts(text, key):
    """Whatever somebody writes into a draft: the picture is well formed, and holds no script of theirs."""
    import json

    source = f'format = 1\nkey = "m"\nlanguages = ["en"]\n[[question]]\nkey = {json.dumps(key)}\n'
    survey = draft(source + f'kind = "text"\ntext.en = {json.dumps("<script>&" + text)}\n').survey
    if survey is not None and survey.questions:
        picture = drawn(survey, "en", "en")

        ElementTree.fromstring(picture)
        assert "<script" not in picture


def test_one_that_is_half_written_is_drawn():
    """No key, no kind, no words, a condition that cannot be read, twice the same key: the picture goes on."""
    source = written('kind = "csat"', "", question("a", 'when = "a ="\nto = ""'), question("a"), top='unhappy = "a <"')

    ElementTree.fromstring(drawn(survey_of(source), "en", "zh-Hant", check(source)))


def test_a_large_survey_is_drawn_at_once():
    """Fifty questions with a hundred branches: an author who types shall not wait for it."""
    source = written(
        *(
            question(
                f"q{n}",
                *(
                    f'when = "q{n} == {m + 1} and q{max(n - 1, 0)} <= 3"\nto = "q{(n * 7 + m * 13) % 50}"'
                    for m in range(2)
                ),
                text=f"Question {n}: how satisfied are you with what we did for you on that day?",
            )
            for n in range(50)
        )
    )
    survey = survey_of(source)
    drawn(survey, "en", "en")
    taken, picture = [], ""
    for _ in range(5):
        began = time.process_time()
        picture = drawn(survey, "en", "en")
        taken.append(time.process_time() - began)

    assert min(taken) < 0.1  # 0.03 s on an idle machine; this one may be busy
    assert len(re.findall("<rect", picture)) == 51


@given(st.text(max_size=400), st.integers(40, 300), st.integers(1, 5))
def test_lines_fit(text, room, most):
    """No line is wider than its box but for a single character, and there are never too many."""
    lines = wrapped(text, 14, room, most)

    assert 1 <= len(lines) <= most
    assert all(width(line, 14) <= room or len(line.strip()) <= 2 for line in lines)


def test_boxes_begin_at_the_left():
    """The spine is one straight line, so that the order of the file is seen at a glance."""
    rects = re.findall(r'<rect x="(\d+)"', drawn(BY_KEY["after_repair"], "en", "en"))

    assert set(rects) == {str(LEFT)}
