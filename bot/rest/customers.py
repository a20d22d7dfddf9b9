"""POST /v1/customers/{id}/links: how a customer first reaches us, for an e-mail, a receipt, a QR code."""

from typing import Any, Final

from fastapi import Request

from bot.links import MadeLink, make_link
from bot.rest.cloudevents import Fault, served
from bot.rest.counter import Counter, body_of, iso, only, stored, unfit
from storage.unit import Unit

KNOWN: Final = ("name", "language", "zone")


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

    def work(unit: Unit) -> tuple[bool, MadeLink]:
        new = unit.customers.by_reference(brand, customer.reference) is None
        known = unit.customers.ensure(brand, customer.reference, now, customer.name, customer.language, customer.zone)
        unit.history.add(brand, f"customer:{known.id}", "operator", "LinkMade", "", now)
        return new, make_link(unit, brand, "customer", now, customer_id=known.id)

    new, made = await stored(counter.database.run(work))
    return {"customer": customer.reference, "new": new, **link_told(made, counter)}


def link_told(made: MadeLink, counter: Counter) -> dict[str, Any]:
    """Return a link as it is shown, this once."""
    return {
        "telegram": made.telegram,
        "webchat": made.webchat(counter.config.public_url),
        "expires_at": iso(made.expires_at),
    }
