"""Conditions: when is a response unhappy, when does a branch apply.

A condition compares answers and facts with fixed values: `satisfaction <= 2 or recommend <= 4`,
`"late" in what_went_wrong`, `not put_right`, `customer.tier == "gold"`. It is Jinja2's expression syntax
behind an allow-list: comparisons, and, or, not, numbers, texts, lists after `in`. No arithmetic, no calls.

A comparison with a question that was not answered, or a fact that is not known, is unknown; `and`, `or` and
`not` follow Kleene: `unknown or true` is true, `unknown and true` is unknown. An unknown condition does not hold.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

from conversations.facts import Answers, Facts
from conversations.problems import Complaint, ConditionRefused
from conversations.surveys import Question


def holds(source: str, answers: Answers, facts: Facts) -> bool | None:
    """Return whether the condition holds; None when that is unknown, which callers take as not holding.

    An empty condition never holds. Raises ConditionRefused for a source outside the language.
    """
    if not source:
        return False
    return _compiled(source)(answers, facts)


def applies(source: str, answers: Answers, facts: Facts) -> bool:
    """Return whether the condition holds; one that is unknown, or that was never checked and is refused, does not."""
    try:
        return holds(source, answers, facts) is True
    except ConditionRefused:
        return False


def check(source: str, questions: Iterable[Question]) -> list[Complaint]:
    """Return what is wrong with the condition, given the survey's questions. Never raises.

    Found are: what the language has not, unknown questions, a rating compared with a text, a value that is not
    on the scale or not among the options, and a condition that no answers could fulfil.
    """
    from conversations.mistakes import complaints  # late, see _compiled

    return complaints(source, {question.key: question for question in questions})


def always(source: str, questions: Iterable[Question]) -> bool:
    """Return whether the condition holds whatever is answered, as far as that can be tried. Never raises."""
    from conversations.expressions import parsed  # late, see _compiled
    from conversations.mistakes import complaints
    from conversations.possible import always_holds

    known = {question.key: question for question in questions}
    return not complaints(source, known) and always_holds(parsed(source), source, known)


@lru_cache(maxsize=4096)
def mentions(source: str) -> frozenset[str]:
    """Return the keys of the questions that the condition asks about. Raises ConditionRefused."""
    from conversations.expressions import keys_of, parsed  # late, see _compiled

    return keys_of(parsed(source))


@lru_cache(maxsize=4096)
def _compiled(source: str) -> Callable[[Answers, Facts], bool | None]:
    # Jinja2 takes 0.15 s to import, a sixth of what a cold start may take: wait for the first condition.
    from conversations.expressions import compiled

    return compiled(source)


__all__ = ["ConditionRefused", "always", "applies", "check", "holds", "mentions"]
