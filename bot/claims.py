"""Personal links, opened: a chat becomes a customer's or a staff member's, once and for all.

A token names its link by digest only. Whoever tries many bad ones is told nothing more for a while.
"""

from typing import Final

from bot import casework, inviting, scanning, signing_in, staff
from bot.access.secrets import PLACE_PREFIX, digest
from bot.channels.messages import Message
from bot.channels.updates import Written
from bot.links import SIGN_IN
from bot.people import Speaker, language_of, newcomer, newcomers_reference, speaker_at
from bot.phrases import language_for, say
from bot.scene import Scene
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from recovery import cases
from storage.conversations import Place
from storage.links import Link

BAD_LINKS: Final = 5
"""So many bad links in an hour from one chat, and we fall silent: somebody is guessing."""

HOUR: Final = 3_600_000

LINK_UNKNOWN: Final = phrase("I don't know this link. Please check that it is complete, or ask for a new one.")
LINK_USED: Final = phrase("This link was used already. Please ask for a new one.")
LINK_EXPIRED: Final = phrase("This link is too old. Please ask for a new one.")
LINK_AT_WORK: Final = phrase(
    "This chat is yours for work, and that link is a customer's. Please open it in a chat that is not used for work:"
    " nothing has happened to it here."
)


CODE_AT_WORK: Final = phrase(
    "This code is for customers: whoever scans it is asked how it went. This chat is yours for work, so nothing is"
    " asked here."
)


def claim(update: Written, token: str, place: Place | None, scene: Scene) -> bool:
    """Open a personal link: bind the chat to its customer or staff member. True when the turn is done with it."""
    if token.startswith(PLACE_PREFIX) and scanning.scan(update, token, place, scene):
        return True
    who = f"{update.channel}:{update.chat}"
    mark = digest(token)
    link = scene.unit.links.look(scene.house.brand, mark)
    if link is not None and link.purpose == SIGN_IN:
        link = None  # it opens the console for a moment; it must never make a chat a staff member's for good
    if link is None or (link.claimed_by is not None and link.claimed_by != who):
        return _bad_link(LINK_UNKNOWN if link is None else LINK_USED, update, place, scene)
    if link.claimed_by is None and scene.unit.links.claim(scene.house.brand, mark, who, scene.now) is None:
        return _bad_link(LINK_EXPIRED, update, place, scene)
    if link.staff_member_id is not None:
        staff.bind(update, link.staff_member_id, place, scene)
        return True
    _bind(update, link, place, scene)
    _learn_language(update, link, scene)
    return False


def claim_at_work(update: Written, token: str, place: Place, scene: Scene) -> bool:
    """Take in a link that a staff member opened in their own chat; False when it means nothing there.

    Their own invitation welcomes them again. A customer's link is not spent: it waits for the customer's own chat.
    """
    if place.staff is None:
        return False
    if token.startswith(PLACE_PREFIX) and scene.unit.places.by_token(scene.house.brand, token) is not None:
        scene.out.post(place.address, Message(say(CODE_AT_WORK, place.staff.language)), "staff_reply")
        return True
    if signing_in.scanned(StaffTalk(place.address, place.staff, scene), token):
        return True
    link = scene.unit.links.look(scene.house.brand, digest(token))
    if link is None:
        return False
    if link.customer_id is not None:
        scene.out.post(place.address, Message(say(LINK_AT_WORK, place.staff.language)), "staff_reply")
        return True
    if link.staff_member_id != place.staff.id or link.claimed_by != f"{update.channel}:{update.chat}":
        return False
    staff.welcome(place.address, place.staff, scene.out)
    return True


def _bad_link(words: Phrase, update: Written, place: Place | None, scene: Scene) -> bool:
    """Say kindly what is wrong with a link; after many bad ones say nothing."""
    subject = f"chat:{update.channel}:{update.chat}"
    if scene.unit.history.count_since(subject, "BadLink", scene.now - HOUR) >= BAD_LINKS:
        return True
    scene.unit.history.add(scene.house.brand, subject, "customer", "BadLink", "", scene.now)
    speaker = speaker_at(place) if place is not None else newcomer(scene.unit, scene.house, update, scene.now)
    address = speaker.address if speaker is not None else place.address if place is not None else None
    if address is not None:
        customer = speaker.customer if speaker is not None else None
        language = language_of(address, customer, scene.house, update.language)
        scene.out.post(address, Message(say(words, language)), "reply")
    return True


def _bind(update: Written, link: Link, place: Place | None, scene: Scene) -> None:
    """Let the chat speak for the customer of a link: beside others, unless it was a newcomer's, who they then are."""
    unit, now, customer_id = scene.unit, scene.now, link.customer_id
    if customer_id is None:
        return
    if place is None:
        unit.addresses.add(
            scene.house.brand,
            update.channel,
            update.chat,
            "customer",
            now,
            customer_id=customer_id,
            link_id=link.id,
        )
        return
    speaker = speaker_at(place)
    if speaker is None or speaker.customer.id == customer_id:
        unit.addresses.bind_customer(place.address.id, customer_id, now, link.id)
    elif speaker.customer.reference == newcomers_reference(update.channel, update.chat):
        _merge(speaker, customer_id, scene)
        unit.addresses.bind_customer(place.address.id, customer_id, now, link.id)
    elif speaker.conversation is not None and not unit.invitations.waiting_of(customer_id):
        unit.chat_customers.join(place.address.id, customer_id, now, link.id)  # the open question stays open
    else:
        inviting.close_open(speaker, scene)
        unit.addresses.bind_customer(place.address.id, customer_id, now, link.id)


def _learn_language(update: Written, link: Link, scene: Scene) -> None:
    """Take the channel's hint for a customer of whom the business told us no language: they hold the telephone."""
    if link.customer_id is None or not update.language:
        return
    customer = scene.unit.customers.get(link.customer_id)
    if customer.language is None:
        hinted = language_for(update.language, scene.house.language)
        scene.unit.customers.ensure(scene.house.brand, customer.reference, scene.now, language=hinted)


def _merge(newcomer: Speaker, customer_id: int, scene: Scene) -> None:
    """Let a newcomer be the customer that their link names: all that is theirs goes along.

    A customer has one open case: when both have one, the customer's stays, hears that there is more, and takes in
    what was said in the newcomer's, which ends as joined.
    """
    theirs, kept = (scene.unit.cases.unclosed_of(one) for one in (newcomer.customer.id, customer_id))
    if theirs is not None and kept is not None:
        inviting.close_open(newcomer, scene, tells_case=False)
        casework.tell(scene, theirs, cases.Joined(), "customer")
        scene.unit.case_messages.move(theirs.id, kept.id)
        scene.unit.case_steps.move(theirs.id, kept.id)
        if theirs.stage != "settled":  # what is over for them is no reason to open it again
            casework.tell(scene, kept, cases.Deepened(urgent=bool(theirs.urgent)), "customer")
    scene.unit.customers.merge(newcomer.customer.id, customer_id)
    subject = f"customer:{customer_id}"
    scene.unit.history.add(
        scene.house.brand, subject, "customer", "Merged", f"customer:{newcomer.customer.id}", scene.now
    )
