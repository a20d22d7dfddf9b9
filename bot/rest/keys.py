"""Keys of the business's own systems: made, listed, rotated, revoked. A key itself is shown once, when it is made."""

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from fastapi import Request

from bot.access.keys import BEGINS
from bot.access.secrets import digest
from bot.clock import iso
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, only, stored, unfit
from bot.settings.kinds import span_of
from bot.web.problems import Problem
from storage.api_keys import StoredKey
from storage.unit import Unit

GRACE: Final = timedelta(hours=24)
"""How long the old key works beside a new one, when nobody says otherwise."""

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=3650)

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_BYTES: Final = 24
_MILLISECOND: Final = timedelta(milliseconds=1)


async def create(counter: Counter, request: Request) -> dict[str, Any]:
    """Make a key and return it, this once. A name that is in use is refused: rotate it, or choose another."""
    body = await body_of(request)
    faults = only(body, ("name", "expires", "for", "surveys"))
    name, expires, holder = body.get("name"), _span(body, "expires", faults), body.get("for")
    if holder is not None and not isinstance(holder, str):
        faults.append(Fault("/for", "must be the name of a staff member"))
    surveys = body.get("surveys", False)
    if not isinstance(surveys, bool):
        faults.append(Fault("/surveys", "must be true or false"))
    elif surveys and holder is not None:
        faults.append(Fault("/surveys", "cannot go with for: a key for surveys says yes to no offer"))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        faults.append(Fault("/name", "is required: 1 to 64 of the letters A-Z and a-z, figures, _ . -, no sign first"))
    if faults:
        raise unfit(faults)
    now, brand, key = counter.clock.now(), counter.house.brand, new_key()

    def work(unit: Unit) -> StoredKey:
        if name in counter.config.api.keys or unit.api_keys.good(brand, now, str(name)):
            raise Problem(409, f"There is a key of the name {name!r}; rotate it, or choose another name.")
        staff_id = None if holder is None else _holder(unit, brand, str(holder))
        unit.history.add(
            brand, f"key:{name}", "operator", "KeyMade", "" if staff_id is None else f"staff:{staff_id}", now
        )
        expires_at = None if expires is None else now + expires // _MILLISECOND
        return unit.api_keys.add(
            brand, str(name), digest(key), key[-4:], now, expires_at, staff_id, surveys=surveys is True
        )

    made = await stored(counter.database.run(work))
    await _tell_ring(counter)
    return {**told(made, now), "key": key}


def _holder(unit: Unit, brand: int, name: str) -> int:
    """Return in whose name a key is made. Raises Problem."""
    member = unit.staff.by_name(brand, name)
    if member is None or member.removed_at is not None:
        raise unfit([Fault("/for", f"nobody of the name {name!r} works here")])
    return member.id


async def rotate(counter: Counter, name: str, request: Request) -> dict[str, Any]:
    """Make a new key of that name and return it, this once; the one before works until the grace is over.

    The new one lasts as long as the old one was made for.
    """
    body = await body_of(request)
    faults = only(body, ("grace",))
    grace = _span(body, "grace", faults, timedelta(0))
    if faults:
        raise unfit(faults)
    now, brand, key = counter.clock.now(), counter.house.brand, new_key()
    ends_at = now + (GRACE if grace is None else grace) // _MILLISECOND

    def work(unit: Unit) -> StoredKey:
        good = unit.api_keys.good(brand, now, name)
        if not good:
            raise _unknown(name, counter)
        for old in good:
            unit.api_keys.end_by(old.id, ends_at)
        unit.history.add(brand, f"key:{name}", "operator", "KeyRotated", "", now)
        newest = good[0]
        expires_at = None if newest.expires_at is None else now + newest.expires_at - newest.created_at
        return unit.api_keys.add(
            brand,
            name,
            digest(key),
            key[-4:],
            now,
            expires_at,
            newest.staff_member_id,
            surveys=bool(newest.surveys),
        )

    made = await stored(counter.database.run(work))
    await _tell_ring(counter)
    return {**told(made, now), "key": key, "old_until": iso(ends_at)}


async def revoke(counter: Counter, name: str) -> dict[str, Any]:
    """End every key of that name now: the next request with one is answered 401."""
    now, brand = counter.clock.now(), counter.house.brand

    def work(unit: Unit) -> int:
        count = unit.api_keys.revoke(brand, name, now)
        if not count:
            raise _unknown(name, counter)
        unit.history.add(brand, f"key:{name}", "operator", "KeyRevoked", "", now)
        return count

    count = await stored(counter.database.run(work))
    await _tell_ring(counter)
    return {"name": name, "revoked": count}


async def listing(counter: Counter) -> dict[str, Any]:
    """Return all keys, those of the settings by name only."""
    now = counter.clock.now()
    return {
        "keys": await stored(
            counter.database.read(lambda unit: listed(unit, counter.house.brand, now, counter.config.api.keys))
        )
    }


def listed(unit: Unit, brand: int, now: int, settings: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the keys that were made here, then those of the settings."""
    kept = [told(key, now) | {"for": _name(unit, key)} for key in unit.api_keys.listing(brand)]
    nothing = {
        "hint": None,
        "created_at": None,
        "last_used_at": None,
        "expires_at": None,
        "for": None,
        "surveys": False,
    }
    return kept + [{"name": name, "state": "in the settings", **nothing} for name in sorted(settings)]


def _name(unit: Unit, key: StoredKey) -> str | None:
    """Return in whose name a key says yes or no to offers, None for nobody's."""
    return None if key.staff_member_id is None else unit.staff.get(key.staff_member_id).name


def told(key: StoredKey, now: int) -> dict[str, Any]:
    """Return what may be shown of a key."""
    return {
        "name": key.name,
        "state": _state(key, now),
        "hint": key.hint,
        "created_at": iso(key.created_at),
        "last_used_at": iso(key.last_used_at),
        "expires_at": iso(key.expires_at),
        "surveys": bool(key.surveys),
    }


def new_key() -> str:
    """Return a fresh key of 192 random bits."""
    return BEGINS + secrets.token_urlsafe(_BYTES)


def _state(key: StoredKey, now: int) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "good"


def _span(body: Mapping[str, Any], field: str, faults: list[Fault], least: timedelta = SHORTEST) -> timedelta | None:
    if body.get(field) is None:
        return None
    try:
        span = span_of(body[field])
    except (ValueError, OverflowError):
        span = None
    if span is None or not least <= span <= LONGEST:
        faults.append(Fault(f"/{field}", "must be a span such as 24h or 90d, at most 3650d"))
    return span


def _unknown(name: str, counter: Counter) -> Problem:
    if name in counter.config.api.keys:
        return Problem(409, f"The key {name!r} stands in the settings ([api.keys]); change it there.")
    return Problem(404, f"There is no good key of the name {name!r}.")


async def _tell_ring(counter: Counter) -> None:
    if counter.keys is not None:
        await counter.keys.look_again()
