"""A survey tried out in the terminal: the real engine, nobody asked, nothing stored.

Lines are those of a transcript: `bot>you` is a message with its buttons, `bot~you` what changes on one, `bot!you`
a word in passing, `->` what would be done. What equals a button's label is a tap, `[photo]` shows one, with words
after it or none, `[contact NUMBER]` shares a number; all else is typed.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final, assert_never

from bot.channels.messages import Button, Message
from bot.clock import moment
from bot.composing import (
    ConsentLine,
    Voice,
    chosen_rows,
    label_text,
    pressed,
    question_message,
    said_message,
)
from bot.phrases import language_for
from conversations import engine
from conversations.asking import values_of
from conversations.events import (
    Ask,
    Consent,
    CorrectCase,
    Decision,
    Effect,
    Event,
    Keep,
    LanguageChosen,
    Note,
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
    ShowChosen,
    Showed,
    Silent,
    Stopped,
    Tapped,
    TellCase,
    WentBack,
)
from conversations.facts import Facts
from conversations.phrases import Phrase
from conversations.state import Asking, Closed, State, load, save
from conversations.surveys import Survey

BEGINS_AT: Final = 1_772_445_600_000  # Monday 2026-03-02 10:00 UTC: the same rehearsal always reads the same
MINUTE: Final = 60_000
WAKE: Final = "wake"
_PLACE: Final = " " * 28


class Rehearsal:
    """One conversation with whoever sits at the terminal. `write` is given each line of the transcript."""

    def __init__(self, survey: Survey, language: str, facts: Facts, write: Callable[[str], None], who: str) -> None:
        self._survey = survey
        self._language = language
        self._facts = facts
        self._write = write
        self._who = who
        self._now = BEGINS_AT
        self._buttons: dict[str, str] = {}
        self._reminded = 0
        self._state: State

    @property
    def over(self) -> bool:
        """Return whether the conversation is closed."""
        return isinstance(self._state, Closed)

    def begin(self) -> None:
        """Ask the first question."""
        self._carry_out(engine.begin(self._survey, "rehearsal", self._language, self._facts, self._now))

    def take(self, line: str) -> None:
        """Take in what was typed: a label, words, `/back`, `/stop`, `/language TAG`, or `wake` to let time pass."""
        state = self._state
        if not isinstance(state, Asking | Closed):
            return
        self._now += MINUTE
        event, shown = self._event_of(line.strip(), state)
        self._line(self._who, shown)
        self._carry_out(engine.advance(self._survey, state, event, self._now))

    def _event_of(self, line: str, state: Asking | Closed) -> tuple[Event, str]:
        label = line.removeprefix("[tap ").removesuffix("]") if line.startswith("[tap ") else line
        tap = next((press for name, press in self._buttons.items() if name.casefold() == label.casefold()), None)
        if tap is not None and (parsed := pressed(tap)) is not None:
            return Tapped(*parsed), f"[tap {label}]"
        command, _, rest = line.partition(" ")
        match command.rstrip("]"):
            case "[photo":
                return Showed("photo", (1,), rest.removesuffix("]"), f"{self._now}"), line
            case "[contact":
                return Shared(rest.removesuffix("]"), f"{self._now}"), line
            case "/back":
                return WentBack(), line
            case "/stop":
                return Stopped(), line
            case "/language":
                return LanguageChosen(language_for(rest, state.language)), line
            case "wake":
                return self._time_passes(state), line
        return Replied(line, f"{self._now}"), line

    def _time_passes(self, state: Asking | Closed) -> Event:
        """Return what the next due row would bring: a reminder while there is one, then the end of patience."""
        if self._reminded < len(self._survey.remind) and isinstance(state, Asking):
            self._now = BEGINS_AT + self._survey.remind[self._reminded] // timedelta(milliseconds=1)
            self._reminded += 1
            return Silent()
        self._now = max(self._now, state.expires_at if isinstance(state, Asking) else 0)
        return PatienceEnded()

    # -- what comes out

    def _carry_out(self, decision: Decision) -> None:
        before = getattr(self, "_state", None)
        self._state = load(save(decision.state))  # so each rehearsal also tries what is stored
        voice = Voice(
            decision.state.language, self._survey.languages[0], decision.state.facts, values_of(decision.state)
        )
        for effect in decision.effects:
            for who, text in self._shown(effect, voice):
                self._line(who, text)
        if isinstance(decision.state, Closed) and not isinstance(before, Closed):
            self._buttons = {}
            self._line("->", f"survey over, {decision.state.outcome}")

    def _shown(self, effect: Effect, voice: Voice) -> Iterator[tuple[str, str]]:
        match effect:
            case Ask():
                line = ConsentLine(self._facts.business.get("name", ""), "") if effect.asks_consent else None
                yield from self._message(question_message(effect, voice, line))
            case Say():
                yield from self._message(said_message(effect, voice))
            case ShowChoice(label=label):
                yield f"bot~{self._who}", f"✓ {label_text(label, voice)}"
            case ShowChosen():
                rows = chosen_rows(effect, voice)
                self._offer(rows)
                yield f"bot~{self._who}", _buttons(rows)
            case Note(phrase=phrase, label=label):
                words = phrase if label is None else Phrase(phrase.sentence, {"answer": label_text(label, voice)})
                yield f"bot!{self._who}", voice.text(words)
            case _:
                yield "->", _done(effect)

    def _message(self, message: Message) -> Iterator[tuple[str, str]]:
        self._offer(message.rows)
        below = f"\n{_buttons(message.rows)}" if message.rows else ""
        yield f"bot>{self._who}", message.text + below

    def _offer(self, rows: tuple[tuple[Button, ...], ...]) -> None:
        self._buttons |= {button.label: button.press for row in rows for button in row}

    def _line(self, who: str, text: str) -> None:
        first, *rest = [line for line in text.splitlines() if line.strip()] or [""]
        self._write(f"{moment(self._now):%Y-%m-%d %H:%M}  {who:<9} {first}".rstrip())
        for line in rest:
            self._write(f"{_PLACE}{line}")


def _buttons(rows: tuple[tuple[Button, ...], ...]) -> str:
    return "\n".join(" ".join(f"[{button.label}]" for button in row) for row in rows)


def _done(
    effect: Keep | OpenCase | TellCase | SayStanding | CorrectCase | PassOnPraise | PassOnUnsorted | OptOut | Consent,
) -> str:
    match effect:
        case Keep(role="comment"):
            return f"comment on {effect.question}: {_words(effect.given.text or effect.given.raw, effect.given.media)}"
        case Keep(given=given):
            value = given.number if given.number is not None else _words(given.text or "", given.media)
            return f"kept {effect.question}={'skipped' if given.skipped else value}"
        case OpenCase():
            rating = "" if effect.rating is None else f", {effect.question} {effect.rating}"
            return f"open a case: {effect.cause.replace('_', ' ')}{rating}"
        case TellCase(text=text, media=media):
            return f"tell staff: {_words(text, media)}"
        case SayStanding():
            return "tell how the case stands"
        case CorrectCase(rating=rating):
            return f"close the case as corrected{'' if rating is None else f', rating {rating}'}"
        case PassOnPraise(text=text):
            return f"pass on praise: {text}"
        case PassOnUnsorted(text=text):
            return f"pass on what nobody sorted: {text}"
        case OptOut() | Consent():
            return "never ask again" if isinstance(effect, OptOut) else "consented"
        case _:
            assert_never(effect)


def _words(text: str, media: tuple[int, ...]) -> str:
    """Return what was written and shown, as one would type it here."""
    return f"[photo {text}]".replace(" ]", "]") if media else text
