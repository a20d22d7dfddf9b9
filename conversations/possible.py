"""Whether a condition can hold at all, and whether it always does: found out by trying the answers that matter.

A condition only compares with fixed values, so of a number, a date or a text only those at and beside these values
matter, and one that is like none of them. Imports Jinja2 and is therefore imported late.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import combinations, pairwise, product
from math import ceil, floor
from typing import Final, NamedTuple

from jinja2 import nodes

from conversations.dates import written
from conversations.expressions import FACTS, Claim, Fixed, compiled, fixed_value, is_fixed, question_key
from conversations.facts import Answers, Facts, Value, possible_answers
from conversations.surveys import Question

TRIALS: Final = 20_000
"""How many combinations of answers are tried; where there are more, a condition may hold."""

SOMETHING_ELSE: Final = "\x00else"
"""A text that no author compares with; the edge lets no such character in."""


class _Term(NamedTuple):
    """An answer, whose owner is nobody, or one field of what is known."""

    owner: str
    field: str


def can_hold(expression: nodes.Expr, source: str, questions: Mapping[str, Question]) -> bool:
    """Say whether any answers fulfil the condition; True where that cannot be tried."""
    verdicts = _verdicts(expression, compiled(source), questions)
    return verdicts is None or any(verdict is True for verdict in verdicts)


def always_holds(expression: nodes.Expr, source: str, questions: Mapping[str, Question]) -> bool:
    """Say whether all answers fulfil the condition; False where that cannot be tried."""
    verdicts = _verdicts(expression, compiled(source), questions)
    return verdicts is not None and all(verdict is True for verdict in verdicts)


def _verdicts(expression: nodes.Expr, claim: Claim, questions: Mapping[str, Question]) -> Iterator[bool | None] | None:
    if _linked_without_end(expression, questions):
        return None
    domains = {term: _domain(term, fixed, questions) for term, fixed in _compared(expression).items()}
    size = 1
    for domain in domains.values():
        size *= len(domain) if domain is not None else TRIALS + 1
    if size > TRIALS:
        return None
    values = [domain or () for domain in domains.values()]
    return (claim(*_known(dict(zip(domains, chosen, strict=True)))) for chosen in product(*values))


def _known(chosen: Mapping[_Term, Value]) -> tuple[Answers, Facts]:
    customer, service, business = (
        {term.field: str(value) for term, value in chosen.items() if term.owner == owner} for owner in FACTS
    )
    answers = {term.field: value for term, value in chosen.items() if not term.owner}
    return answers, Facts(customer, service, business)


# --- what it compares -------------------------------------------------------------------------------------------------


def _compared(expression: nodes.Expr) -> dict[_Term, set[Fixed]]:
    """Return every answer and field that the condition names, with the fixed values it is compared with."""
    found: dict[_Term, set[Fixed]] = {}
    for node in (expression, *expression.find_all((nodes.Name, nodes.Getattr))):
        if (term := _term(node)) is not None:
            found.setdefault(term, set())
    for left, right in _pairs(expression):
        for one, other in ((left, right), (right, left)):
            if (term := _term(one)) is not None:
                found[term].update(_fixed(other))
    return found


def _pairs(expression: nodes.Expr) -> Iterator[tuple[nodes.Expr, nodes.Expr]]:
    own = [expression] if isinstance(expression, nodes.Compare) else []
    for comparison in (*own, *expression.find_all(nodes.Compare)):
        yield from pairwise([comparison.expr, *(operand.expr for operand in comparison.ops)])


def _term(node: nodes.Node) -> _Term | None:
    match node:
        case nodes.Getattr(node=nodes.Name(name=owner)) if owner in FACTS:
            return _Term(owner, node.attr)
        case nodes.Name() if node.name in (*FACTS, "answers"):
            return None
    key = question_key(node)
    return _Term("", key) if key is not None else None


def _fixed(node: nodes.Node) -> Iterable[Fixed]:
    if isinstance(node, nodes.List | nodes.Tuple):
        return [fixed_value(item) for item in node.items if is_fixed(item)]
    return [fixed_value(node)] if is_fixed(node) else []


def _linked_without_end(expression: nodes.Expr, questions: Mapping[str, Question]) -> bool:
    """Say whether two answers are compared of which one may be anything: no fixed value shows where they part."""
    pairs = ((_term(left), _term(right)) for left, right in _pairs(expression))
    return any(
        one is not None and other is not None and not (_few(one, questions) and _few(other, questions))
        for one, other in pairs
    )


def _few(term: _Term, questions: Mapping[str, Question]) -> bool:
    return not term.owner and possible_answers(questions[term.field]) is not None


# --- what can be answered ---------------------------------------------------------------------------------------------


def _domain(term: _Term, fixed: set[Fixed], questions: Mapping[str, Question]) -> tuple[Value, ...] | None:
    """Return the answers that matter, None where there are too many to try."""
    if term.owner:
        return _texts(fixed)
    question = questions[term.field]
    if (answers := possible_answers(question)) is not None:
        return answers
    match question.kind:
        case "number":
            return _numbers(question, fixed)
        case "date":
            return tuple(one for one in _texts(fixed) if written(one)) or ("2026-11-22",)
        case "choices" | "ranking":
            return _several(question, {str(one) for one in fixed})
    return _texts(fixed)


def _numbers(question: Question, fixed: set[Fixed]) -> tuple[int, ...]:
    low, high = (question.scale.low, question.scale.high) if question.scale else (0, 10**9)
    near = {
        figure
        for value in fixed
        if isinstance(value, int | float)
        for figure in (floor(value) - 1, floor(value), ceil(value), ceil(value) + 1)
    }
    return tuple(sorted({low, high, *(figure for figure in near if low <= figure <= high)}))


def _texts(fixed: set[Fixed]) -> tuple[str, ...]:
    """Return the values themselves, what stands beside those with an order, and something unlike all of them."""
    found: dict[str, None] = {}
    for value in fixed:
        found[str(value)] = None
        if isinstance(value, int | float):
            found |= dict.fromkeys((str(floor(value) - 1), str(ceil(value) + 1)))
        elif day := written(str(value)):
            found |= dict.fromkeys((day + timedelta(days=step)).isoformat() for step in (-1, 1))
    return (*found, "no", SOMETHING_ELSE)


def _several(question: Question, asked: set[str]) -> tuple[tuple[str, ...], ...] | None:
    """Return the sets of options that differ in those asked about; of a ranking, as many as it has places."""
    keys = [option.key for option in question.options]
    sizes = [question.places] if question.kind == "ranking" else range(1, len(keys) + 1)
    found: dict[frozenset[str], tuple[str, ...]] = {}
    tried = 0
    for size in sizes:
        for chosen in combinations(keys, size):
            tried += 1
            if tried > TRIALS:
                return None
            found.setdefault(frozenset(chosen) & asked, chosen)
    return tuple(found.values())
