"""Who counts as unhappy, picked from lists: each entry is a question with a comparison and an answer.

A condition that was made of such entries, all joined by `and` or all by `or`, is shown as lists again; any other
stays as it was typed.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from bot.phrases import say
from conversations.phrases import Phrase, phrase
from conversations.surveys import RATINGS, Question, Survey, said_in

MOST: Final = 6
"""Comparisons that can be picked; who needs more types them."""

AND: Final = "and"
OR: Final = "or"

_JOIN: Final = re.compile(r"\s+(and|or)\s+")
_SPACE: Final = re.compile(r"\s+")
_DEPENDS: Final = re.compile(r"{%-?\s*if.*?endif\s*-?%}", re.DOTALL)
_VALUE: Final = re.compile(r"{{.*?}}", re.DOTALL)


class Choice(msgspec.Struct, frozen=True):
    """One comparison: the condition as it is written, and how it is called."""

    condition: str
    called: str


class Group(msgspec.Struct, frozen=True):
    """The comparisons of one question."""

    called: str
    choices: tuple[Choice, ...]


class Picked(msgspec.Struct, frozen=True):
    """A condition as it is picked: its comparisons and what joins them; not `fits` when lists cannot say it."""

    parts: tuple[str, ...] = ()
    join: str = OR
    fits: bool = True


def groups(survey: Survey, language: str) -> tuple[Group, ...]:
    """Return what can be picked, by question, in the words of whoever picks."""
    made = (Group(shortened(one, language), tuple(_choices(one, language))) for one in survey.questions)
    return tuple(group for group in made if group.choices)


def picked(condition: str, survey: Survey) -> Picked:
    """Return a condition as it is picked."""
    parts = _JOIN.split(condition.strip())
    joins = set(parts[1::2])
    wanted = [_SPACE.sub(" ", part) for part in parts[::2] if part]
    known = {choice.condition for one in survey.questions for choice in _choices(one, "en")}
    if len(joins) > 1 or len(wanted) > MOST or any(part not in known for part in wanted):
        return Picked(fits=False)
    return Picked(tuple(wanted), next(iter(joins), OR))


def joined(parts: list[str], join: str) -> str:
    """Return the condition that was picked; empty when nothing was."""
    return f" {join if join == AND else OR} ".join(dict.fromkeys(part for part in parts if part))


def shortened(question: Question, language: str) -> str:
    """Return a question as one recognises it in a list: without what depends on the customer, and its key."""
    text = said_in(question.text, language, next(iter(question.text))) if question.text else question.key
    plain = _SPACE.sub(" ", _VALUE.sub("…", _DEPENDS.sub("", text))).strip() or question.key
    return f"{plain[:60]}{'…' if len(plain) > 60 else ''} ({question.key})"


def _choices(question: Question, language: str) -> Iterator[Choice]:
    key = question.key
    if question.kind in RATINGS and question.scale is not None:
        for value in range(question.scale.low, question.scale.high):
            yield Choice(f"{key} <= {value}", say(phrase("{value} or less", value=value), language))
        for value in range(question.scale.low + 1, question.scale.high + 1):
            yield Choice(f"{key} >= {value}", say(phrase("{value} or more", value=value), language))
    elif question.kind == "choice":
        for option in question.options:
            label = said_in(option.label, language, next(iter(option.label))) if option.label else option.key
            yield Choice(f'{key} == "{option.key}"', label)
    elif question.kind == "choices":
        for option in question.options:
            label = said_in(option.label, language, next(iter(option.label))) if option.label else option.key
            yield Choice(f'"{option.key}" in {key}', say(phrase("among them: {choice}", choice=label), language))
    elif question.kind in ("yes_no", "consent"):
        yield Choice(key, say(YES, language))
        yield Choice(f"not {key}", say(NO, language))


YES: Final[Phrase] = phrase("yes")
NO: Final[Phrase] = phrase("no")
