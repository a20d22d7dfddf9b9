"""Vouchers over the API: what a code is worth, redeeming it once, taking that back, and bringing codes in."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request

from bot import offers, offers_codes
from bot.access.gate import principal_of
from bot.clock import iso
from bot.offers_books import EVERY_KIND
from bot.outgoing import Outgoing
from bot.rest.cloudevents import Fault
from bot.rest.counter import Counter, body_of, parameters_of, stored, unfit
from bot.rest.fields import Fields
from bot.scene import Scene
from bot.turn import Turned, turned
from bot.web.problems import Problem
from recovery.money import Money, NotAnAmount, figures, read_money
from storage.offers import OfferRow
from storage.unit import Unit
from storage.vouchers import Voucher

IDEMPOTENCY: Final = "idempotency-key"
LONGEST_KEY: Final = 255
LONGEST_POOL: Final = 64
MOST_CODES: Final = 1_000
"""Codes in one request; a file of thousands comes in several."""

MOST_LISTED: Final = 500
USUALLY_LISTED: Final = 100
KNOWN: Final = ("codes", "kind", "worth", "pool")


async def look(counter: Counter, code: str) -> dict[str, Any]:
    """Return what a code is worth and how it stands. Raises Problem 404."""

    def work(unit: Unit) -> dict[str, Any]:
        voucher = offers_codes.find(unit, counter.house.brand, code)
        if voucher is None:
            raise _unknown()
        return _told(voucher, _offer(unit, voucher), counter.clock.now())

    return await stored(counter.database.read(work))


async def redeem(counter: Counter, code: str, request: Request) -> dict[str, Any]:
    """Redeem a code. A second time is refused with 409; the same Idempotency-Key gets the first answer again."""
    now, who = counter.clock.now(), (await principal_of(request)).name
    key = _key_of(request, who)

    def work(unit: Unit) -> tuple[offers.Offered, Turned]:
        out = Outgoing(unit, now)
        return offers.redeem(Scene(unit, counter.house, out, now), code, who, key), turned(out)

    offered, done = await stored(counter.database.run(work))  # what is refused may have lapsed just now: that is kept
    counter.hand_on(done)
    return _answered(offered, now)


async def undo(counter: Counter, code: str, request: Request) -> dict[str, Any]:
    """Take a redemption back: what was given came back, and the code is good once again."""
    now, who = counter.clock.now(), (await principal_of(request)).name

    def work(unit: Unit) -> tuple[offers.Offered, Turned]:
        out = Outgoing(unit, now)
        return offers.undo(Scene(unit, counter.house, out, now), code, who), turned(out)

    offered, done = await stored(counter.database.run(work))
    counter.hand_on(done)
    return _answered(offered, now, "There is nothing to take back: this code is not redeemed.")


def _answered(offered: offers.Offered, now: int, why: str = "") -> dict[str, Any]:
    """Return how the code stands now. Raises Problem where nothing was done; `why` says so better than its state."""
    if offered.voucher is None:
        raise _unknown()
    if offered.done:
        return _told(offered.voucher, offered.offer, now)
    told = _told(offered.voucher, offered.offer, now)
    raise Problem(409, why or _why(told), type=f"voucher-{told['state']}", redeemed_at=told["redeemed_at"])


def _why(told: Mapping[str, Any]) -> str:
    match told["state"]:
        case "free":
            return "This code was not given to anybody yet."
        case "good":
            return f"This redemption was taken back. To redeem the code again, send another {IDEMPOTENCY}."
        case "redeemed":
            return f"This code was redeemed already, at {told['redeemed_at']}."
        case "lapsed":
            return f"This code is no longer good: it could be redeemed until {told['valid_until']}."
        case "returned":
            return "This code was redeemed, and what was given came back: it is not good again."
        case _:
            return "This code cannot be redeemed: its offer does not stand."


def _unknown() -> Problem:
    return Problem(404, "There is no such code.", type="no-such-voucher")


def _key_of(request: Request, who: str) -> str | None:
    """Return the caller's own key of this act, hashed together with who they are. Raises Problem."""
    given = request.headers.get(IDEMPOTENCY)
    if given is None:
        return None
    if not (0 < len(given) <= LONGEST_KEY and given.isascii() and given.isprintable()):
        raise Problem(400, f"Idempotency-Key must be 1 to {LONGEST_KEY} printable ASCII characters.")
    return hashlib.sha256(f"{who}\n{given}".encode()).hexdigest()


def _offer(unit: Unit, voucher: Voucher) -> OfferRow | None:
    return None if voucher.offer_id is None else unit.offers.get(voucher.offer_id)


def _told(voucher: Voucher, offer: OfferRow | None, now: int) -> dict[str, Any]:
    worth = voucher.worth if offer is None else offer.worth
    currency = voucher.currency if offer is None else offer.currency
    return {
        "code": voucher.code,
        "kind": voucher.kind,
        "pool": voucher.pool or None,
        "worth": None if not worth or currency is None else figures(Money(worth, currency)),
        "currency": None if not worth else currency,
        "what": None if offer is None else offer.what or None,
        "offer": voucher.offer_id,
        "state": state_of(voucher, offer, now),
        "given_at": iso(voucher.issued_at),
        "valid_until": iso(voucher.valid_until),
        "redeemed_at": iso(voucher.redeemed_at),
        "redeemed_by": voucher.redeemed_by if voucher.redeemed_at is not None else None,
    }


def state_of(voucher: Voucher, offer: OfferRow | None, now: int) -> str:
    """Return how a code stands: free, good, redeemed, lapsed or returned."""
    if offer is None:
        return "free"
    if offer.stage == "accepted":
        return "lapsed" if voucher.valid_until is not None and now >= voucher.valid_until else "good"
    return offer.stage


# --- bringing in ----------------------------------------------------------------------------------------------------


async def take_in(counter: Counter, request: Request) -> dict[str, Any]:
    """Keep codes that the business made itself; those that are here already are named and stay as they are."""
    body = await body_of(request)
    fields = Fields(body, KNOWN)
    kind = fields.read("kind", lambda said: said if said in sorted(EVERY_KIND) else None, f"must be one of {_kinds()}")
    pool = fields.text("pool", LONGEST_POOL) or ""
    worth = _worth(fields, counter)
    codes = _codes(fields)
    if fields.faults:
        raise unfit(fields.faults)
    now, brand = counter.clock.now(), counter.house.brand
    once = list(dict.fromkeys(codes))
    amount, currency = (None, None) if worth is None else (worth.amount, worth.currency)

    def work(unit: Unit) -> list[str]:
        here = unit.vouchers.take_in(brand, once, pool, kind or "voucher", amount, currency, now)
        unit.history.add(brand, "vouchers", "operator", "CodesTakenIn", f"{len(once) - len(here)}", now)
        return here

    here = await stored(counter.database.run(work))
    twice = [code for code in once if codes.count(code) > 1] if len(once) < len(codes) else []
    return {"taken_in": len(once) - len(here), "here_already": here, "given_twice": twice}


def _kinds() -> str:
    return ", ".join(sorted(EVERY_KIND))


def _worth(fields: Fields, counter: Counter) -> Money | None:
    given = fields.raw("worth")
    if given in (None, ""):
        return None
    if not isinstance(given, str):
        fields.wrong("worth", 'must be a text, such as "20.50"')
        return None
    if not counter.house.currency:
        fields.wrong("worth", "needs the setting business.currency")
        return None
    try:
        return read_money(given, counter.house.currency)
    except NotAnAmount:
        fields.wrong("worth", f"must be an amount in {counter.house.currency}, such as 20.50")
        return None


def _codes(fields: Fields) -> list[str]:
    given = fields.raw("codes")
    if not isinstance(given, list) or not 0 < len(given) <= MOST_CODES:
        fields.wrong("codes", f"is required: a list of 1 to {MOST_CODES} codes")
        return []
    codes = []
    for at, one in enumerate(given):
        code = offers_codes.imported_code(one) if isinstance(one, str) else None
        if code is None:
            longest = offers_codes.LONGEST
            fields.faults.append(Fault(f"/codes/{at}", f"must be 1 to {longest} characters without a blank"))
        else:
            codes.append(code)
    return codes


async def listing(counter: Counter, request: Request) -> dict[str, Any]:
    """Return the pools with how many codes are free, and codes in the order in which they came, page by page."""
    given = parameters_of(request, ("after", "limit"))
    after = given.read("after", _whole, "must be a whole number") or 0
    limit = given.read("limit", _page, f"must be a whole number from 1 to {MOST_LISTED}") or USUALLY_LISTED
    given.check()
    now, brand = counter.clock.now(), counter.house.brand

    def work(unit: Unit) -> dict[str, Any]:
        page = unit.vouchers.listing(brand, limit, after)
        pools = [dict(zip(("pool", "kind", "free", "all"), pool, strict=True)) for pool in unit.vouchers.pools(brand)]
        told = [_told(voucher, _offer(unit, voucher), now) for voucher in page]
        return {"pools": pools, "vouchers": told, "after": page[-1].id if page else after}

    return await stored(counter.database.read(work))


def _whole(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= 15 else None


def _page(written: str) -> int | None:
    number = _whole(written)
    return number if number is not None and 1 <= number <= MOST_LISTED else None
