"""One turn: an update taken in, and everything it causes, in one transaction.

    update ─> who speaks ─> their machine (conversation, desk, case) ─> rows ─> commit ─> delivery

`take` runs on the database's thread. It is synchronous and reads no clock: nothing here waits, and nothing is
sent. Whatever goes wrong, the whole turn is undone and the inbox row stays.
"""

from typing import NamedTuple

from bot import customers, groups, staff
from bot.channels.updates import AnyUpdate, Left, Moved, Unreadable, Written
from bot.house import House
from bot.outgoing import Notice, Outgoing
from bot.people import newcomer, speaker_at
from storage.addresses import Address
from storage.outbox import OutboxRow
from storage.unit import Unit


class Turned(NamedTuple):
    """What a committed turn hands on: messages, words for taps, menus in another language, groups to leave."""

    rows: list[OutboxRow]
    notices: list[Notice]
    menus: list[tuple[Address, str]]
    next_due: int | None = None
    leaves: tuple[tuple[str, str], ...] = ()


NOTHING = Turned([], [], [])


def turned(out: Outgoing) -> Turned:
    """Return what a turn hands on."""
    return Turned(out.rows, out.notices, out.menus, out.next_due, tuple(out.leaves))


def take(inbox_id: int, update: AnyUpdate, unit: Unit, house: House, now: int) -> Turned:
    """Take in one update of the inbox; nothing when another turn took it before."""
    if not unit.inbox.finish(inbox_id):
        return NOTHING
    out = Outgoing(unit, now)
    _dispatch(update, unit, house, out, now)
    return turned(out)


def _dispatch(update: AnyUpdate, unit: Unit, house: House, out: Outgoing, now: int) -> None:
    if isinstance(update, Moved):
        unit.addresses.move(house.brand, update.channel, update.chat, update.to)
        unit.outbox.readdress(house.brand, update.channel, update.chat, update.to)
        return
    if update.group:
        groups.take(update, unit, house, out, now)
        return
    place = unit.conversations.place(house.brand, update.channel, update.chat)
    token = customers.start_token(update.text) if isinstance(update, Written) else None
    if place is not None and place.staff is not None and place.staff.removed_at is None:
        if token is None or not staff.reopens(token, update, place.staff, unit, house, out):
            staff.take(update, place.address, place.staff, unit, house, out, now)
        return
    if isinstance(update, (Left, Unreadable)):
        customers.left(place, unit, house, out, now)
        return
    if isinstance(update, Written) and token is not None:
        if customers.claim(update, token, place, unit, house, out, now):
            return
        place = unit.conversations.place(house.brand, update.channel, update.chat)
    speaker = speaker_at(place) if place is not None else None
    if speaker is None:
        speaker = newcomer(unit, house, update, now)
    customers.take(update, speaker, unit, house, out, now)
