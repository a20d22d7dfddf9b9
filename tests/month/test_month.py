"""A month in small: `make month` plays a hundred thousand service events, here are so few that every run can."""

from pathlib import Path

from tests.month import verdict
from tests.month.__main__ import play
from tests.month.seeds import Month

SMALL = Month(seed=7, events=160, days=4, restarts=1)


def test_the_same_seed_plays_the_same_month(tmp_path: Path):
    """Whoever mends what a month has shown plays that month again. Nobody is forgotten in it, and all books agree."""
    found = []
    for name in ("once", "again"):
        folder = tmp_path / name
        folder.mkdir()
        assert play(SMALL, folder, shows=False) == 1
        found.append(verdict.look(SMALL, folder, 1))

    assert found[0].faults == []
    assert found[0].lines == found[1].lines
    cases = next(line for line in found[0].lines if line.startswith("cases "))
    assert int(cases.split()[-1]) > 1
