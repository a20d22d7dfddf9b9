"""Offers over the API: how one stands, and a yes or a no by a key that was made in somebody's name.

A key speaks for a staff member only as far as agreeing goes, and only as long as they may: their rank, the limits
and whether they have a part in the offer are read in the same transaction, as for their tap in chat.
"""

from collections.abc import Callable
from typing import Any, Final

from fastapi import Request

from bot import offers
from bot.access.gate import principal_of
from bot.clock import iso
from bot.outgoing import Outgoing
from bot.phrases import say
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, only, stored, unfit
from bot.scene import Scene
from bot.turn import Turned, turned
from bot.web.problems import Problem
from recovery.money import Money, figures
from recovery.offers import load
from storage.errors import NotFound
from storage.offers import OfferRow
from storage.staff import StaffMember
from storage.unit import Unit

Decide = Callable[[Scene, int, int, StaffMember], offers.Offered]

KNOWN: Final = ("revision",)
MOST: Final = 500
"""Offers in one answer: where more wait than that, nobody answers anyway."""


async def waiting(counter: Counter) -> dict[str, Any]:
    """Return the offers that wait for a yes, oldest first."""
    brand = counter.house.brand

    def work(unit: Unit) -> dict[str, Any]:
        return {"offers": [_told(unit, row) for row in unit.offers.awaiting(brand, MOST)]}

    return await stored(counter.database.read(work))


async def look(counter: Counter, offer_id: str) -> dict[str, Any]:
    """Return an offer as it stands. Raises Problem 404."""
    return await stored(counter.database.read(lambda unit: _told(unit, _get(unit, counter.house.brand, offer_id))))


async def approve(counter: Counter, offer_id: str, request: Request) -> dict[str, Any]:
    """Say yes to an offer, having seen a revision of it. Raises Problem 409 when nothing came of it."""
    return await _decide(counter, offer_id, request, offers.approve)


async def turn_down(counter: Counter, offer_id: str, request: Request) -> dict[str, Any]:
    """Say no to an offer. Raises Problem 409 when nothing came of it."""
    return await _decide(counter, offer_id, request, offers.turn_down)


async def _decide(counter: Counter, offer_id: str, request: Request, act: Decide) -> dict[str, Any]:
    body, principal = await body_of(request), await principal_of(request)
    faults, revision = only(body, KNOWN), body.get("revision")
    if type(revision) is not int or not 1 <= revision <= 10**9:
        faults.append(Fault("/revision", "is required: the revision of the offer that was seen, a whole number"))
    if faults or type(revision) is not int:
        raise unfit(faults)
    if principal.staff_member_id is None:
        raise Problem(403, "This key speaks for nobody: make one with makegood key create NAME --for STAFF.")
    now, staff_id = counter.clock.now(), principal.staff_member_id

    def work(unit: Unit) -> tuple[offers.Offered, dict[str, Any], Turned]:
        out, row = Outgoing(unit, now), _get(unit, counter.house.brand, offer_id)
        offered = act(Scene(unit, counter.house, out, now), row.id, revision, unit.staff.get(staff_id))
        return offered, _told(unit, offered.offer or row), turned(out)

    offered, told, done = await stored(counter.database.run(work))
    counter.hand_on(done)
    if not offered.done:
        raise Problem(409, say(offered.said, "en"), type="offer-not-decided", stage=told["stage"])
    return told


def _get(unit: Unit, brand: int, offer_id: str) -> OfferRow:
    try:
        row = unit.offers.get(
            int(offer_id) if offer_id.isascii() and offer_id.isdecimal() and len(offer_id) < 16 else 0
        )
    except NotFound:
        row = None
    if row is None or row.brand_id != brand:
        raise Problem(404, "There is no such offer.")
    return row


def _told(unit: Unit, row: OfferRow) -> dict[str, Any]:
    offer = load(row.state)
    return {
        "id": row.id,
        "case": unit.cases.get(row.case_id).number,
        "customer": unit.customers.get(row.customer_id).reference,
        "kind": row.kind,
        "worth": figures(Money(row.worth, row.currency)) if row.worth else None,
        "currency": row.currency if row.worth else None,
        "what": row.what or None,
        "reason": row.reason or None,
        "stage": row.stage,
        "revision": offer.revision,
        "by": None if row.owner_id is None else unit.staff.get(row.owner_id).name,
        "agreed": [unit.staff.get(yes.by).name for yes in offer.approvals],
        "made_at": iso(row.created_at),
        "closed_at": iso(row.closed_at),
    }
