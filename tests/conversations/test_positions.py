"""Claims about the line that a survey's author is sent to."""

import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.positions import index, positions
from conversations.problems import KeyPath

SURVEY = '''\
# a comment with [brackets] and key = "values"
format = 1
title.en = "One"
"title".zh-Hans = '一'
remind = [
    "24h",  # the first
    "48h",
]
apology.en = """
Dear {{ customer.name }},
[[question]]
we are "sorry".
"""

[[question]]
key = "a"
text = { en = "A", zh-Hans = "甲" }

[[question.branch]]
when = "a <= 2"
[[question.branch]]
to = "end"

[[question]]
key = "b"
options = [
    { key = "late", label.en = "Late" },
    { key = "rude", label.en = "Rude" },
]
[[question.branch]]
to = "end"
[extra.table]
deep = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("format",), 2),
        (("title",), 3),
        (("title", "zh-Hans"), 4),
        (("remind",), 5),
        (("remind", 1), 7),
        (("apology", "en"), 9),
        (("question",), 15),
        (("question", 0, "key"), 16),
        (("question", 0, "text", "zh-Hans"), 17),
        (("question", 0, "branch", 0, "when"), 20),
        (("question", 0, "branch", 1), 21),
        (("question", 0, "branch", 1, "to"), 22),
        (("question", 1), 24),
        (("question", 1, "options", 1, "label", "en"), 28),
        (("question", 1, "branch", 0, "to"), 31),
        (("extra", "table", "deep"), 33),
    ],
)
def test_every_key_has_its_line(path, line):
    """An author with forty questions finds the wrong one by its line, or not at all."""
    assert index(SURVEY)[path] == line


def test_a_line_inside_a_text_is_a_line_of_the_file():
    """A mistake on the third line of an apology is on the fourth line after its quotes."""
    assert positions(SURVEY).line_in(("apology", "en"), 1) == 10
    assert positions(SURVEY).line_in(("title", "en"), 1) == 3


def test_what_is_missing_is_shown_where_it_belongs():
    """A missing text has no line of its own; its question has."""
    assert positions(SURVEY).line(("question", 1, "text")) == 24


def test_signs_of_structure_inside_texts_are_no_structure():
    """`[[question]]` inside a text opens no question."""
    assert ("question", 2) not in index(SURVEY)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_windows_line_ends_count_once(ends):
    """Surveys are written in Notepad too."""
    assert index(SURVEY.replace("\n", ends))[("question", 1)] == 24


def _paths(table: dict[str, Any] | list[Any], path: KeyPath = ()) -> Iterator[KeyPath]:
    items: Iterable[tuple[str | int, Any]] = table.items() if isinstance(table, dict) else enumerate(table)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from _paths(value, (*path, key))


def test_no_key_is_forgotten():
    """tomllib says which keys there are; each of them has a line."""
    assert set(_paths(tomllib.loads(SURVEY))) <= set(index(SURVEY))


WORDS = st.text(st.sampled_from("ab \"'[]{}=#.,\\\n"), max_size=30)


@given(WORDS)
def test_nonsense_is_scanned_to_its_end(text):
    """The scan may be wrong about what is no TOML, but it ends and raises nothing."""
    assert all(line >= 1 for line in index(text).values())


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_texts_of_any_content_keep_the_lines_behind_them(texts):
    """Quotes, brackets and line ends inside a text do not move what follows it."""
    quoted = [text.replace("\\", "\\\\").replace('"', '\\"') for text in texts]
    source = "".join(f'k{n} = """{text}"""\n' for n, text in enumerate(quoted)) + "last = 1\n"

    assert index(source)[("last",)] == source.count("\n")
