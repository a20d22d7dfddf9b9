"""A second try is for a test that met a pause; it hides nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""The plugins of our own tests take seconds to begin, and these small ones need none."""

FIRST = "from pathlib import Path\nfirst = not Path('seen').exists()\nPath('seen').touch()\n"
"""True in the first run alone."""

FLAKY = f"{FIRST}def test_a(): assert not first\ndef test_b(): Path('b').open('a').write('b')\n"
FLAKY_FIXTURE = f"""
{FIRST}
import pytest

@pytest.fixture
def thing():
    assert not first

def test_a(thing): pass
"""
WRONG = "def test_a(): assert False\ndef test_b(): pass\n"
WRONG_OFTEN = "import pytest\n@pytest.mark.parametrize('n', range(10))\ndef test_a(n): assert False\n"

ENDINGS = {
    "not collected": f"{FIRST}assert not first\ndef test_a(): pass\n",
    "ended": f"{FIRST}import os\ndef test_a(): first and os._exit(1)\n",
    "interrupted": f"{FIRST}\ndef test_a():\n    if first: raise KeyboardInterrupt\n",
    "empty": "",
}
"""What ends a run so that nobody knows what it left out. It would go well the second time."""


SIDE_BY_SIDE = ("-p", "xdist.plugin", "--numprocesses=2")


def again(folder: Path, root: Path, tests: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Run one file of tests as CI would, in a folder of its own."""
    (folder / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(tests)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    return subprocess.run(
        [sys.executable, "-m", "tests.again", "-q", *more, "test_it.py"],
        cwd=folder, env={**clean, **QUICK, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_what_passes_runs_once(root, tmp_path):
    """A second run of all would cost CI its quarter of an hour."""
    done = again(tmp_path, root, f"{FIRST}def test_a(): assert first\n")

    assert (done.returncode, "run again" in done.stdout) == (0, False)


@pytest.mark.parametrize("tests", [FLAKY, FLAKY_FIXTURE], ids=["test", "fixture"])
def test_what_failed_once_passes_and_is_named(root, tmp_path, tests):
    """A pause of the machine refuses no change, and the test that cannot bear one is mended."""
    done = again(tmp_path, root, tests)

    assert done.returncode == 0
    assert "FAILED ONCE, PASSED ALONE: flaky, to be mended: ===\n    test_it.py::test_a\n" in done.stdout


def test_only_what_failed_runs_again(root, tmp_path):
    """The rest has passed already."""
    again(tmp_path, root, FLAKY)

    assert (tmp_path / "b").read_text() == "b"


def test_what_fails_twice_has_failed(root, tmp_path):
    """Chance does not do that."""
    done = again(tmp_path, root, WRONG)

    assert done.returncode == 1
    assert "FAILED TWICE: ===\n    test_it.py::test_a\n" in done.stdout


def test_where_many_fail_nothing_runs_again(root, tmp_path):
    """No pause makes ten tests fail; the change did."""
    done = again(tmp_path, root, WRONG_OFTEN)

    assert (done.returncode, "run again" in done.stdout) == (1, False)


@pytest.mark.parametrize("tests", ENDINGS.values(), ids=ENDINGS.keys())
def test_a_run_that_did_not_come_to_its_end_has_failed(root, tmp_path, tests):
    """What it did not run nobody knows; a second run of a part would call it passed."""
    done = again(tmp_path, root, tests)

    assert done.returncode != 0
    assert "run again" not in done.stdout


def test_a_second_try_is_alone(root, tmp_path):
    """The machine was busy with the neighbours; what is to be seen is the test."""
    counted = f"{FIRST}import os\ndef test_a(): assert not first and 'PYTEST_XDIST_WORKER' not in os.environ\n"
    done = again(tmp_path, root, counted, *SIDE_BY_SIDE)

    assert done.returncode == 0
    assert "FAILED ONCE, PASSED ALONE" in done.stdout


def test_a_death_beside_others_ends_the_run(root, tmp_path):
    """It took with it whatever its process still had to run."""
    shutil.copy(root / "tests" / "conftest.py", tmp_path)
    done = again(tmp_path, root, ENDINGS["ended"], *SIDE_BY_SIDE)

    assert done.returncode != 0
    assert "run again" not in done.stdout
