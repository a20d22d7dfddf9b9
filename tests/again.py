"""Run pytest, and what failed once more by itself: the way CI runs the tests.

    python -m tests.again [arguments of pytest]

On a machine that others share, one test of thousands now and then meets a pause that nobody wrote. If such a test
refuses a change, people learn to press the button again without reading; if it is switched off, its claim is lost.
So whatever failed runs a second time, alone, and the result says loudly that it had to: that is a fault to be mended
in the test, not to be lived with. Whatever fails twice has failed. CPython's own CI does the same (`--rerun`).

Only failures of tests are tried again. A run that was cut off, that found no test or could not collect one has
failed at once, since nobody knows what it did not run; so has one in which many tests failed, which is no pause.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

MANY: Final = 10
"""So many failures are the fault of the change."""


def main(arguments: Sequence[str]) -> int:
    """Run the tests that pytest's arguments choose; return its exit code, or that of the second run."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        code = ran(cache, *arguments)
        failed = failures(cache)
        if code != pytest.ExitCode.TESTS_FAILED or not 0 < len(failed) < MANY:
            return code
        told("failed once, and run again by themselves", failed)
        code = ran(cache, *alone(arguments), "--last-failed", "--last-failed-no-failures=none")
        if twice := failures(cache):
            told("FAILED TWICE", twice)
        if code == pytest.ExitCode.OK:
            told("FAILED ONCE, PASSED ALONE: flaky, to be mended", failed)
        return code


def ran(cache: Path, *arguments: str) -> int:
    """Run pytest in a process of its own, which remembers in that folder what failed."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache}", *arguments], check=False
    ).returncode


def alone(arguments: Sequence[str]) -> list[str]:
    """Return the arguments for a run in one process."""
    return [each for each in arguments if not each.startswith(("--numprocesses", "--maxprocesses", "--dist"))]


def failures(cache: Path) -> list[str]:
    """Return what failed in the last run and has not passed since."""
    try:
        return list(json.loads((cache / "v" / "cache" / "lastfailed").read_bytes()))
    except FileNotFoundError:
        return []


def told(what: str, tests: Sequence[str]) -> None:
    """Say it where nobody overlooks it."""
    print("\n".join(["", f"=== {what}: ===", *(f"    {test}" for test in tests), ""]), flush=True)  # noqa: T201 - CI reads it


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
