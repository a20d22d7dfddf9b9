"""What `makegood init` writes: settings, secrets and the unit, each whole or not at all, each only where it changes.

Asked again it changes values and nothing else in a file; what the file was before stands beside it.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from bot.backups.manifest import name_at
from bot.config import Config
from bot.phrases import say
from bot.settings import secrets
from bot.settings.writing import changed, readable
from conversations.phrases import Phrase, phrase
from storage.copies import flush

TOKEN: Final = "telegram.token"  # noqa: S105 - the name of a setting

FIRST: Final[tuple[tuple[str, Phrase | None], ...]] = (
    ("business.name", phrase("how your customers know you")),
    ("business.zone", phrase("your day and night, and your customers' until we know theirs")),
    ("business.language", phrase("what we speak until we know the customer's language")),
    ("staff.language", phrase("what we speak with staff until they choose")),
    ("telegram.start_survey", phrase("what a plain /start begins")),
    ("web.public_url", phrase("how customers reach us; links begin with it")),
    ("storage.folder", phrase("everything that must not be lost, and the secrets; relative to this file")),
)
"""The settings of a fresh file, in their order, with what is said beside each."""

HEAD: Final = (
    phrase("The settings of makegood. Every other one, with its default and its reason, is in config.example.toml."),
    phrase("The token and the keys are not here but in the data folder's secrets.toml."),
    phrase("makegood check says what is wrong here and how to mend it; makegood init changes it again."),
)


class Change(msgspec.Struct, frozen=True):
    """One setting that is to change, and what it was."""

    name: str
    before: str
    after: str


def changes(config: Config, wanted: Mapping[str, str]) -> list[Change]:
    """Return what differs between the settings that count now and those that are wanted."""
    found = []
    for name, after in wanted.items():
        section, _, key = name.partition(".")
        before = str(getattr(getattr(config, section), key))
        if before != after:
            found.append(Change(name, before, after))
    return found


def fresh(values: Mapping[str, str], language: str) -> str:
    """Return a first settings file with these values, each with what it is for."""
    import tomlkit

    lines = [f"# {say(words, language)}" for words in HEAD]
    section = ""
    for name, words in FIRST:
        if name not in values:
            continue
        heading, _, key = name.partition(".")
        if heading != section:
            section = heading
            lines += ["", f"[{section}]"]
        said = f"  # {say(words, language)}" if words is not None else ""
        lines.append(f"{key} = {tomlkit.string(values[name]).as_string()}{said}")
    return "\n".join(lines) + "\n"


def write_settings(path: Path, values: Mapping[str, str], language: str, at: int) -> Path | None:
    """Write these settings into the file, made when there is none; return where the file of before is."""
    before = readable(path)
    if not before:
        _write(path, fresh(values, language))
        return None
    after = changed(before, values)
    if after == before:
        return None
    kept = path.with_name(f"{path.name}.{name_at(at).removeprefix('makegood-')}")
    _write(kept, before)
    _write(path, after)
    return kept


def write_token(folder: Path, token: str) -> Path:
    """Write the token into the file of secrets, made when there is none; return it."""
    path = secrets.make(folder)
    secrets.check_rights(path)
    _write(path, changed(readable(path), {TOKEN: token}))
    return path


def write_unit(path: Path, text: str) -> bool:
    """Write the unit when there is none. False: another is there, perhaps changed by hand, and stays."""
    if path.exists():
        return path.read_text(encoding="utf-8") == text
    _write(path, text, 0o644)
    return True


def _write(path: Path, text: str, rights: int = 0o600) -> None:
    """Write a file under its name only when it is whole and on the disk; one that is there keeps its rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        rights = path.stat().st_mode & 0o777
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, rights), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), rights)  # whatever the umask
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    flush(path.parent)
