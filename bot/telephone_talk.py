"""Calls in the staff's chat: what is to be rung about, and typing what the customer said with a few taps.

    a call ── I reached them ─> was it put right? ─> how is it now? ─> done, and a word if there is one
           ── No answer ──────> again on the next working day
           ── Wrong number ───> over

Each tap carries what was tapped before it, so nothing is kept half done, and of two who type at once one wins.
"""

from collections.abc import Sequence
from typing import Final

from bot import call_tasks, telephoning
from bot.access.policy import Act
from bot.channels.layout import layout
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from conversations.replies import NO, YES
from storage.cases import Case
from storage.errors import NotFound
from storage.tasks import Task

SHOWN: Final = 10
"""So many calls at once: more than that nobody makes in a morning."""

NOT_SAID: Final = phrase("They would rather not say")
UNKNOWN: Final = phrase("That button is no longer in use.")
NOBODY: Final = "-"
"""In a button: not asked, or not said."""

CALL_WORDS: Final = "call"
"""What a staff member's next text is for, as `bot.composing_for` names it: words that a customer said in a call."""


def tasks(talk: StaffTalk, rest: str) -> None:
    """Show what is to be done by a person, oldest first: `/tasks`."""
    listed = [task for task in talk.unit.tasks.listing(talk.house.brand) if _is_theirs(talk, task)]
    waiting = [task for task in listed if task.not_before <= talk.now]
    later = len(listed) - len(waiting)
    if not waiting:
        talk.say(phrase("Nobody is to be rung up now. Thank you!"))
    for task in waiting[:SHOWN]:
        words = phrase("Please telephone.")
        if task.invitation_id is not None:
            words = call_tasks.NEVER_ANSWERED
        message = call_tasks.message(talk.scene, task, talk.member.language, words)
        talk.out.post(talk.address, message, "staff_reply", case_id=task.case_id)
    if len(waiting) > SHOWN:
        talk.say(phrase("And {count} more.", count=len(waiting) - SHOWN))
    if later:
        talk.say(phrase("To be rung again on a later day: {count}.", count=later))


def pressed(talk: StaffTalk, _update: Pressed, choice: str) -> Phrase | None:
    """Take a tap below a call, `TASK:ACT[:PUT_RIGHT[:RATING]]`; return what to show in passing."""
    task = _task(talk, choice.partition(":")[0])
    if task is None:
        return UNKNOWN
    if not _is_theirs(talk, task):
        return phrase("You may not do this. Please ask a colleague who works cases.")
    if task.done_at is not None:
        return telephoning.DONE_BEFORE
    match choice.split(":")[1:]:
        case ["none"]:
            return telephoning.nobody_answered(talk.scene, task, talk.member)
        case ["wrong"]:
            return telephoning.wrong_number(talk.scene, task, talk.member)
        case ["reached"]:
            return _reached(talk, task)
        case ["said", ("yes" | "no" | "-") as put_right]:
            return _ask_rating(talk, task, put_right)
        case ["said", ("yes" | "no" | "-") as put_right, rating] if _is_rating(rating):
            return _record(talk, task, put_right, rating)
        case _:
            return UNKNOWN


def _task(talk: StaffTalk, number: str) -> Task | None:
    if not (number.isascii() and number.isdecimal() and len(number) < 13):
        return None
    try:
        task = talk.unit.tasks.get(int(number))
    except NotFound:
        return None
    return task if task.brand_id == talk.house.brand and task.kind == call_tasks.TELEPHONE else None


def _is_theirs(talk: StaffTalk, task: Task) -> bool:
    """Return whether a task is a call that this staff member may make: about a case of their team, or of nobody's."""
    case = None if task.case_id is None else talk.unit.cases.get(task.case_id)
    return task.kind == call_tasks.TELEPHONE and talk.may(Act.FINISH_TASK, case)


def _is_rating(text: str) -> bool:
    return text == NOBODY or (text.isascii() and text.isdecimal() and len(text) < 4)


def _reached(talk: StaffTalk, task: Task) -> Phrase | None:
    """Ask first whether it was put right, where there is something to put right."""
    asked = call_tasks.asked_in(talk.scene, task)
    if not asked.put_right:
        return _ask_rating(talk, task, NOBODY)
    language = talk.member.language
    answers = [_said(talk, task, say(label, language), key) for label, key in ((YES, "yes"), (NO, "no"))]
    rows = (tuple(answers), (_said(talk, task, say(NOT_SAID, language), NOBODY),))
    _post(talk, task, phrase("{customer}: was it put right?", customer=_name(talk, task)), rows)
    return None


def _ask_rating(talk: StaffTalk, task: Task, put_right: str) -> Phrase | None:
    asked = call_tasks.asked_in(talk.scene, task)
    if asked.question is None or asked.question.scale is None:
        return _record(talk, task, put_right, NOBODY)
    scale, language = asked.question.scale, talk.member.language
    ratings = [_said(talk, task, str(n), f"{put_right}:{n}") for n in range(scale.low, scale.high + 1)]
    rows = (*layout(ratings), (_said(talk, task, say(NOT_SAID, language), f"{put_right}:{NOBODY}"),))
    name, question = _name(talk, task), asked.words(language)
    _post(talk, task, phrase("What does {customer} say?\n{question}", customer=name, question=question), rows)
    return None


def _record(talk: StaffTalk, task: Task, put_right: str, rating: str) -> Phrase | None:
    right = None if put_right == NOBODY else put_right == "yes"
    number = None if rating == NOBODY else int(rating)
    words = telephoning.record(talk.scene, task, talk.member, right, number, "")
    talk.say(words)
    case = _case_of(talk, task)
    if case is not None and talk.unit.tasks.get(task.id).done_at == talk.now:
        talk.ask_for_words(
            case,
            CALL_WORDS,
            phrase("Did they say more? Your next message is kept with the case, under your name. /cancel if not."),
            phrase("Did they say more? Reply to this message with it: it is kept with the case, under your name."),
        )
    return None


def said_more(talk: StaffTalk, case: Case, text: str, _media: Sequence[int]) -> None:
    """Keep what a customer said besides in the newest call that this staff member made about a case."""
    talk.unit.staff.compose_nothing(talk.member.id)
    calls = [call for call in talk.unit.phone_calls.of_case(case.id) if call.staff_member_id == talk.member.id]
    if not calls or not text.strip():
        talk.say(phrase("Nothing was kept: there is no call of yours about this case."))
        return
    telephoning.add_words(talk.scene, calls[-1], talk.member, text)
    talk.say(phrase("✓ Kept with case {number}.", number=case.number))


def _case_of(talk: StaffTalk, task: Task) -> Case | None:
    """Return the case that a call is about, or that was opened by it."""
    if task.case_id is not None:
        return talk.unit.cases.get(task.case_id)
    customer = call_tasks.customer_of(talk.scene, task)
    case = talk.unit.cases.open_of(customer.id) if task.invitation_id is not None else None
    return case if case is not None and case.opened_at == talk.now else None


def _name(talk: StaffTalk, task: Task) -> str:
    customer = call_tasks.customer_of(talk.scene, task)
    return customer.name or customer.reference


def _said(talk: StaffTalk, task: Task, label: str, more: str) -> Button:
    return call_tasks.button(task, label, f"said:{more}", talk.member.language)


def _post(talk: StaffTalk, task: Task, words: Phrase, rows: tuple[tuple[Button, ...], ...]) -> None:
    message = Message(say(words, talk.member.language), rows)
    talk.out.post(talk.address, message, "staff_reply", case_id=task.case_id)
