"""Two weeks of cases that nobody answers: every rung is told at its very minute of working time.

The product reckons with stretches and sums; here a plain walk counts minute by minute what is work and what is not.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from tests.bot.offices import Office

ZONE = "Europe/Berlin"
HOLIDAYS = ("2026-03-06", "2026-03-10")
WRITTEN = {
    "zone": ZONE,
    "week": {
        **dict.fromkeys(("mon", "tue", "wed", "thu"), "09:00-12:30, 13:30-18:00"),
        "fri": "09:00-14:00",
        "sat": "22:00-02:00",
    },
    "closed": list(HOLIDAYS),
}
EXPECTED = {
    "person:first_contact": 45,
    "next_person:first_contact": 60,
    "team:first_contact": 60,
    "supervisor:first_contact": 75,
    "manager:first_contact": 90,
    "person:resolve": 720,
    "team:resolve": 735,  # both had the case before, so there is no next person
    "supervisor:resolve": 750,
    "manager:resolve": 765,
}
"""Minutes on the dial: the ladder of the first contact, and that of putting it right once the first was climbed."""


def is_work(at: datetime) -> bool:
    """Say whether a minute is one of work, by the clock on the wall, as a person would look it up."""
    local = at.astimezone(ZoneInfo(ZONE))
    day, minute = local.date(), local.hour * 60 + local.minute
    eve = day - timedelta(days=1)
    if eve.weekday() == 5 and eve.isoformat() not in HOLIDAYS and minute < 120:
        return True
    if day.isoformat() in HOLIDAYS:
        return False
    if day.weekday() < 4:
        return 540 <= minute < 750 or 810 <= minute < 1080
    return 540 <= minute < 840 if day.weekday() == 4 else day.weekday() == 5 and minute >= 1320


def minutes_of_work(begins: int, ends: int) -> int:
    """Count the minutes of work between two moments (ms), one by one."""
    walk = range(begins // 60_000, ends // 60_000)
    return sum(is_work(datetime.fromtimestamp(minute * 60, UTC)) for minute in walk)


@pytest.mark.parametrize("seed", [1, 20260302])
async def test_every_rung_is_told_at_its_minute_of_working_time(tmp_path, seed):
    """Breaks, a short Friday, a night shift, two holidays, and moments outside of all of them."""
    random = Random(seed)
    office = await Office.open(tmp_path / "makegood.db")
    await office.hours("office", WRITTEN)
    for name, roles in (("Bo", "staff"), ("Eva", "staff"), ("Sue", "supervisor"), ("Max", "manager")):
        await office.hire(name, None, roles, calendar="office", load_limit=10_000)
    opened = {}
    for number in range(12):
        await office.until(60 * random.randrange(5, 2_000))
        case = await office.complains_at_once(str(100 + number))
        opened[case.number] = case
    await office.until(14 * 86_400)
    dials: dict[str, set[int]] = defaultdict(set)
    late = set()
    for case in opened.values():
        for _, detail, at in await office.history(case, "Told"):
            late.add(at % 60_000)
            dials[detail].add(minutes_of_work(case.opened_at, at))
    await office.close()

    assert {detail: sorted(found) for detail, found in dials.items()} == {
        detail: [minute] for detail, minute in EXPECTED.items()
    }
    assert late == {0}
