"""Files that are broken, cut off or written to harm: a sentence, never a traceback, and never for long."""

import json
import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversations.checking import check
from conversations.importing import FORMATS, NotReadable, read
from conversations.rehearsing import walk
from tests.conversations.importing.conftest import read_whole

ODD: list[Any] = [
    *(None, True, -1, 1e308, 10**17, 10**40, "", "x" * 9000, "{{ x }}", "{% raw %}", "{#", "\x00", "\ud800"),
    *("\ue000answer:x\ue001", [], {}, [[]], [None], {"a": {}}, "<b>&amp;<script>", "@(((", "{a}} and {b", "${q}"),
    *("❤️", "end", "customer", '"\\', "3.7"),
]
WHOLE: dict[str, Any] = {
    source: json.loads((Path(__file__).parent / "whole" / f"{source}.json").read_text("utf-8")) for source in FORMATS
}

MOST_PLACES = 20_000
"""A list that holds itself repeated, ten times over, is larger than any machine: what is that large grows no more."""


def read_or_refused(content: bytes, source: str | None = None) -> None:
    """Read it; whatever becomes a survey is one that holds, and nothing but NotReadable is raised."""
    try:
        made = read("hostile.json", content, source)
    except NotReadable:
        return
    if made.survey is not None:
        assert [problem for problem in check(made.toml) if problem.severity == "error"] == []
        assert walk(made.survey, most=300).stuck == ()


@pytest.mark.parametrize("source", FORMATS)
def test_the_definitions_that_are_broken_here_are_whole(source):
    """Else breaking them would show nothing."""
    made = read_whole("whole.json", json.dumps(WHOLE[source]).encode(), source)

    assert made.survey is not None


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        for at in list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ():
            yield one, at
            waiting.append(one[at])


@pytest.mark.parametrize("source", FORMATS)
@settings(max_examples=25)
@given(st.integers(0, 2**32))
def test_a_definition_with_anything_anywhere_never_fails(source, seed):
    """Values of other types, removed, repeated and swapped, up to ten at once."""
    chance = random.Random(seed)
    broken = json.loads(json.dumps(WHOLE[source]))
    for _ in range(chance.randint(1, 10)):
        there = list(islice(places(broken), MOST_PLACES))
        if not there:
            break
        inside, at = chance.choice(there)
        what = chance.random()
        if what < 0.6:
            inside[at] = chance.choice(ODD)
        elif what < 0.75:
            other, _ = chance.choice(there)
            inside[at] = json.loads(json.dumps(other))
        elif what < 0.85:
            del inside[at]
        elif isinstance(inside[at], list) and len(there) < MOST_PLACES // 12:
            inside[at] = inside[at] * 12
    read_or_refused(json.dumps(broken).encode(), chance.choice([None, source]))  # fmt: skip


@pytest.mark.parametrize("source", FORMATS)
def test_a_file_that_is_cut_off_is_told_so(source):
    """At any byte; it names the line, so that one can look."""
    content = json.dumps(WHOLE[source], indent=1).encode()
    for end in range(1, len(content) - 1, 97):
        with pytest.raises(NotReadable) as refused:
            read("cut.json", content[:end], source)
        assert refused.value.where.startswith("cut.json")


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused(content):
    """A picture, an archive, nothing at all."""
    read_or_refused(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" + b"9" * 10_000 + b"]",
        b'{"pages": NaN}',
        b"\xff\xfe" + "{".encode("utf-16-le"),
        b"\x80abc",
        b" " * 9_000_000,
        b"[" + b"1," * 300_000 + b"1]",
    ],
    ids=["nothing", "lists", "tables", "figure", "nan", "utf-16", "latin-1", "large", "many"],
)
def test_what_is_nested_long_or_large_beyond_reason_is_refused(content):
    """Before it is looked at any closer."""
    with pytest.raises(NotReadable):
        read("bad.json", content)


def test_a_flow_of_thousands_of_steps_is_refused():
    """Nobody answers so many."""
    nodes = [
        {"uuid": f"n{n}", "actions": [{"type": "send_msg", "text": "Hi"}], "exits": [{"destination_uuid": f"n{n + 1}"}]}
        for n in range(3000)
    ]
    with pytest.raises(NotReadable):
        read("long.json", json.dumps({"flows": [{"name": "Long", "nodes": nodes}]}).encode())


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 500 + "{a} = 1" + ")" * 500,
        "not " * 2000 + "{a} = 1",
        " and ".join(["{a} = 1"] * 300),
        "{a} = '" + "x" * 3000 + "'",
        "{" * 200,
        "[" * 300,
        "- " * 500 + "1 = {a}",
    ],
    ids=["parentheses", "nots", "ands", "text", "braces", "lists", "minus"],
)
def test_expressions_are_bounded(expression):
    """Those that are too long or too deep are named, and what they decide is asked of everybody."""
    survey = {
        "locale": "en",
        "elements": [
            {"type": "rating", "name": "a", "rateType": "stars"},
            {"type": "text", "name": "b", "visibleIf": expression},
        ],
    }
    made = read_whole("long.json", json.dumps(survey).encode())

    assert made.survey
    assert made.survey.questions[0].key == "a"


def test_flows_that_enter_each_other_end():
    """A enters B, B enters A, both say something."""
    flows = [
        {
            "uuid": one,
            "name": one,
            "nodes": [
                {
                    "uuid": f"n{one}",
                    "actions": [
                        {"type": "send_msg", "text": f"This is {one}."},
                        {"type": "enter_flow", "flow": {"uuid": other}},
                    ],
                    "exits": [{"destination_uuid": f"n{one}"}],
                }
            ],
        }
        for one, other in (("A", "B"), ("B", "A"))
    ]
    made = read_whole("round.json", json.dumps({"flows": flows}).encode())

    assert made.survey
    assert [one.text["en"] for one in made.survey.questions] == ["This is A."]
