"""`makegood ledger`: every movement of money of every offer, and what it comes to."""

import csv
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from bot.cli.common import Command, Mistake, awaited, chosen

if TYPE_CHECKING:
    from bot.config import Config
    from recovery.ledgers import Entry
    from storage.unit import Unit

PAGE: Final = 1_000
COLUMNS: Final = ("number", "at", "movement", "amount", "currency", "offer", "case", "team", "person", "ground", "day")


@click.command(cls=Command, example="makegood ledger\nmakegood ledger --csv > ledger.csv")
@click.option("--csv", "as_csv", is_flag=True, help="Every line as CSV, for your books.")
def ledger(as_csv: bool) -> int:
    """Show what offers have cost: by month and team what is promised and what is given; with --csv every line."""
    config = chosen().load()
    if not config.database.exists():
        raise Mistake(f"there is no database at {config.database}; nothing was given yet.")
    lines = awaited(_lines(config))
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(COLUMNS)
        writer.writerows([[line[column] for column in COLUMNS] for line in lines])
        return 0
    for told in _summed(lines):
        click.echo(told)
    if not lines:
        click.echo("Nothing was promised yet.", err=True)
    return 0


async def _lines(config: "Config") -> list[dict[str, Any]]:
    from storage.sqlite import SqliteReader

    reader = SqliteReader(config.database, 5000)
    try:
        await reader.open()
        return await reader.read(lambda unit: _read(unit, 1))
    finally:
        await reader.close()


def _read(unit: "Unit", brand: int) -> list[dict[str, Any]]:
    from bot.offers_books import entry_of

    people = {row[0]: row[1] for row in unit.all("SELECT id, name FROM staff_member WHERE brand_id = :b", {"b": brand})}
    teams = {row[0]: row[1] for row in unit.all("SELECT id, name FROM team WHERE brand_id = :b", {"b": brand})}
    found: list[dict[str, Any]] = []
    while page := unit.ledger.page(brand, found[-1]["number"] if found else 0, PAGE):
        found.extend(_told(entry_of(line), people, teams) for line in page)
    return found


def _told(entry: "Entry", people: Mapping[int, str], teams: Mapping[int, str]) -> dict[str, Any]:
    from bot.clock import iso
    from recovery.money import figures

    return {
        "number": entry.number,
        "at": iso(entry.at),
        "movement": entry.movement,
        "amount": figures(entry.worth),
        "minor": entry.worth.amount,
        "currency": entry.worth.currency if entry.worth else "",
        "offer": entry.offer,
        "case": entry.case,
        "team": teams.get(entry.team, ""),
        "person": people.get(entry.person, "makegood"),
        "ground": entry.ground,
        "day": entry.day.isoformat(),
    }


def _summed(lines: Sequence[dict[str, Any]]) -> list[str]:
    from recovery.money import Money, written

    sums: dict[tuple[str, str, str], list[int]] = {}
    for line in lines:
        if not line["currency"]:
            continue
        promised, given = sums.setdefault((line["day"][:7], line["team"], line["currency"]), [0, 0])
        change = {"reserved": (1, 0), "released": (-1, 0), "spent": (-1, 1), "returned": (0, -1)}[line["movement"]]
        amount = line["minor"]
        sums[line["day"][:7], line["team"], line["currency"]] = [
            promised + change[0] * amount,
            given + change[1] * amount,
        ]
    return [
        f"{month}  {team or 'the business':<24} given {written(Money(given, currency)):>16}"
        f"   promised {written(Money(promised, currency)):>16}"
        for (month, team, currency), (promised, given) in sorted(sums.items())
    ]
