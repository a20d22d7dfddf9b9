"""Who is speaking in this turn, and in which language we speak with them."""

import json
from typing import Final

import msgspec

from bot.channels.updates import AnyUpdate
from bot.house import House
from bot.phrases import language_for
from conversations.facts import Facts
from storage.addresses import Address
from storage.conversations import Conversation, Place
from storage.customers import Customer
from storage.unit import Unit

MINUTE: Final = 60_000


class Speaker(msgspec.Struct, frozen=True):
    """A customer in a chat of theirs, with what is going on there."""

    address: Address
    customer: Customer
    conversation: Conversation | None
    case_id: int | None

    @property
    def subject(self) -> str:
        """Return the customer's name in the history."""
        return f"customer:{self.customer.id}"


def speaker_at(place: Place) -> Speaker | None:
    """Return who speaks from a customer's chat."""
    if place.customer is None:
        return None
    return Speaker(place.address, place.customer, place.conversation, place.case_id)


def speaking_for(address: Address, customer_id: int, conversation: Conversation | None, unit: Unit) -> Speaker:
    """Return who speaks from a chat as one of the customers whom it speaks for."""
    case = unit.cases.open_of(customer_id)
    return Speaker(address, unit.customers.get(customer_id), conversation, case.id if case else None)


def speak_about(address: Address, customer_id: int, unit: Unit) -> None:
    """Let the words that come next from a chat be a customer's whom we just wrote to there.

    A conversation that is open there is about another one, and its answers stay theirs.
    """
    if address.customer_id != customer_id and unit.conversations.open_at(address.id) is None:
        unit.addresses.turn_to(address.id, customer_id)


def newcomers_reference(channel: str, chat: str) -> str:
    """Return under which reference somebody is known of whom we know no more than their chat."""
    return f"{channel}:{chat}"


def language_of(address: Address, customer: Customer | None, house: House, hint: str = "") -> str:
    """Return the language chosen in the chat, else the customer's, else the channel's hint, else ours."""
    chosen = address.language or (customer.language if customer else None)
    if chosen:
        return chosen
    return language_for(hint, house.language) if hint else house.language


def newcomer(unit: Unit, house: House, update: AnyUpdate, now: int) -> Speaker:
    """Take in somebody who wrote first: a customer known only by their chat, until a link says who they are.

    The chat of somebody who no longer works here becomes a customer's like any other.
    """
    language = language_for(update.language, house.language) if update.language else None
    reference = newcomers_reference(update.channel, update.chat)
    customer = unit.customers.ensure(house.brand, reference, now, update.name or None, language)
    known = unit.addresses.at(house.brand, update.channel, update.chat)
    if known is None:
        address = unit.addresses.add(
            house.brand, update.channel, update.chat, "customer", now, customer_id=customer.id, language=language
        )
    else:
        unit.addresses.bind_customer(known.id, customer.id, now)
        address = unit.addresses.get(known.id)
    return Speaker(address, customer, None, None)


def note_heard(address: Address, unit: Unit, now: int) -> None:
    """Note that somebody just spoke here; to the minute is enough, and saves a write for every tap of a survey."""
    if address.last_heard_at is None or now - address.last_heard_at >= MINUTE:
        unit.addresses.heard(address.id, now)


def facts_of(customer: Customer, house: House, service: str = "{}") -> Facts:
    """Return what texts may speak of: the customer, the service (a JSON object) and the business."""
    more = json.loads(customer.more) if customer.more != "{}" else {}
    about = {**more, "reference": customer.reference}
    if customer.name:
        about["name"] = customer.name
    served = json.loads(service) if service != "{}" else {}
    service_facts = {str(k): str(v) for k, v in served.items()}
    return Facts(about, service_facts, house.business, customer.zone or house.zone)
