"""QR codes for a terminal and for a printer."""

from pathlib import Path
from typing import Final

BLACK_ON_WHITE: Final = "\x1b[30;107m"
PLAIN: Final = "\x1b[0m"
BORDER: Final = 4  # modules of white around a code, which cameras need
SCALE: Final = 12  # pixels a module, in a picture for printing

_HALVES: Final = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}
"""Two modules, one above the other, in one character."""


def drawn(text: str) -> str:
    """Return the QR code of a text in characters: black on white, whatever the colours of the terminal are."""
    import segno  # late: only who asks for a code needs it

    matrix = segno.make(text, error="m", micro=False).matrix_iter(border=BORDER)
    rows = [[bool(module) for module in row] for row in matrix]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    lines = [
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]
    return "\n".join(f"{BLACK_ON_WHITE}{line}{PLAIN}" for line in lines)


def save(text: str, path: Path, kind: str) -> None:
    """Write the QR code of a text as a picture, `png` or `svg`. Raises OSError."""
    import segno

    segno.make(text, error="m", micro=False).save(str(path), kind=kind, scale=SCALE, border=BORDER)
