"""A typed reply as an answer to one question, and an answer as words again."""

from datetime import date
from typing import Final

from conversations import contact_details, dates
from conversations.asking import within
from conversations.events import Choice, Label, Saying
from conversations.phrases import Phrase, phrase
from conversations.state import Given
from conversations.surveys import RATINGS, Question, Survey, said_in
from conversations.understanding import (
    Scale,
    choice,
    choices,
    clean,
    consent,
    number,
    put_right,
    ranking,
    rating,
    shorten,
    yes_no,
)

PUT_RIGHT: Final = "put_right"
"""The key of the question whether it was put right, in whichever survey follows a case up."""

WORDS_MEAN_A_RATING: Final = frozenset({"csat"})

MISSED: Final[dict[str, Phrase]] = {
    "csat": phrase("Could you also tap or type a number? One tap is enough."),
    "nps": phrase("Could you also tap or type a number from 0 to 10? One tap is enough."),
    "ces": phrase("Could you also tap or type a number? One tap is enough."),
    "stars": phrase("Could you also tap or type how many stars?"),
    "choice": phrase("Could you tap the one that fits best?"),
    "choices": phrase("Could you tap all that fit, and then Done?"),
    "matrix": phrase("Could you also tap or type a number? One tap is enough."),
    "ranking": phrase(
        "Could you tap them one after another, the most important first? Or send the numbers, such as 2 1 3."
    ),
    "date": phrase("Could you send the date, such as 22 November 2026?"),
    "contact": phrase("Could you send only how we reach you: a telephone number, or something like name@example.com?"),
    "yes_no": phrase("Would that be a yes or a no?"),
    "number": phrase("Could you send it as a whole number?"),
    "consent": phrase("Is that all right with you? Please tap Yes or No."),
    "text": phrase("Could you put it in a few words?"),
}

LONGEST_QUOTED: Final = 60
"""Characters of the customer's own words that we repeat inside a sentence."""

YES: Final = phrase("Yes")
NO: Final = phrase("No")
SHOWN: Final = phrase("what you sent")
"""How an answer reads that is a photo or a voice message, without a word."""


NUMBER_WANTED: Final = phrase("Could you send the whole telephone number, and nothing else?")
EMAIL_WANTED: Final = phrase("Could you write your e-mail in full, such as name@example.com?")


def missed(question: Question, text: str, now: int, zone: str) -> Phrase:
    """Return how to ask once more after a reply that was no answer."""
    if question.kind == "contact" and len(question.wants) == 1:
        return NUMBER_WANTED if question.wants == ("phone",) else EMAIL_WANTED
    if question.kind == "date" and (question.earliest or question.latest):
        today = dates.today_in(zone, now)
        if dates.meant(text, today, question.sense).days:
            return _out_of_bounds(question, today)
    return MISSED[question.kind]


def _out_of_bounds(question: Question, today: date) -> Phrase:
    earliest, latest = (
        dates.said(today if bound == "today" else date.fromisoformat(bound)) if bound else None
        for bound in (question.earliest, question.latest)
    )
    if earliest and latest:
        return phrase(
            "Could you check the day? It lies between {earliest} and {latest}.", earliest=earliest, latest=latest
        )
    if earliest:
        return phrase("Could you check the day? It is {earliest} at the earliest.", earliest=earliest)
    return phrase("Could you check the day? It is {latest} at the latest.", latest=latest or "")


def days_meant(question: Question, text: str, now: int, zone: str) -> tuple[date, ...]:
    """Return the days to choose from when a reply to a date question can be read in several ways."""
    if question.kind != "date":
        return ()
    today = dates.today_in(zone, now)
    found = dates.meant(text, today, question.sense)
    return () if found.plainly else tuple(day for day in found.days if within(question, day, today))


def understood(question: Question, text: str, ref: str, now: int, zone: str = "") -> Given | None:
    """Return the answer that a typed reply means, None when it plainly means none. `zone` says which day it is."""
    if question.kind in RATINGS and question.scale is not None:
        scale = Scale(
            question.scale.low,
            question.scale.high,
            stars=question.kind in ("stars", "csat"),
            words=question.kind in WORDS_MEAN_A_RATING,
        )
        rated = rating(text, scale)
        return None if rated is None else Given(raw=text, at=now, number=rated, ref=ref)
    if question.kind == "text":
        words, _ = shorten(clean(text))
        return Given(raw=words, at=now, text=words, ref=ref) if words else None
    if question.kind == "date":
        today = dates.today_in(zone, now)
        found = dates.meant(text, today, question.sense)
        fits = found.plainly and within(question, found.days[0], today)
        return Given(raw=text, at=now, text=found.days[0].isoformat(), ref=ref) if fits else None
    if question.kind == "contact":
        reached = contact_details.details(text, question.wants)
        return None if reached is None else Given(raw=text, at=now, text=reached.text, ref=ref)
    return _chosen(question, text, ref, now)


def _said_yes(question: Question, text: str) -> bool | None:
    return put_right(text) if question.key == PUT_RIGHT else yes_no(text)


def _chosen(question: Question, text: str, ref: str, now: int) -> Given | None:
    if question.kind == "number":
        low, high = (question.scale.low, question.scale.high) if question.scale else (None, None)
        figure = number(text, low, high)
        return None if figure is None else Given(raw=text, at=now, number=figure, ref=ref)
    if question.kind in ("yes_no", "consent"):
        said = consent(text) if question.kind == "consent" else _said_yes(question, text)
        return None if said is None else Given(raw=text, at=now, text="yes" if said else "no", ref=ref)
    options = [(option.key, tuple(option.label.values())) for option in question.options]
    if question.kind == "choice":
        key = choice(text, options)
        return None if key is None else Given(raw=text, at=now, text=key, ref=ref)
    keys = ranking(text, options, question.places) if question.kind == "ranking" else choices(text, options)
    return Given(raw=text, at=now, text=",".join(keys), ref=ref) if keys else None


def label_of(survey: Survey, question: Question, answer: Given | Choice) -> Label:
    """Return how an answer reads: `4`, the option's label, *Yes*, *Skip*."""
    if isinstance(answer, Choice):
        return Label((answer.label,))
    if answer.skipped:
        return Label((phrase("Skipped"),))
    if answer.number is not None:
        return Label((str(answer.number),))
    if question.kind in ("yes_no", "consent"):
        return Label((YES if answer.text == "yes" else NO,))
    if question.kind == "date" and answer.text and (day := dates.written(answer.text)):
        return Label((dates.said(day),))
    if question.options and answer.text:
        labels = {option.key: option.label for option in question.options}
        sayings: list[Saying | str] = [labels[key] for key in answer.text.split(",") if key in labels]
        return Label(tuple(sayings))
    return Label((answer.text or (SHOWN if answer.media else ""),))


def in_a_sentence(survey: Survey, question: Question, given: Given, language: str) -> str | Phrase:
    """Return an answer for use inside a sentence of ours: as its button says it, else in the customer's own words."""
    sayings = label_of(survey, question, given).sayings
    if len(sayings) == 1 and isinstance(sayings[0], Phrase):
        return sayings[0]
    default = survey.languages[0]
    words = [said_in(saying, language, default) for saying in sayings if isinstance(saying, dict)]
    words += [saying for saying in sayings if isinstance(saying, str)]
    said = ("、" if language.startswith("zh") else ", ").join(words)
    return said if len(said) <= LONGEST_QUOTED else said[: LONGEST_QUOTED - 1] + "…"
