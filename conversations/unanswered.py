"""What is no answer: it is kept as a comment, acknowledged, and the question asked once more.

After two misses in a row a way out stands beside the question, after three it is only said that we heard.
"""

from datetime import date

from msgspec.structs import replace

from conversations import asking, praising
from conversations.asking import ask
from conversations.dates import today_in
from conversations.events import Choice, Decision, Effect, Keep, OpenCase, Say, TellCase
from conversations.phrases import Phrase, phrase
from conversations.replies import MISSED, days_meant, missed
from conversations.state import Asking, Given
from conversations.surveys import Question, Survey
from conversations.understanding import shorten

NOTED = phrase("Thank you, I have noted that.")
PASSED_ON = phrase("Thank you, I have passed that on to whoever looks after it.")
NOT_THIS = phrase("I can pass on words, pictures, voice messages, videos and documents, but not this.")
WHICH_DAY = phrase("Which day do you mean?")
OR_NOT = phrase("If none of these fits, you can skip this, or talk to a person.")
OFFER_A_PERSON = 2
"""After so many replies in a row that were no answer, we stop asking again and offer a way out."""


def ways_offered(survey: Survey, state: Asking, question: Question) -> tuple[Choice, ...]:
    """Return the ways out beside an open question: a person after an unhappy answer, both after some misses."""
    if state.explaining and question.key == asking.explain_question(survey).key:
        return (asking.PERSON,)
    if state.misses < OFFER_A_PERSON or question is asking.CONSENT:
        return ()
    return (asking.SKIP, asking.PERSON)


def take_comment(
    survey: Survey, state: Asking, question: Question, text: str, ref: str, now: int, media: tuple[int, ...] = ()
) -> Decision:
    """Keep what is no answer as a comment, acknowledge it, and ask once more.

    Before the customer agreed that anything is stored, nothing is.
    """
    words, _ = shorten(text)
    comment = Keep(question.key, question.kind, Given(words, now, text=words, ref=ref, media=media), role="comment")
    kept = () if question is asking.CONSENT else (comment,)
    misses = state.misses + 1
    if (cause := asking.calls_for_person(text)) is not None:
        lead = Say(
            (asking.SOMEBODY_COMES, phrase("The question above stays open, if you would like to answer it too."))
        )
        effects: tuple[Effect, ...] = (OpenCase(cause), TellCase(text, media=media), *kept, lead)
        return Decision(replace(state, case_opened=True, misses=misses), effects)
    passed = (*kept, TellCase(text, media=media)) if state.case_opened else kept
    if days := days_meant(question, text, now, state.facts.zone):
        return _which_day(survey, state, question, days, now, passed)
    words_again = missed(question, text, now, state.facts.zone)
    state = replace(state, misses=misses, remark=praising.remark(state, question, words))
    heard = PASSED_ON if state.case_opened else NOTED if passed else None
    return ask_again(survey, state, question, heard, passed, words_again)


def _which_day(
    survey: Survey, state: Asking, question: Question, days: tuple[date, ...], now: int, before: tuple[Effect, ...]
) -> Decision:
    """Ask which of several readings of a date was meant: never the likelier one without asking."""
    offered = asking.choices_of(days, today_in(state.facts.zone, now))
    more = ways_offered(survey, state, question)
    return ask(state, question, (WHICH_DAY,), before=before, days=offered, more=more, brief=True)


def ask_again(
    survey: Survey,
    state: Asking,
    question: Question,
    heard: Phrase | None,
    before: tuple[Effect, ...],
    again: Phrase | None = None,
) -> Decision:
    """Say that it was heard, and ask once more in a few words; after some misses in a row only say so."""
    if state.misses > OFFER_A_PERSON and heard is not None:
        return Decision(state, (*before, Say((heard,))))
    offered = ways_offered(survey, state, question)
    usual = MISSED[question.kind]
    lead: tuple[Phrase, ...] = (heard,) if heard else ()
    if asking.SKIP in offered:
        lead += (OR_NOT,) if again is None or again == usual else (again, OR_NOT)
    else:
        lead += (again or usual,)
    return ask(state, question, lead, before=before, more=offered, brief=True)


def cannot_pass_on(survey: Survey, state: Asking, question: Question, what: str, now: int) -> Decision:
    """Say kindly that this is nothing that can be passed on here."""
    comment = Keep(question.key, question.kind, Given(raw=f"[{what}]", text=f"[{what}]", at=now), role="comment")
    kept = () if question is asking.CONSENT else (comment,)
    state = replace(state, misses=state.misses + 1)
    if question.kind == "text":
        words = phrase(
            "I can pass on words, pictures, voice messages, videos and documents, but not this."
            " Could you put it in a few words?"
        )
        return Decision(state, (*kept, Say((words,))))
    return ask_again(survey, state, question, NOT_THIS, kept)
