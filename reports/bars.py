"""A figure as a bar: where its value and its interval lie on its axis, from 0 at the left to 1 at the right.

Whoever draws it, as SVG on a page or as a picture for a chat, multiplies these by a width and needs no statistics.
"""

import msgspec

from reports.scores import Figure, Score


class Bar(msgspec.Struct, frozen=True):
    """Shares of the axis. `zero` is where a figure that can be negative is zero; None for others.

    `before` is the value of the period before, None when there is none or it stands on too little.
    """

    value: float
    low: float
    high: float
    enough: bool
    zero: float | None = None
    before: float | None = None


def bar(figure: Figure, before: Figure | None = None, scale: tuple[int, int] = (0, 1)) -> Bar | None:
    """Return a figure's bar; None when it has no value. `scale` is that of a mean: the lowest and highest rating."""
    if figure.value is None or figure.around is None:
        return None
    low, high = {"share": (0, 1), "points": (-100, 100)}.get(figure.unit, scale)

    def place(value: float) -> float:
        return min(1.0, max(0.0, (value - low) / (high - low)))

    known = before is not None and before.value is not None and before.enough
    return Bar(
        value=place(figure.value),
        low=place(figure.around.low),
        high=place(figure.around.high),
        enough=figure.enough,
        zero=place(0) if low < 0 else None,
        before=place(before.value) if known and before is not None and before.value is not None else None,
    )


def score_bar(score: Score, before: Score | None = None) -> Bar | None:
    """Return the bar of a score's headline, on the scale of its question."""
    return bar(score.headline, None if before is None else before.headline, (score.low, score.high))
