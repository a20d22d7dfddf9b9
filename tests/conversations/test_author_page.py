"""Claims about docs/author.md: what it shows can be copied, and it leaves nothing out."""

import re

import pytest

from bot.publishing import library
from conversations import questions, reading
from conversations.checking import check
from conversations.conditions import check as complaints
from conversations.reading import read

FENCED = re.compile(r"```toml\n(.*?)```", re.DOTALL)
HEAD = 'format = 1\nkey = "example"\ntouchpoint = "visit"\nlanguages = ["en"]\n\n'
"""What stands above an example that shows questions only."""


def examples_of(page):
    return [found if found.startswith("format") else HEAD + found for found in FENCED.findall(page)]


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "author.md").read_text("utf-8")


def test_every_example_is_a_survey_without_fault(page):
    """Authors copy before they read."""
    examples = examples_of(page)

    assert len(examples) >= 9
    assert [check(example) for example in examples] == [[]] * len(examples)


@pytest.mark.parametrize("key", [*reading.KEYS, *questions.KEYS, *questions.KINDS, "when", "to", "label"])
def test_every_key_and_kind_is_on_the_page(page, key):
    """There is no list of exceptions."""
    assert re.search(rf"[`\[.]{key}[`\]. ]|^{key}[ .]|{{ {key} = |, {key}\.", page, re.MULTILINE)


@pytest.mark.parametrize("kind", questions.KINDS)
def test_every_kind_has_an_example(page, kind):
    """It is copied, and changed."""
    assert any(question.kind == kind for example in examples_of(page) for question in read(example).questions)


def test_the_words_about_a_matrix_name_its_rows_as_they_are(page):
    """The key of a row is the one thing that cannot be seen in the file."""
    [stay] = [read(example) for example in examples_of(page) if 'kind = "matrix"' in example]

    assert stay.question("stay_room").row is not None


def test_every_shipped_survey_is_on_the_page_with_its_touchpoint(page):
    """What ships is found by reading, not by looking into a folder."""
    shipped = {(file.survey.key, file.survey.touchpoint) for file in library()}

    assert set(re.findall(r"^\| `(\w+)` \| `(\w+)` \|.*[a-z]", page, re.MULTILINE)) == shipped


def test_every_condition_of_the_table_makes_sense(page):
    """The table stands beside the largest example, and is about its questions."""
    read_ = {survey.key: survey for survey in map(read, examples_of(page))}
    largest, branches = read_["after_stay"], read_["branches"]
    reason = read(
        'format = 1\nkey = "r"\ntouchpoint = "t"\nlanguages = ["en"]\n[[question]]\nkey = "reason"\nkind = "choice"\n'
        'text.en = "Why?"\noptions = [{key="price", label.en="Price"}, {key="late", label.en="Late"}]\n'
    )
    liked = largest.question("liked")
    table = page[page.index("| condition | holds when |") : page.index("A question that was not answered")]
    conditions = [
        found for row in table.strip().splitlines()[2:] for found in re.findall(r"`([^`…]+)`", row.split("|")[1])
    ]
    known = [*largest.questions, *branches.questions, *reason.questions, liked]

    assert len(conditions) >= 7
    assert {condition: complaints(condition.replace('"late" in', '"quiet" in'), known) for condition in conditions} == {
        condition: [] for condition in conditions
    }
