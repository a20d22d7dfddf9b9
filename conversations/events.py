"""What a conversation takes in, and what it wants done.

Events are facts, past participles; effects are imperatives. `bot.turn` carries the effects out in the same
transaction that saves the state.
"""

from typing import Literal

import msgspec

from conversations.phrases import Phrase
from conversations.state import Given, Said, State
from conversations.surveys import Question, Texts


class Replied(msgspec.Struct, frozen=True):
    """The customer typed something. `ref` is the channel's id of that message."""

    text: str
    ref: str = ""


class Tapped(msgspec.Struct, frozen=True):
    """The customer tapped a button of that prompt."""

    prompt: str
    choice: str


class Amended(msgspec.Struct, frozen=True):
    """The customer edited an earlier message of theirs."""

    text: str
    ref: str


class Showed(msgspec.Struct, frozen=True):
    """The customer sent something that is no text: a photo, a voice message, a place.

    `media` are our ids of the files that we keep of it; empty when it is nothing that can be kept or passed on.
    `caption` is what was written below it, and `ref` the channel's id of that message.
    """

    what: str
    media: tuple[int, ...] = ()
    caption: str = ""
    ref: str = ""


class Shared(msgspec.Struct, frozen=True):
    """The customer shared a contact out of their telephone: its number as the channel gives it."""

    phone: str
    ref: str = ""


class WentBack(msgspec.Struct, frozen=True):
    """The customer wants the question before."""


class Stopped(msgspec.Struct, frozen=True):
    """The customer wants no more of this, ever."""


class LanguageChosen(msgspec.Struct, frozen=True):
    """The customer wants another language."""

    language: str


class Resumed(msgspec.Struct, frozen=True):
    """We were away long enough to have lost taps: the open question is shown again."""


class Silent(msgspec.Struct, frozen=True):
    """It is time for a reminder, if nothing was answered."""


class PatienceEnded(msgspec.Struct, frozen=True):
    """The conversation has waited as long as its survey says."""


class AskedForPerson(msgspec.Struct, frozen=True):
    """The customer asked for a person, or wants to complain, by a command and not in the words of an answer."""

    cause: Literal["complaint", "asked_for_person"] = "complaint"


Event = (
    Replied
    | Tapped
    | Amended
    | Showed
    | Shared
    | WentBack
    | Stopped
    | LanguageChosen
    | Resumed
    | Silent
    | PatienceEnded
    | AskedForPerson
)

Cause = Literal["unhappy", "complaint", "urgent", "asked_for_person", "told_staff"]
Outcome = Literal["complete", "partial", "break_off", "none", "stopped", "mistaken", "apart"]
Saying = Phrase | Texts
"""A sentence of our own, or one that the survey's author wrote."""


class Choice(msgspec.Struct, frozen=True):
    """A button of ours: skip, talk to a person, change it, a day to choose."""

    key: str
    label: Phrase


class Label(msgspec.Struct, frozen=True):
    """How an answer reads: a figure, the survey's label of an option, or a phrase."""

    sayings: tuple[Saying | str, ...]


class Ask(msgspec.Struct, frozen=True):
    """Show a question with its buttons: `lead` before it, `tail` after it.

    `brief` leaves the question's own words out, since they were just read: the lead says what to do.
    `introduces` says the words before the first row of a matrix, too; `days` are the buttons of a date.
    """

    prompt: str
    question: Question
    lead: tuple[Saying, ...] = ()
    tail: tuple[Saying, ...] = ()
    brief: bool = False
    introduces: bool = False
    chosen: tuple[str, ...] = ()
    days: tuple[Choice, ...] = ()
    more: tuple[Choice, ...] = ()
    asks_consent: bool = False
    proactive: bool = False


class Say(msgspec.Struct, frozen=True):
    """Say this, in one message; with choices it is a prompt too."""

    sayings: tuple[Saying, ...]
    prompt: str | None = None
    choices: tuple[Choice, ...] = ()
    apology: bool = False


class ShowChoice(msgspec.Struct, frozen=True):
    """Let the message of that prompt show what was chosen, and lose its buttons."""

    prompt: str
    label: Label


class ShowChosen(msgspec.Struct, frozen=True):
    """Let the message of that prompt mark what is chosen so far, and keep its buttons."""

    prompt: str
    question: Question
    chosen: tuple[str, ...]
    more: tuple[Choice, ...] = ()


class Note(msgspec.Struct, frozen=True):
    """Show this in passing to who tapped."""

    phrase: Phrase
    label: Label | None = None


class Keep(msgspec.Struct, frozen=True):
    """Store an answer, or a comment beside one. `replaces` when there was an earlier one."""

    question: str
    kind: str
    given: Given
    role: Literal["answer", "comment"] = "answer"
    replaces: bool = False


class OpenCase(msgspec.Struct, frozen=True):
    """Open a case for this customer, or deepen the one that is open.

    `words` is what they said of it, where that is known already; it reaches staff by an effect of its own.
    """

    cause: Cause
    question: str | None = None
    rating: int | None = None
    words: str = ""


class TellCase(msgspec.Struct, frozen=True):
    """Pass the customer's words to whoever works the case; `edited` when they replace earlier ones.

    With `media` the words may be none at all.
    """

    text: str
    edited: bool = False
    media: tuple[int, ...] = ()


class SayStanding(msgspec.Struct, frozen=True):
    """Tell the customer plainly how their case stands: they asked."""


class CorrectCase(msgspec.Struct, frozen=True):
    """The unhappy answer was a slip: it is happy now."""

    rating: int | None


class PassOnPraise(msgspec.Struct, frozen=True):
    """Let staff hear a kind word, and see what came with it; `rated` when it was said beside the best rating."""

    text: str
    media: tuple[int, ...] = ()
    rated: bool = False


class PassOnUnsorted(msgspec.Struct, frozen=True):
    """Let staff read what a customer wrote or showed and never said what it is about."""

    text: str
    media: tuple[int, ...] = ()


class OptOut(msgspec.Struct, frozen=True):
    """Never ask this customer again."""


class Consent(msgspec.Struct, frozen=True):
    """The customer agreed to their answers being stored."""


class KeepApart(msgspec.Struct, frozen=True):
    """Keep a response without its customer, and remove all that leads from one to the other. Nothing was said: none."""

    outcome: Outcome
    said: tuple[Said, ...] = ()


class GiveName(msgspec.Struct, frozen=True):
    """The customer wants a person to write to them: from here on this conversation is one like any other."""


class Discard(msgspec.Struct, frozen=True):
    """Keep nothing of these files."""

    media: tuple[int, ...]


Effect = (
    Ask
    | Say
    | ShowChoice
    | ShowChosen
    | Note
    | Keep
    | OpenCase
    | TellCase
    | SayStanding
    | CorrectCase
    | PassOnPraise
    | PassOnUnsorted
    | OptOut
    | Consent
    | KeepApart
    | GiveName
    | Discard
)


class Decision(msgspec.Struct, frozen=True):
    """The state that follows, and what is to be done, in order."""

    state: State
    effects: tuple[Effect, ...] = ()
