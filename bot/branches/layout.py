"""Where everything of the picture stands: a small layout of its own, in units of which 364 are its width.

The order of the file is the spine at the left. All ways to the same box share one lane at the right, so that a
hundred branches make no more lanes than there are boxes that somebody jumps to.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from unicodedata import east_asian_width

import msgspec

from bot.branches.chart import NOWHERE, Box, Chart

WIDTH: Final = 364
LEFT: Final = 8
BOX: Final = 264
RIGHT: Final = LEFT + BOX
"""Where the boxes end, and the lanes begin."""

PAD: Final = 11
TEXT: Final = 14
SMALL: Final = 12
LEADING: Final = 19
SMALL_LEADING: Final = 16
MOST_LINES: Final = 3
INDENT: Final = 34
GAP: Final = 20
LANE: Final = 12
"""How far two lanes stand apart, unless there are too many for that."""


class Laid(msgspec.Struct, frozen=True):
    """A box with its lines, its top and height, and the heights of the words of its ways out."""

    box: Box
    lines: tuple[str, ...]
    top: int
    height: int
    ways: tuple["Way", ...]
    below: int
    """Where all that belongs to the box ends."""

    falls: tuple[str, ...] = ()
    falls_at: int = 0

    @property
    def middle(self) -> int:
        """Return the height at which ways come in."""
        return self.top + self.height // 2


class Way(msgspec.Struct, frozen=True):
    """A way out: its words in lines from `top` on, the height at which it leaves, and where it leads."""

    lines: tuple[str, ...]
    top: int
    at: int
    to: str


class Lane(msgspec.Struct, frozen=True):
    """The one line at the right on which all ways to a box go: where it stands, and from where to where."""

    to: str
    x: float
    top: int
    bottom: int


class Picture(msgspec.Struct, frozen=True):
    """All that is drawn."""

    boxes: tuple[Laid, ...]
    lanes: dict[str, Lane]
    height: int


def laid_out(chart: Chart) -> Picture:
    """Return where everything stands."""
    boxes: list[Laid] = []
    top = LEFT
    for box in chart.boxes:
        boxes.append(_laid(box, top))
        top = boxes[-1].below + GAP
    return Picture(tuple(boxes), _lanes(boxes), top - GAP + LEFT)


def _laid(box: Box, top: int) -> Laid:
    lines = wrapped(
        _numbered(box), TEXT, BOX - 2 * PAD - (18 if box.wrong else 0), MOST_LINES + 3 * (box.kind == "unhappy")
    )
    height = len(lines) * LEADING + 2 * PAD - 3
    at = top + height
    ways: list[Way] = []
    for way in box.exits:
        said = wrapped(f"{way.words} {way.goes}".rstrip(), SMALL, BOX - INDENT - 10, 4)
        begins = at + 7
        at = begins + len(said) * SMALL_LEADING
        ways.append(Way(said, begins, begins + (len(said) * SMALL_LEADING) // 2, way.to))
    falls = wrapped(box.falls_words, SMALL, BOX - INDENT - 10, 1) if box.falls_words else ()
    falls_at = at + 7
    below = falls_at + SMALL_LEADING if falls else at
    return Laid(box, lines, top, height, tuple(ways), below, falls, falls_at)


def _numbered(box: Box) -> str:
    return f"{box.number}. {box.text}" if box.number else box.text


def _lanes(boxes: list[Laid]) -> dict[str, Lane]:
    """Return the lane of each box that somebody jumps to: the first that is free for all of its length."""
    middles = {laid.box.key: laid.middle for laid in boxes}
    reach: dict[str, tuple[int, int]] = {}
    for laid in boxes:
        for way in laid.ways:
            if way.to == NOWHERE:
                continue
            low, high = reach.get(way.to, (middles[way.to], middles[way.to]))
            reach[way.to] = (min(low, way.at), max(high, way.at))
    columns: list[list[tuple[int, int]]] = []
    found: dict[str, int] = {}
    for to, (low, high) in sorted(reach.items(), key=lambda each: each[1][1] - each[1][0]):
        column = next((n for n, taken in enumerate(columns) if _free(taken, low, high)), len(columns))
        if column == len(columns):
            columns.append([])
        columns[column].append((low, high))
        found[to] = column
    apart = min(LANE, (WIDTH - RIGHT - 20) / max(len(columns), 1))
    return {to: Lane(to, RIGHT + 16 + column * apart, *reach[to]) for to, column in found.items()}


def _free(taken: Iterable[tuple[int, int]], low: int, high: int) -> bool:
    return all(high + 6 < begins or ends + 6 < low for begins, ends in taken)


# --- lines of text --------------------------------------------------------------------------------------------------


def width(text: str, size: int) -> float:
    """Return about how wide a text is set at that size; no font is asked, so it is a little on the wide side."""
    return sum(map(_width, text)) * size


@lru_cache(maxsize=4096)
def _width(character: str) -> float:
    if east_asian_width(character) in "WF":
        return 1.0
    return 0.78 if character.isupper() or character in "mwMW@%" else 0.38 if character in " iljtfr.,:;!'|()" else 0.62


def wrapped(text: str, size: int, room: int, most: int) -> tuple[str, ...]:
    """Return a text in lines that fit, at most so many; what is left over is an ellipsis."""
    lines: list[str] = []
    line, taken = "", 0.0
    for piece in _pieces(text):
        for part in _broken(piece, size, room):
            wide = width(part, size)
            if line and taken + wide - (_width(" ") * size if part.endswith(" ") else 0) > room:
                lines.append(line.rstrip())
                line, taken = "", 0.0
            line, taken = line + part, taken + wide
        if len(lines) > most:
            break
    lines.append(line.rstrip())
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened(lines[most - 1], size, room)]
    return tuple(line for line in lines if line) or ("",)


def _pieces(text: str) -> Iterator[str]:
    """Yield words with the space after them; of Chinese each character is a word, with the sign after it."""
    piece = ""
    for character in text:
        wide = east_asian_width(character) in "WF"
        if piece and wide and not _closes(character) and not _opens(piece):
            yield piece
            piece = ""
        piece += character
        if character == " ":
            yield piece
            piece = ""
    if piece:
        yield piece


def _closes(character: str) -> bool:
    return character in "，。！？；：、”」』）》…"


def _opens(piece: str) -> bool:
    return piece[-1] in "“「『（《"


def _broken(piece: str, size: int, room: int) -> Iterator[str]:
    """Yield a word, or its parts that fit a line each."""
    if width(piece, size) <= room:
        yield piece
        return
    part, taken = "", 0.0
    for character in piece:
        wide = _width(character) * size
        if part and taken + wide > room:
            yield part
            part, taken = "", 0.0
        part, taken = part + character, taken + wide
    yield part


def _shortened(line: str, size: int, room: int) -> str:
    while line and width(f"{line}…", size) > room:
        line = line[:-1]
    return f"{line.rstrip()}…"
