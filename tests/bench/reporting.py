"""What a report costs, over few answers and over many: it reads the rollups, so it should hardly differ.

filled    rows written in bulk                       counted   all figures counted anew from them
report    the whole command, as it is typed          read      the reading of the figures alone
"""

import asyncio
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

from bot import figures, tallying
from bot.clock import Clock
from bot.config import load
from bot.house import House
from bot.settings.houses import house_of
from reports.periods import last_days
from storage.database import Database
from storage.sqlite import SqliteReader
from tests.bench.bots import ROOT
from tests.bench.filling import fill
from tests.bench.telegram import now

SIZES: Final = (10_000, 1_000_000)
REPORTS: Final[dict[str, tuple[str, ...]]] = {
    "30 days": ("--since", "30d"),
    "the year": ("--since", "365d"),
    "the year by month": ("--since", "365d", "--by", "month"),
}
TIMES: Final = 9
MOST: Final = 1.5


def main(sizes: tuple[int, ...] = SIZES) -> int:
    """Print what reports cost for each size; return 1 when the largest takes over 1.5 times the smallest."""
    took: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for size in sizes:
            place = Path(folder) / str(size)
            place.mkdir()
            asyncio.run(_prepared(place, size))
        for name, options in REPORTS.items():
            took[name] = _side_by_side([partial(_command, Path(folder) / str(size), options) for size in sizes])
            print(f"report, {name:<20}" + "".join(f"{1000 * each:>10,.0f} ms" for each in took[name]))
        for size in sizes:
            seconds = asyncio.run(_read_often(Path(folder) / str(size)))
            print(f"read, 30 days, {size:>11,} answers {1000 * seconds:>10,.2f} ms")
    worst = max(each[-1] / each[0] for each in took.values())
    print(f"the most against the fewest answers: {worst:.2f} times, at most {MOST} are allowed")
    return 0 if worst <= MOST else 1


async def _prepared(place: Path, size: int) -> None:
    began = now()
    talks = await fill(place / "makegood.db", size, Clock().now())
    filled = now()
    database = await Database.open(place / "makegood.db", synchronous="NORMAL")
    try:
        house = _house(place)
        await tallying.prepare(database, house)
        await tallying.count(database, house)
    finally:
        await database.close()
    print(
        f"{size:>9,} answers in {talks:,} conversations: filled {filled - began:.1f} s, counted {now() - filled:.1f} s"
    )


def _house(place: Path) -> House:
    return house_of(load(folder=place, environ={}))


def _command(place: Path, options: tuple[str, ...]) -> None:
    line = [sys.executable, "-m", "bot", "--data", str(place), "report", "--json", *options]
    subprocess.run(line, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def _side_by_side(commands: list[partial[None]]) -> list[float]:
    """Return the median seconds of each, taken in turns, so that the noise of the machine falls on all alike."""
    seconds: list[list[float]] = [[] for _ in commands]
    for _ in range(TIMES):
        for command, taken in zip(commands, seconds, strict=True):
            began = now()
            command()
            taken.append(now() - began)
    return [median(taken) for taken in seconds]


async def _read_often(place: Path) -> float:
    house = _house(place)
    period = last_days(30, Clock().now(), house.zone)
    reader = SqliteReader(place / "makegood.db", 5000)
    await reader.open()
    try:
        seconds = []
        for _ in range(5 * TIMES):
            began = now()
            await reader.read(partial(figures.read, house=house, period=period))
            seconds.append(now() - began)
        return median(seconds)
    finally:
        await reader.close()
