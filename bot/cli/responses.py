"""`makegood responses export`."""

import contextlib
import io
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from bot.cli.common import Command, Mistake, awaited, chosen

if TYPE_CHECKING:
    from storage.answers import AnswerLine
    from storage.unit import Unit

PAGE: Final = 1000
FILES: Final = "files"
"""The last column: where what was shown with an answer lies, below the media folder."""


@click.group()
def responses() -> None:
    """What customers answered."""


@responses.command(
    cls=Command,
    example="makegood responses export --output answers.csv\n"
    "makegood responses export --format jsonl --since 2026-03-01 | head",
)
@click.option("--format", "format_", type=click.Choice(["csv", "jsonl"]), default="csv", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Instead of the terminal.")
@click.option("--since", metavar="DATE", help="Answers from that day on (UTC), such as 2026-03-01.")
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte order mark, by which Excel knows UTF-8.")
def export(format_: str, output: Path | None, since: str | None, *, bom: bool) -> int:
    """Write one line for each answer, the oldest first. Works while makegood runs."""
    config = chosen().load()
    if not config.database.exists():
        raise Mistake(f"there is no database at {config.database}; nobody was asked yet.")
    from_at = None if since is None else _day(since)
    with _out(output, "utf-8-sig" if bom and format_ == "csv" else "utf-8") as out:
        count = awaited(_export(config.database, from_at, _csv(out) if format_ == "csv" else _jsonl(out)))
    click.echo(f"{count} answer{'' if count == 1 else 's'} exported.", err=True)
    return 0


async def _export(database: Path, since: int | None, write: "Callable[[AnswerLine, list[str]], None]") -> int:
    count = 0
    async for line, files in _lines(database):
        if since is None or line.at >= since:
            write(line, files)
            count += 1
    return count


def _page(unit: "Unit", after: int) -> "list[tuple[AnswerLine, list[str]]]":
    lines = unit.answers.page(after, PAGE)
    files = unit.media.of_answers([line.conversation_id for line in lines])
    return [(line, files.get(line.id, [])) for line in lines]


async def _lines(database: Path) -> "AsyncIterator[tuple[AnswerLine, list[str]]]":
    """Yield all answers, a page a transaction: a long one would keep the log of writes from being emptied."""
    from storage.sqlite import SqliteReader

    reader = SqliteReader(database, 5000)
    after = 0
    try:
        await reader.open()
        while page := await reader.read(partial(_page, after=after)):
            for line in page:
                yield line
            after = page[-1][0].id
    finally:
        await reader.close()


def _csv(out: IO[str]) -> "Callable[[AnswerLine, list[str]], None]":
    from bot.sheets import Sheet
    from storage.answers import AnswerLine

    sheet = Sheet(out)
    sheet.write((*AnswerLine.__struct_fields__, FILES))

    def write(line: "AnswerLine", files: list[str]) -> None:
        sheet.write((*_told(line).values(), " ".join(files)))

    return write


def _jsonl(out: IO[str]) -> "Callable[[AnswerLine, list[str]], None]":
    import msgspec

    def write(line: "AnswerLine", files: list[str]) -> None:
        out.write(msgspec.json.encode({**_told(line), FILES: files}).decode() + "\n")

    return write


def _told(line: "AnswerLine") -> dict[str, Any]:
    from bot.responses import answer_told, conversation_told

    said = {"id": line.id, "purpose": line.purpose, **conversation_told(line), **answer_told(line)}
    return {name: said[name] for name in line.__struct_fields__}


def _day(since: str) -> int:
    try:
        at = datetime.fromisoformat(since)
    except ValueError:
        raise Mistake(f"--since {since}: write a day such as 2026-03-01.")
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


@contextlib.contextmanager
def _out(path: Path | None, encoding: str) -> Iterator[IO[str]]:
    """Give where to write: the terminal, or a new file for its owner alone that replaces the old one once whole."""
    if path is None:
        out = io.TextIOWrapper(sys.stdout.buffer, encoding=encoding, newline="")
        try:
            yield out
        finally:
            out.detach()  # flushed, and the terminal stays open
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding=encoding, newline=""
        ) as out:
            yield out
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
