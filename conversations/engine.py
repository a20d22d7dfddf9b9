"""The conversation engine: given a state and an event, what happens next.

One public pair, `begin` and `advance`. Both are pure: they read no clock, no database and no network, and the
same arguments always give the same `Decision`. What must happen in the world is returned as effects; `bot.turn`
saves the state and the effects in one transaction, and delivery carries them out after it.

    begin ──────────────────────────────────> Asking (the first question)
    Asking ── answered ─────────────────────> Asking (the next one) or Closed (complete)
    Asking ── answered, unhappy ────────────> Asking (only *What happened?* is left)
    Asking ── not an answer ────────────────> Asking (kept as a comment, the question asked once more)
    Asking ── Tapped or Amended, earlier one > Asking (a change is offered; the answer stands until confirmed)
    Asking ── WentBack ─────────────────────> Asking (the question before)
    Asking ── LanguageChosen, Resumed ──────> Asking (the same question, shown again)
    Asking ── Silent, nothing answered ─────> Asking (reminded, once for each reminder)
    Asking ── PatienceEnded, too early ─────> Asking (unchanged)
    Asking ── PatienceEnded, Stopped ───────> Closed
    Closed ── Tapped, Amended ──────────────> Closed (told what is recorded, or a change is offered)

What a customer writes is never an error: it is an answer, a comment, or words for a person.
"""

from datetime import timedelta

from msgspec.structs import replace

from conversations import anonymity, asking, changing, unanswered
from conversations.asking import ask
from conversations.events import (
    Amended,
    AskedForPerson,
    Consent,
    Decision,
    Effect,
    Event,
    Keep,
    LanguageChosen,
    Note,
    OpenCase,
    OptOut,
    PassOnPraise,
    Replied,
    Resumed,
    Say,
    Saying,
    Shared,
    ShowChoice,
    Showed,
    Silent,
    Stopped,
    Tapped,
    TellCase,
    WentBack,
)
from conversations.facts import Facts
from conversations.following import follow
from conversations.phrases import Phrase, phrase
from conversations.picking import pick, picks
from conversations.praising import is_praise, with_remark
from conversations.replies import label_of, understood
from conversations.state import Asking, Closed, Given
from conversations.surveys import Question, Survey
from conversations.understanding import clean, wants_stop


def begin(
    survey: Survey,
    seed: str,
    language: str,
    facts: Facts,
    now: int,
    *,
    consented: bool = False,
    case_open: bool = False,
    lead: tuple[Saying, ...] = (),
) -> Decision:
    """Return the first question of a survey, to a customer who consented earlier or does by answering.

    `seed` is random and names this conversation's prompts. `now` is in ms. `case_open` says that the survey is
    about a case, to which what the customer types goes; `lead` comes before the first question.
    """
    state = Asking(
        seed=seed,
        language=language,
        facts=facts,
        question=survey.questions[0].key,
        case_opened=case_open,
        anonymous=survey.anonymous and not case_open,
        expires_at=now + survey.expires // timedelta(milliseconds=1),
    )
    if state.anonymous:
        lead = (anonymity.PROMISE, *lead)
    if survey.consent == "step" and not consented:
        return ask(replace(state, question=asking.CONSENT.key), asking.CONSENT, lead if state.anonymous else ())
    state, said, question = asking.pass_statements(survey, state, survey.questions[0])
    if question is None:
        over = asking.close(survey, state, "complete", now, said)
        return anonymity.ended(survey, over)
    begun = ask(state, question, (*lead, *said), asks_consent=not consented, proactive=True)
    return asking.with_days(anonymity.guarded(survey, state, begun), now)


def advance(survey: Survey, state: Asking | Closed, event: Event, now: int) -> Decision:
    """Return what follows from one event. The survey must be the version the conversation began with."""
    match state:
        case Asking():
            decision = _while_asking(survey, state, event, now)
            if state.anonymous:
                decision = anonymity.guarded(survey, state, decision)
            return asking.with_days(decision, now)
        case Closed(anonymous=True):
            return anonymity.after_the_end(state, event)
        case Closed():
            return changing.after_the_end(survey, state, event, now)


def _while_asking(survey: Survey, state: Asking, event: Event, now: int) -> Decision:
    match event:
        case Replied(text=text, ref=ref) | Shared(phone=text, ref=ref):
            return _reply(survey, state, text, ref, now)
        case Tapped(prompt=prompt, choice=choice):
            return _tap(survey, state, prompt, choice, now)
        case Amended(text=text, ref=ref):
            return changing.amend(survey, state, text, ref, now)
        case Showed():
            return _show(survey, state, event, now)
        case WentBack():
            return changing.go_back(survey, state)
        case LanguageChosen(language=language):
            return _show_again(survey, replace(state, language=language))
        case Resumed():
            away = phrase("I was away for a moment and may have missed your answer, so I am asking once more.")
            return _show_again(survey, state, away, proactive=True)
        case _:
            return _without_words(survey, state, event, now)


def _without_words(survey: Survey, state: Asking, event: Event, now: int) -> Decision:
    """Take what was no answer at all: a person wanted by a command, a wish to hear no more, silence."""
    match event:
        case Stopped():
            return _stop(survey, state, now)
        case Silent():
            return _remind(survey, state)
        case AskedForPerson(cause=cause):
            return Decision(replace(state, case_opened=True), (OpenCase(cause), Say((asking.SOMEBODY_COMES,))))
        case _:
            return _give_up(survey, state, now)


def _open(survey: Survey, state: Asking) -> Question:
    return asking.question_of(survey, state.question)


def _show_again(survey: Survey, state: Asking, why: Phrase | None = None, *, proactive: bool = False) -> Decision:
    """Show the open question again as it stands, with its ways out, and say below it why."""
    question = _open(survey, state)
    return ask(
        state,
        question,
        more=unanswered.ways_offered(survey, state, question),
        tail=(why,) if why else (),
        introduces=True,
        asks_consent=question is not asking.CONSENT and not asking.answered(survey, state),
        proactive=proactive,
    )


# -- what the customer typed


def _reply(survey: Survey, state: Asking, text: str, ref: str, now: int, media: tuple[int, ...] = ()) -> Decision:
    if wants_stop(text):
        return _stop(survey, state, now)
    question = _open(survey, state)
    given = understood(question, text, ref, now, state.facts.zone)
    if given is None:
        return unanswered.take_comment(survey, state, question, text, ref, now, media)
    if question is asking.CONSENT:
        return _answer(survey, state, question, given, now)
    decision = _answer(survey, state, question, replace(given, media=media), now)
    if question.kind == "text" or media:
        decision = _also_for_a_person(state, decision, text, media)
    if question.kind == "text" and question.key not in state.answers and is_praise(survey, decision.state, text):
        decision = replace(decision, effects=(*decision.effects, PassOnPraise(text, media, rated=True)))
    return decision


def _also_for_a_person(before: Asking, decision: Decision, text: str, media: tuple[int, ...] = ()) -> Decision:
    """Open a case for urgent words in an answer to a text question, also beside a 5; relay to an open one."""
    effects = list(decision.effects)
    state = decision.state
    if (cause := asking.calls_for_person(text)) is not None:
        effects.insert(0, OpenCase(cause))
        if not before.case_opened:
            effects.insert(1, Say((asking.SOMEBODY_COMES,)))
        state = replace(state, case_opened=True)
    if state.case_opened:
        told = TellCase(text, media=media)
        effects.insert(1 if effects and isinstance(effects[0], OpenCase) else 0, told)
    return Decision(state, tuple(effects))


def _show(survey: Survey, state: Asking, shown: Showed, now: int) -> Decision:
    """Take a photo or a voice message: it answers a question for words, beside any other it is a comment."""
    if state.anonymous and shown.media:
        said = _reply(survey, state, shown.caption, shown.ref, now) if clean(shown.caption) else Decision(state)
        return replace(said, effects=(*anonymity.without_files(shown), *said.effects))
    if clean(shown.caption):
        return _reply(survey, state, shown.caption, shown.ref, now, shown.media)
    question = _open(survey, state)
    if not shown.media:
        return unanswered.cannot_pass_on(survey, state, question, shown.what, now)
    given = Given("", now, ref=shown.ref, media=shown.media)
    if question.kind == "text":
        return _also_for_a_person(state, _answer(survey, state, question, given, now), "", shown.media)
    kept: tuple[Effect, ...] = (Keep(question.key, question.kind, given, role="comment"),)
    if question is asking.CONSENT:
        kept = ()
    if state.case_opened:
        kept = (*kept, TellCase("", media=shown.media))
    return unanswered.ask_again(
        survey, replace(state, misses=state.misses + 1), question, unanswered.NOTED if kept else None, kept
    )


# -- what the customer tapped


def _tap(survey: Survey, state: Asking, prompt: str, choice: str, now: int) -> Decision:
    count = state.count_of(prompt)
    if count is None:
        return Decision(state)
    if state.shown[count] == asking.CHANGE:
        return changing.confirm(survey, state, count, choice, now)
    if choice == asking.PERSON.key:
        return _person(survey, state, prompt, now)
    if state.shown[count] != state.question:
        return changing.stale(survey, state, state.shown[count], choice, now)
    return _choose(survey, state, _open(survey, state), prompt, choice, now)


def _choose(survey: Survey, state: Asking, question: Question, prompt: str, choice: str, now: int) -> Decision:
    if picks(question, choice):
        return pick(state, question, prompt, choice, unanswered.ways_offered(survey, state, question))
    skippable = state.misses >= unanswered.OFFER_A_PERSON
    given = asking.tapped(question, choice, state.chosen, now, zone=state.facts.zone, offered_skip=skippable)
    if given is None:
        return Decision(state)
    return _answer(survey, state, question, given, now, prompt)


def _person(survey: Survey, state: Asking, prompt: str, now: int) -> Decision:
    """A person was asked for with a button: the open question stays open, and its words go to the case."""
    if state.person_asked:
        return Decision(state, (Note(asking.ASKED_ALREADY),))
    comes = Say((asking.SOMEBODY_COMES, phrase("You can already write here what happened.")))
    shown = ShowChoice(prompt, label_of(survey, _open(survey, state), asking.PERSON))
    state = replace(state, case_opened=True, person_asked=True, misses=0)
    return Decision(state, (OpenCase("asked_for_person"), comes, shown))


# -- an answer, and what follows from it


def _answer(
    survey: Survey, state: Asking, question: Question, given: Given, now: int, prompt: str | None = None
) -> Decision:
    """Take an answer to the open question: store it, see whether it is unhappy, go on."""
    if question.key == asking.CONSENT.key:
        return _consent(survey, state, given, now, prompt)
    if question.key == asking.MAY_CONTACT.key:
        return anonymity.answered(survey, state, given, now, prompt)
    replaces = question.key in state.answers
    after = replace(state, answers={**state.answers, question.key: given}, chosen=(), misses=0, remark="")
    effects: list[Effect] = [Keep(question.key, question.kind, given, replaces=replaces)]
    shown = (ShowChoice(prompt, label_of(survey, question, given)),) if prompt else ()
    decision = follow(survey, after, question, given, now, tuple(effects), shown)
    return with_remark(survey, question, state, decision)


def _consent(survey: Survey, state: Asking, given: Given, now: int, prompt: str | None) -> Decision:
    shown = (ShowChoice(prompt, label_of(survey, asking.CONSENT, given)),) if prompt else ()
    if given.text != "yes":
        no = phrase("That is quite all right. Nothing was stored, and I won't ask again about this.")
        return asking.close(survey, state, "none", now, (), (), shown, thanks=no)
    state, said, first = asking.pass_statements(survey, state, survey.questions[0])
    if first is None:
        return asking.close(survey, state, "complete", now, said, (Consent(),), shown)
    return ask(state, first, said, before=(Consent(),), after=shown)


# -- silence, and the end


def _remind(survey: Survey, state: Asking) -> Decision:
    if asking.answered(survey, state) or state.misses or state.person_asked:
        return Decision(state)
    return _show_again(survey, state, phrase("Just a gentle reminder, in case it slipped by."), proactive=True)


def _stop(survey: Survey, state: Asking, now: int) -> Decision:
    bye = phrase("All right, I won't ask you anything any more. If you change your mind, send /start.")
    return asking.close(survey, state, "stopped", now, (), (OptOut(),), thanks=bye)


def _give_up(survey: Survey, state: Asking, now: int) -> Decision:
    if now < state.expires_at:  # woken too early, or for a life that was made longer
        return Decision(state)
    return Decision(asking.closed(state, asking.outcome_of(state, survey), now))
