"""Wording: a survey's text becomes the sentence that one customer reads.

A text may hold `{{ customer.name }}`, `{{ service.item }}`, `{{ business.name }}`, `{{ answers.satisfaction }}`,
`{% if … %}…{% elif … %}…{% else %}…{% endif %}` and ten filters. Nothing else: no loops, calls, macros, `set`,
arithmetic or includes, so that what comes out is bounded by the text's length times the longest value.

What is not known renders as nothing, and the comma and space before it go with it: "How was it, {{ customer.name }}?"
becomes "How was it?". Where more of the sentence hangs on it, write `{% if service.item %}…{% else %}…{% endif %}`.
"""

from collections.abc import Callable, Collection
from functools import lru_cache

from conversations.facts import Answers, Facts
from conversations.problems import Complaint, WordingRefused


def render(source: str, facts: Facts, answers: Answers) -> str:
    """Return the text with everything filled in, without blank space around it.

    Raises WordingRefused for a source outside the language, or one that cannot be rendered with these values; the
    caller then sends a plain text of its own.
    """
    if "{" not in source:
        return source.strip()
    return _compiled(source)(facts, answers)


def check(source: str, question_keys: Collection[str]) -> list[Complaint]:
    """Return what is wrong with a text, each with its line inside the text. Never raises."""
    if "{" not in source:
        return []
    from conversations.templates import complaints  # late, see _compiled

    return complaints(source, question_keys)


@lru_cache(maxsize=2048)
def _compiled(source: str) -> Callable[[Facts, Answers], str]:
    # Jinja2 takes 0.15 s to import, a sixth of what a cold start may take: wait for the first text that needs it.
    from conversations.templates import compiled

    return compiled(source)


__all__ = ["WordingRefused", "check", "render"]
