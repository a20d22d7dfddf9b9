"""Claims about docs/author.md: what it shows can be copied, and it leaves nothing out."""

import re

import pytest

from conversations import questions, reading
from conversations.checking import check
from conversations.conditions import check as complaints
from conversations.reading import read

FENCED = re.compile(r"```toml\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "author.md").read_text("utf-8")


def test_every_example_is_a_survey_without_fault(page):
    """Authors copy before they read."""
    examples = FENCED.findall(page)

    assert len(examples) >= 4
    assert [check(example) for example in examples] == [[]] * len(examples)


@pytest.mark.parametrize("key", [*reading.KEYS, *questions.KEYS, *questions.KINDS, "when", "to", "label"])
def test_every_key_and_kind_is_on_the_page(page, key):
    """There is no list of exceptions."""
    assert re.search(rf"[`\[.]{key}[`\]. ]|^{key}[ .]|{{ {key} = |, {key}\.", page, re.MULTILINE)


def test_every_condition_of_the_table_makes_sense(page):
    """The table stands beside the largest example, and is about its questions."""
    [_, largest, branches, *_] = [read(example) for example in FENCED.findall(page)]
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
