"""Time zones: which one this machine keeps, and which one somebody may have meant.

People type "shanghai", "Berlin", "PST" or "Bejing"; the list has "Asia/Shanghai" and "Europe/Berlin".
"""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

_MOST: Final = 5
_LOCALTIME: Final = Path("/etc/localtime")
_NAMED: Final = Path("/etc/timezone")

_UTC: Final = ("Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "Universal", "Zulu", "UCT")

_ALSO: Final[Mapping[str, str]] = {
    "beijing": "Asia/Shanghai", "china": "Asia/Shanghai", "北京": "Asia/Shanghai", "上海": "Asia/Shanghai",
    "中国": "Asia/Shanghai", "shenzhen": "Asia/Shanghai", "guangzhou": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong", "澳門": "Asia/Macau", "澳门": "Asia/Macau", "台北": "Asia/Taipei", "臺北": "Asia/Taipei",
    "台湾": "Asia/Taipei", "臺灣": "Asia/Taipei", "taiwan": "Asia/Taipei", "新加坡": "Asia/Singapore",
    "germany": "Europe/Berlin", "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin",
    "france": "Europe/Paris", "uk": "Europe/London", "england": "Europe/London", "india": "Asia/Kolkata",
    "japan": "Asia/Tokyo", "cet": "Europe/Berlin", "pst": "America/Los_Angeles", "est": "America/New_York",
    "san francisco": "America/Los_Angeles", "washington": "America/New_York", "geneva": "Europe/Zurich",
}  # fmt: skip
"""What people call zones that are named after another city. Not a list of the world: the rest is found by its name."""


def guess(environ: Mapping[str, str] = os.environ) -> str:
    """Return the zone this machine keeps, "UTC" when it does not say."""
    for found in (environ.get("TZ", "").lstrip(":"), _linked(), _named()):
        if found and is_zone(found):
            return "UTC" if found in _UTC else found
    return "UTC"


def is_zone(name: str) -> bool:
    """Return whether there is a zone of exactly that name."""
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return False
    return name in available_timezones()


def meant(text: str) -> list[str]:
    """Return the zones that somebody who typed this may have meant, the likeliest first; itself when it is one."""
    wanted = " ".join(text.replace("_", " ").split()).lower()
    if is_zone(text.strip()):
        return [text.strip()]
    if wanted in _ALSO:
        return [_ALSO[wanted]]
    known = _by_city()
    if wanted in known:
        return known[wanted]
    begins = sorted({zone for city, zones in known.items() if wanted and wanted in city for zone in zones})
    if begins:
        return begins[:_MOST]
    near = get_close_matches(wanted, [*known, *_ALSO], n=_MOST, cutoff=0.7)
    return list(dict.fromkeys(zone for city in near for zone in ([_ALSO[city]] if city in _ALSO else known[city])))


@cache
def _by_city() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for zone in sorted(available_timezones()):
        if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/")):
            for name in (zone, zone.rpartition("/")[2]):
                found.setdefault(name.replace("_", " ").lower(), []).append(zone)
    return found


def _linked() -> str:
    try:
        return str(_LOCALTIME.readlink()).partition("zoneinfo/")[2]
    except OSError:
        return ""


def _named() -> str:
    try:
        return _NAMED.read_text(encoding="utf-8").strip()
    except OSError:
        return ""
