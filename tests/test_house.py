"""The house itself: what is built, what is pinned, and that its rules bite."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

FLOORS = ("bot", "conversations", "recovery", "reports", "storage")
ABSENT = Version("0")
LOCKS = ("bench", "build", "dev", "run")


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The floors and pyproject.toml in a folder of their own, where a test may break them."""
    copy = tmp_path_factory.mktemp("house")
    for floor in FLOORS:
        shutil.copytree(root / floor, copy / floor, ignore=shutil.ignore_patterns("__pycache__"))
    for paper in ("pyproject.toml", "README.md"):
        shutil.copy(root / paper, copy)
    return copy


@pytest.fixture(scope="module")
def wheel(copy: Path) -> zipfile.ZipFile:
    done = ran(copy, "-m", "hatchling", "build", "--target", "wheel", "--directory", "out")
    assert done.returncode == 0, done.stderr
    [path] = (copy / "out").glob("*.whl")
    return zipfile.ZipFile(path)


def ran(folder: Path, *command: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
    """This Python's result for that command line, in that folder, with that typed in."""
    command = (sys.executable, *command)
    return subprocess.run(command, check=False, cwd=folder, input=typed, capture_output=True, text=True)


def locked(root: Path, lock: str) -> dict[str, Version]:
    lines = (root / "requirements" / f"{lock}.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line.removesuffix("\\")) for line in lines if re.match(r"[a-z]", line)]
    return {pin.name: Version(str(pin.specifier).removeprefix("==")) for pin in pins}


def declared(project: dict[str, Any], lock: str) -> list[Requirement]:
    if lock == "run":
        return [Requirement(line) for line in project["project"]["dependencies"]]
    groups = project["dependency-groups"]
    return [Requirement(line) for line in groups[lock] if isinstance(line, str)]


# --- The wheel ---------------------------------------------------------------------------------------------------


def test_the_wheel_carries_every_file_of_the_floors(copy, wheel):
    """Surveys, pages and migrations are read at run time; a missing one would show only on the operator's machine."""
    files = {
        path.relative_to(copy).as_posix() for floor in FLOORS for path in (copy / floor).rglob("*") if path.is_file()
    }

    assert files - set(wheel.namelist()) == set()


def test_the_wheel_carries_nothing_but_the_floors(wheel):
    """Top-level names are shared by everything in an environment; a stray `tests` package would shadow another's."""
    tops = {name.split("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == set(FLOORS)


def test_the_wheel_brings_the_command(wheel):
    """The operator types `makegood`, whichever way it was installed."""
    [entries] = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]

    assert "makegood = bot.cli:main" in wheel.read(entries).decode()


# --- The locks ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_satisfies_what_the_project_declares(root, project, lock):
    """A dependency that was added without `make lock` would be missing on every machine but the author's."""
    pins = locked(root, lock)

    assert [str(need) for need in declared(project, lock) if pins.get(need.name, ABSENT) not in need.specifier] == []


@pytest.mark.parametrize("lock", ["run", "build"])
def test_the_tests_run_on_the_versions_that_are_shipped(root, lock):
    """Else the suite would prove another set of libraries than the operator's."""
    tested = locked(root, "dev")

    assert {name: tested.get(name) for name in locked(root, lock)} == locked(root, lock)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_every_pin(root, lock):
    """One pin without a hash turns pip's check off, or the installation."""
    text = (root / "requirements" / f"{lock}.txt").read_text("utf-8")
    blocks = re.split(r"\n(?=[a-z])", text.strip())

    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(root, lock):
    """Where packages come from is the installer's choice: many use a mirror."""
    lines = (root / "requirements" / f"{lock}.txt").read_text("utf-8").splitlines()

    assert [line for line in lines if "://" in line or re.match(r"-|.*(index-url|find-links)|.*[ =]/", line)] == []


# --- The rules bite ----------------------------------------------------------------------------------------------

LINT_IMPORTS = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
CLOCK_READERS = [
    "import datetime\n\nNOON = datetime.datetime.now(datetime.UTC)\n",
    "from datetime import UTC, datetime\n\nNOON = datetime.now(UTC)\n",
    "import time\n\nNOON = time.time()\n",
    "from time import monotonic\n\nNOON = monotonic()\n",
]


def clock_complaints(root: Path, name: str, source: str) -> str:
    rule = ("--no-cache", "--select", "TID251", "--stdin-filename", name, "-")
    return ran(root, "-m", "ruff", "check", *rule, typed=source).stdout


@pytest.mark.parametrize("source", CLOCK_READERS)
@pytest.mark.parametrize("name", ["bot/turn.py", "recovery/clocks.py", "tests/bot/test_turn.py"])
def test_the_clock_is_read_in_one_place(root, name, source):
    """The demo, the simulations and every test of time hang on it; the complaint says what to do instead."""
    assert "Take the clock" in clock_complaints(root, name, source)


def test_the_clock_itself_may_read_the_machine(root):
    """The rule has exactly one way out."""
    assert "TID251" not in clock_complaints(root, "bot/clock.py", CLOCK_READERS[0])


@pytest.mark.parametrize(
    ("name", "stray"),
    [
        ("conversations/stray.py", "import sqlite3"),
        ("recovery/stray.py", "import logging"),
        ("reports/stray.py", "from time import sleep"),
        ("conversations/stray.py", "import recovery"),
        ("storage/stray.py", "import bot"),
        ("bot/channels/telegram/stray.py", "import storage"),
        ("bot/channels/webchat/stray.py", "import bot.channels.telegram"),
    ],
)
def test_an_import_against_the_floors_fails_the_check(copy, name, stray):
    """A contract that nobody sees break may have been switched off."""
    path = copy / name
    path.write_text(f'"""A stray import."""\n\n{stray}\n', "utf-8")
    done = ran(copy, "-c", LINT_IMPORTS)
    path.unlink()

    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 broken" in done.stdout


# --- The papers --------------------------------------------------------------------------------------------------


def test_the_changelog_tells_of_this_version(root, project):
    """It is what an operator reads before upgrading."""
    assert re.search(
        rf"^## .*\b{re.escape(project['project']['version'])}\b",
        (root / "CHANGELOG.md").read_text("utf-8"),
        re.MULTILINE,
    )


def test_every_decision_answers_four_questions(root):
    """A decision without its refusals is taken again by the next newcomer."""
    pages = sorted((root / "docs" / "decisions").glob("0*.md"))
    parts = ("**Question.**", "**Choice.**", "**Refused.**", "**Look again**")

    assert {page.name: part for page in pages for part in parts if part not in page.read_text("utf-8")} == {}


def test_every_decision_is_listed(root):
    """The list is how one finds them."""
    folder = root / "docs" / "decisions"
    listed = re.findall(r"^- \[\d{4}\]\((.+?)\)", (folder / "README.md").read_text("utf-8"), re.MULTILINE)

    assert listed == sorted(page.name for page in folder.glob("0*.md"))


def test_every_make_command_in_the_papers_exists(root):
    """The first thing a newcomer types must work."""
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text("utf-8"), re.MULTILINE))
    papers = [*root.glob("*.md"), *(root / "docs").rglob("*.md"), root / ".ci" / "run"]
    named = {
        target
        for paper in papers
        for target in re.findall(r"(?:`|^\$? ?)make ([a-z-]+)", paper.read_text("utf-8"), re.MULTILINE)
    }

    assert named - targets == set()


def test_an_exception_from_a_rule_has_its_reason_beside_it(root):
    """An exception whose reason is forgotten is never taken back."""
    sources = [path for folder in (*FLOORS, "tests") for path in (root / folder).rglob("*.py")]
    bare = re.compile(r"# (noqa(: ?[A-Z0-9, ]+)?|type: ignore(\[[a-z-, ]+\])?)\s*$")

    assert [
        f"{path.relative_to(root)}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if bare.search(line)
    ] == []
