"""Drafted questions as questions of a survey: keys, options, rows, texts with what is filled in."""

import json
import re
from typing import Final

import msgspec
from msgspec.structs import replace

from conversations.checking import HEARTS, LONGEST_ANSWER
from conversations.importing import naming, remarks
from conversations.importing.drafts import Asked, Node, Sketch, joined
from conversations.importing.plain import MARK
from conversations.questions import LONGEST_LABEL, MOST_OPTIONS, SCALES
from conversations.slots import LONGEST_TEXT
from conversations.surveys import RATINGS, Question, Row, Scale, Texts
from conversations.surveys import Option as SurveyOption

LONGEST_ROW_KEY: Final = 15
LONGEST_MATRIX_KEY: Final = 16
LONGEST_OPTION_KEY: Final = 24
MOST_LABELS_FILLED_IN: Final = 12
"""Options of a choice that a text can show; each is one level of an expression."""

LONGEST_SHOWN: Final = 3500
"""Characters of a text in its file; a message holds 4096 with everything filled in."""

_BRACES: Final = re.compile(r"\{(?=[{%#])")


class Keys(msgspec.Struct):
    """What everything is called in the survey."""

    first: dict[str, str] = {}
    """By node: the key that branches lead to."""
    names: dict[str, list[str]] = {}
    """By the source's name: the nodes whose answers it means."""
    named: dict[str, list[tuple[str, Question]]] = {}
    """By the source's name: the questions with their nodes."""
    made: dict[str, tuple[tuple[SurveyOption, ...], dict[str, str]]] = {}
    """By node: its options, and their keys by what the source calls them."""
    options: dict[str, dict[str, str]] = {}
    """By question: the option keys by what the source calls them."""


def keys_of(sketch: Sketch, order: list[Node]) -> Keys:
    """Return the keys of the questions, made from their names or, where those say nothing, from their words."""
    keys = Keys()
    taken: set[str] = set()
    for node in order:
        asked = node.asked
        if asked is None:
            continue
        words = next(iter(asked.text.values()), "")
        speaking = asked.name if not naming.says_nothing(asked.name) else naming.from_words(MARK.sub(" ", words))
        stem = "message" if node.says else "question"
        longest = LONGEST_MATRIX_KEY if asked.kind == "matrix" else 32
        keys.first[node.id] = naming.key(speaking if node.asks else "", taken, stem, longest)
        keys.made[node.id] = _options(sketch, node, asked)
        if node.asks and asked.name:
            keys.names.setdefault(asked.name, []).append(node.id)
    return keys


def questions_of(sketch: Sketch, node: Node, keys: Keys) -> tuple[Question, ...]:
    """Return the question of a node; of a matrix one for each row."""
    asked = node.asked
    assert asked is not None  # noqa: S101 - folded nodes ask or say something
    key = keys.first[node.id]
    options, keys.options[key] = keys.made[node.id]
    text = wording(sketch, node.where, asked.text, keys)
    if not text:
        text = dict.fromkeys(sketch.languages, asked.name or node.where or "…")
    if asked.kind in RATINGS:
        text = _heartless(sketch, node, text)
    _fill_ends(sketch, node, asked)
    question = Question(
        key=key,
        kind=asked.kind,
        text=_with_long_labels(sketch, node, asked, text),
        scale=Scale(*asked.scale) if asked.scale else SCALES.get(asked.kind),
        low_end=_end(sketch, node, asked.low, keys),
        high_end=_end(sketch, node, asked.high, keys),
        options=() if asked.kind == "yes_no" else options,
        optional=asked.optional and asked.kind != "statement",
        wants=asked.wants,
        sense=asked.sense,
        earliest=asked.earliest,
        latest=asked.latest,
        top=asked.top,
    )
    if asked.kind != "matrix":
        _name(keys, node, asked.name, question)
        return (question,)
    return _rows(sketch, node, asked, question, keys)


def _name(keys: Keys, node: Node, name: str, question: Question) -> None:
    if node.asks and name:
        keys.named.setdefault(name, []).append((node.id, question))


def _rows(sketch: Sketch, node: Node, asked: Asked, matrix: Question, keys: Keys) -> tuple[Question, ...]:
    taken: set[str] = set()
    own: list[str] = []
    for row in asked.rows:
        said = next(iter(row.label.values()), "")
        name = row.values[0] if row.values and not naming.says_nothing(row.values[0]) else said
        own.append(naming.key(naming.spelled(name), taken, "row", LONGEST_ROW_KEY))
    full = tuple(f"{matrix.key}_{key}" for key in own)
    found: list[Question] = []
    for n, (key, row) in enumerate(zip(full, asked.rows, strict=True), 1):
        text = _heartless(sketch, node, wording(sketch, node.where, row.label, keys))
        question = replace(matrix, key=key, text=text, row=Row(matrix.key, matrix.text, n, full))
        for value in row.values:
            _name(keys, node, f"{asked.name}.{value}", question)
        found.append(question)
    keys.first[node.id] = full[0]
    return tuple(found)


# --- options ----------------------------------------------------------------------------------------------------------


def _options(sketch: Sketch, node: Node, asked: Asked) -> tuple[tuple[SurveyOption, ...], dict[str, str]]:
    by_value: dict[str, str] = {}
    taken: set[str] = set()
    found: list[SurveyOption] = []
    for n, option in enumerate(asked.options[:MOST_OPTIONS]):
        label = wording(sketch, node.where, option.label, Keys(), plain=True, labels=True)
        said = next(iter(label.values()), option.values[0] if option.values else f"{n + 1}")
        if asked.kind == "yes_no":
            key = ("yes", "no")[min(n, 1)]
        else:
            value = option.values[0] if option.values else ""
            name = value if value and not naming.says_nothing(value) else said
            key = naming.key(name, taken, "option", LONGEST_OPTION_KEY, question=False)
        for value in (*option.values, *option.label.values()):
            by_value.setdefault(value, key)
            by_value.setdefault(value.strip().lower(), key)
        found.append(SurveyOption(key, {tag: _short(text) for tag, text in _full(sketch, label, said).items()}))
    return tuple(found), by_value


def _full(sketch: Sketch, label: Texts, otherwise: str) -> Texts:
    return {tag: label.get(tag) or otherwise or "…" for tag in sketch.languages}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1].rstrip()}…"


def _with_long_labels(sketch: Sketch, node: Node, asked: Asked, text: Texts) -> Texts:
    """Return the question with its options in full below, where one is too long for its button."""
    long = [one for one in asked.options if any(len(" ".join(t.split())) > LONGEST_LABEL for t in one.label.values())]
    if not long or asked.kind == "yes_no":
        return text
    sketch.remark(node.where, remarks.LABEL)
    lines: Texts = {}
    for option in asked.options[:MOST_OPTIONS]:
        label = wording(sketch, node.where, option.label, Keys(), plain=True)
        line = {tag: f"• {_braced(one)}" for tag, one in label.items()}
        lines = joined(lines, line) if lines else line
    full = joined(text, lines, "\n\n")
    return {tag: one if len(one) <= LONGEST_SHOWN else text[tag] for tag, one in full.items() if tag in text}


def _fill_ends(sketch: Sketch, node: Node, asked: Asked) -> None:
    """Name the end of a scale that has no words by its figure, where the other one has some."""
    scale = Scale(*asked.scale) if asked.scale else SCALES.get(asked.kind)
    if scale is None or bool(asked.low) == bool(asked.high):
        return
    sketch.remark(node.where, remarks.ENDS_FILLED)
    named = asked.low or asked.high
    asked.low = asked.low or dict.fromkeys(named, str(scale.low))
    asked.high = asked.high or dict.fromkeys(named, str(scale.high))


def _end(sketch: Sketch, node: Node, texts: Texts, keys: Keys) -> Texts | None:
    found = wording(sketch, node.where, texts, keys, plain=True, labels=True)
    return _heartless(sketch, node, {tag: text[:60] for tag, text in found.items()}) or None


def _heartless(sketch: Sketch, node: Node, texts: Texts) -> Texts:
    """Return the texts of a rating without hearts, which the check refuses."""
    found = {tag: HEARTS.sub("", text).replace("\ufe0f", "").strip() or "…" for tag, text in texts.items()}
    if any(HEARTS.search(text) for text in texts.values()):
        sketch.remark(node.where, remarks.HEART)
        return found
    return texts


# --- texts ------------------------------------------------------------------------------------------------------------


def wording(
    sketch: Sketch, where: str, texts: Texts, keys: Keys, *, plain: bool = False, labels: bool = False
) -> Texts:
    """Return a text in every language of the survey, with what is filled in as our language has it.

    A language that is missing has the text of the first. `plain` fills nothing in; so do labels.
    """
    if not any(texts.values()):
        return {}
    first = texts.get(sketch.default) or next(text for text in texts.values() if text)
    found: Texts = {}
    for tag in sketch.languages:
        if not texts.get(tag) and where:
            sketch.remark(where, remarks.UNTRANSLATED, language=tag)
        source = texts.get(tag) or first
        if plain and labels and MARK.search(source):
            sketch.remark(where, remarks.LABEL_PIPED)
        found[tag] = MARK.sub(lambda mark: mark[2], source) if plain else _filled(sketch, where, source, keys, tag)
        if plain and not labels:
            continue
        found[tag] = _bounded(sketch, where, found[tag], source) if not plain else _BRACES.sub("{ ", found[tag])
    return found


def _bounded(sketch: Sketch, where: str, text: str, source: str) -> str:
    if len(text) <= LONGEST_SHOWN and len(text.encode()) <= LONGEST_TEXT:
        return text
    sketch.remark(where, remarks.CUT)
    bare = _braced(MARK.sub("…", source)).encode()[: LONGEST_TEXT - 100].decode(errors="ignore")
    return bare[: LONGEST_SHOWN - 1].rstrip("{ ") + "…"


def _braced(text: str) -> str:
    """Return a text in which {{, {% and {# mean themselves."""
    return _BRACES.sub('{{ "{" }}', text)


def _filled(sketch: Sketch, where: str, source: str, keys: Keys, tag: str) -> str:
    parts: list[str] = []
    end = 0
    marks = len(MARK.findall(source))
    whole = not marks or len(source) + marks * LONGEST_ANSWER <= LONGEST_SHOWN
    cut = "" if whole else f"|truncate({max(20, min(200, (LONGEST_SHOWN - len(source)) // marks))})"
    for mark in MARK.finditer(source):
        parts += [_braced(source[end : mark.start()]), _value(sketch, where, mark[1], mark[2], keys, tag, cut)]
        end = mark.end()
    return "".join([*parts, _braced(source[end:])])


def _value(sketch: Sketch, where: str, scope: str, name: str, keys: Keys, tag: str, cut: str) -> str:
    """Return what our texts write for something filled in; `cut` bounds what was typed."""
    if scope != "answer":
        return _fact(sketch, where, scope, name)
    shown = [one for at in keys.names.get(name, []) if (one := _shown(sketch, at, keys, tag, cut))]
    if not shown and name in sketch.facts:
        return _fact(sketch, where, *sketch.facts[name])
    if not shown:
        sketch.remark(where, remarks.PIPED, what=name)
        return "…"
    *others, (_, expression) = shown
    for known, other in reversed(others):
        expression = f"({other}) if {known} else ({expression})"
    return f"{{{{ {expression} }}}}"


def _fact(sketch: Sketch, where: str, scope: str, name: str) -> str:
    field = f"{scope}.{_field(name)}"
    if field not in ("customer.name", "business.name"):
        sketch.remark(where, remarks.FACT, what=field)
    return f"{{{{ {field} }}}}"


def _field(name: str) -> str:
    found = naming.spelled(name)[:60]
    return found if found[:1].isalpha() else f"field_{found}".rstrip("_")


def _shown(sketch: Sketch, at: str, keys: Keys, tag: str, cut: str) -> tuple[str, str] | None:
    """Return whether and how a text shows an answer: a choice by its label, several choices not at all."""
    asked = sketch.nodes[at].asked
    key = f"answers.{keys.first[at]}"
    if asked is None or asked.kind in ("choices", "ranking", "matrix", "statement"):
        return None
    if asked.kind not in ("choice", "yes_no"):
        return (f"{key} >= 0", key) if asked.kind in (*RATINGS, "number") else (key, f"{key}{cut}")
    labels = [(option.key, option.label.get(tag, "")) for option in keys.made.get(at, ((), {}))[0]]
    if asked.kind == "yes_no" and not labels:
        return key, key
    if not 0 < len(labels) <= MOST_LABELS_FILLED_IN:
        return None
    expression = " else ".join(
        f"{json.dumps(label, ensure_ascii=False)} if {key} == {json.dumps(option)}" for option, label in labels
    )
    return f"{key} in [{', '.join(json.dumps(option) for option, _ in labels)}]", expression
