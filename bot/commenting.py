"""Comments from elsewhere: what somebody said in a review, a mention, to a colleague, and a case for it if asked.

    take ── its id is known, same body ──> duplicate   (nothing changes)
         ── its id is known, other body ─> CommentClash
         ── else ────────────────────────> stored; with `open_case` the customer's case is opened or deepened by the
                                           same casework as a turn. Somebody without a chat is telephoned: no case can
                                           be worked there, and nobody is left unheard.

A comment is part of no score: nobody was asked, so there is nothing to divide by.
"""

from typing import Final, Literal

import msgspec

from bot import call_tasks, casework, escalation
from bot.channels.messages import Message
from bot.people import Speaker
from bot.phrases import say
from bot.scene import Scene, Talking
from conversations.events import OpenCase
from conversations.phrases import phrase
from conversations.wishes import is_urgent
from recovery import calling
from storage.cases import Case
from storage.customers import Customer
from storage.feedback import Comment

KINDS: Final = ("mention", "review", "note", "message")


class NewComment(msgspec.Struct, frozen=True):
    """A comment that was read and checked, not yet stored. `digest` is of its canonical body."""

    source: str
    comment_id: str
    digest: str
    kind: str
    text: str
    occurred_at: int
    customer: str | None = None
    touchpoint: str | None = None
    author: str | None = None
    url: str | None = None
    opens_case: bool = False


class Taken(msgspec.Struct, frozen=True):
    """What became of a comment, and the case or the task that came of it."""

    status: Literal["stored", "duplicate"]
    comment: Comment
    case: Case | None = None
    telephone: bool = False


class CommentClash(Exception):
    """Another body came under an id that was used before. What is stored stands; the sender must use another id."""


def take(new: NewComment, scene: Scene, actor: str) -> Taken:
    """Store a comment, and do what it asks for. Raises CommentClash."""
    unit, brand, now = scene.unit, scene.house.brand, scene.now
    customer = unit.customers.ensure(brand, new.customer, now) if new.customer is not None else None
    added = unit.feedback.add(
        brand,
        new.source,
        new.comment_id,
        new.digest,
        new.kind,
        new.text,
        new.occurred_at,
        now,
        customer_id=customer.id if customer else None,
        touchpoint=new.touchpoint,
        author=new.author,
        url=new.url,
    )
    if added is None:
        return _again(new, scene)
    if customer is None:
        return Taken("stored", added)
    unit.history.add(brand, f"customer:{customer.id}", actor, "FeedbackTaken", f"feedback:{added.id}", now)
    return _act(added, customer, scene) if new.opens_case else Taken("stored", added)


def _again(new: NewComment, scene: Scene) -> Taken:
    stored = scene.unit.feedback.of(scene.house.brand, new.source, new.comment_id)
    if stored is None or stored.digest != new.digest:
        raise CommentClash
    case = scene.unit.cases.get(stored.case_id) if stored.case_id is not None else None
    telephone = new.opens_case and case is None
    return Taken("duplicate", stored, case, telephone)


def _act(comment: Comment, customer: Customer, scene: Scene) -> Taken:
    unit = scene.unit
    address = next(iter(unit.addresses.of_customer(customer.id)), None) or unit.addresses.any_of_customer(customer.id)
    if address is None:
        _have_rung_up(comment, customer, scene)
        return Taken("stored", comment, telephone=True)
    talking = Talking(Speaker(address, customer, None, None), None, None)
    casework.open_case(
        scene, talking, OpenCase("urgent" if is_urgent(comment.text) else "complaint", words=comment.text)
    )
    case = unit.cases.open_of(customer.id)
    if case is None:
        return Taken("stored", comment)
    unit.feedback.led_to(comment.id, case.id)
    casework.customer_said(scene, talking, words_of(comment), reopens=False)
    return Taken("stored", unit.feedback.get(comment.id), case)


def words_of(comment: Comment) -> str:
    """Return a comment as staff read it: the words, then who said them where."""
    where = " · ".join(each for each in (comment.author, comment.source, comment.url) if each)
    return f"{comment.text}\n— {where}"


def _have_rung_up(comment: Comment, customer: Customer, scene: Scene) -> None:
    """Make a task of telephoning the customer, and tell staff."""
    key = f"telephone:feedback:{comment.id}"
    made = scene.unit.tasks.add(scene.house.brand, call_tasks.TELEPHONE, key, scene.now, customer_id=customer.id)
    if made is None:
        return
    task = scene.unit.tasks.get(made)
    call_tasks.bring_up_at(scene, task, calling.next_day(call_tasks.hours(scene, None), scene.now))
    for address, language in escalation.readers(scene):
        name = customer.name or customer.reference
        head = phrase("{name} said this elsewhere, and has no chat with us. Please telephone.", name=name)
        lines = [say(head, language), words_of(comment)]
        if customer.phone:
            lines.append(say(phrase("Telephone: {phone}", phone=customer.phone), language))
        rows = call_tasks.buttons(task, language, known=bool(customer.phone))
        scene.out.post(address, Message("\n".join(lines), rows), "notice")
