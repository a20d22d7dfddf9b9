"""Going back and changing an answer: nothing changes silently, nothing that was said is lost.

An earlier answer is changed by going back to its question, by tapping an old button or by editing an old
message. The last two only offer the change, for ten minutes; one tap confirms it.
"""

from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from conversations import asking
from conversations.events import (
    Amended,
    Choice,
    CorrectCase,
    Decision,
    Effect,
    Event,
    Keep,
    Note,
    OpenCase,
    Say,
    ShowChoice,
    Tapped,
    TellCase,
)
from conversations.following import SORRY, follow
from conversations.phrases import Phrase, phrase
from conversations.replies import in_a_sentence, label_of, understood
from conversations.state import Asking, Change, Closed, Given
from conversations.surveys import Question, Survey
from conversations.understanding import clean, shorten

CHANGE_IT: Final = Choice("_change", phrase("Change it"))
KEEP_IT: Final = Choice("_keep", phrase("Leave it"))
OFFER_LASTS: Final = timedelta(minutes=10)
OPEN_ENDED: Final = frozenset({"none", "break_off", "partial"})
"""Outcomes after which an answer may still come: nobody said that it was enough."""


Either = Asking | Closed


def go_back(survey: Survey, state: Asking) -> Decision:
    """Return to the newest answered question before the open one; its answer stands until it is replaced."""
    answered = [key for key in asking.answered(survey, state) if key != state.question]
    if not answered:
        first = phrase("This is the first question, so there is nothing to go back to.")
        return Decision(state, (Say((first,)),))
    question = asking.question_of(survey, answered[-1])
    so_far = phrase("So far your answer is: {answer}", answer=_said(survey, state, question))
    return asking.ask(state, question, tail=(so_far,))


def _said(survey: Survey, state: Either, question: Question) -> str | Phrase:
    return in_a_sentence(survey, question, state.answers[question.key], state.language)


def stale(survey: Survey, state: Either, key: str, choice: str, now: int) -> Decision:
    """Answer a tap on a question that was answered before: say what is recorded, or offer the change."""
    question = asking.question_of(survey, key)
    given = asking.tapped(question, choice, (), now, zone=state.facts.zone)
    earlier = state.answers.get(key)
    if given is None:
        return Decision(state)
    if earlier is None:
        return Decision(state, (Note(phrase("That question is over. Please answer the newest one.")),))
    if (earlier.number, earlier.text, earlier.skipped) == (given.number, given.text, given.skipped):
        return Decision(state, (Note(phrase("Already recorded: {answer}"), label_of(survey, question, earlier)),))
    moved_on = Note(phrase("You have answered that one already. Would you like to change it?"))
    return _offer(survey, state, question, given, now, moved_on)


def amend(survey: Survey, state: Either, text: str, ref: str, now: int) -> Decision:
    """Answer an edited message: a changed rating is offered, changed words are kept and passed on."""
    key = next((key for key, given in state.answers.items() if given.ref == ref), None)
    if key is None:
        return _amend_comment(survey, state, text, ref, now)
    question, earlier = asking.question_of(survey, key), state.answers[key]
    given = understood(question, text, ref, now, state.facts.zone)
    if given is None:
        return _amend_comment(survey, state, text, ref, now)
    given = replace(given, media=earlier.media)  # of a photo only what is written below it can be edited
    if (given.number, given.text) == (earlier.number, earlier.text):
        return Decision(state)
    if question.kind != "text":
        return _offer(survey, state, question, given, now)
    kept = Keep(key, question.kind, given, replaces=True)
    return _told(replace(state, answers={**state.answers, key: given}), kept, text)


def _amend_comment(survey: Survey, state: Either, text: str, ref: str, now: int) -> Decision:
    """Keep the new words of a comment; after the end nobody waits for them but an open case."""
    if isinstance(state, Closed) or state.question == asking.CONSENT.key:
        return Decision(state)
    question = asking.question_of(survey, state.question)
    words, _ = shorten(clean(text))
    given = Given(raw=words, text=words, at=now, ref=ref)
    return _told(state, Keep(question.key, question.kind, given, role="comment"), text)


def _told(state: Either, kept: Keep, text: str) -> Decision:
    """Keep changed words, and let whoever must hear of them hear of them."""
    effects: list[Effect] = [kept]
    cause = asking.calls_for_person(text)
    if cause is not None:
        effects.append(OpenCase(cause))
    if cause is not None or state.case_opened:
        effects.append(TellCase(text, edited=True))
    if cause is not None and not state.case_opened:
        effects.append(Say((asking.SOMEBODY_COMES,)))
    return Decision(replace(state, case_opened=state.case_opened or cause is not None), tuple(effects))


def _offer(survey: Survey, state: Either, question: Question, to: Given, now: int, *also: Effect) -> Decision:
    state = replace(state, shown=(*state.shown, asking.CHANGE))
    until = now + OFFER_LASTS // timedelta(milliseconds=1)
    state = replace(state, change=Change(len(state.shown) - 1, question.key, to, until))
    earlier, new = _said(survey, state, question), in_a_sentence(survey, question, to, state.language)
    words = phrase("Shall I change your answer from {earlier} to {new}?", earlier=earlier, new=new)
    return Decision(state, (*also, Say((words,), prompt=state.prompt(), choices=(CHANGE_IT, KEEP_IT))))


def confirm(survey: Survey, state: Either, count: int, choice: str, now: int) -> Decision:
    """Carry an offered change out, or leave the answer as it is; a tap that comes too late is told so."""
    change, prompt = state.change, state.prompt(count)
    if change is None or change.prompt != count:
        return Decision(state, (Note(phrase("That was decided already.")),))
    if now > change.until:
        return Decision(state, (Note(phrase("That was a while ago, so I left your answer as it is.")),))
    picked = CHANGE_IT if choice == CHANGE_IT.key else KEEP_IT
    question = asking.question_of(survey, change.question)
    shown = ShowChoice(prompt, label_of(survey, question, picked))
    state = replace(state, change=None)
    if picked is KEEP_IT:
        return Decision(state, (shown,))
    state = replace(state, answers={**state.answers, question.key: change.to})
    kept = Keep(question.key, question.kind, change.to, replaces=True)
    return _changed(survey, state, question, change.to, now, kept, shown)


def _changed(
    survey: Survey, state: Either, question: Question, given: Given, now: int, kept: Keep, shown: ShowChoice
) -> Decision:
    """Go on from a confirmed change: it may make a customer unhappy, or put a slip right."""
    unhappy = asking.is_unhappy(survey, state)
    if isinstance(state, Asking) and (unhappy != state.unhappy or state.explaining):
        return follow(survey, state, question, given, now, (kept,), (shown,))
    done = Say((phrase("Changed. Thank you for putting it straight."),))
    if unhappy and not state.unhappy:
        opened = OpenCase("unhappy", question.key, given.number)
        sorry = Say((survey.apology or SORRY, asking.SOMEBODY_COMES), apology=True)
        return Decision(replace(state, unhappy=True, case_opened=True), (kept, opened, sorry, shown))
    if state.unhappy and not unhappy:
        return Decision(replace(state, unhappy=False), (kept, CorrectCase(given.number), done, shown))
    return Decision(state, (kept, done, shown))


def after_the_end(survey: Survey, state: Closed, event: Event, now: int) -> Decision:
    """Answer what still reaches a conversation that is over; all else is not its business any more."""
    match event:
        case Tapped(prompt=prompt, choice=choice):
            count = state.count_of(prompt)
            if count is None:
                return Decision(state)
            if state.shown[count] == asking.CHANGE:
                return confirm(survey, state, count, choice, now)
            return _late_tap(survey, state, prompt, state.shown[count], choice, now)
        case Amended(text=text, ref=ref):
            return amend(survey, state, text, ref, now)
        case _:
            return Decision(state)


def _late_tap(survey: Survey, state: Closed, prompt: str, key: str, choice: str, now: int) -> Decision:
    if choice == asking.PERSON.key:
        if state.person_asked:
            return Decision(state, (Note(asking.ASKED_ALREADY),))
        comes = Say((asking.SOMEBODY_COMES,))
        return Decision(replace(state, case_opened=True, person_asked=True), (OpenCase("asked_for_person"), comes))
    if key in state.answers:
        return stale(survey, state, key, choice, now)
    question = asking.question_of(survey, key)
    given = asking.tapped(question, choice, (), now, zone=state.facts.zone)
    if given is None or given.skipped or key == asking.CONSENT.key or state.outcome not in OPEN_ENDED:
        return Decision(state, (Note(phrase("This survey is over. Thank you all the same!")),))
    return _late_answer(survey, state, prompt, question, given)


def _late_answer(survey: Survey, state: Closed, prompt: str, question: Question, given: Given) -> Decision:
    """Take an answer that comes after our patience ended: it still counts, and unhappiness is still looked after."""
    state = replace(state, answers={**state.answers, question.key: given}, outcome="partial")
    kept, shown = Keep(question.key, question.kind, given), ShowChoice(prompt, label_of(survey, question, given))
    if not asking.is_unhappy(survey, state) or state.unhappy:
        return Decision(state, (kept, Say((survey.thanks or asking.THANKS,)), shown))
    opened = OpenCase("unhappy", question.key, given.number)
    sorry = Say((survey.apology or SORRY, asking.SOMEBODY_COMES), apology=True)
    return Decision(replace(state, unhappy=True, case_opened=True), (kept, opened, sorry, shown))
