"""Tables for spreadsheets: cells that stay text, whatever a customer wrote.

A cell that begins like a formula would be run by the program that opens it. Such a text gets an apostrophe before
it, which spreadsheets hide. Quoting is that of RFC 4180.
"""

import csv
from collections.abc import Iterable
from typing import IO, Any, Final

_BEGINNINGS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """Return a value as a cell: figures as they are, nothing for None, a text so that it stays one."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value).replace("\0", "")
    risky = str(value).startswith(_BEGINNINGS) or text.lstrip(" \u3000\u00a0\ufeff\u200b").startswith(_BEGINNINGS)
    return f"'{text}" if risky else text


class Sheet:
    """Writes a table row by row."""

    def __init__(self, out: IO[str]) -> None:
        self._writer: Any = csv.writer(out, lineterminator="\r\n")

    def write(self, row: Iterable[object]) -> None:
        """Write one row."""
        self._writer.writerow([cell(value) for value in row])
