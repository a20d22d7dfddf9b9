"""The cases of working time: each a sentence, a calendar, and the moments that it is about.

They are the table in docs/calendars.md, and every one is tried; `make accept` writes the page anew.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from recovery.calendars import Calendar
from recovery.written_calendars import read

PAGE: Final = Path("docs") / "calendars.md"
BEGIN: Final = "<!-- the cases: written by `make accept` -->\n"
END: Final = "<!-- end of the cases -->\n"

OFFICE: Final = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:00, 13:00-17:00")
SHOP: Final = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "10:00-20:00")
NIGHTS: Final = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "22:00-06:00")
ALWAYS: Final = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "24h")
SMALL_HOURS: Final = {"sun": "01:00-04:00"}


class Case(msgspec.Struct, frozen=True):
    """Working time from one moment to another. `waited` are moments between which we waited for the customer."""

    says: str
    where: str
    week: dict[str, str]
    start: str
    worked: timedelta
    end: str
    closed: tuple[str, ...] = ()
    special: dict[str, str] = {}
    waited: tuple[str, str] | None = None

    @property
    def calendar(self) -> Calendar:
        """The calendar that the case is about."""
        return read({"zone": self.where, "week": self.week, "closed": self.closed, "special": self.special})


def hours(count: float) -> timedelta:
    """That many hours of work."""
    return timedelta(hours=count)


CASES: Final = (
    # --- the week ---
    Case(
        "Four hours from Monday at nine end after lunch, for the break does not count.",
        *("Europe/Berlin", OFFICE, "2026-03-02 09:00 +01:00", hours(4), "2026-03-02 14:00 +01:00"),
    ),
    Case(
        "What ends with the morning ends at noon, not after the break.",
        *("Europe/Berlin", OFFICE, "2026-03-02 10:00 +01:00", hours(2), "2026-03-02 12:00 +01:00"),
    ),
    Case(
        "What ends with the day ends in the evening, not the next morning.",
        *("Europe/Berlin", OFFICE, "2026-03-02 09:00 +01:00", hours(7), "2026-03-02 17:00 +01:00"),
    ),
    Case(
        "Before work begins nothing counts.",
        *("Europe/Berlin", OFFICE, "2026-03-02 06:30 +01:00", hours(1), "2026-03-02 10:00 +01:00"),
    ),
    Case(
        "A complaint at 22:40 starts its clock when work begins the next morning.",
        *("Europe/Berlin", OFFICE, "2026-03-02 22:40 +01:00", hours(0.25), "2026-03-03 09:15 +01:00"),
    ),
    Case(
        "A complaint in the lunch break starts its clock when the break is over.",
        *("Europe/Berlin", OFFICE, "2026-03-02 12:20 +01:00", hours(1), "2026-03-02 14:00 +01:00"),
    ),
    Case(
        "A weekend does not count.",
        *("Europe/Berlin", OFFICE, "2026-03-06 16:00 +01:00", hours(2), "2026-03-09 10:00 +01:00"),
    ),
    Case(
        "A week of work is over a week later.",
        *("Europe/Berlin", OFFICE, "2026-03-04 11:00 +01:00", hours(35), "2026-03-11 11:00 +01:00"),
    ),
    Case(
        "Where people work every day, a weekend counts like any other day.",
        *("Asia/Shanghai", SHOP, "2026-03-06 19:00 +08:00", hours(12), "2026-03-08 11:00 +08:00"),
    ),
    Case(
        "Where people work half an hour a week, an hour takes two weeks.",
        *("Asia/Taipei", {"sat": "09:00-09:30"}, "2026-03-02 09:00 +08:00", hours(1), "2026-03-14 09:30 +08:00"),
    ),
    # --- nights, and the whole day ---
    Case(
        "Around the clock an hour is an hour.",
        *("Europe/Berlin", ALWAYS, "2026-03-07 23:30 +01:00", hours(24), "2026-03-08 23:30 +01:00"),
    ),
    Case(
        "Around the clock the day on which clocks go forward has 23 hours.",
        *("Europe/Berlin", ALWAYS, "2026-03-29 00:00 +01:00", hours(23), "2026-03-30 00:00 +02:00"),
    ),
    Case(
        "Around the clock the day on which clocks go back has 25 hours.",
        *("Europe/Berlin", ALWAYS, "2026-10-25 00:00 +02:00", hours(25), "2026-10-26 00:00 +01:00"),
    ),
    Case(
        "A shift across midnight counts as one.",
        *("America/New_York", NIGHTS, "2026-03-02 21:00 -05:00", hours(8), "2026-03-03 06:00 -05:00"),
    ),
    Case(
        "After midnight it is still yesterday's shift that counts.",
        *("America/New_York", NIGHTS, "2026-03-03 02:00 -05:00", hours(5), "2026-03-03 23:00 -05:00"),
    ),
    Case(
        "Friday's night lasts into Saturday, on which nobody begins.",
        *("America/New_York", NIGHTS, "2026-03-06 22:00 -05:00", hours(9), "2026-03-09 23:00 -04:00"),
    ),
    Case(
        "A night shift in which clocks go forward is an hour shorter.",
        *("America/New_York", {"sat": "22:00-06:00"}, "2026-03-07 22:00 -05:00", hours(7), "2026-03-08 06:00 -04:00"),
    ),
    Case(
        "A night shift in which clocks go back is an hour longer.",
        *("America/New_York", {"sat": "22:00-06:00"}, "2026-10-31 22:00 -04:00", hours(9), "2026-11-01 06:00 -05:00"),
    ),
    # --- holidays, and days of their own ---
    Case(
        "A public holiday does not count.",
        *("Europe/Berlin", OFFICE, "2026-04-30 16:00 +02:00", hours(2), "2026-05-04 10:00 +02:00"),
        closed=("2026-05-01",),
    ),
    Case(
        "A complaint on a holiday waits for the next day of work.",
        *("Europe/Berlin", OFFICE, "2026-12-25 11:00 +01:00", hours(1), "2026-12-28 10:00 +01:00"),
        closed=("2026-12-25", "2026-12-26"),
    ),
    Case(
        "Company holidays of three weeks do not count.",
        *("Europe/Paris", OFFICE, "2026-07-31 16:30 +02:00", hours(1), "2026-08-24 09:30 +02:00"),
        closed=tuple(f"2026-08-{day:02}" for day in range(3, 22)),
    ),
    Case(
        "The Spring Festival does not count, and the shop is open again after it.",
        *("Asia/Shanghai", SHOP, "2026-02-16 19:00 +08:00", hours(2), "2026-02-20 11:00 +08:00"),
        closed=("2026-02-17", "2026-02-18", "2026-02-19"),
    ),
    Case(
        "A half day has its own hours.",
        *("Europe/Berlin", OFFICE, "2026-12-24 10:00 +01:00", hours(3), "2026-12-28 10:00 +01:00"),
        closed=("2026-12-25",),
        special={"2026-12-24": "09:00-12:00"},
    ),
    Case(
        "On a special opening day people work though the weekday is free.",
        *("Asia/Shanghai", OFFICE, "2026-02-13 16:00 +08:00", hours(2), "2026-02-14 10:00 +08:00"),
        special={"2026-02-14": "09:00-12:00, 13:00-17:00"},
    ),
    Case(
        "A special opening day counts though it is a holiday.",
        *("Europe/Berlin", OFFICE, "2026-10-02 16:00 +02:00", hours(2), "2026-10-03 11:00 +02:00"),
        closed=("2026-10-03",),
        special={"2026-10-03": "10:00-14:00"},
    ),
    Case(
        "A holiday closes the shift that begins on it, and leaves the one from the evening before whole.",
        *("America/New_York", NIGHTS, "2026-12-24 22:00 -05:00", hours(9), "2026-12-28 23:00 -05:00"),
        closed=("2026-12-25",),
    ),
    Case(
        "A special day that begins before last night's shift is over counts the time once.",
        *("America/New_York", NIGHTS, "2026-03-03 04:00 -05:00", hours(4), "2026-03-03 08:00 -05:00"),
        special={"2026-03-03": "05:00-09:00"},
    ),
    # --- when the clocks change ---
    Case(
        "In Berlin, 01:00 to 04:00 has two hours in the night in which clocks go forward.",
        *("Europe/Berlin", SMALL_HOURS, "2026-03-29 00:00 +01:00", hours(2), "2026-03-29 04:00 +02:00"),
    ),
    Case(
        "In Berlin, 01:00 to 04:00 has four hours in the night in which clocks go back.",
        *("Europe/Berlin", SMALL_HOURS, "2026-10-25 00:00 +02:00", hours(4), "2026-10-25 04:00 +01:00"),
    ),
    Case(
        "In New York, 01:00 to 04:00 has two hours in the night in which clocks go forward.",
        *("America/New_York", SMALL_HOURS, "2026-03-08 00:00 -05:00", hours(2), "2026-03-08 04:00 -04:00"),
    ),
    Case(
        "In New York, half past one comes twice, and work that begins at it begins the first time.",
        *("America/New_York", {"sun": "01:30-04:00"}, "2026-11-01 00:00 -04:00", hours(1), "2026-11-01 01:30 -05:00"),
    ),
    Case(
        "Work that would begin in the hour that is left out begins when the clocks have changed.",
        *("Europe/Berlin", {"sun": "02:30-06:00"}, "2026-03-29 00:00 +01:00", hours(1), "2026-03-29 04:00 +02:00"),
    ),
    Case(
        "Work that lies wholly in the hour that is left out falls away that night.",
        *("Europe/Berlin", {"sun": "02:00-03:00"}, "2026-03-29 00:00 +01:00", hours(1), "2026-04-05 03:00 +02:00"),
    ),
    Case(
        "On Lord Howe Island clocks go forward by half an hour.",
        *("Australia/Lord_Howe", SMALL_HOURS, "2026-10-04 00:00 +10:30", hours(2.5), "2026-10-04 04:00 +11:00"),
    ),
    Case(
        "On Lord Howe Island clocks go back by half an hour.",
        *("Australia/Lord_Howe", SMALL_HOURS, "2026-04-05 00:00 +11:00", hours(3.5), "2026-04-05 04:00 +10:30"),
    ),
    Case(
        "On the Chatham Islands clocks go back at a quarter to four.",
        *("Pacific/Chatham", SMALL_HOURS, "2026-04-05 00:00 +13:45", hours(4), "2026-04-05 04:00 +12:45"),
    ),
    Case(
        "On the Chatham Islands clocks go forward at a quarter to three.",
        *("Pacific/Chatham", SMALL_HOURS, "2026-09-27 00:00 +12:45", hours(2), "2026-09-27 04:00 +13:45"),
    ),
    Case(
        "In Casablanca clocks go back before Ramadan.",
        *("Africa/Casablanca", SMALL_HOURS, "2026-02-15 00:00 +01:00", hours(4), "2026-02-15 04:00 +00:00"),
    ),
    Case(
        "In Casablanca clocks go forward after Ramadan.",
        *("Africa/Casablanca", SMALL_HOURS, "2026-03-22 00:00 +00:00", hours(2), "2026-03-22 04:00 +01:00"),
    ),
    Case(
        "In Santiago the day on which clocks go forward begins at one o'clock.",
        *("America/Santiago", ALWAYS, "2026-09-05 23:00 -04:00", hours(2), "2026-09-06 02:00 -03:00"),
    ),
    Case(
        "In Apia a Friday was left out, with all its hours.",
        *("Pacific/Apia", SHOP, "2011-12-29 19:00 -10:00", hours(2), "2011-12-31 11:00 +14:00"),
    ),
    Case(
        "Office hours are the same on the wall before and after the clocks change.",
        *("Europe/Berlin", OFFICE, "2026-03-27 16:00 +01:00", hours(2), "2026-03-30 10:00 +02:00"),
    ),
    # --- while we wait for the customer ---
    Case(
        "While we wait for the customer the clock stands still.",
        *("Europe/Berlin", OFFICE, "2026-03-02 09:00 +01:00", hours(2), "2026-03-02 15:00 +01:00"),
        waited=("2026-03-02 10:00 +01:00", "2026-03-02 14:00 +01:00"),
    ),
    Case(
        "Waiting over a weekend takes only the working time in it.",
        *("Europe/Berlin", OFFICE, "2026-03-06 15:00 +01:00", hours(3), "2026-03-09 12:00 +01:00"),
        waited=("2026-03-06 16:00 +01:00", "2026-03-09 10:00 +01:00"),
    ),
    Case(
        "Waiting through a night takes nothing from the clock of an office.",
        *("Europe/Berlin", OFFICE, "2026-03-02 16:00 +01:00", hours(2), "2026-03-03 10:00 +01:00"),
        waited=("2026-03-02 18:00 +01:00", "2026-03-03 08:00 +01:00"),
    ),
)


def at(wall: str) -> int:
    """The moment, in ms, of a time on a wall with its distance from UTC."""
    return int(datetime.strptime(wall, "%Y-%m-%d %H:%M %z").timestamp()) * 1000


def _weekly(week: dict[str, str]) -> str:
    """The week as one reads it: days with the same hours together."""
    by_words: dict[str, list[str]] = {}
    for day, words in week.items():
        by_words.setdefault(words, []).append(day.title())
    parts = (f"{days[0]} to {days[-1]}" if len(days) > 1 else days[0] for days in by_words.values())
    return "; ".join(f"{days} {words}" for days, words in zip(parts, by_words, strict=True))


def _other_days(case: Case) -> str:
    closed = f"closed {case.closed[0]}" if case.closed else ""
    if len(case.closed) > 1:
        closed += f" to {case.closed[-1]}"  # days in a row
    return "; ".join([*([closed] if closed else []), *(f"{day} {words}" for day, words in case.special.items())])


def _when(wall: str) -> str:
    return f"{datetime.strptime(wall, '%Y-%m-%d %H:%M %z'):%a %d %b %Y %H:%M %z}"


def _span(worked: timedelta) -> str:
    hour, minute = divmod(worked // timedelta(minutes=1), 60)
    return " ".join(part for part in (f"{hour} h" if hour else "", f"{minute} min" if minute else "") if part)


def table() -> str:
    """The cases as they stand on the page, one a row."""
    rows = ["| What holds | Where | Hours | From | Working time | To |", "|---|---|---|---|---|---|"]
    for case in CASES:
        days = "; ".join(part for part in (_weekly(case.week), _other_days(case)) if part)
        start = _when(case.start)
        if case.waited:
            start += f", waiting from {_when(case.waited[0])} to {_when(case.waited[1])}"
        rows.append(f"| {case.says} | {case.where} | {days} | {start} | {_span(case.worked)} | {_when(case.end)} |")
    return "\n".join(rows) + "\n"
