"""What somebody does in a rehearsal, one step after the other."""

from datetime import timedelta

import msgspec


class Tap(msgspec.Struct, frozen=True):
    """A button: by what it sends back, or by what it reads.

    With the `question` that it stood below, it is found again after questions were added or moved in the draft.
    """

    press: str = ""
    label: str = ""
    question: str = ""


class Say(msgspec.Struct, frozen=True):
    """Something typed. `/back`, `/stop` and `/language TAG` do what they do for customers."""

    text: str


class Photo(msgspec.Struct, frozen=True):
    """A picture, with what is written below it."""

    caption: str = ""


class Contact(msgspec.Struct, frozen=True):
    """A telephone number, shared out of the telephone's own book."""

    phone: str


class Back(msgspec.Struct, frozen=True):
    """The question before is wanted."""


class Stop(msgspec.Struct, frozen=True):
    """No more of this, ever."""


class Language(msgspec.Struct, frozen=True):
    """Another language is wanted from here on."""

    tag: str


class Wait(msgspec.Struct, frozen=True):
    """Time goes by: what falls due within it happens, each at its own moment."""

    span: timedelta


Step = Tap | Say | Photo | Contact | Back | Stop | Language | Wait
