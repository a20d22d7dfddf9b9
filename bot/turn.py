"""One turn: an update taken in, and everything it causes, in one transaction.

    update ─> who speaks ─> their machine (conversation, desk, case) ─> rows ─> commit ─> delivery

`take` runs on the database's thread. It is synchronous and reads no clock: nothing here waits, and nothing is
sent. Whatever goes wrong, the whole turn is undone and the inbox row stays.
"""

from typing import NamedTuple

from bot import claims, customers, groups, staff
from bot.channels.updates import AnyUpdate, Left, Moved, Unreadable, Written
from bot.commands import start_token
from bot.house import House
from bot.outgoing import Notice, Outgoing, ShownMenu
from bot.people import newcomer, speaker_at
from bot.scene import Scene
from storage.outbox import OutboxRow
from storage.unit import Unit


class Turned(NamedTuple):
    """What a committed turn hands on: messages, words for taps, menus in another language, groups to leave.

    `notified` says that other systems or mailboxes are to be told of something, too, `moves_files` that there are
    files to fetch, or to take away. `touched` are the kinds of things that open pages may want to show anew.
    `published` says that other surveys are asked from now on.
    """

    rows: list[OutboxRow]
    notices: list[Notice]
    menus: list[ShownMenu]
    next_due: int | None = None
    leaves: tuple[tuple[str, str], ...] = ()
    notified: bool = False
    moves_files: bool = False
    touched: frozenset[str] = frozenset()
    published: bool = False


NOTHING = Turned([], [], [])


def turned(out: Outgoing) -> Turned:
    """Return what a turn hands on."""
    return Turned(
        out.rows,
        out.notices,
        out.menus,
        out.next_due,
        tuple(out.leaves),
        out.notified,
        out.moves_files,
        frozenset(out.touched),
        out.published,
    )


def take(inbox_id: int, update: AnyUpdate, unit: Unit, house: House, now: int) -> Turned:
    """Take in one update of the inbox; nothing when another turn took it before."""
    if not unit.inbox.finish(inbox_id):
        return NOTHING
    out = Outgoing(unit, now)
    out.inbox_id = inbox_id
    dispatch(update, Scene(unit, house, out, now))
    return turned(out)


def dispatch(update: AnyUpdate, scene: Scene) -> None:
    """Let whoever's business it is take in an update: the chat's owner, a group, a customer, staff."""
    if isinstance(update, Moved):
        scene.unit.addresses.move(scene.house.brand, update.channel, update.chat, update.to)
        scene.unit.outbox.readdress(scene.house.brand, update.channel, update.chat, update.to)
        return
    if update.group:
        groups.take(update, scene)
        return
    place = scene.unit.conversations.place(scene.house.brand, update.channel, update.chat)
    token = start_token(update.text) if isinstance(update, Written) else None
    if place is not None and place.staff is not None and place.staff.removed_at is None:
        if not (
            isinstance(update, Written) and token is not None and claims.claim_at_work(update, token, place, scene)
        ):
            staff.take(update, place.address, place.staff, scene)
        return
    if isinstance(update, (Left, Unreadable)):
        customers.left(place, scene)
        return
    if isinstance(update, Written) and token is not None:
        if claims.claim(update, token, place, scene):
            return
        place = scene.unit.conversations.place(scene.house.brand, update.channel, update.chat)
    speaker = speaker_at(place) if place is not None else None
    if speaker is None:
        speaker = newcomer(scene.unit, scene.house, update, scene.now)
    customers.take(update, speaker, scene)
