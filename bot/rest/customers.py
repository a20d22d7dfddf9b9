"""POST /v1/customers/{id}/links: how a customer first reaches us, for an e-mail, a receipt, a QR code.

A link is shown once. A request that is sent again with its `Idempotency-Key` makes no second link, and does not show
the first one again: whoever lost the answer asks anew, with another key.
"""

from typing import Any, Final

from fastapi import Request

from bot.access.secrets import digest
from bot.clock import iso
from bot.links import MadeLink, make_link
from bot.rest.cloudevents import Fault, served
from bot.rest.counter import Counter, body_of, only, stored, unfit
from bot.web.problems import Problem
from storage.unit import Unit

KNOWN: Final = ("name", "language", "zone")
LONGEST_KEY: Final = 255
ONCE: Final = "RequestKept"


async def make_customer_link(counter: Counter, reference: str, request: Request) -> dict[str, Any]:
    """Make a fresh personal link. A customer we have not heard of is taken in: their service event may come later."""
    body = await body_of(request)
    customer, faults = served({"id": reference, **{key: body[key] for key in KNOWN if key in body}}, at="")
    faults = [*only(body, KNOWN), *faults]
    if faults or customer is None:
        raise unfit(
            [fault if fault.pointer != "/id" else Fault("", "the customer's id " + fault.detail) for fault in faults]
        )
    now, brand = counter.clock.now(), counter.house.brand
    once = _once(request)

    def work(unit: Unit) -> tuple[bool, MadeLink]:
        if once:
            _refuse_again(once, unit)
            unit.history.add(brand, once, "operator", ONCE, "", now)
        new = unit.customers.by_reference(brand, customer.reference) is None
        known = unit.customers.ensure(brand, customer.reference, now, customer.name, customer.language, customer.zone)
        unit.history.add(brand, f"customer:{known.id}", "operator", "LinkMade", "", now)
        return new, make_link(unit, brand, "customer", now, customer_id=known.id)

    new, made = await stored(counter.database.run(work))
    return {"customer": customer.reference, "new": new, **link_told(made, counter)}


def _once(request: Request) -> str:
    """Return under which name a request is remembered by its key; empty when it has none. Raises Problem."""
    key = request.headers.get("idempotency-key", "").strip()
    if len(key) > LONGEST_KEY:
        raise Problem(422, f"The Idempotency-Key has more than {LONGEST_KEY} characters.")
    return f"request:{digest(key)}" if key else ""


def _refuse_again(once: str, unit: Unit) -> None:
    if unit.history.count_since(once, ONCE, 0):
        raise Problem(
            409,
            "A link was made for this Idempotency-Key before. It was shown then and is not shown again:"
            " for a new link send the request with another key.",
        )


def link_told(made: MadeLink, counter: Counter) -> dict[str, Any]:
    """Return a link as it is shown, this once."""
    return {
        "telegram": made.telegram,
        "webchat": made.webchat(counter.config.public_url),
        "expires_at": iso(made.expires_at),
    }
