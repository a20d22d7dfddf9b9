"""Changing a settings file as a person would: only what is to change, every comment and everything else left there.

changed(text, {"business.name": "Lamp Shop"})     the same file, with that one value
"""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import tomlkit
from tomlkit.container import Container, OutOfOrderTableProxy
from tomlkit.items import InlineTable, Table

from bot.config import known_settings
from bot.settings.problems import SettingProblem, SettingsInvalid

_TABLES: Final = (Container, Table, InlineTable, OutOfOrderTableProxy)


def changed(text: str, values: Mapping[str, str]) -> str:
    """Return a settings file with these settings changed or added, by their names such as `business.name`."""
    for name, value in values.items():
        section, _, key = name.partition(".")
        known = tomllib.loads(text).get(section)
        if isinstance(known, dict) and key not in known:
            text = _below_heading(text, section, key, value) or _set(text, section, key, value)
        else:
            text = _set(text, section, key, value)
    return text


def _set(text: str, section: str, key: str, value: str) -> str:
    document = tomlkit.parse(text)
    if not isinstance(document.get(section), _TABLES):
        if document.as_string().strip():
            document.add(tomlkit.nl())
        document.add(section, tomlkit.table())
    table: Any = document[section]
    table[key] = value
    return tomlkit.dumps(document)


def _below_heading(text: str, section: str, key: str, value: str) -> str | None:
    """Return the file with the setting right below its section's heading; None when there is no such heading.

    At the section's end it would stand behind the comment that belongs to the next one.
    """
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        if re.fullmatch(rf"\[\s*{re.escape(section)}\s*\]\s*(#.*)?", line.strip()):
            written = "".join([*lines[: number - 1], line.rstrip("\r\n"), f"\n{_line(key, value)}\n", *lines[number:]])
            return written if _says(written, section, key, value) else None
    return None


def _says(text: str, section: str, key: str, value: str) -> bool:
    """Look whether the file now says so: a line that looks like a heading may stand inside a long text."""
    try:
        return bool(tomllib.loads(text)[section][key] == value)
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return False


def _line(key: str, value: str) -> str:
    return f"{key} = {tomlkit.string(value).as_string()}"


def without_secrets(text: str) -> str:
    """Return a settings file without what opens something, for a copy that others may read."""
    document: Any = tomlkit.parse(text)
    for name, kind in known_settings().items():
        section, _, key = name.partition(".")
        table = document.get(section)
        if kind.secret and isinstance(table, _TABLES) and key in table:
            del document[section][key]
    return tomlkit.dumps(document)


def readable(path: Path) -> str:
    """Return the text of a settings file, or nothing when there is none. Raises SettingsInvalid."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        tomlkit.parse(text)
    except FileNotFoundError:
        return ""
    except (UnicodeDecodeError, ValueError) as error:
        raise SettingsInvalid((SettingProblem(str(path), f"this is no TOML: {error}."),))
    return text
