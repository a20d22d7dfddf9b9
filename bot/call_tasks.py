"""Tasks to ring a customer up: whom, at which number, what happened and what to ask; brought up until somebody did.

    made ── told to staff, with buttons for what came of the call
         ── each working day that passes without a call ─> told once more
         ── done: `bot.telephoning` ───────────────────> nothing

There is one at a time about a case: who is asked to ring for two reasons rings once.
"""

from typing import Final

import msgspec

from bot import candidates, case_buttons, case_readers, case_words, clockwork
from bot.case_effect import rated_before
from bot.channels.messages import Button, Message
from bot.composing import Voice
from bot.house import FOLLOW_UP_SURVEY
from bot.people import facts_of
from bot.phrases import say
from bot.scene import Scene
from conversations import comparing
from conversations.facts import Facts
from conversations.phrases import Phrase, phrase
from conversations.surveys import Question, Survey, said_in
from recovery import calling, cases
from recovery.calendars import Calendar
from storage.cases import Case
from storage.customers import Customer
from storage.due import DueRow
from storage.errors import NotFound
from storage.events import Invitation
from storage.tasks import Task

TELEPHONE: Final = "telephone"
"""The kind of a task to ring somebody up."""

AGAIN: Final = "call"
"""Due rows: a call that is still to be made is brought up again. The subject is the task."""

PROMPT: Final = "call"
"""Buttons below a call: `1:call:TASK:ACT`."""

REACHED: Final = phrase("I reached them")
NO_ANSWER: Final = phrase("No answer")
WRONG_NUMBER: Final = phrase("Wrong number")
NO_NUMBER: Final = phrase("There is no number")

STILL: Final = phrase("This call is still to be made.")
RING_AGAIN: Final = phrase("Nobody answered when we rang last. Please try again: call {number} of {most}.")


class Asked(msgspec.Struct, frozen=True):
    """What is asked in a call: whether it was put right (about a case), and a rating question with its survey."""

    put_right: bool
    survey: Survey | None
    question: Question | None
    facts: Facts

    def words(self, language: str) -> str:
        """Return the rating question as it is read out, with what the ends of its scale mean."""
        if self.survey is None or self.question is None or self.question.scale is None:
            return ""
        default, scale = self.survey.languages[0], self.question.scale
        voice = Voice(language, default, self.facts, {})
        ends = ""
        if self.question.low_end and self.question.high_end:
            ends = "\n" + voice.text(
                phrase(
                    "{low} = {low_end} · {high} = {high_end}",
                    low=scale.low,
                    low_end=said_in(self.question.low_end, language, default),
                    high=scale.high,
                    high_end=said_in(self.question.high_end, language, default),
                )
            )
        return voice.text(self.question.text) + ends


def for_case(scene: Scene, case: Case, why: str, words: Phrase) -> None:
    """Have the customer of a case rung up by whoever has it; once for each reason, and one call at a time."""
    if any(task.kind == TELEPHONE for task in scene.unit.tasks.of_case(case.id)):
        return
    made = scene.unit.tasks.add(
        scene.house.brand,
        TELEPHONE,
        f"{TELEPHONE}:{case.id}:{why}",
        scene.now,
        case_id=case.id,
        staff_member_id=case_readers.holder(case),
        customer_id=case.customer_id,
    )
    if made is not None:
        scene.unit.history.add(scene.house.brand, f"case:{case.id}", "makegood", "TaskMade", why, scene.now)
        offer(scene, scene.unit.tasks.get(made), words)


def for_silent(scene: Scene, invitation: Invitation, key: str) -> bool:
    """Have somebody rung up who was asked and never answered; say whether that is news."""
    made = scene.unit.tasks.add(
        scene.house.brand,
        TELEPHONE,
        key,
        scene.now,
        customer_id=invitation.customer_id,
        invitation_id=invitation.id,
    )
    if made is not None:
        offer(scene, scene.unit.tasks.get(made), NEVER_ANSWERED)
    return made is not None


NEVER_ANSWERED: Final = phrase(
    "They were asked how it was and did not answer. Most of those who say nothing are not content: please ring and ask."
)


def offer(scene: Scene, task: Task, words: Phrase) -> None:
    """Tell staff of a call, and plan to bring it up again should nobody make it."""
    case = None if task.case_id is None else scene.unit.cases.get(task.case_id)
    for address, language in case_readers.readers(scene, case):
        scene.out.post(address, message(scene, task, language, words), "case_news", case_id=task.case_id)
    bring_up_at(scene, task, calling.next_day(hours(scene, case), scene.now))


def bring_up_at(scene: Scene, task: Task, at: int) -> None:
    """Plan to bring a call up again."""
    scene.out.plan(AGAIN, task.id, f"{AGAIN}:{task.id}:{at}", at, scene.house.brand)


def bring_up(due: DueRow, scene: Scene) -> int | None:
    """Tell staff once more of a call that nobody made; one that was made in vain has a later row of its own."""
    task = scene.unit.tasks.get(due.subject)
    if task.done_at is not None or task.not_before > scene.now:
        return None
    words = STILL
    if task.tries:
        words = phrase(RING_AGAIN.sentence, number=task.tries + 1, most=calling.MOST_TRIES)
    offer(scene, task, words)
    return None


def hours(scene: Scene, case: Case | None) -> Calendar:
    """Return by whose working days a call is planned: of whoever has the case, else of the business when awake."""
    holder = None if case is None else case_readers.holder(case)
    if holder is not None:
        teams = {team.id: team for team in scene.unit.teams.listing(scene.house.brand)}
        own = candidates.hours_of(scene, scene.unit.staff.get(holder), teams)
        if own is not None:
            return own
    return clockwork.waking_hours(scene.house)


# --- in words --------------------------------------------------------------------------------------------------------


def message(scene: Scene, task: Task, language: str, words: Phrase) -> Message:
    """Return a call as staff read it, with the buttons for what came of it."""
    case = None if task.case_id is None else scene.unit.cases.get(task.case_id)
    phone = customer_of(scene, task).phone
    number = phrase("Telephone: {phone}", phone=phone or "")
    if not phone:
        number = phrase("I do not know their telephone number. Perhaps it stands in your own books.")
    lines = [_about(scene, task, case, language), say(words, language), say(number, language)]
    rows = buttons(task, language, known=bool(phone))
    if case is not None:
        rows = (*rows, *case_buttons.rows_for_a_call(cases.load(case.state), case, language))
    return Message("\n".join(lines), rows)


def _about(scene: Scene, task: Task, case: Case | None, language: str) -> str:
    if case is not None:
        return case_words.summary(scene, case, language)
    customer = customer_of(scene, task)
    survey = asked_in(scene, task).survey
    title = said_in(survey.title, language, survey.languages[0]) if survey is not None and survey.title else ""
    return " · ".join(part for part in (customer.name or customer.reference, title) if part)


def buttons(task: Task, language: str, *, known: bool) -> case_buttons.Rows:
    """Return what may come of a call. `known` says that there is a number that may be wrong."""
    reached, missed = button(task, REACHED, "reached", language), button(task, NO_ANSWER, "none", language)
    return ((reached, missed), (button(task, WRONG_NUMBER if known else NO_NUMBER, "wrong", language),))


def button(task: Task, label: Phrase | str, act: str, language: str) -> Button:
    """Return a button below a call."""
    return Button(label if isinstance(label, str) else say(label, language), f"1:{PROMPT}:{task.id}:{act}")


def customer_of(scene: Scene, task: Task) -> Customer:
    """Return who is to be rung up. Raises NotFound for a task that is about nobody."""
    if task.customer_id is not None:
        return scene.unit.customers.get(task.customer_id)
    if task.case_id is None:
        raise NotFound("customer", task.dedupe_key)
    return scene.unit.customers.get(scene.unit.cases.get(task.case_id).customer_id)


def asked_in(scene: Scene, task: Task) -> Asked:
    """Return what is to be asked in a call: about a case what the follow-up asks, else what the survey asked first."""
    customer = customer_of(scene, task)
    if task.invitation_id is not None:
        return _asked_of_the_silent(scene, customer, task.invitation_id)
    if task.case_id is not None:
        return _asked_about(scene, customer, scene.unit.cases.get(task.case_id))
    return Asked(False, None, None, facts_of(customer, scene.house))  # a comment from elsewhere: they have much to say


def _asked_about(scene: Scene, customer: Customer, case: Case) -> Asked:
    """Ask whether it was put right, and for a rating that can be compared with the one before, if there was one."""
    facts = facts_of(customer, scene.house)
    try:
        _, survey = scene.house.shelf.published(scene.unit, scene.house.brand, FOLLOW_UP_SURVEY)
    except NotFound:  # an installation without the surveys that we ship
        return Asked(True, None, None, facts)
    before = rated_before(scene, case)
    return Asked(True, survey, next(comparing.ratings(survey, before), None), comparing.after(facts, before))


def _asked_of_the_silent(scene: Scene, customer: Customer, invitation_id: int) -> Asked:
    invitation = scene.unit.invitations.get(invitation_id)
    event_id = invitation.service_event_id
    service = "{}" if event_id is None else scene.unit.service_events.get(event_id).service
    survey = scene.house.shelf.version(scene.unit, invitation.survey_version_id)
    question = next(comparing.ratings(survey), None)
    return Asked(False, survey, question, facts_of(customer, scene.house, service))
