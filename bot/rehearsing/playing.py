"""A survey played from its beginning, step by step: the one core of every rehearsal.

`played` is pure and remembers nothing: whoever wants one step more plays all of them again, and so sees at once what
a change of the draft does to a talk that is under way.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final, assert_never

from bot.channels.messages import Button
from bot.commands import command_of
from bot.composing import pressed
from bot.phrases import LANGUAGES, language_for, say
from bot.rehearsing import asides
from bot.rehearsing.shown import Played
from bot.rehearsing.soundness import sound
from bot.rehearsing.stage import Stage
from bot.rehearsing.steps import Back, Contact, Language, Photo, Say, Step, Stop, Tap, Wait
from conversations import desk
from conversations.contact import Rules
from conversations.events import LanguageChosen, Replied, SayStanding, Shared, Showed, Stopped, Tapped, WentBack
from conversations.facts import Facts
from conversations.phrases import Phrase, phrase
from conversations.problems import SurveyError
from conversations.state import Closed
from conversations.surveys import Survey

BEGINS_AT: Final = 1_772_445_600_000
"""Monday 2026-03-02 10:00 UTC, in ms: the same rehearsal always reads the same."""

TAKES: Final = timedelta(minutes=1)
"""How long somebody takes for a step."""

MOST_STEPS: Final = 200
"""Steps of one rehearsal; whoever sends more is misusing it."""

HOUR: Final = timedelta(hours=1)


def played(
    survey: Survey | None,
    language: str,
    facts: Facts,
    steps: Iterable[Step],
    *,
    begins_at: int = BEGINS_AT,
    follow_up: Survey | None = None,
    rules: Rules = Rules(),  # noqa: B008 - it is frozen
    reader: str = "en",
    follows_up: bool = False,
) -> Played:
    """Return what is seen when these steps are taken one after the other, a minute apart, from `begins_at` (ms) on.

    `follow_up` is the survey that is asked after a case; without one nothing is said of it. With `follows_up` the
    survey itself is one, and a case is there when it begins. `reader` is the author's language.

    Never raises for a draft, however wrong: `trouble` says what of it cannot be played, and a step that fits no more
    is left out and said so.
    """
    if survey is None:
        return Played((), over=False, outcome=None, now=begins_at, trouble=(say(UNREADABLE, reader),))
    playable, left_out = sound(survey)
    trouble = tuple(say(words, reader) for words in left_out)
    if playable is None:
        return Played((), over=False, outcome=None, now=begins_at, trouble=trouble)
    again = follow_up if follow_up is None else sound(follow_up)[0]
    stage = Stage(playable, language, facts, begins_at, follow_up=again, rules=rules, reader=reader)
    begun = _play(stage, steps, follows_up=follows_up)
    if not begun:
        return Played(tuple(stage.shown), over=False, outcome=None, now=stage.now, trouble=trouble)
    state = stage.response
    outcome = state.outcome if isinstance(state, Closed) else None
    return Played(tuple(stage.shown), stage.over, outcome, stage.now, state, trouble)


UNREADABLE: Final = phrase("The survey cannot be read yet: mend what is marked in it first.")


def _play(stage: Stage, steps: Iterable[Step], *, follows_up: bool) -> bool:
    """Play all steps; what a draft makes impossible ends it with a word. Return whether it could be begun."""
    begun = False
    try:
        stage.begin(follows_up=follows_up)
        begun = True
        for stage.step, step in enumerate(steps):
            _take(stage, step)
    except (SurveyError, LookupError, ValueError, RecursionError):  # `sound` lets nothing of this through that we know
        stage.tell("stuck", asides.STUCK)
    return begun


def _take(stage: Stage, step: Step) -> None:
    if isinstance(step, Wait):
        _wait(stage, step.span)
        return
    stage.pass_time(TAKES)
    ref = f"{stage.step}"
    match step:
        case Tap():
            _tap(stage, step)
        case Say(text=text):
            _written(stage, text, ref)
        case Photo(caption=caption):
            stage.replied(f"[{say(PICTURE, stage.reader)}] {caption}".rstrip())
            _heard(stage, Showed("photo", (stage.step + 1,), caption, ref))
        case Contact(phone=phone):
            stage.replied(phone)
            _heard(stage, Shared(phone, ref))
        case Back():
            stage.replied("/back")
            _back(stage)
        case Stop():
            stage.replied("/stop")
            _stop(stage)
        case Language(tag=tag):
            stage.replied(f"/language {tag}")
            _language(stage, tag)
        case _:
            assert_never(step)


PICTURE: Final = phrase("picture")


def _wait(stage: Stage, span: timedelta) -> None:
    if span <= timedelta(0):
        return
    stage.tell("time", _passing(span))
    stage.pass_time(span)


def _passing(span: timedelta) -> Phrase:
    if span == HOUR:
        return asides.ONE_HOUR
    if span % HOUR:
        return Phrase(asides.MINUTES.sentence, {"minutes": span // timedelta(minutes=1)})
    return Phrase(asides.PASSES.sentence, {"hours": span // HOUR})


# -- what the customer does


def _tap(stage: Stage, tap: Tap) -> None:
    found = button_of(stage, tap)
    if found is None:
        stage.tell("left_out", Phrase(asides.GONE.sentence, {"label": tap.label or tap.press}))
        return
    button, question = found
    stage.replied(button.label, question=question, tapped=True)
    parsed = pressed(button.press)
    if parsed is None:
        return
    if parsed[0] == desk.STATUS:
        stage.tell("staff", asides.aside(SayStanding(), "", deepens=True)[1], SayStanding())
    else:
        stage.take(Tapped(*parsed))


def button_of(stage: Stage, tap: Tap) -> tuple[Button, str] | None:
    """Return the button that is tapped, with the question it stands below; None when it is there no more.

    It is looked for below its question by what it chooses, then by what it sends back, then by what it reads, the
    newest message first.
    """
    choice = parsed[1] if (parsed := pressed(tap.press)) else None
    standing = list(stage.buttons())
    if tap.question:
        for question, button in standing:
            if question == tap.question and (at := pressed(button.press)) and at[1] == choice:
                return button, question
        return None
    for question, button in standing:
        if button.press == tap.press or (not tap.press and button.label.casefold() == tap.label.casefold()):
            return button, question
    return None


def _written(stage: Stage, text: str, ref: str) -> None:
    stage.replied(text)
    command = command_of(text)
    if command is None:
        _heard(stage, Replied(text, ref))
        return
    match command:
        case ("back", _):
            _back(stage)
        case ("stop", _):
            _stop(stage)
        case ("language", tag) if tag:
            _language(stage, language_for(tag, ""))
        case (name, _):
            stage.tell("left_out", Phrase(asides.NOT_HERE.sentence, {"command": f"/{name}"}))


def _heard(stage: Stage, event: Replied | Showed | Shared) -> None:
    """Give words to the conversation that is open, else to the desk."""
    if not isinstance(stage.state, Closed):
        stage.take(event)
        return
    match event:
        case Replied(text=text) | Shared(phone=text):
            stage.hear(text)
        case Showed(caption=caption, media=media):
            stage.hear(caption, media)


def _back(stage: Stage) -> None:
    if stage.asked:
        stage.take(WentBack())
    else:
        stage.said(asides.NOTHING_OPEN)


def _stop(stage: Stage) -> None:
    if not isinstance(stage.state, Closed):
        stage.take(Stopped())
    else:
        stage.never_again(desk.STOPPED)


def _language(stage: Stage, tag: str) -> None:
    if tag not in LANGUAGES:
        stage.tell("left_out", Phrase(asides.NOT_HERE.sentence, {"command": "/language"}))
        return
    stage.speak(tag)
    stage.said(ENGLISH_IT_IS)
    if not isinstance(stage.state, Closed):
        stage.take(LanguageChosen(tag))


ENGLISH_IT_IS: Final = phrase("All right, English it is.")
"""In each catalogue it names its own language."""
