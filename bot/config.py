"""The settings of this installation, read once and checked before anything else.

    command line > environment > DATA/secrets.toml (0600) > config.toml > defaults

`load` returns a `Config`, or raises `SettingsInvalid` with everything that is wrong: each with file and line (or
the variable, or the option), the setting's name, what is allowed, and the nearest name that exists. It never
repeats the value of a secret. What there is to set stands in `bot.settings.sections`.
"""

import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, get_type_hints

from bot.settings import secrets
from bot.settings.kinds import Kind, from_text
from bot.settings.problems import SettingProblem, SettingsInvalid
from bot.settings.sections import CANCELLED, Config, Section
from bot.settings.sources import Entry, from_command_line, from_environment, from_file
from conversations.problems import nearest
from recovery.money import DIGITS

FILE: Final = "config.toml"

__all__ = ["CANCELLED", "FILE", "Config", "SettingProblem", "SettingsInvalid", "known_settings", "load"]


def load(
    path: Path | None = None,
    *,
    folder: Path | None = None,
    settings: Sequence[str] = (),
    environ: Mapping[str, str] = os.environ,
    make_secrets: bool = False,
) -> Config:
    """Return the checked settings.

    `path` is the settings file (./config.toml when None, which may be missing), `folder` the data folder of the
    command line, `settings` its `KEY=VALUE`s. `make_secrets` makes the file of secrets if there is none, which
    only commands that write may do. Raises SettingsInvalid.
    """
    written = _file_entries(path)
    stronger = [*from_environment(environ), *from_command_line(settings)]
    if folder is not None:
        stronger.append(Entry(("storage", "folder"), str(folder), "--data", text=True))
    data_folder = _read([*written, *stronger], whole=False).folder
    if make_secrets:
        secrets.make(data_folder)
    return _read([*written, *_secret_entries(data_folder / secrets.FILE), *stronger])


@cache
def known_settings() -> Mapping[str, Kind]:
    """Return the kind of every setting, by its name."""
    known: dict[str, Kind] = {}
    for name, hint in get_type_hints(Config, include_extras=True).items():
        if isinstance(hint, type) and issubclass(hint, Section):
            inner = get_type_hints(hint, include_extras=True)
            known |= {f"{name}.{key}": each.__metadata__[0] for key, each in inner.items()}
        else:
            known[name] = hint.__metadata__[0]
    return known


def _file_entries(path: Path | None) -> list[Entry]:
    if path is None and not Path(FILE).exists():
        return []
    path = path or Path(FILE)
    if not path.exists():
        raise SettingsInvalid((SettingProblem(str(path), "there is no such file; leave --config out, or name it."),))
    return from_file(path)


def _secret_entries(path: Path) -> list[Entry]:
    if not path.exists():
        return []
    secrets.check_rights(path)
    entries = from_file(path)
    misplaced = [each for each in entries if each.path[0] == "storage"]
    if misplaced:
        message = f"{misplaced[0].key} belongs into {FILE}: it says where this file is."
        raise SettingsInvalid((SettingProblem(misplaced[0].where, message),))
    return entries


def _read(entries: Sequence[Entry], *, whole: bool = True) -> Config:
    """Return the settings of these entries, the later ones over the earlier. Raises SettingsInvalid.

    Without the secrets they are not `whole`: then nothing is said of what is missing.
    """
    found: dict[str, Any] = {}
    problems: list[SettingProblem] = []
    for entry in entries:
        try:
            _lay(found, entry)
        except SettingsInvalid as error:
            problems.extend(error.problems)
    config = _built(found)
    problems.extend(_contradictions(config) if whole and not problems else ())
    if problems:
        raise SettingsInvalid(tuple(problems))
    return config


def _lay(found: dict[str, Any], entry: Entry) -> None:
    known = known_settings()
    for length in range(len(entry.path), 0, -1):
        name = ".".join(entry.path[:length])
        kind = known.get(name)
        if kind is not None and (kind.table or length == len(entry.path)):
            break
    else:
        raise _refused(entry, _unknown(entry))
    rest = ".".join(entry.path[length:])
    value = _value(kind, entry, rest)
    found[name] = {**found.get(name, {}), **value} if kind.table else value


def _value(kind: Kind, entry: Entry, rest: str) -> Any:
    written = entry.written
    try:
        if rest:
            return kind.read({rest: written})
        value = from_text(kind, str(written)) if entry.text else kind.read(written)
    except ValueError:
        said = f"the value of {entry.key}" if kind.secret else f"{entry.key} = {_short(written)}"
        raise _refused(entry, f"{said} is not allowed; write {kind.each if rest else kind.allowed}.")
    if isinstance(value, Path) and entry.base is not None:
        return entry.base / value
    return value


def _built(found: Mapping[str, Any]) -> Config:
    sections: dict[str, Any] = {}
    for name, hint in get_type_hints(Config).items():
        if isinstance(hint, type) and issubclass(hint, Section):
            given = {key.partition(".")[2]: value for key, value in found.items() if key.startswith(f"{name}.")}
            sections[name] = hint(**given)
        elif name in found:
            sections[name] = found[name]
    return Config(**sections)


def _contradictions(config: Config) -> list[SettingProblem]:
    return [*_of_telegram(config), *_of_webhooks(config), *_of_mail(config), *_of_amounts(config)]


def _of_webhooks(config: Config) -> list[SettingProblem]:
    problems = []
    for name, endpoint in config.endpoints.items():
        if not endpoint.url:
            problems.append(SettingProblem(f"webhooks.{name}", "it needs an address; set webhooks.NAME.url."))
        elif endpoint.url.startswith("http://") and not endpoint.allow_private:
            message = "plain http is for your own network only; use https, or set webhooks.NAME.allow_private."
            problems.append(SettingProblem(f"webhooks.{name}.url", message))
        if not endpoint.secrets:
            message = "it needs secrets to sign with; makegood webhooks secret makes one."
            problems.append(SettingProblem(f"webhooks.{name}", message))
    return problems


def _of_mail(config: Config) -> list[SettingProblem]:
    if config.mail.host and not config.mail.sender:
        return [SettingProblem("mail.sender", "e-mails need a sender; set mail.sender.")]
    return []


def _of_amounts(config: Config) -> list[SettingProblem]:
    currency, recovery = config.business.currency, config.recovery
    named = ("per_case", "per_day", "supervisor_up_to", "two_above", "budget_per_month")
    amounts = {f"recovery.{name}": getattr(recovery, name) for name in named if getattr(recovery, name)}
    if amounts and not currency:
        message = 'amounts need a currency to be counted in; set business.currency, such as "EUR".'
        return [SettingProblem(name, message) for name in amounts]
    return [problem for name, amount in amounts.items() if (problem := _too_fine(name, amount, currency))]


def _too_fine(name: str, amount: str, currency: str) -> SettingProblem | None:
    digits = DIGITS[currency]
    if len(amount.partition(".")[2]) <= digits:
        return None
    return SettingProblem(name, f"{currency} has {digits} decimals, not more.")


def _of_telegram(config: Config) -> list[SettingProblem]:
    telegram = config.telegram
    if telegram.mode == "webhook" and telegram.token and not (telegram.webhook_url or config.web.public_url):
        message = 'mode "webhook" needs the address that Telegram calls; set telegram.webhook_url or web.public_url.'
        return [SettingProblem("telegram.mode", message)]
    return []


def _unknown(entry: Entry) -> str:
    names = list(known_settings())
    if entry.path[0] not in {name.partition(".")[0] for name in names}:
        names += sorted({name.partition(".")[0] for name in names})
    meant = nearest(entry.key, names) or nearest(entry.path[-1], [name.rpartition(".")[2] for name in names])
    full = next((name for name in names if meant in (name, name.rpartition(".")[2])), None)
    mend = f'Did you mean "{full}"?' if full else "config.example.toml has all settings."
    return f'there is no setting "{entry.key}". {mend}'


def _refused(entry: Entry, message: str) -> SettingsInvalid:
    return SettingsInvalid((SettingProblem(entry.where, message),))


def _short(written: object) -> str:
    text = f'"{written}"' if isinstance(written, str) else str(written)
    return text if len(text) <= 60 else f"{text[:59]}…"
