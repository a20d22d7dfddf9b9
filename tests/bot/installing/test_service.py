"""The systemd unit: started as its owner, writing in its own folders only."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.installing.service import NAME, unit


def lines(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))


def test_it_writes_in_its_folders_and_nowhere_else(tmp_path):
    """A fault in it must not reach anything else of the machine."""
    said = lines(unit(tmp_path / "config.toml", [tmp_path / "data", tmp_path / "data" / "backups", Path("/mnt/usb")]))

    assert sorted(said["ReadWritePaths"].split()) == sorted(["-/mnt/usb", f"-{tmp_path}/data"])
    assert said["ProtectSystem"] == "strict"
    assert said["NoNewPrivileges"] == "yes"
    assert said["CapabilityBoundingSet"] == ""


def test_a_path_with_a_blank_or_a_percent_sign_is_one_path(tmp_path):
    """systemd splits at blanks and reads %n as the unit's name."""
    folder = tmp_path / "our shop 100%"
    folder.mkdir()
    said = lines(unit(folder / "config.toml", [folder / "data"]))

    assert said["ExecStart"].endswith(f'run --config "{tmp_path}/our shop 100%%/config.toml"')
    assert said["ReadWritePaths"] == f'"-{tmp_path}/our shop 100%%/data"'


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here to ask")
def test_systemd_understands_every_line(tmp_path):
    """A misspelt one would be ignored in silence, and protect nothing."""
    path = tmp_path / NAME
    path.write_text(unit(tmp_path / "config.toml", [tmp_path / "data"]))
    told = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)

    assert [line for line in told.stderr.splitlines() if NAME in line and "is not executable" not in line] == []
