"""Days as people type them: `2026-11-22`, `22 Nov 2026`, `11月22日`, `yesterday`, 前天.

What can be read in two ways is read in both: 03/04/2026 may be the third of April or the fourth of March, and only
the customer knows. A year that was left out is that of the nearest such day, in the past or the future as the
question asks; a year of two figures is never taken without asking. Weekdays alone, weeks and months are no day.

    22.11.2026  11/22/2026  2026/11/22  20261122        one day, whichever figure can only be the day
    03/04/2026  3.4.  22/11/26                          both readings, to be chosen from
    22 Nov 2026  Nov 22nd, 2026  22 November            also with the weekday, if it is the right one
    2026年11月22日  二〇二六年十一月二十二日  去年5月1号
    today  yesterday  the day before yesterday  3 days ago  今天  后天  三天前
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from conversations.numerals import FIGURE, whole_number
from conversations.phrases import Phrase, phrase
from conversations.spelling import bare, reorders, squeezed

LONGEST: Final = 64
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
FURTHEST: Final = 366
"""Days that "… days ago" may count."""

_LEAP_DAYS_APART: Final = 8
"""Years between two 29ths of February at most (1896 to 1904)."""


class Meant(msgspec.Struct, frozen=True):
    """The days that a reply may mean; `plainly` when there is but one and nothing in it was left open."""

    days: tuple[date, ...] = ()
    plainly: bool = False


NOTHING: Final = Meant()


def today_in(zone: str, now: int) -> date:
    """Return the day it is in an IANA zone at a moment in ms; by UTC where the zone is not known."""
    try:
        place = ZoneInfo(zone) if zone else UTC
    except (LookupError, ValueError, OSError):
        place = UTC
    return datetime.fromtimestamp(now // 1000, place).date()


def written(day: str) -> date | None:
    """Return the day that a text of ours writes as `2026-11-22`, else None."""
    try:
        return date.fromisoformat(day) if len(day) == 10 and day.isascii() else None
    except ValueError:
        return None


def meant(text: str, today: date, sense: str) -> Meant:
    """Return the days that a reply may mean. `sense` is `past`, `future` or nothing: where the nearest day lies."""
    if len(text) > LONGEST or reorders(text):
        return NOTHING
    reply, weekday = _weekday_taken_off(bare(text).replace("後", "后"))
    for read in (_relative, _ago, _year_first, _year_last, _without_year, _in_english, _in_chinese):
        if (found := read(reply, today, sense)) is not None:
            days = tuple(dict.fromkeys(day for day in found.days if weekday is None or day.weekday() == weekday))
            return Meant(days, plainly=found.plainly and len(days) == 1)
    return NOTHING


def _plain(days: Iterator[date | None] | list[date | None]) -> Meant:
    return Meant(tuple(day for day in days if day is not None), plainly=True)


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date, sense: str) -> list[date | None]:
    """Return such a day nearest to today, on the side that the question asks about; both when they are as near."""
    years = range(today.year - _LEAP_DAYS_APART, today.year + _LEAP_DAYS_APART + 1)
    days = [found for year in years if (found := _day(year, month, day))]
    if sense:
        days = [found for found in days if (found <= today if sense == "past" else found >= today)]
    nearest = min((abs(found - today) for found in days), default=None)
    return [found for found in days if abs(found - today) == nearest]


# --- counted from today ---------------------------------------------------------------------------------------------

_RELATIVE: Final[dict[str, int]] = {
    word: offset
    for offset, words in {
        -3: "大前天",
        -2: "thedaybeforeyesterday daybeforeyesterday 前天 前日",
        -1: "yesterday 昨天 昨日",
        0: "today thismorning thisafternoon thisevening tonight 今天 今日 今早 今晚 今天上午 今天下午",
        1: "tomorrow 明天 明日",
        2: "thedayaftertomorrow dayaftertomorrow 后天 后日",
        3: "大后天",
    }.items()
    for word in words.split()
}
_AGO: Final = re.compile(rf"(?P<figure>{FIGURE}) ?(?:days? ago|(?:天|日)(?:以|之)?前)")
_IN: Final = re.compile(rf"(?:in )?(?P<figure>{FIGURE}) ?(?:days?(?: from now)?|(?:天|日)(?:以|之)?后)")


def _relative(reply: str, today: date, _sense: str) -> Meant | None:
    offset = _RELATIVE.get(squeezed(reply))
    return None if offset is None else Meant((today + timedelta(days=offset),), plainly=True)


def _ago(reply: str, today: date, _sense: str) -> Meant | None:
    for pattern, sign in ((_AGO, -1), (_IN, 1)):
        match = pattern.fullmatch(reply)
        if match and (sign < 0 or reply.startswith("in ") or "后" in reply or "from now" in reply):
            count = whole_number(match["figure"])
            if count is not None and count <= FURTHEST:
                return Meant((today + timedelta(days=sign * count),), plainly=True)
    return None


# --- in figures -----------------------------------------------------------------------------------------------------

_YEAR_FIRST: Final = re.compile(r"([0-9]{4}) ?([-/.]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})")
_TOGETHER: Final = re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2}) ?([-/. ]) ?([0-9]{1,2}) ?\2 ?([0-9]{4}|[0-9]{2})")
_NO_YEAR: Final = re.compile(r"([0-9]{1,2}) ?[-/.] ?([0-9]{1,2})")


def _year_first(reply: str, _today: date, _sense: str) -> Meant | None:
    match = _YEAR_FIRST.fullmatch(reply) or _TOGETHER.fullmatch(reply)
    return _plain([_day(int(match[1]), int(match[3]), int(match[4]))]) if match else None


def _year_last(reply: str, _today: date, _sense: str) -> Meant | None:
    match = _YEAR_LAST.fullmatch(reply)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if len(match[4]) == 4:
        return _plain([_day(year, second, first), _day(year, first, second)])
    short = [_day(2000 + year, second, first), _day(2000 + year, first, second), _day(2000 + first, second, year)]
    return Meant(_plain(short).days)


def _without_year(reply: str, today: date, sense: str) -> Meant | None:
    match = _NO_YEAR.fullmatch(reply)
    if match is None:
        return None
    first, second = int(match[1]), int(match[2])
    return _plain([*_nearest(second, first, today, sense), *_nearest(first, second, today, sense)])


# --- in words -------------------------------------------------------------------------------------------------------

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH: Final = "|".join([*_MONTHS, "sept", *(name[:3] for name in _MONTHS)])
_NTH: Final = r"(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_NAMED: Final = (
    re.compile(rf"{_NTH}\.?(?: of)? ?(?P<month>{_MONTH})\.?,? ?(?P<year>[0-9]{{4}})?"),
    re.compile(rf"(?P<month>{_MONTH})\.? ?{_NTH}(?:,? ?(?P<year>[0-9]{{4}}))?"),
    re.compile(rf"(?P<year>[0-9]{{4}}) (?P<month>{_MONTH})\.? (?P<day>[0-9]{{1,2}})"),
)
_CHINESE: Final = re.compile(
    rf"(?:(?P<year>[0-9]{{2}}|[0-9]{{4}}|[零〇一二三四五六七八九]{{4}}|[今去前明后])年)?"
    rf"(?P<month>{FIGURE})月(?P<day>{FIGURE})[日号]?"
)
_YEARS_AWAY: Final = {"前": -2, "去": -1, "今": 0, "明": 1, "后": 2}
_FIGURES: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")


def _in_english(reply: str, today: date, sense: str) -> Meant | None:
    reply = reply.replace("-", " ")
    match = next((match for pattern in _NAMED if (match := pattern.fullmatch(reply))), None)
    if match is None:
        return None
    month = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(match["month"][:3]))
    day = int(match["day"])
    return _plain([_day(int(match["year"]), month, day)] if match["year"] else _nearest(month, day, today, sense))


def _in_chinese(reply: str, today: date, sense: str) -> Meant | None:
    match = _CHINESE.fullmatch(squeezed(reply))
    if match is None:
        return None
    month, day, year = whole_number(match["month"]), whole_number(match["day"]), match["year"]
    if month is None or day is None:
        return None
    if year is None:
        return _plain(_nearest(month, day, today, sense))
    if year in _YEARS_AWAY:
        return _plain([_day(today.year + _YEARS_AWAY[year], month, day)])
    if len(year) == 2:
        return Meant(_plain([_day(2000 + int(year), month, day)]).days)
    return _plain([_day(int(year.translate(_FIGURES)), month, day)])


_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY: Final = "|".join([*_WEEKDAYS, "tues", "wednes", "thurs", "thur", *(name[:3] for name in _WEEKDAYS)])
_BEFORE: Final = re.compile(rf"(?P<name>{_WEEKDAY})\.?,? (?=.*[0-9])")
_AFTER: Final = re.compile(
    rf"(?<=[0-9日号a-z]) ?,? ?\(?(?:(?P<name>{_WEEKDAY})|(?:星期|周|礼拜)(?P<sign>[一二三四五六日天]))\)?$"
)


def _weekday_taken_off(reply: str) -> tuple[str, int | None]:
    """Return the reply without the weekday beside its date, and that weekday from 0 (Monday)."""
    match = _BEFORE.match(reply) or _AFTER.search(reply)
    if match is None or not any(character.isdecimal() or character == "月" for character in reply):
        return reply, None
    rest = (reply[: match.start()] + reply[match.end() :]).strip(" ,")
    if name := match["name"]:
        return rest, next(n for n, full in enumerate(_WEEKDAYS) if full.startswith(name[:3]))
    return rest, min("一二三四五六日天".index(match["sign"]), 6)


# --- said again -----------------------------------------------------------------------------------------------------

_NAMES: Final = (
    phrase("January"),
    phrase("February"),
    phrase("March"),
    phrase("April"),
    phrase("May"),
    phrase("June"),
    phrase("July"),
    phrase("August"),
    phrase("September"),
    phrase("October"),
    phrase("November"),
    phrase("December"),
)


def said(day: date) -> Phrase:
    """Return a day as one says it."""
    return phrase("{day} {month} {year}", day=day.day, month=_NAMES[day.month - 1], year=day.year)


def said_near(day: date, today: date) -> Phrase:
    """Return a day as one says it who knows which day it is: *Yesterday (22 November)*."""
    month = _NAMES[day.month - 1]
    match (day - today).days:
        case 0:
            return phrase("Today ({day} {month})", day=day.day, month=month)
        case -1:
            return phrase("Yesterday ({day} {month})", day=day.day, month=month)
        case 1:
            return phrase("Tomorrow ({day} {month})", day=day.day, month=month)
        case _:
            return said(day)
