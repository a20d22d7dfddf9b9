"""Showing questions: the parts that every transition of the engine is made of."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal

from msgspec.structs import replace

from conversations import dates
from conversations.branching import following
from conversations.conditions import applies
from conversations.events import Ask, Choice, Decision, Effect, Outcome, Say, Saying
from conversations.phrases import Phrase, phrase
from conversations.state import Asking, Closed, Given, Sorting
from conversations.surveys import RATINGS, Question, Survey
from conversations.understanding import is_urgent, wants_person

CallsForPerson = Literal["urgent", "asked_for_person"]

SKIP: Final = Choice("_skip", phrase("Skip"))
DONE: Final = Choice("_done", phrase("Done"))
START_OVER: Final = Choice("_over", phrase("Start over"))
PERSON: Final = Choice("_person", phrase("Talk to a person now"))
CHANGE: Final = "_change"
"""The question key under which the showing of an offered change is remembered."""

CONSENT: Final = Question(
    key="_consent",
    kind="consent",
    text={
        "en": "May I ask you a few questions about it? Your answers are stored and used only to improve our service.",
        "zh-Hans": "想请教您几个小问题，可以吗？我们会保存您的回答，只用来改进服务。",
        "zh-Hant": "想請教您幾個小問題，可以嗎？我們會保存您的回答，只用來改善服務。",
    },
)

MAY_CONTACT: Final = Question(
    key="_may_contact",
    kind="yes_no",
    text={
        "en": "May one person contact you about this?\nIf you say yes, your answers, also those from before, go to that"
        " person with your name: then they are no longer anonymous. If you say no, nothing changes.",
        "zh-Hans": "可以请一位同事就这件事与您联系吗？\n如果选“是”，您的回答（包括之前的）会连同您的姓名交给"
        "这位同事，就不再是匿名的了；如果选“否”，一切照旧。",
        "zh-Hant": "可以請一位同事就這件事與您聯絡嗎？\n如果選「是」，您的回答（包括之前的）會連同您的姓名交給"
        "這位同事，就不再是匿名的了；如果選「否」，一切照舊。",
    },
)
"""What an anonymous survey asks before a person hears of anybody; its answer is no part of the response."""

WHAT_HAPPENED: Final = Question(
    key="what_happened",
    kind="text",
    text={"en": "What happened?", "zh-Hans": "能告诉我们发生了什么吗？", "zh-Hant": "可以告訴我們發生了什麼事嗎？"},
)

ASKED_ALREADY: Final = phrase("A colleague has been asked and will write to you here.")
SOMEBODY_COMES: Final = phrase("I have asked a colleague to look at this. They will write to you right here.")
THANKS: Final = phrase("Thank you! Every answer is read, and helps us do better.")


def calls_for_person(text: str) -> CallsForPerson | None:
    """Return why a person must hear of these words at once, None when they need not."""
    if is_urgent(text):
        return "urgent"
    return "asked_for_person" if wants_person(text) else None


def explain_question(survey: Survey) -> Question:
    """Return the question that is all that remains after an unhappy answer."""
    return survey.question(survey.explain) if survey.explain else WHAT_HAPPENED


def question_of(survey: Survey, key: str) -> Question:
    """Return the question with that key, of the survey or one of our own."""
    if key == CONSENT.key:
        return CONSENT
    if key == MAY_CONTACT.key:
        return MAY_CONTACT
    if key == WHAT_HAPPENED.key and not survey.explain:
        return WHAT_HAPPENED
    return survey.question(key)


def ways_out(question: Question, more: tuple[Choice, ...], chosen: tuple[str, ...] = ()) -> tuple[Choice, ...]:
    """Return the buttons beside the question's own, each once: start over, done, skip, a person.

    Where a person is offered, only what `more` names stands beside it: after an unhappy answer nothing else is left.
    """
    over = (START_OVER,) if question.kind == "ranking" and chosen else ()
    ranked = question.kind == "ranking" and len(chosen) == question.places
    done = (DONE,) if question.kind == "choices" or ranked else ()
    skip = (SKIP,) if question.optional and SKIP not in more and PERSON not in more else ()
    return (*over, *done, *skip, *more)


def ask(
    state: Asking,
    question: Question,
    lead: tuple[Saying, ...] = (),
    *,
    before: tuple[Effect, ...] = (),
    after: tuple[Effect, ...] = (),
    more: tuple[Choice, ...] = (),
    tail: tuple[Saying, ...] = (),
    days: tuple[Choice, ...] = (),
    brief: bool = False,
    introduces: bool = False,
    asks_consent: bool = False,
    proactive: bool = False,
) -> Decision:
    """Return the decision that opens a question with a prompt of its own, between other effects.

    A row of a matrix that was come to from elsewhere, or `introduces`, is shown with the matrix's own words.
    """
    chosen = state.chosen if state.question == question.key else ()
    first = question.row is not None and (not state.shown or state.question not in question.row.keys)
    state = replace(state, question=question.key, chosen=chosen, shown=(*state.shown, question.key))
    shown = Ask(
        state.prompt(),
        question,
        lead,
        tail,
        brief,
        first or (introduces and question.row is not None),
        chosen,
        days,
        ways_out(question, more, chosen),
        asks_consent=asks_consent,
        proactive=proactive,
    )
    return Decision(state, (*before, shown, *after))


def answered(survey: Survey, state: Asking | Closed) -> dict[str, Given]:
    """Return what the customer answered or skipped: all but the statements that were only read."""
    statements = {question.key for question in survey.questions if question.kind == "statement"}
    return {key: given for key, given in state.answers.items() if key not in statements}


def values_of(state: Asking | Closed | Sorting) -> dict[str, int | str | bool | tuple[str, ...]]:
    """Return the answers as conditions and texts see them; a skipped question is not among them."""
    values: dict[str, int | str | bool | tuple[str, ...]] = {}
    for key, given in state.answers.items():
        if given.number is not None:
            values[key] = given.number
        elif given.text is not None and not given.skipped:
            values[key] = given.text
    return values


def answers_of(survey: Survey, state: Asking | Closed) -> dict[str, int | str | bool | tuple[str, ...]]:
    """Return `values_of` with several choices, and a ranking, as a tuple of their keys."""
    values = values_of(state)
    for question in survey.questions:
        if question.kind in ("choices", "ranking") and isinstance(words := values.get(question.key), str):
            values[question.key] = tuple(words.split(","))
    return values


def is_unhappy(survey: Survey, state: Asking | Closed) -> bool:
    """Say whether the survey's unhappy condition holds; unknown does not."""
    return bool(survey.unhappy) and applies(survey.unhappy, answers_of(survey, state), state.facts)


def next_question(survey: Survey, state: Asking, key: str) -> Question | None:
    """Return the first question after `key` on this customer's way that they have not answered."""
    answers = answers_of(survey, state)
    for _ in range(len(survey.questions) + 1):
        after = following(survey, key, answers, state.facts)
        if after is None:
            return None
        if after not in state.answers:
            return survey.question(after)
        key = after
    return None


def pass_statements(
    survey: Survey, state: Asking, question: Question | None
) -> tuple[Asking, tuple[Saying, ...], Question | None]:
    """Return the statements to say on the way, and the question that then waits for an answer."""
    said: list[Saying] = []
    while question is not None and question.kind == "statement":
        said.append(question.text)
        seen = Given(raw="", at=0, skipped=True)
        state = replace(state, answers={**state.answers, question.key: seen})
        question = next_question(survey, state, question.key)
    return state, tuple(said), question


def tapped(
    question: Question, choice: str, chosen: tuple[str, ...], now: int, *, zone: str = "", offered_skip: bool = False
) -> Given | None:
    """Return what a tap means for this question; None for a choice that it never offered."""
    if choice == SKIP.key:
        return Given(raw="", at=now, skipped=True) if question.optional or offered_skip else None
    if question.scale is not None and question.kind in RATINGS:
        number = _figure(choice)
        allowed = number is not None and question.scale.low <= number <= question.scale.high
        return Given(raw=choice, at=now, number=number) if allowed else None
    if question.kind in ("yes_no", "consent"):
        return Given(raw=choice, at=now, text=choice) if choice in ("yes", "no") else None
    if question.kind == "choice":
        known = any(option.key == choice for option in question.options)
        return Given(raw=choice, at=now, text=choice) if known else None
    if choice == DONE.key and chosen and (question.kind == "choices" or len(chosen) == question.places):
        return Given(raw=",".join(chosen), at=now, text=",".join(chosen))
    if question.kind == "date":
        day = dates.written(choice)
        allowed = day is not None and within(question, day, dates.today_in(zone, now))
        return Given(raw=choice, at=now, text=choice) if allowed else None
    return None


def within(question: Question, day: date, today: date) -> bool:
    """Say whether a day lies within what a date question asks for."""
    earliest, latest = (
        today.isoformat() if bound == "today" else bound for bound in (question.earliest, question.latest)
    )
    return (not earliest or earliest <= day.isoformat()) and (not latest or day.isoformat() <= latest)


DAYS_NEAR: Final = {"past": (0, -1), "future": (0, 1), "": (0,)}
"""The days from today that can be tapped, by where the day asked for lies."""


def with_days(decision: Decision, now: int) -> Decision:
    """Return the decision with the days that can be tapped in each date question that is shown."""
    for effect in decision.effects:
        if isinstance(effect, Ask) and effect.question.kind == "date":
            today = dates.today_in(decision.state.facts.zone, now)
            return replace(decision, effects=tuple(_with_days(each, today) for each in decision.effects))
    return decision


def _with_days(effect: Effect, today: date) -> Effect:
    if not isinstance(effect, Ask) or effect.question.kind != "date" or effect.days:
        return effect
    near = (today + timedelta(days=away) for away in DAYS_NEAR[effect.question.sense])
    return replace(effect, days=choices_of([day for day in near if within(effect.question, day, today)], today))


def choices_of(days: Iterable[date], today: date) -> tuple[Choice, ...]:
    """Return days as buttons, as one says them today."""
    return tuple(Choice(day.isoformat(), dates.said_near(day, today)) for day in days)


def _figure(choice: str) -> int | None:
    return int(choice) if len(choice) < 4 and choice.isascii() and choice.isdecimal() else None


def outcome_of(state: Asking | Closed, survey: Survey) -> Outcome:
    """Return how complete the response is when it ends here: a rating makes it enough to count."""
    rated = {question.key for question in survey.questions if question.kind in RATINGS}
    given = answered(survey, state)
    said = {key for key, answer in given.items() if not answer.skipped}
    if said & rated or (said and not rated):
        return "partial"
    return "break_off" if given else "none"


def closed(state: Asking | Sorting, outcome: Outcome, now: int) -> Closed:
    """Return the conversation as it is kept once it is over."""
    return Closed(
        seed=state.seed,
        language=state.language,
        facts=state.facts,
        shown=state.shown,
        answers=state.answers,
        case_opened=state.case_opened,
        person_asked=state.person_asked,
        unhappy=state.unhappy,
        change=state.change,
        anonymous=state.anonymous,
        said_apart=state.said_apart,
        outcome=outcome,
        closed_at=now,
    )


def close(
    survey: Survey,
    state: Asking,
    outcome: Outcome,
    now: int,
    said: tuple[Saying, ...] = (),
    before: tuple[Effect, ...] = (),
    after: tuple[Effect, ...] = (),
    *,
    thanks: Phrase | None = None,
) -> Decision:
    """Return the end of the conversation, with thanks in one message."""
    words: Saying = thanks or survey.thanks or THANKS
    return Decision(closed(state, outcome, now), (*before, Say((*said, words)), *after))
