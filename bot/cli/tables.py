"""What commands that only look have in common: reading the database beside whoever writes it, and showing a table."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import east_asian_width

import click
import msgspec

from bot.cli.common import Mistake
from bot.cli.speech import terminal_language
from bot.phrases import say
from conversations.phrases import Phrase, phrase

if TYPE_CHECKING:
    from bot.config import Config
    from storage.unit import Unit

T = TypeVar("T")


async def looked_up(config: "Config", work: "Callable[[Unit], T]") -> T:
    """Return what `work` finds in the database, which may be in use by the running process."""
    from storage.sqlite import SqliteReader

    if not config.database.exists():
        words = phrase("There is no database at {path} yet; makegood run makes one.", path=str(config.database))
        raise Mistake(told(words))
    reader = SqliteReader(config.database, 5000)
    try:
        await reader.open()
        return await reader.read(work)
    finally:
        await reader.close()


def told(*words: Phrase) -> str:
    """Return sentences in the language of the terminal, with what stands between two of them there."""
    language = terminal_language()
    return ("" if language.startswith("zh") else " ").join(say(each, language) for each in words)


def as_json(found: Any) -> int:
    """Write something for a program to read."""
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    return 0


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows below their heads, each column as wide as it needs; wide characters count as two.

    A column that says nothing in any row is left out.
    """
    said = [at for at in range(len(heads)) if any(row[at] for row in rows)]
    heads, rows = [heads[at] for at in said], [[row[at] for at in said] for row in rows]
    widths = [max(width(row[at]) for row in (heads, *rows)) for at in range(len(heads))]
    lines = (_line(row, widths) for row in (heads, tuple("-" * each for each in widths), *rows))
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell + " " * (widths[at] - width(cell)) for at, cell in enumerate(row))
    return "  ".join(cells).rstrip()


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
