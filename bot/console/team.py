"""The team as one staff member may see it: people with what they know, teams, and the week of each calendar."""

from collections.abc import Callable
from typing import Final

import msgspec
from babel.dates import get_day_names

from bot import candidates, staff_hours
from bot.access.policy import Act, Role
from bot.console.today import Reader
from bot.console.wording import roles, words
from bot.house import House
from bot.phrases import babel_locale, listed
from bot.rest.teams import amount_told
from recovery.calendars import Calendar, Hours
from storage.staff import StaffMember
from storage.unit import Unit

MOST_DAYS: Final = 6
"""Special days that are named below a week."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A staff member, ready to be shown."""

    id: int
    name: str
    roles: str
    team: str
    knows: str
    duty: str
    here: bool
    load: int
    limit: int
    full: bool
    limits: str
    chats: bool
    calendar: str


class TeamLine(msgspec.Struct, frozen=True):
    """A team."""

    id: int
    name: str
    calendar: str
    people: str
    budget: str


class Week(msgspec.Struct, frozen=True):
    """A calendar as a week: the stretches of each day, what is special, and who works by it."""

    key: str
    zone: str
    days: tuple[tuple[str, tuple[str, ...]], ...]
    special: str
    users: str


class TeamView(msgspec.Struct, frozen=True):
    """The page of the team."""

    people: tuple[Person, ...]
    teams: tuple[TeamLine, ...]
    weeks: tuple[Week, ...]
    on_duty: int


def view_of(reader: Reader, house: House, now: int) -> Callable[[Unit], TeamView]:
    """Return the work that reads the team: their own for a supervisor of one, everybody for all others."""

    def work(unit: Unit) -> TeamView:
        language = reader.member.language
        loads = unit.assignments.loads(house.brand)
        teams = {team.id: team for team in unit.teams.listing(house.brand)}
        everybody = unit.staff.listing(house.brand)
        people = tuple(
            _person(unit, house, member, loads.get(member.id, 0), now, language, {i: t.name for i, t in teams.items()})
            for member in everybody
            if _concerns(reader, member)
        )
        lines = tuple(
            TeamLine(
                team.id,
                team.name,
                team.calendar or "",
                listed((one.name for one in everybody if one.team_id == team.id), language),
                amount_told(team.per_month, house.currency) or "",
            )
            for team in teams.values()
        )
        weeks = tuple(
            _week(each.key, candidates.calendar_of(each.written), unit.calendars.users(house.brand, each.key), language)
            for each in unit.calendars.listing(house.brand)
        )
        return TeamView(people, lines, weeks, sum(one.here for one in people))

    return work


def _concerns(reader: Reader, member: StaffMember) -> bool:
    everybodys = reader.may(Act.KEEP_TEAMS) or Role.MANAGER in reader.principal.roles or reader.member.team_id is None
    return everybodys or member.team_id == reader.member.team_id


def _person(
    unit: Unit, house: House, member: StaffMember, load: int, now: int, language: str, teams: dict[int, str]
) -> Person:
    duty = staff_hours.duty_of(unit, member, now)
    given = [
        (name, amount_told(amount, house.currency))
        for name, amount in (("per_case", member.per_case), ("per_day", member.per_day))
    ]
    knows = (member.skills, member.areas, member.speaks)
    return Person(
        id=member.id,
        name=member.name,
        roles=listed(roles(member.roles, language), language),
        team=teams.get(member.team_id or 0, ""),
        knows=" · ".join(listed(sorted(candidates.keys(kind)), language) for kind in knows if kind),
        duty=staff_hours.duty_words(duty, house.zone, language),
        here=duty.kind == "on_duty",
        load=load,
        limit=member.load_limit,
        full=load >= member.load_limit,
        limits=listed((words(name, language, amount=amount) for name, amount in given if amount), language),
        chats=bool(unit.addresses.of_staff(member.id)),
        calendar=member.calendar or "",
    )


def _week(key: str, calendar: Calendar, users: list[str], language: str) -> Week:
    names = get_day_names("abbreviated", locale=babel_locale(language))
    days = tuple((str(names[day]), tuple(_stretch(hours) for hours in calendar.week[day])) for day in range(7))
    special = [
        f"{day.isoformat()} {' '.join(map(_stretch, shifts)) or '–'}" for day, shifts in calendar.special.items()
    ]
    closed = [day.isoformat() for day in sorted(calendar.closed)]
    shown = listed([*sorted(special)[:MOST_DAYS], *closed[:MOST_DAYS]], language)
    more = len(special) + len(closed) > 2 * MOST_DAYS
    return Week(key, calendar.zone, days, shown + (" …" if more else ""), listed(users, language))


def _stretch(hours: Hours) -> str:
    return f"{_clock(hours.opens)}–{_clock(hours.closes)}"


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour % 24 if hour != 24 else 24:02d}:{minute:02d}"
