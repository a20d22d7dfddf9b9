"""Conversations as text files: what a customer can see is first a transcript."""

import asyncio
from pathlib import Path

import pytest

from tests import laid
from tests.figures import counted, kept
from tests.transcripts.replay import Stage, parsed

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


async def played_anew(written: str, file: Path) -> str:
    """The transcript as it comes out now, played in that file; its figures are what its rows add up to."""
    database = await laid.opened(file, synchronous="NORMAL")
    try:
        stage = Stage(database)
        played = await stage.play(parsed(written))
        zone = stage.house.zone
        assert await database.read(kept) == await database.read(lambda unit: counted(unit, zone))
        return played
    finally:
        await database.close()


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_transcript_comes_out_as_written(path: Path, accept: bool, tmp_path: Path):
    """A change of what customers read is seen as a change of text, and read by whoever owns the words."""
    written = path.read_text("utf-8")
    played = asyncio.run(played_anew(written, tmp_path / "makegood.db"))
    if accept:
        path.write_text(played, "utf-8")

    assert accept or played == written


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_transcript_says_why_it_exists(path: Path):
    """Whoever has to change it must know what may not be lost."""
    assert path.read_text("utf-8").startswith("# ")
