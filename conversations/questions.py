"""Reading one question of a survey file, and what its kind brings along."""

from typing import Any, Final, cast, get_args

from conversations.particulars import MATRIX_ROWS, bounds, rows_of, sense, top, wants
from conversations.phrases import Phrase, phrase
from conversations.problems import mend_or_write, write
from conversations.slots import RESERVED, Slots
from conversations.surveys import RATINGS, Branch, Kind, Option, Question, Scale, Texts

KINDS: Final[tuple[str, ...]] = get_args(Kind)
KEYS: Final = (
    "key",
    "kind",
    "text",
    "scale",
    "low",
    "high",
    "rows",
    "options",
    "top",
    "wants",
    "sense",
    "earliest",
    "latest",
    "optional",
    "aspect",
    "branch",
)
LABELLED: Final = ("choice", "choices", "ranking")

MOST_OPTIONS: Final = 20
LONGEST_LABEL: Final = 60
"""Characters on a button; a telephone shows about thirty of them in a line."""

SCALES: Final = {
    "csat": Scale(1, 5),
    "nps": Scale(0, 10),
    "ces": Scale(1, 7),
    "stars": Scale(1, 5),
    "matrix": Scale(1, 5),
}
"""The scale of each kind when the file does not say."""

ENDS: Final[dict[str, tuple[Texts, Texts]]] = {
    "csat": (
        {"en": "very dissatisfied", "zh-Hans": "非常不满意", "zh-Hant": "非常不滿意"},
        {"en": "very satisfied", "zh-Hans": "非常满意", "zh-Hant": "非常滿意"},
    ),
    "nps": (
        {"en": "not at all likely", "zh-Hans": "完全不可能", "zh-Hant": "完全不可能"},
        {"en": "extremely likely", "zh-Hans": "非常可能", "zh-Hant": "非常可能"},
    ),
    "ces": (
        {"en": "very easy", "zh-Hans": "非常轻松", "zh-Hant": "非常輕鬆"},
        {"en": "very hard", "zh-Hans": "非常费力", "zh-Hant": "非常費力"},
    ),
    "matrix": (
        {"en": "strongly disagree", "zh-Hans": "非常不同意", "zh-Hant": "非常不同意"},
        {"en": "strongly agree", "zh-Hans": "非常同意", "zh-Hant": "非常同意"},
    ),
}
"""The words for both ends of a scale when the file has none. Of effort (ces), the high end is the bad one."""


BOTH_ENDS: Final = mend_or_write(phrase("Say something at both ends."), 'low.en = "…", high.en = "…"')


def read_questions(slots: Slots) -> tuple[Question, ...]:
    """Return the question of one `[[question]]` table, as far as it can be understood; of a matrix one for each row."""
    slots.only(KEYS, phrase("a question"))
    kind = slots.one_of("kind", KINDS, "")
    low, high = _ends(slots, kind)
    earliest, latest = bounds(slots, kind)
    question = Question(
        key=slots.key("key", RESERVED),
        kind=cast(Kind, kind),
        text=slots.texts("text", required=True),
        scale=_scale(slots, kind),
        low_end=low,
        high_end=high,
        options=_options(slots, kind),
        optional=_optional(slots, kind),
        aspect=_aspect(slots, kind),
        branches=_branches(slots),
        line=slots.line,
        top=top(slots, kind),
        wants=wants(slots, kind),
        sense=sense(slots, kind),
        earliest=earliest,
        latest=latest,
    )
    return rows_of(slots, question)


def _scale(slots: Slots, kind: str) -> Scale | None:
    written: Any = slots.table.get("scale")
    if kind not in RATINGS and kind != "number":
        if written is not None and kind:
            said = phrase("A {kind} question has no scale.", kind=kind)
            slots.wrong("scale", said, phrase("Remove it, or choose a rating as its kind."))
        return None
    usual = SCALES.get(kind)
    if written is None:
        return usual
    if not isinstance(written, list) or len(written) != 2 or not all(type(end) is int for end in written):
        slots.wrong("scale", phrase("{key} is no pair of whole numbers.", key="scale"), write("scale = [1, 5]"))
        return usual
    scale = Scale(*written)
    if mend := _unfit(scale, kind):
        said = phrase("{kind} cannot be asked from {low} to {high}.", kind=kind, low=scale.low, high=scale.high)
        slots.wrong("scale", said, mend)
        return usual
    return scale


def _unfit(scale: Scale, kind: str) -> Phrase | None:
    """Return the scales the kind can have, when this is none of them."""
    match kind:
        case "nps":
            return (
                None if scale == Scale(0, 10) else phrase("NPS is defined from 0 to 10: remove the {key}.", key="scale")
            )
        case "ces":
            fits = scale in (Scale(1, 7), Scale(1, 5))
            return None if fits else phrase("Write {one} or {other}.", one="scale = [1, 7]", other="[1, 5]")
        case "stars":
            fits = scale.low == 1 and 3 <= scale.high <= 10
            return None if fits else phrase("Stars begin at 1 and end at 3 to 10.")
        case "number":
            if 0 <= scale.low < scale.high <= 10**9:
                return None
            return mend_or_write(
                phrase("Choose the smallest and the largest number allowed, 0 or more."), "scale = [1, 20]"
            )
        case _:
            if 0 <= scale.low <= 1 and 2 <= scale.high - scale.low <= 10:
                return None
            return mend_or_write(phrase("Begin at 0 or 1 and end at most at 10."), "scale = [1, 5]")


def _ends(slots: Slots, kind: str) -> tuple[Texts | None, Texts | None]:
    written = [key for key in ("low", "high") if key in slots.table]
    if kind and kind not in RATINGS:
        for key in written:
            said = phrase('"{key}" names the end of a scale, and {kind} has none.', key=key, kind=kind)
            slots.wrong(key, said, phrase("Remove it."))
        return None, None
    if len(written) == 1:
        said = phrase("Only one end of the scale has words.")
        slots.wrong(written[0], said, BOTH_ENDS)
    if written:
        return slots.texts("low", longest=200) or None, slots.texts("high", longest=200) or None
    low, high = ENDS.get(kind, ({}, {}))
    if not low or any(language not in low for language in slots.languages):
        return None, None
    return low, high


def _options(slots: Slots, kind: str) -> tuple[Option, ...]:
    written: Any = slots.table.get("options")
    if kind not in LABELLED:
        if written is not None and kind:
            said = phrase("A {kind} question has no options.", kind=kind)
            slots.wrong(
                "options", said, mend_or_write(phrase("Remove them, or let it be a choice."), 'kind = "choice"')
            )
        return ()
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        example = 'options = [ { key = "late", label.en = "Too late" }, … ]'
        mend = mend_or_write(phrase("Add what can be chosen, two at least."), example)
        slots.wrong("options", phrase("The question has no list of options."), mend)
        return ()
    if not 2 <= len(written) <= MOST_OPTIONS:
        said = phrase("The number of options is {count}.", count=len(written))
        slots.wrong("options", said, phrase("Write from 2 to {most}.", most=MOST_OPTIONS))
    options = tuple(_option(slots.inside("options", n)) for n in range(len(written)))
    keys = [option.key for option in options]
    for n, key in enumerate(keys):
        if key and key in keys[:n]:
            said = phrase('The option "{key}" is there twice.', key=key)
            slots.inside("options", n).wrong("key", said, phrase("Give it another key."))
    return options


def _option(slots: Slots) -> Option:
    slots.only(("key", "label"), phrase("an option"))
    label = slots.texts("label", required=True)
    for language, text in label.items():
        if len(text) > LONGEST_LABEL:
            said = phrase(
                "{key} has {count} characters, and a button holds {most}.",
                key=f"label.{language}",
                count=len(text),
                most=LONGEST_LABEL,
            )
            slots.wrong(("label", language), said, phrase("Say it more briefly."))
        if "{{" in text or "{%" in text:
            said = phrase("{key} is a plain text.", key=f"label.{language}")
            mend = phrase("Write it without {one} or {other}.", one="{{ }}", other="{% %}")
            slots.wrong(("label", language), said, mend)
    return Option(slots.key("key"), label)


def _optional(slots: Slots, kind: str) -> bool:
    if kind == "statement" and "optional" in slots.table:
        said = phrase("A statement asks nothing that could be skipped.")
        slots.wrong("optional", said, phrase('Remove "{key}".', key="optional"))
    return slots.yes("optional")


def _aspect(slots: Slots, kind: str) -> str | None:
    if "aspect" not in slots.table:
        return None
    if kind and kind not in RATINGS:
        said = phrase("Only a rating can rate an aspect.")
        slots.wrong("aspect", said, phrase('Remove "{key}".', key="aspect"))
    if kind == "matrix":
        mend = phrase("Write it in the rows: {example}.", example=MATRIX_ROWS)
        slots.wrong("aspect", phrase("Each row of a matrix has its own aspect."), mend)
    return slots.key("aspect") or None


def _branches(slots: Slots) -> tuple[Branch, ...]:
    written: Any = slots.table.get("branch", [])
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        mend = phrase("Write {example}, and below it when and to.", example="[[question.branch]]")
        slots.wrong("branch", phrase("{key} is no table.", key="branch"), mend)
        return ()
    return tuple(_branch(slots.inside("branch", n)) for n in range(len(written)))


def _branch(slots: Slots) -> Branch:
    slots.only(("when", "to"), phrase("a branch"))
    if "to" not in slots.table:
        mend = mend_or_write(phrase("Choose the question that follows, or the end."), 'to = "QUESTION"')
        slots.wrong("to", phrase('"{key}" is missing.', key="to"), mend)
    return Branch(slots.text("when", "true").strip(), slots.text("to", ""), slots.line)
