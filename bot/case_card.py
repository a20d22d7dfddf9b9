"""The message of a case as it stands now: what is known, who has it, how grave it is, its times, what was done."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot import case_causes, case_words
from bot.channels.messages import Message
from bot.channels.telegram.limits import parts
from bot.phrases import listed, say
from bot.scene import Scene
from bot.wall_clock import wall_time
from conversations.phrases import Phrase, phrase
from recovery import clocks
from recovery.cases import Case as Stand
from recovery.cases import load
from recovery.clocks import Owed
from recovery.money import Money, written
from storage.cases import Case
from storage.clocks import CaseClock
from storage.offers import OfferRow

GRAVE: Final = 3
"""Of four: from here on how grave a case is stands in its message."""

STEPS: Final[Mapping[str, Phrase]] = {
    "apology": phrase("apology"),
    "repair": phrase("repair"),
    "empathy": phrase("empathy"),
    "atonement": phrase("a small gesture"),
    "restatement": phrase("said back"),
}
_BY: Final[Mapping[Owed, Phrase]] = {
    "acknowledge": phrase("To be taken by {when}."),
    "first_contact": phrase("The customer is to hear from a person by {when}."),
    "apology": phrase("Next, an apology of your own: by {when}."),
    "repair": phrase("Next, the repair: by {when}."),
    "empathy": phrase("Next, to feel with them: by {when}."),
    "atonement": phrase("Next, a small gesture: by {when}."),
    "resolve": phrase("To be put right by {when}."),
}
_STEP_OVERDUE: Final = phrase("⏰ Overdue: the next step of the plan was to be taken by {when}.")
_OVERDUE: Final[Mapping[Owed, Phrase]] = {
    "acknowledge": phrase("⏰ Overdue: nobody has taken it since {when}."),
    "first_contact": phrase("⏰ Overdue: the customer waits since {when} to hear from a person."),
    "apology": _STEP_OVERDUE,
    "repair": _STEP_OVERDUE,
    "empathy": _STEP_OVERDUE,
    "atonement": _STEP_OVERDUE,
    "resolve": phrase("⏰ Overdue: it was to be put right by {when}."),
}
_OFFERED: Final = frozenset({"awaiting", "approved", "put", "accepted", "redeemed"})


def card(scene: Scene, case: Case, language: str) -> str:
    """Return the message of a case in full, as it stands now."""
    return f"{case_words.first_words(scene, case, language)}\n\n{state_lines(scene, case, language)}"


def opening(scene: Scene, case: Case, language: str) -> str:
    """Return what staff read first of a case: all that is known, whom it was given to, how grave it is, its times."""
    name = case_words.given_to(scene, case)
    given = [] if name is None else [say(phrase("Given to {name}.", name=name), language)]
    lines = [*given, *_gravity(case, language), *_times(scene, case, load(case.state), language)]
    return "\n\n".join(part for part in (case_words.first_words(scene, case, language), "\n".join(lines)) if part)


def stands_in_one(text: str) -> bool:
    """Return whether a text is one message in a chat."""
    return len(parts(Message(text))) == 1


def state_lines(scene: Scene, case: Case, language: str) -> str:
    """Return how a case stands: who has it, how grave it is, its times, what was done and offered."""
    state = load(case.state)
    lines = [case_words.standing(scene, state, language, case_words.given_to(scene, case))]
    if case.closed_at is None:
        lines += [*_gravity(case, language), *_times(scene, case, state, language)]
    lines += [*_done(scene, case, language), *_offers(scene, case, language), *_cause(scene, case, language)]
    return "\n".join(lines) + case_words.announced(scene, case, language)


def _gravity(case: Case, language: str) -> Iterator[str]:
    if case.severity >= GRAVE:
        yield say(phrase("Severity {severity} of 4.", severity=case.severity), language)


def _times(scene: Scene, case: Case, state: Stand, language: str) -> Iterator[str]:
    """Yield what is owed next, and by when it is to be put right."""
    owed = [(row, clocks.load(row.state)) for row in scene.unit.clocks.of(case.id)]
    left = [(row, clock) for row, clock in owed if clock.stage != "done" and not _is_over(clock.target.owed, state)]
    shown = [*left[:1], *[each for each in left[1:] if each[1].target.owed == "resolve"]]
    for row, clock in shown:
        at = clock.breached_at if clock.breached_at is not None else row.due_at
        if at is not None:
            words = _OVERDUE if clock.breached_at is not None else _BY
            when = wall_time(at, scene.house.zone, language)
            yield say(Phrase(words[clock.target.owed].sentence, {"when": when}), language)


def _is_over(owed: Owed, state: Stand) -> bool:
    """Return whether the case has what a clock waits for; the clock hears of it right after this turn's messages."""
    if owed == "acknowledge":
        return state.owner is not None
    return state.wrote if owed == "first_contact" else state.stage == "resolved"


def next_due(rows: list[CaseClock]) -> int | None:
    """Return when the first of a case's clocks runs out, or ran out; None when none runs."""
    moments = []
    for row in rows:
        clock = clocks.load(row.state)
        at = clock.breached_at if clock.breached_at is not None else row.due_at
        if clock.stage != "done" and at is not None:
            moments.append(at)
    return min(moments, default=None)


def _done(scene: Scene, case: Case, language: str) -> Iterator[str]:
    steps = [one.step for one in scene.unit.case_steps.of(case.id) if one.how in ("done", "confirmed")]
    names = [say(STEPS[step], language) for step in dict.fromkeys(steps) if step in STEPS]
    if names:
        yield say(phrase("Done: {steps}", steps=listed(names, language)), language)


def _cause(scene: Scene, case: Case, language: str) -> Iterator[str]:
    if case.root_cause is not None:
        yield say(phrase("Root cause: {cause}", cause=case_causes.in_words(scene, case.root_cause, language)), language)


def _offers(scene: Scene, case: Case, language: str) -> Iterator[str]:
    for offer in scene.unit.offers.of_case(case.id):
        if offer.stage in _OFFERED:
            what = offered(offer)
            yield say(phrase("Offer: {what} ({stage})", what=what, stage=STAGES[offer.stage]), language)


def offered(offer: OfferRow) -> str:
    """Return what was offered, in words and worth."""
    worth = written(Money(offer.worth, offer.currency)) if offer.worth else ""
    return " · ".join(part for part in (offer.what, worth) if part) or offer.kind


STAGES: Final[Mapping[str, Phrase]] = {
    "awaiting": phrase("waits for a yes"),
    "approved": phrase("approved"),
    "put": phrase("the customer is looking at it"),
    "accepted": phrase("accepted"),
    "redeemed": phrase("redeemed"),
}
