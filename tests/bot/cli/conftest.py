"""What a person at the terminal has: a folder, a command line, and what it printed."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main


class Printed(NamedTuple):
    """How a command ended: its exit code, and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Path:
    """An empty folder to work in, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def makegood(place, capsysbinary) -> Callable[..., Printed]:
    """Types a command line, in this process."""

    def typed(*line: str) -> Printed:
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([*line])
        out, err = capsysbinary.readouterr()
        code = ended.value.code
        return Printed(code if isinstance(code, int) else 0, out.decode(), err.decode())

    return typed
