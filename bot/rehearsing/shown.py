"""What is seen in a rehearsal: messages with their buttons, what changes on them, and words of ours beside them."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from bot.channels.messages import Button, Link, Message
from bot.rehearsing.asides import About, Unseen
from conversations.state import State

ShownKind = Literal["message", "edit", "passing", "reply", "aside"]
"""`message` from us, `edit` of an earlier one, `passing` words to a tap, `reply` of the customer, `aside` for the
author: what the product would do."""


class Shown(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing seen, at a moment in ms, caused by the step of that place (-1: by the beginning).

    `edits` is the place, among all that is shown, of the message that looks like this now, and `mark` only what is
    new of it. `prompt` and `question` name what was asked. An aside about an effect of the engine carries it.
    """

    kind: ShownKind
    text: str
    at: int
    step: int = -1
    rows: tuple[tuple[Button, ...], ...] = ()
    links: tuple[Link, ...] = ()
    edits: int | None = None
    mark: str = ""
    prompt: str = ""
    question: str = ""
    about: About = ""
    effect: Unseen | None = None

    @property
    def who(self) -> Literal["bot", "customer", "author"]:
        """Return who says it, or, for an aside, who is told."""
        if self.kind == "reply":
            return "customer"
        return "author" if self.kind == "aside" else "bot"

    @property
    def message(self) -> Message:
        """Return it as a message that any channel can send."""
        return Message(self.text, self.rows, self.links)


class Played(msgspec.Struct, frozen=True):
    """A rehearsal up to its last step, in order, with the moment it has come to in ms.

    `over` says that nothing more would come of itself, `outcome` how the response ended, None while it goes on.
    `state` is where the newest survey stands, which is the follow-up once that is asked; None when the draft cannot
    be begun. `trouble` says, in the reader's language, what of the draft was left out, or why it cannot be begun.
    """

    shown: tuple[Shown, ...]
    over: bool
    outcome: str | None
    now: int
    state: State | None = None
    trouble: tuple[str, ...] = ()


def as_now(shown: Sequence[Shown]) -> list[Shown]:
    """Return what is seen with each message as it looks now; edits stand in their message, not beside it."""
    looks: dict[int, Shown] = {}
    for place, each in enumerate(shown):
        if each.kind == "edit" and each.edits is not None:
            before = looks[each.edits]
            looks[each.edits] = msgspec.structs.replace(before, text=each.text, rows=each.rows, mark=each.mark)
        else:
            looks[place] = each
    return list(looks.values())
