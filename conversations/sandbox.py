"""The second wall around texts: what a filled-in text can reach, and how what is not known reads.

Imports Jinja2 and is therefore imported late, by `conversations.templates` only.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from jinja2 import Undefined
from jinja2.sandbox import SandboxedEnvironment

from conversations.facts import Value

HOLE: Final = "\x00"
"""Stands where something was not known until the text is tidied; the edge lets no such character in."""


class _Unknown:
    """Something that is not known: no text, not true, unlike everything, neither above nor below."""

    __slots__ = ()

    def __str__(self) -> str:
        return HOLE

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return False

    def __hash__(self) -> int:
        return 0

    def __contains__(self, item: object) -> bool:
        return False

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__


_UNKNOWN: Final = _Unknown()


class _YesNo:
    """An answer that is yes or no; it equals both the word and the truth value."""

    __slots__ = ("yes",)

    def __init__(self, yes: bool) -> None:
        self.yes = yes

    def __str__(self) -> str:
        return "yes" if self.yes else "no"

    def __bool__(self) -> bool:
        return self.yes

    def __eq__(self, other: object) -> bool:
        return other is self.yes or other == str(self)

    def __hash__(self) -> int:
        return hash(str(self))


def readable(value: Value) -> object:
    if isinstance(value, bool) or value in ("yes", "no"):
        return _YesNo(value in (True, "yes"))
    return value


def _shown(value: object) -> object:
    """Return what stands in the text for a value; the sandbox calls it for each `{{ … }}`."""
    if isinstance(value, Undefined):  # `{{ x if y }}` without an else
        return HOLE
    return ", ".join(value) if isinstance(value, tuple) else value


def _text(value: object) -> str:
    return str(_shown(value))


def _on_text(change: Callable[[str], str]) -> Callable[[object], object]:
    def changed(value: object) -> object:
        return value if isinstance(value, _Unknown) else change(_text(value))

    return changed


def _default(value: object, otherwise: str) -> object:
    return otherwise if isinstance(value, _Unknown | Undefined) or value in ("", ()) else value


def _truncate(value: object, length: int) -> object:
    if isinstance(value, _Unknown):
        return value
    text = _text(value)
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _join(value: object, between: str) -> object:
    """Join the options of a `choices` answer; anything else stays as it is, or chains of join would explode."""
    return between.join(value) if isinstance(value, tuple) else value


def _first(value: object) -> object:
    return (value[0] if value else _UNKNOWN) if isinstance(value, tuple) else value


def _last(value: object) -> object:
    return (value[-1] if value else _UNKNOWN) if isinstance(value, tuple) else value


class Sandbox(SandboxedEnvironment):
    """The second wall: no globals, ten filters, no tests, and a field is a key of a dict or nothing."""

    def __init__(self) -> None:
        # Lines that hold only {% … %} leave no empty line behind, so that long texts can be laid out.
        super().__init__(finalize=_shown, trim_blocks=True, lstrip_blocks=True, autoescape=False)
        self.globals.clear()
        self.tests.clear()
        self.filters = {
            "default": _default,
            "upper": _on_text(str.upper),
            "lower": _on_text(str.lower),
            "title": _on_text(str.title),
            "capitalize": _on_text(str.capitalize),
            "trim": _on_text(str.strip),
            "truncate": _truncate,
            "join": _join,
            "first": _first,
            "last": _last,
        }

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return the field, also one named like a method of dict ("items"); unknown when it is not there."""
        value = obj.get(attribute) if isinstance(obj, dict) else None
        return _UNKNOWN if value is None or value == "" else value


# A blank is only looked at from the first of its row: from each of them, thousands in a row would take minutes.
_BRACKETED: Final = re.compile(r"(?<![ \t])[ \t]*(?:\(\x00\)|（\x00）|「\x00」|“\x00”|\"\x00\")")
_LEADING: Final = re.compile(r"(^|\n)\x00(?:[ \t]*[,，、:：])?[ \t]*([^\W\d_]?)")
_ELSEWHERE: Final = re.compile(r"(?<![ \t])(?:[ \t]*[,，、])?[ \t]*\x00")


def tidy(text: str) -> str:
    """Close the holes: with what was not known goes the comma and the space that led to it."""
    text = _BRACKETED.sub("", text)
    text = _LEADING.sub(lambda found: found[1] + found[2].upper(), text)
    return _ELSEWHERE.sub("", text)
