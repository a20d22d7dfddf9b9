"""What an unhappy answer was, in a line for staff: the message of a case and the console's Today say it alike.

Staff must see it at a glance: which of many sentences got the low rating, that a high effort is the bad end, and
what was chosen where nothing was rated.
"""

from collections.abc import Iterable
from typing import Final

from bot.phrases import say
from conversations.phrases import Phrase, phrase
from conversations.replies import in_a_sentence
from conversations.state import Given
from conversations.surveys import Question, Survey, said_in
from storage.answers import Answer

RATED: Final = phrase("Rated {rating} of {high}")
EFFORT: Final = phrase("Rated {rating} of {high}; a high number is hard")
CHOSEN: Final = ("choice", "choices", "yes_no")


def rating_line(survey: Survey | None, key: str | None, rating: int, language: str) -> str:
    """Return how low a rating is, and what it is about where its question is one row of a matrix."""
    question = survey.question(key) if survey is not None and key is not None else None
    if survey is None or question is None or question.scale is None:
        return say(phrase("Rated {rating}", rating=rating), language)
    words = EFFORT if question.kind == "ces" else RATED
    rated = say(Phrase(words.sentence, {"rating": rating, "high": question.scale.high}), language)
    about = _asked(survey, question, language) if question.row is not None else ""
    return f"{rated} · {about}" if about else rated


def chosen_line(survey: Survey, answers: Iterable[Answer], language: str) -> str:
    """Return what was chosen last, with its question where that can be read as it stands; empty when nothing was.

    A yes or no without its question says nothing, and is left out.
    """
    chosen = [one for one in answers if one.current and one.role == "answer" and one.kind in CHOSEN and not one.skipped]
    if not chosen:
        return ""
    last = chosen[-1]
    question = survey.question(last.question)
    label = in_a_sentence(survey, question, Given(last.raw, last.at, text=last.text), language)
    said = label if isinstance(label, str) else say(label, language)
    asked = _asked(survey, question, language)
    if not asked:
        return "" if question.kind == "yes_no" else f"“{said}”"
    return f"{asked}{said}" if language.startswith("zh") else f"{asked} {said}"


def _asked(survey: Survey, question: Question, language: str) -> str:
    """Return a question's words; empty where they speak to the customer by name and must be filled first."""
    text = said_in(question.text, language, survey.languages[0])
    return "" if "{" in text else text
