"""A survey tried out in the terminal: the real engine, nobody asked, nothing stored.

Lines are those of a transcript: `bot>you` is a message with its buttons, `bot~you` what changes on one, `bot!you`
a word in passing, `->` what would be done. What equals a button's label is a tap, `[photo]` shows one, with words
after it or none, `[contact NUMBER]` shares a number; all else is typed.
"""

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Final, assert_never

from bot.channels.messages import Button
from bot.clock import moment
from bot.composing import pressed
from bot.phrases import language_for
from bot.rehearsing.asides import Apart, Unseen
from bot.rehearsing.playing import BEGINS_AT
from bot.rehearsing.shown import Shown
from bot.rehearsing.stage import Stage
from conversations.contact import Rules
from conversations.events import (
    Consent,
    CorrectCase,
    Discard,
    Event,
    GiveName,
    Keep,
    KeepApart,
    LanguageChosen,
    OpenCase,
    OptOut,
    PassOnPraise,
    PassOnUnsorted,
    Replied,
    SayStanding,
    Shared,
    Showed,
    Stopped,
    Tapped,
    TellCase,
    WentBack,
)
from conversations.facts import Facts
from conversations.state import Asking, Closed
from conversations.surveys import Survey

MINUTE: Final = 60_000
WAKE: Final = "wake"
_PLACE: Final = " " * 28
_AT_ANY_TIME: Final = Rules(quiet_from=time(0), quiet_until=time(0))
"""Who sits at a terminal wants the reminder now."""


class Rehearsal:
    """One conversation with whoever sits at the terminal. `write` is given each line of the transcript."""

    def __init__(self, survey: Survey, language: str, facts: Facts, write: Callable[[str], None], who: str) -> None:
        self._stage = Stage(survey, language, facts, BEGINS_AT, rules=_AT_ANY_TIME)
        self._language = language
        self._write = write
        self._who = who
        self._written = 0
        self._buttons: dict[str, str] = {}

    @property
    def over(self) -> bool:
        """Return whether the conversation is closed."""
        return isinstance(self._stage.state, Closed)

    def begin(self) -> None:
        """Ask the first question."""
        self._stage.begin()
        self._write_all()

    def take(self, line: str) -> None:
        """Take in what was typed: a label, words, `/back`, `/stop`, `/language TAG`, or `wake` to let time pass."""
        if not isinstance(self._stage.state, Asking | Closed):
            return
        line = line.strip()
        if line.partition(" ")[0] == WAKE:
            self._wake(line)
        else:
            self._stage.now += MINUTE
            event, shown = self._event_of(line)
            self._line(self._stage.now, self._who, shown)
            self._stage.take(event)
        self._write_all()

    def _event_of(self, line: str) -> tuple[Event, str]:
        label = line.removeprefix("[tap ").removesuffix("]") if line.startswith("[tap ") else line
        tap = next((press for name, press in self._buttons.items() if name.casefold() == label.casefold()), None)
        if tap is not None and (parsed := pressed(tap)) is not None:
            return Tapped(*parsed), f"[tap {label}]"
        command, _, rest = line.partition(" ")
        ref = f"{self._stage.now}"
        match command.rstrip("]"):
            case "[photo":
                return Showed("photo", (1,), rest.removesuffix("]"), ref), line
            case "[contact":
                return Shared(rest.removesuffix("]"), ref), line
            case "/back":
                return WentBack(), line
            case "/stop":
                return Stopped(), line
            case "/language":
                return LanguageChosen(language_for(rest, self._stage.state.language)), line
        return Replied(line, ref), line

    def _wake(self, line: str) -> None:
        """Let time pass until the next thing falls due: a reminder while there is one, then the end of patience."""
        due_at = self._stage.next_due_at() or self._stage.now
        at = max(due_at, self._stage.now)
        self._line(at, self._who, line)
        self._stage.pass_time(timedelta(milliseconds=at - self._stage.now))

    # -- what comes out

    def _write_all(self) -> None:
        new, self._written = self._stage.shown[self._written :], len(self._stage.shown)
        for shown in new:
            self._buttons |= {button.label: button.press for row in shown.rows for button in row}
            for who, text in self._said(shown):
                self._line(shown.at, who, text)
        if self.over:
            self._buttons = {}

    def _said(self, shown: Shown) -> Iterator[tuple[str, str]]:
        match shown.kind:
            case "message":
                below = f"\n{_buttons(shown.rows)}" if shown.rows else ""
                yield f"bot>{self._who}", shown.text + below
            case "edit":
                yield f"bot~{self._who}", shown.mark or _buttons(shown.rows)
            case "passing":
                yield f"bot!{self._who}", shown.text
            case "aside" if shown.effect is not None:
                yield "->", _done(shown.effect)
            case "aside" if shown.about == "over" and isinstance(self._stage.state, Closed):
                yield "->", f"survey over, {self._stage.state.outcome}"
            case _:
                return

    def _line(self, at: int, who: str, text: str) -> None:
        first, *rest = [line for line in text.splitlines() if line.strip()] or [""]
        self._write(f"{moment(at):%Y-%m-%d %H:%M}  {who:<9} {first}".rstrip())
        for line in rest:
            self._write(f"{_PLACE}{line}")


def _buttons(rows: tuple[tuple[Button, ...], ...]) -> str:
    return "\n".join(" ".join(f"[{button.label}]" for button in row) for row in rows)


def _done(effect: Unseen) -> str:
    if isinstance(effect, KeepApart | GiveName | Discard):
        return _done_apart(effect)
    match effect:
        case Keep():
            return _kept(effect)
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


def _kept(effect: Keep) -> str:
    given = effect.given
    if effect.role == "comment":
        return f"comment on {effect.question}: {_words(given.text or given.raw, given.media)}"
    value = given.number if given.number is not None else _words(given.text or "", given.media)
    return f"kept {effect.question}={'skipped' if given.skipped else value}"


def _done_apart(effect: Apart) -> str:
    match effect:
        case KeepApart(said=said):
            words = [f"{one.question}={one.given.raw or 'skipped'}" for one in said]
            return f"kept without a name: {', '.join(words) or 'nothing'}"
        case GiveName():
            return "the customer gives their name"
        case Discard():
            return "the file is not kept"
        case _:
            assert_never(effect)


def _words(text: str, media: tuple[int, ...]) -> str:
    """Return what was written and shown, as one would type it here."""
    return f"[photo {text}]".replace(" ]", "]") if media else text
