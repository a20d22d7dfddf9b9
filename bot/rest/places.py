"""POST and DELETE /v1/places: a counter, a table, a room, and the address that its QR code holds.

Unlike a personal link a place's address is no secret and stays the same: it hangs there, printed.
"""

import re
from typing import Any, Final

from fastapi import Request

from bot.access.secrets import new_place_token
from bot.links import USERNAME, MadeLink
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, only, stored, unfit
from bot.rest.fields import LINE, LONGEST_NAME, TOUCHPOINT, matches
from bot.web.problems import Problem
from storage.places import PlaceRow
from storage.unit import Unit

KNOWN: Final = ("key", "name", "touchpoint")

_KEY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


async def keep(counter: Counter, request: Request) -> tuple[int, dict[str, Any]]:
    """Make a place, or change the one of that key; its address is the same as ever. A retired one is in use again."""
    body = await body_of(request)
    key, name, touchpoint = _read(body)
    now, brand, house = counter.clock.now(), counter.house.brand, counter.house

    def work(unit: Unit) -> tuple[bool, PlaceRow, str | None]:
        known = unit.places.by_key(brand, key)
        asked = touchpoint or (known.touchpoint if known is not None else house.done_touchpoint)
        if house.shelf.for_touchpoint(unit, brand, asked) is None:
            published = ", ".join(sorted({each.touchpoint for each in unit.surveys.published(brand)})) or "none"
            raise unfit([Fault("/touchpoint", f"{asked!r} has no published survey; published: {published}")])
        unit.history.add(brand, f"place:{key}", "operator", "PlaceKept", asked, now)
        if known is None:
            place = unit.places.add(brand, key, name or key, asked, new_place_token(), now)
        else:
            place = unit.places.change(known.id, name or known.name, asked)
        return known is None, place, unit.facts.get(brand, USERNAME)

    new, place, username = await stored(counter.database.run(work))
    return (201 if new else 200), {"new": new, **told(place, username, counter)}


async def retire(counter: Counter, key: str) -> dict[str, Any]:
    """Ask nothing at a place any more: who scans its code is told so kindly."""
    now, brand = counter.clock.now(), counter.house.brand

    def work(unit: Unit) -> PlaceRow:
        place = unit.places.by_key(brand, key)
        if place is None:
            raise Problem(404, f"There is no place of the key {key!r}.")
        unit.places.retire(place.id, now)
        unit.history.add(brand, f"place:{key}", "operator", "PlaceRetired", "", now)
        return place

    place = await stored(counter.database.run(work))
    return {"key": place.key, "name": place.name, "retired": True}


def told(place: PlaceRow, username: str | None, counter: Counter) -> dict[str, Any]:
    """Return a place with its addresses."""
    link = MadeLink(place.token, 0, username)
    return {
        "key": place.key,
        "name": place.name,
        "touchpoint": place.touchpoint,
        "telegram": link.telegram,
        "webchat": link.webchat(counter.config.public_url),
    }


def _read(body: dict[str, Any]) -> tuple[str, str, str]:
    """Return key, name and touchpoint; the latter two empty where they are not given."""
    faults = only(body, KNOWN)
    key, name, touchpoint = (body.get(field) or "" for field in KNOWN)
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        faults.append(Fault("/key", "is required: small letters, figures, - and _, at most 64"))
    if not isinstance(name, str) or not matches(LINE, name) or len(name.strip()) > LONGEST_NAME:
        faults.append(Fault("/name", f"must be a text of one line, at most {LONGEST_NAME} characters"))
    if not isinstance(touchpoint, str) or (touchpoint and not matches(TOUCHPOINT, touchpoint)):
        faults.append(Fault("/touchpoint", "must be a touchpoint in small letters, such as delivery"))
    if faults:
        raise unfit(faults)
    return str(key), str(name).strip(), str(touchpoint)
