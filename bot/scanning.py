"""A place's QR code, scanned: whoever stands at the counter is asked at once, known to us or not.

unknown, retired, or nothing asked there ─> a kind sentence
asked there at this moment ───────────────> the open question again
answered there within some hours ─────────> thanked, and not asked again
else ─────────────────────────────────────> a service event of their own, and its survey
"""

from datetime import timedelta
from typing import Final

import msgspec

from bot import inviting
from bot.access.secrets import digest
from bot.channels.updates import Written
from bot.effects import state_of
from bot.people import Speaker, newcomer, note_heard, speaker_at
from bot.scene import Scene
from bot.talk import CustomerTalk
from conversations.events import LanguageChosen
from conversations.phrases import phrase
from conversations.surveys import Survey
from storage.conversations import Conversation, Place
from storage.events import Invitation
from storage.places import PlaceRow
from storage.unit import Unit

MILLISECOND: Final = timedelta(milliseconds=1)
SCANNED: Final = "place.scanned"
"""The type of these service events."""

NOTHING_HERE: Final = phrase(
    "This code is not in use any more, so I have nothing to ask you here. You can write to me at any time all the same."
)
THANKED: Final = phrase("Thank you, I have your answer already. If there is more to say, just write it here.")


def source_of(place: PlaceRow) -> str:
    """Return the source of the service events that come from a place."""
    return f"place:{place.key}"


def scan(update: Written, token: str, at: Place | None, scene: Scene) -> bool:
    """Take in a scanned code; False when the token may be a personal link's instead."""
    place = scene.unit.places.by_token(scene.house.brand, token)
    if place is None and scene.unit.links.look(scene.house.brand, digest(token)) is not None:
        return False
    speaker = speaker_at(at) if at is not None else None
    if speaker is None:
        speaker = newcomer(scene.unit, scene.house, update, scene.now)
    note_heard(speaker.address, scene.unit, scene.now)
    talk = CustomerTalk(_reachable(speaker, scene), scene)
    found = None if place is None else scene.house.shelf.for_touchpoint(scene.unit, scene.house.brand, place.touchpoint)
    if place is None or place.retired_at is not None or found is None:
        talk.say(NOTHING_HERE)
    else:
        _ask(talk, place, *found)
    return True


def _reachable(speaker: Speaker, scene: Scene) -> Speaker:
    """Return who speaks, in a chat that takes our messages: whoever scans in it has come back."""
    if speaker.address.unreachable_at is None:
        return speaker
    scene.unit.addresses.reachable(speaker.address.id)
    return msgspec.structs.replace(speaker, address=scene.unit.addresses.get(speaker.address.id))


def _ask(talk: CustomerTalk, place: PlaceRow, version_id: int, survey: Survey) -> None:
    speaker, unit = talk.speaker, talk.unit
    open_talk = speaker.conversation
    if open_talk is not None and _source_of_talk(open_talk, unit) == source_of(place):
        talk.advance(open_talk, LanguageChosen(state_of(open_talk).language))  # which shows the question again
        return
    since = talk.now - talk.house.place_again // MILLISECOND
    if unit.service_events.answered_since(speaker.customer.id, source_of(place), since):
        talk.say(THANKED)
        return
    inviting.begin(speaker, version_id, survey, talk.scene, _invited(talk, place, version_id))


def _source_of_talk(conversation: Conversation, unit: Unit) -> str | None:
    """Return where the service event came from that a conversation is about."""
    invitation = unit.invitations.of_conversation(conversation.id)
    if invitation is None or invitation.service_event_id is None:
        return None
    return unit.service_events.get(invitation.service_event_id).source


def _invited(talk: CustomerTalk, place: PlaceRow, version_id: int) -> Invitation | None:
    """Store that somebody was at the place, and the invitation that they took themselves."""
    seed = talk.house.seed()
    customer_id, brand = talk.speaker.customer.id, talk.house.brand
    service = msgspec.json.encode({"id": seed, "place": place.name}).decode()
    added = talk.unit.service_events.add(
        brand,
        source_of(place),
        seed,
        seed,
        SCANNED,
        place.touchpoint,
        seed,
        customer_id,
        service,
        talk.now,
        talk.now,
    )
    return talk.unit.invitations.add(
        brand, customer_id, added.event.id, version_id, place.touchpoint, "planned", talk.now
    )
