"""GET, PUT and DELETE /v1/teams: those who work together, by which hours, and what they may give.

Amounts are texts in the business's currency, such as "50.00"; null takes a limit away.
"""

from typing import Any, Final

from fastapi import Request

from bot import teams
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, only, stored, unfit
from bot.turn import Turned
from bot.web.problems import Problem
from recovery import money
from recovery.money import Money, NotAnAmount
from storage.teams import Team
from storage.unit import Unit

AMOUNTS: Final = ("per_month", "supervisor_up_to", "two_above")
KNOWN: Final = ("name", "calendar", *AMOUNTS)


async def listing(counter: Counter) -> dict[str, Any]:
    """Return the teams, with who is in each."""
    currency = counter.house.currency
    return {"teams": await stored(counter.database.read(lambda unit: listed(unit, counter.house.brand, currency)))}


def listed(unit: Unit, brand: int, currency: str) -> list[dict[str, Any]]:
    """Return the teams of a brand, by name."""
    staff = unit.staff.listing(brand)
    return [
        {**told(team, currency), "people": [member.name for member in staff if member.team_id == team.id]}
        for team in unit.teams.listing(brand)
    ]


async def keep(counter: Counter, name: str, request: Request) -> tuple[int, dict[str, Any]]:
    """Make a team, or change what is said of it, its name too; what is not said stays."""
    body = await body_of(request)
    changes = read(body, counter)
    now, house = counter.clock.now(), counter.house

    def work(unit: Unit) -> tuple[bool, Team, Turned]:
        check_calendar(unit, house.brand, body)
        team = unit.teams.by_name(house.brand, name.strip())
        if team is None:
            return True, *teams.make(unit, house, name.strip(), changes, "operator", now)
        return False, *teams.change(unit, house, team, changes, "operator", now)

    try:
        new, team, done = await stored(counter.database.run(work))
    except teams.NameUnfit:
        raise Problem(422, "A team's name has 1 to 64 characters, no comma, no slash.", type="does-not-fit")
    except teams.TeamError:
        raise Problem(409, f"Another team has that name, or had it: {changes.get('name', name)!r}.")
    counter.hand_on(done)
    return (201 if new else 200), {"new": new, **told(team, counter.house.currency)}


async def remove(counter: Counter, name: str) -> dict[str, Any]:
    """End a team: its people work for the whole business, and its open cases are everybody's."""
    now, brand = counter.clock.now(), counter.house.brand

    def work(unit: Unit) -> tuple[teams.Concerned, Turned]:
        team = unit.teams.by_name(brand, name)
        if team is None:
            raise Problem(404, f"There is no team of the name {name!r}.")
        return teams.end(unit, counter.house, team, "operator", now)

    left, done = await stored(counter.database.run(work))
    counter.hand_on(done)
    return {"name": name, "people": [member.name for member in left.people]}


def told(team: Team, currency: str) -> dict[str, Any]:
    """Return a team as it is told."""
    amounts = {field: amount_told(getattr(team, field), currency) for field in AMOUNTS}
    return {"name": team.name, "calendar": team.calendar, **amounts}


def amount_told(amount: int | None, currency: str) -> str | None:
    """Return an amount as it is told: with its currency; in bare minor units when the settings name none any more."""
    if amount is None:
        return None
    return money.written(Money(amount, currency)) if currency else str(amount)


def read(body: dict[str, Any], counter: Counter) -> dict[str, Any]:
    """Return the columns of a team that a body changes. Raises Problem."""
    faults = only(body, KNOWN)
    changes: dict[str, Any] = {}
    if "name" in body:
        changes["name"] = _name_in(body, faults)
    if "calendar" in body:
        changes["calendar"] = key_in(body, "calendar", faults)
    for field in AMOUNTS:
        if field in body:
            changes[field] = amount_in(body, field, counter.house.currency, faults)
    if faults:
        raise unfit(faults)
    return changes


def _name_in(body: dict[str, Any], faults: list[Fault]) -> str:
    value = body["name"]
    if not isinstance(value, str) or not teams.NAME.fullmatch(value.strip()):
        faults.append(Fault("/name", "must be a text of 1 to 64 characters, no comma, no slash"))
        return ""
    return " ".join(value.split())


def key_in(body: dict[str, Any], field: str, faults: list[Fault]) -> str | None:
    """Return a text or null of a body; what it is else is a fault."""
    value = body[field]
    if value is not None and not isinstance(value, str):
        faults.append(Fault(f"/{field}", "must be a text, or null"))
        return None
    return value or None


def amount_in(body: dict[str, Any], field: str, currency: str, faults: list[Fault]) -> int | None:
    """Return an amount of a body in minor units, None where it takes a limit away; what cannot be read is a fault."""
    value = body[field]
    if value is None or value == "":
        return None
    if not currency:
        faults.append(Fault(f"/{field}", 'needs a currency: set business.currency in the settings, such as "EUR"'))
    elif not isinstance(value, str):
        faults.append(Fault(f"/{field}", 'must be an amount as a text, such as "50.00", or null'))
    else:
        try:
            return money.read_money(value, currency).amount
        except NotAnAmount as error:
            faults.append(Fault(f"/{field}", error.why.sentence.format_map(error.why.places)))
    return None


def check_calendar(unit: Unit, brand: int, body: dict[str, Any]) -> None:
    """Raise Problem when a body names a calendar that there is not."""
    key = body.get("calendar")
    if key and unit.calendars.by_key(brand, key) is None:
        known = ", ".join(one.key for one in unit.calendars.listing(brand)) or "none yet; makegood calendar set KEY"
        raise unfit([Fault("/calendar", f"{key!r} is not known; there are: {known}")])
