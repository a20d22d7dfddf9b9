"""The people of the story of recovery: two customers, and those who work there by night and by day."""

from typing import Final, NamedTuple

import msgspec

from bot.links import make_link
from recovery import written_calendars
from recovery.written_calendars import WEEKDAYS
from storage.unit import Unit

NIGHT: Final = "22:00-06:00"
DAY: Final = "08:00-17:00"


class Hired(NamedTuple):
    """Somebody who works there. `gives` is what they may give alone in one case, in cents."""

    name: str
    roles: str = "staff"
    skills: str = ""
    hours: str = NIGHT
    gives: int | None = None


CREW: Final[dict[str, Hired]] = {
    "bo": Hired("Bo", skills="repair,delivery", gives=2_000),
    "cleo": Hired("Cleo", skills="billing"),
    "dora": Hired("Dora", skills="repair,billing", hours=DAY),
    "finn": Hired("Finn", skills="billing", hours=DAY),
    "eva": Hired("Eva", roles="staff,supervisor", skills="conduct"),
    "max": Hired("Max", roles="manager,editor", skills="conduct"),
}
ANA: Final = "Ana"
IVO: Final = "Ivo"


class Links(NamedTuple):
    """The token of everybody's personal link, by their key, and everybody's name."""

    tokens: dict[str, str]
    names: dict[str, str]


def hire(unit: Unit, said: dict[str, str], zone: str, now: int) -> Links:
    """Take everybody on, with their hours, skills and limits; make both customers known. `said` are the names."""
    tokens = {}
    for key, one in CREW.items():
        member = unit.staff.add(1, said[key], one.roles, "en", now)
        calendar = "night" if one.hours == NIGHT else "day"
        week = dict.fromkeys(WEEKDAYS, one.hours)
        unit.calendars.put(
            1, calendar, written_calendars.save(written_calendars.read({"zone": zone, "week": week})), now
        )
        unit.staff.change(
            msgspec.structs.replace(
                member, skills=one.skills, calendar=calendar, per_case=one.gives, per_day=one.gives and 10 * one.gives
            )
        )
        tokens[key] = make_link(unit, 1, "staff", now, staff_member_id=member.id).token
    for key in ("ana", "ivo"):
        customer = unit.customers.ensure(1, f"demo-{key}", now, said[key], "en")
        tokens[key] = make_link(unit, 1, "customer", now, customer_id=customer.id).token
    return Links(tokens, said)
