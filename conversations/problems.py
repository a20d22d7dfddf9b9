"""What can be wrong with a written survey, and what its author should do.

SurveyError
├── SurveyInvalid     the file cannot be used: show every problem and keep the version before it
├── ConditionRefused  a condition is outside its small language: take it as one that does not hold
└── WordingRefused    a text cannot be rendered: send a plain built-in text and tell staff
"""

from typing import Literal

import msgspec

from conversations.phrases import Phrase, in_english, phrase

KeyPath = tuple[str | int, ...]
"""Where something stands in a survey file, for example `("question", 2, "text", "en")`."""


Advice = tuple[KeyPath, Phrase, Phrase]
"""Where something would serve better, what it is, and what to do about it."""


class Complaint(msgspec.Struct, frozen=True):
    """What is wrong with one text or condition and how to mend it. `line` counts inside that text, from 1."""

    said: Phrase
    to_mend: Phrase
    line: int = 1

    @property
    def message(self) -> str:
        """Return what is wrong, in English."""
        return in_english(self.said)

    @property
    def mend(self) -> str:
        """Return what to do about it, in English."""
        return in_english(self.to_mend)

    def __str__(self) -> str:
        return f"{self.message} {self.mend}"


class Problem(msgspec.Struct, frozen=True):
    """What is wrong at one place of a survey file. An `error` refuses the survey, `advice` does not.

    `said` and `to_mend` are for people, in their language; `message` and `mend` are the same in English.
    """

    name: str
    line: int
    said: Phrase
    to_mend: Phrase
    path: KeyPath = ()
    severity: Literal["error", "advice"] = "error"

    @property
    def message(self) -> str:
        """Return what is wrong, in English."""
        return in_english(self.said)

    @property
    def mend(self) -> str:
        """Return what to do about it, in English."""
        return in_english(self.to_mend)

    def __str__(self) -> str:
        return f"{self.name}:{self.line}: {self.message} {self.mend}"


class SurveyError(Exception):
    """A written survey cannot be used as it stands."""


class SurveyInvalid(SurveyError):
    """The survey file has errors; `problems` holds all of them, in the order of their lines."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class ConditionRefused(SurveyError):
    """The condition is outside the small language of conditions."""

    def __init__(self, source: str, complaint: Complaint) -> None:
        super().__init__(str(complaint))
        self.source = source
        self.complaint = complaint


class WordingRefused(SurveyError):
    """The text is outside the small language of texts, or cannot be rendered with these values."""

    def __init__(self, source: str, complaint: Complaint) -> None:
        super().__init__(str(complaint))
        self.source = source
        self.complaint = complaint


def in_words(text: str) -> Phrase:
    """Return words that no catalogue has, as a phrase that reads the same in every language."""
    return phrase("{problem}", problem=text)


def write(example: str) -> Phrase:
    """Return the mend that shows what to write."""
    return phrase("Write {example}.", example=example)


def mend_or_write(mend: Phrase, example: str) -> Phrase:
    """Return a mend for whoever has a field in front of them, and what it comes to for whoever edits the file."""
    return phrase("{mend} In the file: {example}.", mend=mend, example=example)


def meant_or(word: str, known: list[str], otherwise: Phrase) -> Phrase:
    """Return the question whether the nearest known word was meant, or something else when none is near."""
    meant = nearest(word, known)
    return did_you_mean(meant) if meant else otherwise


def did_you_mean(meant: str) -> Phrase:
    """Return the mend that names what was probably meant."""
    return phrase('Did you mean "{meant}"?', meant=meant)


def nearest(word: str, known: list[str]) -> str | None:
    """Return the known word that the author probably meant, or None."""
    from difflib import get_close_matches  # only met when something is wrong

    close = get_close_matches(word, known, n=1, cutoff=0.6)
    return close[0] if close else None
