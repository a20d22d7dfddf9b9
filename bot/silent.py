"""Once a week some of those who never answered are rung up: chosen by chance, so that nobody chooses the pleasant ones.

    Monday, when people are awake ── reads back through the week before, a chunk at a time
                                  ── keeps of each chunk the few whom chance puts first
                                  ── makes a call of each, in one transaction with its own end

Chance is a digest of the week and the invitation: whoever counts again, on another machine or after a crash, comes to
the same people. A week has one row, so it has one sample, however often we are started in it.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import msgspec

from bot import call_tasks
from bot.house import House
from bot.scene import Scene
from conversations import contact
from reports.periods import date_of, day_of, start_of
from storage.due import DueRow
from storage.errors import NotFound
from storage.silence import Silent
from storage.unit import Unit

SAMPLE: Final = "silent"
"""Due rows: a week's sample. The subject is the day of the Monday with which it begins, in days since 1970."""

CHUNK: Final = 500
WEEK: Final = 7
RUNG_LATELY: Final = timedelta(days=90) // timedelta(milliseconds=1)
"""Who was rung up within this span is left in peace, whatever it was about."""


class Drawn(msgspec.Struct, frozen=True):
    """How far a week is read: the closing before which to go on, and who is first so far, by their digests."""

    before: int
    first: tuple[tuple[str, int, int], ...] = ()


def plan(unit: Unit, house: House, now: int) -> None:
    """Plan the next week's sample, once however often we start."""
    monday = _monday_after(day_of(now, house.zone))
    unit.due.add(house.brand, SAMPLE, monday, _key(monday), _wakes_at(house, monday))


def _monday_after(day: int) -> int:
    return day + WEEK - date_of(day).weekday()


def _key(monday: int) -> str:
    return f"{SAMPLE}:{monday}"


def _wakes_at(house: House, monday: int) -> int:
    return contact.waking(start_of(monday, house.zone), house.zone, house.rules)


def draw(due: DueRow, scene: Scene) -> int | None:
    """Read one chunk of the week; return when to go on, None when its calls are made."""
    unit, house, monday = scene.unit, scene.house, due.subject
    fact = _key(monday)
    stored = unit.facts.get(house.brand, fact)
    drawn = msgspec.json.decode(stored, type=Drawn) if stored else Drawn(unit.silence.newest())
    since, until = start_of(monday - WEEK, house.zone), start_of(monday, house.zone)
    if house.silent_sample and unit.silence.reaches_back(drawn.before, CHUNK, since):
        found = unit.silence.found(house.brand, drawn.before, CHUNK, since, until, scene.now - RUNG_LATELY, CHUNK)
        first = chosen((*drawn.first, *_ordered(date_of(monday), found)), house.silent_sample)
        unit.facts.put(house.brand, fact, msgspec.json.encode(Drawn(drawn.before - CHUNK, first)).decode())
        return scene.now
    for _, invitation_id, _ in drawn.first:
        _ring(scene, monday, invitation_id)
    unit.facts.put(house.brand, fact, "")
    plan(unit, house, max(scene.now, until))
    return None


def _ordered(week: date, found: Iterable[Silent]) -> list[tuple[str, int, int]]:
    return [(chance(week, one.invitation_id), one.invitation_id, one.customer_id) for one in found]


def chance(week: date, invitation_id: int) -> str:
    """Return where chance puts an invitation among those of its week: the lowest are drawn."""
    return hashlib.sha256(f"{week.isoformat()}:{invitation_id}".encode()).hexdigest()


def chosen(drawn: Iterable[tuple[str, int, int]], most: int) -> tuple[tuple[str, int, int], ...]:
    """Return the first `most` by chance, each customer once, whatever the order in which they were read."""
    first: dict[int, tuple[str, int, int]] = {}
    for one in sorted(drawn):
        first.setdefault(one[2], one)
    return tuple(first.values())[:most]


def _ring(scene: Scene, monday: int, invitation_id: int) -> None:
    """Make the call, unless something came up since the chunk was read."""
    try:
        invitation = scene.unit.invitations.get(invitation_id)
    except NotFound:
        return
    customer = scene.unit.customers.get(invitation.customer_id)
    if customer.opted_out_at is not None or scene.unit.cases.open_of(customer.id) is not None:
        return
    call_tasks.for_silent(scene, invitation, f"{_key(monday)}:{invitation_id}")
