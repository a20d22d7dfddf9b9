"""Teams: made, changed, renamed and ended. What REST, the command line and the console do with a team is here once."""

import re
from typing import Any, Final, NamedTuple

import msgspec

from bot.calendars import TOLD, NoSuchCalendar, hours_changed
from bot.house import House
from bot.turn import Turned
from storage.staff import StaffMember
from storage.teams import Team
from storage.unit import Unit

NAME: Final = re.compile(r"[^\x00-\x1f\x7f,/]{1,64}")
"""What a team may be called."""


class TeamError(Exception):
    """What was asked of a team cannot be done."""


class NameUnfit(TeamError):
    """No team can be called so: a name has 1 to 64 characters, no comma, no slash."""


class NameTaken(TeamError):
    """A team of that name is there: choose another name, or change that one."""


class NameWasTaken(TeamError):
    """A team of that name was removed, and its past stands under it: choose another name."""


class Concerned(NamedTuple):
    """Whom and what the end of a team concerns: its people, and how many open cases are its own."""

    people: list[StaffMember]
    cases: int


def make(unit: Unit, house: House, name: str, changes: dict[str, Any], actor: str, now: int) -> tuple[Team, Turned]:
    """Make a team with what is said of it (its columns); one that was ended comes back, with its past.

    Raises NameUnfit, NameTaken, NoSuchCalendar.
    """
    if not NAME.fullmatch(name):
        raise NameUnfit(name)
    made = unit.teams.add(house.brand, name, now)
    if made is None:
        raise NameTaken(name)
    return change(unit, house, made, changes, actor, now)


def change(unit: Unit, house: House, team: Team, changes: dict[str, Any], actor: str, now: int) -> tuple[Team, Turned]:
    """Change what is said of a team, what is not said stays; clocks go on by the hours that hold from now on.

    Raises NameUnfit, NameTaken, NameWasTaken, NoSuchCalendar.
    """
    _check_name(unit, team, changes.get("name", team.name))
    calendar = changes.get("calendar")
    if calendar is not None and unit.calendars.by_key(house.brand, calendar) is None:
        raise NoSuchCalendar(calendar)
    after = msgspec.structs.replace(team, **changes)
    unit.teams.change(after)
    unit.history.add(house.brand, f"team:{team.id}", actor, "TeamKept", ",".join(sorted(changes)), now)
    return after, hours_changed(unit, house, now) if after.calendar != team.calendar else TOLD


def _check_name(unit: Unit, team: Team, name: str) -> None:
    if not NAME.fullmatch(name):
        raise NameUnfit(name)
    other = unit.teams.ever_named(team.brand_id, name)
    if other is not None and other.id != team.id:
        raise NameTaken(name) if other.removed_at is None else NameWasTaken(name)


def concerned(unit: Unit, team: Team) -> Concerned:
    """Return whom and what the end of a team would concern."""
    people = [member for member in unit.staff.listing(team.brand_id) if member.team_id == team.id]
    return Concerned(people, unit.teams.open_cases(team.id))


def end(unit: Unit, house: House, team: Team, actor: str, now: int) -> tuple[Concerned, Turned]:
    """End a team: its people work for the whole business, and its open cases are everybody's."""
    leaves = concerned(unit, team)
    unit.teams.remove(team.id, now)
    unit.history.add(house.brand, f"team:{team.id}", actor, "TeamRemoved", "", now)
    return leaves, hours_changed(unit, house, now)
