"""The process that draws pictures: it reads requests from its input and writes PNG to its output, until it is idle.

It is started by `bot.pictures` and lives apart, because matplotlib takes seconds to import and a hundred megabytes:
the bot must have neither. It stands alone, imports nothing of ours, and is run by its path.

A request and an answer are four bytes of length and then a body. An answer begins with a byte: 0 and a PNG follows,
1 and what went wrong follows. Text is drawn from the outlines of Noto Sans CJK, which comes as a package, at the
weight that is wanted: so Chinese is readable on a machine that has no fonts at all.
"""

import io
import os
import resource
import select
import struct
import sys
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

IDLE: Final = 60.0
"""Seconds without a request after which the process ends, and gives its memory back."""

MEMORY: Final = 2 * 1024**3
"""Bytes of addresses that it may have: several times what a picture takes."""

MOST_ROWS: Final = 40

WIDTH: Final = 1080
MARGIN: Final = 56
HEAD: Final = 190
ROW: Final = 196
FOOT: Final = 84

INK: Final = "#1b2733"
QUIET: Final = "#56616d"
TRACK: Final = "#e9edf1"
BAND: Final = "#9cc4ea"
VALUE: Final = "#0b4f8a"
FEW: Final = "#b9c1ca"

FACES: Final = {"zh-Hans": 2, "zh-Hant": 3}
"""The font's faces by language: a character may be written otherwise in another; English takes the first named."""


class Row(msgspec.Struct, frozen=True):
    """One figure: its words, and its bar in shares of the axis (see `reports.bars`); without a bar the words alone."""

    label: str
    value_text: str
    note: str
    value: float | None = None
    low: float = 0.0
    high: float = 0.0
    enough: bool = True
    zero: float | None = None
    before: float | None = None


class Picture(msgspec.Struct, frozen=True):
    """What to draw: all texts are final, in `language`."""

    language: str
    title: str
    subtitle: str
    footer: str
    rows: tuple[Row, ...]


class Typeface:
    """One face of the font at one weight: outlines of characters, read when they are first needed."""

    def __init__(self, face: int, weight: int) -> None:
        self._names, self._font = _font(face)
        self._glyphs = self._font.getGlyphSet(location={"wght": weight})
        self._em = self._font["head"].unitsPerEm
        self._known: dict[str, tuple[Any, float]] = {}

    def knows(self, character: str) -> bool:
        """Return whether the face has that character."""
        return ord(character) in self._names

    def outline(self, character: str) -> tuple[Any, float]:
        """Return a character's path and its advance, in em."""
        if character not in self._known:
            glyph = self._glyphs[self._names[ord(character)]]
            self._known[character] = (_path(glyph, self._em), glyph.width / self._em)
        return self._known[character]

    def width(self, text: str, size: float) -> float:
        """Return how wide a text is."""
        return size * sum(self.outline(each)[1] for each in text if self.knows(each))

    def fitted(self, text: str, size: float, room: float) -> str:
        """Return the text, cut with an ellipsis where it is wider than the room there is."""
        if self.width(text, size) <= room:
            return text
        while text and self.width(text + "…", size) > room:
            text = text[:-1]
        return text.rstrip() + "…"


@cache
def _font(face: int) -> tuple[dict[int, str], Any]:
    import manimgx_fonts_cjk
    from fontTools.ttLib import TTFont

    [path] = Path(str(manimgx_fonts_cjk.__file__)).parent.glob("*.ttc")
    font = TTFont(path, fontNumber=face, lazy=True)
    return font.getBestCmap(), font


@cache
def typeface(language: str, weight: int) -> Typeface:
    """Return the face in which a language is written."""
    return Typeface(FACES.get(language, FACES["zh-Hans"]), weight)


def _path(glyph: Any, em: float) -> Any:
    from fontTools.pens.recordingPen import DecomposingRecordingPen
    from matplotlib.path import Path as Outline

    codes = {"moveTo": [1], "lineTo": [2], "curveTo": [4, 4, 4], "qCurveTo": [3, 3]}
    pen = DecomposingRecordingPen({})
    glyph.draw(pen)
    points: list[tuple[float, float]] = []
    kinds: list[int] = []
    for operation, places in pen.value:
        if operation in codes:
            points += [(x / em, y / em) for x, y in places]
            kinds += codes[operation]
        elif operation == "closePath":
            points.append((0.0, 0.0))
            kinds.append(79)
    return Outline(points, kinds) if points else None


class Sheet:
    """A drawing in pixels, from the top left."""

    def __init__(self, height: int, language: str) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self._language = language
        figure = Figure(figsize=(WIDTH / 100, height / 100), dpi=100, facecolor="white")
        self._canvas = FigureCanvasAgg(figure)
        self._axes = figure.add_axes((0, 0, 1, 1))
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(height, 0)
        self._axes.axis("off")

    def text(
        self, x: float, y: float, text: str, size: float, *, color: str = INK, bold: bool = False, right: bool = False
    ) -> None:
        """Write a line whose foot stands at y; it begins at x, or ends there."""
        from matplotlib.patches import PathPatch
        from matplotlib.transforms import Affine2D

        face = typeface(self._language, 700 if bold else 400)
        x -= face.width(text, size) if right else 0
        for character in text:
            if face.knows(character):
                path, advance = face.outline(character)
                if path is not None:
                    moved = Affine2D().scale(size, -size).translate(x, y).transform_path(path)
                    self._axes.add_patch(PathPatch(moved, facecolor=color, linewidth=0))
                x += size * advance

    def room(self, text: str, size: float, room: float, *, bold: bool = False) -> str:
        """Return the text as it fits."""
        return typeface(self._language, 700 if bold else 400).fitted(text, size, room)

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a text is."""
        return typeface(self._language, 700 if bold else 400).width(text, size)

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """Fill a rectangle."""
        from matplotlib.patches import Rectangle

        self._axes.add_patch(Rectangle((x, y), width, height, facecolor=color, linewidth=0))

    def triangle(self, x: float, y: float, size: float, color: str) -> None:
        """Fill a triangle whose tip points up to (x, y)."""
        from matplotlib.patches import Polygon

        corners = [(x, y), (x - size, y + 1.5 * size), (x + size, y + 1.5 * size)]
        self._axes.add_patch(Polygon(corners, facecolor=color, linewidth=0))

    def png(self) -> bytes:
        """Return the drawing."""
        out = io.BytesIO()
        self._canvas.print_figure(out, format="png", dpi=100)
        return out.getvalue()


def drawn(picture: Picture) -> bytes:
    """Return a picture as a PNG, 1080 pixels wide: readable on a telephone held upright."""
    rows = picture.rows[:MOST_ROWS]
    height = HEAD + ROW * len(rows) + FOOT
    sheet = Sheet(height, picture.language)
    inner = WIDTH - 2 * MARGIN
    sheet.text(MARGIN, 84, sheet.room(picture.title, 52, inner, bold=True), 52, bold=True)
    sheet.text(MARGIN, 140, sheet.room(picture.subtitle, 34, inner), 34, color=QUIET)
    for place, row in enumerate(rows):
        _draw_row(sheet, HEAD + ROW * place, row)
    sheet.text(MARGIN, height - 36, sheet.room(picture.footer, 28, inner), 28, color=QUIET)
    return sheet.png()


def _draw_row(sheet: Sheet, top: float, row: Row) -> None:
    inner = WIDTH - 2 * MARGIN
    value_room = sheet.width(row.value_text, 44, bold=True)
    label = sheet.room(row.label, 38, inner - value_room - 24)
    sheet.text(MARGIN, top + 46, label, 38)
    sheet.text(WIDTH - MARGIN, top + 48, row.value_text, 44, bold=True, right=True)
    track = top + 70
    sheet.box(MARGIN, track, inner, 26, TRACK)
    if row.value is not None:
        band = BAND if row.enough else FEW
        sheet.box(MARGIN + inner * row.low, track, max(4.0, inner * (row.high - row.low)), 26, band)
        if row.zero is not None:
            sheet.box(MARGIN + inner * row.zero - 1.5, track - 6, 3, 38, QUIET)
        sheet.box(MARGIN + inner * row.value - 5, track - 8, 10, 42, VALUE if row.enough else QUIET)
        if row.before is not None:
            sheet.triangle(MARGIN + inner * row.before, track + 30, 9, QUIET)
    sheet.text(MARGIN, top + 150, sheet.room(row.note, 32, inner), 32, color=QUIET)


# -- the process


def _read(source: BinaryIO) -> bytes | None:
    ready, _, _ = select.select([source], [], [], IDLE)
    if not ready:
        return None
    length = _exactly(source, 4)
    return None if length is None else _exactly(source, struct.unpack(">I", length)[0])


def _exactly(source: BinaryIO, count: int) -> bytes | None:
    parts = b""
    while len(parts) < count:
        part = os.read(source.fileno(), count - len(parts))
        if not part:
            return None
        parts += part
    return parts


def main() -> None:
    """Draw what is asked for until nobody asks for a minute."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source, target = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not look like a picture
    while (request := _read(source)) is not None:
        try:
            answer = b"\0" + drawn(msgspec.json.decode(request, type=Picture))
        except Exception as error:  # noqa: BLE001 - whoever asked is told, and may ask for another picture
            answer = b"\1" + f"{type(error).__name__}: {error}".encode()
        target.write(struct.pack(">I", len(answer)) + answer)
        target.flush()


if __name__ == "__main__":
    main()
