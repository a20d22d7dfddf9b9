"""One comparison of a source, written in our language for the question that it is about."""

import json
from collections.abc import Callable
from typing import Final

from conversations.dates import written as written_date
from conversations.importing.claims import FALSE, TRUE, Answered, Claim, Compared, Every, Not, Said, Some, Unsaid
from conversations.importing.loose import figure, written
from conversations.surveys import Question

_ORDERS: Final[dict[str, tuple[str, Callable[[float, float], bool]]]] = {
    "<": (">=", lambda a, b: a < b),
    "<=": (">", lambda a, b: a <= b),
    ">": ("<=", lambda a, b: a > b),
    ">=": ("<", lambda a, b: a >= b),
}
SEVERAL: Final = ("choices", "ranking")
_YES: Final = frozenset({"yes", "true", "1", "y", "accepted", "clicked", "ja", "oui", "si", "sí", "是"})
_NO: Final = frozenset({"no", "false", "0", "n", "dismissed", "nein", "non", "否"})


def comparison(question: Question, keys: dict[str, str], claim: Compared | Answered, sure: bool) -> Claim:
    """Return the claim about that question. `keys` are its options' keys by what the source calls them.

    `sure` says that it was certainly answered when the claim is looked at.
    """
    if isinstance(claim, Answered):
        return TRUE if sure or question.kind == "statement" else _answered(question)
    if claim.op == "!=":
        return Not(comparison(question, keys, Compared(claim.of, "==", claim.value), sure))
    match question.kind:
        case "csat" | "nps" | "ces" | "stars" | "matrix" | "number":
            return _with_figure(question, claim, sure)
        case "choice":
            return _with_option(question, keys, claim, sure)
        case "choices" | "ranking":
            return _with_options(question, keys, claim, sure)
        case "yes_no" | "consent":
            return _with_yes(question, keys, claim, sure)
        case "text" | "contact" if claim.op == "==" and claim.value:
            return _said(question.key, "==", "!=", _quoted(claim.value), sure)
        case "date" if claim.op in (*_ORDERS, "==") and written_date(claim.value):
            opposite = "!=" if claim.op == "==" else _ORDERS[claim.op][0]
            return _said(question.key, claim.op, opposite, _quoted(claim.value), sure)
    return Unsaid(f"{claim.of} {claim.op} {claim.value}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _said(key: str, op: str, opposite: str, value: str, sure: bool) -> Said:
    return Said(f"{key} {op} {value}", f"{key} {opposite} {value}", sure)


def _answered(question: Question) -> Claim:
    key = question.key
    match question.kind:
        case "csat" | "nps" | "ces" | "stars" | "matrix" | "number":
            source = f"{key} >= {question.scale.low if question.scale else 0}"
        case "choice":
            source = f"{key} in [{', '.join(_quoted(option.key) for option in question.options)}]"
        case "choices" | "ranking":
            source = " or ".join(f"{_quoted(option.key)} in {key}" for option in question.options)
        case "yes_no" | "consent":
            source = f'{key} in ["yes", "no"]'
        case "date":
            source = f'{key} >= "1900-01-01"'
        case _:
            source = f'{key} != ""'
    return Said(source, f"not ({source})", False)


def _with_figure(question: Question, claim: Compared, sure: bool) -> Claim:
    value = figure(claim.value)
    if value is None:
        return FALSE if claim.op in ("==", "has") else Unsaid(f"{claim.of} {claim.op} {claim.value}")
    low, high = (question.scale.low, question.scale.high) if question.scale else (0, 10**9)
    if claim.op in ("==", "has"):
        fits = low <= value <= high and value == int(value)
        return _said(question.key, "==", "!=", written(value), sure) if fits else FALSE
    opposite, compare = _ORDERS[claim.op]
    met = compare(low, value), compare(high, value)
    if not any(met):
        return FALSE
    if all(met):
        return comparison(question, {}, Answered(claim.of), sure)
    return _said(question.key, claim.op, opposite, written(value), sure)


def _key(keys: dict[str, str], value: str) -> str | None:
    return keys.get(value) or keys.get(value.strip().lower())


def _with_option(question: Question, keys: dict[str, str], claim: Compared, sure: bool) -> Claim:
    if claim.op in ("==", "has"):
        key = _key(keys, claim.value)
        return FALSE if key is None else _said(question.key, "==", "!=", _quoted(key), sure)
    against = figure(claim.value)
    figures = {name: found for name in keys if (found := figure(name)) is not None}
    if against is None or {keys[name] for name in figures} != {option.key for option in question.options}:
        return Unsaid(f"{claim.of} {claim.op} {claim.value}")
    chosen = dict.fromkeys(keys[name] for name, found in figures.items() if _ORDERS[claim.op][1](found, against))
    if not chosen:
        return FALSE
    return _said(question.key, "in", "not in", f"[{', '.join(_quoted(key) for key in chosen)}]", sure)


def _with_options(question: Question, keys: dict[str, str], claim: Compared, sure: bool) -> Claim:
    if claim.op not in ("==", "has"):
        return Unsaid(f"{claim.of} {claim.op} {claim.value}")
    key = _key(keys, claim.value)
    if key is None:
        return FALSE
    chosen = _among(question, key, sure)
    if claim.op == "has" or question.kind == "ranking":
        return chosen
    others = [Not(_among(question, option.key, sure)) for option in question.options if option.key != key]
    return Every((chosen, *others))


def _among(question: Question, key: str, sure: bool) -> Said:
    return Said(f"{_quoted(key)} in {question.key}", f"{_quoted(key)} not in {question.key}", sure)


def _with_yes(question: Question, keys: dict[str, str], claim: Compared, sure: bool) -> Claim:
    if claim.op not in ("==", "has"):
        return Unsaid(f"{claim.of} {claim.op} {claim.value}")
    value = claim.value.strip().lower()
    key = _key(keys, claim.value) or ("yes" if value in _YES else "no" if value in _NO else None)
    if key is None:
        return FALSE
    return _said(question.key, "==", "!=", _quoted(key), sure)


def of_any(claims: list[Claim]) -> Claim:
    """Return that one of the questions with the same name answers so."""
    return claims[0] if len(claims) == 1 else Some(tuple(claims)) if claims else FALSE
