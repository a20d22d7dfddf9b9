"""One thing that was looked at: what is so, and where something is wrong, how to mend it."""

from typing import Literal

import msgspec

from bot.phrases import say
from conversations.phrases import Phrase, phrase

State = Literal["ok", "note", "fault"]
"""`note`: it works, and somebody should know. `fault`: something does not work, or is not safe."""

SIGNS = {"ok": "ok   ", "note": "note ", "fault": "FAULT"}


class Finding(msgspec.Struct, frozen=True):
    """What is so, under a short name for scripts that stays the same. `mend` is None where nothing is to be done."""

    name: str
    state: State
    what: Phrase
    mend: Phrase | None = None

    def told(self, language: str) -> str:
        """Return it as a line for people."""
        mend = "" if self.mend is None else f" {say(self.mend, language)}"
        return f"{SIGNS[self.state]}  {say(self.what, language)}{mend}"

    def plain(self, language: str) -> dict[str, str]:
        """Return it as a value for scripts."""
        return {
            "name": self.name,
            "state": self.state,
            "what": say(self.what, language),
            "mend": "" if self.mend is None else say(self.mend, language),
        }


def run(command: str) -> Phrase:
    """Return the mend that is one command."""
    return phrase("Run: {command}", command=command)


def ok(name: str, what: Phrase) -> Finding:
    """Return that something is well."""
    return Finding(name, "ok", what)


def note(name: str, what: Phrase, mend: Phrase | None = None) -> Finding:
    """Return what somebody should know."""
    return Finding(name, "note", what, mend)


def fault(name: str, what: Phrase, mend: Phrase) -> Finding:
    """Return what is wrong, and how to mend it."""
    return Finding(name, "fault", what, mend)
