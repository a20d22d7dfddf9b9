"""What a customer writes outside any survey: it is heard, sorted by one tap, and never lost.

    words, a case is open ───────> passed on to whoever works it
    a thank-you ─────────────────> you're welcome
    urgent or for a person ──────> a case at once
    anything else ───────────────> Sorting: *Complain*, *Praise*, *Ask a person*
    Sorting ── Tapped ───────────> Closed (a case, or a kind word passed on)
    Sorting ── Replied, Showed ──> Sorting (kept with the rest)
    Sorting ── PatienceEnded ────> Closed (what was written is kept as a comment, and staff read it)
    /complain ───────────────────> Sorting (complaining) ── Replied ──> Closed (a case)

A thank-you never becomes a complaint, and nothing here asks for a rating.
"""

from datetime import timedelta
from typing import Final

from msgspec.structs import replace

from conversations.asking import CallsForPerson, calls_for_person, closed
from conversations.events import (
    Amended,
    Choice,
    Decision,
    Effect,
    Event,
    Keep,
    Label,
    LanguageChosen,
    OpenCase,
    OptOut,
    PassOnPraise,
    PassOnUnsorted,
    PatienceEnded,
    Replied,
    Say,
    SayStanding,
    Shared,
    ShowChoice,
    Showed,
    Stopped,
    Tapped,
    TellCase,
)
from conversations.facts import Facts
from conversations.phrases import phrase
from conversations.state import Given, Sorting
from conversations.understanding import (
    asks_how_it_stands,
    clean,
    is_thanks,
    is_urgent,
    shorten,
    wants_person,
    wants_stop,
)

PATIENCE: Final = timedelta(hours=24)

COMPLAIN: Final = Choice("complain", phrase("Complain"))
PRAISE: Final = Choice("praise", phrase("Praise"))
ASK_A_PERSON: Final = Choice("person", phrase("Ask a person"))
SORTS: Final = (COMPLAIN, PRAISE, ASK_A_PERSON)

COMES: Final = phrase("I have passed this on. A colleague will write to you right here.")
SORRY: Final = phrase("I'm sorry to hear that, and thank you for saying so.")
STOPPED: Final = phrase("All right, I won't ask you anything any more. If you change your mind, send /start.")
WELCOME: Final = phrase("You're very welcome!")
STATUS: Final = "status"
"""The prompt of the button by which a customer asks how their case is."""

HOW_IS_IT: Final = Choice("case", phrase("How is my case?"))
CANNOT_PASS_ON: Final = phrase(
    "I can pass on words, pictures, voice messages, videos and documents, but not this."
    " Could you put it in a few words?"
)


def hear(
    seed: str,
    language: str,
    facts: Facts,
    text: str,
    now: int,
    *,
    case_open: bool,
    owned: bool,
    media: tuple[int, ...] = (),
) -> Decision:
    """Return what follows from words outside any conversation; `owned` says that somebody has the open case.

    `media` are our ids of what was shown, with these words below it or with none.
    """
    state = replace(_sorting(seed, language, facts, now), media=media)
    words, _ = shorten(clean(text))
    if wants_stop(text):
        return Decision(closed(state, "stopped", now), (OptOut(), Say((STOPPED,))))
    if case_open:
        return _to_the_case(state, words, now, owned=owned, cause=calls_for_person(text))
    if is_thanks(text) and not media:
        return Decision(closed(state, "none", now), (Say((WELCOME,)),))
    if is_urgent(text) or wants_person(text):
        cause: Effect = OpenCase("urgent" if is_urgent(text) else "asked_for_person", words=words)
        return Decision(closed(state, "none", now), (cause, TellCase(words, media=media), Say((COMES,))))
    return _ask_what_it_is(replace(state, said=(words,) if words else ()))


def _sorting(seed: str, language: str, facts: Facts, now: int) -> Sorting:
    until = now + PATIENCE // timedelta(milliseconds=1)
    return Sorting(seed=seed, language=language, facts=facts, expires_at=until)


def _to_the_case(state: Sorting, words: str, now: int, *, owned: bool, cause: CallsForPerson | None = None) -> Decision:
    """Pass words on; until somebody has the case the customer is told that they arrived."""
    told = TellCase(words, media=state.media)
    if cause is not None:
        return Decision(closed(state, "none", now), (OpenCase(cause, words=words), told, Say((COMES,))))
    if asks_how_it_stands(words) and not state.media:
        return Decision(closed(state, "none", now), (told, SayStanding()))
    waiting = phrase("Thank you, I have added that for the colleague who will look after this.")
    said = Say((waiting,), prompt=STATUS, choices=(HOW_IS_IT,))
    return Decision(closed(state, "none", now), (told,) if owned else (told, said))


def complain(seed: str, language: str, facts: Facts, now: int) -> Decision:
    """Return the one question that a customer who wants to complain is asked."""
    state = replace(_sorting(seed, language, facts, now), complaining=True, shown=("desk",))
    words = phrase("I'm sorry that something went wrong. What happened? A colleague will read it at once.")
    return Decision(state, (Say((words,)),))


def advance(state: Sorting, event: Event, now: int) -> Decision:
    """Return what follows from one event while what the customer wrote is being sorted."""
    match event:
        case Replied(text=text) | Shared(phone=text):
            return _more(state, text, (), now)
        case Tapped(prompt=prompt, choice=choice):
            return _sorted_as(state, prompt, choice, now)
        case Showed(media=media, caption=caption) if media or caption:
            return _more(state, caption, media, now)
        case Showed():
            return Decision(state, (Say((CANNOT_PASS_ON,)),))
        case LanguageChosen(language=language):
            state = replace(state, language=language)
            return _ask_what_it_is(state) if _something(state) else Decision(state)
        case Amended(text=text):
            words, _ = shorten(clean(text))
            return Decision(replace(state, said=(*state.said, words)))
        case Stopped():
            return _stop(state, now)
        case PatienceEnded():
            return Decision(state) if now < state.expires_at else leave(state, now)
        case _:
            return Decision(state)


def leave(state: Sorting, now: int, *, read_elsewhere: bool = False) -> Decision:
    """Return the end of a talk that nobody sorted: what was written is kept as a comment, and staff read it.

    `read_elsewhere` says that the words go to a case instead.
    """
    if read_elsewhere:
        return Decision(closed(state, "none", now), (_kept(state, now),) if _something(state) else ())
    return Decision(closed(state, "none", now), _unsorted(state, now))


def _stop(state: Sorting, now: int) -> Decision:
    return Decision(closed(state, "stopped", now), (*_unsorted(state, now), OptOut(), Say((STOPPED,))))


def _unsorted(state: Sorting, now: int) -> tuple[Effect, ...]:
    """Keep what nobody sorted, and pass it on: nothing that a customer wrote goes unread."""
    return (_kept(state, now), PassOnUnsorted(_words(state), state.media)) if _something(state) else ()


def _something(state: Sorting) -> bool:
    return bool(state.said or state.media)


def _words(state: Sorting) -> str:
    return "\n".join(state.said)


def _ask_what_it_is(state: Sorting) -> Decision:
    words = phrase("Thank you for writing. What is it about? One tap, and it goes to the right place.")
    if state.shown:
        words = phrase("I have added that. What is it about?")
    state = replace(state, shown=(*state.shown, "desk"))
    return Decision(state, (Say((words,), prompt=state.prompt(), choices=SORTS),))


def _more(state: Sorting, text: str, media: tuple[int, ...], now: int) -> Decision:
    words, _ = shorten(clean(text))
    if wants_stop(text):
        return _stop(state, now)
    if state.complaining:
        cause: Effect = OpenCase("urgent" if is_urgent(text) else "complaint", words=words)
        told = (cause, TellCase(words, media=media), Say((SORRY, COMES), apology=True))
        return Decision(closed(replace(state, case_opened=True), "complete", now), told)
    if is_thanks(text) and not media:
        return Decision(state, (Say((WELCOME,)),))
    state = replace(state, said=(*state.said, words) if words else state.said, media=(*state.media, *media))
    if is_urgent(text) or wants_person(text):
        return _open(state, OpenCase("urgent" if is_urgent(text) else "asked_for_person", words=_words(state)), (), now)
    return _ask_what_it_is(state)


def _sorted_as(state: Sorting, prompt: str, choice: str, now: int) -> Decision:
    picked = next((sort for sort in SORTS if sort.key == choice), None)
    if picked is None or state.count_of(prompt) is None:
        return Decision(state)
    shown = ShowChoice(prompt, Label((picked.label,)))
    if picked is PRAISE:
        glad = phrase("That is lovely to hear. I'll make sure the team sees it. Thank you!")
        passed = PassOnPraise(_words(state), state.media)
        return Decision(closed(state, "complete", now), (_kept(state, now), passed, Say((glad,)), shown))
    cause = OpenCase("complaint" if picked is COMPLAIN else "asked_for_person", words=_words(state))
    return _open(state, cause, (shown,), now)


def _open(state: Sorting, cause: OpenCase, after: tuple[Effect, ...], now: int) -> Decision:
    told = TellCase(_words(state), media=state.media)
    words = Say((COMES,) if cause.cause == "asked_for_person" else (SORRY, COMES), apology=cause.cause == "complaint")
    state = replace(state, case_opened=True)
    return Decision(closed(state, "complete", now), (cause, told, _kept(state, now), words, *after))


def _kept(state: Sorting, now: int) -> Keep:
    words, _ = shorten(_words(state))
    return Keep("desk", "text", Given(raw=words, text=words or None, at=now, media=state.media), role="comment")
