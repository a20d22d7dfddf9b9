"""The one place where texts and conditions of surveys are read: texts that no run has seen try to harm it.

Each run makes fifty thousand others. Its seed is printed; `HOSTILE_SEED` and `HOSTILE_TEXTS` repeat or lengthen it.
"""

import ast
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conversations import conditions, wording
from conversations.facts import NOTHING_KNOWN, Facts
from conversations.problems import ConditionRefused, WordingRefused
from conversations.reading import draft
from conversations.templates import LONGEST_RENDERED
from tests.hostile.texts import KNOWN, QUESTIONS
from tests.waiting import LIMIT

SHARES = 2
TEXTS = int(os.environ.get("HOSTILE_TEXTS", "50000")) // SHARES
CONDITIONS = TEXTS // 10
SECONDS = 2.0
"""Of processor time, for one text: what a busy machine takes for the largest, several times over."""


def test_fifty_thousand_texts_are_refused_or_bounded(root):
    """Each half has a process of its own with 400 MB: a text that takes more, or never ends, ends the test."""
    seed = os.environ.get("HOSTILE_SEED") or secrets.token_hex(4)
    print(f"\nseed {seed}")  # noqa: T201 - a failure shows it
    command = [sys.executable, "-m", "tests.hostile.child"]
    children = [
        subprocess.Popen([*command, f"{seed}.{share}", str(TEXTS), str(CONDITIONS)], cwd=root, stdout=subprocess.PIPE)
        for share in range(SHARES)
    ]
    told: list[dict[str, Any]] = [json.loads(child.communicate(timeout=10 * LIMIT)[0]) for child in children]

    assert [child.returncode for child in children] == [0] * SHARES
    assert [each["wrong"] for each in told] == [[]] * SHARES
    assert all(each["slowest"] < SECONDS and each["longest"] <= LONGEST_RENDERED for each in told)
    # Both halves of the grammar are met: what only refuses, or only accepts, shows nothing.
    assert all(each["refused"] > TEXTS // 2 and each["filled"] > TEXTS // 5 for each in told)


@pytest.mark.parametrize("name", KNOWN)
def test_the_known_ones_are_refused_before_anything_is_compiled(name):
    """The sandbox alone holds neither time nor memory."""
    assert wording.check(KNOWN[name], QUESTIONS) != []
    with pytest.raises(WordingRefused):
        wording.render(KNOWN[name], NOTHING_KNOWN, {})
    with pytest.raises(ConditionRefused):
        conditions.holds(KNOWN[name].strip("{} "), {}, NOTHING_KNOWN)


def test_there_are_twenty_three():
    """As many as were tried."""
    assert len(KNOWN) == 23


def test_texts_are_compiled_at_one_place(root):
    """Every way in comes to it: nothing else in the product makes an environment, or a template of a text."""
    made = {
        path.relative_to(root).as_posix()
        for floor in ("bot", "conversations", "recovery", "reports", "storage")
        for path in (root / floor).rglob("*.py")
        if _compiles(path)
    }

    # Conditions are only parsed; the pages' templates are files of ours.
    assert made == {"conversations/templates.py", "conversations/expressions.py", "bot/web/pages.py"}


def _compiles(path: Path) -> bool:
    makers = {"from_string", "Template", "Environment", "SandboxedEnvironment", "Sandbox", "compile_expression", "eval"}
    source = path.read_text("utf-8")
    if not any(maker in source for maker in makers):
        return False
    calls = (node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return any(getattr(called, "attr", getattr(called, "id", "")) in makers for called in calls)


def test_a_text_that_shows_long_answers_again_and_again_is_bounded():
    """Four thousand blanks, four hundred times: closing the holes of what is not known took minutes."""
    text = "{{ answers.reason }}" * 400 + "{{ customer.nick }}"

    with pytest.raises(WordingRefused):
        wording.render(text, NOTHING_KNOWN, {"reason": "a" + " " * 4000 + "b"})
    assert wording.render("{{ customer.name }}{{ customer.x }}", Facts({"name": "a" + " " * 15_000 + "b"}), {})


@pytest.mark.parametrize(
    "source",
    [
        "format = 1\n" + "a." * 60_000 + "a = 1",
        "format = 1\n[" + '"a".' * 40_000 + "a]",
        "format = 1\na = " + "[" * 200_000,
        "format = 1\na = " + "{a = " * 40_000,
        "format = 1\na = " + "9" * 200_000,
    ],
    ids=["dotted key", "dotted table", "lists", "tables in line", "figure"],
)
def test_a_file_that_is_nested_beyond_reason_is_refused_at_once(source):
    """Reading it took minutes, and everybody's turns waited for it."""
    [problem] = draft(source).problems

    assert problem.message == "The file is no TOML that can be read."
