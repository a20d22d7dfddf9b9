"""Whole numbers as people type them: `12`, `１２`, `١٢`, `⑫`, `十二`, `一百二十`.

`int(text)` is not for replies: it takes `1_0`, `+5` and a line feed, and gives up on `五`. Here a sign, a
decimal, an exponent, a separator or a Roman figure makes no number. All functions take what
`spelling.plain` or `spelling.bare` returns.
"""

import re
from typing import Final

LONGEST: Final = 15
"""The most digits read: enough for any count, and far inside 64 bits."""

_DIGITS: Final = "零一二三四五六七八九"
_UNITS: Final = ((1000, "千"), (100, "百"), (10, "十"))
CHARACTERS: Final = _DIGITS + "〇两十百千"
FIGURE: Final = rf"(?:[0-9]{{1,{LONGEST}}}|[{CHARACTERS}]{{1,9}})"
"""The shape of a number, for use in patterns. Not each text of this shape is one: ask `whole_number`."""

_ANY_FIGURES: Final = re.compile(r"[0-9]+")


def whole_number(figure: str) -> int | None:
    """Return the number that these ASCII digits or Chinese numerals (to 9999) write, else None."""
    if len(figure) > LONGEST:
        return None
    if figure.isascii():
        return int(figure) if figure.isdecimal() else None  # ASCII digits alone: int() holds no surprise
    return _chinese(figure)


def figures(text: str) -> frozenset[str]:
    """Return the runs of ASCII digits in the text, as typed."""
    return frozenset(_ANY_FIGURES.findall(text))


def _chinese(figure: str) -> int | None:
    """Read by place, then write it again: only what is written properly comes out the same.

    So 一百二 (120 in speech, 102 to others) and 三四 (three or four) are no numbers.
    """
    figure = figure.replace("〇", "零").replace("两", "二")
    if figure.startswith("一十"):
        figure = figure[1:]
    value = _by_place(figure)
    return value if value is not None and _written(value) == figure else None


def _by_place(figure: str) -> int | None:
    value, digit = 0, None
    sizes = {unit: size for size, unit in _UNITS}
    for character in figure:
        if character in sizes:
            value += (1 if digit is None else digit) * sizes[character]
            digit = None
        elif character in _DIGITS:
            digit = _DIGITS.index(character)
        else:
            return None
    return value + (digit or 0)


def _written(value: int) -> str:
    if value == 0:
        return "零"
    text, rest, gap = "", value, False
    for size, unit in _UNITS:
        digit, rest = divmod(rest, size)
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + unit
        gap = bool(text) and not digit
    if rest:
        text += ("零" if gap else "") + _DIGITS[rest]
    return text.removeprefix("一") if 10 <= value < 20 else text
