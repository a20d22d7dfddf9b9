"""Keeping the promise of an anonymous survey: what the engine decided, before it reaches the world.

    while it goes on   what is said stays in the state alone; nothing opens a case, nothing is passed on, no file kept
    a person is needed (an unhappy answer, urgent words, a person asked for, a complaint)
                       *May one person contact you about this?* is asked first
           yes ──────> from here on it is a conversation like any other: its answers are stored, the case is opened
           no, silence > it goes on, and stays anonymous
    it ends            the response leaves as `KeepApart`; the state that stays behind knows nothing of it

Every decision about an anonymous conversation passes through `guarded`, so that no transition can forget the promise.
"""

from typing import Final, TypeVar, cast

from msgspec.structs import replace

from conversations import asking, unanswered
from conversations.asking import MAY_CONTACT, SOMEBODY_COMES
from conversations.events import (
    Amended,
    Ask,
    Cause,
    CorrectCase,
    Decision,
    Discard,
    Effect,
    Event,
    GiveName,
    Keep,
    KeepApart,
    Label,
    Note,
    OpenCase,
    Outcome,
    PassOnPraise,
    Say,
    Saying,
    ShowChoice,
    Showed,
    Tapped,
    TellCase,
)
from conversations.facts import NOTHING_KNOWN
from conversations.phrases import phrase
from conversations.replies import label_of
from conversations.state import Asking, Closed, Given, Said, Wish
from conversations.surveys import Survey

PROMISE: Final = phrase(
    "Your answers are kept without your name: as soon as these questions are over, what connects them with you is "
    "deleted. Nobody writes to you about them, unless you say yes when I ask."
)
NO_NAMES: Final = phrase("Please don't write your name here, or anything else by which you would be known.")
NO_FILES: Final = phrase(
    "A picture or a recording shows who you are, so I have not kept it. Could you put it in a few words?"
)
NOW_WITH_NAME: Final = phrase("Thank you. From here on your answers come with your name.")
STAYS_APART: Final = phrase("All right. Your answers stay without your name, and nobody writes to you about them.")
PART_OVER: Final = phrase(
    "That was the anonymous part: your answers no longer lead to you. What you write from here on comes with your name."
)
OVER: Final = phrase("These answers are kept without your name, so they can no longer be found or changed.")
CANNOT_CHANGE: Final = phrase(
    "Your answers are kept without your name already, so I can no longer find them to change them. If this was about"
    " something else, please write it once more."
)
PASSED_ON: Final = phrase(
    "Thank you for telling us. I have passed it on, and a colleague will write to you right here."
)
ANSWERED: Final = Label((phrase("answered"),))
"""What the last question shows as chosen: it may be read for a while where the customer's chat is kept."""

ALWAYS_ASKED: Final = frozenset({"asked_for_person", "complaint"})
"""Causes that are a wish of their own: for these leave is asked for again, also after a no."""

_PROMISED: Final = frozenset(
    each.sentence
    for each in (
        SOMEBODY_COMES,
        asking.ASKED_ALREADY,
        unanswered.PASSED_ON,
        PASSED_ON,
        phrase("You can already write here what happened."),
    )
)

T = TypeVar("T", bound=Effect)


def guarded(survey: Survey, before: Asking, decision: Decision) -> Decision:
    """Return the decision as an anonymous conversation may carry it out; any other as it is."""
    state = decision.state
    if not isinstance(state, Asking | Closed) or not state.anonymous:
        return decision
    kept = (_said(survey, before, one) for one in _of(decision, Keep))
    state = replace(state, said_apart=(*state.said_apart, *kept), case_opened=False, person_asked=False)
    wanted = next(iter(_of(decision, OpenCase)), None)
    if wanted is not None and (wanted.cause not in state.refused or wanted.cause in ALWAYS_ASKED):
        return _ask_first(before, state, decision.effects, wanted)
    effects = tuple(left for effect in decision.effects if (left := _left(effect)) is not None)
    if isinstance(state, Closed):
        return ended(survey, Decision(state, effects))
    return Decision(state, tuple(effect for effect in effects if not isinstance(effect, Say) or effect.sayings))


def _said(survey: Survey, before: Asking, kept: Keep) -> Said:
    """Return what is kept; words beside the question of ours belong to what it was asked about."""
    question, kind = kept.question, kept.kind
    if question == MAY_CONTACT.key:
        wish = before.wish
        question = (wish.question or wish.goes_on if wish is not None else "") or survey.questions[-1].key
        kind = asking.question_of(survey, question).kind
    return Said(question, kind, kept.given, kept.role, kept.replaces)


def _of(decision: Decision, kind: type[T]) -> tuple[T, ...]:
    return tuple(effect for effect in decision.effects if isinstance(effect, kind))


def _left(effect: Effect) -> Effect | None:
    """Return what may be done of an effect while nobody is to know who speaks; None for nothing."""
    match effect:
        case Keep() | OpenCase() | TellCase() | CorrectCase() | PassOnPraise():
            return None
        case Say():
            return replace(effect, sayings=_unpromised(effect.sayings))
        case Ask(question=question) if question.kind == "text":
            return replace(effect, lead=_unpromised(effect.lead), tail=(*effect.tail, NO_NAMES))
        case Ask():
            return replace(effect, lead=_unpromised(effect.lead))
        case _:
            return effect


def _unpromised(sayings: tuple[Saying, ...]) -> tuple[Saying, ...]:
    """Return what is said without what promises a person: that it was heard is all that is true."""
    said = [saying for saying in sayings if isinstance(saying, dict) or saying.sentence not in _PROMISED]
    heard = SOMEBODY_COMES in sayings or unanswered.PASSED_ON in sayings
    return (unanswered.NOTED, *said) if heard else tuple(said)


# -- a person is needed: asked first


def _ask_first(before: Asking, state: Asking | Closed, effects: tuple[Effect, ...], wanted: OpenCase) -> Decision:
    """Ask whether a person may write, and remember where it goes on; what was to be asked next waits."""
    words = next((effect.text for effect in effects if isinstance(effect, TellCase)), "")
    if isinstance(state, Closed):
        goes_on = ""
        open_ = replace(before, answers=state.answers, said_apart=state.said_apart, unhappy=state.unhappy, remark="")
    else:
        at_it = state.question == MAY_CONTACT.key and before.wish is not None
        goes_on = before.wish.goes_on if at_it and before.wish is not None else state.question
        open_ = state
    wish = Wish(wanted.cause, goes_on, wanted.question, wanted.rating, words or wanted.words)
    sorry = (_left(effect) for effect in effects if isinstance(effect, Say) and effect.apology)
    shown = tuple(effect for effect in effects if isinstance(effect, ShowChoice | Note | Discard))
    return asking.ask(
        replace(open_, wish=wish, chosen=(), misses=0),
        MAY_CONTACT,
        before=tuple(said for said in sorry if said is not None),
        after=shown,
    )


def answered(survey: Survey, state: Asking, given: Given, now: int, prompt: str | None) -> Decision:
    """Take the answer to *May one person contact you about this?*; it is no part of the response."""
    wish = state.wish or Wish("asked_for_person", "")
    shown = (ShowChoice(prompt, label_of(survey, MAY_CONTACT, given)),) if prompt else ()
    if given.text != "yes":
        stays = replace(state, wish=None, refused=(*state.refused, wish.cause), misses=0)
        return _go_on(survey, stays, wish.goes_on, now, STAYS_APART, (), shown)
    kept = (Keep(one.question, one.kind, one.given, one.role, one.replaces) for one in state.said_apart)
    told = (TellCase(wish.words),) if wish.words else ()
    opened = OpenCase(cast(Cause, wish.cause), wish.question, wish.rating, wish.words)
    named = replace(
        state,
        anonymous=False,
        said_apart=(),
        wish=None,
        refused=(),
        misses=0,
        case_opened=True,
        person_asked=wish.cause == "asked_for_person",
    )
    return _go_on(survey, named, wish.goes_on, now, NOW_WITH_NAME, (GiveName(), *kept, opened, *told), shown)


def _go_on(
    survey: Survey,
    state: Asking,
    key: str,
    now: int,
    lead: Saying,
    before: tuple[Effect, ...],
    shown: tuple[Effect, ...],
) -> Decision:
    """Go on with the question that waited, or end a survey that was over."""
    if not key:
        thanks = None if state.anonymous else PASSED_ON
        said = (lead,) if state.anonymous else ()
        return asking.close(survey, state, "complete", now, said, before, shown, thanks=thanks)
    question = asking.question_of(survey, key)
    comes = () if state.anonymous else (SOMEBODY_COMES,)
    more = unanswered.ways_offered(survey, state, question)
    return asking.ask(state, question, (lead, *comes), before=before, after=shown, more=more, introduces=True)


# -- files, and the end


def without_files(shown: Showed) -> tuple[Effect, ...]:
    """Return what becomes of files that somebody sends: they would say who it is."""
    return (Discard(shown.media), Say((NO_FILES,)))


def ended(survey: Survey, decision: Decision) -> Decision:
    """Return the end of an anonymous conversation: the response goes apart, and what stays knows nothing of it."""
    state = decision.state
    if not isinstance(state, Closed) or not state.anonymous or state.outcome == "apart":
        return decision
    outcome = asking.outcome_of(state, survey) if state.outcome == "stopped" else state.outcome
    said = _as_it_stands(state.said_apart)
    spoken = [n for n, effect in enumerate(decision.effects) if isinstance(effect, Say)]
    parting = spoken[-1] if spoken and said else None
    effects = tuple(_last(survey, effect, parts=n == parting) for n, effect in enumerate(decision.effects))
    return Decision(emptied(state), (*effects, KeepApart(cast(Outcome, outcome), said)))


def emptied(state: Closed) -> Closed:
    """Return what stays of a conversation that is over: enough to answer a late tap, and nothing of what was said."""
    return Closed(
        seed=state.seed,
        language=state.language,
        facts=NOTHING_KNOWN,
        outcome="apart",
        closed_at=0,
        anonymous=True,
    )


def _last(survey: Survey, effect: Effect, *, parts: bool) -> Effect:
    """Return what is said last in the same words to everybody: thanks alone must not tell who was unhappy."""
    match effect:
        case ShowChoice():
            return replace(effect, label=ANSWERED)
        case Say() if parts:
            thanks: tuple[Saying, ...] = effect.sayings or (survey.thanks or asking.THANKS,)
            return replace(effect, sayings=(*thanks, PART_OVER))
        case _:
            return effect


def _as_it_stands(said: tuple[Said, ...]) -> tuple[Said, ...]:
    """Return the answers that stand, without moments, messages and slips: those would tell one person from another."""
    newest = {one.question: n for n, one in enumerate(said) if one.role == "answer"}
    return tuple(
        replace(one, given=_bare(one.given), replaces=False)
        for n, one in enumerate(said)
        if one.role == "comment" or newest[one.question] == n
    )


def _bare(given: Given) -> Given:
    words = given.text if given.text is not None else "" if given.number is None else str(given.number)
    return Given(raw=words, at=0, number=given.number, text=given.text, skipped=given.skipped)


def after_the_end(state: Closed, event: Event) -> Decision:
    """Say kindly that nothing can be changed any more: nobody knows which answers they were."""
    match event:
        case Tapped():
            return Decision(state, (Note(OVER),))
        case Amended():
            return Decision(state, (Say((CANNOT_CHANGE,)),))
        case _:
            return Decision(state)
