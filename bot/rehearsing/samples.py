"""The customer of a rehearsal: what a survey's texts and conditions ask about them, and three who answer it."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from bot.phrases import say
from conversations.facts import Facts
from conversations.phrases import Phrase, phrase
from conversations.surveys import Survey, Texts

Sample = Literal["usual", "nothing", "long"]
SAMPLES: Final[tuple[Sample, ...]] = ("usual", "nothing", "long")

ALWAYS: Final = (("customer", "name"), ("service", "item"))
"""What an author looks at in any case, whether the texts speak of it or not."""

LONGEST: Final = 128
"""Characters of the longest name that a channel lets through: Telegram's have at most 64 + 64."""

_IN_BRACES: Final = re.compile(r"\{[{%](.*?)[%}]\}", re.DOTALL)
_FACT: Final = re.compile(r"\b(customer|service|business)\.([a-z][a-z0-9_]{0,31})\b")
_USUAL: Final[dict[tuple[str, str], Phrase]] = {
    ("customer", "name"): phrase("Ana"),
    ("service", "item"): phrase("the lamp"),
}
_LONG_NAME: Final = phrase("Maria-Antonietta Wolfeschlegelsteinhausenbergerdorff de la Santísima Trinidad ")


class Variable(NamedTuple):
    """One thing that texts may speak of, as `customer.name`."""

    owner: str
    field: str

    @property
    def name(self) -> str:
        """Return how a text writes it."""
        return f"{self.owner}.{self.field}"


def variables(survey: Survey) -> tuple[Variable, ...]:
    """Return what the texts and conditions of a survey ask about, and name and item always, in order."""
    found = dict.fromkeys(Variable(*one) for one in ALWAYS)
    for text in _texts(survey):
        for inside in _IN_BRACES.findall(text) if "{" in text else ():
            found |= dict.fromkeys(Variable(*one) for one in _FACT.findall(inside))
    for condition in (survey.unhappy, *(branch.when for one in survey.questions for branch in one.branches)):
        found |= dict.fromkeys(Variable(*one) for one in _FACT.findall(condition))
    return tuple(found)


def _texts(survey: Survey) -> Iterator[str]:
    written: list[Texts] = [survey.apology, survey.thanks]
    for question in survey.questions:
        written += [question.text, question.low_end or {}, question.high_end or {}]
        if question.row is not None:
            written.append(question.row.introduction)
    for texts in written:
        yield from texts.values()


def value_of(variable: Variable, sample: Sample, business: Mapping[str, str], language: str) -> str:
    """Return what a sample customer has there, in the customer's language; empty when it is not known."""
    if variable.owner == "business":
        return business.get(variable.field, "")
    if sample == "nothing":
        return ""
    if sample == "long":
        long = say(_LONG_NAME, language)
        return (long * (LONGEST // len(long) + 1))[:LONGEST].strip()
    usual = _USUAL.get((variable.owner, variable.field))
    return say(usual, language) if usual is not None else variable.field


def facts_of(values: Mapping[str, str], zone: str) -> Facts:
    """Return the facts for values by name, as `customer.name`; what is empty is not known."""
    owned: dict[str, dict[str, str]] = {"customer": {}, "service": {}, "business": {}}
    for name, value in values.items():
        owner, _, field = name.partition(".")
        if owner in owned and value:
            owned[owner][field] = value
    return Facts(owned["customer"], owned["service"], owned["business"], zone)
