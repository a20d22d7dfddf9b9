"""The language of texts: an allow-list over Jinja2's syntax tree, then Jinja2's sandbox as a second wall.

Imports Jinja2 at the top and is therefore imported late, by `conversations.wording` only. The sandbox alone does
not bound time or memory (nested loops, `"A" * 10**9`, `|center(10**9)`), and has been left before; so whatever is
not named here is refused before anything is compiled.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

from jinja2 import TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

from conversations.facts import Answers, Facts, Value
from conversations.problems import Complaint, WordingRefused, nearest
from conversations.wording import FILTERS

LARGEST: Final = 8 * 1024
"""Bytes of one text."""

DEEPEST: Final = 20
"""Nested parentheses, nested ifs, and levels of one expression."""

SCOPES: Final = ("customer", "service", "business", "answers")

_ALLOWED: Final = "A text may use {{ customer.name }}, {% if … %} and the filters " + ", ".join(FILTERS) + "."
_BLOCKS: Final = frozenset({"if", "elif", "else", "endif"})
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_HOLE: Final = "\x00"
"""Stands where something was not known until the text is tidied; the edge lets no such character in."""

_NAMES: Final[dict[str, str]] = {
    "Call": "a call",
    "Concat": 'joining with "~"',
    "Getitem": "square brackets",
    "Slice": "a slice",
    "Test": 'a test with "is"',
    "List": "a list",
    "Tuple": "a list",
    "Dict": "a dictionary",
    "FilterBlock": "a filter block",
}


def complaints(source: str, question_keys: Collection[str] | None) -> list[Complaint]:
    """Return what is outside the language; with question keys also `answers.` of unknown questions."""
    if len(source.encode("utf-8", "surrogatepass")) > LARGEST:
        return [Complaint(f"The text is longer than {LARGEST // 1024} KB.", "Say it more briefly.")]
    try:
        found = list(_refused_tokens(source)) or list(_refusals(_environment.parse(source), 0, question_keys))
    except TemplateSyntaxError as error:
        reason = (error.message or "it cannot be read").rstrip(".")
        return [Complaint(f"The text cannot be read: {reason}.", _mend(reason), error.lineno)]
    except RecursionError:
        return [_too_deep(1)]
    except ValueError:  # a figure of more than 4300 digits
        return [Complaint("The text holds a figure that is too long.", _ALLOWED)]
    return list(dict.fromkeys(found))


def compiled(source: str) -> Callable[[Facts, Answers], str]:
    """Return the text as a function. Raises WordingRefused, also from that function."""
    for complaint in complaints(source, None):
        raise WordingRefused(source, complaint)
    try:
        template = _environment.from_string(source)
    except (TemplateError, RecursionError, ValueError, SyntaxError, MemoryError) as error:
        raise WordingRefused(source, Complaint(f"The text cannot be used: {error}.", _ALLOWED))

    def rendered(facts: Facts, answers: Answers) -> str:
        known = {key: _readable(value) for key, value in answers.items()}
        try:
            text = template.render(
                customer=facts.customer, service=facts.service, business=facts.business, answers=known
            )
        except (TemplateError, TypeError, ValueError, RecursionError) as error:
            mend = "Compare a figure with a figure and a text with a text."
            raise WordingRefused(source, Complaint(f"The text cannot be filled in: {error}.", mend))
        return _tidy(text) if _HOLE in text else text

    return rendered


# --- what may be in a text ------------------------------------------------------------------------------------------


def _refused_tokens(source: str) -> Iterator[Complaint]:
    """Refuse by words, before the parser can be made to recurse: blocks other than if, and deep nesting."""
    parentheses = ifs = 0
    in_block = False
    for line, kind, word in _environment.lex(source):
        if kind == "raw_begin":
            yield _block("raw", line)
        elif kind == "operator":
            parentheses += (word in "([{") - (word in ")]}")
        elif in_block and kind == "name":
            in_block = False
            ifs += (word == "if") - (word == "endif")
            if word not in _BLOCKS:
                yield _block(word, line)
        elif kind != "whitespace":
            in_block = kind == "block_begin"
        if parentheses > DEEPEST or ifs > DEEPEST:
            yield _too_deep(line)
            return


def _block(word: str, line: int) -> Complaint:
    return Complaint(f"The text uses {{% {word} %}}, which texts do not have.", _ALLOWED, line)


def _too_deep(line: int) -> Complaint:
    return Complaint("The text is nested too deeply.", f"Use at most {DEEPEST} levels.", line)


def _mend(reason: str) -> str:
    if "end of" in reason or "end tag" in reason:
        return "Every {{ needs its }} and every {% if … %} its {% endif %}."
    return _ALLOWED


def _refusals(node: nodes.Node, depth: int, keys: Collection[str] | None) -> Iterator[Complaint]:
    if depth > DEEPEST + 3:  # the template, its output and the expression's first node
        yield _too_deep(node.lineno)
        return
    match node:
        case nodes.Template() | nodes.Output() | nodes.If() | nodes.CondExpr() | nodes.And() | nodes.Or() | nodes.Not():
            yield from _refused_children(node, depth, keys)
        case nodes.TemplateData():
            return
        case nodes.Const():
            if node.value is None:
                yield _outside(node)
        case nodes.Compare():
            yield from _refused_comparison(node, depth, keys)
        case nodes.Filter():
            yield from _refused_filter(node)
            yield from _refused_children(node, depth, keys)
        case nodes.Getattr():
            yield from _refused_field(node, keys)
        case nodes.Name():
            yield _refused_name(node, keys)
        case _:
            yield _outside(node)


def _refused_children(node: nodes.Node, depth: int, keys: Collection[str] | None) -> Iterator[Complaint]:
    for child in node.iter_child_nodes():
        yield from _refusals(child, depth + 1, keys)


def _refused_comparison(node: nodes.Compare, depth: int, keys: Collection[str] | None) -> Iterator[Complaint]:
    yield from _refusals(node.expr, depth + 1, keys)
    for operand in node.ops:
        if operand.op in ("in", "notin") and isinstance(operand.expr, nodes.List | nodes.Tuple):
            yield from (_outside(item) for item in operand.expr.items if not isinstance(item, nodes.Const))
        else:
            yield from _refusals(operand.expr, depth + 1, keys)


def _refused_filter(node: nodes.Filter) -> Iterator[Complaint]:
    if node.name not in FILTERS or node.node is None:
        yield Complaint(f"The text uses the filter |{node.name}, which texts do not have.", _ALLOWED, node.lineno)
    elif node.kwargs or node.dyn_args or node.dyn_kwargs or not _fits(node.name, node.args):
        mend = f"Write |{_EXAMPLES.get(node.name, node.name)}."
        yield Complaint(f"The text gives the filter |{node.name} what it does not take.", mend, node.lineno)


_EXAMPLES: Final = {"default": 'default("you")', "truncate": "truncate(40)", "join": 'join(", ")'}


def _fits(name: str, arguments: list[nodes.Expr]) -> bool:
    values = [argument.value for argument in arguments if isinstance(argument, nodes.Const)]
    if len(values) != len(arguments):
        return False
    match name, values:
        case "default" | "join", [str()]:
            return True
        case "truncate", [int(length)]:
            return not isinstance(length, bool) and 1 <= length <= LARGEST
    return not values and name not in _EXAMPLES


def _refused_field(node: nodes.Getattr, keys: Collection[str] | None) -> Iterator[Complaint]:
    owner = node.node.name if isinstance(node.node, nodes.Name) else None
    if owner not in SCOPES or not _FIELD.fullmatch(node.attr):
        message = f'The text looks inside something it may not (".{node.attr}").'
        yield Complaint(message, "Name one field: {{ customer.name }}.", node.lineno)
    elif owner == "answers" and keys is not None and node.attr not in keys:
        meant = nearest(node.attr, list(keys))
        mend = f'Did you mean "answers.{meant}"?' if meant else "Name a question of this survey."
        yield Complaint(f'The text shows "answers.{node.attr}", and there is no such question.', mend, node.lineno)


def _refused_name(node: nodes.Name, keys: Collection[str] | None) -> Complaint:
    if node.name in SCOPES:
        return Complaint(f'"{node.name}" alone says nothing.', f"Name its field: {node.name}.NAME.", node.lineno)
    meant = f"answers.{node.name}" if node.name in (keys or ()) else nearest(node.name, list(SCOPES))
    mend = f'Did you mean "{meant}"?' if meant else _ALLOWED
    return Complaint(f'The text uses "{node.name}", which it does not know.', mend, node.lineno)


def _outside(node: nodes.Node) -> Complaint:
    kind = type(node).__name__
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr) and kind not in _NAMES:
        return Complaint("The text calculates.", _ALLOWED, node.lineno)
    return Complaint(f"The text uses {_NAMES.get(kind, kind)}, which texts do not have.", _ALLOWED, node.lineno)


# --- values ---------------------------------------------------------------------------------------------------------


class _Unknown:
    """Something that is not known: no text, not true, unlike everything, neither above nor below."""

    __slots__ = ()

    def __str__(self) -> str:
        return _HOLE

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


def _readable(value: Value) -> object:
    if isinstance(value, bool) or value in ("yes", "no"):
        return _YesNo(value in (True, "yes"))
    return value


def _shown(value: object) -> object:
    """Return what stands in the text for a value; the sandbox calls it for each `{{ … }}`."""
    if isinstance(value, Undefined):  # `{{ x if y }}` without an else
        return _HOLE
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


class _Sandbox(SandboxedEnvironment):
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


_environment: Final = _Sandbox()


# --- tidying --------------------------------------------------------------------------------------------------------

_BRACKETED: Final = re.compile(r"[ \t]*(?:\(\x00\)|（\x00）|「\x00」|“\x00”|\"\x00\")")
_LEADING: Final = re.compile(r"(^|\n)\x00(?:[ \t]*[,，、:：])?[ \t]*([^\W\d_]?)")
_ELSEWHERE: Final = re.compile(r"(?:[ \t]*[,，、])?[ \t]*\x00")


def _tidy(text: str) -> str:
    """Close the holes: with what was not known goes the comma and the space that led to it."""
    text = _BRACKETED.sub("", text)
    text = _LEADING.sub(lambda found: found[1] + found[2].upper(), text)
    return _ELSEWHERE.sub("", text)
