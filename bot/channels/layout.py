"""How buttons stand in rows, so that all can be read and hit on a telephone."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from bot.channels.messages import Button

# The widest label of a keyboard, in columns of text, and how many such buttons fit a row of a small telephone.
FITTING = ((2, 7), (4, 5), (7, 4), (10, 3), (16, 2))


def layout(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons in rows, in their order, the longer rows first.

    0–10 stands as 0–5 and 6–10; 1–5 and 1–7 in one row; yes and no side by side; long labels one below the other.
    """
    places = _places(tuple(button.label for button in buttons))
    return tuple(tuple(buttons[start:end]) for start, end in places)


@lru_cache(maxsize=4096)
def _places(labels: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Return where each row begins and ends. The same few sets of labels are asked for with every message."""
    if not labels:
        return ()
    widest = max(width(label) for label in labels)
    fitting = next((count for columns, count in FITTING if widest <= columns), 1)
    rows = -(-len(labels) // fitting)
    shorter, longer = divmod(len(labels), rows)
    places: list[tuple[int, int]] = []
    start = 0
    for row in range(rows):
        end = start + shorter + (row < longer)
        places.append((start, end))
        start = end
    return tuple(places)


def width(label: str) -> int:
    """Return how many columns a label takes; Chinese characters and emoji take two, marks on others none."""
    if label.isascii():
        return len(label)
    return sum(_columns(character) for character in label)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
