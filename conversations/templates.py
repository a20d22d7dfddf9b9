"""The language of texts: an allow-list over Jinja2's syntax tree, then Jinja2's sandbox as a second wall.

Imports Jinja2 at the top and is therefore imported late, by `conversations.wording` only. The sandbox alone does
not bound time or memory (nested loops, `"A" * 10**9`, `|center(10**9)`), and has been left before; so whatever is
not named here is refused before anything is compiled.
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Final

from jinja2 import TemplateError, TemplateSyntaxError, nodes

from conversations.expressions import alone
from conversations.facts import Answers, Facts
from conversations.parsers import of_jinja
from conversations.phrases import Phrase, phrase
from conversations.problems import Complaint, WordingRefused, did_you_mean, nearest, write
from conversations.sandbox import HOLE, Sandbox, readable, tidy

LARGEST: Final = 8 * 1024
"""Bytes of one text."""

DEEPEST: Final = 20
"""Nested parentheses, nested ifs, and levels of one expression."""

LONGEST_FIGURE: Final = 15

LONGEST_RENDERED: Final = 16 * 1024
"""Characters of a text once it is filled in: four messages. What repeats long answers is refused beyond."""

SCOPES: Final = ("customer", "service", "business", "answers")

FILTERS: Final = ("default", "upper", "lower", "title", "capitalize", "trim", "truncate", "join", "first", "last")
"""What may follow a `|` in a text. Each is bounded: none makes a value longer than its own fixed argument says."""

_ALLOWED: Final = phrase(
    "A text may use {name}, {condition} and the filters {filters}.",
    name="{{ customer.name }}",
    condition="{% if … %}",
    filters=", ".join(FILTERS),
)
_BLOCKS: Final = frozenset({"if", "elif", "else", "endif"})
_FIELD: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_environment: Final = Sandbox()

_NAMES: Final[dict[str, Phrase]] = {
    "Call": phrase("a call"),
    "Concat": phrase('joining with "~"'),
    "Getitem": phrase("square brackets"),
    "Slice": phrase("a slice"),
    "Test": phrase('a test with "is"'),
    "List": phrase("a list"),
    "Tuple": phrase("a list"),
    "Dict": phrase("a dictionary"),
    "FilterBlock": phrase("a filter block"),
}


def complaints(source: str, question_keys: Collection[str] | None) -> list[Complaint]:
    """Return what is outside the language; with question keys also `answers.` of unknown questions."""
    if len(source.encode("utf-8", "surrogatepass")) > LARGEST:
        said = phrase("The text is longer than {size}.", size=f"{LARGEST // 1024} KB")
        return [Complaint(said, phrase("Say it more briefly."))]
    try:
        found = list(_refused_tokens(source)) or list(_refusals(_environment.parse(source), 0, question_keys))
    except TemplateSyntaxError as error:
        said = phrase("The text cannot be read: {reason}.", reason=of_jinja(error.message))
        return [Complaint(said, _mend(source, error.message or ""), error.lineno)]
    except RecursionError:
        return [_too_deep(1)]
    return list(dict.fromkeys(found))


def compiled(source: str) -> Callable[[Facts, Answers], str]:
    """Return the text as a function. Raises WordingRefused, also from that function."""
    for complaint in complaints(source, None):
        raise WordingRefused(source, complaint)
    try:
        template = _environment.from_string(source)
    except (TemplateError, RecursionError, ValueError, SyntaxError, MemoryError) as error:
        said = phrase("The text cannot be used: {reason}.", reason=str(error))
        raise WordingRefused(source, Complaint(said, _ALLOWED))

    def rendered(facts: Facts, answers: Answers) -> str:
        known = {key: readable(value) for key, value in answers.items()}
        try:
            text = template.render(
                customer=facts.customer, service=facts.service, business=facts.business, answers=known
            )
        except TypeError:
            mend = phrase("Put the other side in quotes; only ratings and figures are compared with <, <=, > and >=.")
            raise WordingRefused(source, Complaint(phrase("The text compares a text with a figure."), mend))
        except (TemplateError, ValueError, RecursionError) as error:
            said = phrase("The text cannot be filled in: {reason}.", reason=str(error))
            raise WordingRefused(source, Complaint(said, _ALLOWED))
        if len(text) > LONGEST_RENDERED:
            said = phrase("Filled in, the text is over {most} characters.", most=LONGEST_RENDERED)
            mend = phrase("Say it more briefly, or shorten what it shows with {filter}.", filter="|truncate(200)")
            raise WordingRefused(source, Complaint(said, mend))
        return (tidy(text) if HOLE in text else text).strip()

    return rendered


# --- what may be in a text ------------------------------------------------------------------------------------------


def _refused_tokens(source: str) -> Iterator[Complaint]:
    """Refuse by words, before the parser can be made to recurse: blocks other than if, and deep nesting."""
    parentheses = ifs = nots = 0
    in_block = False
    for line, kind, word in _environment.lex(source):
        if kind in ("variable_begin", "block_begin"):
            parentheses = nots = 0
        if kind == "raw_begin":
            yield _block("raw", line)
        elif kind in ("integer", "float") and len(word) > LONGEST_FIGURE:
            mend = phrase("Use {most} digits at most.", most=LONGEST_FIGURE)
            yield Complaint(phrase("The text holds a figure that is too long."), mend, line)
        parentheses += (kind == "operator") * ((word in "([{") - (word in ")]}"))
        nots += word == "not"
        if in_block and kind == "name":
            in_block = False
            ifs += (word == "if") - (word == "endif")
            if word not in _BLOCKS and not word.startswith("end"):
                yield _block(word, line)
        elif kind != "whitespace":
            in_block = kind == "block_begin"
        if max(parentheses, ifs, nots) > DEEPEST:
            yield _too_deep(line)
            return


def _block(word: str, line: int) -> Complaint:
    return _unused(f"{{% {word} %}}", line)


def _unused(used: Phrase | str, line: int) -> Complaint:
    return Complaint(phrase("The text uses {used}, which texts do not have.", used=used), _ALLOWED, line)


def _too_deep(line: int) -> Complaint:
    mend = phrase("Use at most {most} levels.", most=DEEPEST)
    return Complaint(phrase("The text is nested too deeply."), mend, line)


def _mend(source: str, reason: str) -> Phrase:
    balanced = source.count("{{") == source.count("}}") and source.count("{%") == source.count("%}")
    if not balanced or "end of" in reason or "endif" in reason:
        return phrase(
            "Every {open} needs its {close} and every {begin} its {end}.",
            open="{{",
            close="}}",
            begin="{% if … %}",
            end="{% endif %}",
        )
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
        yield _unused(phrase("the filter {filter}", filter=f"|{node.name}"), node.lineno)
    elif node.kwargs or node.dyn_args or node.dyn_kwargs or not _fits(node.name, node.args):
        said = phrase("The text gives the filter {filter} what it does not take.", filter=f"|{node.name}")
        yield Complaint(said, write(f"|{_EXAMPLES.get(node.name, node.name)}"), node.lineno)


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
    if owner and (meant := nearest(owner, list(SCOPES))) and owner not in SCOPES:
        yield Complaint(_unfamiliar(owner), did_you_mean(meant), node.lineno)
    elif owner not in SCOPES or not _FIELD.fullmatch(node.attr):
        said = phrase('The text looks inside something it may not ("{field}").', field=f".{node.attr}")
        yield Complaint(said, phrase("Name one field: {example}.", example="{{ customer.name }}"), node.lineno)
    elif owner == "answers" and keys is not None and node.attr not in keys:
        meant = nearest(node.attr, list(keys))
        mend = did_you_mean(f"answers.{meant}") if meant else phrase("Name a question of this survey.")
        said = phrase('The text shows "{name}", and there is no such question.', name=f"answers.{node.attr}")
        yield Complaint(said, mend, node.lineno)


def _refused_name(node: nodes.Name, keys: Collection[str] | None) -> Complaint:
    if node.name in SCOPES:
        return alone(node)
    meant = f"answers.{node.name}" if node.name in (keys or ()) else nearest(node.name, list(SCOPES))
    return Complaint(_unfamiliar(node.name), did_you_mean(meant) if meant else _ALLOWED, node.lineno)


def _unfamiliar(name: str) -> Phrase:
    return phrase('The text uses "{name}", which it does not know.', name=name)


def _outside(node: nodes.Node) -> Complaint:
    kind = type(node).__name__
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr) and kind not in _NAMES:
        return Complaint(phrase("The text calculates."), _ALLOWED, node.lineno)
    return _unused(_NAMES.get(kind, kind), node.lineno)
