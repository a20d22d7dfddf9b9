"""What makes no sense in a condition, given the questions of its survey.

Imports Jinja2 and is therefore imported late, by `conversations.conditions` only.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from jinja2 import nodes

from conversations.dates import written
from conversations.expressions import (
    ORDERED,
    USES,
    Fixed,
    fixed_value,
    is_fixed,
    parsed,
    question_key,
    yes_or_no,
)
from conversations.phrases import Phrase, phrase
from conversations.possible import can_hold
from conversations.problems import Complaint, ConditionRefused, meant_or, write
from conversations.surveys import RATINGS, Question, Scale

SEVERAL: Final = ("choices", "ranking")
"""The kinds whose answer is several options at once."""


def complaints(source: str, questions: Mapping[str, Question]) -> list[Complaint]:
    """Return what is wrong with the condition; an empty list when it can be used."""
    try:
        expression = parsed(source)
        found = list(dict.fromkeys(_mistakes(expression, questions)))
        if not found and not can_hold(expression, source, questions):
            mend = phrase("Change it, or remove it with what depends on it.")
            found.append(Complaint(phrase("The condition can never hold."), mend))
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
            yield Complaint(phrase("A number or text alone is no condition."), USES, node.lineno)
        case nodes.Name() | nodes.Getattr():
            yield from _mistaken_alone(node, questions)


def _unknown(node: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    key = question_key(node)
    if key is None or key in questions:
        return
    if rows := [row.key for row in questions.values() if row.row and row.row.matrix == key]:
        said = phrase('"{key}" is a matrix: each of its rows has an answer of its own.', key=key)
        yield Complaint(said, phrase("Name a row: {rows}.", rows=", ".join(rows)), node.lineno)
        return
    said = phrase('The condition asks about "{key}", and there is no such question.', key=key)
    listed = phrase("The questions are {keys}.", keys=", ".join(questions) or phrase("none"))
    yield Complaint(said, meant_or(key, list(questions), listed), node.lineno)


def _mistaken_alone(node: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    yield from _unknown(node, questions)
    question = questions.get(question_key(node) or "")
    if question and question.kind not in ("yes_no", "consent"):
        said = phrase('"{key}" alone is no condition.', key=question.key)
        yield Complaint(said, phrase("Say what to compare it with."), node.lineno)


def _mistaken(op: str, left: nodes.Node, right: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    unknown = [*_unknown(left, questions), *_unknown(right, questions)]
    if unknown:
        yield from unknown
    elif op in ("in", "notin") and not isinstance(right, nodes.List | nodes.Tuple):
        yield from _mistaken_choice(left, right, questions)
    elif is_fixed(left) and is_fixed(right):
        said = phrase("The condition compares two fixed values.")
        yield Complaint(said, phrase("Name a question on one side."), left.lineno)
    else:
        for asked, beside, turned in ((left, right, op), (right, left, _turned(op))):
            if question := questions.get(question_key(asked) or ""):
                yield from _mistaken_value(question, turned, beside)


def _turned(op: str) -> str:
    return {"lt": "gt", "lteq": "gteq", "gt": "lt", "gteq": "lteq"}.get(op, op)


def _mistaken_choice(left: nodes.Node, right: nodes.Node, questions: Mapping[str, Question]) -> Iterator[Complaint]:
    question = questions.get(question_key(right) or "")
    if question is None or question.kind not in SEVERAL:
        mend = phrase(
            'After "in" name a question of kind {kinds}, or a list such as [1, 2].', kinds="choices or ranking"
        )
        yield Complaint(phrase('The condition uses "in" with something that holds no list.'), mend, right.lineno)
    elif is_fixed(left):
        yield from _off(question, fixed_value(left), left.lineno)


def _mistaken_value(question: Question, op: str, beside: nodes.Node) -> Iterator[Complaint]:
    if question.kind == "statement":
        said = phrase('"{key}" is a statement and has no answer.', key=question.key)
        yield Complaint(said, phrase("Ask about a question."), beside.lineno)
    elif question.kind in SEVERAL:
        said = phrase('"{key}" holds several options at once.', key=question.key)
        yield Complaint(said, write(f'"OPTION" in {question.key}'), beside.lineno)
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
        mend = phrase("Compare it with == and {value}.", value=_known_values(question))
        yield Complaint(phrase('"{key}" has no order: it is no number.', key=question.key), mend, beside.lineno)
    elif isinstance(value, bool | str):
        yield from _off(question, value, beside.lineno)
    elif question.scale and not any(ORDERED[op](end, value) for end in (question.scale.low, question.scale.high)):
        said = phrase(
            'The condition can never hold: "{key}" goes from {low} to {high}.',
            key=question.key,
            low=question.scale.low,
            high=question.scale.high,
        )
        yield Complaint(said, phrase("Compare with a number on its scale."), beside.lineno)


def _off(question: Question, value: Fixed, line: int) -> Iterator[Complaint]:
    """Complain when no answer to the question could be equal to the value."""
    if _is_numeric(question):
        if isinstance(value, bool | str):
            what = phrase("a rating") if question.kind in RATINGS else phrase("a number")
            said = phrase('The condition compares "{key}" ({what}) with a text or a yes.', key=question.key, what=what)
            yield Complaint(said, phrase("Write {example}, without quotes.", example=_known_values(question)), line)
        elif question.scale and not _on_scale(question.scale, value):
            said = phrase(
                '{value} is not on the scale of "{key}", so this can never hold.', value=str(value), key=question.key
            )
            yield Complaint(said, phrase("Write {example}.", example=_known_values(question)), line)
    elif question.kind == "date":
        if not isinstance(value, str) or not written(value):
            said = phrase('"{key}" is a date, and {value} is none.', key=question.key, value=str(value))
            yield Complaint(said, phrase("Write {example}.", example=_known_values(question)), line)
    elif question.kind in ("choice", *SEVERAL):
        keys = [option.key for option in question.options]
        if value not in keys:
            said = phrase(
                '"{value}" is no option of "{key}", so this can never hold.', value=str(value), key=question.key
            )
            listed = phrase("Its options are {keys}.", keys=", ".join(keys))
            yield Complaint(said, meant_or(str(value), keys, listed), line)
    elif question.kind in ("yes_no", "consent") and yes_or_no(value) is None:
        said = phrase('"{key}" is answered by yes or no.', key=question.key)
        yield Complaint(said, write(f'{question.key} == "yes"'), line)
    elif question.kind in ("text", "contact") and not isinstance(value, str):
        said = phrase('"{key}" is a text, and {value} is none.', key=question.key, value=str(value))
        yield Complaint(said, phrase("Put the text in quotes."), line)


def _is_numeric(question: Question) -> bool:
    return question.kind in RATINGS or question.kind == "number"


def _on_scale(scale: Scale, value: float) -> bool:
    return scale.low <= value <= scale.high and value == int(value)


def _known_values(question: Question) -> Phrase:
    if question.scale:
        return phrase("a number from {low} to {high}", low=question.scale.low, high=question.scale.high)
    if question.kind in ("yes_no", "consent"):
        return phrase('"yes" or "no"')
    if question.options:
        return phrase("one of {words}", words=", ".join(f'"{option.key}"' for option in question.options))
    if question.kind == "date":
        return phrase('a day in quotes, such as "{example}"', example="2026-11-22")
    return phrase("a text in quotes") if question.kind in ("text", "contact") else phrase("a number")
