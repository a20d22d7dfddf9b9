"""Moments as a clock or a calendar on the wall shows them, in the language of whoever reads them."""

from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from bot.clock import moment
from bot.phrases import babel_locale

_MINUTE: Final = 60_000


def wall_time(at: int, zone: str, language: str) -> str:
    """Return a moment as a clock on the wall there shows it, weekday and all: `Monday at 10:00`, `星期一10:00`."""
    return _wall_time(at // _MINUTE, zone, language)


@lru_cache(maxsize=2048)
def _wall_time(minute: int, zone: str, language: str) -> str:
    """A case says the same moments each time it is shown, and each costs a third of a millisecond."""
    local = moment(minute * _MINUTE).astimezone(ZoneInfo(zone))
    pattern = "EEEEHH:mm" if language.startswith("zh") else "EEEE 'at' HH:mm"
    return str(format_datetime(local, pattern, locale=babel_locale(language)))


def clock_time(at: int, zone: str, language: str) -> str:
    """Return a moment of today as a clock on the wall there shows it: `10:05`."""
    return str(format_datetime(moment(at).astimezone(ZoneInfo(zone)), "HH:mm", locale=babel_locale(language)))


def wall_day(at: int, zone: str, language: str) -> str:
    """Return the day of a moment there: `2 Nov 2026`, `2026年11月2日`."""
    local = moment(at).astimezone(ZoneInfo(zone))
    return str(format_date(local, locale=babel_locale(language)))


def wall_moment(at: int, zone: str, language: str) -> str:
    """Return a moment there with its day, as short as can be: `2 Nov 14:05`, `11月2日 14:05`."""
    local = moment(at).astimezone(ZoneInfo(zone))
    pattern = "M月d日 HH:mm" if language.startswith("zh") else "d MMM HH:mm"
    return str(format_datetime(local, pattern, locale=babel_locale(language)))
