"""Where settings come from: files, the environment, the command line. Each gives entries, the stronger ones last."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from bot.settings.problems import SettingProblem, SettingsInvalid
from conversations.positions import Positions, positions

PREFIX: Final = "MAKEGOOD_"

_WHERE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Entry(msgspec.Struct, frozen=True):
    """One setting as it was written: its path, its value, and where. `text`: it was written without types."""

    path: tuple[str, ...]
    written: object
    where: str
    text: bool = False
    base: Path | None = None

    @property
    def key(self) -> str:
        """Return the setting's name."""
        return ".".join(self.path)


def from_file(path: Path) -> list[Entry]:
    """Return what a TOML file says, an entry for each value. Raises SettingsInvalid when it cannot be read."""
    try:
        source = path.read_text(encoding="utf-8-sig")
        table = tomllib.loads(source)
    except UnicodeDecodeError:
        raise _unread(path, 1, "the file is not in UTF-8; save it as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.search(str(error))
        line = int(where[1]) if where and where[1] else 1
        raise _unread(path, line, f"this is no TOML: {_WHERE.sub('', str(error))}.")
    except OSError as error:
        raise SettingsInvalid((SettingProblem(str(path), f"the file cannot be read: {error.strerror}."),))
    return list(_entries(table, (), path, positions(source)))


def from_environment(environ: Mapping[str, str]) -> list[Entry]:
    """Return the settings among the environment's variables: `MAKEGOOD_TELEGRAM__TOKEN` is telegram.token."""
    return [
        Entry(tuple(name.removeprefix(PREFIX).lower().split("__")), written, f"environment variable {name}", text=True)
        for name, written in sorted(environ.items())
        if name.startswith(PREFIX) and "__" in name.removeprefix(PREFIX)
    ]


def from_command_line(settings: Sequence[str]) -> list[Entry]:
    """Return what `--set KEY=VALUE` says. Raises SettingsInvalid without a "="."""
    return [_set(setting) for setting in settings]


def _set(setting: str) -> Entry:
    key, equals, written = setting.partition("=")
    if not equals:
        raise SettingsInvalid((SettingProblem(f"--set {setting}", "write KEY=VALUE, such as web.port=8080."),))
    return Entry(tuple(key.strip().split(".")), written, f"--set {key.strip()}", text=True)


def _entries(table: dict[str, Any], path: tuple[str, ...], file: Path, places: Positions) -> Iterator[Entry]:
    for key, written in table.items():
        inner = (*path, key)
        if isinstance(written, dict):
            yield from _entries(written, inner, file, places)
        else:
            yield Entry(inner, written, f"{file}:{places.line(inner)}", base=file.parent)


def _unread(path: Path, line: int, message: str) -> SettingsInvalid:
    return SettingsInvalid((SettingProblem(f"{path}:{line}", message),))
