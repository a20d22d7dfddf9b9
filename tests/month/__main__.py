"""`make month`: play a month and say what became of everybody.

    python -m tests.month [--seed N] [--events N] [--days N] [--restarts N] [--folder FOLDER]

Exits 0 only if nobody was forgotten and every account agrees.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.clock import Clock
from tests import memory
from tests.month import verdict
from tests.month.seeds import Month, local

KILLED: Final = -9


class Played(Exception):
    """A life ended otherwise than it was to; the text says how."""


def play(month: Month, folder: Path, *, shows: bool) -> int:
    """Play the month, life after life; return how many times the process was killed. Raises Played."""
    deaths, begins_at = month.deaths(), month.begins_at
    for number in range(len(deaths) + 1):
        dies_at = deaths[number] if number < len(deaths) else None
        begins_at, code = _live(month, folder, begins_at, dies_at, number, shows=shows)
        if code != (0 if dies_at is None else KILLED):
            raise Played(f"life {number + 1} ended with code {code} at {local(begins_at):%d %B %H:%M}")
    return len(deaths)


def _live(
    month: Month, folder: Path, begins_at: int, dies_at: int | None, number: int, *, shows: bool
) -> tuple[int, int]:
    """Let one life be lived; return the last moment that it saw, and its exit code."""
    numbers = [*month, begins_at, *([] if dies_at is None else [dies_at])]
    command = [sys.executable, "-m", "tests.month.life", str(folder), *(str(each) for each in numbers)]
    seen = begins_at
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as life:
        for line in life.stdout or ():
            seen = int(line.split()[0])
            if shows:
                _show(month, seen, number)
    return seen, life.returncode


def _show(month: Month, at: int, number: int) -> None:
    share = (at - month.begins_at) / (month.over_at - month.begins_at)
    print(f"\r{local(at):%d %B}  life {number + 1}  {share:4.0%}  ", end="", file=sys.stderr, flush=True)


def _worked() -> timedelta:
    """Return how long the processor worked for it: on a machine that has other things to do, the truer figure."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return timedelta(seconds=round(sum(each.ru_utime + each.ru_stime for each in used)))


def main(words: Sequence[str] | None = None) -> int:
    """Play a month and print what became of it."""
    parser = argparse.ArgumentParser(prog="make month", description="Play a simulated month.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--events", type=int, default=100_000, help="service events")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--restarts", type=int, default=10, help="deaths of the process")
    parser.add_argument("--folder", type=Path, help="where to keep the installation; a temporary one by default")
    chosen = parser.parse_args(words)
    month = Month(chosen.seed, chosen.events, chosen.days, chosen.restarts)
    clock = Clock()
    began = clock.monotonic()
    with tempfile.TemporaryDirectory(prefix="month-", dir=memory.folder()) as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            killed = play(month, folder, shows=sys.stderr.isatty())
        except Played as fault:
            print(f"\n{fault}", file=sys.stderr)
            return 1
        found = verdict.look(month, folder, killed)
    took = timedelta(seconds=round(clock.monotonic() - began))
    print("\n".join([*found.lines, "", f"It took {took}, and {_worked()} of the processor's time; seed {month.seed}."]))
    return 0 if not found.faults else 1


if __name__ == "__main__":
    sys.exit(main())
