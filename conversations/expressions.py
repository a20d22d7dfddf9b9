"""The language of conditions: from Jinja2's syntax tree to closures.

Imports Jinja2 at the top and is therefore imported late, by `conversations.conditions`. Nothing of Jinja2
runs a condition: its parser gives the tree, and what is not named here is refused.
"""

import operator
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from conversations.dates import written
from conversations.facts import Answers, Facts, Value
from conversations.parsers import of_jinja
from conversations.phrases import Phrase, phrase
from conversations.problems import Complaint, ConditionRefused

Term = Callable[[Answers, Facts], "Value | float | None"]
Claim = Callable[[Answers, Facts], "bool | None"]
Fixed = int | float | str | bool

LONGEST: Final = 500
"""Characters in a condition; the longest anybody needed in a trial had 90."""

DEEPEST: Final = 20
"""Nested parentheses, and levels of the syntax tree."""

_ENVIRONMENT: Final = Environment(autoescape=False)  # noqa: S701 - it only parses; nothing is rendered
FACTS: Final = ("customer", "service", "business")
ORDERED: Final[dict[str, Callable[[float, float], bool]]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
_OPERATORS: Final = frozenset({"eq", "ne", "in", "notin", *ORDERED})
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
USES: Final = phrase(
    'Use comparisons such as {example}, put together by "and", "or" and "not".', example="satisfaction <= 2"
)
_TOO_DEEP: Final = phrase("The condition is nested too deeply.")

_NAMES: Final[dict[str, Phrase]] = {
    "Call": phrase("a call"),
    "Filter": phrase("a filter"),
    "Test": phrase('a test with "is"'),
    "Getitem": phrase("square brackets after a name"),
    "CondExpr": phrase('an "if"'),
    "Concat": phrase('joining texts with "~"'),
    "Dict": phrase("a dictionary"),
    "List": phrase("a list"),
    "Tuple": phrase("a list"),
}


def compiled(source: str) -> Claim:
    """Return the condition as a function. Raises ConditionRefused."""
    return _claim(parsed(source), source)


def parsed(source: str) -> nodes.Expr:
    """Return the syntax tree, of which no part is outside the language. Raises ConditionRefused."""
    expression = _syntax(source)
    for complaint in _refusals(expression, 0):
        raise ConditionRefused(source, complaint)
    return expression


def question_key(node: nodes.Node) -> str | None:
    match node:
        case nodes.Name():
            return str(node.name)
        case nodes.Getattr(node=nodes.Name(name="answers")):
            return str(node.attr)
    return None


def keys_of(expression: nodes.Expr) -> frozenset[str]:
    """Return the keys of the questions in the expression."""
    named = (expression, *expression.find_all((nodes.Name, nodes.Getattr)))
    return frozenset(key for node in named if (key := question_key(node)) and key not in (*FACTS, "answers"))


# --- reading --------------------------------------------------------------------------------------------------------


def _syntax(source: str) -> nodes.Expr:
    if len(source) > LONGEST:
        said = phrase("The condition is longer than {most} characters.", most=LONGEST)
        raise _refused(source, said, phrase("Say it more briefly."))
    if not source.strip():
        raise _refused(source, phrase("The condition is empty."), USES)
    try:
        parser = Parser(_ENVIRONMENT, source, state="variable")
        expression = parser.parse_expression()
        if not parser.stream.eos:
            raise TemplateSyntaxError(f"unexpected {parser.stream.current.value!r}", parser.stream.current.lineno)
    except TemplateSyntaxError as error:
        said = phrase("The condition cannot be read: {reason}.", reason=of_jinja(error.message))
        raise _refused(source, said, _hint(source), error.lineno)
    except (RecursionError, ValueError):  # thousands of parentheses; a figure of thousands of digits
        raise _refused(source, _TOO_DEEP, USES)
    return expression


def _hint(source: str) -> Phrase:
    if re.search(r"(?<![=<>!])=(?!=)", source):
        return phrase('Compare with "==".')
    if "&" in source or "|" in source:
        return phrase('Write "and" and "or".')
    if "!" in source.replace("!=", ""):
        return phrase('Write "not".')
    return USES


def _refused(source: str, said: Phrase, mend: Phrase, line: int = 1) -> ConditionRefused:
    return ConditionRefused(source, Complaint(said, mend, line))


def _refusals(node: nodes.Node, depth: int) -> Iterator[Complaint]:
    if depth > DEEPEST:
        yield Complaint(_TOO_DEEP, phrase("Say it more briefly."), node.lineno)
        return
    match node:
        case nodes.And() | nodes.Or():
            yield from _refusals(node.left, depth + 1)
            yield from _refusals(node.right, depth + 1)
        case nodes.Not():
            yield from _refusals(node.node, depth + 1)
        case nodes.Compare():
            yield from _refused_comparison(node, depth)
        case nodes.Name():
            if node.name in (*FACTS, "answers"):
                yield alone(node)
        case nodes.Getattr():
            yield from _refused_field(node)
        case _ if is_fixed(node):
            return
        case _:
            yield _outside(node)


def _refused_comparison(node: nodes.Compare, depth: int) -> Iterator[Complaint]:
    yield from _refused_side(node.expr, depth)
    for operand in node.ops:
        last = operand is node.ops[-1]
        if operand.op not in _OPERATORS:
            yield _outside(operand)
        elif last and operand.op in ("in", "notin") and isinstance(operand.expr, nodes.List | nodes.Tuple):
            yield from (_outside(item) for item in operand.expr.items if not is_fixed(item))
        else:
            yield from _refused_side(operand.expr, depth)


def _refused_side(node: nodes.Expr, depth: int) -> Iterator[Complaint]:
    """Refuse, on one side of a comparison, what is a condition itself: `(a and b) == c`."""
    if isinstance(node, nodes.And | nodes.Or | nodes.Not | nodes.Compare):
        yield Complaint(phrase("The condition compares with another condition."), USES, node.lineno)
    else:
        yield from _refusals(node, depth + 1)


def _refused_field(node: nodes.Getattr) -> Iterator[Complaint]:
    owner = node.node.name if isinstance(node.node, nodes.Name) else None
    if owner not in (*FACTS, "answers") or node.attr.startswith("_"):
        yield Complaint(
            phrase('The condition looks inside something it may not ("{field}").', field=f".{node.attr}"),
            phrase("Use a question's key, or one field of {owners}.", owners="customer, service, business or answers"),
            node.lineno,
        )


def alone(node: nodes.Name) -> Complaint:
    """Return the complaint about `customer` and its like without a field."""
    said = phrase('"{name}" alone says nothing.', name=node.name)
    return Complaint(said, phrase("Name its field: {example}.", example=f"{node.name}.NAME"), node.lineno)


def is_fixed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Neg):
        node = node.node
        return isinstance(node, nodes.Const) and isinstance(node.value, int | float)
    return isinstance(node, nodes.Const) and isinstance(node.value, int | float | str)


def _outside(node: nodes.Node) -> Complaint:
    kind = type(node).__name__
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr) and kind not in _NAMES:
        mend = phrase("A condition only compares. {uses}", uses=USES)
        return Complaint(phrase("The condition calculates."), mend, node.lineno)
    if isinstance(node, nodes.Const):
        mend = phrase("An unanswered question makes it unknown.")
        return Complaint(phrase('The condition compares with "none".'), mend, node.lineno)
    used = _NAMES.get(kind, f'"{kind}"')
    return Complaint(phrase("The condition uses {used}, which conditions do not have.", used=used), USES, node.lineno)


# --- running --------------------------------------------------------------------------------------------------------


def _claim(node: nodes.Node, source: str) -> Claim:
    match node:
        case nodes.And():
            return _both(_claim(node.left, source), _claim(node.right, source))
        case nodes.Or():
            return _either(_claim(node.left, source), _claim(node.right, source))
        case nodes.Not():
            return _opposite(_claim(node.node, source))
        case nodes.Compare():
            return _comparisons(node)
        case _:
            return _as_claim(_term(node))


def _both(left: Claim, right: Claim) -> Claim:
    def both(answers: Answers, facts: Facts) -> bool | None:
        first = left(answers, facts)
        if first is False:
            return False
        second = right(answers, facts)
        return second if first or second is False else None

    return both


def _either(left: Claim, right: Claim) -> Claim:
    def either(answers: Answers, facts: Facts) -> bool | None:
        first = left(answers, facts)
        if first:
            return True
        second = right(answers, facts)
        return second if first is False or second else None

    return either


def _opposite(claim: Claim) -> Claim:
    def opposite(answers: Answers, facts: Facts) -> bool | None:
        value = claim(answers, facts)
        return None if value is None else not value

    return opposite


def _as_claim(term: Term) -> Claim:
    def claim(answers: Answers, facts: Facts) -> bool | None:
        value = term(answers, facts)
        if isinstance(value, str):
            return value.lower() not in ("", "no", "false", "0")
        return None if value is None else bool(value)

    return claim


def _term(node: nodes.Node) -> Term:
    match node:
        case nodes.Name():
            return _answer(node.name)
        case nodes.Getattr(node=nodes.Name(name="answers")):
            return _answer(node.attr)
        case nodes.Getattr(node=nodes.Name(name=owner)):
            return _fact(owner, node.attr)
        case _:
            fixed = fixed_value(node)
            return lambda _answers, _facts: fixed


def _answer(key: str) -> Term:
    return lambda answers, _facts: answers.get(key)


def _fact(owner: str, field: str) -> Term:
    owned = operator.attrgetter(owner)
    return lambda _answers, facts: owned(facts).get(field)


def fixed_value(node: nodes.Node) -> Fixed:
    if isinstance(node, nodes.Neg):
        return -fixed_value(node.node)  # type: ignore[operator]  # is_fixed let only a number through
    assert isinstance(node, nodes.Const)  # noqa: S101 - _refusals let nothing else through
    value: Fixed = node.value
    return value


def _comparisons(node: nodes.Compare) -> Claim:
    links = [node.expr, *(operand.expr for operand in node.ops)]
    claims = [_comparison(operand.op, a, b) for operand, (a, b) in zip(node.ops, pairwise(links), strict=True)]
    whole = claims[0]
    for claim in claims[1:]:
        whole = _both(whole, claim)
    return whole


def _comparison(op: str, left: nodes.Node, right: nodes.Node) -> Claim:
    if op in ("ne", "notin"):
        return _opposite(_comparison("eq" if op == "ne" else "in", left, right))
    if op == "in" and isinstance(right, nodes.List | nodes.Tuple):
        return _among(_term(left), tuple(fixed_value(item) for item in right.items))
    first, second = _term(left), _term(right)
    if op == "in":
        return _chosen(first, second)
    return _equality(first, second) if op == "eq" else _order(ORDERED[op], first, second)


def _among(term: Term, values: tuple[Fixed, ...]) -> Claim:
    def among(answers: Answers, facts: Facts) -> bool | None:
        value = term(answers, facts)
        return None if value is None else any(_equal(value, one) for one in values)

    return among


def _chosen(item: Term, choices: Term) -> Claim:
    def chosen(answers: Answers, facts: Facts) -> bool | None:
        value, among = item(answers, facts), choices(answers, facts)
        return value in among if value is not None and isinstance(among, tuple) else None

    return chosen


def _equality(left: Term, right: Term) -> Claim:
    def equality(answers: Answers, facts: Facts) -> bool | None:
        first, second = left(answers, facts), right(answers, facts)
        return None if first is None or second is None else _equal(first, second)

    return equality


def _order(compare: Callable[[float, float], bool], left: Term, right: Term) -> Claim:
    def order(answers: Answers, facts: Facts) -> bool | None:
        before, after = left(answers, facts), right(answers, facts)
        first, second = _number(before), _number(after)
        if first is None or second is None:
            first, second = _day(before), _day(after)
        return None if first is None or second is None else compare(first, second)

    return order


def _equal(first: Value | float, second: Value | float) -> bool:
    if isinstance(first, bool) or isinstance(second, bool):
        return yes_or_no(first) is yes_or_no(second) is not None
    if isinstance(first, str) is not isinstance(second, str):  # a fact is a text, also where it is a figure
        return _number(first) is not None and _number(first) == _number(second)
    return first == second


def yes_or_no(value: Value | float) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"yes": True, "true": True, "no": False, "false": False}.get(value) if isinstance(value, str) else None


def _number(value: Value | float | None) -> float | None:
    if isinstance(value, int | float):
        return None if isinstance(value, bool) else value
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _day(value: Value | float | None) -> float | None:
    """Return a date as a count of days, so that dates have an order."""
    day = written(value) if isinstance(value, str) else None
    return day.toordinal() if day else None
