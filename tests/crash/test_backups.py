"""Backups and restores, killed at any moment: a backup is whole or none, a database the old one or the new one.

A process that has imported everything forks another for each command, which dies by its own SIGKILL: to import the
product anew a hundred times took nine tenths of the time.
"""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.backups import manifest
from bot.backups.making import checked
from bot.backups.restoring import PART
from storage import schema
from storage.copies import examine

KILLER = """
import json, os, signal, sys
import bot.backups.making, bot.backups.restoring, bot.cli.backup, bot.lock
from bot.cli import main

WATCHED = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "sqlite3.connect", "shutil.rmtree"}

def run(left, below, said, *line):
    def hook(event, args):
        nonlocal left
        if event in WATCHED and any(str(each).startswith(below) for each in args):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    os.dup2(1, 2)
    sys.addaudithook(hook)
    main(line)

for asked in sys.stdin:
    child = os.fork()
    if child == 0:
        run(*json.loads(asked))
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""For each line it is told, forks a child that runs a command, and says how that ended.

The child kills itself when it touches a file below a folder for the n-th time, as the audit hooks of Python see it.
"""


def laid(path: Path, answers: int) -> None:
    """A database with that many answers, in one conversation whose chain holds."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(path)) as connection:
        for statement in (*schema.sqlite_statements(), schema.VERSION_TABLE):
            connection.execute(statement)
        connection.execute("INSERT INTO alembic_version VALUES (?)", (schema.VERSIONS[-1],))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executemany(
            "INSERT INTO customer (brand_id, reference, created_at) VALUES (1, ?, 5)",
            [(f"c-{number}",) for number in range(answers)],
        )
        connection.commit()


Ran = Callable[..., int]


@pytest.fixture(scope="module")
def ran(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """Runs a command, to its end or until its n-th touch below a folder, and says how it ended."""
    said = tmp_path_factory.mktemp("said") / "said"
    killer = subprocess.Popen(
        [sys.executable, "-c", KILLER],
        env={**os.environ, "PYTHONPATH": str(root), "LANG": "C"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killer.stdin is not None
    assert killer.stdout is not None
    asked, told = killer.stdin, killer.stdout

    def run(nth: int, *line: str, below: Path) -> int:
        asked.write(json.dumps([nth, str(below), str(said), *line]) + "\n")
        asked.flush()
        code = int(told.readline())
        assert code in (0, -signal.SIGKILL), said.read_text("utf-8")
        return code

    with killer:
        yield run
        asked.close()


def lives() -> Iterator[int]:
    """At which touch each life dies: the first ones one by one, the many later ones in strides."""
    yield from range(1, 8)
    yield from range(8, 400, 4)


@pytest.mark.crash
def test_a_backup_killed_at_any_moment_is_whole_or_none(ran, tmp_path):
    """Half a backup that looks whole is worse than none: it is believed."""
    data = tmp_path / "data"
    laid(data / "makegood.db", 200)
    backups = data / "backups"
    deaths = 0
    for nth in lives():
        code = ran(nth, "backup", "--data", str(data), "--keep", "0", below=backups)
        for whole in manifest.listing(backups):
            assert checked(whole).counts["customer"] == 200
        if code == 0:
            break
        deaths += 1
    left = [*backups.glob(f"*{manifest.PART}")]

    assert deaths >= 5
    assert left == []
    assert len(manifest.listing(backups)) >= 1


@pytest.mark.crash
def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new(ran, tmp_path):
    """Whoever restores has had bad luck already. Trying again always ends in the restored database."""
    source = tmp_path / "source"
    laid(source / "makegood.db", 300)
    assert ran(0, "backup", "--data", str(source), below=source) == 0
    [backup] = manifest.listing(source / "backups")
    before = tmp_path / "before"
    laid(before / "makegood.db", 100)
    seen = set()
    deaths = 0
    for nth in lives():
        data = tmp_path / f"data-{nth}"
        shutil.copytree(before, data)
        code = ran(nth, "restore", str(backup), "--data", str(data), "--replace", below=data)
        count = examine(data / "makegood.db").counts["customer"]
        seen.add(count)
        assert [path for path in data.glob("makegood.db-*") if path.stat().st_size] == []
        if code == 0:
            break
        deaths += 1
        assert ran(0, "restore", str(backup), "--data", str(data), "--replace", below=data) == 0
        assert examine(data / "makegood.db").counts["customer"] == 300
        assert not (data / PART).exists()
        shutil.rmtree(data)

    assert deaths >= 10
    assert seen == {100, 300}


@pytest.mark.crash
def test_the_database_before_is_never_lost(ran, tmp_path):
    """However often a restore is cut off, what was there first can be had again."""
    source, data = tmp_path / "source", tmp_path / "data"
    laid(source / "makegood.db", 300)
    laid(data / "makegood.db", 100)
    assert ran(0, "backup", "--data", str(source), below=source) == 0
    [backup] = manifest.listing(source / "backups")
    for nth in (5, 15, 25, 35, 0):
        ran(nth, "restore", str(backup), "--data", str(data), "--replace", below=data)
    found = {examine(path).counts["customer"] for path in data.glob("before-restore-*/makegood.db")}

    assert examine(data / "makegood.db").counts["customer"] == 300
    assert 100 in found
