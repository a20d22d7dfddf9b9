"""`makegood events import`."""

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.cli.asking import Fault, refusal, with_api
from bot.cli.common import Command, Mistake, chosen

if TYPE_CHECKING:
    import httpx

    from bot.importing import Cursor, Defaults, Progress


@click.group()
def events() -> None:
    """Service events: what your own system tells makegood."""


@events.command(
    "import",
    cls=Command,
    example="makegood events import deliveries.jsonl\n"
    'makegood events import orders.csv --type order.delivered --map "Order No=subject" --map Customer=customer.id',
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--type", "type_", default="", metavar="TYPE", help="Of records that name none, such as order.delivered.")
@click.option("--source", metavar="NAME", help="Of records that name none; the file's name when not given.")
@click.option("--map", "columns", multiple=True, metavar="COLUMN=FIELD", help="What a column means; may be repeated.")
@click.option("--again", is_flag=True, help="Begin at the first record, even if the file was imported before.")
def import_(file: Path, type_: str, source: str | None, columns: tuple[str, ...], *, again: bool) -> int:
    """Take in service events from FILE: JSON lines (one CloudEvent a line) or CSV with a first line of names.

    \b
    Names of columns: id, source, type, subject, time, version, customer.id, customer.name,
    customer.language, customer.zone, and any service.KEY or customer.KEY for texts.

    Stopped half-way, the same command goes on where it was. What cannot be taken is listed in
    FILE.rejected.csv, with its line and the reason. Ends with 1 when something was refused.
    """
    config = chosen().load()
    if not file.is_file():
        raise Mistake(f"there is no file {file}.")
    from bot.importing import Cursor, Defaults, Progress, Refused, Unreadable

    defaults = Defaults(source or f"import:{file.name}", type_, _columns(columns))
    progress = Progress(config.folder, file, defaults)
    cursor = Cursor() if again else progress.load()
    if cursor.complete:
        click.echo(f"{file} was imported before; --again does it once more.", err=True)
        return 0
    try:
        cursor = with_api(
            config, "makegood events import", lambda client: _import(file, defaults, progress, cursor, client)
        )
    except Unreadable as error:
        raise Mistake(f"{error}.")
    except Refused as error:
        raise Fault(f"{refusal(error.response)} What was taken in stays; the same command goes on from there.")
    _summarize(file, cursor)
    return 1 if cursor.rejected else 0


async def _import(
    file: Path, defaults: "Defaults", progress: "Progress", cursor: "Cursor", client: "httpx.AsyncClient"
) -> "Cursor":
    from bot.importing import chunks, records, report, send

    rejected = rejected_path(file)
    if cursor.records == 0:
        rejected.unlink(missing_ok=True)
    waiting = islice(records(file, defaults), cursor.records, None)
    with _bar(file) as bar:
        for chunk in chunks(waiting):
            statuses, rejections = await send(chunk, client)
            if rejections:
                report(rejected, rejections, anew=cursor.rejected == 0)
            cursor = _further(cursor, len(chunk), statuses, len({each.line for each in rejections}))
            progress.keep(cursor)
            bar.update(sum(record.size for record in chunk))
    cursor = _further(cursor, 0, [], 0, complete=True)
    progress.keep(cursor)
    return cursor


def rejected_path(file: Path) -> Path:
    """Return where the report of what was refused is written."""
    return file.with_name(f"{file.name}.rejected.csv")


def _further(cursor: "Cursor", records: int, statuses: list[str], rejected: int, *, complete: bool = False) -> "Cursor":
    from bot.importing import Cursor

    counted = Counter(cursor.statuses)
    counted.update(statuses)
    return Cursor(cursor.records + records, dict(counted), cursor.rejected + rejected, complete)


def _bar(file: Path) -> Any:
    import sys

    return click.progressbar(
        length=file.stat().st_size, label=f"Importing {file.name}", file=sys.stderr, hidden=not sys.stderr.isatty()
    )


def _summarize(file: Path, cursor: "Cursor") -> None:
    counts = [f"{count} {status}" for status, count in sorted(cursor.statuses.items())]
    if cursor.rejected:
        counts.append(f"{cursor.rejected} rejected, see {rejected_path(file)}")
    click.echo(f"{cursor.records} records: {', '.join(counts) or 'nothing to do'}.")


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for each in given:
        column, equals, field = each.rpartition("=")
        if not equals or not column or not field:
            raise Mistake(f'--map {each}: write COLUMN=FIELD, such as "Order No=subject".')
        found[column.strip()] = field.strip()
    return found
