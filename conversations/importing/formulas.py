"""The condition languages of SurveyJS and XLSForm, which differ in names and agree in shape.

    {price} > 3 and ({tier} = 'gold' or {notes} notempty)          ${price} > 3 and selected(${likes}, 'quiet')

Whatever is outside comparisons, `and`, `or`, `not` and the few functions below becomes `Unsaid`: the report names it.
"""

import re
from collections.abc import Callable
from typing import Final

from conversations.importing.claims import (
    FALSE,
    TRUE,
    Answered,
    Claim,
    Compared,
    Every,
    Not,
    Some,
    Unsaid,
    every,
    some,
)
from conversations.importing.loose import figure, words

LONGEST: Final = 4000
MOST_TOKENS: Final = 800
DEEPEST: Final = 20

_TOKEN: Final = re.compile(
    r"\s*(?:"
    r"\$?\{(?P<name>[^{}]{1,200})\}"
    r"|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>\d+(?:\.\d+)?(?![\w.]))"
    r"|(?P<sign><=|>=|<>|!=|==|&&|\|\||[=<>!()\[\],+*/%^-])"
    r"|(?P<word>[A-Za-z_][\w.:-]*|\.\.?/?)"
    r")"
)
_OPS: Final = {
    "=": "==", "==": "==", "equal": "==", "equals": "==", "eq": "==",
    "!=": "!=", "<>": "!=", "notequal": "!=", "notequals": "!=", "ne": "!=",
    "<": "<", "less": "<", "lt": "<", "<=": "<=", "lessorequal": "<=", "le": "<=", "lte": "<=",
    ">": ">", "greater": ">", "gt": ">", ">=": ">=", "greaterorequal": ">=", "ge": ">=", "gte": ">=",
    "contains": "has", "contain": "has", "*=": "has", "anyof": "anyof", "allof": "allof", "noneof": "noneof",
    "notcontains": "hasnt", "notcontain": "hasnt", "in": "in",
}  # fmt: skip
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


class _Name(str):
    """The name of a question in an expression."""

    __slots__ = ()


class _Values(list[str]):
    """One fixed value, or several."""


class NotSaid(Exception):
    """The expression is outside what can be said."""


def claim_of(source: str, *, own: str = "") -> Claim:
    """Return the claim that an expression makes; `own` is what `.` names. Never raises."""
    source = source.strip()
    if not source:
        return TRUE
    if len(source) > LONGEST:
        return Unsaid(source)
    try:
        reader = _Reader(_tokens(source), own)
        claim = reader.either(0)
        reader.ended()
    except NotSaid:
        return Unsaid(source)
    return _named(claim, source)


def _named(claim: Claim, source: str) -> Claim:
    """Return the claim with each part that cannot be said named by the whole expression."""
    match claim:
        case Unsaid():
            return Unsaid(source)
        case Every(parts=parts):
            return Every(tuple(_named(part, source) for part in parts))
        case Some(parts=parts):
            return Some(tuple(_named(part, source) for part in parts))
        case Not(part=part):
            return Not(_named(part, source))
    return claim


def _tokens(source: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(source.rstrip()):
        token = _TOKEN.match(source, at)
        if token is None or len(found) >= MOST_TOKENS:
            raise NotSaid
        kind = token.lastgroup or ""
        found.append((kind, token[kind]))
        at = token.end()
    return found


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], own: str) -> None:
        self.tokens = tokens
        self.own = own
        self.at = 0

    def ended(self) -> None:
        if self.at < len(self.tokens):
            raise NotSaid

    def _peek(self) -> str:
        return self.tokens[self.at][1].lower() if self.at < len(self.tokens) else ""

    def _take(self, *wanted: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at][0] in ("sign", "word") and self._peek() in wanted:
            self.at += 1
            return True
        return False

    def _need(self, sign: str) -> None:
        if not self._take(sign):
            raise NotSaid

    def either(self, depth: int) -> Claim:
        if depth > DEEPEST:
            raise NotSaid
        parts = [self._both(depth)]
        while self._take("or", "||"):
            parts.append(self._both(depth))
        return some(*parts)

    def _both(self, depth: int) -> Claim:
        parts = [self._negated(depth)]
        while self._take("and", "&&"):
            parts.append(self._negated(depth))
        return every(*parts)

    def _negated(self, depth: int) -> Claim:
        negations = 0
        while self._take("!", "not", "negate"):
            negations += 1
        claim = self._comparison(depth)
        return Not(claim) if negations % 2 else claim

    def _comparison(self, depth: int) -> Claim:
        left = self._operand(depth)
        if isinstance(left, Claim):
            if self._take("=", "=="):  # selected(…) = true
                return self._as_truth(left, self._operand(depth))
            return left
        if self._take("notempty"):
            return _about(left, Answered)
        if self._take("empty"):
            return _about(left, lambda name: Not(Answered(name)))
        op = _OPS.get(self._peek()) if self.at < len(self.tokens) else None
        if op is None or self.tokens[self.at][0] not in ("sign", "word"):
            return _alone(left)
        self.at += 1
        right = self._operand(depth)
        if isinstance(right, Claim):
            return self._as_truth(right, left) if op == "==" else _out()
        return _compared(left, op, right)

    def _as_truth(self, claim: Claim, beside: "Claim | _Name | _Values") -> Claim:
        if isinstance(beside, _Values) and len(beside) == 1:
            return claim if beside[0].lower() in ("true", "1", "yes") else Not(claim)
        return _out()

    def _operand(self, depth: int) -> "Claim | _Name | _Values":
        if self.at >= len(self.tokens):
            raise NotSaid
        kind, text = self.tokens[self.at]
        if self._take("("):
            inner = self.either(depth + 1)
            self._need(")")
            return inner
        if self._take("["):
            return self._list()
        if self._take("-"):
            value = self._operand(depth + 1)
            return _Values([f"-{value[0]}"]) if isinstance(value, _Values) and value else _out()
        self.at += 1
        match kind:
            case "name":
                return self._after(_Name(text.strip()))
            case "text":
                return self._after(_Values([re.sub(r"\\(.)", r"\1", text[1:-1])]))
            case "number":
                return self._after(_Values([text]))
            case "word":
                return self._word(text, depth)
        raise NotSaid

    def _after(self, operand: "_Name | _Values") -> "_Name | _Values":
        if self._peek() in ("+", "-", "*", "/", "%", "^", "div", "mod"):
            raise NotSaid
        return operand

    def _list(self) -> _Values:
        found = _Values()
        while not self._take("]"):
            kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
            self.at += 1
            if kind not in ("text", "number", "word"):
                raise NotSaid
            found.append(text[1:-1] if kind == "text" else text)
            self._take(",")
        return found

    def _word(self, word: str, depth: int) -> "Claim | _Name | _Values":
        if word.lower() in ("true", "false"):
            if self._take("("):
                self._need(")")
            return _Values([word.lower()])
        if word == "." and self.own:
            return self._after(_Name(self.own))
        if not self._take("("):
            return self._after(_Values([word]))
        return self._function(word.lower(), depth)

    def _function(self, name: str, depth: int) -> "Claim | _Name | _Values":
        match name:
            case "selected" | "jr:choice-name":
                asked = self._operand(depth + 1)
                self._need(",")
                value = self._operand(depth + 1)
                self._need(")")
                return _compared(asked, "has", value) if name == "selected" else _out()
            case "not":
                inner = self.either(depth + 1)
                self._need(")")
                return Not(inner)
            case "string-length" | "count-selected":
                asked = self._operand(depth + 1)
                self._need(")")
                return self._length(asked)
            case "number" | "int" | "string" | "boolean" | "lower-case" | "trim" | "normalize-space" | "coalesce":
                asked = self._operand(depth + 1)
                self._need(")")
                return asked
        raise NotSaid

    def _length(self, asked: "Claim | _Name | _Values") -> Claim:
        """Return what a length compared with nothing says: that something was answered."""
        op = self._peek()
        if not self._take(">", "=", "!=", ">=", "<"):
            raise NotSaid
        value = self._operand(DEEPEST)
        least = figure(value[0]) if isinstance(value, _Values) and value else None
        if (op, least) in ((">", 0), ("!=", 0), (">=", 1)):
            return _about(asked, Answered)
        return _about(asked, lambda name: Not(Answered(name))) if (op, least) in (("=", 0), ("<", 1)) else _out()


def _out() -> Claim:
    raise NotSaid


def _about(operand: "Claim | _Name | _Values", make: Callable[[str], Claim]) -> Claim:
    return make(str(operand)) if isinstance(operand, _Name) else _out()


def _alone(operand: "_Name | _Values") -> Claim:
    if isinstance(operand, _Name):
        return Compared(str(operand), "==", "true")
    if len(operand) == 1 and operand[0].lower() in ("true", "false", "1", "0"):
        return TRUE if operand[0].lower() in ("true", "1") else FALSE
    return _out()


def _compared(left: "Claim | _Name | _Values", op: str, right: "Claim | _Name | _Values") -> Claim:
    if isinstance(left, _Values) and isinstance(right, _Name):
        left, right = right, left
        op = _TURNED.get(op, "has" if op == "in" else op)
    if not isinstance(left, _Name) or not isinstance(right, _Values):
        return _out()
    name = str(left)
    match op:
        case "==" | "in" | "!=":
            if right == [""]:
                claim: Claim = Not(Answered(name))
            else:
                claim = some(*(Compared(name, "==", value) for value in right))
            return Not(claim) if op == "!=" else claim
        case "has" | "allof":
            return every(*(Compared(name, "has", value) for value in right))
        case "anyof":
            return some(*(Compared(name, "has", value) for value in right))
        case "hasnt" | "noneof":
            return Not(some(*(Compared(name, "has", value) for value in right)))
    return Compared(name, op, right[0]) if len(right) == 1 else _out()


def bounds_of(source: str) -> tuple[float | None, float | None] | None:
    """Return the least and the greatest value that a check of a number allows; None when it says anything else."""
    claim = claim_of(source, own=".")
    parts = claim.parts if isinstance(claim, Every) else (claim,)
    low: float | None = None
    high: float | None = None
    for part in parts:
        if not isinstance(part, Compared) or part.of != "." or (value := figure(part.value)) is None:
            return None
        match part.op:
            case ">=" | ">":
                low = value if part.op == ">=" else value + 1
            case "<=" | "<":
                high = value if part.op == "<=" else value - 1
            case _:
                return None
    return low, high


def old_trigger(name: str, operator: str, value: object) -> Claim:
    """Return the claim of a trigger that is written in three parts: name, operator, value."""
    match operator.lower():
        case "empty":
            return Not(Answered(name))
        case "notempty":
            return Answered(name)
    op = _OPS.get(operator.lower(), "==")
    values = [words(one) for one in value] if isinstance(value, list) else [words(value)]
    try:
        return _compared(_Name(name), op, _Values(values))
    except NotSaid:
        return Unsaid(f"{name} {operator}")
