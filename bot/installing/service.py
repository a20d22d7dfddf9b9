"""The systemd unit: makegood started with the machine, again after a fault, and kept in its own folders."""

import pwd
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

NAME: Final = "makegood.service"

_UNIT: Final = """\
# Written by makegood init; yours to change from here on.
[Unit]
Description=makegood, the feedback bot
Documentation=man:systemd.exec(5)
Wants=network-online.target
After=network-online.target

[Service]
User={user}
WorkingDirectory={folder}
ExecStart={command}
# It finishes what it is sending before it ends; killed at any moment it loses nothing that was acknowledged.
Restart=always
RestartSec=2
TimeoutStopSec=60
UMask=0077

# It writes here and nowhere else. Another folder for backups or data goes into this line, too (-: if it is there).
ReadWritePaths={writes}
ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def unit(config: Path, writes: Iterable[Path]) -> str:
    """Return the unit that runs makegood with these settings, as whoever owns their folder, writing only there."""
    folder = config.resolve().parent
    paths = [str(path) for path in _outermost([each.resolve() for each in writes])]
    homes = any(path.startswith(("/home/", "/root/", "/run/user/")) for path in (*paths, str(folder), *_program()))
    return _UNIT.format(
        user=pwd.getpwuid(folder.stat().st_uid).pw_name,
        folder=_escaped(str(folder)),
        command=" ".join(_quoted(part) for part in (*_program(), "run", "--config", str(config.resolve()))),
        writes=" ".join(_quoted(f"-{path}") for path in paths),
        home="read-only" if homes else "yes",
    )


def _outermost(paths: list[Path]) -> list[Path]:
    """Return the paths that are not inside another of them."""
    kept: list[Path] = []
    for path in sorted(set(paths)):
        if not any(path.is_relative_to(outer) for outer in kept):
            kept.append(path)
    return kept


def _program() -> list[str]:
    """Return how this very makegood is started: the installed command, or the package where there is none."""
    command = Path(sys.executable).with_name("makegood")
    return [str(command)] if command.exists() else [sys.executable, "-m", "bot"]


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    text = _escaped(text).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{text}"' if " " in text or '"' in text else text
