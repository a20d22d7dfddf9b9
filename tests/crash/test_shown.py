"""Photos and documents with deaths: each is kept once, shown once or twice, and part of one act.

Ana complains with an album, Lin answers with a document, and the process dies wherever it passes: between the turn
that wants a file and the fetching, in the middle of an album, between a file's place in the folder and its row.
"""

import hashlib
from pathlib import Path
from typing import Final

from tests.crash.flows import PATIENCE, WORDS, Cast, Story
from tests.crash.installation import Installation
from tests.crash.test_boundaries import alone, killed, passings, side_by_side, told
from tests.waiting import until_so

REFUND: Final = "Here is your refund"


async def _shows(cast: Cast) -> None:
    ana, lin = cast.ana, cast.lin
    await ana.says("/complain")
    await ana.hears(PATIENCE, containing="What happened?")
    await ana.sends_album("photo", "photo", caption=WORDS)
    shown = await lin.hears(PATIENCE, containing=f"Ana writes:\n{WORDS}")
    await lin.taps("Write to the customer", shown)
    await lin.hears(PATIENCE, containing="Your next message goes to Ana")
    await lin.sends("document", caption=REFUND)
    await ana.hears(PATIENCE, containing=REFUND)
    await lin.hears(PATIENCE, containing="Passed on to Ana")
    await _until_kept(cast.installation)


async def _until_kept(house: Installation) -> None:
    await until_so(lambda: house.read("SELECT COUNT(*) FROM media WHERE state = 'kept'") == [(3,)])


def _kept(cast: Cast) -> None:
    house = cast.installation
    said = house.read("SELECT id, author, text FROM case_message ORDER BY id")
    assert [row[1:] for row in said] == [("customer", WORDS), ("staff", REFUND)]
    files = house.read("SELECT kind, case_message_id, waiting, path, digest FROM media ORDER BY id")
    assert [row[:3] for row in files] == [
        ("photo", said[0][0], None),
        ("photo", said[0][0], None),
        ("document", said[1][0], None),
    ]
    folder = house.folder / "media"
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == {row[3] for row in files}
    assert [hashlib.sha256((folder / row[3]).read_bytes()).hexdigest() for row in files] == [row[4] for row in files]
    assert house.purposes(cast.ana)["relay"] == 1
    assert house.read("SELECT id FROM task") == []


AT_ONCE: Final = 10
"""Trials side by side: most of each is spent waiting whether an album has more pictures."""

APART: Final = {"turn.before_commit": 3, "turn.after_commit": 3}
"""Of boundaries that a story passes often, or that other stories die at everywhere, some are enough."""

SHOWN: Final = Story("shown", _shows, [], _kept)


async def test_a_death_anywhere_costs_no_file(lives, tmp_path: Path):
    """Neither lost nor kept twice nor left over; an album is one act whatever came between its updates."""
    passed = await alone(lives, tmp_path / "alone", SHOWN)
    assert {"want.after_commit", "keep.before_commit", "keep.after_commit", "fire.after_commit"} <= set(passed)
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in passings(boundary, times, 5, APART.get(boundary, 1))
        if boundary.partition(".")[0] in ("want", "keep", "fire", "turn", "send", "record")
        and boundary != "turn.statement"
    ]

    died = await side_by_side(
        trials, lambda boundary, nth: killed(lives, tmp_path / f"{boundary}-{nth}", SHOWN, boundary, nth), AT_ONCE
    )

    told(SHOWN.name, died)
    assert len(died) >= 0.9 * len(trials)
