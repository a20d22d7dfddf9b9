"""What comes after an answer: the next question, the apology, or the thanks."""

from msgspec.structs import replace

from conversations.asking import PERSON, ask, close, explain_question, is_unhappy, next_question, pass_statements
from conversations.events import CorrectCase, Decision, Effect, OpenCase, Say
from conversations.phrases import phrase
from conversations.state import Asking, Given
from conversations.surveys import RATINGS, Question, Survey

SORRY = phrase("I'm sorry. That is not how it should have been.")
DECIDED = (*RATINGS, "yes_no", "choice", "choices", "ranking", "number", "date")
"""The kinds whose new answer can take back an unhappy one; words alone cannot."""


def follow(
    survey: Survey,
    state: Asking,
    question: Question,
    given: Given,
    now: int,
    before: tuple[Effect, ...],
    shown: tuple[Effect, ...],
) -> Decision:
    """Return what comes after an answer that is already in the state; `shown` is done after what is next."""
    unhappy = is_unhappy(survey, state)
    if unhappy and not state.unhappy:
        return _turn_unhappy(survey, state, question, given, now, before, shown)
    if state.unhappy and not unhappy and question.kind in DECIDED:
        before = (*before, CorrectCase(given.number))
        state = replace(state, unhappy=False, explaining=False)
    if state.explaining:
        return _explained(survey, state, question, now, before, shown)
    following = next_question(survey, state, question.key)
    state, said, following = pass_statements(survey, state, following)
    if following is None:
        return close(survey, state, "complete", now, said, before, shown)
    return ask(state, following, said, before=before, after=shown)


def _turn_unhappy(
    survey: Survey,
    state: Asking,
    question: Question,
    given: Given,
    now: int,
    before: tuple[Effect, ...],
    shown: tuple[Effect, ...],
) -> Decision:
    """Apologise at once, open a case, and leave of the survey only *What happened?*."""
    opened = OpenCase("unhappy", question.key, given.number)
    state = replace(state, unhappy=True, explaining=True, case_opened=True)
    explain = explain_question(survey)
    sorry = Say((survey.apology or SORRY,), apology=True)
    return ask(state, explain, before=(*before, opened, sorry), after=shown, more=(PERSON,))


def _explained(
    survey: Survey, state: Asking, question: Question, now: int, before: tuple[Effect, ...], shown: tuple[Effect, ...]
) -> Decision:
    explain = explain_question(survey)
    if question.key != explain.key:  # an earlier rating was changed and is still unhappy
        return ask(state, explain, before=before, after=shown, more=(PERSON,))
    thanks = phrase("Thank you for telling us. I have passed it on, and a colleague will write to you right here.")
    return close(survey, state, "complete", now, (), before, shown, thanks=thanks)
