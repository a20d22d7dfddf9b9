"""The settings of one webhook, `[webhooks.NAME]`: read field by field, since their names are the operator's own."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import msgspec

from bot.audience import TYPES
from bot.settings.kinds import Kind, flat, signing_secret_of

NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
ALLOWED: Final = (
    'url = "https://…", secrets = ["whsec_…"] (makegood webhooks secret makes one), '
    f"types = [some of {', '.join(TYPES)}] or allow_private = true"
)


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where a webhook goes, by which secrets it is signed, of what it tells, and whether its network may be ours."""

    name: str
    url: str = ""
    secrets: tuple[str, ...] = ()
    types: tuple[str, ...] = TYPES
    allow_private: bool = False


def endpoints(written: Mapping[str, Any]) -> dict[str, Endpoint]:
    """Return the endpoints that a flat table describes: `crm.url`, `crm.secrets` …"""
    fields: dict[str, dict[str, Any]] = {}
    for key, value in written.items():
        name, _, field = key.partition(".")
        fields.setdefault(name, {})[field] = value
    return {name: Endpoint(name=name, **given) for name, given in fields.items()}


def _url(written: object) -> str:
    from bot.notifying.guard import unfit_url

    if not isinstance(written, str) or unfit_url(written, allow_private=True):
        raise ValueError
    return written


def _listed(written: object) -> list[str]:
    parts = written.split(",") if isinstance(written, str) else written
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError
    return [part.strip() for part in parts if part.strip()]


def _secrets(written: object) -> tuple[str, ...]:
    return tuple(signing_secret_of(secret) for secret in _listed(written))


def _types(written: object) -> tuple[str, ...]:
    types = _listed(written)
    if not types or not set(types) <= set(TYPES):
        raise ValueError
    return tuple(types)


def _yes(written: object) -> bool:
    if written in ("true", "false"):
        return written == "true"
    if not isinstance(written, bool):
        raise ValueError
    return written


_FIELDS: Final[Mapping[str, Callable[[object], Any]]] = {
    "url": _url,
    "secrets": _secrets,
    "types": _types,
    "allow_private": _yes,
}


def _read(written: object) -> dict[str, Any]:
    if not isinstance(written, dict):
        raise ValueError
    found = {}
    for key, value in flat(written).items():
        name, _, field = key.partition(".")
        if not NAME.fullmatch(name) or name == "mail" or field not in _FIELDS:
            raise ValueError
        found[key] = _FIELDS[field](value)
    return found


Webhooks = Annotated[
    dict[str, Any],
    Kind("a table [webhooks.NAME] for each endpoint", _read, secret=True, table=True, each=ALLOWED),
]
