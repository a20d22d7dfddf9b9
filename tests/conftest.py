"""What every folder of tests may ask for; fixtures of one part live beside that part's tests."""

import os
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import settings

from tests import memory

# A machine that is busy for a moment is no failure of ours. Fifty examples of each law at every change add up;
# laws that want more say so.
settings.register_profile("makegood", deadline=None, max_examples=50)
settings.load_profile("makegood")


def pytest_configure() -> None:
    """Let tests write into memory."""
    if (found := memory.folder()) is not None:
        os.environ["TMPDIR"] = tempfile.tempdir = found


APART: Final = {"browser": "tests/browser/", "crash": "tests/crash/"}
"""Marks of tests that run apart, and the folders in which alone `make` looks for them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test that `make` would not find. Raises UsageError."""
    for item in items:
        for mark, folder in APART.items():
            if item.get_closest_marker(mark) is not None and folder not in item.path.as_posix():
                raise pytest.UsageError(f"{item.nodeid} is marked {mark!r}, so it belongs in {folder}")


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str) -> None:
    """End the run when a process of tests side by side died: that is no failure of one test, and gets no second try."""
    pytest.exit(f"a process of the tests died in {crashitem}", returncode=pytest.ExitCode.INTERNAL_ERROR)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--accept`, with which transcript tests rewrite the bot's side instead of comparing it."""
    parser.addoption("--accept", action="store_true", help="rewrite the bot's side of the transcripts (make accept)")


@pytest.fixture(scope="session")
def accept(pytestconfig: pytest.Config) -> bool:
    """True when transcripts are to be rewritten."""
    return bool(pytestconfig.getoption("--accept"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder with pyproject.toml."""
    return Path(__file__).resolve().parent.parent
