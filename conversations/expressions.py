"""The language of conditions: from Jinja2's syntax tree to closures.

Imports Jinja2 at the top and is therefore imported late, by `conversations.conditions` only. Nothing of Jinja2
runs a condition: its parser gives the tree, and what is not named here is refused.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise, product
from typing import Final

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.parser import Parser

from conversations.facts import NOTHING_KNOWN, Answers, Facts, Value, possible_answers
from conversations.problems import Complaint, ConditionRefused, nearest
from conversations.surveys import RATINGS, Question

Term = Callable[[Answers, Facts], "Value | float | None"]
Claim = Callable[[Answers, Facts], "bool | None"]
Fixed = int | float | str | bool

LONGEST: Final = 500
"""Characters in a condition; the longest anybody needed in a trial had 90."""

DEEPEST: Final = 20
"""Nested parentheses, and levels of the syntax tree."""

_TRIALS: Final = 20_000
"""How many combinations of answers are tried to find out whether a condition can hold at all."""

_ENVIRONMENT: Final = Environment(autoescape=False)  # noqa: S701 - it only parses; nothing is rendered
_FACTS: Final = ("customer", "service", "business")
_ORDERED: Final[dict[str, Callable[[float, float], bool]]] = {
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
}
_OPERATORS: Final = frozenset({"eq", "ne", "in", "notin", *_ORDERED})
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_USES: Final = 'Use comparisons such as satisfaction <= 2, joined by "and", "or" and "not".'

_NAMES: Final[dict[str, str]] = {
    "Call": "a call",
    "Filter": "a filter",
    "Test": 'a test with "is"',
    "Getitem": "square brackets after a name",
    "CondExpr": 'an "if"',
    "Concat": 'joining texts with "~"',
    "Dict": "a dictionary",
    "List": "a list",
    "Tuple": "a list",
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


def complaints(source: str, questions: Mapping[str, Question]) -> list[Complaint]:
    """Return what is wrong with the condition; an empty list when it can be used."""
    try:
        expression = parsed(source)
        found = list(dict.fromkeys(_mistakes(expression, questions)))
        if not found and _can_never_hold(expression, source, questions):
            found.append(Complaint("The condition can never hold.", "Change it, or remove it with what depends on it."))
    except ConditionRefused as refused:
        return [refused.complaint]
    return found


# --- reading --------------------------------------------------------------------------------------------------------


def _syntax(source: str) -> nodes.Expr:
    if len(source) > LONGEST:
        raise _refused(source, f"The condition is longer than {LONGEST} characters.", "Say it more briefly.")
    if not source.strip():
        raise _refused(source, "The condition is empty.", _USES)
    try:
        parser = Parser(_ENVIRONMENT, source, state="variable")
        expression = parser.parse_expression()
        if not parser.stream.eos:
            raise TemplateSyntaxError(f"unexpected {parser.stream.current.value!r}", parser.stream.current.lineno)
    except TemplateSyntaxError as error:
        reason = (error.message or "it ends too early").rstrip(".")
        raise _refused(source, f"The condition cannot be read: {reason}.", _hint(source), error.lineno)
    except (RecursionError, ValueError):  # thousands of parentheses; a figure of thousands of digits
        raise _refused(source, "The condition is nested too deeply.", _USES)
    return expression


def _hint(source: str) -> str:
    if re.search(r"(?<![=<>!])=(?!=)", source):
        return 'Compare with "==".'
    if "&" in source or "|" in source:
        return 'Write "and" and "or".'
    if "!" in source.replace("!=", ""):
        return 'Write "not".'
    return _USES


def _refused(source: str, message: str, mend: str, line: int = 1) -> ConditionRefused:
    return ConditionRefused(source, Complaint(message, mend, line))


def _refusals(node: nodes.Node, depth: int) -> Iterator[Complaint]:
    if depth > DEEPEST:
        yield Complaint("The condition is nested too deeply.", "Say it more briefly.", node.lineno)
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
            if node.name in (*_FACTS, "answers"):
                yield Complaint(f'"{node.name}" alone says nothing.', f"Name its field: {node.name}.NAME.", node.lineno)
        case nodes.Getattr():
            yield from _refused_field(node)
        case _ if _is_fixed(node):
            return
        case _:
            yield _outside(node)


def _refused_comparison(node: nodes.Compare, depth: int) -> Iterator[Complaint]:
    yield from _refusals(node.expr, depth + 1)
    for operand in node.ops:
        if operand.op not in _OPERATORS:
            yield _outside(operand)
        elif operand.op in ("in", "notin") and isinstance(operand.expr, nodes.List | nodes.Tuple):
            yield from (_outside(item) for item in operand.expr.items if not _is_fixed(item))
        else:
            yield from _refusals(operand.expr, depth + 1)


def _refused_field(node: nodes.Getattr) -> Iterator[Complaint]:
    owner = node.node.name if isinstance(node.node, nodes.Name) else None
    if owner not in (*_FACTS, "answers") or node.attr.startswith("_"):
        yield Complaint(
            f'The condition looks inside something it may not (".{node.attr}").',
            "Use a question's key, or one field of customer, service, business or answers.",
            node.lineno,
        )


def _is_fixed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Neg):
        node = node.node
        return isinstance(node, nodes.Const) and isinstance(node.value, int | float)
    return isinstance(node, nodes.Const) and isinstance(node.value, int | float | str)


def _outside(node: nodes.Node) -> Complaint:
    kind = type(node).__name__
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr) and kind not in _NAMES:
        return Complaint("The condition calculates.", f"A condition only compares. {_USES}", node.lineno)
    if isinstance(node, nodes.Const):
        return Complaint('The condition compares with "none".', "An unanswered question makes it unknown.", node.lineno)
    used = _NAMES.get(kind, f'"{kind}"')
    return Complaint(f"The condition uses {used}, which conditions do not have.", _USES, node.lineno)


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
            fixed = _fixed(node)
            return lambda _answers, _facts: fixed


def _answer(key: str) -> Term:
    return lambda answers, _facts: answers.get(key)


def _fact(owner: str, field: str) -> Term:
    owned = operator.attrgetter(owner)
    return lambda _answers, facts: owned(facts).get(field)


def _fixed(node: nodes.Node) -> Fixed:
    if isinstance(node, nodes.Neg):
        return -_fixed(node.node)  # type: ignore[operator]  # _is_fixed let only a number through
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
        return _among(_term(left), tuple(_fixed(item) for item in right.items))
    first, second = _term(left), _term(right)
    if op == "in":
        return _chosen(first, second)
    return _equality(first, second) if op == "eq" else _order(_ORDERED[op], first, second)


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
        first, second = _number(left(answers, facts)), _number(right(answers, facts))
        return None if first is None or second is None else compare(first, second)

    return order


def _equal(first: Value | float, second: Value | float) -> bool:
    if isinstance(first, bool) or isinstance(second, bool):
        return _yes(first) is _yes(second) is not None
    if isinstance(first, str) is not isinstance(second, str):  # a fact is a text, also where it is a figure
        return _number(first) is not None and _number(first) == _number(second)
    return first == second


def _yes(value: Value | float) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"yes": True, "true": True, "no": False, "false": False}.get(value) if isinstance(value, str) else None


def _number(value: Value | float | None) -> float | None:
    if isinstance(value, int | float):
        return None if isinstance(value, bool) else value
    return float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


# --- making sense ---------------------------------------------------------------------------------------------------


def _mistakes(node: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    match node:
        case nodes.And() | nodes.Or():
            yield from _mistakes(node.left, questions)
            yield from _mistakes(node.right, questions)
        case nodes.Not():
            yield from _mistakes(node.node, questions)
        case nodes.Compare():
            links = [node.expr, *(operand.expr for operand in node.ops)]
            for operand, (left, right) in zip(node.ops, pairwise(links), strict=True):
                yield from _mistaken(operand.op, left, right, questions)
        case nodes.Const() if not isinstance(node.value, bool):
            yield Complaint("A number or text alone is no condition.", _USES, node.lineno)
        case nodes.Name() | nodes.Getattr():
            yield from _mistaken_alone(node, questions)


def _key(node: nodes.Node) -> str | None:
    match node:
        case nodes.Name():
            return str(node.name)
        case nodes.Getattr(node=nodes.Name(name="answers")):
            return str(node.attr)
    return None


def _unknown(node: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    key = _key(node)
    if key is None or key in questions:
        return
    meant = nearest(key, list(questions))
    mend = f'Did you mean "{meant}"?' if meant else f"The questions are {_listed(questions)}."
    yield Complaint(f'The condition asks about "{key}", and there is no such question.', mend, node.lineno)


def _listed(keys: Mapping[str, object]) -> str:
    return ", ".join(keys) or "none"


def _mistaken_alone(node: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    yield from _unknown(node, questions)
    question = questions.get(_key(node) or "")
    if question and question.kind not in ("yes_no", "consent"):
        yield Complaint(f'"{question.key}" alone is no condition.', "Say what to compare it with.", node.lineno)


def _mistaken(op: str, left: nodes.Node, right: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    unknown = [*_unknown(left, questions), *_unknown(right, questions)]
    if unknown:
        yield from unknown
    elif op in ("in", "notin") and not isinstance(right, nodes.List | nodes.Tuple):
        yield from _mistaken_choice(left, right, questions)
    elif _is_fixed(left) and _is_fixed(right):
        yield Complaint("The condition compares two fixed values.", "Name a question on one side.", left.lineno)
    else:
        for asked, beside, turned in ((left, right, op), (right, left, _turned(op))):
            if question := questions.get(_key(asked) or ""):
                yield from _mistaken_value(question, turned, beside)


def _turned(op: str) -> str:
    return {"lt": "gt", "lteq": "gteq", "gt": "lt", "gteq": "lteq"}.get(op, op)


def _mistaken_choice(left: nodes.Node, right: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    question = questions.get(_key(right) or "")
    if question is None or question.kind != "choices":
        mend = 'After "in" name a question of kind choices, or a list such as [1, 2].'
        yield Complaint('The condition uses "in" with something that holds no list.', mend, right.lineno)
    elif _is_fixed(left):
        yield from _off(question, _fixed(left), left.lineno)


def _mistaken_value(question: Question, op: str, beside: nodes.Node) -> Iterator[Complaint]:
    if question.kind == "statement":
        yield Complaint(f'"{question.key}" is a statement and has no answer.', "Ask about a question.", beside.lineno)
    elif question.kind == "choices":
        mend = f'Write "OPTION" in {question.key}.'
        yield Complaint(f'"{question.key}" holds several options at once.', mend, beside.lineno)
    elif isinstance(beside, nodes.List | nodes.Tuple):
        for item in beside.items:
            yield from _off(question, _fixed(item), item.lineno)
    elif _is_fixed(beside):
        yield from (
            _mistaken_order(question, op, beside) if op in _ORDERED else _off(question, _fixed(beside), beside.lineno)
        )


def _mistaken_order(question: Question, op: str, beside: nodes.Node) -> Iterator[Complaint]:
    value = _fixed(beside)
    if not _is_numeric(question):
        mend = f"Compare it with == and {_known_values(question)}."
        yield Complaint(f'"{question.key}" has no order: it is no number.', mend, beside.lineno)
    elif isinstance(value, bool | str):
        yield from _off(question, value, beside.lineno)
    elif question.scale and not any(_ORDERED[op](one, value) for one in _scale(question)):
        message = (
            f'The condition can never hold: "{question.key}" goes from {question.scale.low} to {question.scale.high}.'
        )
        yield Complaint(message, "Compare with a number on its scale.", beside.lineno)


def _off(question: Question, value: Fixed, line: int) -> Iterator[Complaint]:
    """Complain when no answer to the question could be equal to the value."""
    if _is_numeric(question):
        if isinstance(value, bool | str):
            what = "a rating" if question.kind in RATINGS else "a number"
            message = f'The condition compares "{question.key}" ({what}) with a text or a yes.'
            yield Complaint(message, f"Write {_known_values(question)}, without quotes.", line)
        elif question.scale and value not in _scale(question):
            message = f'{value} is not on the scale of "{question.key}", so this can never hold.'
            yield Complaint(message, f"Write {_known_values(question)}.", line)
    elif question.kind in ("choice", "choices"):
        keys = [option.key for option in question.options]
        if value not in keys:
            meant = nearest(str(value), keys)
            mend = f'Did you mean "{meant}"?' if meant else f"Its options are {', '.join(keys)}."
            yield Complaint(f'"{value}" is no option of "{question.key}", so this can never hold.', mend, line)
    elif question.kind in ("yes_no", "consent") and _yes(value) is None:
        yield Complaint(f'"{question.key}" is answered by yes or no.', f'Write {question.key} == "yes".', line)
    elif question.kind == "text" and not isinstance(value, str):
        yield Complaint(f'"{question.key}" is a text, and {value} is none.', "Put the text in quotes.", line)


def _is_numeric(question: Question) -> bool:
    return question.kind in RATINGS or question.kind == "number"


def _scale(question: Question) -> range:
    return range(question.scale.low, question.scale.high + 1) if question.scale else range(0)


def _known_values(question: Question) -> str:
    if question.scale:
        return f"a number from {question.scale.low} to {question.scale.high}"
    if question.kind in ("yes_no", "consent"):
        return '"yes" or "no"'
    if question.options:
        return "one of " + ", ".join(f'"{option.key}"' for option in question.options)
    return "a text in quotes" if question.kind == "text" else "a number"


def _can_never_hold(expression: nodes.Expr, source: str, questions: Mapping[str, Question]) -> bool:
    """Try every combination of answers. A condition about facts, texts or too many questions may always hold."""
    keys = {key for node in (expression, *expression.find_all((nodes.Name, nodes.Getattr))) if (key := _key(node))}
    keys -= {*_FACTS, "answers"}
    if any(_is_fact(node) for node in (expression, *expression.find_all(nodes.Getattr))):
        return False
    domains = [possible_answers(questions[key]) for key in keys]
    size = 1
    for domain in domains:
        size *= len(domain) if domain is not None else _TRIALS + 1
    if size > _TRIALS:
        return False
    claim = _claim(expression, source)
    combinations = product(*(domain or () for domain in domains))
    return not any(claim(dict(zip(keys, values, strict=True)), NOTHING_KNOWN) for values in combinations)


def _is_fact(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in _FACTS
