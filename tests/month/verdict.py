"""What became of everybody: the table of the month, and whether all of it holds together."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from storage.database import Database
from storage.unit import Unit
from tests.month import shop
from tests.month.seeds import Month

WELL: Final = "Nobody was forgotten, and every account agrees."


class Found(NamedTuple):
    """What to print, and what is wrong: nothing must be."""

    lines: list[str]
    faults: list[str]


def look(month: Month, folder: Path, killed: int) -> Found:
    """Return what became of the month in that folder."""
    found = asyncio.run(_look(month, folder, killed))
    command = [sys.executable, "-m", "bot", "--config", str(folder / "config.toml"), "--data", str(folder), "verify"]
    verified = subprocess.run(command, capture_output=True, text=True, check=False)
    faults = [*found.faults, *([] if verified.returncode == 0 else ["FAULT makegood verify does not agree"])]
    said = [line for line in (*verified.stdout.splitlines(), *verified.stderr.splitlines()) if line]
    return Found([*found.lines, "", *said, "", *(faults or [WELL])], faults)


async def _look(month: Month, folder: Path, killed: int) -> Found:
    database = await Database.open(shop.settings(folder).database)
    try:
        return await database.read(lambda unit: _found(unit, month, killed))
    finally:
        await database.close()


def _found(unit: Unit, month: Month, killed: int) -> Found:
    table: list[tuple[str, int | str]] = [
        ("service events", _count(unit, "SELECT COUNT(*) FROM service_event")),
        ("customers", _count(unit, "SELECT COUNT(DISTINCT customer_id) FROM service_event")),
        ("times the process was killed", killed),
        *_counts(unit, "invitations, {}", "SELECT COALESCE(reason, state), COUNT(*) FROM invitation GROUP BY 1"),
        *_counts(unit, "conversations, {}", "SELECT COALESCE(outcome, 'open'), COUNT(*) FROM conversation GROUP BY 1"),
        ("cases", _count(unit, "SELECT COUNT(*) FROM recovery_case")),
        *_counts(unit, "cases, {}", "SELECT COALESCE(outcome, stage), COUNT(*) FROM recovery_case GROUP BY 1"),
        ("cases reopened", _count(unit, "SELECT COUNT(*) FROM recovery_case WHERE reopened > 0")),
        *_counts(unit, "messages, {}", "SELECT state, COUNT(*) FROM outbox GROUP BY 1"),
        *_counts(unit, "tasks, {}", "SELECT kind, COUNT(*) FROM task GROUP BY 1"),
        *_counts(unit, "clocks, {}", "SELECT owed || ' ' || standing, COUNT(*) FROM case_clock GROUP BY 1"),
        *_counts(unit, "offers, {}", "SELECT stage, COUNT(*) FROM offer GROUP BY 1"),
        *_counts(unit, "ledger, {}", "SELECT movement, COUNT(*) FROM ledger_entry GROUP BY 1"),
    ]
    return Found([f"{name:<48}{value:>10}" for name, value in table], list(_faults(unit, month)))


def _faults(unit: Unit, month: Month) -> Iterator[str]:
    """Yield what is wrong."""
    checks: dict[str, tuple[str, Callable[[int], bool]]] = {
        "service events were not taken in": ("SELECT COUNT(*) FROM service_event", lambda n: n == month.events),
        "updates were buried": ("SELECT COUNT(*) FROM inbox WHERE state = 'dead'", lambda n: n == 0),
        "due rows were parked": ("SELECT COUNT(*) FROM due WHERE state = 'parked'", lambda n: n == 0),
        "messages are dead": ("SELECT COUNT(*) FROM outbox WHERE state = 'dead'", lambda n: n == 0),
    }
    for words, (sql, holds) in checks.items():
        if not holds(found := _count(unit, sql)):
            yield f"FAULT {words}: {found}"


def _count(unit: Unit, sql: str) -> int:
    [[number]] = unit.all(sql)
    return int(number)


def _counts(unit: Unit, name: str, sql: str) -> list[tuple[str, int | str]]:
    return [(name.format(what), count) for what, count in sorted(unit.all(sql))]
