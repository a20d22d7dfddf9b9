"""A customer asks how their case is, and gets an honest answer: who has it, what was done, what is next and by when.

Nothing is made up: it says what the rows say. When nothing was done, it says so; the moment that it names is the one
at which the customer hears from us by itself, done or not.
"""

from collections.abc import Iterator
from typing import Final

from bot import consequences, escalation
from bot.case_readers import holder
from bot.case_steps import steps_of
from bot.channels.messages import Button, Message
from bot.composing import press
from bot.phrases import say
from bot.scene import Scene, Talking
from bot.wall_clock import wall_time
from conversations.contact import waking
from conversations.desk import HOW_IS_IT, STATUS
from conversations.phrases import Phrase, phrase
from recovery import cases
from storage.cases import Case
from storage.customers import Customer

ASKED: Final = "AskedHowItStands"
HOUR: Final = 3_600_000
NOTHING_OPEN: Final = phrase(
    "Nothing of yours is open with us at the moment. If something is not right, just write it here, or send /complain."
)


def say_standing(scene: Scene, talking: Talking, language: str, *, tells_staff: bool = False) -> None:
    """Answer a customer who asks how their case is, in the chat in which they ask.

    `tells_staff` lets staff hear that they ask, once an hour: where they asked by a button or a command, and no words
    of theirs reach staff.
    """
    customer = talking.speaker.customer
    case = scene.unit.cases.open_of(customer.id)
    words = say(NOTHING_OPEN, language) if case is None else told(scene, case, customer, language)
    if case is not None and case.stage != "resolved":
        _stir(scene, case, customer, tells_staff=tells_staff)
    rows = () if case is None else ((Button(say(HOW_IS_IT.label, language), press(STATUS, HOW_IS_IT.key)),),)
    scene.out.post(talking.speaker.address, Message(words, rows), "reply", case_id=case.id if case else None)


def _stir(scene: Scene, case: Case, customer: Customer, *, tells_staff: bool) -> None:
    """Let staff hear that the customer asks; have them rung up whom we promised too often."""
    subject = f"case:{case.id}"
    if tells_staff and not scene.unit.history.count_since(subject, ASKED, scene.now - HOUR + 1):
        head = phrase("Case {number} · {name} asks how it stands.", number=case.number)
        escalation.relay_to_staff(scene, case, customer.name, "", head=head)
    scene.unit.history.add(scene.house.brand, subject, "customer", ASKED, case.stage, scene.now)
    if cases.load(case.state).idle >= cases.CANDID_WORDS:
        scene.out.rows += consequences.nothing_done(case, scene.unit, scene.house, scene.now)


def told(scene: Scene, case: Case, customer: Customer, language: str) -> str:
    """Return how a case stands, as its customer is told."""
    zone = customer.zone or scene.house.zone
    done = list(_done(scene, case, language, zone))
    lines = [say(_who(scene, case, language, zone), language)]
    if done:
        lines += [say(phrase("What was done so far:"), language), *(f"· {line}" for line in done)]
    elif case.stage != "resolved":
        sorry = phrase("Nothing has been done yet that I could tell you of, and I am sorry for that.")
        lines.append(say(sorry, language))
    lines.append(say(_next(scene, case, language, zone), language))
    return "\n".join(lines)


def _who(scene: Scene, case: Case, language: str, zone: str) -> Phrase:
    since = wall_time(case.opened_at, zone, language)
    member = holder(case)
    name = scene.unit.staff.get(member).name if member is not None else ""
    if case.owner_id is not None:
        return phrase("{name} looks after this.", name=name)
    if name:
        return phrase(
            "This was given to {name}, who has not taken it up yet. You told us on {since}.", name=name, since=since
        )
    return phrase("I want to be open with you: nobody has taken this up yet. You told us on {since}.", since=since)


def _done(scene: Scene, case: Case, language: str, zone: str) -> Iterator[str]:
    """Yield what was done for the customer, newest last; our own apology is no deed."""
    wrote = [message for message in scene.unit.case_messages.of(case.id) if message.author == "staff" and message.text]
    if wrote:
        when = wall_time(wrote[-1].at, zone, language)
        yield say(phrase("A person last wrote to you on {when}.", when=when), language)
    for row in steps_of(scene.unit, case):
        words = _DEEDS.get((row.step, row.how))
        if words is not None:
            yield say(Phrase(words.sentence, {"when": wall_time(row.at, zone, language)}), language)


_DEEDS: Final[dict[tuple[str, str], Phrase]] = {
    ("restatement", "confirmed"): phrase("You confirmed that we understood you ({when})."),
    ("repair", "done"): phrase("We were told that it is put right ({when})."),
    ("repair", "confirmed"): phrase("You confirmed that it is done ({when})."),
    ("repair", "corrected"): phrase("You told us that it is not done yet ({when})."),
    ("atonement", "done"): phrase("We made you an offer, and you took it ({when})."),
}


def _next(scene: Scene, case: Case, language: str, zone: str) -> Phrase:
    """Return what comes next; a moment is named only when the customer does hear from us then, in waking hours."""
    state = cases.load(case.state)
    at = None if state.follow_up_at is None else waking(state.follow_up_at, zone, scene.house.rules)
    when = wall_time(at, zone, language) if at is not None else ""
    if case.stage == "resolved":
        if not when:
            return phrase("If it is not right after all, just write it here, and it goes on at once.")
        return phrase(
            "On {when} I will ask you whether it is right. If it is not, just write it here, and it goes on at once.",
            when=when,
        )
    if state.idle >= cases.CANDID_WORDS or not when:  # we named a moment too often
        return phrase("I will not name you a time again that may pass: a colleague is asked to ring you up.")
    return phrase("You will hear from us by {when} at the latest.", when=when)
