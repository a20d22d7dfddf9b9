"""When the words beside a rating are a kind word for whoever served: the best rating, and something to say.

Not every 5 is praise: "nothing" and "no" say that there is nothing to add. Words for a case are never praise.
"""

from typing import Final

from msgspec.structs import replace

from conversations.events import Decision, PassOnPraise
from conversations.state import Asking, Closed, Sorting
from conversations.surveys import Question, Survey
from conversations.understanding import clean, is_thanks, yes_no

JUDGED: Final = ("csat", "nps", "ces", "stars")
"""The kinds whose best end says that it went well; the rows of a matrix compare."""

FEWEST_WORDS: Final = 2
FEWEST_CHARACTERS: Final = 4  # where words are not parted by spaces


def is_praise(survey: Survey, state: Asking | Closed | Sorting, text: str) -> bool:
    """Return whether these words, in answer to a question for words, go with ratings that could not be better."""
    if state.case_opened or state.unhappy:
        return False
    rated = [
        _best(question) == given.number
        for question in survey.questions
        if question.kind in JUDGED
        and (given := state.answers.get(question.key)) is not None
        and given.number is not None
    ]
    return bool(rated) and all(rated) and _says_something(text)


def remark(state: Asking, question: Question, words: str) -> str:
    """Return what was said so far beside an open rating, with these words; a figure in them was meant to be one."""
    if question.kind not in JUDGED or any(sign.isdigit() for sign in words):
        return state.remark
    return f"{state.remark}\n{words}".strip()


def with_remark(survey: Survey, question: Question, before: Asking, decision: Decision) -> Decision:
    """Pass a remark made beside a rating on as praise, now that the rating was given and is the best there is."""
    if question.kind not in JUDGED or not before.remark or question.key in before.answers:
        return decision
    if not is_praise(survey, decision.state, before.remark):
        return decision
    return replace(decision, effects=(*decision.effects, PassOnPraise(before.remark, rated=True)))


def _best(question: Question) -> int | None:
    """Return the best end of a scale: of effort the low one."""
    if question.scale is None:
        return None
    return question.scale.low if question.kind == "ces" else question.scale.high


def _says_something(text: str) -> bool:
    words = clean(text)
    if yes_no(words) is not None or is_thanks(words):
        return False
    if words.isascii():
        return len(words.split()) >= FEWEST_WORDS
    return len("".join(words.split())) >= FEWEST_CHARACTERS
