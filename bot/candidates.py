"""The staff as the choice of a person sees them, and a case as what it needs."""

from datetime import timedelta
from functools import lru_cache
from typing import Final

import msgspec

from bot.access.policy import Role
from bot.scene import Scene
from recovery import written_calendars
from recovery.calendars import Calendar
from recovery.routing import Candidate, Choice, Needs
from storage.cases import Case
from storage.staff import StaffMember
from storage.teams import Team
from storage.unit import Unit

LATELY: Final = timedelta(days=7) // timedelta(milliseconds=1)
"""Over how long what somebody was given counts, done or not: who is quick is not given more for it."""

_IN_ORDER: Final = (Role.STAFF, Role.SUPERVISOR, Role.MANAGER)
"""Whose work cases are: where nobody is simply staff, the supervisors have them, and else the managers."""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Choice).decode


def kept(choice: Choice) -> str:
    """Return a choice as it is stored, with the reason for everybody."""
    return _encode(choice).decode()


def read(stored: str) -> Choice:
    """Return the choice from what `kept` made."""
    return _decode(stored)


def needs_of(scene: Scene, case: Case, *, another_person: bool, excluded: frozenset[int] = frozenset()) -> Needs:
    """Return what a case needs of whoever gets it. A skill that nobody here has is nobody's reason to wait."""
    skilled = any(case.skill in keys(member.skills) for member in scene.unit.staff.listing(scene.house.brand))
    return Needs(
        severity=case.severity,
        skill=case.skill if skilled else None,
        area=case.area,
        language=spoken(_customer_language(scene, case)),
        another_person=another_person,
        excluded=excluded,
    )


def _customer_language(scene: Scene, case: Case) -> str:
    chat = scene.unit.addresses.get(case.address_id).language
    return chat or scene.unit.customers.get(case.customer_id).language or scene.house.language


def spoken(tag: str) -> str:
    """Return a language without its script and region: who reads one script of Chinese speaks to readers of both."""
    return tag.replace("_", "-").partition("-")[0].lower()


def workers(members: list[StaffMember]) -> list[StaffMember]:
    """Return those whose work cases are."""
    for role in _IN_ORDER:
        if found := [member for member in members if role in member.roles.split(",")]:
            return found
    return []


def works_alone(unit: Unit, brand: int) -> bool:
    """Return whether there is at most one whose work cases are."""
    listed = [roles.split(",") for roles in unit.staff.roles(brand)]
    counts = (sum(role in roles for roles in listed) for role in _IN_ORDER)
    return next((count for count in counts if count), 0) < 2


def within_reach(unit: Unit, brand: int) -> list[StaffMember]:
    """Return everybody who works here and reads us in a chat of their own; where nobody does, everybody.

    Whoever has not opened their invitation yet would never hear of a case that was given to them.
    """
    listed = unit.staff.listing(brand)
    bound = {member.id for member, _ in unit.staff.bound(brand)}
    return [member for member in listed if member.id in bound] or listed


def of(scene: Scene, case: Case) -> list[Candidate]:
    """Return everybody who could have a case, with how much they have to do."""
    unit, brand = scene.unit, scene.house.brand
    members = workers(within_reach(unit, brand))
    if not members:
        return []
    teams = {team.id: team for team in unit.teams.listing(brand)}
    loads, given = unit.assignments.loads(brand), unit.assignments.given_since(brand, scene.now - LATELY)
    had = {line.staff_member_id for line in unit.assignments.of(case.id)} | {case.owner_id}
    return [
        Candidate(
            id=member.id,
            name=member.name,
            skills=keys(member.skills),
            areas=keys(member.areas),
            languages=frozenset(spoken(tag) for tag in (keys(member.speaks) or {member.language})),
            load=loads.get(member.id, 0),
            limit=member.load_limit,
            given=given.get(member.id, 0),
            present=member.away_at is None,
            calendar=hours_of(scene, member, teams),
            given_at=member.given_at,
            knows_it=member.id in had,
        )
        for member in members
    ]


def keys(written: str) -> frozenset[str]:
    """Return the keys of a list that is stored with commas."""
    return frozenset(part for part in written.split(",") if part)


def hours_of(scene: Scene, member: StaffMember, teams: dict[int, Team]) -> Calendar | None:
    """Return somebody's working calendar: their own, or their team's; None when neither has one."""
    return calendar_by(scene.unit, member, teams.get(member.team_id) if member.team_id is not None else None)


def calendar_by(unit: Unit, member: StaffMember, team: Team | None) -> Calendar | None:
    """Return the calendar of somebody in that team."""
    key = member.calendar or (team.calendar if team is not None else None)
    stored = None if key is None else unit.calendars.by_key(member.brand_id, key)
    return None if stored is None else calendar_of(stored.written)


@lru_cache(maxsize=256)
def calendar_of(written: str) -> Calendar:
    """Return a stored calendar. An edition never changes, so each is read once."""
    return written_calendars.load(written)
