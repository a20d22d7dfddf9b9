"""A customer asks how their case is, and gets an honest answer: who has it, what was done, what is next and by when.

Nothing is made up: it says what the rows say. When nothing was done, it says so; the moment that it names is the one
at which the customer hears from us by itself, done or not.
"""

from collections.abc import Iterator
from typing import Final

from bot.case_readers import holder
from bot.case_steps import steps_of
from bot.channels.messages import Button, Message
from bot.composing import press
from bot.phrases import say
from bot.scene import Scene, Talking
from bot.wall_clock import wall_time
from conversations.desk import HOW_IS_IT, STATUS
from conversations.phrases import Phrase, phrase
from recovery import cases
from storage.cases import Case
from storage.customers import Customer

NOTHING_OPEN: Final = phrase(
    "Nothing of yours is open with us at the moment. If something is not right, just write it here, or send /complain."
)


def say_standing(scene: Scene, talking: Talking, language: str) -> None:
    """Answer a customer who asks how their case is, in the chat in which they ask."""
    customer = talking.speaker.customer
    case = scene.unit.cases.open_of(customer.id)
    words = say(NOTHING_OPEN, language) if case is None else told(scene, case, customer, language)
    rows = () if case is None else ((Button(say(HOW_IS_IT.label, language), press(STATUS, HOW_IS_IT.key)),),)
    scene.out.post(talking.speaker.address, Message(words, rows), "reply", case_id=case.id if case else None)


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
    lines.append(say(_next(case, language, zone), language))
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
    wrote = [message for message in scene.unit.cases.messages(case.id) if message.author == "staff" and message.text]
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


def _next(case: Case, language: str, zone: str) -> Phrase:
    at = cases.load(case.state).follow_up_at
    when = wall_time(at, zone, language) if at is not None else ""
    if case.stage == "resolved":
        if not when:
            return phrase("If it is not right after all, just write it here, and it goes on at once.")
        return phrase(
            "On {when} I will ask you whether it is right. If it is not, just write it here, and it goes on at once.",
            when=when,
        )
    return phrase("Your question has just reached them. You will hear from us by {when} at the latest.", when=when)
