"""The team: who works here, invitations, farewells."""

import re
from typing import Any, Final

from fastapi import Request

from bot import casework
from bot.access.policy import Role
from bot.clock import iso
from bot.links import SIGN_IN, SIGN_IN_LASTS, MadeLink, make_link
from bot.outgoing import Outgoing
from bot.phrases import LANGUAGES
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, only, stored, unfit
from bot.rest.customers import link_told
from bot.scene import Scene
from bot.turn import Turned, turned
from bot.web.problems import Problem
from recovery.cases import OwnerLeft
from storage.staff import StaffMember
from storage.unit import Unit

KNOWN: Final = ("name", "language", "roles")
ROLES: Final = (Role.STAFF, Role.SUPERVISOR, Role.MANAGER, Role.EDITOR, Role.ADMIN)

_NAME: Final = re.compile(r"[^\x00-\x1f\x7f,/]{1,64}")


async def listing(counter: Counter) -> dict[str, Any]:
    """Return who works here, with the channels on which they can be reached."""
    return {"staff": await stored(counter.database.read(lambda unit: listed(unit, counter.house.brand)))}


def listed(unit: Unit, brand: int) -> list[dict[str, Any]]:
    """Return the staff members of a brand, by name."""
    return [_told(member, unit) for member in unit.staff.listing(brand)]


async def invite(counter: Counter, request: Request) -> dict[str, Any]:
    """Take somebody on and return their invitation; who is here already is invited anew, unchanged."""
    name, language, roles = _read(await body_of(request), counter)
    now, brand = counter.clock.now(), counter.house.brand

    def work(unit: Unit) -> tuple[StaffMember, MadeLink]:
        member = unit.staff.by_name(brand, name)
        if member is None or member.removed_at is not None:
            member = unit.staff.add(brand, name, ",".join(roles), language, now)
        unit.links.withdraw(member.id, now)
        unit.history.add(brand, f"staff:{member.id}", "operator", "Invited", "", now)
        lasts = counter.config.staff.invitation_lasts
        return member, make_link(unit, brand, "staff", now, staff_member_id=member.id, lasts=lasts)

    member, made = await stored(counter.database.run(work))
    return {
        "name": member.name,
        "roles": member.roles.split(","),
        "language": member.language,
        **link_told(made, counter),
    }


async def remove(counter: Counter, name: str) -> dict[str, Any]:
    """End somebody's work here, effective at their next press: sessions ended, invitations dead, cases given back."""
    now, brand = counter.clock.now(), counter.house.brand

    def work(unit: Unit) -> tuple[list[int], Turned]:
        member = unit.staff.by_name(brand, name)
        if member is None or member.removed_at is not None:
            raise Problem(404, f"Nobody of the name {name!r} works here.")
        unit.history.add(brand, f"staff:{member.id}", "operator", "Removed", "", now)
        out = Outgoing(unit, now)
        scene = Scene(unit, counter.house, out, now)
        given_back = unit.staff.remove(member.id, now)
        for case in given_back:
            casework.tell(scene, case, OwnerLeft(), "operator")
        return [case.number for case in given_back], turned(out)

    numbers, done = await stored(counter.database.run(work))
    counter.hand_on(done)
    return {"name": name, "open_cases": numbers}


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
    roles = body.get("roles", [Role.STAFF])
    if not isinstance(roles, list) or not roles or any(role not in ROLES for role in roles):
        faults.append(Fault("/roles", f"must be a list of {', '.join(ROLES)}"))
    if faults:
        raise unfit(faults)
    return str(name).strip(), str(language), [role for role in ROLES if role in roles]


def _told(member: StaffMember, unit: Unit) -> dict[str, Any]:
    chats = sorted({address.channel for address in unit.addresses.of_staff(member.id)})
    return {"name": member.name, "roles": member.roles.split(","), "language": member.language, "chats": chats}
