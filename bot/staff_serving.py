"""`/done NAME`: a staff member says whom they served, and gets the link and its QR code to hand over.

`/done` alone asks for the name. `/done NAME, what was done` also says what the customer will be asked about. The
message with the link has *Undo*, and asks when somebody of that name was served earlier today.
"""

from datetime import timedelta
from typing import Final

from bot import served
from bot.access.policy import Act
from bot.channels.messages import Attachment, Button, Message
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.served import Done, record_served
from bot.services import NoSurvey
from bot.staff_talk import StaffTalk
from bot.wall_clock import clock_time
from conversations.phrases import Phrase, phrase
from storage.errors import NotFound
from storage.events import ServiceEvent

DONE_PROMPT: Final = "done"
ASKS_NAME: Final = "ask_name"
"""The purpose of the message that asks for the name: a reply to it is one."""

NAMING: Final = timedelta(minutes=15) // timedelta(milliseconds=1)

UNDO: Final = phrase("Undo")
THE_SAME: Final = phrase("The same")
ANOTHER: Final = phrase("Another")
NOT_YOURS: Final = phrase("Only who recorded it can change it.")
TWO: Final = phrase("All right: they are two customers.")
SETTLED: Final = phrase("You have said already that it is the same customer.")
TOO_LATE: Final = phrase("That is no longer possible: the link was opened, or it was undone before.")


def done(talk: StaffTalk, rest: str) -> None:
    """Record whom this staff member served, or ask for the name."""
    name, item = served.told_of(rest)
    if not name:
        _ask_name(talk)
        return
    talk.unit.staff.compose_nothing(talk.member.id)
    try:
        made = record_served(talk.unit, talk.house, talk.now, name, by=talk.member, item=item)
    except NoSurvey as error:
        known = ", ".join(error.known)
        words = phrase(
            "No survey is published for {touchpoint}, so nobody would be asked. The setting is staff.done_touchpoint;"
            " published are: {known}",
            touchpoint=error.touchpoint,
            known=known,
        )
        talk.say(words)
        return
    if made.due_at is not None:
        talk.out.next_due = min(made.due_at, talk.out.next_due or made.due_at)
    _hand_over(talk, made, item)


def _ask_name(talk: StaffTalk) -> None:
    """Ask whom they served: the next text names them; in a group only a reply does, since others talk there, too."""
    words = phrase("Whom did you serve? Write the name, and after a comma what was done, if you like. /cancel if not.")
    if talk.in_group:
        words = phrase("Whom did you serve? Reply to this message with the name.")
    else:
        talk.unit.staff.await_name(talk.member.id, talk.now + NAMING)
    talk.out.post(talk.address, Message(say(words, talk.member.language), invites_reply=True), ASKS_NAME)


def names_somebody(talk: StaffTalk, reply_to: str | None) -> bool:
    """Return whether a text says whom they served: a reply to our question, or the next text after it."""
    if reply_to is not None:
        row = talk.unit.messages.by_ref(talk.address.id, reply_to)
        return row is not None and row.purpose == ASKS_NAME
    return not talk.in_group and talk.now <= (talk.member.naming_until or 0)


def _hand_over(talk: StaffTalk, made: Done, item: str) -> None:
    """Give out the link, this once, as words and as a code."""
    language = talk.member.language
    name = made.customer.name or made.customer.reference
    head = phrase("✓ {name}. Let them scan the code, or pass the link on. It works once, for 30 days.", name=name)
    if item:
        head = phrase(
            "✓ {name}, {item}. Let them scan the code, or pass the link on. It works once, for 30 days.",
            name=name,
            item=item,
        )
    address = made.link.telegram or made.link.webchat(talk.house.public_url)
    lines = [say(head, language), address]
    buttons: list[tuple[Button, ...]] = []
    if made.namesake is not None:
        lines += ["", _asked_about(talk, made)]
        buttons.append(_namesakes(made, language))
    buttons.append((_button(UNDO, f"undo.{made.event.id}", language),))
    code = Attachment(
        "photo", made="qr", of=address, alt=say(phrase("QR code of the personal link of {name}", name=name), language)
    )
    talk.out.post(talk.address, Message("\n".join(lines), tuple(buttons), attachments=(code,)), "handed_over")


def _asked_about(talk: StaffTalk, made: Done) -> str:
    earlier = made.namesake[0] if made.namesake is not None else made.event
    at = clock_time(earlier.received_at, talk.house.zone, talk.member.language)
    name = made.customer.name or made.customer.reference
    words = phrase("{name} was recorded today at {time} already. Is it the same customer?", name=name, time=at)
    return say(words, talk.member.language)


def _namesakes(made: Done, language: str) -> tuple[Button, ...]:
    earlier = made.namesake[0].id if made.namesake is not None else 0
    same = _button(THE_SAME, f"same.{made.event.id}.{earlier}", language)
    return same, _button(ANOTHER, f"another.{made.event.id}.{earlier}", language)


def _button(label: Phrase, choice: str, language: str) -> Button:
    return Button(say(label, language), f"1:{DONE_PROMPT}:{choice}")


def pressed(talk: StaffTalk, update: Pressed, choice: str) -> Phrase:
    """Do what a tap below a handed-over link says, and return what to show in passing."""
    act, *numbers = choice.split(".")
    if act not in ("undo", "same", "another") or not talk.may(Act.RECORD_SERVICE):
        return phrase("That button is no longer in use.")
    events = _events(talk, numbers)
    if not events:
        return phrase("That button is no longer in use.")
    if any(event.staff_member_id != talk.member.id for event in events[:1]):
        return NOT_YOURS
    if act == "another":
        return SETTLED if len({event.customer_id for event in events}) < len(events) else TWO
    if act == "same":
        return _same(talk, *events) if len(events) == 2 else TOO_LATE
    return _undone(talk, update, events[0])


def _events(talk: StaffTalk, numbers: list[str]) -> list[ServiceEvent]:
    """Return the service events that a button names; none when it names anything that staff did not record."""
    if not all(number.isascii() and number.isdecimal() and len(number) < 16 for number in numbers):
        return []
    try:
        events = [talk.unit.service_events.get(int(number)) for number in numbers]
    except NotFound:
        return []
    ours = all(event.source == served.SOURCE and event.brand_id == talk.house.brand for event in events)
    return events if ours else []


def _same(talk: StaffTalk, event: ServiceEvent, earlier: ServiceEvent) -> Phrase:
    if not served.same_customer(talk.unit, talk.house, talk.now, event, earlier, talk.actor):
        return TOO_LATE
    return phrase("All right: it is the same customer.")


def _undone(talk: StaffTalk, update: Pressed, event: ServiceEvent) -> Phrase:
    if not served.undo(talk.unit, talk.house, talk.now, event, talk.actor):
        return TOO_LATE
    customer = talk.unit.customers.get(event.customer_id)
    words = phrase("Undone: {name} is not asked, and the link opens nothing.", name=customer.name or customer.reference)
    before = talk.unit.messages.by_ref(talk.address.id, update.ref)
    if before is not None and before.purpose == "handed_over":
        talk.out.edit(talk.address, before, Message(say(words, talk.member.language)))
    return words
