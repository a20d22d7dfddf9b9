"""Where a conversation stands: all that is kept between two turns.

Saved as tagged JSON with its format's version; `load` reads every earlier one. A field with a default is added
without a new version: stored before, it means the default, and an older makegood passes over it. A prompt is one
showing of a question, named by the conversation's random seed and a count, so that a tap says which it answers.
"""

from typing import Literal

import msgspec

from conversations.facts import Facts

VERSION = 1


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a customer answered to one question. `ref` is the channel's id of the reply, for later edits.

    `media` are our ids of the photos, voice messages and documents that are the answer, or came with it.
    """

    raw: str
    at: int
    number: int | None = None
    text: str | None = None
    skipped: bool = False
    ref: str = ""
    media: tuple[int, ...] = ()


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was said to a question of an anonymous survey: it waits here, and nowhere else, for the end."""

    question: str
    kind: str
    given: Given
    role: Literal["answer", "comment"] = "answer"
    replaces: bool = False


class Wish(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why an anonymous conversation asks whether a person may write, and where it goes on after the answer.

    `goes_on` is the key of a question, empty when the survey is over then.
    """

    cause: str
    goes_on: str
    question: str | None = None
    rating: int | None = None
    words: str = ""


class Change(msgspec.Struct, frozen=True):
    """A change of an earlier answer that was offered and awaits one tap, until that moment."""

    prompt: int
    question: str
    to: Given
    until: int


class Talk(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What every conversation has: its seed, language, facts, the questions shown, and the answers so far.

    While it is `anonymous`, what is `said_apart` is kept in the state alone; `wish` waits for leave to ask for a
    person, and `refused` are the causes for which none was given.
    """

    seed: str
    language: str
    facts: Facts
    shown: tuple[str, ...] = ()
    answers: dict[str, Given] = {}
    case_opened: bool = False
    person_asked: bool = False
    unhappy: bool = False
    change: Change | None = None
    anonymous: bool = False
    said_apart: tuple[Said, ...] = ()
    wish: Wish | None = None
    refused: tuple[str, ...] = ()
    version: int = VERSION

    def prompt(self, count: int | None = None) -> str:
        """Return the id of a showing; of the newest when no count is given."""
        return f"{self.seed}.{len(self.shown) - 1 if count is None else count}"

    def count_of(self, prompt: str) -> int | None:
        """Return which showing a prompt id names, None when it is not one of ours."""
        seed, dot, count = prompt.rpartition(".")
        if not dot or seed != self.seed or not (count.isascii() and count.isdecimal() and len(count) < 5):
            return None
        number = int(count)
        return number if number < len(self.shown) else None


class Asking(Talk, frozen=True, tag="asking", kw_only=True):
    """A question of the survey is open; `explaining` when only *What happened?* is left of it.

    `remark` is what was typed beside the open rating and was no rating: a kind word, perhaps, once it is given.
    """

    question: str
    chosen: tuple[str, ...] = ()
    misses: int = 0
    explaining: bool = False
    remark: str = ""
    expires_at: int


class Sorting(Talk, frozen=True, tag="sorting", kw_only=True):
    """The customer wrote outside any conversation; what it is, is being asked. `said` is what they wrote.

    `media` are our ids of what they showed with it.
    """

    said: tuple[str, ...] = ()
    media: tuple[int, ...] = ()
    complaining: bool = False
    expires_at: int


class Closed(Talk, frozen=True, tag="closed", kw_only=True):
    """Over. It still knows its answers, so that a late tap is told so and a slip can be mended."""

    outcome: str
    closed_at: int


State = Asking | Sorting | Closed

_decoder: msgspec.json.Decoder[State] = msgspec.json.Decoder(State)
_encoder = msgspec.json.Encoder()


def save(state: State) -> str:
    """Return the state as it is stored."""
    return _encoder.encode(state).decode()


def load(stored: str) -> State:
    """Return the state from what `save` made, of this or an earlier format."""
    return _decoder.decode(stored)
