"""Tries generated texts at the core, in a process that may take 400 MB and no more: `python -m tests.hostile.child`.

Prints what came of them as JSON. A text that takes for ever, or gigabytes, ends this process, and so the test.
"""

import json
import random
import re
import resource
import sys
import time
from typing import Final

from conversations import conditions, wording
from conversations.facts import Answers, Facts
from conversations.problems import ConditionRefused, WordingRefused
from conversations.reading import read
from conversations.templates import LONGEST_RENDERED
from tests.hostile.texts import QUESTIONS, condition, generated

MEMORY: Final = 400 * 1024 * 1024
SECRET: Final = "hunter2"
"""Stands in this module, so whoever reaches globals finds it."""

TRIED: Final = 10
SURVEY: Final = (
    'format = 1\nkey = "s"\ntouchpoint = "t"\nlanguages = ["en"]\n'
    '[[question]]\nkey = "satisfaction"\nkind = "csat"\ntext.en = "How?"\n'
    '[[question]]\nkey = "reason"\nkind = "text"\ntext.en = "Why?"\n'
)
FACTS: Final = (
    Facts(customer={"name": "Ana"}, service={"item": "the lamp"}, business={"name": "Nest"}),
    Facts(customer={"name": "{{ 7 * 7 }}" + " " * 4000 + "{% raw %}"}, service={"item": "\u202e" * 500}),
    Facts(),
)
KEPT: Final = read(SURVEY).questions
ANSWERS: Final[tuple[Answers, ...]] = (
    {"satisfaction": 4, "reason": "W" * 4000},
    {},
    {"satisfaction": 1, "reason": "{{ customer.name }}"},
)
REVEALED: Final = re.compile(
    r"<(?:class|function|module|built-in|bound)|0x[0-9a-f]{6}|__|jinja|Undefined|root:|" + SECRET
)


def own(facts: Facts, answers: Answers) -> str:
    """Return what a text can show of these values without having worked anything out."""
    return wording.render("{{ customer.name }}{{ service.item }}{{ answers.reason }}", facts, answers)


class Tally:
    """What came of the texts."""

    def __init__(self) -> None:
        self.refused = self.filled = self.longest = 0
        self.slowest = 0.0
        self.wrong: list[str] = []

    def text(self, text: str) -> None:
        """Look at a text and, where it is good, fill it in with everything."""
        refused = bool(wording.check(text, QUESTIONS))
        self.refused += refused
        if refused and self.refused % TRIED:
            return  # what is refused is refused again, before anything is compiled: every tenth shows it
        for facts, answers in zip(FACTS, ANSWERS, strict=True):
            try:
                said = wording.render(text, facts, answers)
            except WordingRefused:
                continue
            self.filled += 1
            self.longest = max(self.longest, len(said))
            if REVEALED.search(said) and not REVEALED.search(text):
                self.wrong.append(f"{text!r} revealed {said[:200]!r}")
            if "49" in said and "49" not in text + own(facts, answers):
                self.wrong.append(f"{text!r} calculated")

    def condition(self, source: str) -> None:
        """Look at a condition and, where it is good, ask whether it holds."""
        self.refused += bool(conditions.check(source, KEPT))
        for facts, answers in zip(FACTS, ANSWERS, strict=True):
            try:
                self.filled += conditions.holds(source, answers, facts) in (True, False, None)
            except ConditionRefused:
                continue


def main(seed: str, texts: int, claims: int) -> None:
    """Try so many texts and conditions."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    chance, tally = random.Random(seed), Tally()
    for n in range(texts + claims):
        began = time.process_time()
        if n < texts:
            tally.text(generated(chance))
        else:
            tally.condition(condition(chance))
        tally.slowest = max(tally.slowest, time.process_time() - began)
    assert tally.longest <= LONGEST_RENDERED
    sys.stdout.write(json.dumps(vars(tally)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
