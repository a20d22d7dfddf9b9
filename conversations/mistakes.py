"""What makes no sense in a condition, given the questions of its survey.

Imports Jinja2 and is therefore imported late, by `conversations.conditions` only.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise, product
from typing import Final

from jinja2 import nodes

from conversations.dates import written
from conversations.expressions import (
    FACTS,
    ORDERED,
    USES,
    Fixed,
    compiled,
    fixed_value,
    is_fixed,
    keys_of,
    parsed,
    question_key,
    yes_or_no,
)
from conversations.facts import NOTHING_KNOWN, possible_answers
from conversations.problems import Complaint, ConditionRefused, nearest
from conversations.surveys import RATINGS, Question, Scale

SEVERAL: Final = ("choices", "ranking")
"""The kinds whose answer is several options at once."""

_TRIALS: Final = 20_000
"""How many combinations of answers are tried to find out whether a condition can hold at all."""


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
            yield Complaint("A number or text alone is no condition.", USES, node.lineno)
        case nodes.Name() | nodes.Getattr():
            yield from _mistaken_alone(node, questions)


def _unknown(node: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    key = question_key(node)
    if key is None or key in questions:
        return
    if rows := [row.key for row in questions.values() if row.row and row.row.matrix == key]:
        message = f'"{key}" is a matrix: each of its rows has an answer of its own.'
        yield Complaint(message, f"Name a row: {', '.join(rows)}.", node.lineno)
        return
    meant = nearest(key, list(questions))
    mend = f'Did you mean "{meant}"?' if meant else f"The questions are {_listed(questions)}."
    yield Complaint(f'The condition asks about "{key}", and there is no such question.', mend, node.lineno)


def _listed(keys: Mapping[str, object]) -> str:
    return ", ".join(keys) or "none"


def _mistaken_alone(node: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    yield from _unknown(node, questions)
    question = questions.get(question_key(node) or "")
    if question and question.kind not in ("yes_no", "consent"):
        yield Complaint(f'"{question.key}" alone is no condition.', "Say what to compare it with.", node.lineno)


def _mistaken(op: str, left: nodes.Node, right: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    unknown = [*_unknown(left, questions), *_unknown(right, questions)]
    if unknown:
        yield from unknown
    elif op in ("in", "notin") and not isinstance(right, nodes.List | nodes.Tuple):
        yield from _mistaken_choice(left, right, questions)
    elif is_fixed(left) and is_fixed(right):
        yield Complaint("The condition compares two fixed values.", "Name a question on one side.", left.lineno)
    else:
        for asked, beside, turned in ((left, right, op), (right, left, _turned(op))):
            if question := questions.get(question_key(asked) or ""):
                yield from _mistaken_value(question, turned, beside)


def _turned(op: str) -> str:
    return {"lt": "gt", "lteq": "gteq", "gt": "lt", "gteq": "lteq"}.get(op, op)


def _mistaken_choice(left: nodes.Node, right: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    question = questions.get(question_key(right) or "")
    if question is None or question.kind not in SEVERAL:
        mend = 'After "in" name a question of kind choices or ranking, or a list such as [1, 2].'
        yield Complaint('The condition uses "in" with something that holds no list.', mend, right.lineno)
    elif is_fixed(left):
        yield from _off(question, fixed_value(left), left.lineno)


def _mistaken_value(question: Question, op: str, beside: nodes.Node) -> Iterator[Complaint]:
    if question.kind == "statement":
        yield Complaint(f'"{question.key}" is a statement and has no answer.', "Ask about a question.", beside.lineno)
    elif question.kind in SEVERAL:
        mend = f'Write "OPTION" in {question.key}.'
        yield Complaint(f'"{question.key}" holds several options at once.', mend, beside.lineno)
    elif isinstance(beside, nodes.List | nodes.Tuple):
        for item in beside.items:
            yield from _off(question, fixed_value(item), item.lineno)
    elif is_fixed(beside):
        yield from (
            _mistaken_order(question, op, beside)
            if op in ORDERED
            else _off(question, fixed_value(beside), beside.lineno)
        )


def _mistaken_order(question: Question, op: str, beside: nodes.Node) -> Iterator[Complaint]:
    value = fixed_value(beside)
    if question.kind == "date":
        yield from _off(question, value, beside.lineno)
    elif not _is_numeric(question):
        mend = f"Compare it with == and {_known_values(question)}."
        yield Complaint(f'"{question.key}" has no order: it is no number.', mend, beside.lineno)
    elif isinstance(value, bool | str):
        yield from _off(question, value, beside.lineno)
    elif question.scale and not any(ORDERED[op](end, value) for end in (question.scale.low, question.scale.high)):
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
        elif question.scale and not _on_scale(question.scale, value):
            message = f'{value} is not on the scale of "{question.key}", so this can never hold.'
            yield Complaint(message, f"Write {_known_values(question)}.", line)
    elif question.kind == "date":
        if not isinstance(value, str) or not written(value):
            yield Complaint(
                f'"{question.key}" is a date, and {value} is none.', f"Write {_known_values(question)}.", line
            )
    elif question.kind in ("choice", *SEVERAL):
        keys = [option.key for option in question.options]
        if value not in keys:
            meant = nearest(str(value), keys)
            mend = f'Did you mean "{meant}"?' if meant else f"Its options are {', '.join(keys)}."
            yield Complaint(f'"{value}" is no option of "{question.key}", so this can never hold.', mend, line)
    elif question.kind in ("yes_no", "consent") and yes_or_no(value) is None:
        yield Complaint(f'"{question.key}" is answered by yes or no.', f'Write {question.key} == "yes".', line)
    elif question.kind in ("text", "contact") and not isinstance(value, str):
        yield Complaint(f'"{question.key}" is a text, and {value} is none.', "Put the text in quotes.", line)


def _is_numeric(question: Question) -> bool:
    return question.kind in RATINGS or question.kind == "number"


def _on_scale(scale: Scale, value: float) -> bool:
    return scale.low <= value <= scale.high and value == int(value)


def _known_values(question: Question) -> str:
    if question.scale:
        return f"a number from {question.scale.low} to {question.scale.high}"
    if question.kind in ("yes_no", "consent"):
        return '"yes" or "no"'
    if question.options:
        return "one of " + ", ".join(f'"{option.key}"' for option in question.options)
    if question.kind == "date":
        return 'a day in quotes, such as "2026-11-22"'
    return "a text in quotes" if question.kind in ("text", "contact") else "a number"


def _can_never_hold(expression: nodes.Expr, source: str, questions: Mapping[str, Question]) -> bool:
    """Try every combination of answers. A condition about facts, texts or too many questions may always hold."""
    keys = keys_of(expression)
    if any(_is_fact(node) for node in (expression, *expression.find_all(nodes.Getattr))):
        return False
    domains = [possible_answers(questions[key]) for key in keys]
    size = 1
    for domain in domains:
        size *= len(domain) if domain is not None else _TRIALS + 1
    if size > _TRIALS:
        return False
    claim = compiled(source)
    combinations = product(*(domain or () for domain in domains))
    return not any(claim(dict(zip(keys, values, strict=True)), NOTHING_KNOWN) for values in combinations)


def _is_fact(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in FACTS
