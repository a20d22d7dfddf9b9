"""A condition in words, for whoever cannot read one: "satisfaction is 2 or less".

`in_words` says what a condition claims, `branch_in_words` when a branch is taken: "if the answer is 2 or less",
"otherwise", "always". Both are phrases, to be said in the reader's language; options are called by their labels.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from conversations.dates import said, written
from conversations.phrases import Phrase, phrase
from conversations.problems import ConditionRefused
from conversations.replies import NO, YES
from conversations.surveys import Question, said_in

if TYPE_CHECKING:
    from jinja2 import nodes

ALWAYS: Final = phrase("always")
OTHERWISE: Final = phrase("otherwise")
NEVER: Final = phrase("never")
THE_ANSWER: Final = phrase("the answer")

_OPPOSITE: Final = {
    "lt": "gteq",
    "lteq": "gt",
    "gt": "lteq",
    "gteq": "lt",
    "eq": "ne",
    "ne": "eq",
    "in": "notin",
    "notin": "in",
}
_MIRRORED: Final = {"lt": "gt", "lteq": "gteq", "gt": "lt", "gteq": "lteq", "eq": "eq", "ne": "ne"}
_COMPARED: Final = {
    "lt": phrase("{what} is less than {value}"),
    "lteq": phrase("{what} is {value} or less"),
    "gt": phrase("{what} is more than {value}"),
    "gteq": phrase("{what} is {value} or more"),
    "eq": phrase("{what} is {value}"),
    "ne": phrase("{what} is not {value}"),
}
_DATED: Final = {
    "lt": phrase("{what} is before {value}"),
    "lteq": phrase("{what} is {value} or earlier"),
    "gt": phrase("{what} is after {value}"),
    "gteq": phrase("{what} is {value} or later"),
}
_FACTS: Final = {
    "customer": phrase("the customer's {field}"),
    "service": phrase("the service's {field}"),
    "business": phrase("the business's {field}"),
}


def in_words(source: str, questions: Sequence[Question], language: str, at: str = "") -> Phrase:
    """Return what a condition claims.

    `language` is the reader's, for the labels of options; `at` the key of the question at which the condition
    stands, which is then only called *the answer*. What cannot be read is quoted as it is. Never raises.
    """
    if not source.strip():
        return NEVER
    try:
        expression = _parsed(source)
    except ConditionRefused:
        return phrase("{condition} (cannot be read)", condition=_quoted(source.strip()))
    return _Teller({question.key: question for question in questions}, language, at).claim(expression)


@lru_cache(maxsize=1024)
def _parsed(source: str) -> "nodes.Expr":
    from conversations.expressions import parsed  # late: Jinja2 takes 0.15 s to import

    return parsed(source)


def branch_in_words(question: Question, position: int, questions: Sequence[Question], language: str) -> Phrase:
    """Return when a branch of that question is taken, by its position from 0; IndexError when there is none."""
    when = question.branches[position].when.strip()
    if when == "true":
        return OTHERWISE if position else ALWAYS
    return phrase("if {condition}", condition=in_words(when, questions, language, question.key))


def _quoted(words: str | Phrase) -> Phrase:
    return phrase("“{words}”", words=words)


class _Teller:
    def __init__(self, questions: dict[str, Question], language: str, at: str) -> None:
        self.questions = questions
        self.language = language
        self.at = at

    def claim(self, node: "nodes.Node", *, holds: bool = True) -> Phrase:
        """Return what the expression says, or with `holds=False` the opposite of it."""
        from jinja2 import nodes

        match node:
            case nodes.And() | nodes.Or():
                return self._joined(node, holds=holds)
            case nodes.Not():
                return self.claim(node.node, holds=not holds)
            case nodes.Compare():
                return self._comparisons(node, holds=holds)
            case nodes.Const():
                return ALWAYS if bool(node.value) is holds else NEVER
        return self._alone(node, holds=holds)

    def _joined(self, node: "nodes.And | nodes.Or", *, holds: bool) -> Phrase:
        """Return two claims joined; the opposite of *and* is *or* of both opposites."""
        from jinja2 import nodes

        both = isinstance(node, nodes.And) is holds
        first, second = (self._inside(part, holds=holds, both=both) for part in (node.left, node.right))
        if both:
            return phrase("{first} and {second}", first=first, second=second)
        return phrase("{first} or {second}", first=first, second=second)

    def _inside(self, node: "nodes.Node", *, holds: bool, both: bool) -> Phrase:
        """Return a claim within another; an *or* within an *and* stands in parentheses."""
        from jinja2 import nodes

        said_so = self.claim(node, holds=holds)
        inner = node
        while isinstance(inner, nodes.Not):
            inner, holds = inner.node, not holds
        joins_either = isinstance(inner, nodes.Or if holds else nodes.And)
        return phrase("({condition})", condition=said_so) if both and joins_either else said_so

    def _comparisons(self, node: "nodes.Compare", *, holds: bool) -> Phrase:
        """Return what a comparison says, and one of three or more sides: `1 < x <= 3`."""
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        parts = [
            self._comparison(operand.op, left, right, holds=holds)
            for operand, (left, right) in zip(node.ops, pairwise(sides), strict=True)
        ]
        whole = parts[0]
        for part in parts[1:]:
            whole = (
                phrase("{first} and {second}", first=whole, second=part)
                if holds
                else phrase("{first} or {second}", first=whole, second=part)
            )
        return whole

    def _comparison(self, op: str, left: "nodes.Node", right: "nodes.Node", *, holds: bool) -> Phrase:
        op = op if holds else _OPPOSITE[op]
        if op in ("in", "notin"):
            return self._membership(left, right, among=op == "in")
        if self._owner(left) is None and self._owner(right) is not None:
            op, left, right = _MIRRORED[op], right, left
        words = _COMPARED[op]
        if op in _DATED and self._is_day(right):
            words = _DATED[op]
        return Phrase(words.sentence, {"what": self._what(left), "value": self._value(right, self._owner(left))})

    def _membership(self, left: "nodes.Node", right: "nodes.Node", *, among: bool) -> Phrase:
        from jinja2 import nodes

        if isinstance(right, nodes.List | nodes.Tuple):
            values = self._either([self._value(item, self._owner(left)) for item in right.items])
            what = self._what(left)
            return (
                phrase("{what} is {value}", what=what, value=values)
                if among
                else phrase("{what} is not {value}", what=what, value=values)
            )
        what, value = self._what(right), self._value(left, self._owner(right))
        if among:
            return phrase("{what} includes {value}", what=what, value=value)
        return phrase("{what} does not include {value}", what=what, value=value)

    def _either(self, values: "list[str | Phrase]") -> "str | Phrase":
        whole: str | Phrase = values[0] if values else ""
        for value in values[1:]:
            whole = phrase("{first} or {second}", first=whole, second=value)
        return whole

    def _alone(self, node: "nodes.Node", *, holds: bool) -> Phrase:
        """Return what a question or fact by itself claims: that it is a yes, or that there is one at all."""
        question = self._question(node)
        what = self._what(node)
        if question is not None and question.kind not in ("yes_no", "consent"):
            return phrase("{what} is given", what=what) if holds else phrase("{what} is empty", what=what)
        return phrase("{what} is {value}", what=what, value=_quoted(YES if holds else NO))

    # -- names and values

    def _owner(self, node: "nodes.Node") -> str | None:
        """Return what a side speaks of, a question's key or a fact's name; None for a fixed value."""
        from jinja2 import nodes

        from conversations.expressions import question_key

        key = question_key(node)
        if key is None and isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            return f"{node.node.name}.{node.attr}"
        return key

    def _question(self, node: "nodes.Node") -> Question | None:
        return self.questions.get(self._owner(node) or "")

    def _what(self, node: "nodes.Node") -> str | Phrase:
        name = self._owner(node)
        if name is None:
            return self._value(node, None)
        owner, dot, field = name.partition(".")
        if dot and owner in _FACTS:
            return Phrase(_FACTS[owner].sentence, {"field": field})
        return THE_ANSWER if name == self.at else name

    def _value(self, node: "nodes.Node", of: str | None) -> str | Phrase:
        from conversations.expressions import fixed_value, is_fixed

        if self._owner(node) is not None:
            return self._what(node)
        if not is_fixed(node):  # a whole claim, compared with another
            return phrase("({condition})", condition=self.claim(node))
        value = fixed_value(node)
        question = self.questions.get(of or "")
        if isinstance(value, bool) or (question is not None and question.kind in ("yes_no", "consent")):
            return _quoted(YES if value in (True, "yes", "true") else NO)
        if isinstance(value, str):
            return self._named(value, question)
        return f"{value}"

    def _named(self, value: str, question: Question | None) -> str | Phrase:
        """Return a text as it reads: the label of an option, a day, else the text itself."""
        for option in question.options if question is not None else ():
            if option.key == value and option.label:
                return _quoted(said_in(option.label, self.language, next(iter(option.label))))
        day = written(value)
        return said(day) if day is not None else _quoted(value)

    def _is_day(self, node: "nodes.Node") -> bool:
        from conversations.expressions import fixed_value, is_fixed

        value = fixed_value(node) if is_fixed(node) else None
        return isinstance(value, str) and written(value) is not None
