"""What kind of question of ours a question of theirs becomes."""

import re
from typing import Final

from conversations.importing import remarks
from conversations.importing.drafts import Asked, Option, Sketch, joined
from conversations.questions import MOST_OPTIONS
from conversations.surveys import Texts

LARGEST_NUMBER: Final = 10**9
MOST_ROWS: Final = 20
_RECOMMEND: Final = re.compile(r"recommend|推荐|推薦|weiterempf|recomend|raccomand|recommand", re.IGNORECASE)
_RATES: Final = re.compile(
    r"\brat(?:e|ing)\b|scale (?:of|from)|how (?:was|were|good|well|happy|easy)|打分|评分|評分|bewert|évalu|califi",
    re.IGNORECASE,
)
_SATISFIED: Final = re.compile(r"satisf|满意|滿意|zufrieden|content|soddisf", re.IGNORECASE)


def rating(
    sketch: Sketch, where: str, asked: Asked, scale: tuple[int, int], *, stars: bool = False, recommends: bool = False
) -> None:
    """Make it the rating that fits its scale, its ends (`asked.low`, `asked.high`) and its words."""
    low, high = scale
    asked.scale = scale
    words = " ".join(asked.text.values())
    if (low, high) == (0, 10) and (recommends or _RECOMMEND.search(words)):
        asked.kind, asked.scale = "nps", None
    elif stars and low == 1 and 3 <= high <= 10:
        asked.kind = "stars"
    elif low in (0, 1) and 2 <= high - low <= 10 and high <= 10 and (asked.low or _SATISFIED.search(words)):
        asked.kind = "csat"
    elif low == 1 and 3 <= high <= 10:
        asked.kind = "stars"
        sketch.remark(where, remarks.AS_STARS)
    else:
        number(sketch, where, asked, low, high)
        sketch.remark(where, remarks.AS_NUMBER, low=low, high=high)


def is_rating(text: Texts) -> bool:
    """Return whether a question's words ask how good something was, or how likely somebody is to recommend it."""
    words = " ".join(text.values())
    return any(signs.search(words) for signs in (_RECOMMEND, _SATISFIED, _RATES))


def number(sketch: Sketch, where: str, asked: Asked, low: float | None, high: float | None) -> None:
    """Make it a number, with bounds when both are given and fit."""
    asked.kind, asked.scale, asked.low, asked.high = "number", None, {}, {}
    if low is None and high is None:
        return
    least = 0 if low is None else low
    most = LARGEST_NUMBER if high is None else high
    if least < 0:
        sketch.remark(where, remarks.BELOW_ZERO)
    elif int(least) < int(most) <= LARGEST_NUMBER:
        asked.scale = (int(least), int(most))
    else:
        sketch.remark(where, remarks.BELOW_ZERO)


def choice(sketch: Sketch, where: str, asked: Asked, options: list[Option], *, several: bool = False) -> None:
    """Make it a choice among the options, an open question when they are too many or none."""
    asked.options = _distinct(sketch, where, options)
    count = len(asked.options)
    if count == 0:
        asked.kind = "text"
        sketch.remark(where, remarks.NO_OPTIONS)
    elif count > MOST_OPTIONS:
        asked.kind, asked.options = "text", []
        sketch.remark(where, remarks.MANY_OPTIONS, count=count)
    elif count == 1:
        asked.kind = "yes_no"
        asked.text = joined(asked.text, asked.options[0].label)
        sketch.remark(where, remarks.ONE_OPTION)
    else:
        asked.kind = "choices" if several else "choice"


def _distinct(sketch: Sketch, where: str, options: list[Option]) -> list[Option]:
    found: dict[str, Option] = {}
    for option in options:
        said = next(iter(option.label.values()), "").strip().lower()
        if said and said in found:
            sketch.remark(where, remarks.SAME_OPTION)
            same = found[said]
            same.values = (*same.values, *option.values)
        else:
            found[said or f"\0{len(found)}"] = option
    return list(found.values())


def matrix(
    sketch: Sketch, where: str, asked: Asked, rows: list[Option], columns: list[Option]
) -> list[tuple[str, Asked]]:
    """Return the questions that a table becomes, each with its row's name: one matrix, or a choice for each row.

    A scale is what has 3 to 11 columns. Its words in between are left out.
    """
    steps = len(columns)
    if 3 <= steps <= 10 and 2 <= len(rows) <= MOST_ROWS:
        asked.kind, asked.rows, asked.scale = "matrix", rows, (1, steps)
        asked.low, asked.high = columns[0].label, columns[-1].label
        if any(not _is_figure(column) for column in columns[1:-1]):
            sketch.remark(where, remarks.STEPS)
        return [("", asked)]
    sketch.remark(where, remarks.AS_QUESTIONS)
    found: list[tuple[str, Asked]] = []
    for row in rows:
        name = row.values[0] if row.values else ""
        one = Asked("choice", joined(asked.text, row.label), f"{asked.name}.{name}", optional=asked.optional)
        choice(sketch, where, one, [Option(column.values, column.label) for column in columns])
        found.append((name, one))
    return found


def _is_figure(option: Option) -> bool:
    return all(label.strip().lstrip("-").isdecimal() for label in option.label.values())


def follow_up_text(label: Texts, name: str) -> Asked:
    """Return the open question that is asked after the option *Other*."""
    return Asked("text", label, name, optional=True)
