"""The written survey: what is asked, in which order and in which languages.

Values only. `conversations.reading` makes them from a survey file, `conversations.checking` says what is
wrong with one, `conversations.engine` asks its questions.
"""

from datetime import timedelta
from typing import Final, Literal

import msgspec

Texts = dict[str, str]
"""One text in several languages, by BCP 47 tag; the survey's first language is always there."""

Kind = Literal[
    "csat",
    "nps",
    "ces",
    "stars",
    "matrix",
    "choice",
    "choices",
    "ranking",
    "yes_no",
    "text",
    "number",
    "date",
    "contact",
    "consent",
    "statement",
]

RATINGS: Final[frozenset[str]] = frozenset({"csat", "nps", "ces", "stars", "matrix"})
"""The kinds whose answer is a number on a scale, tapped or typed."""


class Scale(msgspec.Struct, frozen=True):
    """The whole numbers a rating may take, both ends included."""

    low: int
    high: int


class Option(msgspec.Struct, frozen=True):
    """One thing that can be chosen."""

    key: str
    label: Texts


class Branch(msgspec.Struct, frozen=True):
    """A rule for what follows: when the condition holds, go to that question or to the `end`."""

    when: str
    to: str
    line: int = 0


class Row(msgspec.Struct, frozen=True):
    """Where a question stands in its matrix: `position` counts from 1, `keys` are those of all its rows, in order.

    `introduction` is what is said before the first of them.
    """

    matrix: str
    introduction: Texts
    position: int
    keys: tuple[str, ...]


class Question(msgspec.Struct, frozen=True):
    """One thing asked. Its key never changes; its line is where the survey file has it.

    A matrix is read as one question for each of its `rows`, so that each rating is an answer of its own. What only
    one kind has: `top`, how many of the options are ranked (0: all); `wants`, the details of a contact; `sense`,
    whether a date lies in the past or the future, and its bounds, as `2026-11-22` or `today`.
    """

    key: str
    kind: Kind
    text: Texts
    scale: Scale | None = None
    low_end: Texts | None = None
    high_end: Texts | None = None
    options: tuple[Option, ...] = ()
    optional: bool = False
    aspect: str | None = None
    branches: tuple[Branch, ...] = ()
    line: int = 0
    row: Row | None = None
    top: int = 0
    wants: tuple[str, ...] = ()
    sense: str = ""
    earliest: str = ""
    latest: str = ""

    @property
    def places(self) -> int:
        """Return how many options a ranking puts in order."""
        return self.top or len(self.options)


class Wording(msgspec.Struct, frozen=True):
    """Other words for one question: what is not said here stays as the survey has it."""

    text: Texts = {}
    low_end: Texts | None = None
    high_end: Texts | None = None


class Variant(msgspec.Struct, frozen=True):
    """Another way to ask the same survey, for a share of the customers (above 0 and below 1).

    `order` are keys of questions, a matrix by its own; they take the places that these questions have in the file, in
    this order. `wordings` are by the key of a question, of a matrix (its own words) or of a row of one.
    """

    key: str
    share: float
    order: tuple[str, ...] = ()
    wordings: dict[str, Wording] = {}


class Experiment(msgspec.Struct, frozen=True):
    """Some variants tried against the survey as it is written, which everybody else is asked.

    Another `key` is another experiment: customers are shared out anew. `answers` are planned of each side.
    """

    key: str
    variants: tuple[Variant, ...]
    answers: int = 400


class Survey(msgspec.Struct, frozen=True):
    """The questions for a touchpoint, with the rules for asking them.

    `unhappy` is a condition or empty (a survey that only measures). `explain` names the text question that is
    all that remains of the survey after an unhappy answer; without it makegood asks a sentence of its own.
    `share` is the sampling share from 0 to 1. `follow_up` is the span from the unhappy answer to the check-in.
    `anonymous` promises that a response keeps no link to its customer (`conversations.anonymity`).
    """

    key: str
    touchpoint: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    title: Texts = {}
    unhappy: str = ""
    explain: str | None = None
    apology: Texts = {}
    thanks: Texts = {}
    delay: timedelta = timedelta(0)
    expires: timedelta = timedelta(hours=72)
    remind: tuple[timedelta, ...] = (timedelta(hours=24),)
    follow_up: timedelta = timedelta(hours=24)
    share: float = 1.0
    consent: Literal["line", "step"] = "line"
    format: int = 1
    experiment: Experiment | None = None
    anonymous: bool = False

    def question(self, key: str) -> Question:
        """Return the question with that key; KeyError when there is none."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)


def said_in(texts: Texts, language: str, default: str) -> str:
    """Return the text in that language, else in a nearer one, else in the default language.

    `zh-Hant-TW` falls back to `zh-Hant`, and any Chinese to the other script before English.
    """
    if language in texts:
        return texts[language]
    parts = language.split("-")
    while len(parts) > 1:
        parts.pop()
        if (shorter := "-".join(parts)) in texts:
            return texts[shorter]
    for tag, text in texts.items():
        if tag.split("-")[0] == parts[0]:
            return text
    return texts[default]
