"""An anonymous conversation in the turn: what is removed with every update of it, and what when it ends.

    each update     what it said is dropped from the inbox in its own turn; no line is written in the history
    a yes           the customer is known from here on (`named`)
    the end         the response is kept apart and everything that leads to it is removed, in the same transaction

What is still to be sent when it ends is removed once it was sent (`swept`, called where delivery records it).
"""

from typing import Final

import msgspec

from bot.scene import Scene
from conversations.events import KeepApart
from conversations.state import Closed, save
from storage.anonymous import UNDER_WAY, conversation_in, message_key
from storage.conversations import Conversation
from storage.outbox import OutboxRow
from storage.unit import Unit

MINUTE: Final = 60_000
_encode = msgspec.json.Encoder().encode


def key_of(scene: Scene, conversation: Conversation) -> str:
    """Return the key by which a message of such a conversation is found again, to be removed."""
    return message_key(conversation.id, scene.house.seed())


def forget_update(scene: Scene, conversation: Conversation) -> None:
    """Drop what the update of this turn said; after the end also from the page of a web chat."""
    if scene.out.inbox_id is not None:
        scene.unit.anonymous.forget_update(scene.out.inbox_id, scene.now)
    if conversation.closed_at is not None:
        scene.unit.web_entries.forget_heard(conversation.address_id, scene.now - MINUTE)


def named(scene: Scene, conversation: Conversation) -> None:
    """Make it a conversation like any other, because its customer said yes."""
    scene.unit.anonymous.give_name(conversation.id)
    subject = f"conversation:{conversation.id}"
    scene.unit.history.add(scene.house.brand, subject, "customer", "GaveName", "", scene.now)


def part(scene: Scene, conversation: Conversation, over: Closed, response: KeepApart | None) -> None:
    """End the conversation and let nothing lead from it to what was said; without a response nothing is kept."""
    if response is not None and response.said and conversation.survey_version_id is not None:
        scene.unit.anonymous.keep(
            conversation.brand_id,
            conversation.survey_version_id,
            response.outcome,
            _encode(response.said).decode(),
        )
    scene.unit.anonymous.part(conversation, save(over))
    scene.unit.web_entries.forget_heard(conversation.address_id, conversation.opened_at)


def swept(unit: Unit, row: OutboxRow) -> None:
    """Remove what was just sent, or never will be, when its conversation is over."""
    conversation_id = conversation_in(row.dedupe_key)
    if conversation_id is not None and unit.anonymous.is_over(conversation_id):
        unit.anonymous.sweep(conversation_id)


def under_way(conversation: Conversation) -> bool:
    """Return whether the promise holds and the conversation goes on."""
    return conversation.anonymous == UNDER_WAY and conversation.closed_at is None


def is_promised(scene: Scene) -> bool:
    """Return whether a survey of this house is anonymous as it was published last, retired or not."""
    house, unit = scene.house, scene.unit
    return any(house.shelf.version(unit, stored.id).anonymous for stored in unit.surveys.newest(house.brand))
