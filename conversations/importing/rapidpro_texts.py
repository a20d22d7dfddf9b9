"""What RapidPro fills into its texts: `@contact.name`, `@results.age`, `@(upper(fields.city))`."""

import re
from collections.abc import Collection, Mapping
from typing import Final

from conversations.importing import naming, remarks
from conversations.importing.drafts import Sketch
from conversations.importing.loose import set_of
from conversations.importing.plain import shown

_TOPS: Final = set_of(
    "contact fields results run input urns globals parent child webhook trigger node resume ticket legacy_extra locals "
    "flow step extra channel date format_location"
)
_PATH: Final = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_WRAPPED: Final = re.compile(
    r"(?:title|proper|upper|lower|default|text|clean|format_text)\s*\(\s*([A-Za-z_][\w.]*)", re.IGNORECASE
)
_OF_ANSWER: Final = frozenset({"value", "category", "category_localized", "input", "text"})
_LONGEST: Final = 500


def results_key(name: str) -> str:
    """Return how results are called in expressions: small letters and `_`."""
    return naming.spelled(name)


def path_of(expression: str) -> list[str]:
    """Return the parts of `contact.fields.age`, nothing when it is no such path."""
    found = _PATH.fullmatch(expression.strip())
    return found[0].lower().split(".") if found else []


def filled(sketch: Sketch, where: str, text: str, results: Collection[str], fields: Mapping[str, str]) -> str:
    """Return the text with marks where something is filled in."""
    parts: list[str] = []
    at = 0
    while (sign := text.find("@", at)) >= 0:
        parts.append(text[at:sign])
        at, value = _expression(sketch, where, text, sign, results, fields)
        parts.append(value)
    return "".join([*parts, text[at:]])


def _expression(
    sketch: Sketch, where: str, text: str, sign: int, results: Collection[str], fields: Mapping[str, str]
) -> tuple[int, str]:
    """Return where the text goes on after an @, and what stands there instead."""
    if text.startswith("@@", sign):
        return sign + 2, "@"
    if text.startswith("@(", sign):
        end = _closing(text, sign + 1)
        inner = text[sign + 2 : end - 1]
        wrapped = _WRAPPED.match(inner.strip())
        path = path_of(wrapped[1] if wrapped else inner)
        return end, _value(sketch, where, path, inner, results, fields)
    found = _PATH.match(text, sign + 1)
    if not found or found[0].split(".")[0].lower() not in _TOPS:
        return sign + 1, "@"
    name = found[0].rstrip(".")
    return sign + 1 + len(name), _value(sketch, where, name.lower().split("."), name, results, fields)


def _closing(text: str, start: int) -> int:
    """Return where the parenthesis that opens at `start` is closed, the end of the text when it is not."""
    depth, quoted = 0, False
    for n in range(start, min(len(text), start + _LONGEST)):
        quoted ^= text[n] == '"'
        if not quoted:
            depth += (text[n] == "(") - (text[n] == ")")
            if depth == 0:
                return n + 1
    return min(len(text), start + _LONGEST)


def _value(
    sketch: Sketch, where: str, path: list[str], source: str, results: Collection[str], fields: Mapping[str, str]
) -> str:
    match path:
        case ["contact"] | ["contact", "name" | "first_name"]:
            return shown("answer", fields["name"]) if "name" in fields else shown("customer", "name")
        case ["contact", "fields", field] | ["fields", field] | ["contact", field] if field not in _NO_FIELDS:
            return shown("answer", fields[field]) if field in fields else shown("customer", field)
        case ["run" | "child", "results", name, *more] | ["results" | "flow" | "child", name, *more]:
            if name in results and all(one in _OF_ANSWER for one in more):
                return shown("answer", name)
        case ["globals", name]:
            return shown("business", name)
    sketch.remark(where, remarks.PIPED, what=source)
    return "…"


_NO_FIELDS: Final = set_of("groups urn urns uuid id language timezone channel created_on tel fields tickets")
