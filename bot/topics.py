"""One topic a case, in a staff group that has topics, where the operator wants it so.

    opened ─────> a topic is created, and all that staff read of the case stands in it
    closed ─────> it has a ✓ before its name, and is closed
    reopened ───> it is open again

A topic is a row of the outbox like a message: its id in the channel is the topic's. Whatever Telegram says no to (no
forum, no right, too many of them), the case goes on in the general chat as everywhere; admins are told once why.
"""

from typing import Final

from bot.case_readers import everybody
from bot.channels.messages import Message
from bot.outgoing import Outgoing, message_of
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import phrase
from storage.addresses import Address
from storage.cases import Case
from storage.outbox import OutboxRow

TOPIC: Final = "topic"
TOPIC_EDIT: Final = "topic_edit"
SUPERGROUP: Final = "-100"
"""How the ids of those groups begin that can have topics."""

LONGEST_NAME: Final = 100
"""Characters; Telegram takes 128."""

DONE: Final = "✓ "


def open_for(scene: Scene, case: Case, address: Address) -> None:
    """Open a topic for a case in a staff group; nothing where topics are not wanted, or were refused."""
    if not scene.house.topics or address.kind != "group" or not address.chat.startswith(SUPERGROUP):
        return
    if scene.unit.facts.get(scene.house.brand, _refused(address.id)):
        return
    if scene.unit.messages.topic_of(case.id, address.id) is None:
        scene.out.post(address, Message(_name(scene, case), topic="open"), TOPIC, case_id=case.id)


def _name(scene: Scene, case: Case) -> str:
    customer = scene.unit.customers.get(case.customer_id)
    mark = "🔴 " if case.urgent else ""
    return f"{mark}{case.number} · {customer.name or customer.reference}"[:LONGEST_NAME]


def close_for(scene: Scene, case: Case) -> None:
    """Close the topics of a case that is over."""
    for row in scene.unit.messages.topics_of(case.id):
        name = f"{DONE}{message_of(row).text}"
        _change(scene, row, Message(name, topic="closed"))


def reopen_for(scene: Scene, case: Case) -> None:
    """Open the topics of a case again."""
    for row in scene.unit.messages.topics_of(case.id):
        _change(scene, row, Message(message_of(row).text, topic="open"))


def _change(scene: Scene, row: OutboxRow, message: Message) -> None:
    address = scene.unit.addresses.get(row.address_id)
    edit = scene.out.post(address, message, TOPIC_EDIT, edits=row.id, case_id=row.case_id)
    if edit is not None:
        scene.unit.messages.newest_edit_replaces(row.id, edit.id)


def case_of_thread(scene: Scene, address: Address, thread: str) -> Case | None:
    """Return the case whose topic that is; None for a topic that is not ours."""
    row = scene.unit.messages.by_ref(address.id, thread)
    if row is None or row.purpose != TOPIC or row.case_id is None:
        return None
    return scene.unit.cases.get(row.case_id)


def refused(scene: Scene, row: OutboxRow, why: str) -> list[OutboxRow]:
    """Go on without topics in that group, and tell the admins once why; staff, where nobody is an admin."""
    brand, name = scene.house.brand, _refused(row.address_id)
    if scene.unit.facts.get(brand, name):
        return []
    scene.unit.facts.put(brand, name, why[:200] or "refused")
    out = Outgoing(scene.unit, scene.now)
    bound = scene.unit.staff.bound(brand)
    admins = [(address, member.language) for member, address in bound if "admin" in member.roles.split(",")]
    words = phrase(
        "I could not open a topic for a case in the staff group, so cases go on in its general chat. Telegram says:"
        " {why}\nThe group must have topics, and I must be an administrator who may manage them. Then send /group there"
        " once more.",
        why=why,
    )
    for address, language in admins or everybody(scene):
        out.post(address, Message(say(words, language)), "notice")
    return out.rows


def try_again(scene: Scene, address: Address) -> None:
    """Forget that topics were refused: the group was registered anew."""
    if scene.unit.facts.get(scene.house.brand, _refused(address.id)):
        scene.unit.facts.put(scene.house.brand, _refused(address.id), "")


def _refused(address_id: int) -> str:
    return f"topics.refused.{address_id}"
