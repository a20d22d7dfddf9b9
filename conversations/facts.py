"""What conditions and texts may look at: what is known, and what was answered."""

from collections.abc import Mapping

import msgspec

from conversations.surveys import RATINGS, Question

Value = int | str | bool | tuple[str, ...]
"""One understood answer: a figure, a text or option key, yes or no, or the option keys chosen."""

Answers = Mapping[str, Value]
"""The answers by question key. A question that was not asked, or was skipped, is not in it."""


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known beside the answers. A field that is not known is left out, never empty words.

    `zone` is the customer's IANA time zone, else the business's: by it *today* is understood.
    """

    customer: dict[str, str] = {}
    service: dict[str, str] = {}
    business: dict[str, str] = {}
    zone: str = ""


NOTHING_KNOWN = Facts()


def possible_answers(question: Question) -> tuple[Value, ...] | None:
    """Return every answer the question can have, or None when there is no end to them."""
    if question.kind in RATINGS and question.scale:
        return tuple(range(question.scale.low, question.scale.high + 1))
    if question.kind == "choice":
        return tuple(option.key for option in question.options)
    return (True, False) if question.kind in ("yes_no", "consent") else None
