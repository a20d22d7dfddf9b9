"""Staff: who works here, invitations, what each knows and works by, farewells."""

import re
from typing import Any, Final

import msgspec
from fastapi import Request

from bot import candidates, dispatching, staff_hours
from bot.access.policy import Role
from bot.calendars import hours_changed
from bot.clock import iso
from bot.links import SIGN_IN, SIGN_IN_LASTS, MadeLink, make_link
from bot.outgoing import Outgoing
from bot.phrases import LANGUAGES
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, only, stored, unfit
from bot.rest.customers import link_told
from bot.rest.teams import amount_in, amount_told, check_calendar, key_in
from bot.scene import Scene
from bot.turn import NOTHING, Turned, turned
from bot.web.problems import Problem
from storage.cases import Case
from storage.staff import StaffMember
from storage.unit import Unit

KNOWN: Final = ("name", "language", "roles")
ROLES: Final = (Role.STAFF, Role.SUPERVISOR, Role.MANAGER, Role.EDITOR, Role.ADMIN)

LISTS: Final = ("skills", "areas", "speaks")
AMOUNTS: Final = ("per_case", "per_day")
CHANGEABLE: Final = ("roles", "team", "calendar", "load_limit", *LISTS, *AMOUNTS)
MOST_LOAD: Final = 10_000

_LISTED: Final = re.compile(r"[^\s,/\x00-\x1f\x7f]{1,32}")
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f,/]{1,64}")


async def listing(counter: Counter) -> dict[str, Any]:
    """Return who works here, what each knows and works by, and whether they are on duty."""
    now, house = counter.clock.now(), counter.house
    return {"staff": await stored(counter.database.read(lambda unit: listed(unit, house.brand, house.currency, now)))}


def listed(unit: Unit, brand: int, currency: str, now: int) -> list[dict[str, Any]]:
    """Return the staff members of a brand, by name."""
    loads = unit.assignments.loads(brand)
    return [_told(member, unit, currency, now, loads.get(member.id, 0)) for member in unit.staff.listing(brand)]


async def invite(counter: Counter, request: Request) -> dict[str, Any]:
    """Take somebody on and return their invitation; who is here already is invited anew, unchanged."""
    name, language, roles = _read(await body_of(request), counter)
    now = counter.clock.now()

    def work(unit: Unit) -> tuple[StaffMember, MadeLink]:
        return invited(unit, counter, name, language, roles, "operator", now)

    member, made = await stored(counter.database.run(work))
    return {
        "name": member.name,
        "roles": member.roles.split(","),
        "language": member.language,
        **link_told(made, counter),
    }


async def change(counter: Counter, name: str, request: Request) -> dict[str, Any]:
    """Change what is said of a staff member: rights, team, skills, hours, limits; what is not said stays."""
    body = await body_of(request)
    now, brand = counter.clock.now(), counter.house.brand
    changes = changes_in(body, counter)

    def work(unit: Unit) -> tuple[dict[str, Any], Turned]:
        member = unit.staff.by_name(brand, name)
        if member is None or member.removed_at is not None:
            raise Problem(404, f"Nobody of the name {name!r} works here.")
        member, done = changed(unit, counter, member, body, changes, "operator", now)
        load = unit.assignments.loads(brand).get(member.id, 0)
        return _told(member, unit, counter.house.currency, now, load), done

    told, done = await stored(counter.database.run(work))
    counter.hand_on(done)
    return told


def invited(
    unit: Unit, counter: Counter, name: str, language: str, roles: list[str], actor: str, now: int
) -> tuple[StaffMember, MadeLink]:
    """Take somebody on, or invite anew who is here already; earlier invitations of theirs are dead."""
    brand = counter.house.brand
    member = unit.staff.by_name(brand, name)
    if member is None or member.removed_at is not None:
        member = unit.staff.add(brand, name, ",".join(roles), language, now)
    unit.links.withdraw(member.id, now)
    unit.history.add(brand, f"staff:{member.id}", actor, "Invited", "", now)
    lasts = counter.config.staff.invitation_lasts
    return member, make_link(unit, brand, "staff", now, staff_member_id=member.id, lasts=lasts)


def changed(
    unit: Unit,
    counter: Counter,
    member: StaffMember,
    body: dict[str, Any],
    changes: dict[str, Any],
    actor: str,
    now: int,
) -> tuple[StaffMember, Turned]:
    """Write down what `changes_in` read from a body; clocks go on by the hours that hold from now on."""
    brand = counter.house.brand
    check_calendar(unit, brand, body)
    if "team" in body:
        changes = {**changes, "team_id": _team(unit, brand, body["team"])}
    after = msgspec.structs.replace(member, **changes)
    unit.staff.change(after)
    unit.history.add(brand, f"staff:{member.id}", actor, "Changed", ",".join(sorted(body)), now)
    return after, hours_changed(unit, counter.house, now) if {"team", "calendar"} & body.keys() else NOTHING


def removed(unit: Unit, counter: Counter, member: StaffMember, actor: str, now: int) -> tuple[list[Case], Turned]:
    """End somebody's work here and give their cases to others; return these as they are now."""
    unit.history.add(counter.house.brand, f"staff:{member.id}", actor, "Removed", "", now)
    out = Outgoing(unit, now)
    owned = unit.staff.remove(member.id, now)
    left = dispatching.somebody_left(Scene(unit, counter.house, out, now), member, owned, actor)
    return left, turned(out)


def changes_in(body: dict[str, Any], counter: Counter) -> dict[str, Any]:
    """Return the columns of a staff member that a body changes, but for the team. Raises Problem."""
    faults = only(body, CHANGEABLE)
    changes: dict[str, Any] = {}
    for field in LISTS:
        if field in body:
            changes[field] = _keys(body, field, faults)
    for field in AMOUNTS:
        if field in body:
            changes[field] = amount_in(body, field, counter.house.currency, faults)
    if "calendar" in body:
        changes["calendar"] = key_in(body, "calendar", faults)
    if "team" in body:
        key_in(body, "team", faults)
    if "roles" in body:
        changes["roles"] = ",".join(_roles(body["roles"], faults))
    if "load_limit" in body:
        changes["load_limit"] = _load_limit(body["load_limit"], faults)
    if faults:
        raise unfit(faults)
    return changes


def _load_limit(value: object, faults: list[Fault]) -> int:
    if type(value) is not int or not 1 <= value <= MOST_LOAD:
        faults.append(Fault("/load_limit", f"must be a whole number from 1 to {MOST_LOAD}"))
        return 1
    return value


def _keys(body: dict[str, Any], field: str, faults: list[Fault]) -> str:
    """Return a list of keys as it is stored, in order."""
    value = body[field]
    if not isinstance(value, list) or not all(isinstance(one, str) and _LISTED.fullmatch(one) for one in value):
        faults.append(Fault(f"/{field}", "must be a list of short names without spaces, such as repair or zh-Hans"))
        return ""
    return ",".join(dict.fromkeys(one if field == "speaks" else one.lower() for one in value))


def _team(unit: Unit, brand: int, name: str | None) -> int | None:
    if not name:
        return None
    team = unit.teams.by_name(brand, name)
    if team is None:
        known = ", ".join(one.name for one in unit.teams.listing(brand)) or "none yet; makegood team add NAME"
        raise unfit([Fault("/team", f"{name!r} is not known; there are: {known}")])
    return team.id


def _roles(value: object, faults: list[Fault]) -> list[str]:
    if not isinstance(value, list) or not value or any(role not in ROLES for role in value):
        faults.append(Fault("/roles", f"must be a list of {', '.join(ROLES)}"))
        return []
    return [role for role in ROLES if role in value]


async def remove(counter: Counter, name: str) -> dict[str, Any]:
    """End somebody's work here, effective at their next press: sessions ended, invitations dead, cases given back."""
    now, brand = counter.clock.now(), counter.house.brand

    def work(unit: Unit) -> tuple[list[dict[str, Any]], Turned]:
        member = unit.staff.by_name(brand, name)
        if member is None or member.removed_at is not None:
            raise Problem(404, f"Nobody of the name {name!r} works here.")
        left, done = removed(unit, counter, member, "operator", now)
        return [_given_on(unit, case) for case in left], done

    left, done = await stored(counter.database.run(work))
    counter.hand_on(done)
    return {"name": name, "open_cases": [one["case"] for one in left], "given_to": left}


def _given_on(unit: Unit, case: Case) -> dict[str, Any]:
    """Return whose a case is now; None when nobody could be found, and everybody was told."""
    to = case.assignee_id
    return {"case": case.number, "to": None if to is None else unit.staff.get(to).name}


async def sign_in(counter: Counter, name: str) -> dict[str, Any]:
    """Make a one-time link with which a staff member signs in to the console: for who has no chat yet, or lost it."""
    now, brand = counter.clock.now(), counter.house.brand

    def work(unit: Unit) -> MadeLink:
        member = unit.staff.by_name(brand, name)
        if member is None or member.removed_at is not None:
            raise Problem(404, f"Nobody of the name {name!r} works here.")
        unit.history.add(brand, f"staff:{member.id}", "operator", "SignInLinkMade", "", now)
        return make_link(unit, brand, SIGN_IN, now, staff_member_id=member.id, lasts=SIGN_IN_LASTS)

    made = await stored(counter.database.run(work))
    return {"name": name, "console": made.console(counter.house.public_url), "expires_at": iso(made.expires_at)}


def _read(body: dict[str, Any], counter: Counter) -> tuple[str, str, list[str]]:
    faults = only(body, KNOWN)
    name = body.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name.strip()):
        faults.append(Fault("/name", "is required: 1 to 64 characters, no comma, no slash"))
    language = body.get("language", counter.config.staff.language)
    if language not in LANGUAGES:
        faults.append(Fault("/language", f"must be one of {', '.join(LANGUAGES)}"))
    roles = _roles(body.get("roles", [Role.STAFF]), faults)
    if faults:
        raise unfit(faults)
    return str(name).strip(), str(language), roles


def _told(member: StaffMember, unit: Unit, currency: str, now: int, load: int) -> dict[str, Any]:
    chats = sorted({address.channel for address in unit.addresses.of_staff(member.id)})
    duty = staff_hours.duty_of(unit, member, now)
    return {
        "name": member.name,
        "roles": member.roles.split(","),
        "language": member.language,
        "chats": chats,
        "team": None if member.team_id is None else unit.teams.get(member.team_id).name,
        "skills": sorted(candidates.keys(member.skills)),
        "areas": sorted(candidates.keys(member.areas)),
        "speaks": sorted(candidates.keys(member.speaks)),
        "calendar": member.calendar,
        "load": load,
        "load_limit": member.load_limit,
        "per_case": amount_told(member.per_case, currency),
        "per_day": amount_told(member.per_day, currency),
        "duty": duty.kind,
        "duty_changes_at": None if duty.at is None else iso(duty.at),
    }
