"""The picture as SVG: text that stands in a page or by itself, in light and dark, escaped, with links to questions."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from bot.branches.chart import ENDS, NOBODY, NOWHERE, Chart, chart
from bot.branches.layout import (
    BOX,
    INDENT,
    LEADING,
    LEFT,
    PAD,
    RIGHT,
    SMALL,
    SMALL_LEADING,
    TEXT,
    WIDTH,
    Laid,
    Lane,
    Picture,
    Way,
    laid_out,
)
from bot.phrases import say
from conversations.problems import Problem
from conversations.surveys import Survey

SPINE: Final = LEFT + 16
"""Where the line stands that goes from a question to the next."""

_UNFIT: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""What no XML may hold, and what would turn the text after it around."""


def drawn(survey: Survey, language: str, reader: str, problems: Sequence[Problem] = ()) -> str:
    """Return the picture of a survey; of a draft as far as it goes. Each box links to `#question-KEY`.

    `language` is the one its texts are shown in, `reader` that of the words around them.
    """
    made = chart(survey, language, reader, problems)
    picture = laid_out(made)
    return "\n".join(_svg(made, picture, reader)) + "\n"


def _svg(made: Chart, picture: Picture, reader: str) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="branches" viewBox="0 0 {WIDTH} {picture.height}"'
        f' role="group" aria-labelledby="branches-title branches-told" lang="{_safe(reader)}" fill="none"'
        ' stroke="none" font-family="system-ui, sans-serif">'
    )
    yield f'<title id="branches-title">{_safe(made.title)}</title>'
    yield f'<desc id="branches-told">{_safe(made.told)}</desc>'
    for lane in picture.lanes.values():
        yield _lane(lane, _box_of(picture, lane.to))
    for number, laid in enumerate(picture.boxes):
        following = picture.boxes[number + 1] if number + 1 < len(picture.boxes) else None
        yield from _ways(laid, picture)
        if following is not None and laid.box.falls_to:
            yield from _spine(laid, following)
        yield from _box(laid, reader)
    yield "</svg>"


def _box_of(picture: Picture, key: str) -> Laid:
    return next(laid for laid in picture.boxes if laid.box.key == key)


def _box(laid: Laid, reader: str) -> Iterator[str]:
    box = laid.box
    classes = " ".join(["box", box.kind, *(["unasked"] if box.unasked else []), *(["wrong"] if box.wrong else [])])
    dashes = ' stroke-dasharray="5 4"' if box.unasked or box.kind == "unhappy" else ""
    round_ = laid.height // 2 if box.kind == "end" else 10
    links = box.kind == "question" and box.key
    if links:
        yield f'<a href="#question-{_safe(box.key)}">'
    yield f'<g class="{classes}">'
    if box.unasked:
        yield f"<title>{_safe(say(NOBODY, reader))}</title>"
    yield (
        f'<rect x="{LEFT}" y="{laid.top}" width="{BOX}" height="{laid.height}" rx="{round_}"'
        f' stroke="currentColor" stroke-width="{2 if box.wrong else 1.3}"{dashes}/>'
    )
    yield _lines(laid.lines, LEFT + PAD, laid.top + PAD + TEXT - 3, TEXT, LEADING)
    if box.wrong:
        yield f'<text class="mark" x="{RIGHT - PAD - 12}" y="{laid.top + PAD + 12}" font-size="{TEXT}">⚠</text>'
    yield "</g>"
    if links:
        yield "</a>"


def _ways(laid: Laid, picture: Picture) -> Iterator[str]:
    for way in laid.ways:
        yield f'<g class="way{" wrong" if way.to == NOWHERE else ""}{" back" if _goes_back(way, picture) else ""}">'
        yield _lines(way.lines, LEFT + INDENT, way.top + SMALL, SMALL, SMALL_LEADING)
        lane = picture.lanes.get(way.to)
        ends = RIGHT + 8 if lane is None else lane.x
        begins = RIGHT - 4
        yield f'<path d="M{begins} {way.at}H{ends:g}" stroke="currentColor" stroke-width="1.3"/>'
        yield f'<circle cx="{begins}" cy="{way.at}" r="2.4" fill="currentColor"/>'
        if lane is None:
            yield f'<text class="mark" x="{RIGHT + 12}" y="{way.at + 4}" font-size="{SMALL}">?</text>'
        yield "</g>"


def _goes_back(way: Way, picture: Picture) -> bool:
    return way.to not in (NOWHERE, ENDS) and _box_of(picture, way.to).middle < way.at


def _lane(lane: Lane, to: Laid) -> str:
    """Return the lane of a box, with the arrow into it."""
    arrow = f"M{RIGHT + 7} {to.middle - 4}L{RIGHT + 1} {to.middle}L{RIGHT + 7} {to.middle + 4}"
    return (
        f'<path class="lane {to.box.kind}" d="M{lane.x:g} {lane.top}V{lane.bottom}M{lane.x:g} {to.middle}'
        f'H{RIGHT + 1}{arrow}" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round"/>'
    )


def _spine(laid: Laid, following: Laid) -> Iterator[str]:
    begins, ends = laid.top + laid.height, following.top
    if laid.falls:
        yield f'<g class="way">{_lines(laid.falls, LEFT + INDENT, laid.falls_at + SMALL, SMALL, SMALL_LEADING)}</g>'
    yield (
        f'<path class="spine" d="M{SPINE} {begins}V{ends - 1}M{SPINE - 4} {ends - 7}L{SPINE} {ends - 1}'
        f'L{SPINE + 4} {ends - 7}" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round"/>'
    )


def _lines(lines: Sequence[str], x: int, y: int, size: int, leading: int) -> str:
    spans = "".join(
        f'<tspan x="{x}" y="{y + number * leading}">{_safe(line)}</tspan>' for number, line in enumerate(lines)
    )
    return f'<text font-size="{size}" fill="currentColor">{spans}</text>'


def _safe(text: str) -> str:
    return escape(_UNFIT.sub("", text))
