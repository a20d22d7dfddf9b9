"""The file of secrets: made once with random ones, readable by its owner alone."""

import base64
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from bot.settings.problems import SettingProblem, SettingsInvalid

FILE: Final = "secrets.toml"

_FIRST: Final = """\
# Made by makegood when it first ran here. Whoever reads this file can act in your name: keep it to yourself,
# with rights 0600. Several names may stand in a table, so that a secret can be changed without a stop.

[telegram]
# token = "..."                 # what BotFather gave you; also MAKEGOOD_TELEGRAM__TOKEN
webhook_secret = "{webhook}"

[api.keys]
# For the systems that send service events: "Authorization: Bearer ..."
first = "{key}"

[api.signing_secrets]
# For systems that sign what they send, as Standard Webhooks has it.
first = "whsec_{signing}"
"""


def make(folder: Path) -> Path:
    """Return the file of secrets in that folder, made with new ones when there is none; the folder is made too."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / FILE
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(file, "w", encoding="utf-8") as out:
        out.write(_new())
        out.flush()
        os.fsync(out.fileno())
    return path


def check_rights(path: Path) -> None:
    """Raise SettingsInvalid if anybody but its owner may read or write the file."""
    rights = stat.S_IMODE(path.stat().st_mode)
    if rights & 0o077:
        message = f"others may read this file (its rights are {rights:04o}); run: chmod 600 {path}"
        raise SettingsInvalid((SettingProblem(str(path), message),))


def _new() -> str:
    return _FIRST.format(
        webhook=secrets.token_urlsafe(32),
        key=f"mg_{secrets.token_urlsafe(32)}",
        signing=base64.b64encode(secrets.token_bytes(32)).decode(),
    )
