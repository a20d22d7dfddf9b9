"""Somebody was served just now, and a member of staff says so: a service event and a link to hand over.

The same use case for `/done` in a chat and for the console's button. The link's token is in what is returned and
nowhere else; doing it again makes another one, and nothing gives out an earlier one a second time.
"""

from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from bot.clock import moment
from bot.house import House
from bot.links import MadeLink, make_link
from bot.services import NewServiceEvent, Recorded, Served, record
from conversations.understanding import clean
from storage.customers import Customer
from storage.events import ServiceEvent
from storage.staff import StaffMember
from storage.unit import Unit

SOURCE: Final = "staff"
"""The source of these service events."""

LONGEST_NAME: Final = 128
LONGEST_ITEM: Final = 500


class Done(msgspec.Struct, frozen=True):
    """What was recorded. `namesake` is who was served under that name earlier today: perhaps the same customer.

    `due_at` is when the invitation will be decided, if nobody opened the link by then.
    """

    event: ServiceEvent
    customer: Customer
    link: MadeLink
    due_at: int | None
    namesake: tuple[ServiceEvent, Customer] | None = None


def told_of(text: str) -> tuple[str, str]:
    """Return the name and what was done from `NAME` or `NAME, what was done`; either may be empty."""
    said = " ".join(clean(text).split())
    at = min((place for comma in ",，、" if (place := said.find(comma)) >= 0), default=len(said))
    return said[:at].strip()[:LONGEST_NAME], said[at + 1 :].strip()[:LONGEST_ITEM]


def record_served(
    unit: Unit,
    house: House,
    now: int,
    name: str,
    *,
    by: StaffMember | None = None,
    item: str = "",
    touchpoint: str = "",
    service: Mapping[str, str] | None = None,
) -> Done:
    """Record that a customer of that name was served, and make their personal link.

    `touchpoint` is the setting's when it is empty. A name is no identity: each time it is another customer, until
    `same_customer` says otherwise. Raises NoSurvey when nothing is asked at that touchpoint.
    """
    earlier = _earlier_today(unit, house, now, name)
    seed = house.seed()
    known = {"item": item, "staff": by.name if by is not None else "", **(service or {})}
    subject = f"{_day(now, house)}:{seed}"
    new = NewServiceEvent(
        source=SOURCE,
        event_id=seed,
        digest=seed,
        type="service.completed",
        touchpoint=touchpoint or house.done_touchpoint,
        cancelled=False,
        subject=subject,
        customer=Served(f"served:{seed}", name),
        service={key: value for key, value in known.items() if value},
        occurred_at=now,
        staff_member_id=by.id if by is not None else None,
    )
    recorded: Recorded = record(new, unit, house, now)
    customer = unit.customers.get(recorded.event.customer_id)
    link = make_link(unit, house.brand, "customer", now, customer_id=customer.id)
    actor = f"staff:{by.id}" if by is not None else "operator"
    unit.history.add(house.brand, f"customer:{customer.id}", actor, "Served", str(recorded.event.id), now)
    return Done(recorded.event, customer, link, recorded.due_at, earlier)


def _day(at: int, house: House) -> str:
    return moment(at).astimezone(ZoneInfo(house.zone)).date().isoformat()


def _earlier_today(unit: Unit, house: House, now: int, name: str) -> tuple[ServiceEvent, Customer] | None:
    """Return the newest service of today to a customer of that name; capital letters make no other name."""
    day = _day(now, house)
    for event, known in unit.service_events.named_between(house.brand, SOURCE, f"{day}:", f"{day};"):
        if known.casefold() == name.casefold():
            return event, unit.customers.get(event.customer_id)
    return None


def same_customer(unit: Unit, house: House, now: int, event: ServiceEvent, earlier: ServiceEvent, actor: str) -> bool:
    """Say that both services were to one customer: the newer one's link opens the same customer's chat.

    False when the newer one's link was opened by now, or either was taken back: then they stay two.
    """
    newer, kept = event.customer_id, earlier.customer_id
    if newer == kept:
        return True
    if unit.addresses.any_of_customer(newer) is not None or event.cancelled or earlier.cancelled:
        return False
    unit.customers.merge(newer, kept)
    unit.history.add(house.brand, f"customer:{kept}", actor, "Merged", f"customer:{newer}", now)
    return True


def undo(unit: Unit, house: House, now: int, event: ServiceEvent, actor: str) -> bool:
    """Take a service back with its link and its invitation. False when the customer opened the link already."""
    invitation = unit.invitations.of_event(event.id)
    if event.cancelled or (invitation is not None and invitation.state not in ("planned", "waiting_for_link")):
        return False
    if not unit.links.withdraw_of_event(event.customer_id, event.received_at, now):
        return False
    unit.service_events.cancel(event.id)
    if invitation is not None:
        unit.invitations.decide(invitation.id, "cancelled", "undone", now)
    unit.history.add(house.brand, f"customer:{event.customer_id}", actor, "ServiceUndone", str(event.id), now)
    return True
