"""Before and after: which rating of a follow-up can be compared with the one that the customer had given before.

A follow-up knows as `service.rated` how its customer rated the service: csat, nps, ces, `ces_5` on a scale other than
the usual one; where they had rated nothing it is not known. Its branches ask a rating of the same kind by that.
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from conversations.facts import Facts
from conversations.questions import SCALES
from conversations.surveys import RATINGS, Question, Survey

RATED: Final = "rated"
"""The fact of the service; what a business's own event says under that name is not heard by a follow-up."""


def kind_of(question: Question) -> str:
    """Return the kind of a rating as the conditions of a follow-up name it."""
    if question.scale is None or question.scale == SCALES.get(question.kind):
        return question.kind
    return f"{question.kind}_{question.scale.high}"


def after(facts: Facts, before: Question | None) -> Facts:
    """Return what a follow-up knows, with the rating that was given before, if one was."""
    service = {field: value for field, value in facts.service.items() if field != RATED}
    if before is not None and before.kind in RATINGS:
        service[RATED] = kind_of(before)
    return replace(facts, service=service)


def ratings(survey: Survey, before: Question | None = None) -> Iterator[Question]:
    """Return the ratings that a survey asks for, in its order, those that can be compared with `before` first."""
    found = [question for question in survey.questions if question.kind in RATINGS and question.scale is not None]
    yield from sorted(found, key=lambda question: before is None or not comparable(question, before))


def comparable(one: Question, other: Question) -> bool:
    """Return whether two ratings mean the same: kind and scale are equal."""
    return (one.kind, one.scale) == (other.kind, other.scale)
