"""Backups and restores, killed at any moment: a backup is whole or none, a database the old one or the new one."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.backups import manifest
from bot.backups.making import checked
from bot.backups.restoring import PART
from storage import schema
from storage.copies import examine

KILLER = """
import os, signal, sys
from bot.cli import main

left = int(sys.argv[1])
WATCHED = {"open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "sqlite3.connect", "shutil.rmtree"}

def hook(event, args):
    global left
    if event in WATCHED and any(str(each).startswith(sys.argv[2]) for each in args):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
main(sys.argv[3:])
"""
"""Kills itself when it touches a file below a folder for the n-th time, as the audit hooks of Python see it."""


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


def ran(root: Path, nth: int, *line: str, below: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", KILLER, str(nth), str(below), *line],
        env={**os.environ, "PYTHONPATH": str(root), "LANG": "C"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def lives() -> Iterator[int]:
    """At which touch each life dies: the first ones one by one, the many later ones in strides."""
    yield from range(1, 8)
    yield from range(8, 400, 4)


@pytest.mark.crash
def test_a_backup_killed_at_any_moment_is_whole_or_none(root, tmp_path):
    """Half a backup that looks whole is worse than none: it is believed."""
    data = tmp_path / "data"
    laid(data / "makegood.db", 200)
    backups = data / "backups"
    deaths = 0
    for nth in lives():
        code = ran(root, nth, "backup", "--data", str(data), "--keep", "0", below=backups)
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
def test_a_restore_killed_at_any_moment_leaves_the_old_or_the_new(root, tmp_path):
    """Whoever restores has had bad luck already. Trying again always ends in the restored database."""
    source = tmp_path / "source"
    laid(source / "makegood.db", 300)
    assert ran(root, 0, "backup", "--data", str(source), below=source) == 0
    [backup] = manifest.listing(source / "backups")
    before = tmp_path / "before"
    laid(before / "makegood.db", 100)
    seen = set()
    deaths = 0
    for nth in lives():
        data = tmp_path / f"data-{nth}"
        shutil.copytree(before, data)
        code = ran(root, nth, "restore", str(backup), "--data", str(data), "--replace", below=data)
        count = examine(data / "makegood.db").counts["customer"]
        seen.add(count)
        assert [path for path in data.glob("makegood.db-*") if path.stat().st_size] == []
        if code == 0:
            break
        deaths += 1
        assert ran(root, 0, "restore", str(backup), "--data", str(data), "--replace", below=data) == 0
        assert examine(data / "makegood.db").counts["customer"] == 300
        assert not (data / PART).exists()
        shutil.rmtree(data)

    assert deaths >= 10
    assert seen == {100, 300}


@pytest.mark.crash
def test_the_database_before_is_never_lost(root, tmp_path):
    """However often a restore is cut off, what was there first can be had again."""
    source, data = tmp_path / "source", tmp_path / "data"
    laid(source / "makegood.db", 300)
    laid(data / "makegood.db", 100)
    assert ran(root, 0, "backup", "--data", str(source), below=source) == 0
    [backup] = manifest.listing(source / "backups")
    for nth in (5, 15, 25, 35, 0):
        ran(root, nth, "restore", str(backup), "--data", str(data), "--replace", below=data)
    found = {examine(path).counts["customer"] for path in data.glob("before-restore-*/makegood.db")}

    assert examine(data / "makegood.db").counts["customer"] == 300
    assert 100 in found
