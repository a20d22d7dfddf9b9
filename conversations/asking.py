"""Showing questions: the parts that every transition of the engine is made of."""

from typing import Final, Literal

from msgspec.structs import replace

from conversations.branching import following
from conversations.conditions import holds
from conversations.events import Ask, Choice, Decision, Effect, Outcome, Say, Saying
from conversations.phrases import Phrase, phrase
from conversations.state import Asking, Closed, Given, Sorting
from conversations.surveys import RATINGS, Question, Survey
from conversations.understanding import is_urgent, wants_person

CallsForPerson = Literal["urgent", "asked_for_person"]

SKIP: Final = Choice("_skip", phrase("Skip"))
DONE: Final = Choice("_done", phrase("Done"))
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
    if key == WHAT_HAPPENED.key and not survey.explain:
        return WHAT_HAPPENED
    return survey.question(key)


def ways_out(question: Question, more: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Return the buttons beside the question's own, each once: done, skip, a person.

    Where a person is offered, only what `more` names stands beside it: after an unhappy answer nothing else is left.
    """
    done = (DONE,) if question.kind == "choices" else ()
    skip = (SKIP,) if question.optional and SKIP not in more and PERSON not in more else ()
    return (*done, *skip, *more)


def ask(
    state: Asking,
    question: Question,
    lead: tuple[Saying, ...] = (),
    *,
    before: tuple[Effect, ...] = (),
    after: tuple[Effect, ...] = (),
    more: tuple[Choice, ...] = (),
    tail: tuple[Saying, ...] = (),
    brief: bool = False,
    asks_consent: bool = False,
    proactive: bool = False,
) -> Decision:
    """Return the decision that opens a question with a prompt of its own, between other effects."""
    chosen = state.chosen if state.question == question.key else ()
    state = replace(state, question=question.key, chosen=chosen, shown=(*state.shown, question.key))
    shown = Ask(
        state.prompt(),
        question,
        lead,
        tail,
        brief,
        chosen,
        ways_out(question, more),
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
    """Return `values_of` with several choices as a tuple of their keys."""
    values = values_of(state)
    for question in survey.questions:
        if question.kind == "choices" and isinstance(words := values.get(question.key), str):
            values[question.key] = tuple(words.split(","))
    return values


def is_unhappy(survey: Survey, state: Asking | Closed) -> bool:
    """Say whether the survey's unhappy condition holds; unknown does not."""
    return bool(survey.unhappy) and holds(survey.unhappy, answers_of(survey, state), state.facts) is True


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


def tapped(question: Question, choice: str, chosen: tuple[str, ...], now: int, *, offered_skip: bool) -> Given | None:
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
    if question.kind == "choices" and choice == DONE.key and chosen:
        return Given(raw=",".join(chosen), at=now, text=",".join(chosen))
    return None


def _figure(choice: str) -> int | None:
    return int(choice) if len(choice) < 4 and choice.isascii() and choice.isdecimal() else None


def outcome_of(state: Asking, survey: Survey) -> Outcome:
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
