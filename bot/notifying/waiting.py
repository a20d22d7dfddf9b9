"""A message that waits in a closed web chat: the customer is told another way, or else a person is.

A minute after we wrote something there of our own accord, and again for as long as nothing is settled:

    seen, in an open page or since then by its person ──> nothing to do
    quiet hours where the customer is ──────────────────> when they end
    a webhook wants to know, or we have their mailbox ──> announced, once a span (a day) for each chat
    no way to tell them: an invitation ─────────────────> it waits
                         a relay ───────────────────────> staff hear that it can be read only in the open page
                         whatever belongs to a case ────> a person is asked to ring them: at once, or, when they
                                                          came within the last day, a day after the message

So nobody who is owed a word waits for it in vain, and nobody hears of one message over and over.
"""

from datetime import timedelta
from typing import Final

import msgspec

from bot import consequences, escalation
from bot.audience import MAIL, MESSAGE_WAITING, name_of
from bot.house import House
from bot.links import MadeLink, link_back
from bot.notifying import letters, payloads
from bot.notifying.telling import tell
from bot.outgoing import GRACE
from bot.people import language_of
from bot.presence import Presence
from bot.scene import Scene
from conversations import contact
from conversations.phrases import phrase
from storage.addresses import Address
from storage.cases import Case
from storage.customers import Customer
from storage.due import DueRow
from storage.outbox import OutboxRow
from storage.unit import Unit

MILLISECOND: Final = timedelta(milliseconds=1)
COMES_BACK: Final = timedelta(hours=24) // MILLISECOND
"""Who came within this span is likely to come again without being told."""

LASTS: Final = timedelta(hours=72) // MILLISECOND
"""How old an invitation or a reminder may be when it is announced."""

TASKS: Final = 1_000
"""How many open tasks are looked through for one of the same case; more than that nobody works off."""

ANNOUNCED: Final = "Announced"
UNTOLD: Final = "CannotBeTold"
OWED: Final = frozenset({"follow_up", "relay", "notice", "offer", "voucher"})

UNREAD = phrase(
    "The customer has not opened the chat page since my last message there, and I have no other way to tell them."
    " Please telephone."
)
ONLY_IN_THE_PAGE = phrase(
    "The customer's chat page is closed. They will read this only when they open it again; nothing tells them of it."
)
UNDELIVERED = phrase(
    "I could not tell the customer by e-mail or webhook that a message waits for them. Please telephone."
)


class _Waiting(msgspec.Struct, frozen=True):
    """A message that nobody has seen yet, where it is, and whose it is."""

    row: OutboxRow
    address: Address
    customer: Customer
    case: Case | None


def look(due: DueRow, scene: Scene) -> int | None:
    """See to one message in a web chat: return when to look again, None when it is settled."""
    row = scene.unit.outbox.get(due.subject)
    if row is None or row.state in ("dead", "cancelled", "unknown"):
        return None
    if row.state in ("queued", "sending"):
        return max(scene.now, row.not_before) + GRACE
    waiting = _waiting(row, scene)
    if waiting is None:
        return None
    awake_at = _awake_at(scene.now, waiting.customer, scene.house)
    if awake_at > scene.now:
        return awake_at
    if not can_be_told(waiting.customer, scene.house):
        return _leave_to_people(waiting, scene)
    free_at = _free_at(waiting.address, scene)
    if free_at > scene.now:
        return _awake_at(free_at, waiting.customer, scene.house)
    _announce(waiting, scene)
    return None


def _waiting(row: OutboxRow, scene: Scene) -> _Waiting | None:
    """Return what still waits; None when it was seen, or nobody needs it any more."""
    unit = scene.unit
    address = unit.addresses.get(row.address_id)
    if address.kind != "customer" or address.unreachable_at is not None:
        return None
    if seen(row, address, unit, scene.house.presence):
        return None
    owed = row.purpose in OWED
    talk = unit.conversations.get(row.conversation_id) if row.conversation_id is not None else None
    if talk is not None and talk.closed_at is not None:
        return None
    if not owed and scene.now - row.queued_at > LASTS:
        return None
    case = unit.cases.get(row.case_id) if row.case_id is not None else None
    whose = talk.customer_id if talk is not None else case.customer_id if case is not None else address.customer_id
    if whose is None or all(each.customer_id != whose for each in unit.chat_customers.of(address.id)):
        return None  # the chat is not theirs any more: nobody else hears of it
    return _Waiting(row, address, unit.customers.get(whose), case or unit.cases.open_of(whose))


def seen(row: OutboxRow, address: Address, unit: Unit, presence: Presence) -> bool:
    """Say whether a message was shown in an open page, or its chat was heard from since."""
    entry = unit.web_entries.of_outbox(address.id, row.id)
    return entry is not None and (
        presence.shown(address.chat) >= entry or unit.web_entries.heard_after(address.id, entry)
    )


def can_be_told(customer: Customer, house: House) -> bool:
    """Say whether there is a way, besides the page itself, to tell this customer that a message waits."""
    return bool(house.audience.ways(MESSAGE_WAITING)) or (house.audience.mail and bool(customer.email))


def _awake_at(at: int, customer: Customer, house: House) -> int:
    return contact.waking(at, customer.zone or house.zone, house.rules)


def _free_at(address: Address, scene: Scene) -> int:
    """Return from when on this chat may be announced again."""
    before = [line.at for line in scene.unit.history.of(_subject(address)) if line.what == ANNOUNCED]
    return max(before) + scene.house.audience.announce_every // MILLISECOND if before else 0


def _subject(address: Address) -> str:
    return f"address:{address.id}"


# --- told another way -----------------------------------------------------------------------------------------------


def _announce(waiting: _Waiting, scene: Scene) -> None:
    """Tell whoever is set to hear of it, with a fresh link back into this very chat."""
    customer, address = waiting.customer, waiting.address
    made = link_back(scene.unit, address, customer.id, scene.now)
    key = f"{MESSAGE_WAITING}:{waiting.row.id}"
    ways = scene.house.audience.ways(MESSAGE_WAITING)
    if ways:
        told = _told(waiting, made, scene)
        tell(scene, ways, MESSAGE_WAITING, payloads.envelope(MESSAGE_WAITING, scene.now, told), key)
    if scene.house.audience.mail and customer.email:
        letter = letters.Letter(
            language=language_of(address, customer, scene.house),
            business=scene.house.business.get("name", ""),
            name=customer.name or "",
            link=made.webchat(scene.house.public_url),
        )
        tell(scene, (MAIL,), MESSAGE_WAITING, letters.kept(letter), key, customer.email)
        ways = (*ways, MAIL)
    _note(waiting, ANNOUNCED, ",".join(name_of(way) for way in ways), scene)


def _told(waiting: _Waiting, made: MadeLink, scene: Scene) -> payloads.WaitingTold:
    customer = waiting.customer
    return payloads.WaitingTold(
        about=waiting.row.purpose,
        customer=customer.reference,
        customer_name=customer.name,
        language=language_of(waiting.address, customer, scene.house),
        email=customer.email,
        phone=customer.phone,
        link=made.webchat(scene.house.public_url),
        expires_at=payloads.stamp(made.expires_at),
        case=waiting.case.number if waiting.case else None,
    )


def _note(waiting: _Waiting, what: str, detail: str, scene: Scene) -> None:
    """Write it into the chat's history and, where there is one, the case's, whose message to staff shows it."""
    brand = scene.house.brand
    scene.unit.history.add(brand, _subject(waiting.address), "makegood", what, detail, scene.now)
    if waiting.case is not None and waiting.case.closed_at is None:
        scene.unit.history.add(brand, f"case:{waiting.case.id}", "makegood", what, detail, scene.now)
        escalation.show_state(scene, waiting.case)


# --- left to people -------------------------------------------------------------------------------------------------


def _leave_to_people(waiting: _Waiting, scene: Scene) -> int | None:
    """Have a person see to it when the customer is owed a word; return when to look again."""
    row, case = waiting.row, waiting.case
    if row.purpose not in OWED or case is None or case.closed_at is not None:
        return None
    if row.purpose == "relay":
        _say_that_it_waits(case, scene)
    heard_at = waiting.address.last_heard_at
    came_lately = heard_at is not None and row.queued_at - heard_at < COMES_BACK
    rings_at = row.queued_at + COMES_BACK if came_lately else scene.now
    if rings_at > scene.now:
        return _awake_at(rings_at, waiting.customer, scene.house)
    if not _asked_to_ring(case, scene):
        why = f"unread:{row.id}"
        scene.out.rows += consequences.needs_a_call(case, why, scene.unit, scene.house, scene.now, UNREAD)
    return None


def _asked_to_ring(case: Case, scene: Scene) -> bool:
    """Say whether a person was asked to ring this customer already, and has not done so yet."""
    waiting = scene.unit.tasks.listing(scene.house.brand, TASKS)
    return any(task.case_id == case.id and task.kind == "telephone" for task in waiting)


def _say_that_it_waits(case: Case, scene: Scene) -> None:
    """Tell staff that what they wrote reaches the customer only in the open page; once a day for each case."""
    subject = f"case:{case.id}"
    if scene.unit.history.count_since(subject, UNTOLD, scene.now - COMES_BACK):
        return
    scene.unit.history.add(scene.house.brand, subject, "makegood", UNTOLD, "", scene.now)
    consequences.tell_staff(case, ONLY_IN_THE_PAGE, scene)


# --- what became of an announcement ---------------------------------------------------------------------------------


def message_of(dedupe_key: str) -> int | None:
    """Return the outbox row that an announcement is about, by its key; None for another notification."""
    type_, _, rest = dedupe_key.partition(":")
    number = rest.partition(":")[0]
    return int(number) if type_ == MESSAGE_WAITING and number.isdecimal() else None


def unwanted(dedupe_key: str, scene: Scene) -> str | None:
    """Say why an announcement that is about to go need not go any more; None when it must."""
    outbox_id = message_of(dedupe_key)
    row = scene.unit.outbox.get(outbox_id) if outbox_id is not None else None
    if row is None:
        return None
    address = scene.unit.addresses.get(row.address_id)
    return "seen meanwhile" if seen(row, address, scene.unit, scene.house.presence) else None


def given_up(dedupe_key: str, way: str, scene: Scene) -> None:
    """Have somebody see to an announcement that could not be made: ring the customer, or mend their mailbox."""
    outbox_id = message_of(dedupe_key)
    row = scene.unit.outbox.get(outbox_id) if outbox_id is not None else None
    waiting = _waiting(row, scene) if row is not None else None
    if row is None or waiting is None:
        return
    if waiting.case is not None and waiting.case.closed_at is None:
        scene.out.rows += consequences.needs_a_call(
            waiting.case, f"unannounced:{row.id}", scene.unit, scene.house, scene.now, UNDELIVERED
        )
    elif way == MAIL:
        key = f"mailbox:{waiting.customer.id}:{waiting.customer.email}"
        scene.unit.tasks.add(scene.house.brand, "mailbox", key, scene.now, customer_id=waiting.customer.id)
