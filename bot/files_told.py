"""What people are told about a file once it was fetched, or could not be: in the unit that records it.

Whoever sent a file that we do not keep is told so, and why. A file that came so late that its words went on without
it follows them.
"""

from collections.abc import Mapping
from typing import Final

from bot import escalation, keeping
from bot.channels.messages import Message
from bot.enclosing import PATIENCE, reader_language
from bot.house import House
from bot.outgoing import Outgoing
from bot.phrases import say
from bot.scene import Scene
from bot.turn import NOTHING, Turned, turned
from conversations.phrases import Phrase, phrase
from storage.media import MediaFile
from storage.unit import Unit

UNKNOWN_TYPE: Final = phrase(
    "I could not take the file that you sent, so it was not passed on: I take pictures, sound, videos, PDF, office"
    " documents and plain text."
    " Could you send it as one of these?"
)
REFUSALS: Final[Mapping[str, Phrase]] = {
    "type": UNKNOWN_TYPE,
    "empty": phrase("The file that you sent is empty. Could you send it once more?"),
    "gone": phrase("I could not fetch the file that you sent. Please send it once more, to be sure that it arrives."),
}


def keep(unit: Unit, *, file: MediaFile, mime: str, size: int, digest: str, house: House, now: int) -> Turned | None:
    """Note that a file is in the folder; None when it is not wanted any more.

    When its message has gone on without it, it follows now.
    """
    if not unit.media.kept(file.id, mime, size, digest):
        return None
    kept = unit.media.get(file.id)
    if kept is None or now - kept.at < PATIENCE or kept.case_message_id is None:
        return NOTHING
    scene = Scene(unit, house, Outgoing(unit, now), now)
    _follow(scene, kept, kept.case_message_id)
    return turned(scene.out)


def _follow(scene: Scene, file: MediaFile, case_message_id: int) -> None:
    said = scene.unit.case_messages.get(case_message_id)
    if said is None:
        return
    case = scene.unit.cases.get(said.case_id)
    customer = scene.unit.customers.get(case.customer_id)
    if said.author == "customer":
        escalation.relay_to_staff(scene, case, customer.name, "", media=(file.id,))
        return
    for address in scene.unit.addresses.of_customer(customer.id)[:1]:
        files = keeping.attachments(scene, (file.id,))
        words = say(
            phrase("This belongs to an earlier message:"), reader_language(scene.unit, address, scene.house.language)
        )
        scene.out.post(address, Message(words, attachments=files), "relay", case_id=case.id)


def refuse(unit: Unit, file: MediaFile, why: str, house: House, now: int) -> Turned:
    """Note that a file is not kept, and tell whoever sent it."""
    if not unit.media.refuse(file.id, why):
        return NOTHING
    scene = Scene(unit, house, Outgoing(unit, now), now)
    address = unit.addresses.at(file.brand_id, file.channel, file.chat)
    if address is None:
        return NOTHING
    words = keeping.too_large(house.media_largest) if why == "too_large" else REFUSALS[why]
    purpose = "reply" if address.kind == "customer" else "staff_reply"
    scene.out.post(address, Message(say(words, reader_language(scene.unit, address, scene.house.language))), purpose)
    return turned(scene.out)
