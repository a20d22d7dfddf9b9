"""What is kept of an e-mail until it is sent: to whom it speaks, in which language, and the link.

Apart from `bot.notifying.emails`, which makes the e-mail of it: a turn writes this down, and loads nothing for it.
"""

from typing import Final

import msgspec

FORMAT: Final = 1


class Letter(msgspec.Struct, frozen=True):
    """What is kept of an e-mail until it is sent."""

    language: str
    business: str
    name: str
    link: str
    format: int = FORMAT


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Letter).decode


def kept(letter: Letter) -> str:
    """Return a letter as its notification keeps it."""
    return _encode(letter).decode()


def read(payload: str) -> Letter:
    """Return the letter of a notification."""
    return _decode(payload)
