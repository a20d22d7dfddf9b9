"""Groups: only a group that somebody with the right made the staff group is ever written to.

Customers' talk never runs in a group, and nothing of a customer is shown in a group nobody registered.
"""

from __future__ import annotations

from bot import staff, topics
from bot.access.policy import COMMAND_ACTS, allowed
from bot.channels.messages import Message
from bot.channels.updates import AnyUpdate, Joined, Left, Pressed, Written
from bot.commands import command_of
from bot.house import House
from bot.outgoing import Outgoing, cancel_chat
from bot.phrases import say
from bot.scene import Scene
from bot.staff_talk import principal_of
from conversations.phrases import phrase
from storage.addresses import Address
from storage.staff import StaffMember
from storage.unit import Unit


def take(update: AnyUpdate, scene: Scene) -> None:
    """Take in what happened in a group."""
    address = scene.unit.addresses.at(scene.house.brand, update.channel, update.chat)
    if isinstance(update, Left):
        if address is not None:
            scene.unit.addresses.unreachable(address.id, scene.now, "removed")
            cancel_chat(scene.unit, address.id, "removed")
        return
    if isinstance(update, Joined):
        if address is not None and address.unreachable_at is not None:
            scene.unit.addresses.reachable(address.id)
        if (
            scene.house.leaves_unknown_groups
            and address is None
            and _working(scene.unit, scene.house, update.channel, update.by) is None
        ):
            scene.out.leaves.append((update.channel, update.chat))
        return
    member = None if update.anonymous else _working(scene.unit, scene.house, update.channel, update.user)
    if member is None:
        _stranger(update, address, scene.unit, scene.house, scene.out)
        return
    if isinstance(update, Written) and (command := command_of(update.text)) and command[0] == "group":
        _register(update, address, member, scene)
    elif address is not None and address.kind == "group":
        staff.take(update, address, member, scene)


def _working(unit: Unit, house: House, channel: str, user: str) -> StaffMember | None:
    """Return the staff member who acts, known by their own private chat with us."""
    own = unit.conversations.place(house.brand, channel, user)
    return own.staff if own is not None and own.staff is not None and own.staff.removed_at is None else None


def _stranger(update: AnyUpdate, address: Address | None, unit: Unit, house: House, out: Outgoing) -> None:
    """Tell somebody unknown who taps below a case how to be invited; be silent to all else."""
    if isinstance(update, Pressed) and update.query and address is not None:
        language = address.language or house.language
        words = say(
            phrase("I don't know you yet. Please ask an admin for an invitation, and open it privately."), language
        )
        out.notice(update.channel, update.chat, update.query, words)


def _register(update: Written, address: Address | None, member: StaffMember, scene: Scene) -> None:
    if address is None:
        address = scene.unit.addresses.add(scene.house.brand, update.channel, update.chat, "candidate", scene.now)
    if not allowed(principal_of(member), COMMAND_ACTS["group"]):
        words = phrase("Only a supervisor or an admin can make this the staff group.")
    else:
        scene.unit.addresses.bind_group(address.id)
        topics.try_again(scene, address)
        scene.unit.history.add(
            scene.house.brand, f"address:{address.id}", f"staff:{member.id}", "GroupRegistered", "", scene.now
        )
        words = phrase("This is now the staff group: you will hear of every case here.")
    scene.out.post(address, Message(say(words, member.language)), "staff_reply")
