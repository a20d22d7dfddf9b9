"""What to think of before a survey promises that answers are kept without a name: advice, none of it refuses.

The machine keeps its part of the promise (`conversations.anonymity`). What the survey itself says may still break it,
or make it hard to believe: a greeting by name, a question for an address, an apology that promises a person.
"""

import re
from collections.abc import Iterator
from typing import Final

from conversations.phrases import Phrase, phrase
from conversations.problems import KeyPath
from conversations.surveys import Survey, Texts

_NAMED: Final = re.compile(r"\bcustomer\s*\.")
Advice = tuple[KeyPath, Phrase, Phrase]
"""Where it is, what may break the promise, and what to do about it."""


def advice(survey: Survey, texts: Iterator[tuple[KeyPath, Texts]]) -> Iterator[Advice]:
    """Yield what may break an anonymous survey's promise; nothing for any other survey."""
    if not survey.anonymous:
        return
    for path, text in texts:
        for language, words in text.items():
            if _NAMED.search(words):
                yield (
                    (*path, language),
                    phrase("The survey is anonymous, and this text speaks of the customer: that is hard to believe."),
                    phrase("Ask without a name, or let the survey not be anonymous."),
                )
    tables = -1
    for question in survey.questions:
        tables += question.row is None or question.row.position == 1
        if question.kind == "contact":
            yield (
                ("question", tables),
                phrase("The survey is anonymous, and this question asks who somebody is."),
                phrase("Leave it out: after an unhappy answer makegood asks by itself whether a person may write."),
            )
    if survey.apology and survey.unhappy:
        yield (
            ("apology",),
            phrase("The survey is anonymous: nobody writes to the unhappy unless they say yes when asked."),
            phrase("Let the apology promise nobody who comes."),
        )
    if survey.experiment is not None:
        yield (
            ("experiment",),
            phrase("Anonymous answers count on no side of an experiment: the side would say something of the person."),
            phrase("End the experiment, or let the survey not be anonymous."),
        )
